//! `/api/collections/{layer}/tiles`: the tileset of a layer, what it holds, its tiles.

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::super::accept::tile_format;
use super::super::origin::origin;
use super::super::parameters::{Named, Parameters};
use super::super::problem::Problem;
use super::super::tiles::{FIELDS, address, answer, layer};
use super::super::{READER, Service};
use super::scheme::check;
use super::{TILING_SCHEME, encoded, json_link, link};
use crate::model::{GeometryKind, TileFormat};
use crate::snapshot::LayerSnapshot;
use crate::tile::{MATRIX_SET, MATRIX_SET_CRS, MATRIX_SET_URI, Tileset, matrix_limits};

/// Where a tile is: the row before the column.
pub(in super::super) const TILE: &str =
    "/api/collections/{layer}/tiles/{set}/{tileMatrix}/{tileRow}/{tileCol}";

/// Degrees, longitude first.
const CRS84: &str = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

/// `GET /api/collections/{layer}/tiles`.
pub(in super::super) async fn tilesets(
    State(service): State<Arc<Service>>,
    Named(name): Named<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let snapshot = service.app.snapshot();
    let layer = layer(&snapshot, &name)?;
    let base = origin(&headers);
    let list = format!("{base}/api/collections/{}/tiles", encoded(&name));
    let mut tileset = heading(layer);
    tileset.insert("links".into(), links(&base, &name).into());
    Ok(Json(json!({
        "tilesets": [tileset],
        "links": [json_link("self", &list)],
    })))
}

/// `GET /api/collections/{layer}/tiles/{set}`.
pub(in super::super) async fn tileset(
    State(service): State<Arc<Service>>,
    Named((name, set)): Named<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    check(&set)?;
    let snapshot = service.app.snapshot();
    let layer = layer(&snapshot, &name)?;
    let base = origin(&headers);
    let mut tileset = heading(layer);
    let content = Tileset::of(&[layer], &[], READER);
    if let Some(bounds) = layer.bounds() {
        let limits = matrix_limits(bounds, content.zooms);
        tileset.insert("tileMatrixSetLimits".into(), limits.into());
    }
    if let Some([west, south, east, north]) = content.bounds {
        tileset.insert(
            "boundingBox".into(),
            json!({"lowerLeft": [west, south], "upperRight": [east, north], "crs": CRS84}),
        );
    }
    if let Some((lon, lat, zoom)) = content.center {
        tileset.insert(
            "centerPoint".into(),
            json!({"coordinates": [lon, lat], "crs": CRS84, "tileMatrix": zoom.to_string()}),
        );
    }
    tileset.insert("layers".into(), json!([described(layer, &content)]));
    tileset.insert("links".into(), links(&base, &name).into());
    Ok(Json(tileset.into()))
}

/// `GET /api/collections/{layer}/tiles/{set}/{tileMatrix}/{tileRow}/{tileCol}[?at=][&filter=]`.
pub(in super::super) async fn tile(
    State(service): State<Arc<Service>>,
    Named((name, set, zoom, row, column)): Named<(String, String, String, String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    check(&set)?;
    let parameters = Parameters::read(query.as_deref(), &FIELDS)?;
    let address = address([
        ("tileMatrix", &zoom),
        ("tileCol", &column),
        ("tileRow", &row),
    ])?;
    let format = tile_format(&headers)?;
    // One layer, not a list of them.
    layer(&service.app.snapshot(), &name)?;
    answer(&service, name, address, &parameters, format, &headers).await
}

/// What the list and the tileset itself say alike.
fn heading(layer: &LayerSnapshot) -> Map<String, Value> {
    let title = &layer.layer().title.zh;
    let name = layer.layer().name.as_str();
    let title = if title.is_empty() { name } else { title };
    let pairs = [
        ("title", title),
        ("dataType", "vector"),
        ("crs", MATRIX_SET_CRS),
        ("tileMatrixSetId", MATRIX_SET),
        ("tileMatrixSetURI", MATRIX_SET_URI),
    ];
    pairs
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value.into()))
        .collect()
}

fn links(base: &str, name: &str) -> Vec<Value> {
    let name = encoded(name);
    let own = format!("{base}/api/collections/{name}/tiles/{MATRIX_SET}");
    let template = format!("{own}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}");
    let item = |format: TileFormat| {
        let mut item = link("item", format.media_type(), &template);
        item["templated"] = true.into();
        item
    };
    vec![
        json_link("self", &own),
        json_link(
            TILING_SCHEME,
            &format!("{base}/api/tileMatrixSets/{MATRIX_SET}"),
        ),
        item(TileFormat::Mvt),
        item(TileFormat::Mlt),
        json_link("describedby", &format!("{base}/api/tiles/{name}.json")),
    ]
}

/// The layer within its tiles.
fn described(layer: &LayerSnapshot, content: &Tileset) -> Value {
    let definition = layer.layer();
    let dimension = match definition.geometry {
        GeometryKind::Point => 0,
        GeometryKind::Line => 1,
        GeometryKind::Polygon => 2,
    };
    let fields = content.vector_layers.first();
    let fields = fields.and_then(|layer| layer["fields"].as_object());
    let properties: Map<String, Value> = fields
        .into_iter()
        .flatten()
        .map(|(key, kind)| {
            let kind = kind.as_str().unwrap_or_default().to_lowercase();
            (key.clone(), json!({"type": kind}))
        })
        .collect();
    json!({
        "id": definition.name.as_str(),
        "title": definition.title.zh,
        "dataType": "vector",
        "geometryDimension": dimension,
        "minTileMatrix": content.zooms.min.to_string(),
        "maxTileMatrix": content.zooms.max.to_string(),
        "propertiesSchema": {"type": "object", "properties": properties},
    })
}
