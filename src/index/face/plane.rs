//! The lattice as unsigned numbers, and what lies left of, right of, above or below an edge.
//!
//! A point is taken as moved by (ε², ε): a little up, and far less to the right. So no vertex is level with a point, no point lies
//! on an edge, and every lattice point has exactly one face, whatever the order in which edges are looked at.

use std::cmp::Ordering;

use crate::model::{Bounds, Coord};

/// Added to a signed lattice number (by exclusive or) to make the unsigned one of the same order.
const BIAS: u32 = 1 << 31;

/// A lattice number as an unsigned one: cells of 2^n steps then begin at multiples of 2^n.
pub(super) fn unsigned(number: i32) -> u32 {
    number.cast_unsigned() ^ BIAS
}

/// A directed edge between two faces.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    pub a: Coord,
    pub b: Coord,
    /// By how much the value of the face on its left exceeds that on its right.
    pub step: i32,
    /// By how many grids the face on its left is covered more often.
    pub cover: i32,
}

/// On which side of a way a point lies, as seen from its beginning: less on its right, more on its left.
fn side((dx, dy): (i64, i64), (px, py): (i64, i64)) -> Ordering {
    if let (Some(left), Some(right)) = (dx.checked_mul(py), dy.checked_mul(px)) {
        return left.cmp(&right);
    }
    let product = |a: i64, b: i64| i128::from(a) * i128::from(b);
    product(dx, py).cmp(&product(dy, px))
}

/// The steps from one point to another.
fn way(a: Coord, b: Coord) -> (i64, i64) {
    let steps = |a: i32, b: i32| i64::from(b) - i64::from(a);
    (steps(a.lon, b.lon), steps(a.lat, b.lat))
}

/// Whether the moved point lies to the left of the edge's line.
fn is_left(a: Coord, b: Coord, p: Coord) -> bool {
    let on_line = if a.lon < b.lon || a.lon == b.lon && a.lat > b.lat {
        Ordering::Greater
    } else {
        Ordering::Less
    };
    side(way(a, b), way(a, p)).then(on_line).is_gt()
}

/// Whether the way from the far west to `p`, or on to the far east, crosses the edge.
#[inline(always)]
pub(super) fn spans_height(a: Coord, b: Coord, p: Coord) -> bool {
    (a.lat <= p.lat) != (b.lat <= p.lat)
}

/// Whether the way from the far south to `p`, or on to the far north, crosses the edge.
#[inline(always)]
pub(super) fn spans_width(a: Coord, b: Coord, p: Coord) -> bool {
    (a.lon <= p.lon) != (b.lon <= p.lon)
}

/// How often the way from the far west to `p` crosses the edge from its right to its left: 1, 0 or −1.
pub(super) fn from_west(a: Coord, b: Coord, p: Coord) -> i32 {
    let (starts, ends) = (a.lat <= p.lat, b.lat <= p.lat);
    if starts == ends || is_left(a, b, p) == starts {
        return 0;
    }
    if starts { -1 } else { 1 }
}

/// How often the way from the far south to `p` crosses the edge from its right to its left: 1, 0 or −1.
pub(super) fn from_south(a: Coord, b: Coord, p: Coord) -> i32 {
    let (starts, ends) = (a.lon <= p.lon, b.lon <= p.lon);
    if starts == ends || is_left(a, b, p) != starts {
        return 0;
    }
    if starts { 1 } else { -1 }
}

/// A closed box of lattice points that may reach one step beyond the lattice.
#[derive(Clone, Copy, Debug)]
pub(super) struct Area {
    pub west: i64,
    pub south: i64,
    pub east: i64,
    pub north: i64,
}

impl Area {
    /// The box around the lattice points from one corner to before another, in unsigned numbers, one step wider on each side.
    pub(super) fn between(west: i64, south: i64, east: i64, north: i64) -> Self {
        let bias = i64::from(BIAS);
        Self {
            west: west - bias - 1,
            south: south - bias - 1,
            east: east - bias,
            north: north - bias,
        }
    }

    /// The lattice points of the box, grown by some steps on each side.
    pub(super) fn bounds(&self, by: i64) -> Bounds {
        let clamp = |number: i64| {
            i32::try_from(number).unwrap_or(if number < 0 { i32::MIN } else { i32::MAX })
        };
        Bounds {
            min: Coord {
                lon: clamp(self.west - by),
                lat: clamp(self.south - by),
            },
            max: Coord {
                lon: clamp(self.east + by),
                lat: clamp(self.north + by),
            },
        }
    }

    /// One step west of the lowest row of the cell that this box is around. At the very edge of the numbers, where no ground
    /// is, the cell's own corner.
    pub(super) fn corner(&self) -> Coord {
        let clamp = |number: i64| i32::try_from(number).unwrap_or(i32::MIN);
        Coord {
            lon: clamp(self.west),
            lat: clamp(self.south + 1),
        }
    }

    /// Whether the spans of the edge and the box meet; touching counts.
    pub(super) fn may_meet(&self, a: Coord, b: Coord) -> bool {
        let (ax, ay, bx, by) = (
            i64::from(a.lon),
            i64::from(a.lat),
            i64::from(b.lon),
            i64::from(b.lat),
        );
        ax.min(bx) <= self.east
            && self.west <= ax.max(bx)
            && ay.min(by) <= self.north
            && self.south <= ay.max(by)
    }

    /// Whether the edge shares a point with the box; touching counts.
    pub(super) fn meets(&self, a: Coord, b: Coord) -> bool {
        if !self.may_meet(a, b) {
            return false;
        }
        let along = way(a, b);
        let side = |(x, y)| side(along, (x - i64::from(a.lon), y - i64::from(a.lat)));
        // The corners farthest to the left and to the right of the edge's direction.
        let (leftmost, rightmost) = match (along.0 >= 0, along.1 >= 0) {
            (true, true) => ((self.west, self.north), (self.east, self.south)),
            (true, false) => ((self.east, self.north), (self.west, self.south)),
            (false, true) => ((self.west, self.south), (self.east, self.north)),
            (false, false) => ((self.east, self.south), (self.west, self.north)),
        };
        side(leftmost).is_ge() && side(rightmost).is_le()
    }
}
