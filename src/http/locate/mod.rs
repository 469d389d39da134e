//! `/api/locate`: who is responsible for this point, or for these.

mod answer;
mod many;

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::Response;

use crate::model::{Metres, Scheme};
use crate::query::{Question, locate};
use crate::snapshot::Snapshot;

use super::asked::Asked;
use super::parameters::{Parameters, finite};
use super::problem::Problem;
use super::{Service, blocking};

pub(super) use many::many;

/// Fields of a question.
pub(super) const FIELDS: [&str; 9] = [
    "lon", "lat", "crs", "at", "accuracy", "scheme", "unit", "category", "gap_m",
];

/// A reach within which few enough grids lie to be weighed at once.
const AT_HAND: Metres = Metres::whole(1000);

/// `GET /api/locate?lon=&lat=[&crs=][&at=][&accuracy=][&scheme=][&unit=][&category=][&gap_m=]`.
pub(super) async fn one(
    State(service): State<Arc<Service>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let (parameters, asked) = Asked::of(&service, query.as_deref(), &FIELDS).await?;
    let reach = {
        let snapshot = service.app.glance();
        let reach = Reach::read(&snapshot, &parameters)?;
        if !reach.is_wide() {
            return answered(&snapshot, &parameters, &asked, reach);
        }
        reach
    };
    let snapshot = service.app.snapshot();
    blocking(move || answered(&snapshot, &parameters, &asked, reach)).await?
}

/// How far around the point is looked.
#[derive(Clone, Copy, Debug)]
struct Reach {
    accuracy: Option<Metres>,
    gap_limit: Option<Metres>,
}

impl Reach {
    fn read(snapshot: &Snapshot, parameters: &Parameters) -> Result<Self, Problem> {
        let longest = snapshot.rules.largest_accuracy;
        Ok(Self {
            accuracy: metres(parameters, "accuracy", longest)?,
            gap_limit: metres(parameters, "gap_m", longest)?,
        })
    }

    fn is_wide(self) -> bool {
        let reaches = [self.accuracy, self.gap_limit];
        reaches.iter().flatten().any(|reach| *reach > AT_HAND)
    }
}

fn answered(
    snapshot: &Snapshot,
    parameters: &Parameters,
    asked: &Asked,
    reach: Reach,
) -> Result<Response, Problem> {
    let question = Question {
        given: asked.given,
        crs: asked.crs,
        turned: asked.turned,
        accuracy: reach.accuracy.unwrap_or_default(),
        gap_limit: reach.gap_limit,
        scheme: asked_scheme(snapshot, parameters)?,
        unit: parameters.text("unit"),
        category: parameters.text("category"),
        ..Question::new(asked.at, asked.time)
    };
    let answer = locate(snapshot, &question);
    Ok(answer::response(snapshot, &answer, asked))
}

/// A field in metres, up to the longest that is weighed.
fn metres(
    parameters: &Parameters,
    field: &str,
    longest: Metres,
) -> Result<Option<Metres>, Problem> {
    let Some(text) = parameters.text(field) else {
        return Ok(None);
    };
    let refuse = |reason: &dyn std::fmt::Display| {
        let detail = format!("{field} is refused: {reason}; give it in metres or leave it out");
        Problem::bad_value(field, text, detail)
    };
    let number =
        finite(text).ok_or_else(|| refuse(&format!("{text:?} is not a number that is finite")))?;
    let checked = Metres::up_to(longest, number);
    checked.map(Some).map_err(|error| refuse(&error))
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
