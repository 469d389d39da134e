//! Which tiles an edit touches, against all tiles drawn before and after it.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;
use wangge::model::{
    Access, Clustering, Coord, Feature, Geometry, GeometryKind, Layer, Value, Zooms,
};
use wangge::snapshot::{Difference, LayerSnapshot};
use wangge::tile::{Footprint, TileAddress, TileOptions, tile};

use super::clusters::{clustered, coord, tiles};
use super::support::{feature, layer, now};

/// How a layer of the test is drawn.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Clusters { to: u8, pixels: u16 },
    Points,
    Lines,
    Polygons,
}

/// A feature of that kind: its corner, its size as a power of two, how flat it is, what it counts as.
type Drawn = (Coord, f64, f64, u8);

fn kinds() -> impl Strategy<Value = Kind> {
    let pixels = prop::sample::select(vec![8_u16, 16, 64, 256]);
    prop_oneof![
        (1..14u8, pixels).prop_map(|(to, pixels)| Kind::Clusters { to, pixels }),
        Just(Kind::Points),
        Just(Kind::Lines),
        Just(Kind::Polygons),
    ]
}

fn drawn() -> impl Strategy<Value = Drawn> {
    (coord(), 0.0..26.0f64, 0.01..1.0f64, 0..20u8)
}

fn definition(kind: Kind) -> Layer {
    let plain = |geometry| Layer {
        zooms: Zooms { min: 0, max: 14 },
        clustering: Clustering::Never,
        ..layer("station", geometry)
    };
    match kind {
        Kind::Clusters { to, pixels } => clustered(to, pixels),
        Kind::Points => plain(GeometryKind::Point),
        Kind::Lines => plain(GeometryKind::Line),
        Kind::Polygons => plain(GeometryKind::Polygon),
    }
}

fn made(kind: Kind, id: i64, (at, log, flat, count): Drawn) -> Feature {
    let long = log.exp2() as i32;
    let wide = ((f64::from(long) * flat) as i32).max(1);
    let to = |east: i32, north: i32| Coord {
        lon: (at.lon + east).min(1_800_000_000),
        lat: (at.lat + north).min(900_000_000),
    };
    let geometry = match kind {
        Kind::Clusters { .. } | Kind::Points => Geometry::points([at]).unwrap(),
        Kind::Lines => Geometry::lines([vec![at, to(long, wide)]]).unwrap(),
        Kind::Polygons => {
            let ring = vec![at, to(long, 0), to(long, wide), to(wide / 2, wide)];
            Geometry::polygons([vec![ring]]).unwrap()
        }
    };
    let values: Box<[Value]> = match kind {
        Kind::Clusters { .. } => [Value::Text(format!("kind{count}").into())].into(),
        Kind::Points | Kind::Lines | Kind::Polygons => Box::default(),
    };
    Feature {
        values,
        name: Some(format!("名{count}").into()),
        ..feature(id, geometry)
    }
}

/// What a tile of the layer and its labels is.
fn bytes(layer: &LayerSnapshot, address: TileAddress) -> Option<Vec<u8>> {
    let options = TileOptions {
        labels: &[layer],
        ..TileOptions::default()
    };
    tile(&[layer], address, now(), Access::LOCAL, &options).unwrap()
}

/// The tiles on and around the corners of all features, at some zooms, and all of the first zooms.
fn looked_at(features: &[Feature]) -> BTreeSet<TileAddress> {
    let corners = |feature: &Feature| {
        let bounds = feature.geometry.bounds();
        let middle = Coord {
            lon: bounds.min.lon.midpoint(bounds.max.lon),
            lat: bounds.min.lat.midpoint(bounds.max.lat),
        };
        [bounds.min, bounds.max, middle]
    };
    let zooms = [2_u8, 3, 5, 8, 11, 13, 14, 15];
    let near = zooms.into_iter().flat_map(|zoom| {
        let coords = features.iter().flat_map(corners);
        tiles(zoom, coords)
    });
    near.collect()
}

