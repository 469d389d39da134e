//! Tiles under a filter, and tiles that would be too large.

use axum::http::StatusCode;
use form_urlencoded::byte_serialize;
use wangge::app::App;
use wangge::http::{Service, router};
use wangge::model::{Clustering, Feature, FieldKind, Geometry, GeometryKind, Layer, Value};
use wangge::store::{Mode, Store};

use super::County;
use crate::support::{at, county_store, field, grid, layer, put};

const HERE: &str = "10/809/427";

fn filter(text: &str) -> String {
    let text: String = byte_serialize(text.as_bytes()).collect();
    format!("filter={text}")
}

fn codes(tile: &[u8], layer: &str) -> Vec<String> {
    let tile = fast_mvt::MvtReaderRef::new(tile)
        .unwrap()
        .to_tile()
        .unwrap();
    let found = tile.layers.into_iter().find(|found| found.name == layer);
    let features = found.map_or_else(Vec::new, |found| found.features);
    let code = |feature: fast_mvt::MvtFeature| {
        let mut properties = feature.properties.into_iter();
        let (_, value) = properties.find(|(key, _)| key == "code")?;
        match value {
            fast_mvt::MvtValue::String(text) => Some(text),
            _ => None,
        }
    };
    features.into_iter().filter_map(code).collect()
}

#[tokio::test]
async fn a_filter_holds_for_all_layers_of_a_tile_and_for_the_tiles_that_tilejson_names() {
    let county = County::open();
    let asked = filter("code LIKE '%1' OR code = 'C3'");
    let tile = county
        .get(&format!("/api/tiles/base.grid,camera/{HERE}?{asked}"))
        .await;
    assert_eq!(tile.status, StatusCode::OK);
    assert_eq!(codes(&tile.body, "base.grid"), ["5115260101", "5115260201"]);
    assert_eq!(codes(&tile.body, "camera"), ["C1", "C3"]);
    assert_eq!(tile.header("wangge-dropped"), "");
    let of_one = county
        .get(&format!(
            "/api/collections/camera/tiles/WebMercatorQuad/10/427/809?{asked}"
        ))
        .await;
    assert_eq!(codes(&of_one.body, "camera"), ["C1", "C3"]);

    let described = county
        .get(&format!(
            "/api/tiles/base.grid,camera.json?at=2026-01-31&{asked}"
        ))
        .await
        .json();
    let template = described["tiles"][0].as_str().unwrap();
    let query = template.split_once("{y}?").unwrap().1;
    let again = county
        .get(&format!("/api/tiles/base.grid,camera/{HERE}?{query}"))
        .await;
    assert_eq!(again.body, tile.body);
    assert_eq!(described["wangge:most_bytes"], 500_000);
    let nothing = filter("code = 'none'");
    let empty = county
        .get(&format!("/api/tiles/base.grid,camera/{HERE}?{nothing}"))
        .await;
    assert_eq!(empty.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_filter_that_is_none_is_refused_with_the_layer_the_place_and_the_field() {
    let county = County::open();
    let long = format!("name = '{}'", "x".repeat(4096));
    for (text, words) in [
        ("network = '公安'", "layer base.grid"),
        (
            "network = '公安'",
            "character 1: there is no field \"network\"",
        ),
        ("code = ", "character 7"),
        (&*long, "4096"),
    ] {
        for address in [
            format!("/api/tiles/camera,base.grid/{HERE}?{}", filter(text)),
            format!("/api/tiles/camera,base.grid.json?{}", filter(text)),
        ] {
            let refused = county.get(&address).await;
            assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{text}");
            let problem = refused.json();
            assert_eq!(
                (&problem["field"], &problem["value"]),
                (&"filter".into(), &text.into())
            );
            let detail = problem["detail"].as_str().unwrap();
            assert!(detail.contains(words), "{detail}");
        }
    }
}

#[tokio::test]
async fn a_layer_that_is_named_twice_is_drawn_once_where_it_came_first() {
    let county = County::open();
    let once = county
        .get(&format!("/api/tiles/camera,base.grid,camera.label/{HERE}"))
        .await;
    let names = "camera,base.grid,camera,camera.label,base.grid,camera.label";
    let twice = county.get(&format!("/api/tiles/{names}/{HERE}")).await;
    assert_eq!(twice.status, StatusCode::OK);
    assert_eq!(twice.body, once.body);
    let described = county.get(&format!("/api/tiles/{names}.json")).await.json();
    let template = described["tiles"][0].as_str().unwrap();
    assert!(
        template.ends_with("/api/tiles/camera,base.grid,camera.label/{z}/{x}/{y}"),
        "{template}"
    );
}

/// Text that gzip makes hardly shorter.
fn noise(seed: u64) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let letter = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(b' ' + u8::try_from((state >> 32) % 95).unwrap())
    };
    (0..400).map(letter).collect()
}

#[tokio::test]
async fn what_a_tile_draws_in_the_place_of_others_is_said_in_a_header_and_counted() {
    let (folder, path) = county_store();
    let definition = Layer {
        clustering: Clustering::Never,
        is_configured: true,
        ..layer(
            "视频",
            GeometryKind::Point,
            vec![field("note", FieldKind::Text)],
        )
    };
    let camera = |n: u32| Feature {
        geometry: Geometry::points([at(f64::from(n % 40) / 20.0, f64::from(n / 40) / 20.0)])
            .unwrap(),
        values: [Value::Text(noise(n.into()).into())].into(),
        ..grid(
            &format!("V{n}"),
            None,
            Geometry::points([at(0.0, 0.0)]).unwrap(),
        )
    };
    let features: Vec<Feature> = (0..1600).map(camera).collect();
    let mut store = Store::open_or_create(&path).unwrap();
    let change = store.change().unwrap();
    change.define_layer(&definition).unwrap();
    change
        .put_features(&definition, &put(Mode::Append), &features)
        .unwrap();
    change.commit().unwrap();
    drop(store);
    let service = std::sync::Arc::new(Service::new(App::open(&path).unwrap(), false));
    let county = County {
        _folder: folder,
        path,
        routes: router(std::sync::Arc::clone(&service)),
        service,
    };
    let name: String = byte_serialize("视频".as_bytes()).collect();
    let address = format!("/api/tiles/{name},base.grid/{HERE}");
    let first = county.get(&address).await;
    let said = first.header("wangge-dropped").to_owned();
    let count: u64 = said
        .strip_prefix(&format!("{name}="))
        .unwrap()
        .parse()
        .unwrap();
    assert!((100..1600).contains(&count), "{said}");
    assert_eq!(county.get(&address).await.header("wangge-dropped"), said);
    let metrics = county.get("/metrics").await;
    let metrics = String::from_utf8(metrics.body).unwrap();
    assert!(
        metrics.contains("wangge_tiles_bounded_total 1\n"),
        "{metrics}"
    );
    let line = format!("wangge_tile_features_dropped_total{{layer=\"视频\"}} {count}\n");
    assert!(metrics.contains(&line), "{metrics}");
}
