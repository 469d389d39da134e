//! Places beyond the tile and its buffer are cut away, in integers: of lines in tile units, of polygons in fine ones.
//!
//! Every edge is first split where it crosses a line of the frame: the tile's own sides and the buffer's, drawn on for ever.
//! The place of a crossing is the exact one rounded to the nearest such unit, halves towards south-east, so it depends on the
//! edge's two ends and the line, and not on the direction, the ring or the tile: neighbours and adjacent tiles that have the
//! edge have the crossing too. Splitting at the tile's own sides, and not only at the buffer's, is what makes adjacent tiles
//! meet exactly: what is rounded in one's buffer cannot move what lies in the other.

use super::mercator::{FINE, Place, SIDE};
use super::outlines::{Outline, Outlines};
use super::ring::{Rect, edges};

/// A tile's square and the larger one with its buffer, in tile units or fine ones from the tile's north-west corner.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    low: i64,
    high: i64,
    side: i64,
}

impl Frame {
    /// `buffer` in tile units.
    pub(super) fn new(buffer: u32) -> Self {
        Self {
            low: -i64::from(buffer),
            high: SIDE + i64::from(buffer),
            side: SIDE,
        }
    }

    /// The same in fine units.
    pub(super) fn fine(self) -> Self {
        Self {
            low: self.low * FINE,
            high: self.high * FINE,
            side: self.side * FINE,
        }
    }

    /// Of a frame in tile units.
    pub(super) fn buffer(self) -> i64 {
        -self.low
    }

    /// Where edges are split, in x and in y alike.
    fn lines(self) -> [i64; 4] {
        [self.low, 0, self.side, self.high]
    }

    /// Whether the place lies in the tile or its buffer, edges included.
    pub(super) fn holds(self, at: Place) -> bool {
        let range = self.low..=self.high;
        range.contains(&at.x) && range.contains(&at.y)
    }

    fn misses(self, bounds: Rect) -> bool {
        let Rect { min, max } = bounds;
        max.x < self.low || min.x > self.high || max.y < self.low || min.y > self.high
    }

    /// Whether an edge surely needs no place on a line of the frame: both ends lie within the tile, or beyond one side of the frame.
    fn leaves_edge(self, a: Place, b: Place) -> bool {
        let (left, right) = (a.x.min(b.x), a.x.max(b.x));
        let (top, bottom) = (a.y.min(b.y), a.y.max(b.y));
        let is_within = left >= 0 && right <= self.side && top >= 0 && bottom <= self.side;
        let is_beyond =
            right < self.low || left > self.high || bottom < self.low || top > self.high;
        is_within || is_beyond
    }

    /// Whether nothing in the box can cross a line of the frame.
    pub(super) fn leaves_whole(self, bounds: Rect) -> bool {
        let tile = 0..=self.side;
        let inside = |at: Place| tile.contains(&at.x) && tile.contains(&at.y);
        inside(bounds.min) && inside(bounds.max)
    }
}

/// Cuts rings along a frame, with room that is used again.
#[derive(Debug)]
pub(super) struct Scissors {
    frame: Frame,
    whole: Outlines,
    inside: Vec<Place>,
    kept: Vec<Place>,
}

impl Scissors {
    pub(super) fn new(frame: Frame) -> Self {
        Self {
            frame,
            whole: Outlines::default(),
            inside: Vec::new(),
            kept: Vec::new(),
        }
    }

