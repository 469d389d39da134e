//! `/api` and `/api/conformance`: what there is, and by which standards.

use axum::Json;
use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::super::origin::origin;
use super::{TILING_SCHEMES, json_link};

/// The requirements classes that are met; no other.
const CONFORMS_TO: [&str; 9] = [
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
    "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
    "http://www.opengis.net/spec/tms/2.0/conf/tilematrixset",
    "http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixset",
    "http://www.opengis.net/spec/tms/2.0/conf/tilesetmetadata",
    "http://www.opengis.net/spec/tms/2.0/conf/json-tilesetmetadata",
];

/// `GET /api`.
pub(in super::super) async fn landing(headers: HeaderMap) -> Json<Value> {
    let base = origin(&headers);
    let page = |rel: &str, path: &str| json_link(rel, &format!("{base}{path}"));
    Json(json!({
        "title": "wangge 网格一张图",
        "description": "The one map of grids and resources: layers, their vector tiles, and who is responsible for a point",
        "links": [
            page("self", "/api"),
            page("conformance", "/api/conformance"),
            page("http://www.opengis.net/def/rel/ogc/1.0/conformance", "/api/conformance"),
            page("data", "/api/collections"),
            page("http://www.opengis.net/def/rel/ogc/1.0/data", "/api/collections"),
            page(TILING_SCHEMES, "/api/tileMatrixSets"),
        ],
    }))
}

/// `GET /api/conformance`.
pub(in super::super) async fn conformance() -> Json<Value> {
    Json(json!({"conformsTo": CONFORMS_TO}))
}
