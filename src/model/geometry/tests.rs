//! What is packed comes back.

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::Side;
use super::super::ring::{Crossing, crossing, doubled_area};
use super::*;

/// Steps as on the ground, some of them long, some as long as there are.
fn step() -> impl Strategy<Value = (i32, i32)> {
    prop_oneof![
        40 => (-6_000..6_000, -6_000..6_000),
        10 => (-3..4, -3..4),
        2 => (-2_000_000..2_000_000, -300..300),
        1 => (any::<i32>(), any::<i32>()),
    ]
}

fn coords(most: usize) -> impl Strategy<Value = Vec<Coord>> {
    let start = (any::<i32>(), any::<i32>());
    (start, vec(step(), 0..most)).prop_map(|((lon, lat), steps)| {
        let mut at = Coord { lon, lat };
        let mut coords = vec![at];
        for (east, north) in steps {
            at.lon = at.lon.wrapping_add(east);
            at.lat = at.lat.wrapping_add(north);
            coords.push(at);
        }
        coords
    })
}

/// The same, tidied by the slow way: `None` where it has no area.
fn tidied(ring: &[Coord], is_outer: bool) -> Option<Vec<Coord>> {
    let mut ring = ring.to_vec();
    ring.dedup();
    while ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    let area: i128 = (0..ring.len())
        .map(|n| {
            let (a, b) = (ring[n], ring[(n + 1) % ring.len()]);
            i128::from(a.lon) * i128::from(b.lat) - i128::from(b.lon) * i128::from(a.lat)
        })
        .sum();
    if (area > 0) != is_outer {
        ring.reverse();
    }
    (area != 0).then_some(ring)
}

fn closed(ring: &[Coord]) -> Vec<(Coord, Coord)> {
    let next = |n: usize| ring[(n + 1) % ring.len()];
    (0..ring.len()).map(|n| (ring[n], next(n))).collect()
}

fn run_lengths(geometry: &Geometry) -> Vec<Vec<usize>> {
    let lengths = |part: Runs<'_>| part.map(|run| run.len()).collect();
    geometry.parts().map(lengths).collect()
}

proptest! {
    #[test]
    fn points_come_back_in_their_order(points in coords(200)) {
        let geometry = Geometry::points(points.clone()).unwrap();
        prop_assert_eq!(geometry.coords().collect::<Vec<_>>(), points.clone());
        prop_assert_eq!(run_lengths(&geometry), vec![vec![1]; points.len()]);
        let runs: Vec<Vec<Coord>> = geometry.runs().map(Iterator::collect).collect();
        prop_assert_eq!(runs, points.iter().map(|&at| vec![at]).collect::<Vec<_>>());
        prop_assert_eq!(geometry.bounds(), Bounds::around(points).unwrap());
    }

    #[test]
    fn lines_come_back_vertex_by_vertex_and_leg_by_leg(lines in vec(coords(200), 1..4)) {
        let tidy = |line: &Vec<Coord>| { let mut line = line.clone(); line.dedup(); line };
        let lines: Vec<Vec<Coord>> = lines.iter().map(tidy).filter(|line| line.len() > 1).collect();
        prop_assume!(!lines.is_empty());
        let geometry = Geometry::lines(lines.clone()).unwrap();
        prop_assert_eq!(geometry.runs().map(Iterator::collect).collect::<Vec<Vec<_>>>(), lines.clone());
        prop_assert_eq!(geometry.vertex_count(), lines.iter().map(Vec::len).sum::<usize>());
        for (run, line) in geometry.runs().zip(&lines) {
            let legs: Vec<_> = line.windows(2).map(|leg| (leg[0], leg[1])).collect();
            prop_assert_eq!(run.legs().collect::<Vec<_>>(), legs);
        }
    }

    #[test]
    fn polygons_come_back_ring_by_ring(parts in vec(vec(coords(200), 1..3), 1..4)) {
        let tidy = |part: &Vec<Vec<Coord>>| -> Option<Vec<Vec<Coord>>> {
            part.iter().enumerate().map(|(n, ring)| tidied(ring, n == 0)).collect()
        };
        let tidy: Vec<Vec<Vec<Coord>>> = parts.iter().filter_map(tidy).collect();
        prop_assume!(!tidy.is_empty());
        let geometry = Geometry::polygons(tidy.clone()).unwrap();
        let rings: Vec<Vec<Vec<Coord>>> = geometry
            .parts()
            .map(|part| part.map(Iterator::collect).collect())
            .collect();
        prop_assert_eq!(&rings, &tidy);
        prop_assert_eq!(geometry.parts().len(), tidy.len());
        prop_assert_eq!(geometry.part_count(), tidy.len());
        prop_assert_eq!(geometry.runs().len(), tidy.iter().map(Vec::len).sum::<usize>());
        let edges: Vec<_> = tidy.iter().flatten().flat_map(|ring| closed(ring)).collect();
        prop_assert_eq!(geometry.edges().collect::<Vec<_>>(), edges);
        prop_assert_eq!(geometry.clone(), geometry);
    }
}

