//! Where polygons cross or touch themselves, all that have these edges get a vertex there.
//!
//! Rounding makes none cross itself ([`super::route`]), but polygons do that cross themselves on the ground, and it makes some touch
//! themselves. What is made of a crossing depends on the two edges alone, and every polygon that has one of them gets the vertex:
//! neighbours stay neighbours, vertex by vertex. Only then is each polygon made valid by itself ([`super::clean`]), which needs no
//! vertex any more that others lack.

use std::collections::HashMap;

use super::mercator::Place;
use super::outlines::{Outlines, Runs};
use super::ring::{edges, turn};

/// Logarithm of the side of a cell in which edges are compared, tile units.
const CELL: u32 = 5;
/// A vertex that bends an edge can bring it across a third one: so often that is looked for. Borders need it once or twice, a tangle
/// of random edges a dozen times.
const ROUNDS: usize = 64;

/// An edge whichever way it is walked, its western end first.
type Edge = (Place, Place);

/// Vertices that an edge gets.
type Cuts = HashMap<Edge, Vec<Place>>;

/// Gives polygons vertices where those of one shape cross or touch themselves, so that its edges meet at their ends only. `are_clean`:
/// those that surely do not. Answers whether any got one.
pub(super) fn knot(all: &mut [Outlines], are_clean: &[Vec<bool>]) -> bool {
    for round in 0..ROUNDS {
        let mut cuts = Cuts::new();
        for (outlines, are_clean) in all.iter().zip(are_clean) {
            let others = outlines.shapes().zip(are_clean);
            for (shape, _) in others.filter(|(_, is_clean)| !**is_clean) {
                add_cuts(&all_edges(shape), &mut cuts);
            }
        }
        if cuts.is_empty() {
            return round > 0;
        }
        for outlines in &mut *all {
            *outlines = cut(outlines, &cuts);
        }
    }
    true
}

fn undirected(a: Place, b: Place) -> Edge {
    (a.min(b), a.max(b))
}

/// The edges of all rings, each once.
fn all_edges(rings: Runs<'_>) -> Vec<Edge> {
    let all = rings
        .iter()
        .flat_map(|ring| edges(ring.places).map(|(a, b)| undirected(a, b)));
    let mut all: Vec<Edge> = all.collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Where edges share more than an end: the vertices that they need.
fn add_cuts(edges: &[Edge], cuts: &mut Cuts) {
    let mut near: Vec<(u64, u32)> = Vec::with_capacity(edges.len() * 2);
    for (number, &(a, b)) in (0..).zip(edges) {
        let columns = a.x >> CELL..=b.x >> CELL;
        let rows = a.y.min(b.y) >> CELL..=a.y.max(b.y) >> CELL;
        for column in columns {
            near.extend(rows.clone().map(|row| (cell(column, row), number)));
        }
    }
    near.sort_unstable();
    for here in near.chunk_by(|one, other| one.0 == other.0) {
        for (n, &(_, one)) in here.iter().enumerate() {
            let one = edges[one as usize];
            for &(_, other) in &here[n + 1..] {
                compare(one, edges[other as usize], cuts);
            }
        }
    }
}

fn cell(column: i64, row: i64) -> u64 {
    column.cast_unsigned() << 32 | row.cast_unsigned() & 0xffff_ffff
}

/// Adds the vertices that two edges need.
fn compare(one: Edge, other: Edge, cuts: &mut Cuts) {
    if one.1.x < other.0.x || other.1.x < one.0.x || !rows_meet(one, other) {
        return;
    }
    let sides = [side(one, other.0), side(one, other.1)];
    let others = [side(other, one.0), side(other, one.1)];
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
        let known = cuts.entry(edge).or_default();
        if !known.contains(&at) {
            known.push(at);
        }
    }
}

/// On which side of an edge a place lies, as [`turn`] says.
fn side((a, b): Edge, p: Place) -> i64 {
    turn(a, b, p)
}

