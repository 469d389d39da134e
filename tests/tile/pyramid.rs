//! The walk down the pyramid against drawing every tile that there is.

use std::collections::BTreeSet;

use proptest::prelude::*;
use wangge::model::{Access, Clustering, Clusters, Coord, Geometry, GeometryKind, Layer, Zooms};
use wangge::snapshot::LayerSnapshot;
use wangge::tile::{Pyramid, TileAddress, TileOptions, tile};

use super::clusters::{coord, tiles};
use super::support::{feature, geometry, layer, now, shapes, snapshot, snapshot_to};

/// All tiles of some zooms.
fn world(zooms: Zooms) -> impl Iterator<Item = TileAddress> {
    (zooms.min..=zooms.max).flat_map(|z| {
        let count = 1_u32 << z;
        let column = move |x| (0..count).map(move |y| TileAddress::new(z, x, y).unwrap());
        (0..count).flat_map(column)
    })
}

/// The tiles of some zooms that hold one of some places, and those around them.
fn about(at: &[Coord], zooms: Zooms) -> BTreeSet<TileAddress> {
    let around = |z: u8| {
        let held = tiles(z, at.iter().copied());
        held.into_iter().flat_map(move |tile| {
            let near = move |at: u32| at.saturating_sub(1)..=(at + 1).min((1 << z) - 1);
            let row = move |y| near(tile.x()).map(move |x| TileAddress::new(z, x, y).unwrap());
            near(tile.y()).flat_map(row)
        })
    };
    (zooms.min..=zooms.max).flat_map(around).collect()
}

/// Checks the walk against drawing `all` tiles that can show something: each that does once, zoom by zoom. How many are
/// walked, and how many show something.
fn check(
    layers: &[&LayerSnapshot],
    zooms: Zooms,
    options: &TileOptions<'_>,
    all: impl IntoIterator<Item = TileAddress>,
) -> Result<(usize, usize), TestCaseError> {
    let walk = Pyramid::new(layers, zooms, None, now(), options);
    let walked: Vec<TileAddress> = walk.collect();
    let once: BTreeSet<TileAddress> = walked.iter().copied().collect();
    prop_assert_eq!(once.len(), walked.len());
    let draws = |address: &TileAddress| {
        let bytes = tile(layers, *address, now(), Access::LOCAL, options);
        bytes.unwrap().is_some()
    };
    let drawn: BTreeSet<TileAddress> = all.into_iter().filter(draws).collect();
    prop_assert!(once.is_superset(&drawn), "{:?}", drawn.difference(&once));
    prop_assert!(walked.is_sorted_by_key(|address| address.z()));
    Ok((walked.len(), drawn.len()))
}

fn walked(snapshot: &LayerSnapshot, zooms: Zooms) -> Vec<TileAddress> {
    Pyramid::new(&[snapshot], zooms, None, now(), &TileOptions::default()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn every_tile_with_content_is_walked_once_and_few_others(
        shape in shapes(), x in 0..32_u32, y in 0..32_u32, last in 6..25_u8,
    ) {
        // Drawn there, a shape covers up to half of the world.
        let place = TileAddress::new(5, x, y).unwrap();
        let Some(shape) = geometry(place, &shape) else {
            return Ok(());
        };
        let snapshot = snapshot_to(last, vec![shape]);
        let zooms = Zooms { min: 0, max: 7 };
        check(&[&snapshot], zooms, &TileOptions::default(), world(zooms))?;
    }

    #[test]
    fn tiles_with_a_label_only_are_walked_and_no_others(
        corners in prop::collection::vec((coord(), 1_000..90_000_000i32), 1..8), last in 5..9_u8,
    ) {
        let square = |(at, side): (Coord, i32)| {
            let lon = at.lon.min(1_700_000_000);
            let lat = at.lat.clamp(-800_000_000, 800_000_000);
            let ring = [(0, 0), (side, 0), (side, side), (0, side)];
            let ring = ring.map(|(east, north)| Coord { lon: lon + east, lat: lat + north });
            Geometry::polygons([vec![ring.to_vec()]]).unwrap()
        };
        let shapes = corners.into_iter().map(square).collect();
        let snapshot = snapshot_to(last, shapes);
        let options = TileOptions { labels: &[&snapshot], ..TileOptions::default() };
        let zooms = Zooms { min: 0, max: 6 };
        let (walked, drawn) = check(&[], zooms, &options, world(zooms))?;
        prop_assert_eq!(walked, drawn);
    }

    #[test]
    fn tiles_with_a_point_in_the_place_of_others_are_walked(
        at in prop::collection::vec(coord(), 1..7),
        sides in prop::collection::vec(1..300_000_i32, 7),
        cell in prop::sample::select(vec![8, 16, 64, 256_u16]), to in 0..14_u8,
        buffer in prop::sample::select(vec![0, 64, 300_u32]), last in 6..15_u8,
    ) {
        let zooms = Zooms { min: 0, max: 12 };
        let options = TileOptions { buffer, ..TileOptions::default() };
        let spots = (1..).zip(&at).map(|(id, at)| feature(id, Geometry::points([*at]).unwrap()));
        let clusters = Clusters { to, cell: cell.try_into().unwrap(), by: None };
        let definition = Layer {
            clustering: Clustering::Below(clusters),
            ..layer("spot", GeometryKind::Point)
        };
        let points = LayerSnapshot::build(definition, 1, spots);
        check(&[&points], zooms, &options, about(&at, zooms))?;
        // Polygons that are smaller than a pixel at most of these zooms.
        let small = at.iter().zip(sides).map(|(at, side)| {
            let (lon, lat) = (at.lon.min(1_700_000_000), at.lat.clamp(-800_000_000, 800_000_000));
            let ring = [(0, 0), (side, 0), (0, side)];
            let ring = ring.map(|(east, north)| Coord { lon: lon + east, lat: lat + north });
            Geometry::polygons([vec![ring.to_vec()]]).unwrap()
        });
        let small = snapshot_to(last, small.collect());
        check(&[&small, &points], zooms, &options, about(&at, zooms))?;
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