/// The edges whose boxes meet a box, in their order.
fn meeting(edges: impl Iterator<Item = (Coord, Coord)>, bounds: Bounds) -> Vec<(Coord, Coord)> {
    let meets = |(a, b): &(Coord, Coord)| Bounds::of(*a).union(Bounds::of(*b)).meets(bounds);
    edges.filter(meets).collect()
}

proptest! {
    #[test]
    fn of_a_long_ring_the_edges_near_a_box_are_found_and_a_side_is_what_all_edges_say(
        ring in vec(step(), 400..1500),
        picks in vec((any::<prop::sample::Index>(), -9_000..9_000, -9_000..9_000), 8),
    ) {
        let mut at = Coord { lon: 0, lat: 0 };
        let ring = ring.iter().map(|&(east, north)| {
            at = Coord { lon: at.lon.wrapping_add(east), lat: at.lat.wrapping_add(north) };
            at
        });
        let Ok(geometry) = Geometry::polygons([vec![ring.collect()]]) else {
            return Ok(());
        };
        let vertices: Vec<Coord> = geometry.coords().collect();
        prop_assert_eq!(geometry.bounds(), Bounds::around(vertices.iter().copied()).unwrap());
        for (pick, east, north) in picks {
            let one = *pick.get(&vertices);
            let other = Coord { lon: one.lon.wrapping_add(east), lat: one.lat.wrapping_add(north) };
            let bounds = Bounds::of(one).union(Bounds::of(other));
            let near = meeting(geometry.edges_near(bounds), bounds);
            prop_assert_eq!(&near, &meeting(geometry.edges(), bounds));
            let mut folded = Vec::new();
            geometry.edges_near(bounds).for_each(|edge| folded.push(edge));
            prop_assert_eq!(meeting(folded.into_iter(), bounds), near);
            let mut inside = false;
            let mut is_border = false;
            for (a, b) in geometry.edges() {
                match crossing(a, b, other) {
                    Crossing::On => is_border = true,
                    Crossing::Yes => inside = !inside,
                    Crossing::No => {}
                }
            }
            let side = if inside { Side::Inside } else { Side::Outside };
            prop_assert_eq!(geometry.side(other), if is_border { Side::Border } else { side });
        }
    }
}

/// Parts that cross each other and themselves, on a few lattice points, so that vertices and edges meet.
fn crowd() -> impl Strategy<Value = Geometry> {
    let spot = || (-20..=20, -20..=20);
    let long = vec(spot(), 600..700);
    let drawn = prop_oneof![20 => vec(spot(), 3..9), 1 => long];
    let polygons = |rings: Vec<Vec<(i32, i32)>>| {
        let rings = rings.iter().map(|spots| vec![ring(spots)]);
        Geometry::polygons(rings.filter(|part| doubled_area(&part[0]) != 0)).ok()
    };
    vec(drawn, 1..12).prop_filter_map("no area", polygons)
}

proptest! {
    #[test]
    fn of_many_rings_the_edges_near_a_box_are_found(
        crowd in crowd(),
        boxes in vec(((-22..=22, -22..=22), (0..9, 0..9)), 16),
    ) {
        for ((lon, lat), (wide, high)) in boxes {
            let min = Coord { lon, lat };
            let max = Coord { lon: lon + wide, lat: lat + high };
            let bounds = Bounds { min, max };
            let near = meeting(crowd.edges_near(bounds), bounds);
            prop_assert_eq!(near, meeting(crowd.edges(), bounds));
        }
    }

    #[test]
    fn a_side_is_the_same_from_every_place_beside(
        crowd in crowd(),
        places in vec(((-22..=22, -22..=22), -25..=25, any::<bool>()), 32),
    ) {
        for ((lon, lat), by, is_level) in places {
            let at = Coord { lon, lat };
            let beside = if is_level { Coord { lon: lon + by, lat } } else { Coord { lon, lat: lat + by } };
            let side = crowd.side(beside);
            if side == Side::Border {
                continue;
            }
            prop_assert_eq!(crowd.side_by(at, beside, side == Side::Inside), crowd.side(at), "{:?} {:?}", at, beside);
        }
    }
}

