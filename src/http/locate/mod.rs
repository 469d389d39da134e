//! `/api/locate`: who is responsible for this point, or for these.

mod answer;

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::app::{self, locate_points};
use crate::exchange::{PointColumns, PointTable, Transform};
use crate::model::{Coord, Crs, LonLat, Scheme, Time};
use crate::query::{Outcome, SchemeAnswer, level_names, locate, locate_in, schemes_in_order};
use crate::snapshot::Snapshot;

use super::Service;
use super::parameters::Parameters;
use super::problem::Problem;
use answer::AnswerJson;

/// Fields of a question that this version does not weigh yet.
const UNWEIGHED: [&str; 3] = ["accuracy", "unit", "category"];

/// `GET /api/locate?lon=&lat=[&crs=][&at=][&scheme=]`.
pub(super) async fn one(
    State(service): State<Arc<Service>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let parameters = Parameters::read(query.as_deref());
    let given = LonLat {
        lon: parameters.number("lon")?,
        lat: parameters.number("lat")?,
    };
    let crs: Crs = parameters.parsed("crs")?.unwrap_or_default();
    let time = parameters.time()?;
    let at = place(given, crs).await?;
    let snapshot = service.app.snapshot();
    let asked = asked_scheme(&snapshot, &parameters)?;
    let answer = locate(&snapshot, asked, at, time);
    let mut json = AnswerJson::of(&snapshot, &answer, given, crs);
    for field in UNWEIGHED
        .iter()
        .filter(|field| parameters.text(field).is_some())
    {
        json.base.certain = false;
        json.warnings
            .push(format!("{field} is not weighed by this version"));
    }
    Ok(Json(json).into_response())
}

fn asked_scheme<'a>(
    snapshot: &'a Snapshot,
    parameters: &Parameters,
) -> Result<Option<&'a Scheme>, Problem> {
    let Some(name) = parameters.text("scheme") else {
        return Ok(None);
    };
    let found = snapshot.schemes.iter().find(|scheme| scheme.name() == name);
    let names = || {
        snapshot
            .schemes
            .iter()
            .map(Scheme::name)
            .collect::<Vec<_>>()
            .join(", ")
    };
    let missing = || {
        Problem::bad_value(
            "scheme",
            name,
            format!("there is no scheme {name:?}; there are: {}", names()),
        )
    };
    found.map(Some).ok_or_else(missing)
}

/// The lattice point of a given one.
async fn place(given: LonLat, crs: Crs) -> Result<Coord, Problem> {
    let at = match crs.to_wgs84(given) {
        Some(at) => at,
        None => {
            blocking(move || {
                transform(crs)?
                    .apply(given)
                    .map_err(|error| crs_problem(crs, &error))
            })
            .await??
        }
    };
    Ok(Coord::snap(at)?)
}

fn transform(crs: Crs) -> Result<Transform, Problem> {
    Transform::to_wgs84(crs).map_err(|error| crs_problem(crs, &error))
}

fn crs_problem(crs: Crs, error: &dyn std::fmt::Display) -> Problem {
    Problem::bad_value("crs", crs.to_string(), error.to_string())
}

/// Runs what takes its time, or what is bound to one thread, off the threads that answer.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Problem::internal(&error))
}

/// `POST /api/locate`: JSON or CSV, answered in kind and in order.
pub(super) async fn many(
    State(service): State<Arc<Service>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Result<Response, Problem> {
    let body = body.map_err(|error| Problem::bad_body(error.to_string()))?;
    let snapshot = service.app.snapshot();
    let given = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    match given.split(';').next().unwrap_or_default().trim() {
        "application/json" => blocking(move || many_json(&snapshot, &body)).await?,
        "text/csv" => {
            let parameters = Parameters::read(query.as_deref());
            let crs = parameters.parsed("crs")?.unwrap_or_default();
            let time = parameters.time()?;
            blocking(move || many_csv(&snapshot, body, crs, time)).await?
        }
        _ => Err(Problem::wrong_type(given, "application/json or text/csv")),
    }
}

#[derive(Deserialize)]
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
    let results = question
        .points
        .iter()
        .map(|point| match point_place(point, &to_wgs84) {
            Ok(at) => {
                let answers: Vec<SchemeAnswer> = schemes
                    .iter()
                    .map(|scheme| locate_in(snapshot, scheme, at, time))
                    .collect();
                let outcome = answers
                    .first()
                    .map_or(Outcome::Outside, |answer| answer.outcome);
                PointJson {
                    outcome: Some(outcome),
                    codes: answers.iter().flat_map(SchemeAnswer::codes).collect(),
                    error: None,
                }
            }
            Err(error) => PointJson {
                outcome: None,
                codes: Vec::new(),
                error: Some(error),
            },
        });
    let answer = Results {
        version: snapshot.version,
        levels: level_names(&schemes, &[]),
        points: results.collect(),
    };
    Ok(Json(answer).into_response())
}

fn point_place(point: &RawValue, to_wgs84: &Transform) -> Result<Coord, String> {
    let [lon, lat]: [f64; 2] = serde_json::from_str(point.get())
        .map_err(|_| format!("{} is no point; write [lon,lat] in degrees", point.get()))?;
    let at = to_wgs84
        .apply(LonLat { lon, lat })
        .map_err(|error| error.to_string())?;
    Coord::snap(at).map_err(|error| error.to_string())
}

fn many_csv(snapshot: &Snapshot, body: Bytes, crs: Crs, time: Time) -> Result<Response, Problem> {
    let table = PointTable::open(std::io::Cursor::new(body), &PointColumns::default())?;
    let (output, _) = locate_points(snapshot, table, &transform(crs)?, Vec::new(), time)?;
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8")];
    Ok((headers, output).into_response())
}
