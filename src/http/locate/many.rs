//! `POST /api/locate`: who is responsible for these points.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::app::{self, locate_points};
use crate::exchange::{PointColumns, PointTable, Transform};
use crate::model::{Coord, Crs, LonLat, Scheme, Time};
use crate::query::{Batch, Outcome, level_names, schemes_in_order};
use crate::snapshot::Snapshot;

use super::super::parameters::Parameters;
use super::super::problem::Problem;
use super::super::{LARGEST_BODY, Service};
use super::{blocking, transform};

/// JSON or CSV, answered in kind and in order.
pub(in crate::http) async fn many(
    State(service): State<Arc<Service>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    let body = body.map_err(|error| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(LARGEST_BODY),
        _ => Problem::bad_body(error.to_string()),
    })?;
    let snapshot = service.app.snapshot();
    let given = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let kind = given
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    match kind.as_str() {
        "application/json" => {
            Parameters::read(query.as_deref(), &[])?;
            blocking(move || many_json(&snapshot, &body)).await?
        }
        "text/csv" => {
            let parameters = Parameters::read(query.as_deref(), &["crs", "at"])?;
            let crs = parameters.parsed("crs")?.unwrap_or_default();
            let time = parameters.time()?;
            blocking(move || many_csv(&snapshot, body, crs, time)).await?
        }
        _ => Err(Problem::wrong_type(given, "application/json or text/csv")),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question<'a> {
    #[serde(borrow)]
    points: Vec<&'a RawValue>,
    crs: Option<String>,
    at: Option<String>,
}

#[derive(Serialize)]
struct Results<'a> {
    version: u64,
    levels: Vec<String>,
    #[serde(rename = "results")]
    points: Vec<PointJson<'a>>,
}

#[derive(Serialize)]
struct PointJson<'a> {
    outcome: Option<Outcome>,
    codes: Vec<Option<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

fn many_json(snapshot: &Snapshot, body: &[u8]) -> Result<Response, Problem> {
    let question: Question = serde_json::from_slice(body).map_err(|error| {
        Problem::bad_body(format!("{error}; send {{\"points\":[[lon,lat],…]}}"))
    })?;
    let parse = |field: &str, text: &str, error: &dyn std::fmt::Display| {
        Problem::bad_value(field, text, error.to_string())
    };
    let crs: Crs = match &question.crs {
        None => Crs::default(),
        Some(text) => text.parse().map_err(|error| parse("crs", text, &error))?,
    };
    let time: Time = match &question.at {
        None => app::now(),
        Some(text) => text.parse().map_err(|error| parse("at", text, &error))?,
    };
    let to_wgs84 = transform(crs)?;
    let (base, others) = schemes_in_order(snapshot, None);
    let schemes: Vec<&Scheme> = base.into_iter().chain(others).collect();
    let levels = level_names(&schemes, &[]);
    let batch = Batch::new(snapshot, &schemes, time);
    let (mut found, mut grids) = (Vec::new(), Vec::new());
    let results = question
        .points
        .iter()
        .map(|point| match point_place(point, &to_wgs84) {
            Ok(at) => {
                found.clear();
                grids.clear();
                batch.locate(&[at], &mut found, &mut grids);
                let codes = (0..).zip(&grids);
                PointJson {
                    outcome: Some(found[0].outcome),
                    codes: codes
                        .map(|(level, &grid)| batch.code(level, grid))
                        .collect(),
                    error: None,
                }
            }
            Err(error) => PointJson {
                outcome: None,
                codes: vec![None; levels.len()],
                error: Some(error),
            },
        });
    let points = results.collect();
    let answer = Results {
        version: snapshot.version,
        levels,
        points,
    };
    Ok(Json(answer).into_response())
}

fn point_place(point: &RawValue, to_wgs84: &Transform) -> Result<Coord, String> {
    // A third number is a height, as in GeoJSON.
    let numbers: Option<Vec<f64>> = serde_json::from_str(point.get()).ok();
    let Some([lon, lat] | [lon, lat, _]) = numbers.as_deref() else {
        return Err(format!(
            "{} is no point; write [lon,lat] in degrees",
            shortened(point.get())
        ));
    };
    let at = to_wgs84
        .apply(LonLat::new(*lon, *lat))
        .map_err(|error| error.to_string())?;
    Coord::snap(at).map_err(|error| error.to_string())
}

fn many_csv(snapshot: &Snapshot, body: Bytes, crs: Crs, time: Time) -> Result<Response, Problem> {
    let table = PointTable::open(std::io::Cursor::new(body), &PointColumns::default())?;
    let (output, _) = locate_points(snapshot, table, &transform(crs)?, Vec::new(), time)?;
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8")];
    Ok((headers, output).into_response())
}

/// The beginning of what was given, characters enough to find it again.
fn shortened(given: &str) -> String {
    given.chars().take(60).collect()
}
