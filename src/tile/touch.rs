//! A cheap test that spares most polygons the overlay: does any edge touch another, and does every ring lie where it should?

use super::mercator::Place;
use super::outlines::{Outline, Runs};
use super::ring::{edges, turn};

/// An edge of a ring, seen from the shape's first place.
#[derive(Clone, Copy, Debug)]
struct Edge {
    /// Its ends, the western one first, the northern one of a steep edge.
    west: Spot,
    east: Spot,
    /// Its rows, from north to south.
    top: i32,
    bottom: i32,
    /// Its number among all edges, and that of the edge after it in the ring.
    number: u32,
    next: u32,
}

/// A place near the shape's first one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Spot {
    x: i32,
    y: i32,
}

impl Spot {
    /// `None` where it is so far away that what it turns by would not fit.
    #[inline]
    fn of(at: Place, origin: Place) -> Option<Self> {
        let Place { x, y } = at.seen_from(origin);
        let near = |step: i64| i32::try_from(step).ok().filter(|step| step.abs() < 1 << 29);
        Some(Self {
            x: near(x)?,
            y: near(y)?,
        })
    }

    /// In the order of columns, and of rows in one.
    #[inline]
    fn rank(self) -> i64 {
        i64::from(self.x) << 32 | i64::from(self.y.cast_unsigned() ^ 1 << 31)
    }

    #[inline]
    fn to(self, other: Self) -> (i64, i64) {
        (
            i64::from(other.x) - i64::from(self.x),
            i64::from(other.y) - i64::from(self.y),
        )
    }
}

impl Edge {
    #[inline]
    fn between(a: Spot, b: Spot, number: u32, next: u32) -> Self {
        let is_eastward = a.rank() < b.rank();
        Self {
            west: if is_eastward { a } else { b },
            east: if is_eastward { b } else { a },
            top: a.y.min(b.y),
            bottom: a.y.max(b.y),
            number,
            next,
        }
    }

    #[inline]
    fn adjoins(self, other: Self) -> bool {
        self.next == other.number || other.next == self.number
    }

    /// On which side of it a spot lies: the sign of a turn.
    #[inline]
    fn side(self, at: Spot) -> i64 {
        let ((dx, dy), (x, y)) = (self.west.to(self.east), self.west.to(at));
        (dx * y - dy * x).signum()
    }

    /// Whether it has a point in common with an edge that has none of its ends, whose columns and rows overlap with its.
    #[inline]
    fn meets(self, other: Self) -> bool {
        self.side(other.west) * self.side(other.east) <= 0
            && other.side(self.west) * other.side(self.east) <= 0
    }
}

/// Comparisons allowed for each edge, and rings in a feature. Beyond, the overlay's sweep is the faster way, and the answer is
/// «they may touch».
const PATIENCE: usize = 64;

/// Looks through the edges of one shape from west to east, in room that is used again.
#[derive(Debug, Default)]
pub(super) struct Sweep {
    edges: Vec<Edge>,
    /// Where each begins in the west, and its number.
    order: Vec<u64>,
    /// The edges in that order.
    sorted: Vec<Edge>,
}

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
        self.edges.clear();
        let Some(origin) = rings.iter().next().map(|ring| ring.places[0]) else {
            return false;
        };
        let are_straight = |ring: Outline<'_>| self.add(ring.places, origin);
        if !rings.iter().all(are_straight) {
            return true;
        }
        let Self {
            edges,
            order,
            sorted,
        } = self;
        order.clear();
        let west = |edge: &Edge| u64::from(edge.west.x.cast_unsigned() ^ 1 << 31);
        order.extend(
            edges
                .iter()
                .map(|edge| west(edge) << 32 | u64::from(edge.number)),
        );
        order.sort_unstable();
        sorted.clear();
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the lower half is the number"
        )]
        sorted.extend(order.iter().map(|both| edges[*both as u32 as usize]));
        any_meet(sorted)
    }

    /// Adds the edges of a ring; false where one runs back over the one before, or lies too far away.
    fn add(&mut self, ring: &[Place], origin: Place) -> bool {
        let Ok(first) = u32::try_from(self.edges.len()) else {
            return false;
        };
        let spot = |at: &Place| Spot::of(*at, origin);
        let [.., before, last] = ring else {
            return false;
        };
        let (Some(mut before), Some(mut from)) = (spot(before), spot(last)) else {
            return false;
        };
        // The edge to the ring's first place is the last one's next.
        let mut number = first;
        for (to, next) in ring.iter().zip(first + 1..) {
            let Some(to) = spot(to) else {
                return false;
            };
            if folds(before, from, to) {
                return false;
            }
            self.edges.push(Edge::between(from, to, number, next));
            (before, from, number) = (from, to, next);
        }
        if let Some(last) = self.edges.last_mut() {
            last.next = first;
        }
        true
    }
}

/// Whether an edge runs back over the one before.
#[inline]
fn folds(a: Spot, corner: Spot, b: Spot) -> bool {
    let ((px, py), (qx, qy)) = (corner.to(a), corner.to(b));
    px * qy == py * qx && px * qx + py * qy > 0
}

/// Whether any edges that do not follow one another have a point in common, by a sweep from west to east; they are in that order.
fn any_meet(edges: &[Edge]) -> bool {
    let mut left = edges.len() * PATIENCE;
    for (index, edge) in edges.iter().enumerate() {
        for other in &edges[index + 1..] {
            if other.west.x > edge.east.x {
                break;
            }
            left = left.saturating_sub(1);
            if left == 0 {
                return true;
            }
            let is_near = other.top <= edge.bottom && other.bottom >= edge.top;
            if is_near && !edge.adjoins(*other) && edge.meets(*other) {
                return true;
            }
        }
    }
    false
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
            clipped_area(ring.places) > 0 && around == 0
        } else {
            let is_in_own = own.is_some_and(|outer| winding(outer, at) == 1);
            clipped_area(ring.places) < 0 && around == 1 && is_in_own
        }
    })
}

/// Twice the signed area as its first place sees it: what is clipped is small, so it fits.
fn clipped_area(ring: &[Place]) -> i64 {
    let origin = ring[0];
    edges(ring).map(|(a, b)| turn(origin, a, b)).sum()
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
