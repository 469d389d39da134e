//! Where borders come to cross or touch each other by rounding, all that run there get a vertex.
//!
//! Borders that do not cross on the ground can cross in a tile by less than a unit. What is made of a crossing depends on the two
//! edges alone, and every polygon that has one of them gets the vertex: neighbours stay neighbours, vertex by vertex. Only then is
//! each polygon made valid by itself ([`super::clean`]), which needs no vertex any more that others lack.

use std::collections::HashMap;

use super::cells::Cells;
use super::marks::Marks;
use super::mercator::Place;
use super::ring::{Polygon, drop_repeats, edges};

/// Clipped places lie at most so far to the west and north of a tile's corner.
const REACH: i64 = 1 << 12;
/// A vertex that bends an edge can bring it across a third one: so often that is looked for. Borders need it once or twice, a tangle
/// of random edges a dozen times.
const ROUNDS: usize = 64;

/// An edge whichever way it is walked, its western end first.
type Edge = (Place, Place);

/// Vertices that an edge gets.
type Cuts = HashMap<Packed, Vec<Place>>;

/// An edge as one number, in the order of edges: 16 bits for each coordinate of a clipped place.
type Packed = u64;

/// Gives the polygons of a layer vertices where their edges cross or touch, so that edges meet at their ends only; answers whether
/// they do.
pub(super) fn knot(shapes: &mut [Vec<Polygon>]) -> bool {
    let mut known = Vec::new();
    for _ in 0..ROUNDS {
        let all = all_edges(shapes);
        let cuts = cuts(&all, &known);
        if cuts.is_empty() {
            return true;
        }
        known = all;
        known.retain(|edge| !cuts.contains_key(edge));
        let marks = Marks::of(cuts.keys().copied());
        for ring in shapes.iter_mut().flatten().flatten() {
            cut(ring, &cuts, &marks);
        }
        for polygons in &mut *shapes {
            for rings in &mut *polygons {
                rings.retain(|ring| !ring.is_empty());
            }
            polygons.retain(|rings| !rings.is_empty());
        }
    }
    false
}

fn pack(a: Place, b: Place) -> Packed {
    let (a, b) = (a.min(b), a.max(b));
    let part = |at: i64| (at + REACH).cast_unsigned();
    part(a.x) << 48 | part(a.y) << 32 | part(b.x) << 16 | part(b.y)
}

fn unpacked(edge: Packed) -> Edge {
    let part = |shift: u32| (edge >> shift & 0xffff).cast_signed() - REACH;
    let place = |x, y| Place { x, y };
    (place(part(48), part(32)), place(part(16), part(0)))
}

