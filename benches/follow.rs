//! From the store to what readers see: all of a store, and one redrawn grid among its grids, as a snapshot and as a tile.
//!
//! `cargo bench --bench follow` makes a store of five levels with 80,000 leaves of 40 vertices; `WANGGE_BENCH_STORE` names another
//! one, which is changed: the first grids of its largest layer lose a vertex, so that they fit their neighbours no more.
#![expect(clippy::print_stdout, reason = "a bench reports its times")]

#[expect(dead_code, reason = "each bench uses a part of it")]
#[path = "national/mod.rs"]
mod national;

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use national::National;
use wangge::app::{App, Found, TileWish, now};
use wangge::index::{ZCell, ZPlace};
use wangge::model::{Access, Feature, Geometry, TileFormat};
use wangge::snapshot::LayerSnapshot;
use wangge::store::{Mode, Put, Store};
use wangge::tile::{Pyramid, Shown, TileAddress, TileOptions};

/// Leaves of the store that is made: as many as are simplified before anything else.
const LEAVES: u32 = 80_000;
/// Redrawn one after the other.
const EDITS: usize = 50;
/// Redrawn at once: as many as are brought to their neighbours one by one, and more.
const MANY: [usize; 3] = [100, 500, 600];
/// Tiles that are in the cache when one changes.
const WARM: usize = 5000;

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

/// The first tiles of a layer.
fn warm(layer: &LayerSnapshot) -> impl Iterator<Item = TileAddress> {
    let zooms = layer.layer().zooms;
    let all = Pyramid::new(&[layer], zooms, None, now(), &TileOptions::default());
    all.take(WARM)
}

/// Times from the beginning of an edit until its new tile is made and packed, without the wait for the next look; all tiles are
/// warm before, and no other is made anew.
fn on_the_wire(app: &App, layer: &LayerSnapshot, mut commit: impl FnMut(usize)) -> Vec<Duration> {
    let name = layer.layer().name.to_string();
    let zoom = layer.layer().zooms.max;
    let ask = |address: TileAddress| {
        let snapshot = app.snapshot();
        let mut shown = Shown::default();
        shown.add(&snapshot, &name).expect("a layer");
        let tiles = app.tiles();
        let wish = TileWish {
            address,
            at: now(),
            access: Access::LOCAL,
            format: TileFormat::Mvt,
            filter: None,
        };
        let made = tiles.tile(snapshot.content(), &shown, &wish);
        made.expect("a tile").1
    };
    for address in warm(layer) {
        ask(address);
    }
    let edit = |number| {
        let first = layer.features()[number].geometry.coords().next();
        let at = ZPlace::of(first.expect("a vertex"));
        let (x, y) = ZCell::around(at, zoom).column_and_row();
        let address = TileAddress::new(zoom, x, y).expect("a tile");
        ask(address);
        let dropped = app.tiles().dropped();
        let began = Instant::now();
        commit(number);
        app.follow().expect("a store that can be read");
        assert_eq!(ask(address), Found::Made);
        let taken = began.elapsed();
        assert!(app.tiles().dropped() > dropped, "the former tile is kept");
        taken
    };
    (EDITS..2 * EDITS).map(edit).collect()
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = std::env::var_os("WANGGE_BENCH_STORE").map_or_else(
        || {
            let path = folder.path().join("grids.gpkg");
            let written = National::of_leaves(LEAVES).write(&path);
            written.expect("a store");
            path
        },
        PathBuf::from,
    );
    let began = Instant::now();
    let app = App::open(&path).expect("a store");
    let opened = began.elapsed();
    while !app.snapshot().is_simplified() {
        std::thread::sleep(Duration::from_millis(100));
    }
    app.follow().expect("a store that can be read");
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
    let mut redraw = |numbers: Range<usize>| {
        let began = Instant::now();
        let change = store.change().expect("a change");
        let redrawn = numbers.map(|number| {
            let mut feature = largest.features()[number].clone();
            let rest = feature.geometry.coords().skip(1).collect();
            feature.geometry = Geometry::polygons([vec![rest]]).expect("a grid of many vertices");
            feature
        });
        let redrawn: Vec<Feature> = redrawn.collect();
        let done = change.put_features(largest.layer(), &put(Mode::Upsert), &redrawn);
        done.expect("features");
        change.commit().expect("a commit");
        began.elapsed()
    };
    let mut one = |number| committed.push(redraw(number..number + 1));
    report("one redrawn grid seen", visible(&app, &mut one));
    report(
        "one redrawn grid on disk, seen and in a new tile (must 100, and up to 20 until the next look)",
        on_the_wire(&app, &largest, &mut one),
    );
    report("one redrawn grid written before", committed);
    let mut next = 2 * EDITS;
    for count in MANY {
        redraw(next..next + count);
        let began = Instant::now();
        app.follow().expect("a store that can be read");
        report(
            &format!("{count} grids redrawn at once seen"),
            vec![began.elapsed()],
        );
        next += count;
    }
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
