//! `/api/collections`: the layers that are there and what the screen needs to draw them.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;

use crate::app;
use crate::model::{Bounds, Feature, FieldKind, GeometryKind, Scheme, Zooms};
use crate::query::features_within;
use crate::snapshot::{LayerSnapshot, Snapshot};
use crate::style::{Drawn, GridPlace, Kind};

use super::ogc;
use super::parameters::Named;
use super::problem::Problem;
use super::tiles::layer;
use super::{READER, Service};

/// West, south, east, north in degrees.
pub(super) type Bbox = [f64; 4];

#[derive(Serialize)]
pub(super) struct Collections {
    version: u64,
    schemes: Vec<SchemeJson>,
    #[serde(rename = "collections")]
    layers: Vec<Collection>,
}

#[derive(Serialize)]
struct SchemeJson {
    name: String,
    overlay: bool,
    levels: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Collection {
    id: String,
    title: String,
    title_en: String,
    item_type: &'static str,
    geometry: GeometryKind,
    kind: Kind,
    extent: Option<Extent>,
    count: usize,
    color: Option<String>,
    zooms: Zooms,
    fields: Vec<FieldJson>,
    scheme: Option<String>,
    level: Option<String>,
    overlay: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    places: Vec<PlaceJson>,
    links: Vec<Link>,
}

#[derive(Serialize)]
struct Extent {
    spatial: Spatial,
}

#[derive(Serialize)]
struct Spatial {
    bbox: [Bbox; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FieldJson {
    name: String,
    title: String,
    title_en: String,
    #[serde(rename = "type")]
    kind: FieldKind,
}

/// A grid of a scheme's top level, to go to.
#[derive(Serialize)]
struct PlaceJson {
    code: Option<String>,
    name: Option<String>,
    bbox: Bbox,
}

#[derive(Serialize)]
struct Link {
    rel: &'static str,
    href: String,
    #[serde(rename = "type")]
    kind: &'static str,
}

/// `GET /api/collections`.
pub(super) async fn all(State(service): State<Arc<Service>>) -> Json<Collections> {
    let snapshot = service.app.snapshot();
    let schemes = snapshot.schemes.iter().map(|scheme| SchemeJson {
        name: scheme.name().to_owned(),
        overlay: !is_base(&snapshot, scheme),
        levels: scheme
            .levels()
            .iter()
            .map(|level| level.name.to_string())
            .collect(),
    });
    let collections = in_order(&snapshot)
        .into_iter()
        .map(|layer| collection(&snapshot, layer));
    Json(Collections {
        version: snapshot.version,
        schemes: schemes.collect(),
        layers: collections.collect(),
    })
}

/// `GET /api/collections/{layer}`.
pub(super) async fn one(
    State(service): State<Arc<Service>>,
    Named(name): Named<String>,
) -> Result<Json<Collection>, Problem> {
    let snapshot = service.app.snapshot();
    let layer = layer(&snapshot, &name)?;
    Ok(Json(collection(&snapshot, layer)))
}

/// Grid levels first, by scheme and from the top down, then the other layers by name.
pub(super) fn in_order(snapshot: &Snapshot) -> Vec<&LayerSnapshot> {
    let levels = snapshot.schemes.iter().flat_map(Scheme::levels);
    let mut ordered: Vec<&LayerSnapshot> = levels
        .filter_map(|level| snapshot.layers.get(&level.layer))
        .map(AsRef::as_ref)
        .collect();
    let others = snapshot
        .layers
        .values()
        .filter(|layer| level_of(snapshot, layer).is_none());
    ordered.extend(others.map(AsRef::as_ref));
    ordered
}

/// Whether the scheme is the one that answers as `grid` and `chain`.
fn is_base(snapshot: &Snapshot, scheme: &Scheme) -> bool {
    snapshot.base_scheme() == Some(scheme)
}

/// The scheme that a layer is a level of, and which.
fn level_of<'a>(snapshot: &'a Snapshot, layer: &LayerSnapshot) -> Option<(&'a Scheme, usize)> {
    snapshot.schemes.iter().find_map(|scheme| {
        let depth = scheme
            .levels()
            .iter()
            .position(|level| level.layer == layer.layer().name)?;
        Some((scheme, depth))
    })
}

/// The layer as a style sees it.
pub(super) fn drawn<'a>(snapshot: &Snapshot, layer: &'a LayerSnapshot) -> Drawn<'a> {
    Drawn {
        layer: layer.layer(),
        grid: level_of(snapshot, layer).map(|(scheme, depth)| GridPlace {
            depth,
            overlay: !is_base(snapshot, scheme),
        }),
        count: layer.count(),
        bounds: layer.bounds(),
    }
}

fn collection(snapshot: &Snapshot, layer: &LayerSnapshot) -> Collection {
    let definition = layer.layer();
    let id = definition.name.to_string();
    let level = level_of(snapshot, layer);
    let places = match level {
        Some((scheme, 0)) if !scheme.is_overlay() => features_within(layer, None, app::now())
            .into_iter()
            .map(place)
            .collect(),
        _ => Vec::new(),
    };
    Collection {
        title: definition.title.zh.clone(),
        title_en: definition.title.en.clone(),
        item_type: "feature",
        geometry: definition.geometry,
        kind: drawn(snapshot, layer).kind(READER),
        extent: layer.bounds().map(|bounds| Extent {
            spatial: Spatial {
                bbox: [bbox(bounds)],
            },
        }),
        count: features_within(layer, None, app::now()).len(),
        color: definition.color.clone(),
        zooms: definition.zooms,
        fields: fields(layer),
        scheme: level.map(|(scheme, _)| scheme.name().to_owned()),
        level: level.map(|(scheme, depth)| scheme.levels()[depth].name.to_string()),
        overlay: level.is_some_and(|(scheme, _)| !is_base(snapshot, scheme)),
        places,
        links: links(&ogc::encoded(&id)),
        id,
    }
}

fn fields(layer: &LayerSnapshot) -> Vec<FieldJson> {
    let seen = layer
        .layer()
        .fields
        .iter()
        .filter(|field| READER.sees(field));
    seen.map(|field| FieldJson {
        name: field.name.clone(),
        title: field.title.zh.clone(),
        title_en: field.title.en.clone(),
        kind: field.kind,
    })
    .collect()
}

fn links(name: &str) -> Vec<Link> {
    vec![
        Link {
            rel: "self",
            href: format!("/api/collections/{name}"),
            kind: "application/json",
        },
        Link {
            rel: ogc::TILESETS,
            href: format!("/api/collections/{name}/tiles"),
            kind: "application/json",
        },
        Link {
            rel: "enclosure",
            href: format!("/api/export/{name}.geojson"),
            kind: "application/geo+json",
        },
        Link {
            rel: "describedby",
            href: format!("/api/tiles/{name}.json"),
            kind: "application/json",
        },
    ]
}

fn place(grid: &Feature) -> PlaceJson {
    PlaceJson {
        code: grid.code.as_deref().map(str::to_owned),
        name: grid.name.as_deref().map(str::to_owned),
        bbox: bbox(grid.geometry.bounds()),
    }
}

pub(super) fn bbox(bounds: Bounds) -> Bbox {
    let (min, max) = (bounds.min.degrees(), bounds.max.degrees());
    [min.lon, min.lat, max.lon, max.lat]
}
