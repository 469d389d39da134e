//! Grids whose rings cross themselves: the face index against the exact test, where they must be asked and where they need not.

use std::f64::consts::TAU;

use proptest::prelude::*;
use proptest::sample::Index;
use wangge::index::Face;
use wangge::model::{Backward, Bounds, Coord, Geometry};

use crate::face::{Indexed, distance, winding};

type Spot = (i32, i32);

/// Side of the board on which all lattice points are asked, in lattice steps.
const BOARD: i32 = 36;

fn at((lon, lat): Spot) -> Coord {
    Coord { lon, lat }
}

fn polygons(parts: &[Vec<Vec<Spot>>]) -> Option<Geometry> {
    let ring = |ring: &Vec<Spot>| ring.iter().copied().map(at).collect();
    let part = |rings: &Vec<Vec<Spot>>| rings.iter().map(ring).collect();
    Geometry::polygons(parts.iter().map(part)).ok()
}

/// A ring that may do anything: cross itself, go twice around, or to and fro.
fn ring() -> impl Strategy<Value = Vec<Spot>> {
    let scribble = prop::collection::vec((0..=BOARD, 0..=BOARD), 3..10);
    // Coarse, so that vertices and edges coincide.
    let coarse = prop::collection::vec((0..=4, 0..=4), 3..9)
        .prop_map(|spots| spots.into_iter().map(|(x, y)| (9 * x, 9 * y)).collect());
    let spot = || (0..=BOARD, 0..=BOARD);
    let bow_tie = [spot(), spot(), spot(), spot()].prop_map(|[a, b, c, d]| {
        let high = b.1.max(c.1);
        vec![a, b, (a.0, high), (b.0, d.1)]
    });
    let drawn = prop_oneof![2 => scribble, 2 => coarse, 1 => bow_tie];
    (drawn, 0..4, any::<(Index, Index)>()).prop_map(|(ring, more, (from, to))| match more {
        // Walked twice.
        0 => [ring.clone(), ring].concat(),
        // A way to somewhere and back.
        1 => {
            let (from, to) = (from.index(ring.len()), ring[to.index(ring.len())]);
            let mut spiked = ring[..=from].to_vec();
            spiked.extend([(to.1, to.0), ring[from]]);
            spiked.extend(&ring[from + 1..]);
            spiked
        }
        _ => ring,
    })
}

/// Parts with holes anywhere.
fn shape() -> impl Strategy<Value = Vec<Vec<Vec<Spot>>>> {
    let part = prop::collection::vec(ring(), 1..3);
    prop::collection::vec(part, 1..3)
}

/// So many times as large, somewhere on the Earth.
fn scaled(shape: &[Vec<Vec<Spot>>], unit: i32) -> Option<Geometry> {
    let place = |&(x, y): &Spot| (x * unit - 40_000_003, y * unit + 11);
    let ring = |ring: &Vec<Spot>| ring.iter().map(place).collect();
    let part = |rings: &Vec<Vec<Spot>>| rings.iter().map(ring).collect();
    polygons(&shape.iter().map(part).collect::<Vec<_>>())
}

/// Places of the board and a little beside it, so many steps from each other.
fn board(unit: i32) -> Vec<Coord> {
    let along = || -1..=BOARD + 1;
    let spots = along().flat_map(|x| along().map(move |y| (x, y)));
    spots
        .map(|(x, y)| at((x * unit - 40_000_003, y * unit + 11)))
        .collect()
}

/// Where edges cross, rounded, and the points around.
fn crossings(shapes: &[Option<Geometry>]) -> Vec<Coord> {
    let edges: Vec<(Coord, Coord)> = shapes.iter().flatten().flat_map(Geometry::edges).collect();
    let wide = |a: Coord, b: Coord| {
        (
            f64::from(b.lon) - f64::from(a.lon),
            f64::from(b.lat) - f64::from(a.lat),
        )
    };
    let cross = |a: (f64, f64), b: (f64, f64)| a.0 * b.1 - a.1 * b.0;
    let mut found = Vec::new();
    for (n, &(a, b)) in edges.iter().enumerate() {
        for &(c, d) in &edges[..n] {
            let (ab, cd, ac) = (wide(a, b), wide(c, d), wide(a, c));
            let (s, t) = (cross(ac, cd) / cross(ab, cd), cross(ac, ab) / cross(ab, cd));
            if (0.0..=1.0).contains(&s) && (0.0..=1.0).contains(&t) {
                #[expect(clippy::cast_possible_truncation, reason = "within the edge")]
                let step = |share: f64| (s * share).round() as i32;
                found.push((a.lon + step(ab.0), a.lat + step(ab.1)));
            }
        }
    }
    let around = |(lon, lat): Spot| {
        [(0, 0), (1, 0), (0, 1), (-1, 0), (0, -1), (2, 3), (-40, 7)]
            .map(|(dx, dy)| at((lon + dx, lat + dy)))
    };
    // Not so many that the test takes long.
    let every = found.len() / 60 + 1;
    found.into_iter().step_by(every).flat_map(around).collect()
}

