//! The service through its routes, on a small county.

mod base_map;
mod filtered;
mod live;
mod ogc;
mod rules;
mod stats;
mod styles;
mod tiles;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use axum::response::IntoResponse;
use serde_json::{Value, json};
use tower::ServiceExt;
use wangge::app::App;
use wangge::http::{Service, router};
use wangge::store::{Mode, Store};

use crate::support::{at, county_store, grid, layer, put, rectangle};

struct County {
    _folder: tempfile::TempDir,
    path: std::path::PathBuf,
    service: Arc<Service>,
    routes: Router,
}

struct Answer {
    status: StatusCode,
    head: Response<()>,
    body: Vec<u8>,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    fn header(&self, name: &str) -> &str {
        self.head
            .headers()
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

impl County {
    fn open() -> Self {
        let (folder, path) = county_store();
        let app = App::open(&path).unwrap();
        let service = Arc::new(Service::new(app, false));
        Self {
            _folder: folder,
            path,
            routes: router(Arc::clone(&service)),
            service,
        }
    }

    async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.routes.clone().oneshot(request).await.into_response();
        let (head, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX)
            .await
            .unwrap()
            .to_vec();
        Answer {
            status: head.status,
            head: Response::from_parts(head, ()),
            body,
        }
    }

    async fn get(&self, address: &str) -> Answer {
        self.ask(Request::get(address).body(Body::empty()).unwrap())
            .await
    }

    async fn post(&self, address: &str, kind: &str, body: impl Into<Body>) -> Answer {
        let request = Request::post(address).header("Content-Type", kind);
        self.ask(request.body(body.into()).unwrap()).await
    }

    async fn locate(&self, east: f64, north: f64) -> Value {
        let at = at(east, north).degrees();
        let answer = self
            .get(&format!("/api/locate?lon={}&lat={}", at.lon, at.lat))
            .await;
        assert_eq!(answer.status, StatusCode::OK);
        answer.json()
    }
}

#[tokio::test]
async fn a_point_in_a_grid_answers_with_the_chain_the_community_and_the_staff_of_now() {
    let answer = County::open().locate(0.5, 0.5).await;
    assert_eq!(answer["outcome"], "inside");
    assert_eq!(answer["certain"], true);
    assert_eq!(answer["scheme"], "base");
    let grid = json!({"code": "5115260101", "name": "网格5115260101", "level": "grid"});
    assert_eq!(answer["grid"], grid);
    assert_eq!(answer["community"]["code"], "51152601");
    let chain: Vec<&str> = answer["chain"]
        .as_array()
        .unwrap()
        .iter()
        .map(|g| g["code"].as_str().unwrap())
        .collect();
    assert_eq!(chain, ["511526", "51152601", "5115260101"]);
    assert_eq!(
        answer["staff"],
        json!([{"role": "grid_member", "name": "李娜", "level": "grid", "code": "5115260101"}])
    );
    assert_eq!(
        (&answer["crs"], &answer["approximate"]),
        (&json!("wgs84"), &json!(false))
    );
    assert!(answer["version"].as_u64().unwrap() > 0);
    assert_eq!(answer["candidates"], json!([]));
}

#[tokio::test]
async fn a_question_about_the_past_answers_with_the_staff_of_then() {
    let county = County::open();
    let at = at(0.5, 0.5).degrees();
    let address = format!(
        "/api/locate?lon={}&lat={}&at=2025-12-31T23:00:00%2B08:00",
        at.lon, at.lat
    );
    let answer = county.get(&address).await.json();
    assert_eq!(answer["staff"][0]["name"], "张伟");
    assert_eq!(answer["at"], "2025-12-31T15:00:00Z");
}

#[tokio::test]
async fn a_point_on_a_border_has_one_owner_by_the_lowest_code_and_names_all() {
    let county = County::open();
    let between = county.locate(0.5, 1.0).await;
    assert_eq!(between["outcome"], "boundary");
    assert_eq!(between["certain"], false);
    assert_eq!(between["grid"]["code"], "5115260101");
    let codes = |answer: &Value| -> Vec<String> {
        let all = answer["candidates"].as_array().unwrap();
        all.iter()
            .map(|grid| grid["code"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(codes(&between), ["5115260101", "5115260102"]);
    let corner = county.locate(1.0, 1.0).await;
    assert_eq!(codes(&corner), ["5115260101", "5115260102", "5115260201"]);
}

#[tokio::test]
async fn a_point_in_a_community_without_grid_falls_back_to_the_community_and_one_in_nothing_is_outside()
 {
    let county = County::open();
    let fallback = county.locate(1.5, 1.5).await;
    assert_eq!(fallback["outcome"], "fallback");
    assert_eq!(fallback["grid"], Value::Null);
    assert_eq!(fallback["community"]["code"], "51152602");
    let outside = county.locate(5.0, 5.0).await;
    assert_eq!(outside["outcome"], "outside");
    assert_eq!(outside["chain"], json!([]));
    assert_eq!(outside["community"], Value::Null);
}

#[tokio::test]
async fn a_point_in_another_datum_is_brought_home_and_called_approximate_where_it_is() {
    let county = County::open();
    let home = at(0.5, 0.5).degrees();
    for (crs, approximate) in [
        ("gcj02", true),
        ("bd09", true),
        ("cgcs2000", false),
        ("EPSG:4544", false),
    ] {
        let there = wangge::exchange::Transform::from_wgs84(crs.parse().unwrap())
            .unwrap()
            .apply(home)
            .unwrap();
        let answer = county
            .get(&format!(
                "/api/locate?lon={}&lat={}&crs={crs}",
                there.lon, there.lat
            ))
            .await
            .json();
        assert_eq!(answer["grid"]["code"], "5115260101", "{crs}");
        assert_eq!(answer["approximate"], approximate, "{crs}");
    }
}

#[tokio::test]
async fn a_bad_question_gets_a_problem_that_names_the_field_and_the_value() {
    let county = County::open();
    for (query, field, value) in [
        ("lat=28", "lon", None),
        ("lon=abc&lat=28", "lon", Some("abc")),
        ("lon=NaN&lat=28", "lon", Some("NaN")),
        ("lon=28.4&lat=104.7", "lat", Some("104.7")),
        ("lon=1e400&lat=28", "lon", Some("1e400")),
        ("lon=1e300&lat=28", "lon", Some("1e300")),
        ("lon=200&lat=28&crs=bd09", "lon", Some("200")),
        ("lon=104.7&lat=090.5&crs=gcj02", "lat", Some("090.5")),
        ("lon=nan&lat=28&crs=EPSG:4544", "lon", Some("nan")),
        ("lon=1e300&lat=1&crs=EPSG:4544", "lon", Some("1e300")),
        ("lon=1&lat=2&lon=0", "lon", Some("0")),
        ("lon=1&lat=2&crs=&crs=gcj02", "crs", Some("gcj02")),
        ("lon=104.7&lat=28.4&crs=gcj", "crs", Some("gcj")),
        ("lon=104.7&lat=28.4&crs=EPSG:1", "crs", Some("EPSG:1")),
        ("lon=104.7&lat=28.4&at=yesterday", "at", Some("yesterday")),
        ("lon=104.7&lat=28.4&scheme=none", "scheme", Some("none")),
        ("lon=104.7&lat=28.4&datum=gcj02", "datum", Some("gcj02")),
    ] {
        let answer = county.get(&format!("/api/locate?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(
            answer.header("content-type"),
            "application/problem+json",
            "{query}"
        );
        let problem = answer.json();
        assert_eq!(problem["field"], field, "{query}: {problem}");
        assert_eq!(problem["value"].as_str(), value, "{query}: {problem}");
        assert_eq!(problem["status"], 400);
        let detail = problem["detail"].as_str().unwrap();
        assert!(!detail.is_empty() && detail.len() < 300, "{detail}");
    }
}

#[tokio::test]
async fn many_points_are_answered_in_the_order_sent_and_a_bad_one_in_its_place() {
    let county = County::open();
    let (inside, outside) = (at(0.5, 0.5).degrees(), at(5.0, 5.0).degrees());
    let points =
        json!({"points": [[inside.lon, inside.lat], [28, 104], "x", [outside.lon, outside.lat]]});
    let answer = county
        .post("/api/locate", "application/json", points.to_string())
        .await
        .json();
    assert_eq!(answer["levels"], json!(["county", "community", "grid"]));
    let results = answer["results"].as_array().unwrap();
    assert_eq!(results.len(), 4);
    assert_eq!(
        results[0],
        json!({"outcome": "inside", "codes": ["511526", "51152601", "5115260101"]})
    );
    assert_eq!(results[1]["outcome"], Value::Null);
    assert_eq!(results[1]["codes"], json!([null, null, null]));
    assert!(results[1]["error"].as_str().unwrap().contains("swapped"));
    assert!(results[2]["error"].as_str().unwrap().contains("[lon,lat]"));
    assert_eq!(
        results[3],
        json!({"outcome": "outside", "codes": [null, null, null]})
    );
}

#[tokio::test]
async fn a_table_of_points_comes_back_with_every_row_and_column() {
    let county = County::open();
    let at = at(0.5, 0.5).degrees();
    let table = format!("id,经度,纬度\n甲,{},{}\n乙,,\n丙,500,1\n", at.lon, at.lat);
    let answer = county
        .post("/api/locate", "text/csv; charset=utf-8", table)
        .await;
    assert_eq!(answer.status, StatusCode::OK);
    let text = String::from_utf8(answer.body).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "id,经度,纬度,outcome,certain,county,community,grid,error"
    );
    assert!(
        lines[1].ends_with(",inside,true,511526,51152601,5115260101,"),
        "{}",
        lines[1]
    );
    assert_eq!(lines[2], "乙,,,,,,,,");
    assert!(
        lines[3].starts_with("丙,500,1,,,,,,") && lines[3].contains("180"),
        "{}",
        lines[3]
    );
}

#[tokio::test]
async fn a_body_of_another_type_or_form_is_refused_with_what_to_send() {
    let county = County::open();
    let answer = county.post("/api/locate", "text/plain", "1,2").await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert!(
        answer.json()["detail"]
            .as_str()
            .unwrap()
            .contains("application/json")
    );
    for (kind, body) in [
        ("application/json", "{\"points\":"),
        ("text/csv", "a,b\n1,2\n"),
        ("text/csv", ""),
    ] {
        let answer = county.post("/api/locate", kind, body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{kind} {body:?}");
    }
}

#[tokio::test]
async fn a_tile_has_a_tag_is_empty_where_nothing_is_and_is_not_sent_twice() {
    let county = County::open();
    let answer = county
        .get("/api/tiles/base.grid,camera/10/809/427.mvt")
        .await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(
        answer.header("content-type"),
        "application/vnd.mapbox-vector-tile"
    );
    let tile = fast_mvt::MvtReaderRef::new(&answer.body).unwrap();
    let layers: Vec<_> = tile.layers().map(|layer| layer.name().to_owned()).collect();
    assert_eq!(layers, ["base.grid", "camera"]);

    let tag = answer.header("etag").to_owned();
    let again =
        Request::get("/api/tiles/base.grid,camera/10/809/427").header("If-None-Match", &tag);
    let again = county.ask(again.body(Body::empty()).unwrap()).await;
    assert_eq!(
        (again.status, again.body.len()),
        (StatusCode::NOT_MODIFIED, 0)
    );

    assert_eq!(
        county.get("/api/tiles/base.grid/10/0/0").await.status,
        StatusCode::NO_CONTENT
    );
}

#[tokio::test]
async fn a_request_that_takes_no_encoding_is_a_problem_that_names_it_and_one_that_takes_any_is_answered()
 {
    let county = County::open();
    let ask = |address: &str, encodings: &[&str]| {
        let mut request = Request::get(address);
        for encoding in encodings {
            request = request.header("Accept-Encoding", *encoding);
        }
        request.body(Body::empty()).unwrap()
    };
    for (encodings, value) in [
        (&["*;q=0, "][..], "*;q=0, "),
        (&["identity;q=0"], "identity;q=0"),
        (&["*;q=0", "deflate"], "*;q=0, deflate"),
    ] {
        for address in [
            "/api/locate?lon=104.705&lat=28.405",
            "/api/locate",
            "/api/collections",
            "/api/tiles/base.grid/10/809/427",
            "/nothing",
        ] {
            let answer = county.ask(ask(address, encodings)).await;
            assert_eq!(answer.status, StatusCode::NOT_ACCEPTABLE, "{address}");
            assert_eq!(answer.header("content-type"), "application/problem+json");
            assert_eq!(answer.header("vary"), "accept-encoding");
            let problem = answer.json();
            assert_eq!(problem["status"], 406);
            assert_eq!(problem["field"], "Accept-Encoding");
            assert_eq!(problem["value"], value);
            assert!(problem["detail"].as_str().unwrap().contains("send gzip"));
        }
    }
    for encodings in [
        &["*;q=0, gzip"][..],
        &["*;q=0", "identity"],
        &["gzip;q=0"],
        &["deflate"],
        &[""],
    ] {
        let address = "/api/locate?lon=104.705&lat=28.405";
        let answer = county.ask(ask(address, encodings)).await;
        assert_eq!(answer.status, StatusCode::OK, "{encodings:?}");
    }
}

#[tokio::test]
async fn a_bad_tile_address_is_a_problem_that_names_it() {
    let county = County::open();
    for (address, status) in [
        ("/api/tiles/none/0/0/0", StatusCode::NOT_FOUND),
        ("/api/tiles/base.grid/1/2/0", StatusCode::BAD_REQUEST),
        ("/api/tiles/base.grid/99/0/0", StatusCode::BAD_REQUEST),
        ("/api/tiles/base.grid/1/-1/0", StatusCode::BAD_REQUEST),
        ("/api/tiles/base.grid", StatusCode::NOT_FOUND),
        ("/api/nothing", StatusCode::NOT_FOUND),
    ] {
        let answer = county.get(address).await;
        assert_eq!(answer.status, status, "{address}");
        assert_eq!(
            answer.header("content-type"),
            "application/problem+json",
            "{address}"
        );
    }
}

#[tokio::test]
async fn tilejson_names_the_layers_their_fields_and_the_address_of_the_tiles() {
    let county = County::open();
    let answer = county.get("/api/tiles/base.grid,camera.json").await.json();
    assert_eq!(answer["tilejson"], "3.0.0");
    let layers: Vec<_> = answer["vector_layers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|layer| &layer["id"])
        .collect();
    assert_eq!(layers, ["base.grid", "camera"]);
    assert!(
        answer["tiles"][0]
            .as_str()
            .unwrap()
            .ends_with("/api/tiles/base.grid,camera/{z}/{x}/{y}")
    );
}

#[tokio::test]
async fn the_labels_of_a_layer_are_a_layer_beside_it_and_one_that_is_called_so_goes_first() {
    let county = County::open();
    let layers = async |names: &str| {
        let address = format!("/api/tiles/{names}/14/12957/6842");
        let answer = county.get(&address).await;
        assert_eq!(answer.status, StatusCode::OK, "{names}");
        let tile = fast_mvt::MvtReaderRef::new(&answer.body).unwrap();
        let layers = tile.layers().map(|layer| layer.name().to_owned());
        layers.collect::<Vec<_>>()
    };
    assert_eq!(
        layers("base.county.label,base.county,base.county.label").await,
        ["base.county", "base.county.label"]
    );
    assert_eq!(layers("base.county.label").await, ["base.county.label"]);
    let described = county.get("/api/tiles/base.county.label.json").await.json();
    assert_eq!(described["vector_layers"][0]["id"], "base.county.label");
    let answer = county.get("/api/tiles/none.label/14/12957/6842").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);

    let mut store = Store::open(&county.path).unwrap();
    let own = layer("camera.label", wangge::model::GeometryKind::Polygon, vec![]);
    let change = store.change().unwrap();
    change.define_layer(&own).unwrap();
    let ground = [grid("L1", None, rectangle(0.0, 0.0, 2.0, 2.0))];
    change
        .put_features(&own, &put(Mode::Upsert), &ground)
        .unwrap();
    change.commit().unwrap();
    county.service.app().follow().unwrap();
    let described = county.get("/api/tiles/camera.label.json").await.json();
    let fields = &described["vector_layers"][0]["fields"];
    assert!(fields.get("parent").is_some() && fields.get("rank").is_none());
}

#[tokio::test]
async fn an_export_is_geojson_of_the_features_in_the_box() {
    let county = County::open();
    let all = county.get("/api/export/base.grid.geojson").await;
    assert_eq!(all.header("content-type"), "application/geo+json");
    let all: geojson::FeatureCollection = String::from_utf8(all.body).unwrap().parse().unwrap();
    assert_eq!(all.features.len(), 3);
    let (min, max) = (at(1.2, 0.2).degrees(), at(1.4, 0.4).degrees());
    let address = format!(
        "/api/export/base.grid.geojson?bbox={},{},{},{}",
        min.lon, min.lat, max.lon, max.lat
    );
    let some = county.get(&address).await.json();
    assert_eq!(some["features"].as_array().unwrap().len(), 1);
    assert_eq!(some["features"][0]["properties"]["code"], "5115260201");
    assert_eq!(
        county
            .get("/api/export/base.grid.geojson?bbox=1,2,3")
            .await
            .status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(
        county.get("/api/export/none.geojson").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn collections_list_grids_from_the_top_down_and_then_the_other_layers() {
    let answer = County::open().get("/api/collections").await.json();
    let ids: Vec<&Value> = answer["collections"]
        .as_array()
        .unwrap()
        .iter()
        .map(|layer| &layer["id"])
        .collect();
    assert_eq!(
        ids,
        ["base.county", "base.community", "base.grid", "camera"]
    );
    assert_eq!(answer["collections"][0]["places"][0]["code"], "511526");
    assert_eq!(answer["collections"][3]["count"], 5);
}

#[tokio::test]
async fn the_service_tells_its_health_and_its_numbers() {
    let county = County::open();
    assert_eq!(county.get("/healthz").await.body, b"ok\n");
    let ready = county.get("/readyz").await.json();
    assert_eq!(
        (&ready["status"], &ready["features"]),
        (&json!("ready"), &json!(11))
    );
    county.locate(0.5, 0.5).await;
    let metrics = String::from_utf8(county.get("/metrics").await.body).unwrap();
    assert!(
        metrics.contains(
            "wangge_http_requests_total{method=\"GET\",route=\"/api/locate\",status=\"200\"} 1"
        ),
        "{metrics}"
    );
    assert!(
        metrics.contains("wangge_layer_features{layer=\"camera\"} 5"),
        "{metrics}"
    );
}

#[tokio::test]
async fn what_another_program_writes_is_served_whole_and_what_did_not_change_is_shared() {
    let county = County::open();
    let before = county.service.app().snapshot();
    assert_eq!(county.service.app().follow().unwrap(), None);

    let mut other = Store::open(&county.path).unwrap();
    let grids = layer("base.grid", wangge::model::GeometryKind::Polygon, vec![]);
    let change = other.change().unwrap();
    change
        .put_features(
            &grids,
            &put(Mode::Upsert),
            &[grid(
                "5115260202",
                Some("51152602"),
                rectangle(1.0, 1.0, 2.0, 2.0),
            )],
        )
        .unwrap();
    let version = change.commit().unwrap();

    assert_eq!(county.locate(1.5, 1.5).await["outcome"], "fallback");
    assert_eq!(county.service.app().follow().unwrap(), Some(version));
    assert_eq!(county.locate(1.5, 1.5).await["grid"]["code"], "5115260202");
    let after = county.service.app().snapshot();
    let shared = |name: &str| {
        let name = crate::support::name(name);
        Arc::ptr_eq(&before.layers[&name], &after.layers[&name])
    };
    assert!(shared("camera") && !shared("base.grid"));
}

#[tokio::test]
async fn what_a_program_writes_that_keeps_no_versions_is_served_too() {
    let county = County::open();
    let outside = county.locate(5.0, 5.0).await;
    let tile = "/api/tiles/base.grid/10/809/427";
    let before = county.get(tile).await.header("etag").to_owned();
    let other = rusqlite::Connection::open(&county.path).unwrap();
    other
        .execute("DELETE FROM \"base.grid\" WHERE code = '5115260101'", [])
        .unwrap();
    assert_eq!(
        county.service.app().follow().unwrap(),
        outside["version"].as_u64()
    );
    assert_eq!(county.locate(0.5, 0.5).await["outcome"], "fallback");
    assert_ne!(county.get(tile).await.header("etag"), before);
}

#[tokio::test]
async fn a_store_that_another_file_took_the_place_of_is_served_anew() {
    let county = County::open();
    let (_other, path) = county_store();
    let mut store = Store::open(&path).unwrap();
    let grids = layer("base.grid", wangge::model::GeometryKind::Polygon, vec![]);
    let change = store.change().unwrap();
    change
        .put_features(&grids, &put(Mode::Replace), &[])
        .unwrap();
    change.commit().unwrap();
    drop(store);
    std::fs::rename(&path, &county.path).unwrap();
    assert!(county.service.app().follow().unwrap().is_some());
    assert_eq!(county.locate(0.5, 0.5).await["outcome"], "fallback");
}

#[tokio::test]
async fn a_page_of_another_site_cannot_read_the_service_through_a_name_of_its_own() {
    let county = County::open();
    for (host, status) in [
        ("evil.example", StatusCode::MISDIRECTED_REQUEST),
        ("localhost:8080", StatusCode::OK),
    ] {
        let request = Request::get("/api/collections").header("Host", host);
        let answer = county.ask(request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, status, "{host}");
    }
}

#[tokio::test]
async fn a_method_that_an_address_does_not_take_is_named() {
    let county = County::open();
    for (method, address) in [
        ("POST", "/"),
        ("DELETE", "/api/locate"),
        ("PUT", "/api/collections"),
    ] {
        let request = Request::builder().method(method).uri(address);
        let answer = county.ask(request.body(Body::empty()).unwrap()).await;
        assert_eq!(
            answer.status,
            StatusCode::METHOD_NOT_ALLOWED,
            "{method} {address}"
        );
        assert!(answer.json()["detail"].as_str().unwrap().contains(method));
    }
}

#[tokio::test]
async fn a_large_tile_goes_gzipped_to_who_takes_it() {
    let county = County::open();
    let mut store = Store::open(&county.path).unwrap();
    let grids = layer("base.grid", wangge::model::GeometryKind::Polygon, vec![]);
    let strip = |n: i32| {
        let west = 0.03 * f64::from(n);
        grid(
            &format!("G{n}"),
            None,
            rectangle(west, 0.0, west + 0.1, 1.0),
        )
    };
    let many: Vec<_> = (0..60).map(strip).collect();
    let change = store.change().unwrap();
    change
        .put_features(&grids, &put(Mode::Replace), &many)
        .unwrap();
    change.commit().unwrap();
    county.service.app().follow().unwrap();
    let request = || Request::get("/api/tiles/base.grid/10/809/427");
    let plain = county.ask(request().body(Body::empty()).unwrap()).await;
    let packed = county
        .ask(
            request()
                .header("Accept-Encoding", "gzip")
                .body(Body::empty())
                .unwrap(),
        )
        .await;
    assert_eq!(
        (
            plain.header("content-encoding"),
            packed.header("content-encoding")
        ),
        ("", "gzip")
    );
    let mut unpacked = Vec::new();
    std::io::Read::read_to_end(
        &mut flate2::read::GzDecoder::new(&*packed.body),
        &mut unpacked,
    )
    .unwrap();
    assert_eq!(unpacked, plain.body);
}

#[tokio::test]
async fn a_file_that_took_the_stores_place_and_cannot_be_read_is_looked_at_until_it_can() {
    let county = County::open();
    let (_other, path) = county_store();
    let broken = county.path.with_extension("broken");
    std::fs::write(
        &broken,
        "no database, only words that are long enough to be one",
    )
    .unwrap();
    std::fs::rename(&broken, &county.path).unwrap();
    for _ in 0..2 {
        assert!(county.service.app().follow().is_err());
        assert_eq!(county.locate(0.5, 0.5).await["outcome"], "inside");
    }
    std::fs::rename(&path, &county.path).unwrap();
    assert!(county.service.app().follow().unwrap().is_some());
    assert_eq!(county.service.app().follow().unwrap(), None);
}
