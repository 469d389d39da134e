//! Which polygons wind around a point otherwise than once or not at all, against the windings beside every piece of an edge.

use proptest::prelude::*;
use wangge::model::{Coord, Geometry, turn};

use crate::locate::ground::{Rings, city, shape};
use crate::locate::slips::slipped;

/// Into how many pieces a step of an edge is cut: a large prime, so that edges that cross between corners of the grid of units do
/// not cross in vertices of pieces. Three that cross in one vertex may wind evenly around it.
const PIECES: i32 = 307;

/// Lattice steps in a unit: so many that beside the middle of a piece there is room before the next edge.
const UNIT: i32 = 4 * PIECES;

type Edge = (Coord, Coord);

fn geometry(polygons: &[Rings]) -> Option<Geometry> {
    let at = |&(x, y): &(i32, i32)| Coord {
        lon: x * UNIT,
        lat: y * UNIT,
    };
    let ring = |ring: &Vec<(i32, i32)>| ring.iter().map(at).collect();
    let polygons = polygons
        .iter()
        .map(|rings| rings.iter().map(ring).collect());
    Geometry::polygons(polygons).ok()
}

/// Whether `p` lies on an edge, its ends left out.
fn is_within((a, b): Edge, p: Coord) -> bool {
    let between = |a: i32, b: i32, p: i32| a.min(b) <= p && p <= a.max(b);
    turn(a, b, p) == 0
        && p != a
        && p != b
        && between(a.lon, b.lon, p.lon)
        && between(a.lat, b.lat, p.lat)
}

fn do_cross((a, b): Edge, (c, d): Edge) -> bool {
    turn(a, b, c).signum() * turn(a, b, d).signum() < 0
        && turn(c, d, a).signum() * turn(c, d, b).signum() < 0
}

fn do_overlap(one: Edge, other: Edge) -> bool {
    let (a, b) = one;
    let is_along = turn(a, b, other.0) == 0 && turn(a, b, other.1) == 0;
    let ends = [other.0, other.1];
    let is_same = ends == [a, b] || ends == [b, a];
    is_along
        && (is_same
            || ends.iter().any(|&end| is_within(one, end))
            || [a, b].iter().any(|&end| is_within(other, end)))
}

/// How often the edges wind around a point that is on none of them.
fn winding(edges: &[Edge], p: Coord) -> i32 {
    let times = edges.iter().map(|&(a, b)| {
        if (a.lat <= p.lat) == (b.lat <= p.lat) {
            return 0;
        }
        // Where the edge crosses the height of the point, from it eastward.
        let is_east = (turn(a, b, p) > 0) == (a.lat < b.lat);
        match (is_east, a.lat < b.lat) {
            (false, _) => 0,
            (true, true) => 1,
            (true, false) => -1,
        }
    });
    times.sum()
}

/// The edges without those that are walked to and fro.
fn without_pairs(edges: &[Edge]) -> Vec<Edge> {
    let mut left: Vec<Edge> = Vec::new();
    for &(a, b) in edges {
        match left.iter().position(|&other| other == (b, a)) {
            Some(at) => {
                left.swap_remove(at);
            }
            None => left.push((a, b)),
        }
    }
    left
}

/// Whether edges overlap in other ways than as a whole.
fn overlap_in_part(edges: &[Edge]) -> bool {
    let all = without_pairs(edges);
    (0..all.len()).any(|n| (0..n).any(|m| do_overlap(all[n], all[m])))
}

