//! Tiles with more than they may draw singly: what is dropped is the smallest, and counts stay true, against a look at each feature.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use fast_mvt::{MvtFeature, MvtGeometry};
use proptest::prelude::*;
use wangge::app::{MOST_BYTES, TileCache, TileFilter, TileWish};
use wangge::index::longer_side;
use wangge::model::{
    Access, Bounds, Clustering, Feature, Field, FieldKind, Geometry, GeometryKind, Layer,
    Sensitivity, TileFormat, Time, Title, Validity, Value, Zooms,
};
use wangge::snapshot::{LayerSnapshot, Snapshot};
use wangge::tile::{Drawn, Shown, TileAddress, TileOptions, draw, tile};

use super::clusters::{count, tiles};
use super::support::{exact, feature, lattice, layer, now, read};

const SIDE: f64 = 4096.0;
const ZOOM: u8 = 10;

fn here() -> TileAddress {
    TileAddress::new(ZOOM, 832, 419).unwrap()
}

/// A square by its north-west corner and side, in units of the tile here.
fn square((x, y): (f64, f64), side: f64) -> Geometry {
    let corners = [(x, y + side), (x + side, y + side), (x + side, y), (x, y)];
    let ring = corners.map(|at| lattice(here(), at)).to_vec();
    Geometry::polygons([vec![ring]]).unwrap()
}

fn squares(given: &[((f64, f64), f64)]) -> LayerSnapshot {
    let shapes = given.iter().map(|&(at, side)| square(at, side));
    let features = (1..).zip(shapes).map(|(id, shape)| feature(id, shape));
    let zooms = Zooms { min: 0, max: 14 };
    let definition = Layer {
        zooms,
        ..layer("ground", GeometryKind::Polygon)
    };
    LayerSnapshot::build(definition, 1, features)
}

fn drawn(layer: &LayerSnapshot, address: TileAddress, most: usize) -> Drawn {
    let options = TileOptions {
        most,
        ..TileOptions::default()
    };
    draw(&[layer], address, now(), Access::LOCAL, &options).unwrap()
}

fn features(drawn: &Drawn) -> Vec<MvtFeature> {
    let bytes = drawn.bytes.as_ref();
    bytes.map_or_else(Vec::new, |bytes| read(bytes).remove(0).features)
}

/// The features that are drawn as what they are.
fn singly(all: &[MvtFeature]) -> BTreeSet<i64> {
    let shapes = all
        .iter()
        .filter(|one| !matches!(one.geometry, MvtGeometry::Point(_)));
    shapes.map(|one| one.id.unwrap().cast_signed()).collect()
}

/// What the points in the tile itself stand for.
fn counted(all: &[MvtFeature]) -> u64 {
    let own = all.iter().filter(|one| match &one.geometry {
        MvtGeometry::Point(at) => (0..4096).contains(&at.x()) && (0..4096).contains(&at.y()),
        _ => false,
    });
    own.map(count).sum()
}

/// The middle of a box on the map, by floating point.
fn is_in(bounds: Bounds, address: TileAddress) -> bool {
    let (low, high) = (exact(address, bounds.min), exact(address, bounds.max));
    let inside = |a: f64, b: f64| (0.0..SIDE).contains(&f64::midpoint(a, b));
    inside(low.x, high.x) && inside(low.y, high.y)
}