    /// Leaves of the rings from one on what is inside the frame, each again as one ring: pieces are joined along the frame, which
    /// `clean` undoes. What is less than three places is nothing; a ring that lies within the tile stays, however little it is.
    pub(super) fn cut(&mut self, first: usize, out: &mut Outlines) {
        let frame = self.frame;
        let stays = |bounds: Option<Rect>| bounds.is_some_and(|bounds| frame.leaves_whole(bounds));
        let rings = out.runs_from(first);
        if rings.iter().all(|ring| stays(Rect::around(ring.places))) {
            return;
        }
        let mut whole = std::mem::take(&mut self.whole);
        whole.clear();
        whole.add_runs(rings);
        out.drop_from(first);
        for Outline { places, is_outer } in whole.runs_from(0).iter() {
            match Rect::around(places) {
                bounds if stays(bounds) => out.add_run(places, is_outer),
                Some(bounds) if !frame.misses(bounds) => {
                    for at in self.ring(places) {
                        out.draw_to(*at);
                    }
                    out.end_ring(is_outer);
                }
                _ => {}
            }
        }
        self.whole = whole;
    }

    /// The part of a ring inside the frame.
    fn ring(&mut self, ring: &[Place]) -> &[Place] {
        let Self {
            frame,
            inside,
            kept,
            ..
        } = self;
        inside.clear();
        for (a, b) in edges(ring) {
            inside.push(a);
            if !frame.leaves_edge(a, b) {
                split(a, b, *frame, inside);
            }
        }
        for axis in [Axis::X, Axis::Y] {
            for (line, inward) in [(frame.low, 1), (frame.high, -1)] {
                half(inside, axis, line, inward, kept);
                std::mem::swap(inside, kept);
            }
        }
        inside
    }
}

/// Adds the parts of a line inside the frame.
pub(super) fn line(line: &[Place], frame: Frame, out: &mut Outlines) {
    let Some(bounds) = Rect::around(line) else {
        return;
    };
    if frame.misses(bounds) {
        return;
    }
    let mut whole = Vec::with_capacity(line.len() + 8);
    for (index, &b) in line.iter().enumerate() {
        if index > 0 {
            split(line[index - 1], b, frame, &mut whole);
        }
        whole.push(b);
    }
    whole.dedup();
    let pieces = whole.split(|&at| !frame.holds(at));
    for piece in pieces.filter(|piece| piece.len() > 1) {
        out.add_run(piece, false);
    }
}

/// The axis that a line of the frame crosses at right angles.
#[derive(Clone, Copy)]
enum Axis {
    X,
    Y,
}

impl Axis {
    fn of(self, at: Place) -> i64 {
        match self {
            Self::X => at.x,
            Self::Y => at.y,
        }
    }

    /// Where the edge a → b crosses the line; its ends lie on different sides of it.
    fn crossing(self, a: Place, b: Place, line: i64) -> Place {
        let turned = |at: Place| Place { x: at.y, y: at.x };
        match self {
            Self::X => crossing(a, b, line),
            Self::Y => turned(crossing(turned(a), turned(b), line)),
        }
    }
}

/// Where the edge crosses the line of constant `x`, rounded half up.
fn crossing(a: Place, b: Place, x: i64) -> Place {
    let run = i128::from(b.x) - i128::from(a.x);
    let rise = (i128::from(b.y) - i128::from(a.y)) * (i128::from(x) - i128::from(a.x));
    let (rise, run) = if run < 0 { (-rise, -run) } else { (rise, run) };
    // floor(rise / run + 1/2), with a positive divisor.
    let rounded = (2 * rise + run).div_euclid(2 * run);
    // It lies between the ends, so it fits.
    let y = a.y + i64::try_from(rounded).unwrap_or_default();
    Place { x, y }
}

/// Adds the places where the edge a → b crosses lines of the frame, in their order along it, without its ends.
fn split(a: Place, b: Place, frame: Frame, out: &mut Vec<Place>) {
    let start = out.len();
    for axis in [Axis::X, Axis::Y] {
        let (from, to) = (axis.of(a), axis.of(b));
        for line in frame.lines() {
            if from.min(to) < line && line < from.max(to) {
                out.push(axis.crossing(a, b, line));
            }
        }
    }
    if out.len() > start + 1 {
        // Rounding keeps the order in x and in y, so their sum along the edge keeps it too.
        let (right, down) = ((b.x - a.x).signum(), (b.y - a.y).signum());
        out[start..].sort_unstable_by_key(|at| at.x * right + at.y * down);
    }
}

