//! `POST /api/locate`: many points in every form, answered as one by one, in order, whatever is wrong among them.

mod arrow;
mod forms;
mod streams;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::Rng;
use serde_json::Value;
use tower::ServiceExt;
use wangge::app::App;
use wangge::http::{Service, router};

use crate::support::{at, county_store};

/// The routes of the small county.
struct County {
    _folder: tempfile::TempDir,
    routes: Router,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }
}

impl County {
    fn open() -> Self {
        let (folder, path) = county_store();
        let app = App::open(&path).unwrap();
        Self {
            _folder: folder,
            routes: router(Arc::new(Service::new(app, false))),
        }
    }

    async fn post(&self, query: &str, kind: &str, body: impl Into<Body>) -> Answer {
        let request = Request::post(format!("/api/locate{query}")).header("Content-Type", kind);
        self.ask(request.body(body.into()).unwrap()).await
    }

    async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.routes.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: head.status,
            headers: head.headers,
            body: body.to_vec(),
        }
    }

    /// What `GET` answers for a point: outcome, certain and the codes, or the error.
    async fn one(&self, lon: f64, lat: f64) -> Result<One, String> {
        let address = format!("/api/locate?lon={lon}&lat={lat}");
        let answer = self
            .ask(Request::get(address).body(Body::empty()).unwrap())
            .await;
        let json = answer.json();
        if answer.status != StatusCode::OK {
            return Err(json["detail"].as_str().unwrap().to_owned());
        }
        let code = |level: &str| {
            let chain = json["chain"].as_array().unwrap();
            let grid = chain.iter().find(|grid| grid["level"] == level);
            grid.and_then(|grid| grid["code"].as_str().map(str::to_owned))
        };
        Ok(One {
            outcome: json["outcome"].as_str().unwrap().to_owned(),
            certain: json["certain"].as_bool().unwrap(),
            codes: LEVELS.map(code),
        })
    }
}

const LEVELS: [&str; 3] = ["county", "community", "grid"];

/// What is said of one point.
#[derive(Clone, Debug, PartialEq)]
struct One {
    outcome: String,
    certain: bool,
    codes: [Option<String>; 3],
}

/// Points in and around the county, some on borders, some that cannot be.
fn points(count: usize) -> Vec<(f64, f64)> {
    let mut dice = Pcg64Mcg::new(3);
    let mut share = |parts: u32| f64::from(dice.next_u32() % parts) / f64::from(parts);
    let point = |n| match n % 11 {
        9 => (28.4, 104.7),
        10 => (500.0, 1.0),
        // A quarter of a side: many lie on borders and corners.
        n if n % 2 == 0 => {
            let home = at(share(12) * 3.0 - 0.5, share(12) * 3.0 - 0.5).degrees();
            (home.lon, home.lat)
        }
        _ => {
            let home = at(share(9999) * 3.0 - 0.5, share(9999) * 3.0 - 0.5).degrees();
            (home.lon, home.lat)
        }
    };
    (0..count).map(point).collect()
}
