//! The nearest features against a second, slower way: every feature, every edge, many places on it.

use std::sync::Arc;

use geo::{Distance, Geodesic, Point};
use proptest::prelude::*;
use wangge::model::{
    Access, Coord, Feature, FeatureId, Geometry, GeometryKind, LonLat, Side, Time, Validity,
};
use wangge::query::{NearbyOptions, nearby};
use wangge::snapshot::{LayerSnapshot, Snapshot};

use crate::support::{layer, name};

/// Places on an edge that are looked at in one round; each round looks closer around the best one.
const PLACES: u32 = 40;
const ROUNDS: u32 = 8;

fn metres(from: Coord, to: LonLat) -> f64 {
    let from = from.degrees();
    Geodesic.distance(Point::new(from.lon, from.lat), Point::new(to.lon, to.lat))
}

fn to_edge(from: Coord, a: Coord, b: Coord) -> f64 {
    let (a, b) = (a.degrees(), b.degrees());
    let at = |share: f64| {
        let lon = a.lon + (b.lon - a.lon) * share;
        metres(from, LonLat::new(lon, a.lat + (b.lat - a.lat) * share))
    };
    // An edge around half of the Earth may come near at both of its ends: every valley is looked into.
    // A stretch of the edge is a degree long at the most.
    let stretches = if (b.lon - a.lon).abs() < 40.0 {
        PLACES
    } else {
        360
    };
    let share = |n: u32| f64::from(n) / f64::from(stretches);
    let is_valley = |n: &u32| {
        let beside = [n.saturating_sub(1), (n + 1).min(stretches)];
        beside
            .iter()
            .all(|beside| at(share(*n)) <= at(share(*beside)))
    };
    let valleys = (0..=stretches).filter(is_valley);
    let bottoms = valleys.map(|n| bottom(at, share(n.saturating_sub(1)), share(n + 1).min(1.0)));
    bottoms.fold(f64::INFINITY, f64::min)
}

/// The least of a way that has one valley between two shares.
fn bottom(at: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..ROUNDS {
        let step = (high - low) / f64::from(PLACES);
        let shares = (0..=PLACES).map(|n| low + step * f64::from(n));
        let nearest = shares.min_by(|a, b| at(*a).total_cmp(&at(*b))).unwrap();
        best = best.min(at(nearest));
        (low, high) = ((nearest - step).max(0.0), (nearest + step).min(1.0));
    }
    best
}

/// The distance by looking at every edge.
fn slow(from: Coord, shape: &Geometry) -> f64 {
    if shape.side(from) != Side::Outside {
        return 0.0;
    }
    let runs = shape.runs().map(|run| {
        let mut places: Vec<Coord> = run.collect();
        if shape.kind() == GeometryKind::Polygon {
            places.push(places[0]);
        }
        let one = [places[0], places[0]];
        let edges: Vec<f64> = match shape.kind() {
            GeometryKind::Point => one
                .windows(2)
                .map(|e| metres(from, e[0].degrees()))
                .collect(),
            _ => places
                .windows(2)
                .map(|e| to_edge(from, e[0], e[1]))
                .collect(),
        };
        edges.into_iter().fold(f64::INFINITY, f64::min)
    });
    runs.fold(f64::INFINITY, f64::min)
}

fn snapshot(kind: GeometryKind, shapes: Vec<Geometry>) -> Snapshot {
    let features = (1..).zip(shapes).map(|(id, geometry)| Feature {
        id: FeatureId(id),
        code: None,
        name: None,
        parent: None,
        validity: Validity::ALWAYS,
        geometry,
        values: Box::new([]),
    });
    let layer = LayerSnapshot::build(layer("thing", kind, vec![]), 1, features);
    Snapshot {
        layers: [(name("thing"), Arc::new(layer))].into(),
        ..Snapshot::default()
    }
}

/// Asks for all features, and compares order and distances with the slow way.
fn agrees(kind: GeometryKind, shapes: Vec<Geometry>, from: Coord, k: usize) {
    let snapshot = snapshot(kind, shapes);
    let layer = &snapshot.layers[&name("thing")];
    let options = NearbyOptions {
        k,
        ..NearbyOptions::default()
    };
    let now = Time::from_millis(0);
    let found = nearby(&snapshot, layer, from, now, &options, Access::LOCAL).unwrap();
    let mut expected: Vec<(f64, FeatureId)> = layer
        .features()
        .iter()
        .map(|feature| (slow(from, &feature.geometry), feature.id))
        .collect();
    expected.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    assert_eq!(found.features.len(), k.min(expected.len()));
    for (near, (metres, _)) in found.features.iter().zip(&expected) {
        let own = slow(from, &near.feature.geometry);
        assert!(
            (near.distance_m - metres).abs() < 2e-3 && (near.distance_m - own).abs() < 2e-3,
            "{from:?}: {:?} is {} m away, not {own}; the next is {metres} m away",
            near.feature.geometry,
            near.distance_m,
        );
    }
}

/// Places in a neighbourhood that may lie anywhere: at a pole, across the antimeridian.
fn neighbourhood(steps: i32) -> impl Strategy<Value = Vec<Coord>> {
    let centre = prop_oneof![
        (-1_800_000_000..=1_800_000_000, -899_000_000..=899_000_000),
        (Just(1_799_999_000), -899_000_000..=899_000_000),
        (-1_800_000_000..=1_800_000_000, Just(899_000_000)),
        (-1_800_000_000..=1_800_000_000, Just(-899_990_000)),
        (Just(1_047_000_000), Just(284_000_000)),
    ];
    let offsets = prop::collection::vec((-steps..=steps, -steps..=steps), 40);
    (centre, offsets).prop_map(|((lon, lat), offsets): ((i32, i32), Vec<_>)| {
        let place = |(east, north): (i32, i32)| Coord {
            lon: wrap(i64::from(lon) + i64::from(east)),
            lat: lat.saturating_add(north).clamp(-900_000_000, 900_000_000),
        };
        offsets.into_iter().map(place).collect()
    })
}

fn wrap(lon: i64) -> i32 {
    i32::try_from((lon + 1_800_000_000).rem_euclid(3_600_000_000) - 1_800_000_000).unwrap()
}

fn reaches() -> impl Strategy<Value = i32> {
    prop_oneof![
        Just(1_000),
        Just(100_000),
        Just(30_000_000),
        Just(800_000_000)
    ]
}

fn places() -> impl Strategy<Value = Vec<Coord>> {
    reaches().prop_flat_map(neighbourhood)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn the_nearest_points_are_those_that_a_look_at_every_point_finds(places in places(), k in 1..12_usize) {
        let (from, points) = places.split_first().unwrap();
        let shapes = points.chunks(2).map(|pair| Geometry::points(pair.to_vec()).unwrap());
        agrees(GeometryKind::Point, shapes.collect(), *from, k);
    }

    #[test]
    fn the_nearest_lines_are_those_that_a_look_along_every_line_finds(places in places(), k in 1..6_usize) {
        let (from, points) = places.split_first().unwrap();
        let shapes = points.chunks(4).filter_map(|line| Geometry::lines([line.to_vec()]).ok());
        agrees(GeometryKind::Line, shapes.collect(), *from, k);
    }

    #[test]
    fn the_nearest_polygons_are_those_that_a_look_along_every_border_finds(places in places(), k in 1..6_usize) {
        let (from, points) = places.split_first().unwrap();
        let shapes = points.chunks(5).filter_map(|ring| Geometry::polygons([vec![ring.to_vec()]]).ok());
        agrees(GeometryKind::Polygon, shapes.collect(), *from, k);
    }
}
