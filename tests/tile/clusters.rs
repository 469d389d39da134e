//! Points that stand for several features: their counts against a look at each feature.

use std::collections::{BTreeMap, BTreeSet};

use fast_mvt::{MvtFeature, MvtGeometry, MvtValue};
use proptest::prelude::*;
use wangge::model::{
    Access, ClusterCell, Clustering, Clusters, Coord, Feature, FeatureId, Field, FieldKind,
    Geometry, GeometryKind, Layer, Sensitivity, Time, Title, Validity, Value, Zooms,
};
use wangge::snapshot::LayerSnapshot;
use wangge::tile::{Filter, TileAddress, TileOptions, tile};

use super::support::{exact, feature, lattice, layer, now, read};

/// Tile units of a tile's side.
const SIDE: i32 = 4096;

fn kind_field(sensitivity: Sensitivity) -> Field {
    Field {
        name: "kind".into(),
        title: Title::default(),
        kind: FieldKind::Text,
        sensitivity,
        in_tiles: true,
    }
}

/// A layer of points with clusters below a zoom.
pub(crate) fn clustered(to: u8, pixels: u16) -> Layer {
    Layer {
        zooms: Zooms { min: 0, max: 14 },
        fields: vec![kind_field(Sensitivity::Internal)],
        clustering: Clustering::Below(Clusters {
            to,
            cell: ClusterCell::of_pixels(pixels).unwrap(),
            by: Some("kind".into()),
        }),
        ..layer("station", GeometryKind::Point)
    }
}

pub(super) fn station(id: i64, at: Coord, kind: &str) -> Feature {
    Feature {
        values: [Value::Text(kind.into())].into(),
        ..feature(id, Geometry::points([at]).unwrap())
    }
}

/// What a tile's only layer has, read back.
fn shown(
    layer: &LayerSnapshot,
    address: TileAddress,
    at: Time,
    access: Access,
    options: &TileOptions<'_>,
) -> Vec<MvtFeature> {
    let bytes = tile(&[layer], address, at, access, options).unwrap();
    bytes.map_or_else(Vec::new, |bytes| read(&bytes).remove(0).features)
}

fn point(feature: &MvtFeature) -> Option<(i32, i32)> {
    match &feature.geometry {
        MvtGeometry::Point(at) => Some((at.x(), at.y())),
        _ => None,
    }
}

/// Where a point lies in a tile, if it counts there: not in the buffer.
fn own(feature: &MvtFeature) -> Option<(i32, i32)> {
    point(feature).filter(|(x, y)| (0..SIDE).contains(x) && (0..SIDE).contains(y))
}

fn number(feature: &MvtFeature, key: &str) -> Option<u64> {
    let found = feature.properties.iter().find(|(known, _)| known == key);
    found.map(|(_, value)| match value {
        MvtValue::Int(number) => u64::try_from(*number).unwrap(),
        MvtValue::UInt(number) => *number,
        other => panic!("{key} is {other:?}"),
    })
}

pub(crate) fn count(feature: &MvtFeature) -> u64 {
    number(feature, "point_count").unwrap_or(1)
}

/// The tiles of a zoom in which coordinates lie, and those around them.
pub(crate) fn tiles(zoom: u8, coords: impl IntoIterator<Item = Coord>) -> BTreeSet<TileAddress> {
    let world = TileAddress::new(0, 0, 0).unwrap();
    let last = (1_i64 << zoom) - 1;
    let tile = |at: Coord| {
        let at = exact(world, at);
        let part = |part: f64| {
            let share = (part / f64::from(SIDE)).clamp(0.0, 1.0);
            (share * 2f64.powi(i32::from(zoom))).floor() as i64
        };
        (part(at.x), part(at.y))
    };
    let own: BTreeSet<(i64, i64)> = coords.into_iter().map(tile).collect();
    let around = own
        .into_iter()
        .flat_map(|(x, y)| (-1..=1).flat_map(move |dx| (-1..=1).map(move |dy| (x + dx, y + dy))));
    let address = around.map(|(x, y)| {
        let clamp = |n: i64| u32::try_from(n.clamp(0, last)).unwrap();
        TileAddress::new(zoom, clamp(x), clamp(y)).unwrap()
    });
    address.collect()
}