/// One pass of Sutherland and Hodgman (1974): keeps what lies inward of the line, which `inward` (1 or -1) says. Edges were
/// split at the line, so only those that an earlier pass laid along the frame are left to cut: at right angles, so exactly.
fn half(ring: &[Place], axis: Axis, line: i64, inward: i64, kept: &mut Vec<Place>) {
    kept.clear();
    let depth = |at: Place| (axis.of(at) - line) * inward;
    let Some(&last) = ring.last() else {
        return;
    };
    let mut from = last;
    for &to in ring {
        if depth(from).signum() * depth(to).signum() < 0 {
            kept.push(axis.crossing(from, to, line));
        }
        if depth(to) >= 0 {
            kept.push(to);
        }
        from = to;
    }
}

#[cfg(test)]
mod tests {
    use super::super::ring::doubled_area;
    use super::*;
    use proptest::prelude::*;

    fn at(x: i64, y: i64) -> Place {
        Place { x, y }
    }

    fn cut(ring: &[Place]) -> Outlines {
        let mut out = Outlines::default();
        out.add_run(ring, true);
        Scissors::new(Frame::new(64)).cut(0, &mut out);
        out
    }

    #[test]
    fn a_ring_around_the_tile_becomes_the_frame() {
        let around = [
            at(-9999, -9999),
            at(9999, -9999),
            at(9999, 9999),
            at(-9999, 9999),
        ];
        let clipped = cut(&around);
        assert_eq!(
            doubled_area(clipped.places()),
            2 * i128::from(SIDE + 128).pow(2)
        );
    }

    #[test]
    fn a_ring_beyond_the_buffer_leaves_nothing() {
        let beyond = [at(4200, 0), at(5000, 0), at(5000, 99)];
        assert_eq!(cut(&beyond).run_count(), 0);
    }

    #[test]
    fn a_line_that_leaves_and_comes_back_becomes_two() {
        let mut lines = Outlines::default();
        let there_and_back = [
            at(10, -500),
            at(10, 100),
            at(5000, 100),
            at(5000, 200),
            at(10, 200),
        ];
        line(&there_and_back, Frame::new(0), &mut lines);
        let lines: Vec<&[Place]> = lines.runs_from(0).iter().map(|run| run.places).collect();
        assert_eq!(
            lines,
            [
                &[at(10, 0), at(10, 100), at(SIDE, 100)][..],
                &[at(SIDE, 200), at(10, 200)]
            ]
        );
    }

    #[test]
    fn a_line_that_only_touches_the_frame_leaves_nothing() {
        let mut lines = Outlines::default();
        line(
            &[at(-10, 10), at(0, 0), at(-10, -10)],
            Frame::new(0),
            &mut lines,
        );
        assert_eq!(lines, Outlines::default());
    }

    fn far() -> impl Strategy<Value = Place> {
        let reach = -(1i64 << 36)..(1i64 << 36);
        (reach.clone(), reach).prop_map(|(x, y)| at(x, y))
    }

    proptest! {
        #[test]
        fn the_neighbour_on_the_other_side_cuts_an_edge_at_the_same_place(
            a in far(), b in far(), shift in -3..=3i64,
        ) {
            let line = shift * SIDE;
            prop_assume!((a.x < line) != (b.x < line) && a.x != line && b.x != line);
            let here = Axis::X.crossing(a, b, line);
            let origin = at(line - SIDE, 7 * SIDE);
            let there = Axis::X.crossing(b.seen_from(origin), a.seen_from(origin), SIDE);
            prop_assert_eq!(here.seen_from(origin), there);
            // The second way: the exact place is not further off than half a unit.
            let off = (i128::from(here.y) - i128::from(a.y)) * i128::from(b.x - a.x)
                - i128::from(b.y - a.y) * i128::from(line - a.x);
            prop_assert!(2 * off.abs() <= i128::from((b.x - a.x).abs()));
        }
    }
}
