//! `/api/locate`: who is responsible for this point, or for these.

mod answer;
mod many;

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};

use crate::exchange::Transform;
use crate::model::{Coord, Crs, LonLat, Scheme};
use crate::query::locate;
use crate::snapshot::Snapshot;

use super::Service;
use super::parameters::Parameters;
use super::problem::Problem;
use answer::AnswerJson;

pub(super) use many::many;

/// Fields of a question.
pub(super) const FIELDS: [&str; 8] = [
    "lon", "lat", "crs", "at", "scheme", "accuracy", "unit", "category",
];
/// Fields of a question that this version does not weigh yet.
const UNWEIGHED: [&str; 3] = ["accuracy", "unit", "category"];

/// `GET /api/locate?lon=&lat=[&crs=][&at=][&scheme=]`.
pub(super) async fn one(
    State(service): State<Arc<Service>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let parameters = Parameters::read(query.as_deref(), &FIELDS)?;
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
