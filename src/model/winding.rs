//! Whether a polygon's rings wind once around each point inside of them and not at all around any other.
//!
//! Such rings may touch themselves and each other in vertices, and walk an edge to and fro; they do not cross, and holes lie in
//! their shells. Then the sum of the signed edges tells inside from outside, as the even-odd rule does.

use std::collections::BTreeSet;
use std::collections::btree_set::Range;
use std::ops::Bound::{Excluded, Unbounded};
use std::sync::atomic::{AtomicU8, Ordering};

use super::{Coord, turn};

/// Edges of so many are compared each with each, more are swept.
const MOST_COMPARED: usize = 768;
/// Edges whose boxes are compared with another's at once.
const TOGETHER: usize = 16;

/// What was found of a polygon, kept beside it: looked for once, where it is first asked.
#[derive(Debug, Default)]
pub(super) struct Windings(AtomicU8);

/// Not yet looked for.
const UNKNOWN: u8 = 0;
const STRAIGHT: u8 = 1;
const CROOKED: u8 = 2;

impl Windings {
    /// What is known, or what `find` says.
    pub(super) fn is_crooked(&self, find: impl FnOnce() -> bool) -> bool {
        // Whoever comes at the same time finds the same.
        match self.0.load(Ordering::Relaxed) {
            UNKNOWN => {
                let is_crooked = find();
                let known = if is_crooked { CROOKED } else { STRAIGHT };
                self.0.store(known, Ordering::Relaxed);
                is_crooked
            }
            known => known == CROOKED,
        }
    }
}

impl Clone for Windings {
    fn clone(&self) -> Self {
        Self(AtomicU8::new(self.0.load(Ordering::Relaxed)))
    }
}

/// It follows from the vertices, which are compared.
impl PartialEq for Windings {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Windings {}

/// Whether rings, which do not repeat their first vertices, wind around some point otherwise than once or not at all.
pub(super) fn is_crooked<R>(rings: impl Iterator<Item = R>) -> bool
where
    R: Iterator<Item = Coord>,
{
    let mut walk = Walk::default();
    for ring in rings {
        walk.vertices.extend(ring);
        walk.ends.push(walk.vertices.len());
    }
    let is_few = walk.vertices.len() <= MOST_COMPARED;
    let is_apart = is_few && !walk.turns_back() && !walk.touches();
    if is_apart {
        walk.is_nested_badly()
    } else {
        Sweep::of(walk.edges()).is_none_or(|mut sweep| sweep.is_crooked())
    }
}

/// All rings, one after the other.
#[derive(Default)]
struct Walk {
    vertices: Vec<Coord>,
    ends: Vec<usize>,
}

impl Walk {
    fn rings(&self) -> impl Iterator<Item = &[Coord]> + Clone {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts
            .zip(&self.ends)
            .map(|(start, &end)| &self.vertices[start..end])
    }

    fn edges(&self) -> impl Iterator<Item = (Coord, Coord)> {
        self.rings().flat_map(super::ring::edges)
    }

    /// Whether a ring anywhere goes back on the way that it came.
    fn turns_back(&self) -> bool {
        let back = |a: Coord, b: Coord, c: Coord| {
            let wide = |a: i32, b: i32| i64::from(b) - i64::from(a);
            let (abx, aby) = (wide(a.lon, b.lon), wide(a.lat, b.lat));
            let (bcx, bcy) = (wide(b.lon, c.lon), wide(b.lat, c.lat));
            // Where the product wraps the turn is looked at again.
            abx.wrapping_mul(bcy) == aby.wrapping_mul(bcx)
                && turn(a, b, c) == 0
                && (abx.signum() * bcx.signum() < 0 || aby.signum() * bcy.signum() < 0)
        };
        self.rings().any(|ring| {
            let [.., y, z] = ring else {
                return true;
            };
            back(*y, *z, ring[0])
                || back(*z, ring[0], ring[1])
                || ring.array_windows().any(|&[a, b, c]| back(a, b, c))
        })
    }

    /// Whether edges share a point that are not neighbours in a ring.
    fn touches(&self) -> bool {
        let boxes = Boxes::around(self.edges(), self.vertices.len());
        let mut start = 0;
        for &end in &self.ends {
            for edge in start..end {
                let first = if edge + 1 == end { end } else { edge + 2 };
                let closing = if edge == start { end - 1 } else { usize::MAX };
                let is_touched =
                    |other: usize| other != closing && touch(self.edge(edge), self.edge(other));
                if boxes.any_meeting(edge, first, is_touched) {
                    return true;
                }
            }
            start = end;
        }
        false
    }

    /// The edge that begins at a vertex.
    fn edge(&self, from: usize) -> (Coord, Coord) {
        let end = self.ends.partition_point(|&end| end <= from);
        let start = if end == 0 { 0 } else { self.ends[end - 1] };
        let to = if from + 1 == self.ends[end] {
            start
        } else {
            from + 1
        };
        (self.vertices[from], self.vertices[to])
    }

