//! `/api/nearby`: what of a layer is nearest to a point.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use geojson::JsonObject;
use serde::Serialize;

use crate::exchange::geojson_feature;
use crate::model::{Layer, LayerName};
use crate::query::filter::Filter;
use crate::query::{Near, NearbyAnswer, NearbyError, NearbyOptions, nearby};
use crate::snapshot::Snapshot;

use super::asked::Asked;
use super::parameters::{Parameters, finite};
use super::problem::Problem;
use super::tiles::layer;
use super::{READER, Service, blocking};

/// Fields of a question.
const FIELDS: [&str; 11] = [
    "lon", "lat", "crs", "at", "layer", "k", "max_m", "filter", "within", "prefer", "covers",
];

/// The answer: a GeoJSON FeatureCollection with the question beside it.
#[derive(Serialize)]
struct AnswerJson<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    lon: f64,
    lat: f64,
    crs: String,
    approximate: bool,
    at: String,
    version: u64,
    layer: &'a str,
    features: Vec<geojson::Feature>,
    warnings: Vec<String>,
}

/// `GET /api/nearby?lon=&lat=&layer=[&k=5][&max_m=][&filter=CQL2][&within=][&prefer=][&covers=][&crs=][&at=]`.
pub(super) async fn nearest(
    State(service): State<Arc<Service>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let (parameters, asked) = Asked::of(&service, query.as_deref(), &FIELDS).await?;
    let snapshot = service.app.snapshot();
    let name = parameters.text("layer").ok_or_else(|| {
        let layers = layer_names(&snapshot);
        Problem::missing("layer", format!("layer is missing; there are: {layers}"))
    })?;
    let name = name.to_owned();
    // Far and long shapes take milliseconds of computing.
    let body = blocking(move || answer(&snapshot, &asked, &name, &parameters)).await??;
    Ok(([(header::CONTENT_TYPE, "application/geo+json")], body).into_response())
}

fn answer(
    snapshot: &Snapshot,
    asked: &Asked,
    name: &str,
    parameters: &Parameters,
) -> Result<Vec<u8>, Problem> {
    let layer = layer(snapshot, name).map_err(|_| {
        let layers = layer_names(snapshot);
        Problem::no_such_layer(name, &layers)
    })?;
    let options = options(parameters, layer.layer())?;
    let found = nearby(snapshot, layer, asked.at, asked.time, &options, READER)?;
    let json = AnswerJson::of(snapshot, layer.layer(), asked, &options, &found);
    serde_json::to_vec(&json).map_err(|error| Problem::internal(&error))
}

fn layer_names(snapshot: &Snapshot) -> String {
    let names: Vec<&str> = snapshot.layers.keys().map(LayerName::as_str).collect();
    names.join(", ")
}

fn options(parameters: &Parameters, layer: &Layer) -> Result<NearbyOptions, Problem> {
    let text = |field| parameters.text(field).map(str::to_owned);
    let unset = NearbyOptions::default();
    let k = match parameters.text("k") {
        None => unset.k,
        Some(given) => given.trim().parse().map_err(|_| {
            let detail = format!("k is {given:?}, which is not a whole number of features");
            Problem::bad_value("k", given, detail)
        })?,
    };
    let max_m = match parameters.text("max_m") {
        None => None,
        Some(given) => Some(finite(given).ok_or_else(|| {
            let detail = format!("max_m is {given:?}, which is not a number of metres, 0 or more");
            Problem::bad_value("max_m", given, detail)
        })?),
    };
    let covers = match parameters.text("covers") {
        None | Some("false") => false,
        Some("true") => true,
        Some(given) => {
            let detail = format!("covers is {given:?}; write true or false");
            return Err(Problem::bad_value("covers", given, detail));
        }
    };
    Ok(NearbyOptions {
        k,
        max_m,
        filter: filter(parameters, layer)?,
        within: text("within"),
        prefer: text("prefer"),
        covers,
    })
}

/// The filter, in CQL2 text.
fn filter(parameters: &Parameters, layer: &Layer) -> Result<Option<Filter>, Problem> {
    let parse = |text: &str| {
        Filter::parse(text, layer, READER)
            .map_err(|error| Problem::bad_value("filter", text, error.to_string()))
    };
    parameters.text("filter").map(parse).transpose()
}

impl<'a> AnswerJson<'a> {
    fn of(
        snapshot: &Snapshot,
        layer: &'a Layer,
        asked: &Asked,
        options: &NearbyOptions,
        found: &NearbyAnswer<'_>,
    ) -> Self {
        let features = found.features.iter();
        let warnings = found.warnings.iter();
        Self {
            kind: "FeatureCollection",
            lon: asked.given.lon,
            lat: asked.given.lat,
            crs: asked.crs.to_string(),
            approximate: asked.crs.is_approximate(),
            at: asked.time.to_string(),
            version: snapshot.version,
            layer: layer.name.as_str(),
            features: features
                .map(|near| feature(layer, near, options.prefer.is_some()))
                .collect(),
            warnings: warnings.map(ToString::to_string).collect(),
        }
    }
}

/// The feature as an export has it, with the way to it beside its properties.
fn feature(layer: &Layer, near: &Near<'_>, tells_own: bool) -> geojson::Feature {
    let mut way = JsonObject::new();
    way.insert("distance_m".to_owned(), near.distance_m.into());
    // A thousandth of a degree is 2 cm in a kilometre.
    let rounded = |bearing: f64| (bearing * 1e3).round() / 1e3 % 360.0;
    way.insert("bearing".to_owned(), near.bearing.map(rounded).into());
    if tells_own {
        way.insert("own".to_owned(), near.is_own.into());
    }
    geojson::Feature {
        foreign_members: Some(way),
        ..geojson_feature(layer, near.feature, READER)
    }
}

impl From<NearbyError> for Problem {
    fn from(error: NearbyError) -> Self {
        let (field, value) = error.field();
        Self::bad_value(field, value, error.to_string())
    }
}
