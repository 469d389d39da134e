//! Which features are nearest, through the service's route, on a small county.

mod filter;
mod reach;
mod truth;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use tower::ServiceExt;
use wangge::app::App;
use wangge::http::{Service, router};

use crate::support::{at, county_store};

struct County {
    _folder: tempfile::TempDir,
    routes: Router,
}

impl County {
    fn open() -> Self {
        let (folder, path) = county_store();
        let service = Arc::new(Service::new(App::open(&path).unwrap(), false));
        Self {
            _folder: folder,
            routes: router(service),
        }
    }

    async fn get(&self, query: &str) -> (StatusCode, Value) {
        let address = format!("/api/nearby?{query}");
        let request = Request::get(address).body(Body::empty()).unwrap();
        let response = self.routes.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await;
        (status, serde_json::from_slice(&body.unwrap()).unwrap())
    }

    /// Asks from a place in sides from the county's corner.
    async fn ask(&self, east: f64, north: f64, rest: &str) -> Value {
        let at = at(east, north).degrees();
        let query = format!("lon={}&lat={}&{rest}", at.lon, at.lat);
        let (status, answer) = self.get(&query).await;
        assert_eq!(status, StatusCode::OK, "{answer}");
        answer
    }
}

fn codes(answer: &Value) -> Vec<&str> {
    let features = answer["features"].as_array().unwrap();
    features
        .iter()
        .map(|feature| feature["properties"]["code"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn the_nearest_come_first_with_distance_and_bearing() {
    let answer = County::open().ask(0.2, 0.5, "layer=camera&k=3").await;
    assert_eq!(codes(&answer), ["C0", "C1", "C2"]);
    let [west, east] = [0, 1].map(|n| answer["features"][n].clone());
    // 0.001 degree on the parallel of 28.405° N: its radius on the ellipsoid times the angle.
    assert_eq!(west["distance_m"], 97.992);
    for (way, bearing) in [(&west, 270.0), (&east, 90.0)] {
        assert!((way["bearing"].as_f64().unwrap() - bearing).abs() < 0.01);
    }
    assert_eq!(west.get("own"), None);
}

#[tokio::test]
async fn the_answer_is_geojson_with_the_question_beside_it() {
    let answer = County::open()
        .ask(0.1, 0.5, "layer=camera&k=1&at=2026-05-01T00:00:00Z")
        .await;
    let camera = at(0.1, 0.5).degrees();
    let feature = json!({
        "type": "Feature",
        "id": 1,
        "geometry": {"type": "Point", "coordinates": [camera.lon, camera.lat]},
        "properties": {"code": "C0", "name": "网格C0", "network": "公安", "stream": "rtsp://0"},
        "distance_m": 0.0,
        "bearing": null,
    });
    assert!(answer["version"].as_u64().unwrap() > 0);
    let expected = json!({
        "type": "FeatureCollection",
        "lon": camera.lon,
        "lat": camera.lat,
        "crs": "wgs84",
        "approximate": false,
        "at": "2026-05-01T00:00:00Z",
        "version": answer["version"],
        "layer": "camera",
        "features": [feature],
        "warnings": [],
    });
    assert_eq!(answer, expected);
}

#[tokio::test]
async fn a_point_inside_a_grid_is_no_way_from_it_and_the_border_is_as_far_as_its_nearest_place() {
    let answer = County::open().ask(0.5, 0.2, "layer=base.grid").await;
    assert_eq!(
        codes(&answer),
        ["5115260101", "5115260201", "5115260102"],
        "{answer}"
    );
    assert_eq!(answer["features"][0]["distance_m"], 0.0);
    // Due east, half a side; no vertex is so near.
    let east = answer["features"][1]["distance_m"].as_f64().unwrap();
    assert!((489.9..490.1).contains(&east), "{east}");
}

#[tokio::test]
async fn a_filter_a_distance_and_a_count_leave_out_what_they_say() {
    let county = County::open();
    let named = county
        .ask(0.1, 0.5, "layer=camera&filter=code%20IN%20('C3','C1')")
        .await;
    assert_eq!(codes(&named), ["C1", "C3"]);
    let near = county.ask(0.1, 0.5, "layer=camera&max_m=300").await;
    assert_eq!(codes(&near), ["C0", "C1"]);
    let distance = near["features"][1]["distance_m"].as_f64().unwrap();
    for (limit, count) in [(distance, 2), (distance - 0.001, 1), (0.0, 1)] {
        let rest = format!("layer=camera&max_m={limit}");
        assert_eq!(codes(&county.ask(0.1, 0.5, &rest).await).len(), count);
    }
    let all = county.ask(0.1, 0.5, "layer=camera").await;
    assert_eq!(codes(&all), ["C0", "C1", "C2", "C3", "C4"]);
}

#[tokio::test]
async fn within_keeps_to_the_own_grid_and_prefer_only_begins_with_it() {
    let county = County::open();
    // C3 lies on the border of both communities, which belongs to the western one.
    for level in ["community", "base.community"] {
        let rest = format!("layer=camera&within={level}");
        assert_eq!(codes(&county.ask(1.1, 0.5, &rest).await), ["C4"]);
    }
    let answer = county
        .ask(1.1, 0.5, "layer=camera&prefer=community&k=3")
        .await;
    assert_eq!(codes(&answer), ["C4", "C3", "C2"]);
    let own: Vec<&Value> = (0..3).map(|n| &answer["features"][n]["own"]).collect();
    assert_eq!(own, [true, false, false]);
    let answer = county
        .ask(0.9, 0.5, "layer=camera&prefer=community&k=5")
        .await;
    assert_eq!(codes(&answer), ["C3", "C2", "C1", "C0", "C4"]);
    let one = county
        .ask(1.1, 0.5, "layer=camera&prefer=community&k=1")
        .await;
    assert_eq!(codes(&one), ["C4"]);
    let both = "layer=camera&within=county&prefer=grid&k=2";
    assert_eq!(codes(&county.ask(1.1, 0.5, both).await), ["C4", "C3"]);
}

#[tokio::test]
async fn a_polygon_lies_where_a_place_inside_it_does() {
    let answer = County::open()
        .ask(0.2, 1.5, "layer=base.grid&within=community")
        .await;
    assert_eq!(codes(&answer), ["5115260102", "5115260101"]);
}

#[tokio::test]
async fn where_no_grid_of_the_level_is_the_answer_says_so() {
    let county = County::open();
    let within = county.ask(1.5, 1.5, "layer=camera&within=grid").await;
    assert_eq!(codes(&within), Vec::<&str>::new());
    let warning = within["warnings"][0].as_str().unwrap();
    assert!(
        warning.starts_with("no_own_grid: the point lies in no grid of level grid"),
        "{warning}"
    );
    let prefer = county.ask(1.5, 1.5, "layer=camera&prefer=grid&k=2").await;
    assert_eq!(codes(&prefer), ["C4", "C3"]);
    assert_eq!(prefer["warnings"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_point_in_another_datum_is_brought_over_and_the_answer_called_approximate() {
    let county = County::open();
    let query = "lon=104.711765024&lat=28.435140745&crs=gcj02&layer=base.county";
    let (status, answer) = county.get(query).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(answer["approximate"], true);
    assert_eq!(answer["crs"], "gcj02");
    let (_, plain) = county
        .get("lon=104.7092&lat=28.4386&layer=base.county")
        .await;
    let [shifted, plain] =
        [answer, plain].map(|answer| answer["features"][0]["distance_m"].as_f64().unwrap());
    assert!((shifted - plain).abs() < 0.02, "{shifted} {plain}");
    assert!(plain > 1_000.0);
}

#[tokio::test]
async fn what_cannot_be_is_refused_with_its_field_and_what_to_do() {
    let county = County::open();
    let point = "lon=104.705&lat=28.405";
    for (rest, status, field, words) in [
        ("layer=tree", 404, "layer", "base.grid, camera"),
        ("k=1", 400, "layer", "base.grid, camera"),
        ("layer=camera&k=0", 400, "k", "1 to 1000"),
        ("layer=camera&k=1001", 400, "k", "1 to 1000"),
        ("layer=camera&k=-1", 400, "k", "whole number"),
        ("layer=camera&max_m=-1", 400, "max_m", "0 or more"),
        ("layer=camera&max_m=NaN", 400, "max_m", "0 or more"),
        ("layer=camera&max_m=inf", 400, "max_m", "\"inf\""),
        ("layer=camera&max_m=1e400", 400, "max_m", "\"1e400\""),
        ("layer=camera&k=1&k=2", 400, "k", "twice"),
        ("layer=camera&max_m=far", 400, "max_m", "not a number"),
        ("layer=camera&within=ward", 400, "within", "base.community"),
        ("layer=camera&prefer=ward", 400, "prefer", "base.community"),
        ("layer=camera&covers=yes", 400, "covers", "true or false"),
        (
            "layer=camera&covers=true",
            400,
            "covers",
            "angle and range_m",
        ),
        (
            "layer=camera&filter=kind='a'",
            400,
            "filter",
            "character 1:",
        ),
        ("layer=camera&crs=nad27", 400, "crs", "nad27"),
        ("layer=camera&at=now", 400, "at", "RFC 3339"),
        ("layer=camera&radius=5", 400, "radius", "max_m"),
    ] {
        let (given, problem) = county.get(&format!("{point}&{rest}")).await;
        assert_eq!(given, status, "{rest}: {problem}");
        assert_eq!(problem["field"], field, "{rest}: {problem}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(words), "{rest}: {detail}");
    }
    for (query, field, words) in [
        ("lat=28.405&layer=camera", "lon", "missing"),
        ("lon=28&lat=104&layer=camera", "lat", "swapped"),
    ] {
        let (given, problem) = county.get(query).await;
        assert_eq!(
            (given.as_u16(), problem["field"].as_str()),
            (400, Some(field))
        );
        assert!(problem["detail"].as_str().unwrap().contains(words));
    }
}