fn ground() -> impl Strategy<Value = Vec<((f64, f64), f64)>> {
    let place = (-900.0..4900.0f64, -900.0..4900.0f64);
    let side = prop_oneof![1.0..16.0f64, 30.0..40.0f64, 20.0..900.0f64];
    prop::collection::vec((place, side), 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_dropped_is_the_smallest_and_in_each_tile_what_is_drawn_and_counted_comes_to_all_whose_middle_it_holds(
        given in ground(), most in 0..30usize,
    ) {
        let built = squares(&given);
        let boxes: BTreeMap<i64, Bounds> = built
            .features().iter().map(|one| (one.id.0, one.geometry.bounds())).collect();
        let corners = boxes.values().flat_map(|bounds| [bounds.min, bounds.max]);
        let mut total = 0;
        for address in tiles(ZOOM, corners) {
            let (all, some) = (drawn(&built, address, usize::MAX), drawn(&built, address, most));
            prop_assert!(all.dropped.is_empty());
            let (whole, part) = (features(&all), features(&some));
            let (before, after) = (singly(&whole), singly(&part));
            prop_assert!(after.is_subset(&before));
            let dropped: usize = some.dropped.iter().map(|one| one.count).sum();
            prop_assert!(after.len() <= most && dropped >= before.len() - after.len());
            let rank = |id: &i64| (std::cmp::Reverse(longer_side(boxes[id])), *id);
            let last_drawn = after.iter().map(rank).max();
            let first_dropped = before.difference(&after).map(rank).min();
            prop_assert!(first_dropped.is_none_or(|first| last_drawn < Some(first)));
            let held = boxes.iter().filter(|(_, bounds)| is_in(**bounds, address));
            let (mut shown, mut expected) = (0, 0);
            for (id, _) in held {
                expected += 1;
                shown += u64::from(after.contains(id));
            }
            prop_assert_eq!(shown + counted(&part), expected);
            total += expected;
        }
        prop_assert_eq!(total, given.len() as u64);
    }

    #[test]
    fn a_tile_within_the_bound_has_the_bytes_of_one_without(given in ground()) {
        let built = squares(&given);
        let without = drawn(&built, here(), usize::MAX);
        let within = drawn(&built, here(), given.len());
        prop_assert_eq!(&within, &without);
        let bytes = tile(&[&built], here(), now(), Access::LOCAL, &TileOptions::default());
        prop_assert_eq!(bytes.unwrap(), without.bytes);
    }
}

#[test]
fn points_of_a_layer_without_clusters_beyond_the_bound_are_gathered_those_with_higher_ids_first() {
    let place = |n: i64| {
        let at = |part: i64| ((part * 7919) % 4000) as f64 + 40.0;
        lattice(here(), (at(n), at(n * n)))
    };
    let points = (1..=900).map(|n| feature(n, Geometry::points([place(n)]).unwrap()));
    let definition = Layer {
        clustering: Clustering::Never,
        ..layer("camera", GeometryKind::Point)
    };
    let built = LayerSnapshot::build(definition, 1, points);
    let some = drawn(&built, here(), 300);
    assert_eq!(some.dropped[0].count, 600);
    let all = features(&some);
    let ids: BTreeSet<u64> = all.iter().filter_map(|one| one.id).collect();
    assert!((1..=300).all(|id| ids.contains(&id)));
    assert_eq!(counted(&all), 900);
    // Of the others, too many for so few cells are gathered in fewer.
    assert!(all.len() <= 600, "{}", all.len());
}

/// Text that gzip makes hardly shorter.
fn noise(seed: i64) -> String {
    let mut state = seed.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let letter = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(b' ' + (state >> 32) as u8 % 95)
    };
    (0..400).map(letter).collect()
}

fn heights() -> Field {
    Field {
        name: "height".into(),
        title: Title::default(),
        kind: FieldKind::Integer,
        sensitivity: Sensitivity::Public,
        in_tiles: true,
    }
}

/// Two thousand buildings with long names, heights from 0 to 99 and, every third, a first day.
fn buildings() -> Vec<Feature> {
    let building = |n: i64| {
        let (column, row) = ((n % 50) as f64, (n / 50) as f64);
        let side = 20.0 + (n * 31 % 40) as f64;
        Feature {
            name: Some(noise(n).into()),
            values: [Value::Integer(n * 7 % 100)].into(),
            validity: Validity {
                from: (n % 3 == 0).then(|| Time::from_millis(1_000)),
                to: None,
            },
            ..feature(n + 1, square((column * 80.0 + 5.0, row * 80.0 + 5.0), side))
        }
    };
    (0..2000).map(building).collect()
}