    /// Of rings that share no point: whether a shell lies in a polygon, or a hole does not.
    fn is_nested_badly(&self) -> bool {
        if self.ends.len() < 2 {
            return false;
        }
        self.rings().enumerate().any(|(number, ring)| {
            let others = self.rings().enumerate();
            let others = others.filter(|(other, _)| *other != number);
            let around: i32 = others
                .flat_map(|(_, ring)| super::ring::edges(ring))
                .map(|(a, b)| winding(a, b, ring[0]))
                .sum();
            let is_hole = super::doubled_area(ring) < 0;
            around != i32::from(is_hole)
        })
    }
}

/// What an edge adds to the times that its ring winds around a point that is not on it, counter-clockwise.
fn winding(a: Coord, b: Coord, p: Coord) -> i32 {
    match (a.lat <= p.lat, b.lat <= p.lat) {
        (true, false) if turn(a, b, p) > 0 => 1,
        (false, true) if turn(a, b, p) < 0 => -1,
        _ => 0,
    }
}

/// Whether two edges share a point.
fn touch((a, b): (Coord, Coord), (c, d): (Coord, Coord)) -> bool {
    let sides = |a, b, c, d| (turn(a, b, c).signum(), turn(a, b, d).signum());
    let (c_side, d_side) = sides(a, b, c, d);
    if c_side * d_side > 0 {
        return false;
    }
    let (a_side, b_side) = sides(c, d, a, b);
    // On one line they share a point where their boxes do, and these were asked.
    a_side * b_side <= 0
}

/// The boxes of edges, one list for each side, so that a machine compares several at once.
struct Boxes {
    west: Vec<i32>,
    east: Vec<i32>,
    south: Vec<i32>,
    north: Vec<i32>,
}

impl Boxes {
    fn around(edges: impl Iterator<Item = (Coord, Coord)>, count: usize) -> Self {
        let list = || Vec::with_capacity(count);
        let mut boxes = Self {
            west: list(),
            east: list(),
            south: list(),
            north: list(),
        };
        for (a, b) in edges {
            boxes.west.push(a.lon.min(b.lon));
            boxes.east.push(a.lon.max(b.lon));
            boxes.south.push(a.lat.min(b.lat));
            boxes.north.push(a.lat.max(b.lat));
        }
        boxes
    }

    /// Whether `which` holds for one of the edges from `first` on whose box meets that of `edge`.
    fn any_meeting(&self, edge: usize, first: usize, which: impl Fn(usize) -> bool) -> bool {
        let (west, east) = (self.west[edge], self.east[edge]);
        let (south, north) = (self.south[edge], self.north[edge]);
        // Numbers, not a row of conditions: each would be a branch.
        let meets = |((w, e), (s, n)): ((&i32, &i32), (&i32, &i32))| {
            let is_beside = i32::from(*w > east) | i32::from(west > *e);
            1 ^ (is_beside | i32::from(*s > north) | i32::from(south > *n))
        };
        let mut from = first;
        while from < self.west.len() {
            let to = (from + TOGETHER).min(self.west.len());
            let sides = || {
                let lon = self.west[from..to].iter().zip(&self.east[from..to]);
                lon.zip(self.south[from..to].iter().zip(&self.north[from..to]))
            };
            let is_met = sides().fold(0, |met, sides| met | meets(sides));
            let mut met = (from..to)
                .zip(sides())
                .filter(|(_, sides)| meets(*sides) != 0);
            if is_met != 0 && met.any(|(at, _)| which(at)) {
                return true;
            }
            from = to;
        }
        false
    }
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
            turn(above.low, above.high, self.high) <= 0
        } else {
            turn(self.low, self.high, above.high) >= 0
        }
    }
}

/// From below to above, where both are under the sweep line; equal are those that overlap.
impl Ord for Span {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let above = |first: &Self, then: &Self| match turn(first.low, first.high, then.low) {
            0 => turn(first.low, first.high, then.high),
            side => side,
        };
        if self.low <= other.low {
            0.cmp(&above(self, other))
        } else {
            above(other, self).cmp(&0)
        }
    }
}

impl PartialOrd for Span {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
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
struct Sweep {
    /// By their lower ends.
    starts: Vec<Span>,
    /// By their higher ends.
    ends: Vec<Span>,
    /// The edges under the line, from below to above.
    line: BTreeSet<Span>,
}

impl Sweep {
    /// Edges that are walked to and fro are left out; `None` where one is walked twice the same way.
    fn of(edges: impl Iterator<Item = (Coord, Coord)>) -> Option<Self> {
        let span = |(a, b): (Coord, Coord)| Span {
            low: a.min(b),
            high: a.max(b),
            rises: a < b,
        };
        let mut all: Vec<Span> = edges.map(span).collect();
        all.sort_unstable_by_key(|span| (span.low, span.high));
        let mut starts = Vec::with_capacity(all.len());
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
        Some(Self { starts, ends, line })
    }

    fn is_crooked(&mut self) -> bool {
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