/// All points that lie in the tiles of a zoom, not in their buffers.
pub(super) fn own_points(
    layer: &LayerSnapshot,
    zoom: u8,
) -> impl Iterator<Item = MvtFeature> + use<'_> {
    let coords = layer
        .features()
        .iter()
        .filter_map(|feature| feature.geometry.coords().next());
    let options = TileOptions::default();
    let all = tiles(zoom, coords)
        .into_iter()
        .flat_map(move |address| shown(layer, address, now(), Access::LOCAL, &options));
    all.filter(|feature| own(feature).is_some())
}

/// The counts of all points that lie in the tiles of a zoom, not in their buffers.
pub(crate) fn sum(layer: &LayerSnapshot, zoom: u8) -> u64 {
    own_points(layer, zoom).map(|feature| count(&feature)).sum()
}

/// Coordinates in heaps: within metres, within kilometres, and all over the map, but not on its very edge, where points that
/// are drawn singly lie in no tile but in buffers.
pub(crate) fn coord() -> impl Strategy<Value = Coord> {
    let heap = |spread: i32| {
        (
            1_200_000_000..1_200_000_000 + spread,
            300_000_000..300_000_000 + spread,
        )
    };
    let world = (-1_799_000_000..1_799_000_000, -850_000_000..=850_000_000);
    let any =
        prop_oneof![3 => heap(3_000), 3 => heap(1_000_000), 1 => heap(60_000_000), 1 => world];
    any.prop_map(|(lon, lat)| Coord { lon, lat })
}

/// One of a few kinds, and a validity that holds, held or will hold at the time of the tests.
fn stations() -> impl Strategy<Value = Vec<Feature>> {
    let time = |millis: i64| Some(Time::from_millis(millis));
    let validity = move |from, to| Just(Validity { from, to });
    let ages = prop_oneof![
        4 => validity(None, None),
        1 => validity(time(-5), None),
        1 => validity(None, time(0)),
        1 => validity(time(1), None),
    ];
    let kind = prop::sample::select(vec!["shelter", "hydrant", "team"]);
    let one = (coord(), kind, ages).prop_map(|(at, kind, validity)| Feature {
        validity,
        ..station(0, at, kind)
    });
    prop::collection::vec(one, 1..60).prop_map(|all| {
        let numbered = (1..).zip(all);
        numbered
            .map(|(id, one)| Feature {
                id: FeatureId(id),
                ..one
            })
            .collect()
    })
}

/// The cell of a coordinate, so many along the world's side, in floating point.
fn cell(at: Coord, along: f64) -> (i64, i64) {
    let world = exact(TileAddress::new(0, 0, 0).unwrap(), at);
    let part = |part: f64| {
        let share = (part / f64::from(SIDE)).clamp(0.0, 1.0 - 1e-12);
        (share * along).floor() as i64
    };
    (part(world.x), part(world.y))
}

fn cells_along(zoom: u8, pixels: u16) -> f64 {
    2f64.powi(i32::from(zoom)) * 512.0 / f64::from(pixels)
}

fn place(feature: &Feature) -> Coord {
    feature.geometry.coords().next().unwrap()
}

/// What should be said of the members of one cell.
#[derive(Debug, PartialEq)]
struct Said {
    count: u64,
    id: Option<u64>,
    expansion: Option<u64>,
    kinds: BTreeMap<String, u64>,
}

