//! What the addresses begin with that an answer names.

use axum::http::{HeaderMap, header};

/// Scheme and host as the client reaches this service: by its `Host`, and by TLS where a proxy says so.
pub(super) fn origin(headers: &HeaderMap) -> String {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or("127.0.0.1:8080");
    // Behind a proxy that speaks TLS the addresses are there too.
    let is_tls = headers
        .get("x-forwarded-proto")
        .is_some_and(|proto| proto.as_bytes() == b"https");
    let scheme = if is_tls { "https" } else { "http" };
    format!("{scheme}://{host}")
}
