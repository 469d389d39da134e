//! Whether a request takes any form of packing that answers are sent in.

use std::convert::Infallible;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tower::{ServiceExt, service_fn};
use tower_http::compression::Compression;

use super::problem::Problem;

/// Refuses a request that takes none, before anything is done for it. The layer that packs would run it first, and then say 406
/// over whatever it was answered.
pub(super) async fn check(request: Request, next: Next) -> Response {
    let headers = request.headers();
    if !headers.contains_key(header::ACCEPT_ENCODING) || takes_any(headers).await {
        return next.run(request).await;
    }
    let given: Vec<_> = headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .collect();
    let vary = [(header::VARY, HeaderValue::from(header::ACCEPT_ENCODING))];
    (vary, Problem::not_acceptable(&given.join(", "))).into_response()
}

/// Asks the layer that packs, by an empty answer: it alone reads the header.
async fn takes_any(headers: &HeaderMap) -> bool {
    let mut asked = axum::http::Request::new(());
    for value in headers.get_all(header::ACCEPT_ENCODING) {
        asked
            .headers_mut()
            .append(header::ACCEPT_ENCODING, value.clone());
    }
    let nothing = service_fn(|_| async { Ok::<_, Infallible>(Response::new(Body::empty())) });
    let Ok(answer) = Compression::new(nothing).oneshot(asked).await;
    answer.status() != StatusCode::NOT_ACCEPTABLE
}
