//! From the store to what readers see: all of a store, and one redrawn grid among its grids.
//!
//! `cargo bench --bench follow` makes a store of 100,000 grids with 40 vertices; `WANGGE_BENCH_STORE` names another one, of
//! of which the largest layer is redrawn (its first grids get their own shapes again).
#![expect(clippy::print_stdout, reason = "a bench reports its times")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use wangge::app::{App, now};
use wangge::model::{
    Clustering, Coord, Feature, FeatureId, Geometry, GeometryKind, Layer, Look, Scheme, Title,
    Validity, Zooms,
};
use wangge::store::{Mode, Put, Store};

/// Grids along one side of the store that is made.
const SIDE: i32 = 316;
/// Edges along each side of a grid.
const STEPS: i32 = 10;
/// Lattice steps of one edge.
const EDGE: i32 = 1_000;
/// Redrawn one after the other.
const EDITS: usize = 50;

fn vertex(column: i32, row: i32) -> Coord {
    let hash = column.wrapping_mul(7919) ^ row.wrapping_mul(104_729).wrapping_add(13);
    Coord {
        lon: 1_000_000_000 + column * EDGE + (hash & 255),
        lat: 250_000_000 + row * EDGE + (hash >> 8 & 255),
    }
}

fn cell(column: i32, row: i32) -> Geometry {
    let (x, y) = (column * STEPS, row * STEPS);
    let south = (0..STEPS).map(|step| vertex(x + step, y));
    let east = (0..STEPS).map(|step| vertex(x + STEPS, y + step));
    let north = (0..STEPS).map(|step| vertex(x + STEPS - step, y + STEPS));
    let west = (0..STEPS).map(|step| vertex(x, y + STEPS - step));
    let ring = south.chain(east).chain(north).chain(west).collect();
    Geometry::polygons([vec![ring]]).expect("a ring with area")
}

fn make(path: &Path) {
    let layer = Layer {
        name: "base.grid".parse().expect("a name"),
        title: Title::default(),
        geometry: GeometryKind::Polygon,
        fields: Vec::new(),
        zooms: Zooms::default(),
        color: None,
        clustering: Clustering::default(),
        look: Look::default(),
        is_configured: false,
    };
    let cells = (0..SIDE).flat_map(|row| (0..SIDE).map(move |column| (column, row)));
    let features: Vec<Feature> = cells
        .map(|(column, row)| Feature {
            id: FeatureId(0),
            code: Some(format!("511526{column:04}{row:04}").into()),
            name: Some(format!("网格{column}-{row}").into()),
            parent: Some("511526".into()),
            validity: Validity::ALWAYS,
            geometry: cell(column, row),
            values: Box::default(),
        })
        .collect();
    let scheme = Scheme::new("base", ["grid"], false, 0).expect("a scheme");
    let mut store = Store::open_or_create(path).expect("a store");
    let change = store.change().expect("a change");
    change.add_scheme(&scheme).expect("a new scheme");
    change.define_layer(&layer).expect("a layer");
    change
        .put_features(&layer, &put(Mode::Append), &features)
        .expect("features");
    change.commit().expect("a commit");
}

fn put(mode: Mode) -> Put {
    Put {
        mode,
        now: now(),
        absent: Vec::new(),
    }
}

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
    let (median, last) = (times[times.len() / 2], times[times.len() - 1]);
    println!(
        "{what}: median {:.3} ms, longest {:.3} ms",
        milliseconds(median),
        milliseconds(last)
    );
}

/// Times until what was committed is what readers get, without the wait for the next look.
fn visible(app: &App, mut commit: impl FnMut(usize)) -> Vec<Duration> {
    let edit = |number| {
        commit(number);
        let began = Instant::now();
        let version = app.follow().expect("a store that can be read");
        let taken = began.elapsed();
        assert!(version.is_some(), "nothing is new");
        taken
    };
    (0..EDITS).map(edit).collect()
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = std::env::var_os("WANGGE_BENCH_STORE").map_or_else(
        || {
            let path = folder.path().join("grids.gpkg");
            make(&path);
            path
        },
        PathBuf::from,
    );
    let began = Instant::now();
    let app = App::open(&path).expect("a store");
    let opened = began.elapsed();
    let before = app.snapshot();
    let count: usize = before.layers.values().map(|layer| layer.count()).sum();
    println!(
        "{count} features are ready after {:.2} s",
        opened.as_secs_f64()
    );
    let largest = before.layers.values().max_by_key(|layer| layer.count());
    let largest = Arc::clone(largest.expect("a layer"));

    let mut store = Store::open(&path).expect("a store");
    let mut committed = Vec::new();
    let redrawn = |number: usize| {
        let began = Instant::now();
        let change = store.change().expect("a change");
        let feature = std::slice::from_ref(&largest.features()[number]);
        let done = change.put_features(largest.layer(), &put(Mode::Upsert), feature);
        done.expect("a feature");
        change.commit().expect("a commit");
        committed.push(began.elapsed());
    };
    report("one redrawn grid seen", visible(&app, redrawn));
    report("one redrawn grid written before", committed);
    let other = rusqlite::Connection::open(&path).expect("a database");
    let statement = format!(
        "UPDATE \"{}\" SET name = ?2 WHERE fid = ?1",
        largest.layer().name
    );
    let by_sql = |number: usize| {
        let (fid, name) = (largest.features()[number].id.0, number.to_string());
        other.execute(&statement, (fid, name)).expect("a row");
    };
    report(
        "one grid of a program without versions seen",
        visible(&app, by_sql),
    );
    let looks = (0..1000).map(|_| {
        let began = Instant::now();
        assert_eq!(app.follow().expect("a store"), None);
        began.elapsed()
    });
    report("a look where nothing is new", looks.collect());
}
