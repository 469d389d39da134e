//! What the asker should know about the question.

use crate::model::{Coord, Crs, LonLat};
use crate::snapshot::Snapshot;

use super::answer::{Answer, SchemeAnswer};
use super::ask::Ask;
use super::outcome::Outcome;
use super::question::Question;

/// Something that the asker should know about the question.
#[derive(Clone, Debug, PartialEq)]
pub enum Warning {
    /// Nothing can answer.
    NoScheme,
    /// Outside everything as declared, and inside when read in this datum.
    LooksLike { declared: Crs, read: Crs },
    /// Outside everything as given, and inside when longitude and latitude change places.
    LooksSwapped { lon: f64, lat: f64 },
    /// The unit that is meant is none, or not one alone, of those here.
    UnknownUnit { unit: Box<str> },
    /// More grids may be the one than an answer names.
    CandidatesCut { left_off: usize },
}

impl Warning {
    /// A word for programs, which stays.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoScheme => "no_scheme",
            Self::LooksLike { read, .. } => match read {
                Crs::Gcj02 => "looks_like_gcj02",
                Crs::Bd09 => "looks_like_bd09",
                Crs::Wgs84 | Crs::Cgcs2000 | Crs::Epsg(_) => "looks_like_wgs84",
            },
            Self::LooksSwapped { .. } => "looks_swapped",
            Self::UnknownUnit { .. } => "unknown_unit",
            Self::CandidatesCut { .. } => "candidates_cut",
        }
    }

    /// As the API says it, the code first.
    #[must_use]
    pub fn text(&self) -> String {
        let words = match self {
            Self::NoScheme => {
                "no grid scheme is declared; declare one with `wangge scheme add`".to_owned()
            }
            Self::LooksLike { declared, read } => format!(
                "the point lies outside every grid as {declared} and inside when read as {read}; ask with crs={read} if that is what it is"
            ),
            Self::LooksSwapped { lon, lat } => format!(
                "the point lies outside every grid; lon {lon}, lat {lat} lies where this service knows the ground: are lon and lat swapped?"
            ),
            Self::UnknownUnit { unit } => {
                format!("no one unit here has the code or name {unit:?}")
            }
            Self::CandidatesCut { left_off } => {
                format!("{left_off} less likely candidates are left off")
            }
        };
        format!("{}: {words}", self.code())
    }
}

/// All that there is to say about a question and its answer.
pub(super) fn warnings<'a>(
    snapshot: &'a Snapshot,
    question: &Question<'a>,
    answer: &Answer<'a>,
) -> Vec<Warning> {
    let Some(first) = &answer.first else {
        return vec![Warning::NoScheme];
    };
    let mut found = Vec::new();
    if is_outside(first) && answer.overlays.iter().all(is_outside) {
        found.extend(other_datums(snapshot, question));
        found.extend(swapped(snapshot, question));
    }
    found.extend(unknown_unit(question, first));
    if first.left_off > 0 {
        let left_off = first.left_off;
        found.push(Warning::CandidatesCut { left_off });
    }
    found
}

fn is_outside(answer: &SchemeAnswer<'_>) -> bool {
    answer.outcome == Outcome::Outside
}

/// Datums other than the declared one in which the same numbers lie inside.
fn other_datums(snapshot: &Snapshot, question: &Question<'_>) -> Vec<Warning> {
    let declared = question.crs;
    // Where GCJ-02 shifts nothing, outside China, nobody uses it or BD-09.
    let is_shifted = Crs::Gcj02.to_wgs84(question.given) != Some(question.given);
    let reads: &[Crs] = match (is_shifted, declared) {
        (true, _) => &[Crs::Wgs84, Crs::Gcj02, Crs::Bd09],
        (false, Crs::Epsg(_)) => &[Crs::Wgs84],
        (false, _) => &[],
    };
    let as_declared = match declared {
        Crs::Epsg(_) => Some(question.at),
        _ => place(question.given, declared),
    };
    reads
        .iter()
        .map(|&read| (read, place(question.given, read)))
        .filter(|&(_, at)| at != as_declared && is_held(snapshot, question, at))
        .map(|(read, _)| Warning::LooksLike { declared, read })
        .collect()
}

fn swapped(snapshot: &Snapshot, question: &Question<'_>) -> Option<Warning> {
    let LonLat { lon, lat } = question.given;
    let turned = LonLat::new(lat, lon);
    let known = snapshot.known_ground();
    let is_known =
        |at: Option<Coord>| at.is_some_and(|at| known.is_some_and(|known| known.holds(at)));
    let at = place(turned, question.crs).or(question.turned);
    let is_meant =
        is_held(snapshot, question, at) || (is_known(at) && !is_known(Some(question.at)));
    is_meant.then_some(Warning::LooksSwapped {
        lon: turned.lon,
        lat: turned.lat,
    })
}

fn place(given: LonLat, crs: Crs) -> Option<Coord> {
    Coord::snap(crs.to_wgs84(given)?).ok()
}

/// Whether any scheme has a grid where a point would be in another reading.
fn is_held(snapshot: &Snapshot, question: &Question<'_>, at: Option<Coord>) -> bool {
    let Some(at) = at else {
        return false;
    };
    let question = Question::new(at, question.time);
    let answers = |scheme| Ask::new(snapshot, scheme, question).answer();
    snapshot
        .schemes
        .iter()
        .any(|scheme| !is_outside(&answers(scheme)))
}

fn unknown_unit(question: &Question<'_>, first: &SchemeAnswer<'_>) -> Option<Warning> {
    let unit = question.unit?.trim();
    let grid = first.lowest().map(|owner| owner.grid);
    let is_named = grid.is_some_and(|grid| {
        [&grid.code, &grid.name]
            .into_iter()
            .any(|name| name.as_deref() == Some(unit))
    });
    (!is_named).then(|| Warning::UnknownUnit { unit: unit.into() })
}