fn snapshot(features: Vec<Feature>) -> Snapshot {
    let definition = Layer {
        fields: vec![heights()],
        zooms: Zooms { min: 0, max: 14 },
        ..layer("building", GeometryKind::Polygon)
    };
    let built = Arc::new(LayerSnapshot::build(definition, 1, features));
    Snapshot {
        layers: [(built.layer().name.clone(), built)].into(),
        ..Snapshot::default()
    }
}

#[test]
fn a_tile_over_the_bound_of_bytes_ends_below_it_in_both_forms_and_everything_counts() {
    let snapshot = snapshot(buildings());
    let mut shown = Shown::default();
    shown.add(&snapshot, "building").unwrap();
    let cache = TileCache::default();
    for format in [TileFormat::Mvt, TileFormat::Mlt] {
        let wish = TileWish {
            address: here(),
            at: Time::from_millis(2_000),
            access: Access::LOCAL,
            format,
            filter: None,
        };
        let (made, _) = cache.tile(snapshot.content(), &shown, &wish).unwrap();
        let made = made.unwrap();
        let bytes = made.gzip.as_ref().unwrap().len();
        assert!((MOST_BYTES / 2..=MOST_BYTES).contains(&bytes), "{bytes}");
        let [dropped] = &*made.dropped else {
            panic!("one layer is bounded")
        };
        assert!((100..1900).contains(&dropped.count), "{dropped:?}");
        if format == TileFormat::Mvt {
            let all = read(&made.bytes).remove(0).features;
            assert_eq!(singly(&all).len() + dropped.count, 2000);
            assert_eq!(counted(&all), dropped.count as u64);
        }
    }
}

#[test]
fn a_filter_and_a_time_draw_what_a_layer_of_those_features_alone_would_draw_at_every_zoom() {
    let all = snapshot(buildings());
    let mut shown = Shown::default();
    shown.add(&all, "building").unwrap();
    shown.add(&all, "building.label").unwrap();
    let filter = TileFilter::parse("height >= 50 AND id <> 9", &shown, Access::LOCAL).unwrap();
    for at in [500, 2_000].map(Time::from_millis) {
        let passes = |one: &Feature| {
            let Value::Integer(height) = one.values[0] else {
                return false;
            };
            height >= 50 && one.id.0 != 9 && one.validity.holds_at(at)
        };
        let alone = snapshot(buildings().into_iter().filter(passes).collect());
        let mut expected = Shown::default();
        expected.add(&alone, "building").unwrap();
        expected.add(&alone, "building.label").unwrap();
        let cache = TileCache::default();
        for zoom in 0..=14 {
            let up = |at: u32| {
                if zoom <= ZOOM {
                    at >> (ZOOM - zoom)
                } else {
                    at << (zoom - ZOOM)
                }
            };
            let wish = TileWish {
                address: TileAddress::new(zoom, up(here().x()), up(here().y())).unwrap(),
                at,
                access: Access::LOCAL,
                format: TileFormat::Mvt,
                filter: Some(&filter),
            };
            let (drawn, _) = cache.tile(all.content(), &shown, &wish).unwrap();
            let without = TileWish {
                filter: None,
                ..wish
            };
            let other = TileCache::default();
            let (expected, _) = other.tile(alone.content(), &expected, &without).unwrap();
            assert_eq!(drawn, expected, "zoom {zoom}");
            // The same cache tells tiles with and without the filter apart.
            let (unfiltered, _) = cache.tile(all.content(), &shown, &without).unwrap();
            assert_ne!(unfiltered, drawn, "zoom {zoom}");
        }
    }
}

#[test]
fn a_filter_must_say_something_of_every_layer_and_be_short() {
    let snapshot = snapshot(Vec::new());
    let mut shown = Shown::default();
    shown.add(&snapshot, "building").unwrap();
    let error = TileFilter::parse("depth > 3", &shown, Access::LOCAL).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("building") && text.contains("character 1") && text.contains("\"depth\""),
        "{text}"
    );
    let long = format!("height > {}", "1".repeat(4096));
    let error = TileFilter::parse(&long, &shown, Access::LOCAL).unwrap_err();
    assert!(error.to_string().contains("4096"), "{error}");
}
