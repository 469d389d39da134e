//! Clusters of a store that is being edited: at every look their counts come to what the store has.

use std::path::Path;

use proptest::test_runner::{RngAlgorithm, TestRng};
use rand_pcg::rand_core::Rng;
use wangge::app::App;
use wangge::model::{Coord, Feature, Geometry, GeometryKind, Layer, Value};
use wangge::store::{Mode, Store};

use super::clusters::{clustered, sum};
use super::support::feature;
use crate::support::program::{Desk, shared};
use crate::support::put;

/// A store of these points, as one layer with clusters below zoom 13.
fn store(path: &Path, coords: &[Coord]) -> (Store, Layer) {
    let mut store = Store::open_or_create(path).unwrap();
    let layer = clustered(13, 64);
    let change = store.change().unwrap();
    change.define_layer(&layer).unwrap();
    for (chunk, coords) in coords.chunks(20_000).enumerate() {
        let features = coords.iter().enumerate();
        let features = features.map(|(number, at)| point(chunk * 20_000 + number, *at));
        let features: Vec<Feature> = features.collect();
        change
            .put_features(&layer, &put(Mode::Append), &features)
            .unwrap();
    }
    change.commit().unwrap();
    (store, layer)
}

fn point(number: usize, at: Coord) -> Feature {
    Feature {
        code: Some(format!("P{number}").into()),
        values: [Value::Text(format!("kind{}", number % 5).into())].into(),
        ..feature(0, Geometry::points([at]).unwrap())
    }
}

/// Moves, adds and deletes points, so many times, and compares now and then.
fn edit(path: &Path, coords: &[Coord], edits: usize, zooms: &[u8]) {
    let (mut store, layer) = store(path, coords);
    let app = App::open(path).unwrap();
    let other = rusqlite::Connection::open(path).unwrap();
    let mut rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut known: Vec<usize> = (0..coords.len()).collect();
    let mut next = coords.len();
    for turn in 0..edits {
        let mut below = |count: usize| rng.next_u64() as usize % count.max(1);
        let place = below(known.len());
        let step = i32::try_from(below(1_000_000)).unwrap();
        let anywhere = coords[below(coords.len())];
        let at = Coord {
            lon: anywhere.lon + step,
            ..anywhere
        };
        let kind = below(3);
        if kind == 2 {
            let code = format!("P{}", known.swap_remove(place));
            let gone = "DELETE FROM station WHERE code = ?1";
            assert_eq!(other.execute(gone, [code]).unwrap(), 1);
        } else {
            let number = if kind == 0 { known[place] } else { next };
            if kind == 1 {
                known.push(next);
                next += 1;
            }
            let change = store.change().unwrap();
            let moved = [point(number, at)];
            change
                .put_features(&layer, &put(Mode::Upsert), &moved)
                .unwrap();
            change.commit().unwrap();
        }
        app.follow().unwrap();
        if turn % (edits / 3) == 0 {
            assert_counts(&app, &layer, known.len(), &zooms[..1]);
        }
    }
    assert_counts(&app, &layer, known.len(), zooms);
}

fn assert_counts(app: &App, layer: &Layer, count: usize, zooms: &[u8]) {
    let snapshot = app.snapshot();
    let snapshot = &snapshot.layers[&layer.name];
    assert_eq!(snapshot.layer(), layer);
    assert_eq!(snapshot.count(), count);
    for &zoom in zooms {
        assert_eq!(sum(snapshot, zoom), count as u64, "zoom {zoom}");
    }
}

#[test]
fn counts_follow_every_edit() {
    let folder = tempfile::tempdir().unwrap();
    let coords: Vec<Coord> = (0..1500_i32)
        .map(|n| Coord {
            lon: 1_060_000_000 + n * 7919 % 9_000_000,
            lat: 307_000_000 + n * 31_337 % 9_000_000,
        })
        .collect();
    let path = folder.path().join("points.gpkg");
    edit(&path, &coords, 200, &[4, 0, 8, 10, 12, 13, 14]);
}

/// New York's buildings as a layer of polygons, where they are at hand.
pub(super) fn new_york(desk: &Desk) -> Option<App> {
    let file = shared("bldg/nyc_mapzen_buildings.fgb.zst")?;
    let file = file.to_str().unwrap();
    let out = desk
        .run(&["import", file, "--layer", "building", "--mode", "append"])
        .out();
    assert!(out.contains("122840 read"), "{out}");
    Some(App::open(&desk.path("wangge.gpkg")).unwrap())
}

/// The middle of a feature's box.
pub(super) fn middle(feature: &Feature) -> Coord {
    let bounds = feature.geometry.bounds();
    Coord {
        lon: bounds.min.lon.midpoint(bounds.max.lon),
        lat: bounds.min.lat.midpoint(bounds.max.lat),
    }
}

#[test]
fn counts_of_new_yorks_buildings_as_points_follow_a_thousand_edits() {
    let desk = Desk::new();
    let Some(app) = new_york(&desk) else {
        return;
    };
    let snapshot = app.snapshot();
    let name = "building".parse().unwrap();
    let buildings = &snapshot.layers[&name];
    assert_eq!(buildings.layer().geometry, GeometryKind::Polygon);
    let coords: Vec<Coord> = buildings.features().iter().map(middle).collect();
    // As polygons they count as well: drawn, or gathered where they are smaller than a pixel.
    assert_eq!(sum(buildings, 0), coords.len() as u64);
    let path = desk.path("points.gpkg");
    edit(&path, &coords, 1000, &[8, 0, 3, 6, 10, 11, 12, 14]);
}
