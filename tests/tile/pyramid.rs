//! The walk down the pyramid against drawing every tile that there is.

use std::collections::BTreeSet;

use proptest::prelude::*;
use wangge::model::{Coord, Geometry, Zooms};
use wangge::snapshot::LayerSnapshot;
use wangge::tile::{Pyramid, TileAddress, TileOptions};

use super::support::{bytes, geometry, now, shapes, snapshot};

/// All tiles of the zooms that show something, by drawing each.
fn drawn(snapshot: &LayerSnapshot, zooms: Zooms) -> BTreeSet<TileAddress> {
    let all = (zooms.min..=zooms.max).flat_map(|z| {
        let count = 1_u32 << z;
        let column = move |x| (0..count).map(move |y| TileAddress::new(z, x, y).unwrap());
        (0..count).flat_map(column)
    });
    all.filter(|&address| bytes(snapshot, address).is_some())
        .collect()
}

fn walked(snapshot: &LayerSnapshot, zooms: Zooms) -> Vec<TileAddress> {
    Pyramid::new(&[snapshot], zooms, None, now(), &TileOptions::default()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn every_tile_with_content_is_walked_once_and_few_others(
        shape in shapes(), x in 0..32_u32, y in 0..32_u32,
    ) {
        // Drawn there, a shape covers up to half of the world.
        let place = TileAddress::new(5, x, y).unwrap();
        let Some(shape) = geometry(place, &shape) else {
            return Ok(());
        };
        let snapshot = snapshot(vec![shape]);
        let zooms = Zooms { min: 0, max: 7 };
        let walked = walked(&snapshot, zooms);
        let once: BTreeSet<TileAddress> = walked.iter().copied().collect();
        prop_assert_eq!(once.len(), walked.len());
        let drawn = drawn(&snapshot, zooms);
        prop_assert!(once.is_superset(&drawn), "{:?}", drawn.difference(&once));
        prop_assert!(walked.is_sorted_by_key(|address| address.z()));
    }
}

#[test]
fn the_ground_beside_a_long_line_is_not_walked() {
    let at = |step: i32| Coord {
        lon: (step - 500) * 3_400_000,
        lat: (step - 500) * 1_200_000,
    };
    let line = Geometry::lines([(0..1000).map(at).collect()]).unwrap();
    let snapshot = snapshot(vec![line]);
    let zooms = Zooms { min: 9, max: 9 };
    let walked = walked(&snapshot, zooms).len();
    // 484 columns and about 200 rows are crossed; its box holds some 97,000 tiles.
    assert!((484..1200).contains(&walked), "{walked}");
}

#[test]
fn a_box_and_the_zooms_leave_out_what_is_not_asked_for() {
    let at = |lon, lat| Coord { lon, lat };
    let square = |west: i32, south: i32, side: i32| {
        let (east, north) = (west + side, south + side);
        let ring = vec![
            at(west, south),
            at(east, south),
            at(east, north),
            at(west, north),
        ];
        Geometry::polygons([vec![ring]]).unwrap()
    };
    let snapshot = snapshot(vec![square(1_000_000_000, 0, 300_000_000)]);
    let options = TileOptions::default();
    let within = wangge::model::Bounds::of(at(1_100_000_000, 100_000_000));
    let zooms = Zooms { min: 3, max: 12 };
    let walk = Pyramid::new(&[&snapshot], zooms, Some(within), now(), &options);
    // One tile a zoom holds the place.
    assert_eq!(
        walk.map(TileAddress::z).collect::<Vec<_>>(),
        (3..=12).collect::<Vec<_>>()
    );
    let none = Zooms { min: 4, max: 3 };
    assert_eq!(walked(&snapshot, none), []);
}
