//! How wangge answers: in batches and one at a time.

use wangge::model::{Coord, Time};
use wangge::query::{Batch, locate_in};
use wangge::snapshot::Snapshot;

use super::{Contestant, NONE};

/// The present of the benches.
pub(crate) const NOW: Time = Time::from_millis(1_767_225_600_000);

/// How many levels the first scheme has.
pub(crate) fn width(snapshot: &Snapshot) -> usize {
    snapshot.schemes[0].levels().len()
}

/// The owners of each level in the first scheme, top first.
pub(crate) fn batch<'a>(
    snapshot: &'a Snapshot,
    name: &'static str,
    points: usize,
) -> Contestant<'a> {
    let answer = move |points: &[Coord], answers: &mut Vec<u32>| {
        let mut found = Vec::with_capacity(points.len());
        Batch::new(snapshot, &[&snapshot.schemes[0]], NOW).locate(points, &mut found, answers);
        assert_eq!(found.len(), points.len());
    };
    Contestant {
        name,
        width: width(snapshot),
        points,
        answer: Box::new(answer),
    }
}

/// The same, each point a question of its own. Features are numbered from 1 in their order, so that the id tells the position.
pub(crate) fn single<'a>(
    snapshot: &'a Snapshot,
    name: &'static str,
    points: usize,
) -> Contestant<'a> {
    let scheme = &snapshot.schemes[0];
    let answer = move |points: &[Coord], answers: &mut Vec<u32>| {
        for &at in points {
            let answer = locate_in(snapshot, scheme, at, NOW);
            answers.extend(answer.levels.iter().map(|owner| {
                owner.map_or(NONE, |owner| {
                    u32::try_from(owner.grid.id.0 - 1).unwrap_or(NONE)
                })
            }));
        }
    };
    Contestant {
        name,
        width: width(snapshot),
        points,
        answer: Box::new(answer),
    }
}
