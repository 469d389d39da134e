//! Exact predicates on rings of lattice points. A ring is closed without repeating its first vertex.

use std::borrow::Borrow;

use super::{Bounds, Coord};

/// Where a point lies relative to a polygon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Inside,
    Border,
    Outside,
}

/// Twice the signed area in square lattice steps; positive where the interior lies to the left (counter-clockwise).
#[must_use]
pub fn doubled_area<C: Borrow<Coord>>(ring: impl IntoIterator<Item = C>) -> i128 {
    let product = |a: i32, b: i32| i128::from(i64::from(a) * i64::from(b));
    let turned = |from: Coord, to: Coord| product(from.lon, to.lat) - product(to.lon, from.lat);
    let mut ring = ring.into_iter().map(|at| *at.borrow());
    let Some(first) = ring.next() else {
        return 0;
    };
    let (sum, last) = ring.fold((0, first), |(sum, from), to| (sum + turned(from, to), to));
    sum + turned(last, first)
}

/// Sign of the turn a → b → p: positive where `p` lies to the left of the edge. Exact: the product needs 66 bits.
#[must_use]
pub fn turn(a: Coord, b: Coord, p: Coord) -> i128 {
    let (abx, aby) = (
        i128::from(b.lon) - i128::from(a.lon),
        i128::from(b.lat) - i128::from(a.lat),
    );
    let (apx, apy) = (
        i128::from(p.lon) - i128::from(a.lon),
        i128::from(p.lat) - i128::from(a.lat),
    );
    abx * apy - aby * apx
}

/// What one edge says about a point.
pub(super) enum Crossing {
    /// The point is on the edge.
    On,
    /// The ray from the point to the east crosses the edge.
    Yes,
    No,
}

/// Tests one edge against the ray from `p` to the east; an edge owns its lower end, so that each vertex counts once.
pub(super) fn crossing(a: Coord, b: Coord, p: Coord) -> Crossing {
    let (low, high) = if a.lat <= b.lat { (a, b) } else { (b, a) };
    if p.lat < low.lat || p.lat > high.lat {
        return Crossing::No;
    }
    if a.lat == b.lat {
        let on = a.lon.min(b.lon) <= p.lon && p.lon <= a.lon.max(b.lon);
        return if on { Crossing::On } else { Crossing::No };
    }
    match turn(low, high, p) {
        0 => Crossing::On,
        left if left > 0 && p.lat < high.lat => Crossing::Yes,
        _ => Crossing::No,
    }
}

/// Whether an edge shares a point with a box: their spans do, and the box is not all on one side of the edge's line.
pub(super) fn edge_meets(a: Coord, b: Coord, bounds: Bounds) -> bool {
    let (Bounds { min, max }, span) = (bounds, Bounds::of(a).union(Bounds::of(b)));
    let corners = [
        min,
        Coord {
            lon: max.lon,
            ..min
        },
        max,
        Coord {
            lon: min.lon,
            ..max
        },
    ];
    let turns = corners.map(|corner| turn(a, b, corner));
    span.meets(bounds) && turns.iter().any(|turn| *turn >= 0) && turns.iter().any(|turn| *turn <= 0)
}
