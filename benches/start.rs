//! A service with a million grids in its store: how long it takes until it is ready, and until a redrawn grid is seen.
//!
//! `cargo bench --bench start -- [--leaves N] [--store FILE] [--rounds N]`; a store that is there is used as it is.
#![expect(clippy::print_stdout, reason = "a bench reports")]

#[expect(dead_code, reason = "each bench uses a part of it")]
#[path = "contest/mod.rs"]
mod contest;
#[expect(dead_code, reason = "each bench uses a part of it")]
#[path = "national/mod.rs"]
mod national;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use wangge::app::App;
use wangge::model::{Feature, Geometry, Layer};
use wangge::snapshot::Snapshot;
use wangge::store::{Mode, Put, Store};

use contest::options::{given, number};
use contest::ours;
use contest::rounds::{median, timed};
use national::National;

/// The file, filled where it is not there yet.
fn store(national: National) -> Result<PathBuf, Box<dyn Error>> {
    let name = format!("national-{}.gpkg", national.count_of_all());
    let default = || Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let path = given("--store").map_or_else(default, PathBuf::from);
    if path.exists() {
        println!("store: the one that is there");
    } else {
        let half = path.with_extension("half");
        if half.exists() {
            std::fs::remove_file(&half)?;
        }
        let (written, time) = timed(|| national.write(&half));
        written?;
        std::fs::rename(&half, &path)?;
        println!(
            "store: {} polygons written in {:.1} s",
            national.count_of_all(),
            time.as_secs_f64()
        );
    }
    println!("store: {} MB", std::fs::metadata(&path)?.len() >> 20);
    Ok(path)
}

/// Writes a grid, and waits until readers see it.
fn redraw(
    app: &App,
    store: &mut Store,
    layer: &Layer,
    grid: &Feature,
) -> Result<(Duration, Duration), Box<dyn Error>> {
    let put = Put {
        mode: Mode::Upsert,
        now: ours::NOW,
        absent: Vec::new(),
    };
    let (written, write) = timed(|| -> Result<(), Box<dyn Error>> {
        let change = store.change()?;
        change.put_features(layer, &put, std::slice::from_ref(grid))?;
        change.commit()?;
        Ok(())
    });
    written?;
    let (followed, follow) = timed(|| app.follow());
    followed?;
    assert!(
        shape(&app.snapshot(), grid) == grid.geometry,
        "the change is seen"
    );
    Ok((write, follow))
}

fn shape(snapshot: &Snapshot, grid: &Feature) -> Geometry {
    let leaves = ours::leaves(snapshot);
    leaves.features()[leaves.position(grid) as usize]
        .geometry
        .clone()
}

fn milliseconds(times: Vec<Duration>) -> f64 {
    median(times).as_secs_f64() * 1e3
}

/// Waits until nothing goes on beside a service: it would take the time of what is measured next.
fn settle(app: &App) {
    while !app.snapshot().is_simplified() {
        sleep(Duration::from_millis(100));
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let leaves = number("--leaves").and_then(|count| u32::try_from(count).ok());
    let path = store(leaves.map_or_else(National::whole, National::of_leaves))?;
    let rounds = number("--rounds").unwrap_or(5);
    let mut starts = Vec::new();
    let mut app = App::open(&path)?;
    settle(&app);
    for _ in 0..rounds.min(3) {
        drop(app);
        let (opened, time) = timed(|| App::open(&path));
        app = opened?;
        starts.push(time);
        settle(&app);
    }
    let features: usize = app
        .snapshot()
        .layers
        .values()
        .map(|layer| layer.features().len())
        .sum();
    let ready = median(starts).as_secs_f64();
    println!(
        "start with {features} grids in the store, until ready: {ready:.2} s   must 10, aim 1"
    );
    let mut editor = Store::open(&path)?;
    let (mut writes, mut follows) = (Vec::new(), Vec::new());
    for n in 0..rounds {
        let before = app.snapshot();
        let layer = ours::leaves(&before).layer().clone();
        let changed = ours::redrawn(&before, n);
        let restored = Feature {
            geometry: shape(&before, &changed),
            ..changed.clone()
        };
        drop(before);
        for grid in [changed, restored] {
            let (write, follow) = redraw(&app, &mut editor, &layer, &grid)?;
            writes.push(write);
            follows.push(follow);
        }
    }
    println!(
        "one grid redrawn, until visible: {:.1} ms   must 50, aim 1 (after {:.1} ms for the store to have it on disk)",
        milliseconds(follows),
        milliseconds(writes)
    );
    Ok(())
}