/// The edges of all rings, each once, in their order.
fn all_edges(shapes: &[Vec<Polygon>]) -> Vec<Packed> {
    let rings = || shapes.iter().flatten().flatten();
    let mut all = Vec::with_capacity(rings().map(Vec::len).sum());
    for ring in rings() {
        all.extend(edges(ring).map(|(a, b)| pack(a, b)));
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// Where edges share more than an end: the vertices that they need. Edges that are `known` have been compared with each other.
fn cuts(edges: &[Packed], known: &[Packed]) -> Cuts {
    let is_new: Vec<bool> = fresh(edges, known).collect();
    let unpacked: Vec<Edge> = edges.iter().map(|edge| unpacked(*edge)).collect();
    let mut cuts = Cuts::new();
    let cells = Cells::of(&unpacked, &is_new);
    for here in cells.each() {
        for (n, &one) in here.iter().enumerate() {
            for &other in &here[n + 1..] {
                let (one, other) = (one as usize, other as usize);
                if is_new[one] || is_new[other] {
                    compare(unpacked[one], unpacked[other], &mut cuts);
                }
            }
        }
    }
    cuts
}

/// Which of some edges are not among those that are known, both in order.
fn fresh(edges: &[Packed], known: &[Packed]) -> impl Iterator<Item = bool> {
    let mut known = known.iter().peekable();
    edges.iter().map(move |edge| {
        while known.next_if(|known| *known < edge).is_some() {}
        known.next_if_eq(&edge).is_none()
    })
}

/// Adds the vertices that two edges need.
fn compare(one: Edge, other: Edge, cuts: &mut Cuts) {
    if one.1.x < other.0.x || other.1.x < one.0.x || !rows_meet(one, other) {
        return;
    }
    let sides = [turn(one, other.0), turn(one, other.1)];
    let others = [turn(other, one.0), turn(other, one.1)];
    let is_across = |[a, b]: [i64; 2]| a.signum() * b.signum() < 0;
    if is_across(sides) && is_across(others) {
        let at = crossing(one, other, others);
        add(one, at, cuts);
        add(other, at, cuts);
        return;
    }
    for (edge, ends, sides) in [(one, other, sides), (other, one, others)] {
        for (at, side) in [(ends.0, sides[0]), (ends.1, sides[1])] {
            if side == 0 && within(edge, at) {
                add(edge, at, cuts);
            }
        }
    }
}

fn rows_meet((a, b): Edge, (c, d): Edge) -> bool {
    a.y.min(b.y) <= c.y.max(d.y) && c.y.min(d.y) <= a.y.max(b.y)
}

fn within((a, b): Edge, at: Place) -> bool {
    (a.x..=b.x).contains(&at.x) && (a.y.min(b.y)..=a.y.max(b.y)).contains(&at.y)
}

/// Gives an edge a vertex, unless it is one of its ends.
fn add(edge: Edge, at: Place, cuts: &mut Cuts) {
    if at != edge.0 && at != edge.1 {
        let known = cuts.entry(pack(edge.0, edge.1)).or_default();
        if !known.contains(&at) {
            known.push(at);
        }
    }
}

/// Twice the area of an edge and a place; clipped places are small, so it fits.
fn turn((a, b): Edge, p: Place) -> i64 {
    (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x)
}

/// Where the first of two edges crosses the second, to the nearest unit; on which sides of the second its ends lie is known.
fn crossing((a, b): Edge, other: Edge, sides: [i64; 2]) -> Place {
    // Of two edges the answer is the same whichever comes first.
    if (a, b) > other {
        let sides = [turn((a, b), other.0), turn((a, b), other.1)];
        return crossing(other, (a, b), sides);
    }
    let (part, whole) = (i128::from(sides[0]), i128::from(sides[0] - sides[1]));
    let along = |from: i64, to: i64| {
        let way = i128::from(to - from) * part;
        // Halves towards south-east.
        let rounded = (2 * way * whole.signum() + whole.abs()).div_euclid(2 * whole.abs());
        from + i64::try_from(rounded).unwrap_or_default()
    };
    Place {
        x: along(a.x, b.x),
        y: along(a.y, b.y),
    }
}

/// Puts the vertices into a ring; empty where nothing of it is left.
fn cut(ring: &mut Vec<Place>, cuts: &Cuts, marks: &Marks) {
    let is_cut = |(a, b): (Place, Place)| {
        let edge = pack(a, b);
        marks.may_hold(edge) && cuts.contains_key(&edge)
    };
    if !edges(ring).any(is_cut) {
        return;
    }
    let mut whole = Vec::with_capacity(ring.len() + 4);
    for (a, b) in edges(ring) {
        whole.push(a);
        if let Some(cuts) = cuts.get(&pack(a, b)) {
            let mut inner = cuts.clone();
            inner.sort_unstable_by_key(|at| {
                let along = (at.x - a.x) * (b.x - a.x) + (at.y - a.y) * (b.y - a.y);
                (along, *at)
            });
            whole.extend(inner);
        }
    }
    *ring = whole;
    drop_repeats(ring);
    if ring.len() < 3 {
        ring.clear();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::touch::{is_clean, is_clean_knotted};
    use super::*;

    fn ring(places: &[(i64, i64)]) -> Vec<Place> {
        places.iter().map(|&(x, y)| Place { x, y }).collect()
    }

    #[test]
    fn a_corner_on_a_neighbours_border_becomes_a_corner_of_the_neighbour() {
        let west = ring(&[(0, 0), (10, 0), (10, 10), (0, 10)]);
        let north = ring(&[(10, 0), (20, 0), (20, 5), (10, 5)]);
        let mut shapes = vec![vec![vec![west]], vec![vec![north]]];
        knot(&mut shapes);
        assert_eq!(
            shapes[0][0][0],
            ring(&[(0, 0), (10, 0), (10, 5), (10, 10), (0, 10)])
        );
        assert_eq!(shapes[1][0][0].len(), 4);
    }

    proptest! {
        #[test]
        fn edges_meet_at_their_ends_only(
            rings in prop::collection::vec(prop::collection::vec((-64..200i64, -64..200i64), 3..9), 1..7),
        ) {
            let mut shapes: Vec<Vec<Polygon>> = rings.iter().map(|places| {
                let mut ring = ring(places);
                drop_repeats(&mut ring);
                vec![vec![ring]]
            }).collect();
            knot(&mut shapes);
            let all = all_edges(&shapes);
            for (n, &one) in all.iter().enumerate() {
                for &other in &all[n + 1..] {
                    let mut cuts = Cuts::new();
                    compare(unpacked(one), unpacked(other), &mut cuts);
                    prop_assert!(cuts.is_empty(), "{one:?} {other:?}");
                }
            }
        }

        #[test]
        fn what_is_knotted_is_clean_where_the_sweep_says_so(
            rings in prop::collection::vec(prop::collection::vec((-64..200i64, -64..200i64), 3..9), 1..4),
        ) {
            let polygon: Polygon = rings.iter().map(|places| ring(places)).collect();
            let mut shapes = vec![vec![polygon]];
            shapes[0][0].iter_mut().for_each(drop_repeats);
            prop_assume!(knot(&mut shapes));
            let seen = is_clean_knotted(&shapes[0], &mut Vec::new());
            prop_assert_eq!(seen, is_clean(&shapes[0]));
        }

        #[test]
        fn a_crossing_is_the_same_whichever_edge_comes_first_and_near_to_both(
            a in (-64..4160i64, -64..4160i64), b in (-64..4160i64, -64..4160i64),
            c in (-64..4160i64, -64..4160i64), d in (-64..4160i64, -64..4160i64),
        ) {
            let place = |(x, y)| Place { x, y };
            let (one, other) = (unpacked(pack(place(a), place(b))), unpacked(pack(place(c), place(d))));
            let sides = |edge, of: Edge| [turn(edge, of.0), turn(edge, of.1)];
            let (near, far) = (sides(one, other), sides(other, one));
            prop_assume!(near[0].signum() * near[1].signum() < 0 && far[0].signum() * far[1].signum() < 0);
            let at = crossing(one, other, far);
            prop_assert_eq!(at, crossing(other, one, near));
            for (from, to) in [one, other] {
                // No farther than three quarters of a unit: (turn / length)² ≤ 9 / 16.
                let length = (to.x - from.x).pow(2) + (to.y - from.y).pow(2);
                prop_assert!(16 * i128::from(turn((from, to), at)).pow(2) <= 9 * i128::from(length));
            }
        }
    }
}
