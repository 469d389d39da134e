//! Whether a request's body is packed in a way that can be undone.

use axum::extract::Request;
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::problem::Problem;

/// What the layer that unpacks takes.
const TAKEN: [&str; 4] = ["identity", "gzip", "br", "zstd"];

/// Refuses a body that is packed in another way, or more than once: read as it is it would be no points at all.
pub(super) async fn check(mut request: Request, next: Next) -> Response {
    let given: Vec<String> = request
        .headers()
        .get_all(header::CONTENT_ENCODING)
        .iter()
        .map(|value| {
            String::from_utf8_lossy(value.as_bytes())
                .trim()
                .to_ascii_lowercase()
        })
        .collect();
    match given.as_slice() {
        [] => {}
        [one] if one == "identity" => {
            request.headers_mut().remove(header::CONTENT_ENCODING);
        }
        [one] if TAKEN.contains(&one.as_str()) => {
            // The layer behind knows the names in small letters only.
            if let Ok(value) = one.parse() {
                request
                    .headers_mut()
                    .insert(header::CONTENT_ENCODING, value);
            }
        }
        _ => {
            let taken = TAKEN.join(", ");
            let accepted = [(header::ACCEPT_ENCODING, taken.clone())];
            return (accepted, Problem::wrong_packing(&given.join(", "), &taken)).into_response();
        }
    }
    next.run(request).await
}