/// Whether more covers may lie over each other than are told apart: those of boxes are counted too.
fn are_stacked(shapes: &[Option<Geometry>]) -> bool {
    let places = |shape: &Geometry| Backward::places(shape);
    let covers = |places: Vec<Backward>| places.iter().map(|place| 2 + place.times).sum::<u32>();
    let covers = shapes
        .iter()
        .flatten()
        .map(|shape| places(shape).map(covers));
    covers.sum::<Option<u32>>().is_none_or(|covers| covers > 10)
}

fn grids() -> impl Strategy<Value = (i32, Vec<Vec<Vec<Vec<Spot>>>>)> {
    let unit = prop_oneof![3 => Just(1), 1 => Just(7), 2 => Just(40_007), 1 => Just(20_000_003)];
    (unit, prop::collection::vec(shape(), 1..3))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn what_crooked_grids_hold_is_told_exactly_or_asked(
        (unit, shapes) in grids(),
        changes in prop::collection::vec((any::<Index>(), shape()), 0..3),
    ) {
        let mut shapes: Vec<Option<Geometry>> = shapes.iter().map(|shape| scaled(shape, unit)).collect();
        // So that no change reaches beyond the ground.
        let (low, high) = (-2, BOARD + 2);
        let frame = vec![vec![vec![(low, low), (high, low), (high, low - 1)]], vec![vec![(low, high), (high, high), (low, high + 1)]]];
        shapes.push(scaled(&frame, unit));
        let mut points = board(unit);
        points.extend(crossings(&shapes));
        let mut indexed = Indexed::build(shapes.clone());
        // On a few metres cells are too crowded to tell.
        let may_ask = |shapes: &[Option<Geometry>]| unit != 40_007 || are_stacked(shapes);
        indexed.check(&points, may_ask(&shapes))?;
        for (grid, shape) in changes {
            let grid = grid.index(shapes.len() - 1);
            shapes[grid] = scaled(&shape, unit);
            indexed.redraw(grid, shapes[grid].clone());
            points.extend(crossings(&shapes));
            indexed.check(&points, may_ask(&shapes))?;
        }
    }

    #[test]
    fn boxes_hold_all_that_is_wound_around_backward(shape in shape(), unit in 1..4) {
        let Some(polygon) = scaled(&shape, unit) else {
            return Ok(());
        };
        let places = Backward::places(&polygon).unwrap_or_else(|| {
            vec![Backward { bounds: polygon.bounds(), times: u32::MAX }]
        });
        for at in board(unit) {
            let times = winding(&polygon, at);
            let is_held = places.iter().any(|place| {
                place.bounds.holds(at) && u32::try_from(-times).is_ok_and(|times| times <= place.times)
            });
            let is_near = || polygon.edges().any(|(a, b)| distance(at, a, b) < 0.8);
            prop_assert!(times >= 0 || is_held || is_near(), "{:?}: {} times, {:?}", at, times, places);
        }
        let bounds = polygon.bounds();
        for place in &places {
            prop_assert_eq!(place.bounds.union(bounds), bounds);
        }
    }
}

/// The faces that single points of a few grids have.
fn faces(shapes: &[Vec<Vec<Vec<Spot>>>], points: &[Spot]) -> Vec<Face> {
    let shapes = shapes.iter().map(|shape| polygons(shape)).collect();
    let index = Indexed::build(shapes).index;
    points.iter().map(|&spot| index.find(at(spot))).collect()
}

fn square((x, y): Spot, side: i32) -> Vec<Spot> {
    vec![(x, y), (x + side, y), (x + side, y + side), (x, y + side)]
}

#[test]
fn of_a_figure_eight_only_the_lobe_that_is_walked_backward_is_asked() {
    let eight = vec![vec![vec![
        (0, 0),
        (900_000, 900_000),
        (900_000, 300_000),
        (0, 800_000),
    ]]];
    let found = faces(
        &[eight],
        &[
            (100_000, 500_000),
            (850_000, 600_000),
            (500_000, 50_000),
            (-50_000, 1),
        ],
    );
    // The larger lobe is the western one.
    assert_eq!(found, [Face::of_grid(0), Face::ASK, Face::NONE, Face::NONE]);
}

