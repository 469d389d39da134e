//! Bytes as the body of `POST /api/locate`, JSON or CSV: the service never fails.

#![no_main]

use axum::body::Body;
use axum::http::Request;
use libfuzzer_sys::fuzz_target;
use wangge_fuzz::ask;

fuzz_target!(|given: (bool, &[u8])| {
    let (is_json, bytes) = given;
    let kind = if is_json {
        "application/json"
    } else {
        "text/csv"
    };
    let request = Request::post("/api/locate").header("Content-Type", kind);
    ask(request
        .body(Body::from(bytes.to_vec()))
        .expect("a sound request"));
});
