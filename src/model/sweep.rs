//! A line that sweeps over the edges of a polygon, and sees whether its rings cross.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::collections::btree_set::Range;
use std::ops::Bound::{Excluded, Unbounded};

use super::{Coord, turn};

/// On which side of the line from `a` to `b` a point lies: less on its right, more on its left.
pub(super) fn side(a: Coord, b: Coord, p: Coord) -> Ordering {
    let ((abx, aby), (apx, apy)) = (way(a, b), way(a, p));
    match (abx.checked_mul(apy), aby.checked_mul(apx)) {
        (Some(left), Some(right)) => left.cmp(&right),
        _ => turn(a, b, p).cmp(&0),
    }
}

/// The steps from one point to another.
pub(super) fn way(a: Coord, b: Coord) -> (i64, i64) {
    let wide = |a: i32, b: i32| i64::from(b) - i64::from(a);
    (wide(a.lon, b.lon), wide(a.lat, b.lat))
}

/// An edge from its lower to its higher end, by longitude, then latitude.
#[derive(Clone, Copy, Debug)]
struct Span {
    low: Coord,
    high: Coord,
    /// The ring walks it from `low` to `high`: the interior is above.
    rises: bool,
}

impl Span {
    /// Of two edges at once under the sweep line: whether they keep their order to the end of the first.
    fn stays_below(&self, above: &Self) -> bool {
        if self.high <= above.high {
            side(above.low, above.high, self.high).is_le()
        } else {
            side(self.low, self.high, above.high).is_ge()
        }
    }
}

/// From below to above, where both are under the sweep line; equal are those that overlap.
impl Ord for Span {
    fn cmp(&self, other: &Self) -> Ordering {
        let above = |first: &Self, then: &Self| {
            let begins = side(first.low, first.high, then.low);
            begins.then_with(|| side(first.low, first.high, then.high))
        };
        if self.low <= other.low {
            above(self, other).reverse()
        } else {
            above(other, self)
        }
    }
}

impl PartialOrd for Span {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Span {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Span {}

/// The edges below and above a place of the sweep line.
type Gap = (Option<Span>, Option<Span>);

/// A line that sweeps over all edges. From below to above they must rise and fall in turns, the lowest rising: then the rings
/// wind once or not at all around each point of the line.
pub(super) struct Sweep {
    /// By their lower ends.
    starts: Vec<Span>,
    /// By their higher ends.
    ends: Vec<Span>,
    /// The edges under the line, from below to above.
    line: BTreeSet<Span>,
    /// Some edge is walked to and fro.
    pub(super) has_pairs: bool,
}

impl Sweep {
    /// Edges that are walked to and fro are left out; `None` where one is walked twice the same way.
    pub(super) fn of(edges: impl Iterator<Item = (Coord, Coord)>) -> Option<Self> {
        let span = |(a, b): (Coord, Coord)| Span {
            low: a.min(b),
            high: a.max(b),
            rises: a < b,
        };
        let mut all: Vec<Span> = edges.map(span).collect();
        all.sort_unstable_by_key(|span| (span.low, span.high));
        let count = all.len();
        let mut starts = Vec::with_capacity(count);
        for same in all.chunk_by(|a, b| (a.low, a.high) == (b.low, b.high)) {
            let rising = same.iter().filter(|span| span.rises).count();
            let falling = same.len() - rising;
            match rising.abs_diff(falling) {
                0 => {}
                1 => starts.push(Span {
                    rises: rising > falling,
                    ..same[0]
                }),
                _ => return None,
            }
        }
        let mut ends = starts.clone();
        ends.sort_unstable_by_key(|span| span.high);
        let line = BTreeSet::new();
        Some(Self {
            has_pairs: starts.len() < count,
            starts,
            ends,
            line,
        })
    }

    /// Sweeps over all edges: whether they cross, or do not rise and fall in turns.
    pub(super) fn finds_crooked(mut self) -> bool {
        let (starts, ends) = (
            std::mem::take(&mut self.starts),
            std::mem::take(&mut self.ends),
        );
        let (mut starts, mut ends) = (&starts[..], &ends[..]);
        // Each edge ends, and begins before.
        while let Some(end) = ends.first() {
            let at = starts
                .first()
                .map_or(end.high, |start| start.low.min(end.high));
            let (ending, later) =
                ends.split_at(ends.iter().take_while(|span| span.high == at).count());
            let beginning = starts.iter().take_while(|span| span.low == at).count();
            let (beginning, rest) = starts.split_at(beginning);
            if !self.passes(ending, beginning) {
                return true;
            }
            (starts, ends) = (rest, later);
        }
        false
    }

    /// Moves the line over a vertex, with the edges that end and begin there; false where something is crooked.
    fn passes(&mut self, ending: &[Span], beginning: &[Span]) -> bool {
        if !ending.iter().all(|span| self.line.remove(span)) {
            return false;
        }
        let closed: Vec<Gap> = ending.iter().map(|span| self.around(span)).collect();
        if !closed.iter().all(keep_order) || !beginning.iter().all(|span| self.line.insert(*span)) {
            return false;
        }
        let opened = beginning.iter().all(|span| {
            let (below, above) = self.around(span);
            [(below, Some(*span)), (Some(*span), above)]
                .iter()
                .all(|gap| keep_order(gap) && take_turns(gap))
        });
        let is_open = |gap: &&Gap| match &gap.0 {
            Some(below) => self.above(below).next() == gap.1.as_ref(),
            None => self.line.first() == gap.1.as_ref(),
        };
        opened && closed.iter().filter(is_open).all(take_turns)
    }

    fn around(&self, span: &Span) -> Gap {
        let below = self.line.range((Unbounded, Excluded(span))).next_back();
        (below.copied(), self.above(span).next().copied())
    }

    fn above(&self, span: &Span) -> Range<'_, Span> {
        self.line.range((Excluded(span), Unbounded))
    }
}

fn keep_order(gap: &Gap) -> bool {
    match gap {
        (Some(below), Some(above)) => below.stays_below(above),
        _ => true,
    }
}

fn take_turns(gap: &Gap) -> bool {
    match gap {
        (Some(below), Some(above)) => below.rises != above.rises,
        (None, Some(lowest)) => lowest.rises,
        (Some(highest), None) => !highest.rises,
        (None, None) => true,
    }
}