#[test]
fn of_a_hole_outside_of_its_shell_only_the_hole_is_asked() {
    let shape = vec![vec![square((0, 0), 600_000), square((700_000, 0), 100_000)]];
    let found = faces(
        &[shape, vec![vec![square((0, 700_000), 90_000)]]],
        &[
            (300_000, 300_000),
            (750_000, 50_000),
            (750_000, 300_000),
            (50_000, 750_000),
        ],
    );
    assert_eq!(
        found,
        [Face::of_grid(0), Face::ASK, Face::NONE, Face::of_grid(1)]
    );
}

#[test]
fn a_ring_that_is_walked_twice_is_asked_in_its_inside_alone() {
    let ring = square((0, 0), 600_000);
    let found = faces(
        &[vec![vec![[ring.clone(), ring].concat()]]],
        &[(300_000, 300_000), (650_000, 300_000)],
    );
    assert_eq!(found, [Face::ASK, Face::NONE]);
}

#[test]
fn a_polygon_that_winds_backward_too_often_is_asked_in_all_of_its_box() {
    let hole = square((700_000, 0), 100_000);
    let holes = |count: usize| {
        let mut rings = vec![square((0, 0), 600_000)];
        rings.extend(vec![hole.clone(); count]);
        vec![rings]
    };
    let at = [(300_000, 300_000), (750_000, 50_000), (750_000, 300_000)];
    for (count, is_walked) in [(1, true), (2, true), (8, true), (9, false), (40, false)] {
        let found = faces(&[holes(count)], &at);
        let [inside, outside] = if is_walked {
            [Face::of_grid(0), Face::NONE]
        } else {
            [Face::ASK; 2]
        };
        assert_eq!(found, [inside, Face::ASK, outside], "{count} holes");
    }
}

#[test]
fn spikes_of_a_crooked_grid_are_borders() {
    let ring = vec![
        (0, 0),
        (600_000, 0),
        (600_000, 600_000),
        (900_000, 900_000),
        (600_000, 600_000),
        (10, 600_000),
        (20, 599_000),
        (0, 599_000),
    ];
    let found = faces(
        &[vec![vec![ring]]],
        &[(750_000, 750_000), (750_000, 700_000)],
    );
    assert_eq!(found, [Face::ASK, Face::NONE]);
}

/// A round land of so many vertices whose coast goes around a small loop at every hundredth.
fn land(count: u32, radius: f64) -> Geometry {
    let spot = |n: f64, out: f64| {
        let angle = n / f64::from(count) * TAU;
        let far = radius * (1.0 + 0.3 * (5.0 * angle).sin() + out / 1e4);
        #[expect(clippy::cast_possible_truncation, reason = "within the lattice")]
        let place = |share: f64| (share * far).round() as i32;
        at((place(angle.cos()), place(angle.sin())))
    };
    let coast = |n: u32| {
        let at = f64::from(n);
        match n % 100 {
            50 => vec![spot(at + 1.0, 1.0), spot(at, 2.0), spot(at, -1.0)],
            51 => vec![],
            _ => vec![spot(at, 0.0)],
        }
    };
    Geometry::polygons([vec![(0..count).flat_map(coast).collect()]]).unwrap()
}

#[test]
fn a_land_whose_coast_crosses_itself_in_many_places_is_asked_only_there() {
    let land = land(5_000, 5e7);
    assert!(land.is_crooked());
    let places = Backward::places(&land).unwrap();
    assert_eq!(places.len(), 50);
    let Bounds { min, max } = land.bounds();
    let indexed = Indexed::build(vec![Some(land), polygons(&[vec![square((0, 0), 9)]])]);
    let along = |low: i32, high: i32| {
        let step = usize::try_from((high - low) / 150).unwrap();
        (low..=high).step_by(step)
    };
    let points = along(min.lon, max.lon).flat_map(|lon| {
        let lats = along(min.lat, max.lat);
        lats.map(move |lat| Coord { lon, lat })
    });
    let points: Vec<Coord> = points.collect();
    indexed.check(&points, false).unwrap();
    let asked = points
        .iter()
        .filter(|at| indexed.index.find(**at) == Face::ASK);
    let (asked, all) = (asked.count(), points.len());
    assert!(asked * 200 < all, "{asked} of {all} points are asked");
}