/// Where the first of two edges crosses the second, to the nearest unit; on which sides of the second its ends lie is known.
fn crossing((a, b): Edge, other: Edge, sides: [i64; 2]) -> Place {
    // Of two edges the answer is the same whichever comes first.
    if (a, b) > other {
        let sides = [side((a, b), other.0), side((a, b), other.1)];
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

/// The same with the vertices in all rings that have such an edge, without rings of which nothing is left.
fn cut(outlines: &Outlines, cuts: &Cuts) -> Outlines {
    let mut whole = Outlines::default();
    for shape in outlines.shapes() {
        for ring in shape.iter() {
            for (a, b) in edges(ring.places) {
                whole.draw_to(a);
                for at in cuts_of((a, b), cuts) {
                    whole.draw_to(at);
                }
            }
            whole.end_ring(ring.is_outer);
        }
        whole.end_shape();
    }
    whole
}

/// The vertices that an edge gets, in their order along it.
fn cuts_of((a, b): Edge, cuts: &Cuts) -> Vec<Place> {
    let mut inner = cuts.get(&undirected(a, b)).cloned().unwrap_or_default();
    inner.sort_unstable_by_key(|at| {
        let along = (at.x - a.x) * (b.x - a.x) + (at.y - a.y) * (b.y - a.y);
        (along, *at)
    });
    inner
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::ring::{Polygon, drop_repeats};
    use super::*;

    fn ring(places: &[(i64, i64)]) -> Vec<Place> {
        places.iter().map(|&(x, y)| Place { x, y }).collect()
    }

    #[test]
    fn a_corner_on_a_border_becomes_a_corner_of_all_that_have_the_border() {
        let west = ring(&[(0, 0), (10, 0), (10, 10), (0, 10)]);
        let east = ring(&[(10, 0), (20, 0), (20, 5), (10, 5)]);
        let shapes = vec![vec![vec![west.clone()], vec![east]], vec![vec![west]]];
        let mut outlines = [Outlines::of(&shapes)];
        assert!(knot(&mut outlines, &[vec![false, true]]));
        let shapes: Vec<Vec<Polygon>> = outlines[0].shapes().map(Runs::polygons).collect();
        let knotted = ring(&[(0, 0), (10, 0), (10, 5), (10, 10), (0, 10)]);
        assert_eq!(shapes[0][0][0], knotted);
        assert_eq!((shapes[0][1][0].len(), &shapes[1][0][0]), (4, &knotted));
    }

    proptest! {
        #[test]
        fn edges_of_a_shape_meet_at_their_ends_only(
            rings in prop::collection::vec(prop::collection::vec((-64..200i64, -64..200i64), 3..9), 1..7),
        ) {
            let rings = rings.iter().map(|places| {
                let mut ring = ring(places);
                drop_repeats(&mut ring);
                vec![ring]
            });
            let mut shapes = [Outlines::of(&[rings.collect()])];
            knot(&mut shapes, &[vec![false]]);
            let all = all_edges(shapes[0].shape(0));
            for (n, &one) in all.iter().enumerate() {
                for &other in &all[n + 1..] {
                    let mut cuts = Cuts::new();
                    compare(one, other, &mut cuts);
                    prop_assert!(cuts.is_empty(), "{one:?} {other:?}");
                }
            }
        }

        #[test]
        fn a_crossing_is_the_same_whichever_edge_comes_first_and_near_to_both(
            a in (-64..4160i64, -64..4160i64), b in (-64..4160i64, -64..4160i64),
            c in (-64..4160i64, -64..4160i64), d in (-64..4160i64, -64..4160i64),
        ) {
            let place = |(x, y)| Place { x, y };
            let (one, other) = (undirected(place(a), place(b)), undirected(place(c), place(d)));
            let sides = |edge, of: Edge| [side(edge, of.0), side(edge, of.1)];
            let (near, far) = (sides(one, other), sides(other, one));
            prop_assume!(near[0].signum() * near[1].signum() < 0 && far[0].signum() * far[1].signum() < 0);
            let at = crossing(one, other, far);
            prop_assert_eq!(at, crossing(other, one, near));
            for (from, to) in [one, other] {
                // No farther than three quarters of a unit: (turn / length)² ≤ 9 / 16.
                let length = (to.x - from.x).pow(2) + (to.y - from.y).pow(2);
                prop_assert!(16 * i128::from(side((from, to), at)).pow(2) <= 9 * i128::from(length));
            }
        }
    }
}
