//! Where a crooked polygon winds backward: clockwise more often than counter-clockwise.
//!
//! Around all other places it winds not at all, once, or more often, and sums of its edges say so: the number of a grid that is
//! counted once is the grid's. Backward places must be told apart from these. Each is bounded by pieces of edges, from one touch
//! of another edge to the next, that have it on one side; so the boxes around the pieces of one place touch each other.

use super::strips::{Line, Sides, Strips, Touch};
use super::{Bounds, Coord, Geometry};

/// A box around places where a polygon winds backward.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backward {
    pub bounds: Bounds,
    /// How often it does at most.
    pub times: u32,
}

/// Most times.
const MOST_TIMES: u32 = 8;
/// Boxes that touch are merged so many times over.
const ROUNDS: usize = 16;
/// Shorter pieces of an edge are none: both ends are one place, but for rounding.
const SHORTEST: f64 = 4.0 * f64::EPSILON;

impl Backward {
    /// Boxes that hold all places, but for some on edges or less than a step from there, around which the rings of a polygon
    /// wind backward. They lie within its bounds. `None` where that would take long to tell, or where it winds more than eight
    /// times.
    #[must_use]
    pub fn places(polygon: &Geometry) -> Option<Vec<Self>> {
        let lines = Line::all(polygon.edges());
        let Some(mut strips) = Strips::of(&lines) else {
            return Some(Vec::new());
        };
        let touches = strips.touches()?;
        let mut rest = &touches[..];
        let mut places = Vec::new();
        for (number, line) in lines.iter().enumerate() {
            let count = rest.partition_point(|touch| touch.line <= number);
            let (own, others) = rest.split_at(count);
            pieces(line, strips.windings(line)?, own, &mut places);
            rest = others;
        }
        let bounds = polygon.bounds();
        for place in &mut places {
            place.bounds = meet(place.bounds, bounds);
        }
        let is_seldom = places.iter().all(|place| place.times <= MOST_TIMES);
        is_seldom.then(|| merged(places)).flatten()
    }
}

/// Adds boxes around the pieces of an edge that have a backward place on one side.
fn pieces(line: &Line, mut windings: Sides, touches: &[Touch], places: &mut Vec<Backward>) {
    let mut from = 0.0;
    let ends = touches.iter().map(|touch| (touch.at, touch.by));
    for (to, by) in ends.chain([(1.0, [0; 2])]) {
        let lowest = windings[0].min(windings[1]);
        if lowest < 0 && to - from > SHORTEST {
            places.push(Backward {
                bounds: around(line, from, to),
                times: lowest.unsigned_abs(),
            });
        }
        windings = [windings[0] + by[0], windings[1] + by[1]];
        from = to;
    }
}

/// A box around a piece of an edge, a step wider at least: pieces that meet in a place that is rounded meet all the same.
fn around(line: &Line, from: f64, to: f64) -> Bounds {
    let along = |low: i32, high: i32| {
        let at = |share: f64| f64::from(low) + share * (f64::from(high) - f64::from(low));
        let (a, b) = (at(from), at(to));
        #[expect(
            clippy::cast_possible_truncation,
            reason = "it stays at the edge of the numbers"
        )]
        let span = (
            (a.min(b).floor() - 1.0) as i32,
            (a.max(b).ceil() + 1.0) as i32,
        );
        span
    };
    let (lon, lat) = (
        along(line.low.lon, line.high.lon),
        along(line.low.lat, line.high.lat),
    );
    Bounds {
        min: Coord {
            lon: lon.0,
            lat: lat.0,
        },
        max: Coord {
            lon: lon.1,
            lat: lat.1,
        },
    }
}

/// What lies in both boxes, which share a point.
fn meet(one: Bounds, other: Bounds) -> Bounds {
    Bounds {
        min: Coord {
            lon: one.min.lon.max(other.min.lon),
            lat: one.min.lat.max(other.min.lat),
        },
        max: Coord {
            lon: one.max.lon.min(other.max.lon),
            lat: one.max.lat.min(other.max.lat),
        },
    }
}

/// Boxes that do not touch, around all boxes; `None` where that would take long.
fn merged(mut places: Vec<Backward>) -> Option<Vec<Backward>> {
    for _ in 0..ROUNDS {
        let before = places.len();
        places = merged_once(places);
        if places.len() == before {
            return Some(places);
        }
    }
    None
}

/// Merges each box with those before it that it touches; what has grown may touch others.
fn merged_once(mut places: Vec<Backward>) -> Vec<Backward> {
    places.sort_unstable_by_key(|place| place.bounds.min.lon);
    let (mut open, mut done): (Vec<Backward>, Vec<Backward>) = (Vec::new(), Vec::new());
    for mut place in places {
        open.retain(|other| {
            let is_over = other.bounds.max.lon < place.bounds.min.lon;
            let is_met = other.bounds.meets(place.bounds);
            if is_over {
                done.push(*other);
            } else if is_met {
                place.bounds = place.bounds.union(other.bounds);
                place.times = place.times.max(other.times);
            }
            !is_over && !is_met
        });
        open.push(place);
    }
    done.extend(open);
    done
}
