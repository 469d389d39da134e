//! `/api/tileMatrixSets`: the one scheme by which tiles are cut.

use axum::Json;
use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::super::origin::origin;
use super::super::parameters::Named;
use super::super::problem::Problem;
use super::json_link;
use crate::tile::{MATRIX_SET, MATRIX_SET_CRS, MATRIX_SET_URI, matrix_set as describe};

/// `GET /api/tileMatrixSets`.
pub(in super::super) async fn matrix_sets(headers: HeaderMap) -> Json<Value> {
    let base = origin(&headers);
    let href = format!("{base}/api/tileMatrixSets/{MATRIX_SET}");
    Json(json!({
        "tileMatrixSets": [{
            "id": MATRIX_SET,
            "title": "Google Maps Compatible for the World",
            "uri": MATRIX_SET_URI,
            "crs": MATRIX_SET_CRS,
            "links": [json_link("self", &href)],
        }],
        "links": [json_link("self", &format!("{base}/api/tileMatrixSets"))],
    }))
}

/// `GET /api/tileMatrixSets/{set}`.
pub(in super::super) async fn matrix_set(
    Named(set): Named<String>,
) -> Result<Json<Value>, Problem> {
    check(&set)?;
    Ok(Json(describe()))
}

/// Refuses a scheme that is not the one there is.
pub(super) fn check(set: &str) -> Result<(), Problem> {
    if set == MATRIX_SET {
        Ok(())
    } else {
        Err(Problem::no_matrix_set(set, MATRIX_SET))
    }
}
