//! Rings in pieces that run one way: each edge of a piece goes east, or each west, or north, or south.
//!
//! So a piece does not meet itself, and most pieces do not meet because their boxes do not. That rings touch themselves and each
//! other nowhere is seen so from few boxes, edge by edge only where pieces come close.

use super::sweep::{side, way};
use super::{Bounds, Coord};

/// Edges of a piece at most: the box of a longer one has more beside it.
const MOST: usize = 16;
/// Pairs of pieces and of edges that are looked at for each edge: beyond, most lie close together.
const FEW: usize = 128;

/// Edges of a ring that follow each other and run one way.
struct Piece {
    bounds: Bounds,
    /// Its first vertex, and its last.
    first: usize,
    last: usize,
    /// The first vertex of the piece after it in its ring.
    next: usize,
}

/// Whether rings share no point with each other nor with themselves, but for the ends of edges that follow each other. `false`
/// also where that would take long to tell. Each ring begins where the one before ends, and repeats its first vertex at its end.
pub(super) fn is_simple(vertices: &[Coord], ends: &[usize]) -> bool {
    let mut pieces = Vec::with_capacity(vertices.len() / 4 + 1);
    let mut start = 0;
    for &end in ends {
        cut(vertices, start..end, &mut pieces);
        start = end;
    }
    let mut order: Vec<(i32, usize)> = (0..pieces.len())
        .map(|piece| (pieces[piece].bounds.min.lon, piece))
        .collect();
    order.sort_unstable();
    let mut left = FEW * vertices.len();
    for (place, &(_, number)) in order.iter().enumerate() {
        let piece = &pieces[number];
        for &(west, other) in &order[place + 1..] {
            if west > piece.bounds.max.lon {
                break;
            }
            let other = &pieces[other];
            let is_near = piece.bounds.meets(other.bounds);
            let pairs = if is_near {
                piece.len() * other.len()
            } else {
                1
            };
            let Some(rest) = left.checked_sub(pairs) else {
                return false;
            };
            left = rest;
            if is_near && piece.touches(other, vertices) {
                return false;
            }
        }
    }
    true
}

/// Cuts a ring into pieces.
fn cut(vertices: &[Coord], ring: std::ops::Range<usize>, pieces: &mut Vec<Piece>) {
    let (start, last) = (ring.start, ring.end.saturating_sub(1));
    let mut first = start;
    while first < last {
        let end = last.min(first + MOST);
        let mut bounds = Bounds::of(vertices[first]);
        let (mut at, mut ways) = (first, u8::MAX);
        while at < end {
            let both = ways & ways_of(vertices[at], vertices[at + 1]);
            if both == 0 && at > first {
                break;
            }
            ways = both;
            at += 1;
            bounds = bounds.union(Bounds::of(vertices[at]));
        }
        pieces.push(Piece {
            bounds,
            first,
            last: at,
            next: if at < last { at } else { start },
        });
        first = at;
    }
}

/// Whether an edge goes east, west, north or south: a bit for each.
fn ways_of(a: Coord, b: Coord) -> u8 {
    u8::from(b.lon > a.lon)
        | u8::from(b.lon < a.lon) << 1
        | u8::from(b.lat > a.lat) << 2
        | u8::from(b.lat < a.lat) << 3
}

impl Piece {
    fn len(&self) -> usize {
        self.last - self.first
    }

    /// Whether two pieces share a point, but for the end of the one where the other begins.
    fn touches(&self, other: &Self, vertices: &[Coord]) -> bool {
        let edge = |at: usize| (vertices[at], vertices[at + 1]);
        // Only edges that meet both boxes can meet.
        let mut near = (other.first..other.last).filter(|&at| bounds(edge(at)).meets(self.bounds));
        near.any(|theirs| {
            let other_edge = edge(theirs);
            let around = bounds(other_edge);
            (self.first..self.last).any(|own| {
                let own_edge = edge(own);
                if !bounds(own_edge).meets(around) {
                    return false;
                }
                let goes_on = own + 1 == self.last && theirs == other.first;
                let comes_on = theirs + 1 == other.last && own == self.first;
                if goes_on && self.next == other.first {
                    return is_back(own_edge, other_edge);
                }
                if comes_on && other.next == self.first {
                    return is_back(other_edge, own_edge);
                }
                !are_beside(own_edge, other_edge) && !are_beside(other_edge, own_edge)
            })
        })
    }
}

type Edge = (Coord, Coord);

