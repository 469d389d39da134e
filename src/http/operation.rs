//! `/healthz`, `/readyz`, `/metrics`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::Service;
use super::problem::Problem;

/// `GET /healthz`: the process answers.
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the store is loaded. `stale` says why newer content of it cannot be served, where that is so.
pub(super) async fn readyz(State(service): State<Arc<Service>>) -> Response {
    let snapshot = service.app.snapshot();
    let features: usize = snapshot.layers.values().map(|layer| layer.count()).sum();
    let ready = json!({
        "status": "ready", "version": snapshot.version, "layers": snapshot.layers.len(), "features": features,
        "stale": *service.following(),
    });
    Json(ready).into_response()
}

/// `GET /metrics`: Prometheus text (OpenMetrics 1.0).
pub(super) async fn metrics(State(service): State<Arc<Service>>) -> Result<Response, Problem> {
    let text = service
        .metrics
        .text(&service.app)
        .map_err(|error| Problem::internal(&error))?;
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}