#[test]
fn of_a_ring_of_ten_thousand_vertices_a_look_at_one_place_walks_a_few_hundred() {
    let spot = |n: i32| {
        let (sine, cosine) = (f64::from(n) / 10_000.0 * std::f64::consts::TAU).sin_cos();
        #[expect(clippy::cast_possible_truncation, reason = "fits an i32")]
        Coord {
            lon: (cosine * 1e9) as i32,
            lat: (sine * 9e8) as i32,
        }
    };
    let circle = Geometry::polygons([vec![(0..10_000).map(spot).collect()]]).unwrap();
    let looked_at = circle.edges_near(Bounds::of(spot(2_500))).count();
    assert!((1..=400).contains(&looked_at), "{looked_at}");
}

#[test]
fn one_long_edge_does_not_widen_the_others() {
    let short = |n: i32| Coord {
        lon: n % 7,
        lat: 5 * n,
    };
    let far = Coord {
        lon: 1_799_999_999,
        lat: -899_999_999,
    };
    let line: Vec<Coord> = (0..50)
        .map(short)
        .chain([far])
        .chain((50..100).map(short))
        .collect();
    let Form::Own(bytes, _) = Geometry::lines([line]).unwrap().0 else {
        panic!("a line has a record of its own");
    };
    // 8 bits a step in 3 chunks or 4, and two steps of 64 bits.
    assert!(bytes.len() < 10 + 100 + 16 + 4 * 2 + 4, "{}", bytes.len());
}

#[test]
fn geometries_of_the_same_vertices_in_other_runs_differ() {
    let at = |lon, lat| Coord { lon, lat };
    let four = [at(0, 0), at(5, 0), at(9, 9), at(0, 7)];
    let lines = [
        Geometry::lines([four.to_vec()]).unwrap(),
        Geometry::lines([four[..2].to_vec(), four[2..].to_vec()]).unwrap(),
    ];
    let polygon = Geometry::polygons([vec![four.to_vec()]]).unwrap();
    let points = Geometry::points(four).unwrap();
    let all = [&lines[0], &lines[1], &polygon, &points];
    for (n, a) in all.iter().enumerate() {
        for (m, b) in all.iter().enumerate() {
            assert_eq!(a == b, n == m, "{a:?} {b:?}");
        }
    }
}

fn ring(points: &[(i32, i32)]) -> Vec<Coord> {
    points
        .iter()
        .map(|&(lon, lat)| Coord { lon, lat })
        .collect()
}

fn holed() -> Geometry {
    Geometry::polygons([
        vec![
            ring(&[(0, 0), (0, 10), (10, 10), (10, 0), (0, 0)]),
            ring(&[(4, 4), (6, 4), (6, 6), (4, 6)]),
        ],
        vec![ring(&[(20, 0), (30, 0), (30, 0), (20, 10)])],
    ])
    .unwrap()
}

#[test]
fn rings_lose_their_closing_and_repeated_vertices_and_keep_the_interior_on_the_left() {
    let geometry = holed();
    let areas = |part: Runs<'_>| part.map(|ring| doubled_area(ring).signum()).collect();
    let areas: Vec<Vec<i128>> = geometry.parts().map(areas).collect();
    assert_eq!(areas, [vec![1, -1], vec![1]]);
    let lengths: Vec<usize> = geometry.runs().map(|ring| ring.len()).collect();
    assert_eq!(lengths, [4, 4, 3]);
}

#[test]
fn a_point_is_inside_outside_or_on_the_border_of_outer_rings_and_holes() {
    let geometry = holed();
    for (lon, lat, side) in [
        (1, 1, Side::Inside),
        (5, 5, Side::Outside),
        (4, 5, Side::Border),
        (6, 6, Side::Border),
        (10, 3, Side::Border),
        (0, 0, Side::Border),
        (21, 1, Side::Inside),
        (25, 5, Side::Border),
        (26, 5, Side::Outside),
        (15, 0, Side::Outside),
        (-1, 10, Side::Outside),
    ] {
        assert_eq!(geometry.side(Coord { lon, lat }), side, "{lon},{lat}");
    }
}

#[test]
fn a_cross_product_of_the_whole_earth_does_not_overflow() {
    let far = 1_800_000_000;
    let half = 900_000_000;
    let world =
        Geometry::polygons([vec![ring(&[(-far, -half), (far, -half), (far, half)])]]).unwrap();
    assert_eq!(world.side(Coord { lon: 0, lat: 0 }), Side::Border);
    assert_eq!(world.side(Coord { lon: 0, lat: -1 }), Side::Inside);
    assert_eq!(world.side(Coord { lon: 0, lat: 1 }), Side::Outside);
}

#[test]
fn a_ring_without_area_is_refused() {
    let flat = Geometry::polygons([vec![ring(&[(0, 0), (5, 5), (9, 9)])]]);
    assert_eq!(flat, Err(GeometryError::FlatRing));
}