fn touched(after: &LayerSnapshot, difference: &Difference, address: TileAddress) -> bool {
    match difference {
        Difference::Whole => true,
        Difference::Features { marks, .. } => {
            let footprint = Footprint::new(after, marks.clone(), 64);
            let is_touched = footprint.touches(address);
            let blocks = footprint.blocks(address.z());
            assert_eq!(is_touched, blocks.iter().any(|block| block.holds(address)));
            is_touched
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn no_tile_outside_of_an_edits_footprint_has_other_bytes(
        kind in kinds(),
        shapes in prop::collection::vec(drawn(), 1..24),
        edits in prop::collection::vec((any::<prop::sample::Index>(), prop::option::of(drawn())), 1..4),
        news in prop::collection::vec(drawn(), 0..2),
    ) {
        let features: Vec<Feature> = (1..).zip(&shapes).map(|(id, one)| made(kind, id, *one)).collect();
        let before = Arc::new(LayerSnapshot::build(definition(kind), 1, features.clone()));
        let (mut changed, mut gone) = (Vec::new(), Vec::new());
        for (place, shape) in edits {
            let id = features[place.index(features.len())].id;
            match shape {
                Some(shape) => changed.push(made(kind, id.0, shape)),
                None => gone.push(id),
            }
        }
        changed.extend((1000..).zip(&news).map(|(id, one)| made(kind, id, *one)));
        let all: Vec<Feature> = features.iter().chain(&changed).cloned().collect();
        let after = Arc::new(before.changed(2, changed, &gone).unwrap().layer);
        let difference = after.difference(&before);
        for address in looked_at(&all) {
            let is_other = bytes(&before, address) != bytes(&after, address);
            let is_touched = difference.as_ref().is_some_and(|one| touched(&after, one, address));
            prop_assert!(is_touched || !is_other, "{address:?} {difference:?}");
        }
    }

    #[test]
    fn a_tile_beyond_the_frames_of_an_edit_is_not_touched(
        kind in kinds(), shape in drawn(), zoom in 0..15u8, far in 2..9u32,
    ) {
        let before = Arc::new(LayerSnapshot::build(definition(kind), 1, [made(kind, 1, shape)]));
        let renamed = Feature { name: Some("别名".into()), ..made(kind, 1, shape) };
        let after = Arc::new(before.changed(2, vec![renamed], &[]).unwrap().layer);
        let difference = after.difference(&before).unwrap();
        let bounds = before.bounds().unwrap();
        let own = tiles(zoom, [bounds.min, bounds.max]);
        // `tiles` has those around too.
        let (west, east) = (own.iter().map(|one| one.x()).min(), own.iter().map(|one| one.x()).max());
        let columns = [west.unwrap().checked_sub(far), east.unwrap().checked_add(far)];
        for x in columns.into_iter().flatten() {
            for y in own.iter().map(|one| one.y()) {
                if let Ok(address) = TileAddress::new(zoom, x, y) {
                    prop_assert!(!touched(&after, &difference, address));
                }
            }
        }
    }
}

#[test]
fn a_point_touches_one_or_two_tiles_of_each_zoom_at_which_its_layer_is_drawn() {
    let at = Coord {
        lon: 1_047_092_000,
        lat: 284_386_000,
    };
    let point = |name: &str| Feature {
        name: Some(name.into()),
        ..feature(1, Geometry::points([at]).unwrap())
    };
    for kind in [Kind::Points, Kind::Clusters { to: 13, pixels: 64 }] {
        let before = Arc::new(LayerSnapshot::build(definition(kind), 1, [point("前")]));
        let after = Arc::new(before.changed(2, vec![point("后")], &[]).unwrap().layer);
        let difference = after.difference(&before);
        let Some(Difference::Features {
            count: 1, marks, ..
        }) = difference
        else {
            panic!("{difference:?}");
        };
        let footprint = Footprint::new(&after, marks, 64);
        let held = |zoom: u8| {
            let near = tiles(zoom, [at]).into_iter();
            near.filter(|address| footprint.touches(*address)).count()
        };
        assert!(
            (0..=14).all(|zoom| (1..=2).contains(&held(zoom))),
            "{kind:?}"
        );
        assert_eq!(held(14), 1);
        // The layer ends there.
        assert_eq!(held(15), 0);
    }
}

#[test]
fn a_layer_drawn_by_other_rules_differs_as_a_whole_and_one_that_is_the_same_in_nothing() {
    let kind = Kind::Clusters { to: 13, pixels: 64 };
    let shape = (Coord { lon: 0, lat: 0 }, 1.0, 1.0, 1);
    let built = |definition: Layer| LayerSnapshot::build(definition, 1, [made(kind, 1, shape)]);
    let before = Arc::new(built(definition(kind)));
    let same = Arc::new(built(definition(kind)));
    assert_eq!(same.difference(&before), None);
    let other = Arc::new(built(definition(Kind::Clusters { to: 12, pixels: 64 })));
    assert_eq!(other.difference(&before), Some(Difference::Whole));
    let many = (1..=2000).map(|id| made(kind, id, shape));
    let many = Arc::new(LayerSnapshot::build(definition(kind), 1, many));
    assert_eq!(many.difference(&before), Some(Difference::Whole));
}
