//! What our tiles count at each zoom, all of them together, against what supercluster counts of the same points.

use std::collections::{BTreeMap, BTreeSet};

use fast_mvt::{MvtFeature, MvtValue};
use serde::Deserialize;
use serde_json::json;
use wangge::model::{Coord, Feature, Value};
use wangge::snapshot::LayerSnapshot;

use super::clusters::{clustered, count, own_points, station};
use super::edited::{middle, new_york};
use super::readers::{node, written};
use crate::support::program::Desk;

/// Where the values that are not among the most frequent are counted, and what has none.
const OTHER: &str = "other";
/// So many values are counted each.
const MOST: usize = 16;

/// What is counted at a zoom.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
struct Counted {
    total: u64,
    kinds: BTreeMap<String, u64>,
}

impl Counted {
    fn of(points: &[(Coord, String)]) -> Self {
        let mut counted = Self::default();
        for (_, kind) in points {
            counted.add(kind, 1);
        }
        counted
    }

    fn add(&mut self, kind: &str, count: u64) {
        self.total += count;
        *self.kinds.entry(kind.to_owned()).or_default() += count;
    }

    /// The kinds that are counted each, where nothing is as frequent as the last of them.
    fn most_frequent(&self) -> BTreeSet<String> {
        let named = self.kinds.iter().filter(|(kind, _)| *kind != OTHER);
        let mut kinds: Vec<(u64, &String)> = named.map(|(kind, count)| (*count, kind)).collect();
        kinds.sort_unstable_by(|a, b| b.cmp(a));
        if let Some([last, next]) = kinds.get(MOST - 1..=MOST) {
            assert_ne!(last.0, next.0);
        }
        kinds.truncate(MOST);
        kinds.into_iter().map(|(_, kind)| kind.clone()).collect()
    }

    /// The same where other kinds than these are [`OTHER`].
    fn told_as(self, kinds: &BTreeSet<String>) -> Self {
        let mut told = Self::default();
        for (kind, count) in &self.kinds {
            told.add(if kinds.contains(kind) { kind } else { OTHER }, *count);
        }
        assert_eq!(told.total, self.total, "each point has one kind");
        told
    }
}

fn by_supercluster(points: &[(Coord, String)]) -> Vec<Counted> {
    let point = |(at, kind): &(Coord, String)| json!([at.degrees().lon, at.degrees().lat, kind]);
    let points: Vec<_> = points.iter().map(point).collect();
    let (_kept, path) = written(&serde_json::to_vec(&points).unwrap(), "points.json");
    serde_json::from_slice(&node("clusters.mjs", &[path])).unwrap()
}

/// What a point of a tile says of kinds: a cluster of each, another one of its own.
fn kinds(feature: &MvtFeature) -> Vec<(String, u64)> {
    let of = |(key, value): &(String, MvtValue)| match (key.as_str(), value) {
        ("kind", MvtValue::String(kind)) => Some((kind.clone(), 1)),
        (OTHER, MvtValue::Int(count)) => Some((OTHER.to_owned(), *count)),
        (key, MvtValue::Int(count)) => Some((key.strip_prefix("kind=")?.to_owned(), *count)),
        _ => None,
    };
    let kinds: Vec<(String, i64)> = feature.properties.iter().filter_map(of).collect();
    if kinds.is_empty() {
        return vec![(OTHER.to_owned(), 1)];
    }
    let positive = |(kind, count)| (kind, u64::try_from(count).unwrap());
    kinds.into_iter().map(positive).collect()
}

/// What is counted in all tiles of a zoom.
fn by_tiles(layer: &LayerSnapshot, zoom: u8) -> Counted {
    let mut counted = Counted::default();
    for feature in own_points(layer, zoom) {
        let kinds = kinds(&feature);
        let sum: u64 = kinds.iter().map(|(_, count)| count).sum();
        assert_eq!(sum, count(&feature), "{feature:?}");
        for (kind, count) in kinds {
            counted.add(&kind, count);
        }
    }
    counted
}

/// Compares all zooms, in total and kind by kind; points of the kind [`OTHER`] are without one.
fn compare(points: &[(Coord, String)]) {
    let all = Counted::of(points);
    let most = all.most_frequent();
    let expected = all.told_as(&most);
    let features = (1..).zip(points).map(|(id, (at, kind))| {
        let station = station(id, *at, kind);
        let without = || [Value::Null].into();
        Feature {
            values: if kind == OTHER {
                without()
            } else {
                station.values
            },
            ..station
        }
    });
    let built = LayerSnapshot::build(clustered(13, 64), 1, features);
    let theirs = by_supercluster(points);
    assert_eq!(theirs.len(), 15);
    for (zoom, theirs) in (0..).zip(theirs) {
        let ours = by_tiles(&built, zoom).told_as(&most);
        assert_eq!(ours, expected, "zoom {zoom}");
        assert_eq!(ours, theirs.told_as(&most), "zoom {zoom}");
    }
}

#[test]
fn supercluster_counts_as_many_at_every_zoom_and_of_every_kind() {
    let points = (0..4000_i64).map(|n| {
        let at = Coord {
            lon: 1_060_000_000 + (n * n * 7919 % 40_000_000) as i32,
            lat: 307_000_000 + (n * n * n * 31 % 30_000_000) as i32,
        };
        // Twenty kinds, none as frequent as another; a few points have none.
        let kind = match n.isqrt() % 21 {
            20 => OTHER.to_owned(),
            kind => format!("kind{kind}"),
        };
        (at, kind)
    });
    compare(&points.collect::<Vec<_>>());
}

#[test]
fn supercluster_counts_as_many_of_new_yorks_122840_buildings_at_every_zoom() {
    let desk = Desk::new();
    let Some(app) = new_york(&desk) else {
        return;
    };
    let snapshot = app.snapshot();
    let buildings = &snapshot.layers[&"building".parse().unwrap()];
    let fields = &buildings.layer().fields;
    let kind = fields.iter().position(|field| field.name == "kind_detail");
    let kind = kind.unwrap();
    let points = buildings.features().iter().map(|feature| {
        let kind = match &feature.values[kind] {
            Value::Text(kind) => kind.to_string(),
            _ => OTHER.to_owned(),
        };
        (middle(feature), kind)
    });
    let points: Vec<_> = points.collect();
    assert_eq!(points.len(), 122_840);
    compare(&points);
}
