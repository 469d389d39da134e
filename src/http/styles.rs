//! `/api/styles`: MapLibre styles of the layers that are there (OGC API Styles), and the icons that they use.

use std::sync::{Arc, OnceLock};

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::app;
use crate::model::GeometryKind;
use crate::query::features_within;
use crate::snapshot::Snapshot;
use crate::style::{
    Catalogue, DESIGNS, Design, PlaceMark, Sheet, Surroundings, design, sheet, style,
};

use super::collections::{drawn, in_order};
use super::origin::origin;
use super::parameters::Named;
use super::problem::Problem;
use super::{READER, Service, blocking};

/// The media type of a style.
const STYLE: &str = "application/vnd.mapbox.style+json";
/// Kept by clients, but asked for anew each time: layers come and go.
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");
/// The icons of a program stay what they are for a day.
const A_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");

/// The sheets that were drawn, by design and ratio.
static SHEETS: [[OnceLock<Sheet>; 2]; DESIGNS.len()] =
    [const { [const { OnceLock::new() }; 2] }; DESIGNS.len()];

/// `GET /api/styles`.
pub(super) async fn all(headers: HeaderMap) -> Result<Json<Value>, Problem> {
    let origin = origin(&headers);
    let mut styles = Vec::new();
    for id in DESIGNS {
        let design = named(id)?;
        styles.push(json!({
            "id": id,
            "title": design.title,
            "titleEn": design.title_en,
            "links": links(&origin, id),
        }));
    }
    Ok(Json(json!({
        "default": DESIGNS[0],
        "styles": styles,
        "links": [link("self", "application/json", "This document", &format!("{origin}/api/styles"))],
    })))
}

/// `GET /api/styles/{id}`.
pub(super) async fn one(
    State(service): State<Arc<Service>>,
    Named(id): Named<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let design = named(&id)?;
    let origin = origin(&headers);
    let (fonts, strong_fonts) = service.font_stacks();
    let snapshot = service.app.snapshot();
    let document = blocking(move || {
        let around = Surroundings {
            origin: &origin,
            fonts: &fonts,
            strong_fonts: &strong_fonts,
            rasters: service.rasters(),
        };
        style(&catalogue(&snapshot), design, &around)
    });
    let kind = HeaderValue::from_static(STYLE);
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, REVALIDATE),
        (
            header::VARY,
            HeaderValue::from_static("Host, X-Forwarded-Proto"),
        ),
    ];
    Ok((headers, document.await?.to_string()).into_response())
}

/// `GET /api/styles/{id}/metadata`.
pub(super) async fn metadata(
    State(service): State<Arc<Service>>,
    Named(id): Named<String>,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let design = named(&id)?;
    let origin = origin(&headers);
    let snapshot = service.app.glance();
    let layers: Vec<Value> = in_order(&snapshot)
        .into_iter()
        .map(|layer| {
            let layer = layer.layer();
            let geometry = match layer.geometry {
                GeometryKind::Point => "points",
                GeometryKind::Line => "lines",
                GeometryKind::Polygon => "polygons",
            };
            let href = format!("{origin}/api/tiles/{}.json", layer.name);
            json!({
                "id": layer.name.as_str(),
                "title": layer.title.zh,
                "dataType": "vector",
                "geometryType": geometry,
                "sampleData": link("data", "application/json", "TileJSON", &href),
            })
        })
        .collect();
    Ok(Json(json!({
        "id": id,
        "title": design.title,
        "titleEn": design.title_en,
        "description": design.description,
        "keywords": ["网格", "grid"],
        "scope": "style",
        "version": env!("CARGO_PKG_VERSION"),
        "stylesheets": [{
            "title": "MapLibre",
            "version": "8",
            "specification": "https://maplibre.org/maplibre-style-spec/",
            "native": true,
            "link": link("stylesheet", STYLE, "MapLibre style", &format!("{origin}/api/styles/{id}")),
        }],
        "layers": layers,
        "links": links(&origin, &id),
    })))
}

/// `GET /api/sprites/{id}[@2x].{json,png}`.
pub(super) async fn sprite(Named(file): Named<String>) -> Result<Response, Problem> {
    let refuse = || {
        Problem::not_found(format!(
            "/api/sprites/{file} is nothing; ask {{id}}.json, {{id}}.png, {{id}}@2x.json or {{id}}@2x.png, where {{id}} is one of {}",
            DESIGNS.join(", ")
        ))
    };
    let (name, suffix) = file.rsplit_once('.').ok_or_else(refuse)?;
    if !matches!(suffix, "json" | "png") {
        return Err(refuse());
    }
    let (id, ratio) = match name.strip_suffix("@2x") {
        Some(id) => (id, 2),
        None => (name, 1),
    };
    let place = DESIGNS.iter().position(|known| *known == id);
    let place = place.ok_or_else(refuse)?;
    let design = named(id)?;
    let kept = &SHEETS[place][ratio - 1];
    let sheet = if let Some(sheet) = kept.get() {
        sheet
    } else {
        let ratio = if ratio == 2 { 2 } else { 1 };
        let drawn = blocking(move || sheet(design, ratio)).await?;
        let drawn = drawn.map_err(|error| Problem::internal(&error))?;
        kept.get_or_init(|| drawn)
    };
    let keep = (header::CACHE_CONTROL, A_DAY);
    Ok(if suffix == "json" {
        ([keep], Json(&sheet.index)).into_response()
    } else {
        let kind = (header::CONTENT_TYPE, HeaderValue::from_static("image/png"));
        ([keep, kind], sheet.png.clone()).into_response()
    })
}

fn named(id: &str) -> Result<&'static Design, Problem> {
    let found = design(id).map_err(|error| Problem::internal(&error))?;
    found.ok_or_else(|| Problem::no_style(id, &DESIGNS.join(", ")))
}

/// What a style is made from.
fn catalogue(snapshot: &Snapshot) -> Catalogue<'_> {
    let top = snapshot.base_scheme().and_then(|scheme| {
        let top = scheme.levels().first()?;
        snapshot.layers.get(&top.layer)
    });
    let places = top.into_iter().flat_map(|layer| {
        let grids = features_within(layer, None, app::now());
        grids.into_iter().map(|grid| PlaceMark {
            code: grid.code.as_deref(),
            name: grid.name.as_deref(),
            bounds: grid.geometry.bounds(),
        })
    });
    let layers = in_order(snapshot).into_iter();
    let layers = layers.map(|layer| drawn(snapshot, layer));
    Catalogue {
        layers: layers.collect(),
        places: places.collect(),
        access: READER,
    }
}

fn links(origin: &str, id: &str) -> [Value; 2] {
    let address = format!("{origin}/api/styles/{id}");
    let metadata = format!("{address}/metadata");
    [
        link("stylesheet", STYLE, "MapLibre style", &address),
        link("describedby", "application/json", "Metadata", &metadata),
    ]
}

fn link(rel: &str, kind: &str, title: &str, href: &str) -> Value {
    json!({ "rel": rel, "type": kind, "title": title, "href": href })
}
