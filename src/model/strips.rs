//! The edges of a polygon by strips of latitude: which of them touch each other, and how often they wind around a place.

use std::cmp::Ordering;

use super::sweep::{side, way};
use super::{Bounds, Coord};

/// Edges in all strips together, for each edge: long ones lie in many.
const IN_STRIPS: usize = 8;
/// Steps that may be taken for each edge: beyond, most edges lie in one strip, or touch most others.
const STEPS: usize = 512;

/// An edge from its lower to its higher end, by longitude, then latitude.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub low: Coord,
    pub high: Coord,
    /// How much more often the rings walk it from `low` to `high` than back.
    pub times: i32,
}

impl Line {
    /// All edges, each once; those that are walked back as often as forth are left out.
    pub(super) fn all(edges: impl Iterator<Item = (Coord, Coord)>) -> Vec<Self> {
        let line = |(a, b): (Coord, Coord)| Self {
            low: a.min(b),
            high: a.max(b),
            times: if a < b { 1 } else { -1 },
        };
        let mut all: Vec<Self> = edges.map(line).collect();
        all.sort_unstable_by_key(|line| (line.low, line.high));
        let same = all.chunk_by(|a, b| (a.low, a.high) == (b.low, b.high));
        let once = same.map(|same| Self {
            times: same.iter().map(|line| line.times).sum(),
            ..same[0]
        });
        once.filter(|line| line.times != 0).collect()
    }

    pub(super) fn bounds(&self) -> Bounds {
        Bounds::of(self.low).union(Bounds::of(self.high))
    }

    pub(super) fn side(&self, p: Coord) -> Ordering {
        side(self.low, self.high, p)
    }
}

/// Windings on the right and on the left of an edge, as seen from its lower end.
pub(super) type Sides = [i32; 2];

/// Where another edge touches an edge between its ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Touch {
    pub line: usize,
    /// Which part of the edge lies before the place, wrong by a few times 2^-52.
    pub at: f64,
    /// By how much the windings behind it differ from those before.
    pub by: Sides,
}

/// Edges by strips of equal height.
pub(super) struct Strips<'a> {
    lines: &'a [Line],
    south: i64,
    height: i64,
    /// Where the numbers of each strip end.
    ends: Vec<usize>,
    numbers: Vec<usize>,
    /// Steps that are left.
    left: usize,
}

impl<'a> Strips<'a> {
    pub(super) fn of(lines: &'a [Line]) -> Option<Self> {
        let bounds = lines.iter().map(Line::bounds).reduce(Bounds::union)?;
        let (south, north) = (i64::from(bounds.min.lat), i64::from(bounds.max.lat));
        let mut strips = Self {
            lines,
            south,
            height: north - south + 1,
            ends: Vec::new(),
            numbers: Vec::new(),
            left: STEPS * lines.len(),
        };
        let most = i64::try_from(lines.len()).unwrap_or(i64::MAX);
        let lowest = (strips.height / most).max(1);
        while strips.height > lowest && strips.halved().in_all() <= IN_STRIPS * lines.len() {
            strips.height = strips.halved().height;
        }
        strips.deal(north);
        Some(strips)
    }

    /// Of half the height, without edges.
    fn halved(&self) -> Self {
        Self {
            height: (self.height + 1) / 2,
            ends: Vec::new(),
            numbers: Vec::new(),
            ..*self
        }
    }

    fn strip(&self, lat: i32) -> usize {
        usize::try_from((i64::from(lat) - self.south) / self.height).unwrap_or(0)
    }

    /// The strips that an edge lies in.
    fn span(&self, line: &Line) -> std::ops::RangeInclusive<usize> {
        let (a, b) = (line.low.lat, line.high.lat);
        self.strip(a.min(b))..=self.strip(a.max(b))
    }

    fn in_all(&self) -> usize {
        self.lines.iter().map(|line| self.span(line).count()).sum()
    }

    /// Deals the edges out to strips, each in their order: by the longitude of their lower ends.
    fn deal(&mut self, north: i64) {
        let count = usize::try_from((north - self.south) / self.height).unwrap_or(0) + 1;
        let mut ends = vec![0; count];
        let spans = || self.lines.iter().map(|line| self.span(line));
        spans().flatten().for_each(|strip| ends[strip] += 1);
        let mut all = 0;
        for end in &mut ends {
            (*end, all) = (all, all + *end);
        }
        let mut numbers = vec![0; all];
        for (number, span) in spans().enumerate() {
            for strip in span {
                numbers[ends[strip]] = number;
                ends[strip] += 1;
            }
        }
        (self.ends, self.numbers) = (ends, numbers);
    }

    fn numbers(&self, strip: usize) -> &[usize] {
        let start = strip.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.numbers[start..self.ends[strip]]
    }

    /// Where edges touch each other, by edge and place; `None` where that would take long to tell.
    pub(super) fn touches(&mut self) -> Option<Vec<Touch>> {
        let mut touches = Vec::new();
        let mut left = self.left;
        for strip in 0..self.ends.len() {
            let numbers = self.numbers(strip);
            for (place, &one) in numbers.iter().enumerate() {
                let line = &self.lines[one];
                let first = *self.span(line).start();
                let others = numbers[place + 1..].iter();
                let beside = |other: &&usize| self.lines[**other].low.lon <= line.high.lon;
                let mut count = 1;
                for &other in others.take_while(beside) {
                    count += 1;
                    // In the first strip that both lie in.
                    if first.max(*self.span(&self.lines[other]).start()) == strip {
                        touches.extend(self.touch(one, other).into_iter().flatten().flatten());
                    }
                }
                left = left.checked_sub(count)?;
            }
        }
        self.left = left;
        touches.sort_unstable_by(|a, b| a.line.cmp(&b.line).then(a.at.total_cmp(&b.at)));
        Some(touches)
    }

