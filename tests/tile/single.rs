//! One polygon at a time, against geo.

use geo::algorithm::{Area, BooleanOps, BoundingRect, Euclidean, Length, Validation};
use geo::{Coord, LineString, MultiPolygon, Rect};
use proptest::prelude::*;
use wangge::model::Geometry;
use wangge::tile::TileAddress;

use super::support::{
    BUFFER, SIDE, Shape, addresses, area, checked, exact_polygons, geometry, shapes, snapshot,
    snapshot_to,
};

fn frame() -> MultiPolygon<f64> {
    let (low, high) = (-BUFFER, SIDE + BUFFER);
    let corners = Rect::new(Coord { x: low, y: low }, Coord { x: high, y: high });
    MultiPolygon(vec![corners.to_polygon()])
}

fn perimeter(shape: &MultiPolygon<f64>) -> f64 {
    let rings = shape
        .iter()
        .flat_map(|part| std::iter::once(part.exterior()).chain(part.interiors()));
    rings.map(|ring| Euclidean.length(ring)).sum()
}

/// How many square units a tile shows too much or too little of one valid polygon, and the length of its border.
fn wrong_along_border(address: TileAddress, geometry: Geometry) -> (f64, f64) {
    let truth = exact_polygons(address, &geometry).intersection(&frame());
    let shown = checked(&snapshot_to(address.z(), vec![geometry]), address);
    assert!(shown.len() < 2);
    let shown = shown.into_iter().next();
    let shown = shown.unwrap_or(MultiPolygon(Vec::new()));
    let wrong = shown.xor(&truth).unsigned_area();
    (wrong, perimeter(&truth).max(perimeter(&shown)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_polygon_of_a_tile_is_valid_and_wound_as_the_format_says(
        address in addresses(), shape in shapes(),
    ) {
        if let Some(geometry) = geometry(address, &shape) {
            checked(&snapshot_to(address.z(), vec![geometry]), address);
        }
    }

    #[test]
    fn a_tile_shows_the_ground_that_geo_cuts_out_of_the_polygon_within_a_unit_along_its_border(
        address in addresses(), shape in shapes(),
    ) {
        let Some(geometry) = geometry(address, &shape) else { return Ok(()) };
        // Beyond 85.05 degrees the map ends, and vertices lie on its edge.
        let in_map = geometry.coords().all(|at| at.lat.abs() < 850_000_000);
        prop_assume!(in_map && exact_polygons(address, &geometry).is_valid());
        let (wrong, border) = wrong_along_border(address, geometry);
        prop_assert!(wrong <= border + 1.0, "{wrong} square units wrong along {border}");
    }

    #[test]
    fn a_polygon_longer_than_a_pixel_never_vanishes(address in addresses(), shape in shapes()) {
        let shape = in_the_middle(shape.into_iter().take(1).collect());
        let Some(geometry) = geometry(address, &shape) else { return Ok(()) };
        let bounds = exact_polygons(address, &geometry).bounding_rect();
        let length = bounds.map_or(0.0, |bounds| bounds.width().max(bounds.height()));
        // From a sixteenth more than a pixel on, and what the lattice may take away.
        prop_assume!((17.2..SIDE).contains(&length));
        prop_assert!(area(&checked(&snapshot(vec![geometry]), address)) > 0.0);
    }
}

/// The shape with its first ring's box around the tile's centre.
fn in_the_middle(shape: Shape) -> Shape {
    let corners: LineString<f64> = shape[0][0].clone().into();
    let center = corners.bounding_rect().unwrap().center();
    let moved = |(x, y): (f64, f64)| (x - center.x + SIDE / 2.0, y - center.y + SIDE / 2.0);
    let ring = |ring: Vec<(f64, f64)>| ring.into_iter().map(moved).collect();
    let part = |part: Vec<Vec<(f64, f64)>>| part.into_iter().map(ring).collect();
    shape.into_iter().map(part).collect()
}

#[test]
fn a_polygon_around_the_tile_fills_it_with_its_buffer() {
    let address = TileAddress::new(12, 3200, 1700).unwrap();
    let around = vec![vec![vec![
        (-9e3, -9e3),
        (9e3, -9e3),
        (9e3, 9e3),
        (-9e3, 9e3),
    ]]];
    let shown = checked(
        &snapshot(vec![geometry(address, &around).unwrap()]),
        address,
    );
    assert_eq!(shown, [frame()].map(|frame| turned(&frame, &shown[0])));
}

/// The same ring, begun where the other begins.
fn turned(frame: &MultiPolygon<f64>, like: &MultiPolygon<f64>) -> MultiPolygon<f64> {
    let first = like.0[0].exterior().0[0];
    let mut ring = frame.0[0].exterior().0.clone();
    ring.pop();
    let start = ring.iter().position(|&at| at == first).unwrap();
    ring.rotate_left(start);
    MultiPolygon(vec![geo::Polygon::new(ring.into(), Vec::new())])
}

#[test]
fn a_hole_stays_a_hole_where_mercator_turns_the_ring_around_it_over() {
    let address = TileAddress::new(5, 19, 9).unwrap();
    // Eleven tiles long: straight in degrees, it would wind the other way.
    let outer = vec![
        (47_689.0, 22_271.0),
        (9_735.0, 4_916.0),
        (-8_085.0, -3_705.0),
        (-8_031.0, -3_822.0),
        (3_122.0, 1_343.0),
    ];
    let hole = vec![
        (797.0, 372.0),
        (-18.0, 38.0),
        (-797.0, -372.0),
        (18.0, -38.0),
    ];
    let geometry = geometry(address, &vec![vec![outer, hole]]).unwrap();
    let (wrong, border) = wrong_along_border(address, geometry);
    assert!(wrong <= border, "{wrong} square units wrong along {border}");
}
