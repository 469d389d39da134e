//! The answer for one point as JSON.

use serde::Serialize;

use crate::model::{Crs, LonLat, Staff, Time};
use crate::query::{Answer, Outcome, Owner, SchemeAnswer, staff_of};
use crate::snapshot::Snapshot;

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

/// A duty without the phone number, which is restricted.
#[derive(Serialize)]
struct StaffJson<'a> {
    role: &'a str,
    name: &'a str,
}

impl<'a> From<&'a Staff> for StaffJson<'a> {
    fn from(duty: &'a Staff) -> Self {
        Self {
            role: &duty.role,
            name: &duty.name,
        }
    }
}

/// What one scheme answers; of no scheme at all, that the point is outside.
#[derive(Default, Serialize)]
pub(super) struct SchemeJson<'a> {
    scheme: Option<&'a str>,
    outcome: Outcome,
    pub certain: bool,
    grid: Option<GridJson<'a>>,
    community: Option<GridJson<'a>>,
    chain: Vec<GridJson<'a>>,
    staff: Vec<StaffJson<'a>>,
    candidates: Vec<GridJson<'a>>,
}

impl<'a> SchemeJson<'a> {
    fn of(snapshot: &'a Snapshot, answer: &SchemeAnswer<'a>, time: Time) -> Self {
        let lowest = answer.levels.last().copied().flatten();
        let is_shared = answer.holders.len() > 1 || answer.outcome == Outcome::Boundary;
        let candidates = answer.holders.iter().filter(|_| is_shared);
        let staff = answer.owner().map(|owner| staff_of(snapshot, owner, time));
        Self {
            scheme: Some(answer.scheme.name()),
            outcome: answer.outcome,
            certain: answer.is_certain(),
            grid: lowest.map(GridJson::from),
            community: answer.community().map(GridJson::from),
            chain: answer.chain().map(GridJson::from).collect(),
            staff: staff.into_iter().flatten().map(StaffJson::from).collect(),
            candidates: candidates.copied().map(GridJson::from).collect(),
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
    pub base: SchemeJson<'a>,
    overlays: Vec<SchemeJson<'a>>,
    pub warnings: Vec<String>,
}

impl<'a> AnswerJson<'a> {
    /// `given` is the point as it was asked for, in `crs`.
    pub(super) fn of(snapshot: &'a Snapshot, answer: &Answer<'a>, given: LonLat, crs: Crs) -> Self {
        let scheme = |scheme: &SchemeAnswer<'a>| SchemeJson::of(snapshot, scheme, answer.time);
        Self {
            lon: given.lon,
            lat: given.lat,
            crs: crs.to_string(),
            approximate: crs.is_approximate(),
            at: answer.time.to_string(),
            version: snapshot.version,
            base: answer.base.as_ref().map(scheme).unwrap_or_default(),
            overlays: answer.overlays.iter().map(scheme).collect(),
            warnings: answer
                .warnings
                .iter()
                .map(|warning| warning.text().to_owned())
                .collect(),
        }
    }
}
