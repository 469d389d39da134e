//! Borders after edits: what a service shows that followed them meets at every zoom as what one shows that starts now.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use wangge::app::App;
use wangge::model::{Coord, Feature, Geometry};
use wangge::snapshot::LayerSnapshot;
use wangge::store::{Mode, Store};

use super::town::Town;
use super::{Edge, apart, check, clashes, drawn, edges, levels, rings, rough, shared};
use crate::national_coverage::{LEVELS, National};
use crate::support::{name, program, put};
use crate::tile::real;

/// What is known of a vertex: the vertices beside it, and whether it is drawn.
type Known = (BTreeSet<Coord>, bool);

/// Checks that all polygons that a zoom draws agree of each vertex whether it is drawn, and that it is where other than two edges
/// meet. Then they agree of what lies between.
fn check_vertices(levels: &[LayerSnapshot], zoom: u8) {
    let mut all: BTreeMap<Coord, Known> = BTreeMap::new();
    for shape in levels.iter().flat_map(|level| drawn(level, zoom)) {
        let whole = rings(shape, 15);
        let shown: BTreeSet<Coord> = rings(shape, zoom).into_iter().flatten().collect();
        for (a, b) in edges(&whole) {
            for (at, beside) in [(a, b), (b, a)] {
                let is_drawn = shown.contains(&at);
                let known = all.entry(at).or_insert((BTreeSet::new(), is_drawn));
                assert_eq!(known.1, is_drawn, "zoom {zoom}: {at:?}");
                known.0.insert(beside);
            }
        }
    }
    for (at, (beside, is_drawn)) in all {
        assert!(
            is_drawn || beside.len() == 2,
            "zoom {zoom}: {at:?} {beside:?}"
        );
    }
}

/// Edits a coverage, and looks at it now and then.
fn check_edits(layers: Vec<LayerSnapshot>, seed: u64, edits: usize, fits: bool) {
    let mut town = Town::new(layers, seed);
    for round in 1..=edits {
        town.edit(fits);
        if round % (edits / 2) == 0 {
            town.check_truth();
            let layers = town.layers();
            for zoom in (0..=15).rev() {
                check_vertices(&layers, zoom);
                check_all(&layers, zoom, fits);
            }
        }
    }
    for layer in town.layers() {
        real::check_layer(&layer);
    }
}

fn check_all(layers: &[LayerSnapshot], zoom: u8, fits: bool) {
    if fits {
        return check(layers, zoom);
    }
    // Level by level what fits no more is drawn as it is.
    let shapes = layers.iter().flat_map(|level| drawn(level, zoom));
    let all = shapes.flat_map(|shape| edges(&rings(shape, zoom)).collect::<Vec<_>>());
    super::check_apart(&apart(all.filter(|(a, b)| a != b)), zoom);
}

#[test]
fn borders_meet_at_every_zoom_after_edits_that_keep_a_coverage_whole() {
    for (seed, from) in [(1, [0, 6, 8, 10, 12]), (2, [0; 5]), (3, [0; 5])] {
        let layers = levels(National::of_lattice(24, 16), from);
        check_edits(layers, seed, 90, true);
    }
}

#[test]
fn borders_meet_at_every_zoom_after_edits_of_single_grids_that_fit_no_more() {
    for seed in 0..3 {
        let layers = levels(National::of_lattice(24, 16), [0; 5]);
        check_edits(layers, seed, 90, false);
    }
}

#[test]
fn borders_as_rough_as_can_be_meet_after_edits() {
    for seed in 0..4 {
        let board = rough::Board::grown(24, 40, 30_000, seed);
        let layers = shared([(0, board.polygons(6)), (0, board.polygons(1))]);
        check_edits(layers, seed, 60, false);
    }
}

#[test]
fn a_grid_that_is_split_takes_over_its_neighbours_borders_and_simplifies_its_own() {
    let layers = levels(National::of_lattice(24, 16), [0; 5]);
    let count = |layers: &[LayerSnapshot], zoom| {
        let shapes = layers.iter().flat_map(|level| drawn(level, zoom));
        let count = shapes.map(|shape| rings(shape, zoom).concat().len());
        count.sum::<usize>()
    };
    let before: Vec<usize> = (0..15).map(|zoom| count(&layers, zoom)).collect();
    let mut town = Town::new(layers, 5);
    let mut done = 0;
    while done < 40 {
        let edit = town.split(4);
        if town.is_sound(&edit) {
            town.show(edit);
            done += 1;
        }
    }
    let layers = town.layers();
    for (zoom, before) in (0..).zip(before) {
        let after = count(&layers, zoom);
        assert!(after <= before + before / 4 + 8, "{zoom}: {before} {after}");
    }
}

