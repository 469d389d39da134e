//! What the benches of locate have in common: who answers, how long it takes, how much memory it holds.
//!
//! Include it by `#[path = "contest/mod.rs"] mod contest;`.

pub(crate) mod built;
pub(crate) mod memory;
pub(crate) mod options;
pub(crate) mod ours;
pub(crate) mod peers;
pub(crate) mod report;
pub(crate) mod rounds;
pub(crate) mod zones;

use wangge::model::Coord;

/// Stands in an answer where nothing owns the point.
pub(crate) const NONE: u32 = u32::MAX;

/// Answers points one after another by appending to a list.
type Answer<'a> = Box<dyn Fn(&[Coord], &mut Vec<u32>) + 'a>;

/// Somebody who answers points.
pub(crate) struct Contestant<'a> {
    pub name: &'static str,
    /// Numbers in the answer to one point: one a level.
    pub width: usize,
    /// How many of the points it is asked: fewer where it is slow.
    pub points: usize,
    /// Appends the answers, each the position of the owner in its level or [`NONE`].
    pub answer: Answer<'a>,
}

impl<'a> Contestant<'a> {
    /// One who answers one number for each point.
    pub(crate) fn of_one(
        name: &'static str,
        points: usize,
        owner: impl Fn(Coord) -> u32 + 'a,
    ) -> Self {
        let answer = move |points: &[Coord], answers: &mut Vec<u32>| {
            answers.extend(points.iter().map(|&at| owner(at)));
        };
        Self {
            name,
            width: 1,
            points,
            answer: Box::new(answer),
        }
    }
}

/// How many rows differ, where `width` numbers of the one and the last number of a row of the other are the answer to a point.
pub(crate) fn differing(ours: &[u32], width: usize, other: &[u32], others: usize) -> usize {
    let rows = ours.chunks_exact(width).zip(other.chunks_exact(others));
    let differ = |(one, other): &(&[u32], &[u32])| one[width - others..] != **other;
    rows.filter(differ).count()
}
