//! What changes, as it is told while it changes.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use tokio_stream::StreamExt;
use tower::ServiceExt;
use wangge::store::{Mode, Store};

use super::County;
use crate::support::{at, cameras, grid, layer, put, rectangle};

/// Nothing that is waited for takes so long; a test that fails should end.
const PATIENCE: Duration = Duration::from_secs(30);

/// A client that reads events.
struct Listener {
    body: BodyDataStream,
    text: String,
}

/// One block of the stream.
#[derive(Debug)]
struct Told {
    id: u64,
    event: String,
    data: Value,
}

impl Listener {
    async fn open(county: &County, address: &str, last: Option<u64>) -> Self {
        let mut request = Request::get(address);
        if let Some(last) = last {
            request = request.header("Last-Event-ID", last.to_string());
        }
        let request = request.body(Body::empty()).unwrap();
        let answer = county.routes.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "text/event-stream");
        assert_eq!(header("cache-control"), "no-cache");
        Self {
            body: answer.into_body().into_data_stream(),
            text: String::new(),
        }
    }

    /// The next block; `None` at the end.
    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                return Some(block);
            }
            let more = self.body.next().await?.unwrap();
            self.text.push_str(std::str::from_utf8(&more).unwrap());
        }
    }

    /// The next event, past what only says where to go on.
    async fn event(&mut self) -> Told {
        let event = tokio::time::timeout(PATIENCE, self.wait());
        event.await.expect("nothing comes but signs of life")
    }

    async fn wait(&mut self) -> Told {
        loop {
            let block = self.block().await.expect("the stream has ended");
            let line = |name: &str| {
                let mut lines = block.lines();
                lines
                    .find_map(|line| line.strip_prefix(name))
                    .map(str::trim)
            };
            if let Some(event) = line("event:") {
                return Told {
                    id: line("id:").unwrap().parse().unwrap(),
                    event: event.to_owned(),
                    data: serde_json::from_str(line("data:").unwrap()).unwrap(),
                };
            }
        }
    }
}

/// Another program's edit of a camera, and the look at the store that the service takes by itself fifty times a second.
fn move_camera(county: &County, east: f64, north: f64) -> u64 {
    let (layer, mut features) = cameras();
    let mut camera = features.remove(2);
    camera.geometry = wangge::model::Geometry::points([at(east, north)]).unwrap();
    let mut store = Store::open(&county.path).unwrap();
    let change = store.change().unwrap();
    change
        .put_features(&layer, &put(Mode::Upsert), &[camera])
        .unwrap();
    let version = change.commit().unwrap();
    county.service.app().follow().unwrap();
    version
}

fn redraw_grid(county: &County) {
    let grids = layer("base.grid", wangge::model::GeometryKind::Polygon, vec![]);
    let drawn = grid(
        "5115260101",
        Some("51152601"),
        rectangle(0.0, 0.0, 1.0, 0.9),
    );
    let mut store = Store::open(&county.path).unwrap();
    let change = store.change().unwrap();
    change
        .put_features(&grids, &put(Mode::Upsert), &[drawn])
        .unwrap();
    change.commit().unwrap();
    county.service.app().follow().unwrap();
}

#[tokio::test]
async fn who_listens_hears_of_an_edit_and_finds_it_in_the_new_tile() {
    let county = County::open();
    let tile = "/api/tiles/camera/10/809/427";
    let untouched = "/api/tiles/base.grid/10/809/427";
    let before = county.get(tile).await;
    county.get(untouched).await;
    let mut listener = Listener::open(&county, "/api/live", None).await;
    let version = move_camera(&county, 0.4, 0.9);
    let told = listener.event().await;
    assert_eq!(told.event, "layers");
    let (was, is) = (at(0.7, 0.5).degrees(), at(0.4, 0.9).degrees());
    let expected = json!({
        "version": version,
        "layers": [{"layer": "camera", "bounds": [is.lon, was.lat, was.lon, is.lat], "count": 1}],
        "tiles_dropped": 1,
    });
    assert_eq!(told.data, expected);
    let after = county.get(tile).await;
    assert_ne!(before.body, after.body);
    assert_ne!(before.header("etag"), after.header("etag"));
    county.get(untouched).await;
    let metrics = String::from_utf8(county.get("/metrics").await.body).unwrap();
    for line in [
        "wangge_tiles_dropped_total 1",
        "wangge_tiles_made_total 3",
        "wangge_tiles_kept_total 1",
    ] {
        assert!(metrics.contains(line), "{metrics}");
    }
}

