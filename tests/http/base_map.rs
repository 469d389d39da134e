//! 天地图 behind the service: what is asked of it, what goes on, and what is said when it fails. A server on this machine plays its part.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::http::{StatusCode, Uri, header};
use axum::response::IntoResponse;
use serde_json::json;
use wangge::app::{App, BaseMap};
use wangge::config::Configuration;
use wangge::http::{Service, router};

use super::County;

/// What 天地图 does with a tile, by its column.
async fn tile(uri: Uri) -> axum::response::Response {
    let query = uri.query().unwrap_or_default();
    let column = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("TILECOL="));
    let png = [(header::CONTENT_TYPE, "image/png")];
    match column.unwrap_or_default() {
        "0" => (png, "a picture").into_response(),
        "1" => (StatusCode::FORBIDDEN, "bad key").into_response(),
        "2" => ([(header::CONTENT_TYPE, "text/html")], "<p>sorry").into_response(),
        "3" => (png, vec![0_u8; (2 << 20) + 1]).into_response(),
        "4" => {
            tokio::time::sleep(Duration::from_secs(30)).await;
            (png, "late").into_response()
        }
        "5" => (StatusCode::FOUND, [(header::LOCATION, "/elsewhere")]).into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A county with 天地图 at an address, and the requests that it got.
async fn county() -> (County, Arc<Mutex<Vec<String>>>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&asked);
    let routes = Router::new().fallback(move |uri: Uri| {
        kept.lock().unwrap().push(uri.to_string());
        tile(uri)
    });
    tokio::spawn(async move { axum::serve(listener, routes).await });
    (with(&format!("http://{address}")), asked)
}

pub(super) fn with(address: &str) -> County {
    let county = County::open();
    let text = format!(
        "[map.tianditu]\nkey = \"5ecret\"\nlayers = [\"img\", \"cia\"]\naddress = \"{address}\""
    );
    let choice = Configuration::parse(&text).unwrap().map.tianditu.unwrap();
    let map = BaseMap::new(choice, Duration::from_millis(700));
    let service = Service::new(App::open(&county.path).unwrap(), false).with_base_map(map);
    let service = Arc::new(service);
    County {
        routes: router(Arc::clone(&service)),
        service,
        ..county
    }
}

#[tokio::test]
async fn a_tile_is_asked_with_the_key_and_goes_on_without_it() {
    let (county, asked) = county().await;
    let answer = county.get("/api/base/tianditu/img/3/0/5").await;
    assert_eq!(
        (answer.status, answer.body.as_slice()),
        (StatusCode::OK, b"a picture".as_slice())
    );
    assert_eq!(answer.header("content-type"), "image/png");
    assert_eq!(answer.header("cache-control"), "public, max-age=604800");
    assert_eq!(
        asked.lock().unwrap().as_slice(),
        [
            "/img_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=img&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX=3&TILEROW=5&TILECOL=0&tk=5ecret"
        ]
    );
}

#[tokio::test]
async fn a_failure_of_the_base_map_is_told_and_never_tells_the_key() {
    let (county, asked) = county().await;
    for (column, status, words) in [
        (1, 502, "status 403; see whether [map.tianditu] key"),
        (2, 502, "text/html instead of a picture"),
        (3, 502, "more than 2097152 bytes"),
        (4, 504, "did not answer in time"),
        (5, 502, "status 302"),
        (6, 404, "no such tile"),
    ] {
        let answer = county
            .get(&format!("/api/base/tianditu/cia/3/{column}/0"))
            .await;
        assert_eq!(answer.status.as_u16(), status, "{column}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let text = answer.json().to_string();
        assert!(text.contains(words) && !text.contains("5ecret"), "{text}");
    }
    let redirected = asked
        .lock()
        .unwrap()
        .iter()
        .any(|asked| asked.contains("elsewhere"));
    assert!(!redirected);
    // Nobody listens on port 9 of this machine.
    let answer = with("http://127.0.0.1:9")
        .get("/api/base/tianditu/img/3/0/0")
        .await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
    assert!(
        answer.json()["detail"]
            .as_str()
            .unwrap()
            .contains("cannot be reached")
    );
}

#[tokio::test]
async fn what_cannot_be_a_tile_is_refused_and_not_asked() {
    let (county, asked) = county().await;
    for (address, status) in [
        ("/api/base/tianditu/vec/3/0/0", 404),
        ("/api/base/tianditu/img%2F..%2Fx/3/0/0", 404),
        ("/api/base/tianditu/img/0/0/0", 400),
        ("/api/base/tianditu/img/19/0/0", 400),
        ("/api/base/tianditu/img/3/8/0", 400),
        ("/api/base/tianditu/img/3/x/0", 400),
    ] {
        assert_eq!(
            county.get(address).await.status.as_u16(),
            status,
            "{address}"
        );
    }
    assert_eq!(asked.lock().unwrap().len(), 0);
    let without = County::open().get("/api/base/tianditu/img/3/0/0").await;
    assert_eq!(without.status, StatusCode::NOT_FOUND);
    assert!(
        without.json()["detail"]
            .as_str()
            .unwrap()
            .contains("[map.tianditu]")
    );
}

#[tokio::test]
async fn styles_have_the_base_map_at_the_bottom_where_it_is_configured() {
    let county = with("http://127.0.0.1:9");
    let style = county.get("/api/styles/light").await.json();
    assert!(!style.to_string().contains("5ecret"));
    let layers = style["layers"].as_array().unwrap();
    let ids: Vec<_> = layers
        .iter()
        .take(4)
        .map(|layer| layer["id"].as_str().unwrap())
        .collect();
    assert_eq!(
        ids,
        [
            "~ground",
            "~base|tianditu.img",
            "~base|tianditu.cia",
            "~graticule"
        ]
    );
    let source = &style["sources"]["~base.tianditu.img"];
    assert_eq!(
        source["tiles"],
        json!(["http://127.0.0.1:8080/api/base/tianditu/img/{z}/{x}/{y}"])
    );
    assert_eq!(source["attribution"], "天地图 Tianditu");
    assert!(
        layers.iter().all(|layer| layer["id"] != "base.county|land"),
        "land would hide the base map"
    );
}