/// The windings right and left of the middle of each piece, where no vertex lies within a piece.
fn is_crooked(edges: &[Edge]) -> bool {
    let left = without_pairs(edges);
    let crosses = |n: usize| (0..n).any(|m| do_cross(left[n], left[m]));
    if (0..left.len()).any(crosses) {
        return true;
    }
    left.iter().any(|&(a, b)| {
        let vertices = left.iter().map(|edge| edge.0);
        let mut cuts: Vec<Coord> = vertices.filter(|&at| is_within((a, b), at)).collect();
        cuts.extend([a, b]);
        cuts.sort_unstable();
        cuts.dedup();
        let (dx, dy) = ((b.lon - a.lon) / UNIT, (b.lat - a.lat) / UNIT);
        cuts.windows(2).any(|ends| {
            let beside = |by: i32| Coord {
                lon: ends[0].lon.midpoint(ends[1].lon) - by * dy,
                lat: ends[0].lat.midpoint(ends[1].lat) + by * dx,
            };
            (winding(&left, beside(-1)), winding(&left, beside(1))) != (0, 1)
        })
    })
}

/// Into how many steps the grid of units cuts an edge: edges that overlap in part are cut into the same steps there.
fn steps((dx, dy): (i32, i32)) -> i32 {
    let (mut a, mut b) = (dx.abs(), dy.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

/// The edges cut where they pass corners of the grid of units.
fn in_steps(edges: &[Edge]) -> Vec<Edge> {
    let cut = |&(a, b): &Edge| {
        let (dx, dy) = (b.lon - a.lon, b.lat - a.lat);
        let count = steps((dx / UNIT, dy / UNIT));
        let at = move |n: i32| Coord {
            lon: a.lon + dx / count * n,
            lat: a.lat + dy / count * n,
        };
        (0..count).map(move |n| (at(n), at(n + 1)))
    };
    edges.iter().flat_map(cut).collect()
}

/// Every step of an edge cut into pieces, so that there are too many for the comparison of all with all, and that edges which
/// overlap in part overlap piece by piece.
fn in_pieces(polygons: &[Rings]) -> Option<Geometry> {
    let cut = |ring: &Vec<(i32, i32)>| {
        let next = ring.iter().cycle().skip(1);
        let pairs = ring.iter().zip(next);
        let cut = pairs.flat_map(|(&(ax, ay), &(bx, by))| {
            let (dx, dy) = (bx - ax, by - ay);
            let steps = steps((dx, dy));
            (0..PIECES * steps).map(move |n| Coord {
                lon: ax * UNIT + dx / steps * (UNIT / PIECES) * n,
                lat: ay * UNIT + dy / steps * (UNIT / PIECES) * n,
            })
        });
        cut.collect()
    };
    let polygons = polygons.iter().map(|rings| rings.iter().map(cut).collect());
    Geometry::polygons(polygons).ok()
}

/// Rings of a few places on a small board, most of which cross themselves.
fn scribble() -> impl Strategy<Value = Vec<Rings>> {
    let spot = (0..6, 0..6);
    let ring = prop::collection::vec(spot, 3..8);
    let polygon = prop::collection::vec(ring, 1..3);
    prop::collection::vec(polygon, 1..3)
}

fn check(polygons: &[Rings]) -> Result<(), TestCaseError> {
    let Some(geometry) = geometry(polygons) else {
        return Ok(());
    };
    let edges: Vec<Edge> = geometry.edges().collect();
    let truth = is_crooked(&edges);
    // Where edges overlap in part it may be crooked without need.
    if truth || !overlap_in_part(&edges) {
        prop_assert_eq!(geometry.is_crooked(), truth);
        prop_assert_eq!(geometry.clone().is_crooked(), truth);
        let has_pairs = without_pairs(&edges).len() < edges.len();
        prop_assert_eq!(geometry.goes_to_and_fro(), has_pairs && !truth);
    }
    // Where edges overlap in part, pieces of them are walked to and fro, and what is left may be even.
    if let Some(pieces) = in_pieces(polygons) {
        let steps = in_steps(&edges);
        let truth = is_crooked(&steps);
        prop_assert_eq!(pieces.is_crooked(), truth);
        let has_pairs = without_pairs(&steps).len() < steps.len();
        prop_assert_eq!(pieces.goes_to_and_fro(), has_pairs && !truth);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn a_scribble_is_crooked_where_it_winds_otherwise_than_once_around_a_face(polygons in scribble()) {
        check(&polygons)?;
    }

    #[test]
    fn a_shape_with_a_slip_is_crooked_where_it_winds_otherwise_than_once_around_a_face(polygons in slipped()) {
        check(&polygons)?;
    }

    #[test]
    fn a_valid_shape_is_not_crooked(polygons in shape()) {
        prop_assert!(!city().geometry(&polygons).is_crooked());
    }
}

#[test]
fn shapes_that_touch_themselves_are_not_crooked_and_those_that_cross_themselves_are() {
    let square = |at: i32, side: i32| {
        vec![
            (at, at),
            (at + side, at),
            (at + side, at + side),
            (at, at + side),
        ]
    };
    let cases: [(&str, Vec<Rings>, bool); 12] = [
        (
            "a bow tie",
            vec![vec![vec![(0, 0), (4, 3), (4, 0), (0, 4)]]],
            true,
        ),
        (
            "a bow tie whose crossing is a vertex of both ways",
            vec![vec![vec![(0, 0), (2, 2), (5, 5), (5, 0), (2, 2), (0, 5)]]],
            true,
        ),
        (
            "two triangles in one ring that touch in a vertex",
            vec![vec![vec![(0, 0), (2, 2), (5, 0), (5, 5), (2, 2), (0, 5)]]],
            false,
        ),
        (
            "a vertex that touches an edge from inside",
            vec![vec![vec![(0, 0), (4, 0), (4, 4), (2, 0), (0, 4)]]],
            false,
        ),
        ("a hole", vec![vec![square(0, 6), square(2, 2)]], false),
        (
            "a hole beside its shell",
            vec![vec![square(0, 6), square(7, 2)]],
            true,
        ),
        (
            "a hole around its shell",
            vec![vec![square(2, 2), square(0, 6)]],
            true,
        ),
        (
            "a part within a part",
            vec![vec![square(0, 6)], vec![square(2, 2)]],
            true,
        ),
        (
            "an island in a hole",
            vec![vec![square(0, 6), square(1, 4)], vec![square(2, 2)]],
            false,
        ),
        (
            "parts that share an edge",
            vec![
                vec![vec![(0, 0), (2, 0), (2, 2), (0, 2)]],
                vec![vec![(2, 0), (4, 0), (4, 2), (2, 2)]],
            ],
            false,
        ),
        (
            "a spike",
            vec![vec![vec![(0, 0), (4, 0), (4, 4), (6, 6), (4, 4), (0, 4)]]],
            false,
        ),
        (
            "a ring that is walked twice",
            vec![vec![[square(0, 3), square(0, 3)].concat()]],
            true,
        ),
    ];
    for (what, polygons, is_crooked) in cases {
        let geometry = geometry(&polygons).unwrap();
        assert_eq!(geometry.is_crooked(), is_crooked, "{what}");
        let geometry = in_pieces(&polygons).unwrap();
        assert_eq!(geometry.is_crooked(), is_crooked, "{what}, in pieces");
    }
}

#[test]
fn points_and_lines_are_not_crooked_and_the_whole_earth_is_not() {
    let at = |lon, lat| Coord { lon, lat };
    let line = [(0, 0), (4, 3), (4, 0), (0, 4)].map(|(lon, lat)| at(lon, lat));
    assert!(!Geometry::lines([line.to_vec()]).unwrap().is_crooked());
    assert!(!Geometry::points(line).unwrap().is_crooked());
    let (far, pole) = (1_800_000_000, 900_000_000);
    let earth = vec![
        at(-far, -pole),
        at(far, -pole),
        at(far, pole),
        at(-far, pole),
    ];
    assert!(
        !Geometry::polygons([vec![earth.clone()]])
            .unwrap()
            .is_crooked()
    );
    let tie = vec![earth[0], earth[2], earth[1], at(-far, pole - 1)];
    assert!(Geometry::polygons([vec![tie]]).unwrap().is_crooked());
}
