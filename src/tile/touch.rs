//! A cheap test that spares most polygons the overlay: does any edge touch another, and does every ring lie where it should?

use super::mercator::Place;
use super::outlines::{Outline, Runs};
use super::ring::{doubled_area, edges, turn};

/// An edge of a ring, its western end first.
#[derive(Clone, Copy, Debug)]
struct Edge {
    west: Place,
    east: Place,
    /// Its number among all edges, and that of the edge after it in the ring.
    number: usize,
    next: usize,
}

impl Edge {
    fn adjoins(self, other: Self) -> bool {
        self.next == other.number || other.next == self.number
    }
}

/// Comparisons allowed for each edge, and rings in a feature. Beyond, the overlay's sweep is the faster way, and the answer is
/// «they may touch».
const PATIENCE: usize = 64;

/// Looks through the edges of one shape from west to east, in room that is used again.
#[derive(Debug, Default)]
pub(super) struct Sweep(Vec<Edge>);

impl Sweep {
    /// Whether edges touch nowhere but in the corner between one and the next, and rings are where their order says: outer rings
    /// positive and in no polygon, holes negative, in their own outer ring and in no other polygon.
    pub(super) fn finds_clean(&mut self, rings: Runs<'_>) -> bool {
        rings.iter().all(|ring| ring.places.len() > 2)
            && rings.len() <= PATIENCE
            && !self.finds_touch(rings)
            && is_nested(rings)
    }

    fn finds_touch(&mut self, rings: Runs<'_>) -> bool {
        let Self(all) = self;
        all.clear();
        for Outline { places, .. } in rings.iter() {
            let first = all.len();
            for (index, (a, b)) in edges(places).enumerate() {
                all.push(Edge {
                    west: a.min(b),
                    east: a.max(b),
                    number: first + index,
                    next: first + (index + 1) % places.len(),
                });
            }
        }
        any_touch(all)
    }
}

/// Sweeps from west to east.
fn any_touch(edges: &mut [Edge]) -> bool {
    edges.sort_unstable_by_key(|edge| edge.west);
    let mut left = edges.len() * PATIENCE;
    for (index, &edge) in edges.iter().enumerate() {
        for &other in &edges[index + 1..] {
            if other.west.x > edge.east.x {
                break;
            }
            left = left.saturating_sub(1);
            if left == 0 || touch(edge, other) {
                return true;
            }
        }
    }
    false
}

/// Whether two edges that overlap in x share a point that they should not.
fn touch(one: Edge, other: Edge) -> bool {
    if one.adjoins(other) {
        return folds(one, other);
    }
    let (low, high) = (one.west.y.min(one.east.y), one.west.y.max(one.east.y));
    if other.west.y.max(other.east.y) < low || other.west.y.min(other.east.y) > high {
        return false;
    }
    let side = |edge: Edge, at| turn(edge.west, edge.east, at).signum();
    side(one, other.west) * side(one, other.east) <= 0
        && side(other, one.west) * side(other, one.east) <= 0
}

/// Whether the second of two edges runs back over the first.
fn folds(one: Edge, other: Edge) -> bool {
    let (corner, p) = if one.west == other.west || one.west == other.east {
        (one.west, one.east)
    } else {
        (one.east, one.west)
    };
    let q = if other.west == corner {
        other.east
    } else {
        other.west
    };
    let ahead = (p.x - corner.x) * (q.x - corner.x) + (p.y - corner.y) * (q.y - corner.y);
    turn(corner, p, q) == 0 && ahead > 0
}

/// Rings that touch nowhere can still have swapped sides by rounding, where one is about a unit wide.
fn is_nested(rings: Runs<'_>) -> bool {
    let mut own: Option<&[Place]> = None;
    rings.iter().enumerate().all(|(index, ring)| {
        let at = ring.places[0];
        let others = rings.iter().enumerate();
        let others = others.filter(|(other, _)| *other != index);
        let around: i64 = others.map(|(_, other)| winding(other.places, at)).sum();
        if ring.is_outer {
            own = Some(ring.places);
            doubled_area(ring.places) > 0 && around == 0
        } else {
            let is_in_own = own.is_some_and(|outer| winding(outer, at) == 1);
            doubled_area(ring.places) < 0 && around == 1 && is_in_own
        }
    })
}

/// How often a ring winds around a place that is not on it.
pub(super) fn winding(ring: &[Place], at: Place) -> i64 {
    edges(ring)
        .map(|(a, b)| match (a.y <= at.y, b.y <= at.y) {
            (true, false) if turn(a, b, at) > 0 => 1,
            (false, true) if turn(a, b, at) < 0 => -1,
            _ => 0,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::super::outlines::Outlines;
    use super::super::ring::Polygon;
    use super::*;

    fn is_clean(polygons: &[Polygon]) -> bool {
        let outlines = Outlines::of(&[polygons.to_vec()]);
        Sweep::default().finds_clean(outlines.shape(0))
    }

    fn ring(places: &[(i64, i64)]) -> Vec<Place> {
        places.iter().map(|&(x, y)| Place { x, y }).collect()
    }

    fn square(low: i64, high: i64) -> Vec<Place> {
        ring(&[(low, low), (high, low), (high, high), (low, high)])
    }

    fn hole(low: i64, high: i64) -> Vec<Place> {
        square(low, high).into_iter().rev().collect()
    }

    #[test]
    fn a_triangle_and_a_square_with_a_hole_and_an_island_in_it_are_clean() {
        assert!(is_clean(&[vec![ring(&[(0, 0), (5, 0), (0, 5)])]]));
        assert!(is_clean(&[
            vec![square(0, 90), hole(10, 80)],
            vec![square(20, 30)]
        ]));
        // A vertex on a straight line is no fault.
        assert!(is_clean(&[vec![ring(&[(0, 0), (2, 0), (5, 0), (0, 5)])]]));
    }

    #[test]
    fn whatever_touches_folds_or_lies_on_the_wrong_side_is_not_clean() {
        let bow_tie = ring(&[(0, 0), (9, 9), (9, 0), (0, 5)]);
        let spike = ring(&[(0, 0), (9, 0), (9, 20), (9, 9), (0, 9)]);
        let pinched = ring(&[(0, 0), (9, 0), (5, 5), (9, 9), (0, 9), (5, 5)]);
        let vertex_on_edge = ring(&[(0, 0), (9, 0), (9, 9), (5, 0), (0, 9)]);
        for bad in [bow_tie, spike, pinched, vertex_on_edge, hole(0, 9)] {
            assert!(!is_clean(&[vec![bad.clone()]]), "{bad:?}");
        }
        for bad in [
            vec![vec![square(0, 9), hole(10, 20)]],
            vec![vec![square(0, 9), hole(9, 20)]],
            vec![vec![square(0, 9), square(3, 6)]],
            vec![vec![square(0, 9)], vec![square(3, 6)]],
            vec![vec![square(0, 9)], vec![square(0, 9)]],
            vec![
                vec![square(0, 90), hole(10, 20)],
                vec![square(30, 40), hole(50, 60)],
            ],
            vec![vec![square(0, 9), hole(2, 8), hole(4, 6)]],
        ] {
            assert!(!is_clean(&bad), "{bad:?}");
        }
    }
}
