//! Text as the address of a GET request, path and query: the service never fails.

#![no_main]

use axum::body::Body;
use axum::http::Request;
use libfuzzer_sys::fuzz_target;
use wangge_fuzz::ask;

fuzz_target!(|address: &str| {
    if let Ok(request) = Request::get(address).body(Body::empty()) {
        ask(request);
    }
});
