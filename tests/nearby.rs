//! Which features are nearest, through the service's route, on a small county.

mod filter;
mod truth;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::Value;
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
    assert_eq!(west["bearing"].as_f64().unwrap().round(), 270.0);
    assert_eq!(east["bearing"].as_f64().unwrap().round(), 90.0);
}