fn expected(members: &[&Feature], zoom: u8, to: u8, pixels: u16) -> Said {
    if let [only] = members {
        let id = u64::try_from(only.id.0).ok();
        return Said {
            count: 1,
            id,
            expansion: None,
            kinds: BTreeMap::new(),
        };
    }
    let is_apart = |zoom: &u8| {
        let along = cells_along(*zoom, pixels);
        let cells: BTreeSet<_> = members.iter().map(|one| cell(place(one), along)).collect();
        cells.len() > 1
    };
    let mut kinds = BTreeMap::new();
    for member in members {
        *kinds
            .entry(format!("kind={}", member.values[0]))
            .or_default() += 1;
    }
    let expansion = (zoom + 1..to).find(is_apart).unwrap_or(to);
    let count = members.len() as u64;
    Said {
        count,
        id: None,
        expansion: Some(expansion.into()),
        kinds,
    }
}

fn said(feature: &MvtFeature) -> Said {
    let is_cluster = number(feature, "point_count").is_some();
    let kinds = feature
        .properties
        .iter()
        .map(|(key, _)| key)
        .filter(|key| key.starts_with("kind="));
    Said {
        count: count(feature),
        id: feature.id.filter(|_| !is_cluster),
        expansion: number(feature, "expansion_zoom"),
        kinds: kinds
            .map(|key| (key.clone(), number(feature, key).unwrap()))
            .collect(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_cell_says_what_a_look_at_each_of_its_points_finds(
        features in stations(), zoom in 0..12u8, to in 1..14u8,
        pixels in prop::sample::select(vec![8_u16, 16, 64, 256]), only_shelters: bool,
    ) {
        let built = LayerSnapshot::build(clustered(to, pixels), 1, features.clone());
        let passes = |feature: &Feature| !only_shelters || feature.values[0] == Value::Text("shelter".into());
        let is_drawn = |_: &Layer, feature: &Feature| passes(feature);
        let options = TileOptions {
            filter: only_shelters.then(|| Filter::new(&is_drawn)),
            ..TileOptions::default()
        };
        let counting = |feature: &&Feature| feature.validity.holds_at(now()) && passes(feature);
        let counting: Vec<&Feature> = features.iter().filter(counting).collect();
        let mut cells: BTreeMap<(i64, i64), Vec<&Feature>> = BTreeMap::new();
        let along = cells_along(zoom, pixels);
        for feature in &counting {
            cells.entry(cell(place(feature), along)).or_default().push(feature);
        }
        let mut found: BTreeMap<(i64, i64), Said> = BTreeMap::new();
        let mut total = 0;
        for address in tiles(zoom, features.iter().map(place)) {
            for feature in shown(&built, address, now(), Access::LOCAL, &options) {
                let Some((x, y)) = own(&feature) else { continue };
                total += count(&feature);
                let column = |tile: u32, unit: i32| {
                    let share = (f64::from(tile) + f64::from(unit) / f64::from(SIDE)) / 2f64.powi(i32::from(zoom));
                    (share * along).floor() as i64
                };
                if zoom < to {
                    let cell = (column(address.x(), x), column(address.y(), y));
                    prop_assert!(found.insert(cell, said(&feature)).is_none(), "two points in {:?}", cell);
                }
            }
        }
        prop_assert_eq!(total, counting.len() as u64);
        if zoom < to {
            let said = cells.into_iter().map(|(cell, members)| (cell, expected(&members, zoom, to, pixels)));
            prop_assert_eq!(found, said.collect());
        }
    }

    #[test]
    fn a_buffer_holds_exactly_what_the_tile_beside_holds_there(
        features in stations(), zoom in 1..12u8, pixels in prop::sample::select(vec![8_u16, 64, 256]),
    ) {
        let built = LayerSnapshot::build(clustered(13, pixels), 1, features.clone());
        let seen = |address| {
            let all = shown(&built, address, now(), Access::LOCAL, &TileOptions::default());
            let key = |feature: MvtFeature| (point(&feature).unwrap(), feature.id, count(&feature));
            all.into_iter().map(key).collect::<Vec<_>>()
        };
        for west in tiles(zoom, features.iter().take(5).map(place)) {
            let Ok(east) = TileAddress::new(zoom, west.x() + 1, west.y()) else { continue };
            let about = SIDE - 64..=SIDE + 64;
            let mut in_west: Vec<_> = seen(west);
            in_west.retain(|((x, _), ..)| about.contains(x));
            let moved = seen(east).into_iter().map(|((x, y), id, count)| ((x + SIDE, y), id, count));
            let mut in_east: Vec<_> = moved.filter(|((x, _), ..)| about.contains(x)).collect();
            in_west.sort_unstable();
            in_east.sort_unstable();
            prop_assert_eq!(in_west, in_east);
        }
    }

    #[test]
    fn what_is_drawn_and_the_counts_of_what_is_too_small_come_to_the_number_of_features(
        places in prop::collection::vec((coord(), 0.0..26.0f64, 0.1..1.0f64, any::<bool>()), 1..40),
        zoom in 0..15u8, is_lines: bool,
    ) {
        let shape = |&(at, log, flat, is_far): &(Coord, f64, f64, bool)| {
            // From a centimetre to seven degrees.
            let (wide, high) = ((log.exp2()) as i32 + 1, (log.exp2() * flat) as i32 + 1);
            let square = |west: i32| vec![
                Coord { lon: west, lat: at.lat },
                Coord { lon: west.saturating_add(wide).min(1_800_000_000), lat: at.lat },
                Coord { lon: west.saturating_add(wide).min(1_800_000_000), lat: (at.lat + high).min(900_000_000) },
            ];
            // Parts that are small, far from each other.
            let parts = [square(at.lon)].into_iter().chain(is_far.then(|| square(at.lon / 2)));
            if is_lines {
                Geometry::lines(parts)
            } else {
                Geometry::polygons(parts.map(|ring| vec![ring]))
            }
        };
        let shapes: Vec<Geometry> = places.iter().filter_map(|place| shape(place).ok()).collect();
        let kind = if is_lines { GeometryKind::Line } else { GeometryKind::Polygon };
        let features: Vec<Feature> = (1..).zip(&shapes).map(|(id, shape)| feature(id, shape.clone())).collect();
        let definition = Layer { zooms: Zooms { min: 0, max: 14 }, ..layer("ground", kind) };
        let built = LayerSnapshot::build(definition, 1, features);
        let corners = shapes.iter().flat_map(|shape| {
            let bounds = shape.bounds();
            let part = |low: i32, high: i32, n: i32| low + ((i64::from(high) - i64::from(low)) * i64::from(n) / 8) as i32;
            let grid = (0..=8).flat_map(|x| (0..=8).map(move |y| (x, y)));
            let grid = grid.map(move |(x, y)| Coord {
                lon: part(bounds.min.lon, bounds.max.lon, x),
                lat: part(bounds.min.lat, bounds.max.lat, y),
            });
            grid.chain(shape.coords().collect::<Vec<_>>()).collect::<Vec<_>>()
        });
        let (mut drawn, mut counted) = (BTreeSet::new(), 0);
        for address in tiles(zoom, corners) {
            for feature in shown(&built, address, now(), Access::LOCAL, &TileOptions::default()) {
                if point(&feature).is_none() {
                    drawn.insert(feature.id.unwrap());
                } else if own(&feature).is_some() {
                    counted += count(&feature);
                }
            }
        }
        prop_assert_eq!(drawn.len() as u64 + counted, shapes.len() as u64);
    }

    #[test]
    fn a_changed_layer_has_the_tiles_of_one_built_anew(
        features in stations(), redrawn in prop::collection::vec((0..60i64, coord()), 0..20),
        gone in prop::collection::vec(0..60i64, 0..20), zoom in 0..12u8,
    ) {
        let definition = clustered(13, 64);
        let before = LayerSnapshot::build(definition.clone(), 1, features.clone());
        let mut known: BTreeMap<i64, Feature> = features.iter().map(|one| (one.id.0, one.clone())).collect();
        let mut changed = Vec::new();
        for (number, at) in redrawn {
            if let Some(one) = known.get_mut(&(number + 1)) {
                *one = station(number + 1, at, "team");
                changed.push(one.clone());
            }
        }
        changed.reverse();
        let mut removed = Vec::new();
        for number in gone {
            let id = FeatureId(number + 1);
            if changed.iter().all(|one| one.id != id) {
                known.remove(&id.0);
                removed.push(id);
            }
        }
        let after = before.changed(2, changed, &removed).unwrap().layer;
        let built = LayerSnapshot::build(definition, 2, known.into_values());
        for address in tiles(zoom, features.iter().map(place)) {
            let all = |layer| shown(layer, address, now(), Access::LOCAL, &TileOptions::default());
            let said = |layer| all(layer).iter().map(|one| (point(one), said(one))).collect::<Vec<_>>();
            prop_assert_eq!(said(&after), said(&built));
        }
    }
}

/// A tile in the midst of China, and a place in it.
fn here() -> (TileAddress, Coord) {
    let address = TileAddress::new(10, 832, 419).unwrap();
    (address, lattice(address, (1000.0, 2000.0)))
}

/// So many stations of one kind after the other, all in one place.
fn heap(kinds: &[(&str, usize)]) -> Vec<Feature> {
    let each = kinds
        .iter()
        .flat_map(|&(kind, count)| std::iter::repeat_n(kind, count));
    (1..)
        .zip(each)
        .map(|(id, kind)| station(id, here().1, kind))
        .collect()
}

fn properties(layer: &LayerSnapshot, access: Access) -> Vec<(String, MvtValue)> {
    let features = shown(layer, here().0, now(), access, &TileOptions::default());
    assert_eq!(features.len(), 1);
    features[0].properties.clone()
}

#[test]
fn a_cluster_says_what_supercluster_says_and_its_members_by_kind() {
    let built = LayerSnapshot::build(
        clustered(13, 64),
        1,
        heap(&[("shelter", 1201), ("避难所", 33)]),
    );
    let text = |text: &str| MvtValue::String(text.into());
    let expected = [
        ("cluster", MvtValue::Bool(true)),
        ("point_count", MvtValue::Int(1234)),
        ("point_count_abbreviated", text("1.2k")),
        ("expansion_zoom", MvtValue::Int(13)),
        ("kind=shelter", MvtValue::Int(1201)),
        ("kind=避难所", MvtValue::Int(33)),
    ];
    let expected = expected.map(|(key, value)| (key.to_owned(), value));
    assert_eq!(properties(&built, Access::LOCAL), expected);
}

#[test]
fn by_a_field_that_the_reader_may_not_see_nothing_is_counted() {
    let built = LayerSnapshot::build(clustered(13, 64), 1, heap(&[("shelter", 3)]));
    let keys = properties(&built, Access::up_to(Sensitivity::Public));
    assert!(
        keys.iter().all(|(key, _)| !key.contains("kind")),
        "{keys:?}"
    );
    assert_eq!(keys.len(), 4);
}

#[test]
fn the_sixteen_most_frequent_values_are_counted_each_and_all_others_together() {
    let names: Vec<String> = (10..30).map(|number| format!("k{number}")).collect();
    let kinds = names
        .iter()
        .zip(1..)
        .map(|(name, count)| (name.as_str(), count));
    let built = LayerSnapshot::build(clustered(13, 64), 1, heap(&kinds.collect::<Vec<_>>()));
    let found = properties(&built, Access::LOCAL);
    let counted = |key: &str| {
        found
            .iter()
            .find(|(known, _)| known == key)
            .map(|(_, value)| value.clone())
    };
    assert_eq!(counted("kind=k29"), Some(MvtValue::Int(20)));
    assert_eq!(counted("kind=k14"), Some(MvtValue::Int(5)));
    assert_eq!(counted("kind=k13"), None);
    assert_eq!(counted("other"), Some(MvtValue::Int(1 + 2 + 3 + 4)));
}

#[test]
fn a_layer_for_which_nobody_chose_has_clusters_only_where_a_tile_would_hold_thousands() {
    let built = |count| {
        let features = (0..count).map(|n| {
            let (x, y) = ((n % 100) as f64 * 40.0 + 5.0, (n / 100) as f64 * 40.0 + 5.0);
            feature(
                n + 1,
                Geometry::points([lattice(here().0, (x, y))]).unwrap(),
            )
        });
        let definition = Layer {
            zooms: Zooms { min: 0, max: 14 },
            ..layer("camera", GeometryKind::Point)
        };
        LayerSnapshot::build(definition, 1, features)
    };
    let whole = |layer: &LayerSnapshot, zoom: u8| {
        let (tile, up) = (here().0, 10 - zoom.min(10));
        let address = TileAddress::new(zoom, tile.x() >> up, tile.y() >> up).unwrap();
        let all = shown(
            layer,
            address,
            now(),
            Access::LOCAL,
            &TileOptions::default(),
        );
        let own = all.iter().filter(|one| own(one).is_some());
        (own.clone().count(), own.map(count).sum::<u64>())
    };
    assert_eq!(whole(&built(4000), 8), (4000, 4000));
    let (points, counted) = whole(&built(5000), 10);
    assert!(points < 100 && counted == 5000, "{points}");
    // At zoom 11 the same ground is four tiles, none with so many.
    assert_eq!((sum(&built(5000), 11), sum(&built(5000), 10)), (5000, 5000));
    let below = TileAddress::new(11, here().0.x() * 2, here().0.y() * 2).unwrap();
    let all = shown(
        &built(5000),
        below,
        now(),
        Access::LOCAL,
        &TileOptions::default(),
    );
    assert!(all.iter().all(|one| count(one) == 1));
}

#[test]
fn what_lies_at_the_poles_counts_in_the_outermost_tiles() {
    let poles = [(-1_800_000_000, 900_000_000), (1_800_000_000, -900_000_000)];
    let features = poles
        .iter()
        .cycle()
        .zip(1..=10)
        .map(|(&(lon, lat), id)| station(id, Coord { lon, lat }, "team"));
    let built = LayerSnapshot::build(clustered(13, 64), 1, features);
    assert_eq!([0, 3, 12].map(|zoom| sum(&built, zoom)), [10; 3]);
}

#[test]
fn the_ids_of_clusters_stay_tell_them_apart_and_are_numbers_that_javascript_has() {
    let spread = (0..3000_i64).map(|n| {
        let at = Coord {
            lon: 1_040_000_000 + (n * 7919 % 3000 * 9_000) as i32,
            lat: 284_000_000 + (n * 104_729 % 3000 * 9_000) as i32,
        };
        station(n + 1, at, "team")
    });
    let features: Vec<Feature> = spread.collect();
    let built = LayerSnapshot::build(clustered(13, 64), 1, features.clone());
    let without_one = LayerSnapshot::build(clustered(13, 64), 2, features[1..].to_vec());
    for zoom in 0..11 {
        let ids = |layer: &LayerSnapshot| {
            let all = tiles(zoom, features.iter().map(place))
                .into_iter()
                .flat_map(|address| {
                    shown(
                        layer,
                        address,
                        now(),
                        Access::LOCAL,
                        &TileOptions::default(),
                    )
                });
            let own = all.filter(|one| own(one).is_some() && count(one) > 1);
            own.map(|one| one.id.unwrap()).collect::<Vec<_>>()
        };
        let (all, fewer) = (ids(&built), ids(&without_one));
        let unique: BTreeSet<u64> = all.iter().copied().collect();
        assert_eq!(unique.len(), all.len());
        assert!(unique.iter().all(|id| (1 << 52..1 << 53).contains(id)));
        assert!(fewer.iter().filter(|id| !unique.contains(id)).count() == 0);
    }
}