fn bounds((a, b): Edge) -> Bounds {
    Bounds::of(a).union(Bounds::of(b))
}

/// Whether both ends of another edge lie on one side of an edge's line. Edges on one line share a point where their boxes do.
fn are_beside((a, b): Edge, (c, d): Edge) -> bool {
    let sides = (side(a, b, c), side(a, b, d));
    sides.0 == sides.1 && sides.0.is_ne()
}

/// Whether an edge goes back on the one before it.
fn is_back((a, b): Edge, (_, c): Edge) -> bool {
    let ((abx, aby), (bcx, bcy)) = (way(a, b), way(b, c));
    abx.signum() == -bcx.signum() && aby.signum() == -bcy.signum() && side(a, b, c).is_eq()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Whether no two edges share a point but neighbours their vertex, each pair looked at.
    fn by_pairs(vertices: &[Coord], ends: &[usize]) -> bool {
        let mut edges = Vec::new();
        let mut start = 0;
        for (ring, &end) in ends.iter().enumerate() {
            let count = end - start - 1;
            let edge = |n: usize| (vertices[start + n], vertices[start + n + 1]);
            edges.extend((0..count).map(|n| (ring, n, count, edge(n))));
            start = end;
        }
        let share = |&(ring, n, count, e), &(other, m, _, f)| {
            if ring == other && (n + 1) % count == m {
                return is_back(e, f);
            }
            if ring == other && (m + 1) % count == n {
                return is_back(f, e);
            }
            bounds(e).meets(bounds(f)) && !are_beside(e, f) && !are_beside(f, e)
        };
        let pairs = (0..edges.len()).flat_map(|one| (0..one).map(move |other| (one, other)));
        pairs
            .into_iter()
            .all(|(one, other)| !share(&edges[one], &edges[other]))
    }

    fn closed(rings: &[Vec<(i32, i32)>]) -> (Vec<Coord>, Vec<usize>) {
        let (mut vertices, mut ends) = (Vec::new(), Vec::new());
        for ring in rings {
            let around = ring.iter().chain(ring.first());
            vertices.extend(around.map(|&(lon, lat)| Coord { lon, lat }));
            ends.push(vertices.len());
        }
        (vertices, ends)
    }

    #[test]
    fn a_wiggly_ring_touches_itself_nowhere() {
        // Out along a saw, and back above it.
        let saw = (0..40).map(|n| (n * 10, (n % 2) * 7));
        let back = (0..40).rev().map(|n| (n * 10 + 3, 20 + (n % 3) * 5));
        let ring: Vec<(i32, i32)> = saw.chain(back).collect();
        let (vertices, ends) = closed(&[ring]);
        assert!(is_simple(&vertices, &ends));
    }

    proptest! {
        #[test]
        fn rings_are_simple_where_no_two_edges_touch(
            rings in prop::collection::vec(
                prop::collection::vec((0..12, 0..12), 3..7).prop_map(|mut ring| {
                    ring.dedup();
                    while ring.len() > 1 && ring.first() == ring.last() {
                        ring.pop();
                    }
                    ring
                }),
                1..3,
            ).prop_filter("three vertices", |rings| rings.iter().all(|ring| ring.len() > 2))
        ) {
            let (vertices, ends) = closed(&rings);
            prop_assert_eq!(is_simple(&vertices, &ends), by_pairs(&vertices, &ends));
        }

        #[test]
        fn rings_around_a_middle_are_simple_where_no_two_edges_touch(
            far in prop::collection::vec(3..60_i32, 3..80),
            moved in any::<prop::sample::Index>(),
        ) {
            let count = far.len();
            let mut ring: Vec<(i32, i32)> = far.iter().enumerate().map(|(n, &far)| {
                #[expect(clippy::cast_precision_loss, reason = "small numbers")]
                let angle = std::f64::consts::TAU * n as f64 / count as f64;
                #[expect(clippy::cast_possible_truncation, reason = "small numbers")]
                let at = |share: f64| (f64::from(far) * 10.0 * share) as i32;
                (at(angle.cos()), at(angle.sin()))
            }).collect();
            let (vertices, ends) = closed(std::slice::from_ref(&ring));
            prop_assert_eq!(is_simple(&vertices, &ends), by_pairs(&vertices, &ends));
            let moved = moved.index(count);
            ring[moved] = (-ring[moved].0, ring[moved].1 / 2);
            let (vertices, ends) = closed(&[ring]);
            prop_assert_eq!(is_simple(&vertices, &ends), by_pairs(&vertices, &ends));
        }
    }
}
