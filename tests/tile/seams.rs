//! Adjacent tiles meet: what one shows just beside their common side, the other shows too.

use geo::{Coord, MultiPolygon};
use proptest::prelude::*;
use wangge::model::Geometry;
use wangge::tile::TileAddress;

use super::support::{SIDE, addresses, checked, geometry, shapes, snapshot_to};

/// The tile's ground just west (or north) and just east (or south) of the line `x = at` (or `y = at`), as intervals along it.
fn beside(shown: &[MultiPolygon<f64>], at: f64, vertical: bool) -> [Vec<(f64, f64)>; 2] {
    let turn = |place: Coord<f64>| {
        if vertical {
            (place.x, place.y)
        } else {
            (place.y, place.x)
        }
    };
    let rings = shown
        .iter()
        .flat_map(|shape| &shape.0)
        .flat_map(|part| std::iter::once(part.exterior()).chain(part.interiors()));
    let mut hits = [Vec::new(), Vec::new()];
    for edge in rings.flat_map(geo::LineString::lines) {
        let (a, b) = (turn(edge.start), turn(edge.end));
        let ((x0, y0), (x1, y1)) = if a.0 <= b.0 { (a, b) } else { (b, a) };
        let straight_across = y0 == y1;
        assert!(
            straight_across || x0 >= at || x1 <= at,
            "an edge crosses the side of the tile without a vertex there"
        );
        if x0 < at && x1 >= at {
            hits[0].push(y1);
        }
        if x0 <= at && x1 > at {
            hits[1].push(y0);
        }
    }
    hits.map(intervals)
}

/// Sorted ends, taken in pairs, within the tile's side; empty intervals dropped and touching ones joined.
fn intervals(mut ends: Vec<f64>) -> Vec<(f64, f64)> {
    ends.sort_by(f64::total_cmp);
    assert_eq!(ends.len() % 2, 0);
    let mut joined: Vec<(f64, f64)> = Vec::new();
    for pair in ends.chunks(2) {
        let (low, high) = (pair[0].clamp(0.0, SIDE), pair[1].clamp(0.0, SIDE));
        match joined.last_mut() {
            Some(last) if last.1 >= low => last.1 = last.1.max(high),
            _ => joined.push((low, high)),
        }
    }
    joined.retain(|(low, high)| low < high);
    joined
}

fn neighbour(address: TileAddress, vertical: bool) -> TileAddress {
    let (dx, dy) = if vertical { (1, 0) } else { (0, 1) };
    TileAddress::new(address.z(), address.x() + dx, address.y() + dy).unwrap()
}

fn meet(geometry: Geometry, address: TileAddress, vertical: bool) -> [[Vec<(f64, f64)>; 2]; 2] {
    let snapshot = snapshot_to(address.z(), vec![geometry]);
    let here = checked(&snapshot, address);
    let there = checked(&snapshot, neighbour(address, vertical));
    [beside(&here, SIDE, vertical), beside(&there, 0.0, vertical)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(800))]

    #[test]
    fn a_polygon_in_two_tiles_has_the_same_ground_on_both_sides_of_their_common_side(
        address in addresses(), shape in shapes(), vertical in any::<bool>(),
    ) {
        if let Some(geometry) = geometry(address, &shape) {
            let [here, there] = meet(geometry, address, vertical);
            prop_assert_eq!(here, there);
        }
    }
}
