//! Who is responsible for this point: the rules of the field, one a file.
//!
//! Finding is apart from judging: [`holders`] asks an index which grids of a level hold the point, exactly on the lattice, and
//! [`near`] which come near it; [`ask`] walks the levels of a scheme and judges. One point has one owner by a fixed rule: of
//! several grids that hold it on a border or in an overlap, the one that the level below hangs on, else the one with the
//! lowest code. So the answer depends on nothing but the question, the grids and the deployment's rules.

mod accuracy;
mod answer;
mod ask;
mod batch;
mod chain;
mod dedicated;
mod disc;
mod found;
mod gap;
mod holders;
mod in_scheme;
mod lines;
mod measure;
mod near;
mod order;
mod outcome;
mod question;
mod staff;
mod units;
mod warnings;

use crate::model::{Coord, Scheme, Time};
use crate::snapshot::Snapshot;

use ask::Ask;

pub use answer::{Answer, Candidate, Owner, SchemeAnswer};
pub use batch::Batch;
pub use found::{Found, NO_GRID};
pub use order::{level_names, schemes_in_order};
pub use outcome::Outcome;
pub use question::Question;
pub use staff::{Duty, responsible, staff_of};
pub use warnings::Warning;

/// Asks all schemes who owns a point.
#[must_use]
pub fn locate<'a>(snapshot: &'a Snapshot, question: &Question<'a>) -> Answer<'a> {
    let (base, others) = schemes_in_order(snapshot, question.scheme);
    let ask = |scheme: &'a Scheme| Ask::new(snapshot, scheme, *question).answer();
    let winner = dedicated::winner(snapshot, question);
    let is_first = |scheme: &&Scheme| {
        let first = winner.as_ref().map(|winner| winner.scheme.name());
        first == Some(scheme.name())
    };
    let others = others.into_iter().filter(|scheme| !is_first(scheme));
    let (first, overlays) = match &winner {
        None => (base.map(ask), others.map(ask).collect()),
        Some(winner) => (
            Some(winner.clone()),
            base.into_iter().chain(others).map(ask).collect(),
        ),
    };
    let mut answer = Answer {
        at: question.at,
        time: question.time,
        first,
        overlays,
        warnings: Vec::new(),
    };
    answer.warnings = warnings::warnings(snapshot, question, &answer);
    answer
}

/// Asks one scheme who owns a point at a time.
#[must_use]
pub fn locate_in<'a>(
    snapshot: &'a Snapshot,
    scheme: &'a Scheme,
    at: Coord,
    time: Time,
) -> SchemeAnswer<'a> {
    Ask::new(snapshot, scheme, Question::new(at, time)).answer()
}