#[tokio::test]
async fn a_listener_hears_only_of_the_layers_and_the_ground_that_it_asks_for() {
    let county = County::open();
    let [west, east] = [(-1.0, 0.35), (1.9, 3.0)].map(|(west, east)| {
        let (low, high) = (at(west, 0.0).degrees(), at(east, 1.0).degrees());
        format!(
            "/api/live?area={},{},{},{}",
            low.lon, low.lat, high.lon, high.lat
        )
    });
    let mut grids = Listener::open(&county, "/api/live?layer=base.county,base.grid", None).await;
    let mut cameras = Listener::open(&county, &format!("{east}&layer=camera"), None).await;
    let mut both = Listener::open(&county, &west, None).await;
    move_camera(&county, 0.6, 0.5);
    move_camera(&county, 2.5, 0.5);
    redraw_grid(&county);
    let names = |told: &Told| told.data["layers"][0]["layer"].as_str().unwrap().to_owned();
    let first = grids.event().await;
    assert_eq!(names(&first), "base.grid");
    let second = cameras.event().await;
    assert_eq!(
        (names(&second), second.id),
        ("camera".to_owned(), first.id - 1)
    );
    let third = both.event().await;
    assert_eq!(
        (names(&third), third.id),
        ("base.grid".to_owned(), first.id)
    );
}

#[tokio::test]
async fn who_comes_back_hears_what_it_missed_and_who_was_away_too_long_begins_anew() {
    let county = County::open();
    let mut listener = Listener::open(&county, "/api/live", None).await;
    let hello = listener.block().await.unwrap();
    assert!(
        hello.contains("\nid:") || hello.starts_with("id:"),
        "{hello}"
    );
    move_camera(&county, 0.6, 0.5);
    let first = listener.event().await;
    drop(listener);
    move_camera(&county, 0.7, 0.6);
    let version = move_camera(&county, 0.8, 0.6);
    let by_address = format!("/api/live?last_event_id={}", first.id);
    let mut listener = Listener::open(&county, &by_address, None).await;
    assert_eq!(listener.event().await.id, first.id + 1);
    // The header is younger than the address, which a browser asks for again.
    let mut listener = Listener::open(&county, &by_address, Some(first.id + 1)).await;
    assert_eq!(listener.event().await.id, first.id + 2);
    for unknown in [7, first.id + 3] {
        let mut listener = Listener::open(&county, "/api/live", Some(unknown)).await;
        let told = listener.event().await;
        assert_eq!((&*told.event, told.id), ("reset", first.id + 2));
        assert_eq!(told.data, json!({ "version": version }));
    }
}

#[tokio::test]
async fn who_asks_to_hear_of_what_is_not_there_or_cannot_be_is_told() {
    let county = County::open();
    let answer = county.get("/api/live?layer=camera,none").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.json()["value"], "none");
    for (query, field) in [
        ("area=1,2,3", "area"),
        ("area=3,0,1,1", "area"),
        ("last_event_id=x", "last_event_id"),
        ("bbox=1,2,3,4", "bbox"),
    ] {
        let answer = county.get(&format!("/api/live?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(answer.json()["field"], field);
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(field), "{detail}");
    }
    let request = Request::get("/api/live").header("Last-Event-ID", "x");
    let answer = county.ask(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(answer.json()["field"], "Last-Event-ID");
}

#[tokio::test]
async fn streams_end_when_the_service_stops() {
    let county = County::open();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let service = std::sync::Arc::clone(&county.service);
    let serving = tokio::spawn(wangge::http::serve(listener, service, async {
        let _ = stopped.await;
    }));
    let mut client = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!("GET /api/live HTTP/1.1\r\nHost: {address}\r\n\r\n");
    tokio::io::AsyncWriteExt::write_all(&mut client, request.as_bytes())
        .await
        .unwrap();
    let mut first = [0; 1024];
    tokio::io::AsyncReadExt::read(&mut client, &mut first)
        .await
        .unwrap();
    stop.send(()).unwrap();
    let mut rest = String::new();
    let read = tokio::io::AsyncReadExt::read_to_string(&mut client, &mut rest);
    tokio::time::timeout(PATIENCE, read).await.unwrap().unwrap();
    // A body that was cut off would lack its last chunk.
    assert!(rest.ends_with("0\r\n\r\n"), "{rest}");
    serving.await.unwrap().unwrap();
}