#[test]
fn borders_of_some_of_londons_areas_meet_at_every_zoom_after_edits() {
    let Some(london) = program::shared("uk_london") else {
        return;
    };
    let desk = program::Desk::new();
    real::import_london(&desk, &london);
    let app = App::open(&desk.path("wangge.gpkg")).unwrap();
    let snapshot = app.snapshot();
    // Those of the first areas of the level on top.
    let mut parents: BTreeSet<Box<str>> = BTreeSet::new();
    let mut shapes = BTreeMap::new();
    for level in ["msoa", "lsoa", "oa"] {
        let features = snapshot.layers[&name(&format!("census.{level}"))].features();
        let is_within = |feature: &&Feature| match &feature.parent {
            Some(parent) if level != "msoa" => parents.contains(parent),
            _ => level == "msoa",
        };
        let few = if level == "msoa" { 30 } else { usize::MAX };
        let within: Vec<&Feature> = features.iter().filter(is_within).take(few).collect();
        let codes: Vec<Box<str>> = within.iter().filter_map(|area| area.code.clone()).collect();
        parents.extend(codes);
        let geometries: Vec<Geometry> = within.iter().map(|area| area.geometry.clone()).collect();
        shapes.insert(level, (0, geometries));
    }
    // Some cross as they were given.
    let all = shapes.values().flat_map(|(_, shapes)| shapes);
    let all = all.flat_map(|shape| edges(&rings(shape, 15)).collect::<Vec<_>>());
    let crossed: BTreeSet<Edge> = clashes(&apart(all)).into_iter().flatten().collect();
    let is_clean = |shape: &Geometry| {
        edges(&rings(shape, 15)).all(|(a, b)| !crossed.contains(&(a.min(b), a.max(b))))
    };
    for (_, shapes) in shapes.values_mut() {
        shapes.retain(is_clean);
    }
    let layers = shared(["msoa", "lsoa", "oa"].map(|level| shapes[level].clone()));
    assert!(layers[2].count() > 500 && crossed.len() < 100);
    check_edits(layers, 7, 60, false);
}

/// A service on a store of a small coverage.
fn service() -> (tempfile::TempDir, Store, App) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wangge.gpkg");
    National::of_lattice(40, 30).write(&path).unwrap();
    let (store, app) = (Store::open(&path).unwrap(), App::open(&path).unwrap());
    (folder, store, app)
}

fn level(app: &App, number: usize) -> Arc<LayerSnapshot> {
    let layer = name(&format!("national.{}", LEVELS[number]));
    Arc::clone(&app.snapshot().layers[&layer])
}

/// Redraws the first grids of a level without a vertex, and follows.
fn redraw(store: &mut Store, app: &App, of: usize, count: usize, mode: Mode) {
    let layer = level(app, of);
    let grids = layer.features().iter().take(count);
    let redrawn = grids.map(|grid| {
        let rest = grid.geometry.coords().skip(1).collect();
        Feature {
            geometry: Geometry::polygons([vec![rest]]).unwrap(),
            ..grid.clone()
        }
    });
    let redrawn: Vec<Feature> = redrawn.collect();
    let change = store.change().unwrap();
    change
        .put_features(layer.layer(), &put(mode), &redrawn)
        .unwrap();
    change.commit().unwrap();
    assert!(app.follow().unwrap().is_some());
}

/// What all levels show, checked.
fn check_service(app: &App) {
    let layers: Vec<LayerSnapshot> = (0..LEVELS.len())
        .map(|number| LayerSnapshot::clone(&level(app, number)))
        .collect();
    assert!(app.snapshot().is_simplified());
    for zoom in 0..15 {
        check_vertices(&layers, zoom);
    }
}

#[test]
fn a_service_draws_grids_that_are_redrawn_one_by_one_or_by_thousands_as_their_neighbours_are() {
    let (_folder, mut store, app) = service();
    let before = level(&app, 0);
    redraw(&mut store, &app, 4, 1, Mode::Upsert);
    check_service(&app);
    // A county whose border runs through what is redrawn shows that anew, under another version.
    let county = level(&app, 0);
    assert!(Arc::ptr_eq(&before, &county) || before.version() < county.version());
    assert_eq!(before.stored_version(), county.stored_version());
    redraw(&mut store, &app, 0, 1, Mode::Upsert);
    check_service(&app);
    assert!(level(&app, 4).version() == app.snapshot().version);
    redraw(&mut store, &app, 4, 1100, Mode::Upsert);
    check_service(&app);
}

#[test]
fn the_levels_of_a_scheme_share_their_borders_after_one_of_them_is_replaced() {
    let (_folder, mut store, app) = service();
    redraw(&mut store, &app, 2, usize::MAX, Mode::Replace);
    check_service(&app);
    let arcs =
        |number: usize| Arc::as_ptr(level(&app, number).features()[0].geometry.arcs().unwrap());
    assert!((1..LEVELS.len()).all(|number| arcs(number) == arcs(0)));
}

#[test]
fn a_grid_whose_name_alone_changes_is_drawn_as_before() {
    let (_folder, mut store, app) = service();
    let before = level(&app, 4);
    let named = Feature {
        name: Some("网格".into()),
        ..before.features()[7].clone()
    };
    let change = store.change().unwrap();
    change
        .put_features(before.layer(), &put(Mode::Upsert), &[named])
        .unwrap();
    change.commit().unwrap();
    assert!(app.follow().unwrap().is_some());
    let after = level(&app, 4);
    let arcs = |layer: &LayerSnapshot| Arc::as_ptr(layer.features()[7].geometry.arcs().unwrap());
    assert_eq!(arcs(&before), arcs(&after));
    assert_eq!(after.features()[7].name.as_deref(), Some("网格"));
}
