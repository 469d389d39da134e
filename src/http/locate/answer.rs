//! The answer for one point as JSON.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::model::Time;
use crate::query::{Answer, Candidate, Duty, Outcome, Owner, SchemeAnswer, Warning, responsible};
use crate::snapshot::Snapshot;

use super::super::asked::Asked;
use super::super::problem::Problem;

/// Bytes in which a usual answer has room: one scheme of five levels, with a duty.
const USUAL: usize = 2048;

#[derive(Serialize)]
struct GridJson<'a> {
    code: Option<&'a str>,
    name: Option<&'a str>,
    level: &'a str,
}

impl<'a> From<Owner<'a>> for GridJson<'a> {
    fn from(owner: Owner<'a>) -> Self {
        Self {
            code: owner.grid.code.as_deref(),
            name: owner.grid.name.as_deref(),
            level: &owner.level.name,
        }
    }
}

/// A grid that may be the one.
#[derive(Serialize)]
struct CandidateJson<'a> {
    #[serde(flatten)]
    grid: GridJson<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    share: Option<f64>,
    distance_m: f64,
}

impl<'a> From<&Candidate<'a>> for CandidateJson<'a> {
    fn from(candidate: &Candidate<'a>) -> Self {
        // No more places than are right; shares are rounded down, so that they never add up to more than 1.
        let down = |share: f64| (share * 1e4 + 1e-6).floor() / 1e4;
        Self {
            grid: candidate.owner.into(),
            share: candidate.share.map(down),
            distance_m: (candidate.distance_m * 1e3).round() / 1e3,
        }
    }
}

/// A duty and the grid that it is for, without the phone number, which is restricted.
#[derive(Serialize)]
struct StaffJson<'a> {
    role: &'a str,
    name: &'a str,
    level: &'a str,
    code: Option<&'a str>,
}

impl<'a> From<Duty<'a>> for StaffJson<'a> {
    fn from(duty: Duty<'a>) -> Self {
        Self {
            role: &duty.staff.role,
            name: &duty.staff.name,
            level: &duty.owner.level.name,
            code: duty.owner.grid.code.as_deref(),
        }
    }
}

/// What one scheme answers; of no scheme at all, that the point is outside.
#[derive(Default, Serialize)]
struct SchemeJson<'a> {
    scheme: Option<&'a str>,
    outcome: Outcome,
    certain: bool,
    grid: Option<GridJson<'a>>,
    community: Option<GridJson<'a>>,
    chain: Vec<GridJson<'a>>,
    staff: Vec<StaffJson<'a>>,
    candidates: Vec<CandidateJson<'a>>,
}

impl<'a> SchemeJson<'a> {
    fn of(
        snapshot: &'a Snapshot,
        answer: &SchemeAnswer<'a>,
        community: Option<Owner<'a>>,
        time: Time,
    ) -> Self {
        let staff = responsible(snapshot, answer.owner(), community, time);
        let candidates = answer.candidates.iter();
        Self {
            scheme: Some(answer.scheme.name()),
            outcome: answer.outcome,
            certain: answer.is_certain(),
            grid: answer.lowest().map(GridJson::from),
            community: community.map(GridJson::from),
            chain: answer.chain().map(GridJson::from).collect(),
            staff: staff.into_iter().map(StaffJson::from).collect(),
            candidates: candidates.map(CandidateJson::from).collect(),
        }
    }
}

/// What all schemes answer for one point, with the question as it was understood.
#[derive(Serialize)]
pub(super) struct AnswerJson<'a> {
    lon: f64,
    lat: f64,
    crs: String,
    approximate: bool,
    at: String,
    version: u64,
    #[serde(flatten)]
    first: SchemeJson<'a>,
    overlays: Vec<SchemeJson<'a>>,
    warnings: Vec<String>,
}

impl<'a> AnswerJson<'a> {
    pub(super) fn of(snapshot: &'a Snapshot, answer: &Answer<'a>, asked: &Asked) -> Self {
        let scheme = |scheme: &SchemeAnswer<'a>, community| {
            SchemeJson::of(snapshot, scheme, community, asked.time)
        };
        let first = answer.first.as_ref();
        let overlays = answer.overlays.iter();
        Self {
            lon: asked.given.lon,
            lat: asked.given.lat,
            crs: asked.crs.to_string(),
            approximate: asked.crs.is_approximate(),
            at: asked.time.to_string(),
            version: snapshot.version,
            first: first
                .map(|first| scheme(first, answer.community()))
                .unwrap_or_default(),
            overlays: overlays
                .map(|overlay| scheme(overlay, overlay.community))
                .collect(),
            warnings: answer.warnings.iter().map(Warning::text).collect(),
        }
    }
    pub(super) fn response(&self) -> Result<Response, Problem> {
        let mut body = Vec::with_capacity(USUAL);
        serde_json::to_writer(&mut body, self).map_err(|error| Problem::internal(&error))?;
        let kind = [(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        )];
        Ok((kind, body).into_response())
    }
}
