//! The screen, from inside the binary.

use axum::http::{Method, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;

use super::problem::Problem;

/// What `npm run build` makes in `web/`.
#[derive(RustEmbed)]
#[folder = "web/dist"]
struct Files;

/// `GET /` and the files that the page asks for.
pub(super) async fn file(method: Method, uri: Uri) -> Result<Response, Problem> {
    if !matches!(method, Method::GET | Method::HEAD) {
        return Err(Problem::wrong_method(method.as_str()));
    }
    let path = uri.path().trim_start_matches('/');
    let path = if path.is_empty() { "index.html" } else { path };
    let file = Files::get(path)
        .ok_or_else(|| Problem::not_found(format!("there is nothing at {}", uri.path())))?;
    let kind = file.metadata.mimetype().to_owned();
    // The names of built assets carry a hash of their content; the page itself does not.
    let keep = if path.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, keep.to_owned()),
    ];
    Ok((headers, file.data.into_owned()).into_response())
}

/// A method that an address does not take.
pub(super) async fn wrong_method(method: Method) -> Problem {
    Problem::wrong_method(method.as_str())
}
