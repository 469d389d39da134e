//! Requests: whatever is asked, the service answers or says what is wrong; it never fails.

use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use serde_json::{Value, json};
use tower::ServiceExt;
use wangge::app::App;
use wangge::http::{Service, router};
use wangge::model::Time;

use super::questions::{encode, headers, method, path, query, question, time_text};
use super::{damage, damaged};
use crate::support::county_store;

const LINES: &str = "application/x-ndjson";

/// The routes of the small county, and what answers them.
struct County {
    routes: Router,
    runtime: tokio::runtime::Runtime,
    _folder: tempfile::TempDir,
}

fn county() -> &'static County {
    static COUNTY: OnceLock<County> = OnceLock::new();
    COUNTY.get_or_init(|| {
        let (folder, path) = county_store();
        let app = App::open(&path).unwrap();
        County {
            routes: router(Arc::new(Service::new(app, false))),
            runtime: tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .build()
                .unwrap(),
            _folder: folder,
        }
    })
}

struct Answer {
    status: StatusCode,
    kind: String,
    is_packed: bool,
    body: Vec<u8>,
}

fn ask(request: Request<Body>) -> Answer {
    let county = county();
    county.runtime.block_on(async {
        let response = county.routes.clone().oneshot(request).await.unwrap();
        let kind = response.headers().get("content-type");
        let kind = kind.map_or("", |kind| kind.to_str().unwrap()).to_owned();
        Answer {
            status: response.status(),
            kind,
            is_packed: response.headers().contains_key("content-encoding"),
            body: axum::body::to_bytes(response.into_body(), usize::MAX)
                .await
                .unwrap()
                .to_vec(),
        }
    })
}

/// An answer is good, or a problem document that says what is wrong.
fn check(answer: &Answer) -> Result<(), TestCaseError> {
    let Answer {
        status,
        kind,
        body,
        is_packed,
    } = answer;
    prop_assert!(
        !status.is_server_error(),
        "{} {}",
        status,
        String::from_utf8_lossy(body)
    );
    if kind.ends_with("json") && !kind.ends_with("ndjson") && !is_packed {
        prop_assert!(
            serde_json::from_slice::<Value>(body).is_ok(),
            "{}",
            String::from_utf8_lossy(body)
        );
    }
    if status.is_client_error() {
        prop_assert_eq!(
            kind,
            "application/problem+json",
            "{} {}",
            status,
            String::from_utf8_lossy(body)
        );
        if *is_packed {
            return Ok(());
        }
        let problem: Value = serde_json::from_slice(body).unwrap();
        prop_assert_eq!(&problem["status"], &json!(status.as_u16()));
        for word in ["type", "title", "detail"] {
            prop_assert!(
                problem[word].as_str().is_some_and(|text| !text.is_empty()),
                "{}",
                problem
            );
        }
    }
    Ok(())
}

/// The request; `None` where its address or a header is none.
fn request(
    method: &Method,
    address: &str,
    headers: &[(&'static str, String)],
    body: Vec<u8>,
) -> Option<Request<Body>> {
    let mut request = Request::builder().method(method).uri(address);
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    request.body(Body::from(body)).ok()
}

proptest! {
    #[test]
    fn any_request_is_answered_or_refused_with_a_problem_that_says_why(
        method in method(),
        path in path(),
        query in query(),
        headers in headers(),
    ) {
        if let Some(request) = request(&method, &format!("{path}?{query}"), &headers, Vec::new()) {
            let answer = ask(request);
            if method != Method::HEAD {
                check(&answer)?;
            }
        }
    }

    #[test]
    fn a_time_in_an_address_is_the_time_that_the_same_text_is_elsewhere(
        text in time_text(),
    ) {
        // As a form sends it, and as a person types it, whose plus sign reads as a space.
        for written in [encode(&text), text.replace(' ', "%20")] {
            let address = format!("/api/locate?lon=104.705&lat=28.405&at={written}");
            let answer = ask(request(&Method::GET, &address, &[], Vec::new()).unwrap());
            let json: Value = serde_json::from_slice(&answer.body).unwrap();
            if let Ok(time) = text.parse::<Time>() {
                prop_assert_eq!(&json["at"], &json!(time.to_string()), "{} {}", written, json);
            } else {
                prop_assert_eq!(&json["field"], "at", "{} {}", written, json);
            }
        }
    }

    #[test]
    fn every_point_of_a_question_gets_its_answer_in_its_place(question in question()) {
        let headers = [("Content-Type", "application/json".to_owned())];
        let body = question.to_string().into_bytes();
        let answer = ask(request(&Method::POST, "/api/locate", &headers, body).unwrap());
        check(&answer)?;
        if answer.status == StatusCode::OK {
            let json: Value = serde_json::from_slice(&answer.body).unwrap();
            let list = |json: &Value| json.as_array().unwrap().clone();
            let (points, results) = (list(&question["points"]), list(&json["results"]));
            prop_assert_eq!(points.len(), results.len());
            for (point, result) in points.iter().zip(&results) {
                // A third number is a height.
                let is_pair = |pair: &Vec<Value>| matches!(pair.len(), 2 | 3) && pair.iter().all(Value::is_number);
                let is_sound = point.as_array().is_some_and(is_pair);
                prop_assert!(is_sound || result["error"].is_string(), "{} {}", point, result);
                prop_assert_eq!(result["outcome"].is_null(), result["error"].is_string());
            }
        }
    }

    #[test]
    fn any_body_is_answered_or_refused_with_a_problem_that_says_why(
        (kind, body) in prop_oneof![
            question().prop_map(|question| ("application/json", question.to_string().into_bytes())),
            Just(("text/csv", "id,lon,lat\n1,104.705,28.405\n2,,\n\"3\",x,\"\"\n".as_bytes().to_vec())),
            prop::collection::vec(any::<u8>(), 0..60).prop_map(|bytes| ("application/json", bytes)),
            prop::collection::vec(any::<u8>(), 0..60).prop_map(|bytes| ("text/csv", bytes)),
            Just((LINES, b"{\"lon\":104.705,\"lat\":28.405}\n\n{\"lon\":null,\"lat\":1}".to_vec())),
            prop::collection::vec(any::<u8>(), 0..60).prop_map(|bytes| (LINES, bytes)),
            prop::collection::vec(any::<u8>(), 0..60)
                .prop_map(|bytes| ("application/vnd.apache.arrow.stream", bytes)),
            prop::collection::vec(any::<u8>(), 0..9).prop_map(|bytes| ("", bytes)),
        ],
        damages in prop::collection::vec(damage(), 0..4),
        query in query(),
    ) {
        let headers = [("Content-Type", kind.to_owned())];
        let (address, body) = (format!("/api/locate?{query}"), damaged(&body, &damages));
        if let Some(request) = request(&Method::POST, &address, &headers, body) {
            check(&ask(request))?;
        }
    }
}

#[test]
fn an_address_that_is_no_text_is_a_problem_that_names_it() {
    for address in [
        "/api/export/%ff.geojson",
        "/api/tiles/%ff.json",
        "/api/tiles/camera/0/0/%ff",
    ] {
        let answer = ask(request(&Method::GET, address, &[], Vec::new()).unwrap());
        check(&answer).unwrap();
        let problem: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(problem["value"], address);
    }
}