    /// Where two edges touch between the ends of the one, and of the other.
    fn touch(&self, one: usize, other: usize) -> Option<[Option<Touch>; 2]> {
        let (e, f) = (&self.lines[one], &self.lines[other]);
        if !e.bounds().meets(f.bounds()) {
            return None;
        }
        let of_f = [e.side(f.low), e.side(f.high)];
        let of_e = [f.side(e.low), f.side(e.high)];
        // Beside each other, or on one line.
        if of_f[0] == of_f[1] || of_e[0] == of_e[1] {
            return None;
        }
        let touch = |line: usize, (e, f), own: [Ordering; 2], others: [Ordering; 2]| {
            let is_within = own[0].is_ne() && own[0] == own[1].reverse();
            is_within.then(|| Touch {
                line,
                at: share(e, f),
                by: change(f, others),
            })
        };
        Some([
            touch(one, (e, f), of_e, of_f),
            touch(other, (f, e), of_f, of_e),
        ])
    }

    /// How often the edges wind around the places right and left of the beginning of an edge; `None` where that would take long
    /// to tell.
    pub(super) fn windings(&mut self, line: &Line) -> Option<Sides> {
        let numbers = self.numbers(self.strip(line.low.lat));
        let mut windings = [0; 2];
        for &number in numbers {
            for (winding, side) in windings.iter_mut().zip([Ordering::Less, Ordering::Greater]) {
                *winding += self.lines[number].winding_beside(line, side);
            }
        }
        self.left = self.left.checked_sub(numbers.len())?;
        Some(windings)
    }
}

impl Line {
    /// What the edge adds to the winding around a place that lies a little along another edge from its lower end, and far less to
    /// its right or left.
    fn winding_beside(&self, other: &Self, to: Ordering) -> i32 {
        let p = other.low;
        let (dx, dy) = way(other.low, other.high);
        // Level with the place is what is level with the beginning, but for the little that it is moved.
        let is_above = |at: Coord| {
            let moved = 0.cmp(&dy).then(to.reverse());
            at.lat.cmp(&p.lat).then(moved).is_gt()
        };
        let (starts, ends) = (is_above(self.low), is_above(self.high));
        if starts == ends {
            return 0;
        }
        let (x, y) = way(self.low, self.high);
        let bend = (i128::from(x) * i128::from(dy)).cmp(&(i128::from(y) * i128::from(dx)));
        // Parallel edges lead the same way.
        let side = self.side(p).then(bend).then(to);
        match (ends, side) {
            (true, Ordering::Greater) => self.times,
            (false, Ordering::Less) => -self.times,
            _ => 0,
        }
    }
}

/// Which part of an edge lies before the place where another crosses its line.
fn share(e: &Line, f: &Line) -> f64 {
    let cross = |(ax, ay): (i64, i64), (bx, by): (i64, i64)| {
        i128::from(ax) * i128::from(by) - i128::from(ay) * i128::from(bx)
    };
    let along = way(f.low, f.high);
    let (part, all) = (
        cross(way(e.low, f.low), along),
        cross(way(e.low, e.high), along),
    );
    #[expect(
        clippy::cast_precision_loss,
        reason = "as exact as the places are needed"
    )]
    let share = part as f64 / all as f64;
    share
}

/// By how much an edge with ends on these sides of another changes the windings right and left of that one, where it touches it.
fn change(f: &Line, ends: [Ordering; 2]) -> Sides {
    // Who goes along the other edge comes from the right to the left of what leads to the right.
    let by = if ends[1] < ends[0] { f.times } else { -f.times };
    [Ordering::Less, Ordering::Greater].map(|side| if ends.contains(&side) { by } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The winding around a place with room around it, by the angles of all edges.
    fn by_angles(edges: &[(Coord, Coord)], (x, y): (f64, f64)) -> i32 {
        let angle = |at: Coord| (f64::from(at.lat) - y).atan2(f64::from(at.lon) - x);
        let turn = |&(a, b): &(Coord, Coord)| {
            let turn = angle(b) - angle(a);
            turn - (turn / std::f64::consts::TAU).round() * std::f64::consts::TAU
        };
        let turns = edges.iter().map(turn).sum::<f64>() / std::f64::consts::TAU;
        #[expect(clippy::cast_possible_truncation, reason = "a few turns")]
        let turns = turns.round() as i32;
        turns
    }

    #[test]
    fn windings_beside_each_edge_are_those_that_its_angles_say() {
        let ring = [
            (0, 0),
            (60, 0),
            (60, 50),
            (20, -30),
            (-40, 20),
            (50, 20),
            (10, 40),
            (10, -20),
        ];
        let ring = ring.map(|(lon, lat)| Coord { lon, lat });
        let edges: Vec<(Coord, Coord)> = (0..ring.len())
            .map(|n| (ring[n], ring[(n + 1) % ring.len()]))
            .collect();
        let lines = Line::all(edges.iter().copied());
        let mut strips = Strips::of(&lines).unwrap();
        for line in &lines {
            let (dx, dy) = way(line.low, line.high);
            #[expect(clippy::cast_precision_loss, reason = "small numbers")]
            let (dx, dy) = (dx as f64, dy as f64);
            let beside = |by: f64| {
                let x = f64::from(line.low.lon) + dx * 1e-4 + by * dy * 1e-7;
                let y = f64::from(line.low.lat) + dy * 1e-4 - by * dx * 1e-7;
                by_angles(&edges, (x, y))
            };
            let found = strips.windings(line).unwrap();
            assert_eq!(found, [beside(1.0), beside(-1.0)], "{line:?}");
        }
    }
}
