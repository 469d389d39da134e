//! Who owns a point of a national coverage, and how fast others say so: the same points in the same run, answers compared.
//!
//! `cargo bench --bench locate -- [--points N] [--leaves N] [--rounds N] [--intervals no] [--only national|zones]`
#![expect(clippy::print_stdout, reason = "a bench reports its ratios")]

#[expect(dead_code, reason = "each bench uses a part of it")]
#[path = "contest/mod.rs"]
mod contest;
#[expect(dead_code, reason = "each bench uses a part of it")]
#[path = "national/mod.rs"]
mod national;

use std::time::Duration;

use tzf_rs::DefaultFinder;
use wangge::model::{Coord, Geometry};
use wangge::snapshot::Snapshot;

use contest::memory::{Counting, grown};
use contest::options::{given, number};
use contest::peers::{Level, intervals, polygon};
use contest::rounds::{Result, median, run, timed};
use contest::{Contestant, NONE, differing, ours, zones};
use national::{LEAF, LEVELS, National};

#[global_allocator]
static HEAP: Counting = Counting;

/// What the bench was told.
struct Options {
    /// Points that each round asks.
    points: usize,
    /// Leaves of the coverage; the whole one where not given.
    leaves: Option<u32>,
    /// Rounds, of which the median counts.
    rounds: usize,
    /// Whether geo's interval trees take part, which need 2.3 GB.
    intervals: bool,
}

impl Options {
    fn read() -> Self {
        Self {
            points: number("--points").unwrap_or(1_000_000),
            leaves: number("--leaves").and_then(|count| u32::try_from(count).ok()),
            rounds: number("--rounds").unwrap_or(5),
            intervals: given("--intervals").is_none_or(|word| word == "yes"),
        }
    }
}

fn nanos(results: &[Result], n: usize) -> f64 {
    results[n].nanos
}

/// A line of the table: how many times as fast, against what must be.
fn ratio(what: &str, slow: f64, fast: f64, must: f64, aim: f64) {
    let times = slow / fast;
    let verdict = match times {
        _ if times >= aim => "aim reached",
        _ if times >= must => "must reached",
        _ => "missed",
    };
    println!("{what:<66} {times:>8.1} x   must {must:.0}, aim {aim:.0}: {verdict}");
}

/// A line of the table: a figure that should be small.
fn figure(what: &str, value: f64, unit: &str, must: f64, aim: f64) {
    let verdict = match value {
        _ if value <= aim => "aim reached",
        _ if value <= must => "must reached",
        _ => "missed",
    };
    println!("{what:<66} {value:>8.2} {unit}   must {must}, aim {aim}: {verdict}");
}

#[expect(clippy::cast_precision_loss, reason = "for print")]
fn each(bytes: usize, count: usize) -> f64 {
    bytes as f64 / count.max(1) as f64
}

/// Builds the snapshot; prints what it takes and holds.
fn build(national: National) -> Snapshot {
    let shapes = |level| national.geometries(level).collect::<Vec<Geometry>>();
    let (vertices, geometry) = {
        let (levels, bytes) = grown(|| (0..LEVELS.len()).map(shapes).collect::<Vec<_>>());
        let coords = levels[LEAF].iter().map(|shape| shape.coords().len());
        (coords.sum::<usize>(), bytes)
    };
    println!(
        "national coverage: {} polygons in {} levels, {} leaves with {vertices} vertices",
        national.count_of_all(),
        LEVELS.len(),
        national.count(LEAF),
    );
    let (levels, features) = grown(|| national.feature_levels());
    let ((snapshot, time), index) = grown(|| timed(|| National::snapshot_of(levels)));
    let leaves = national.count(LEAF);
    figure(
        "memory of index and geometry, bytes a leaf",
        each(geometry + index, leaves),
        "B",
        400.0,
        250.0,
    );
    println!(
        "    geometry {:.0}, index {:.0}; with codes and all else of the features {:.0}",
        each(geometry, leaves),
        each(index, leaves),
        each(features + index, leaves)
    );
    figure("build from geometry", time.as_secs_f64(), "s", 6.0, 1.5);
    snapshot
}

fn show(title: &str, contestants: &[Contestant], results: &[Result], points: usize) {
    println!("\n{title}, one thread, medians:");
    for (contestant, result) in contestants.iter().zip(results) {
        let asked = contestant.points.min(points);
        println!(
            "{:<66} {:>10.1} ns a point ({asked} points)",
            contestant.name, result.nanos
        );
    }
}

/// Compares all with the first: the same answers, or the bench has no result.
fn compare(contestants: &[Contestant], results: &[Result]) {
    let first = &contestants[0];
    for (contestant, result) in contestants.iter().zip(results).skip(1) {
        let (ours, theirs) = (&results[0].answers, &result.answers);
        let differ = differing(ours, first.width, theirs, contestant.width);
        let rows = theirs.len() / contestant.width;
        assert!(
            differ == 0,
            "{differ} of {rows} answers of {} differ",
            contestant.name
        );
    }
    println!("all answers are equal");
}

/// Prints how long it takes until a snapshot with one redrawn grid is there, from memory to memory.
fn redraw(snapshot: &Snapshot, rounds: usize) {
    let times = (0..rounds).map(|n| {
        let grid = ours::redrawn(snapshot, n);
        timed(|| ours::with_grid(snapshot, &grid)).1
    });
    let time = median(times.collect()).as_secs_f64() * 1e3;
    figure(
        "one grid redrawn, until visible (without the store)",
        time,
        "ms",
        50.0,
        1.0,
    );
}

fn contest(national: National, options: &Options) {
    let snapshot = build(national);
    redraw(&snapshot, options.rounds);
    let level = |n| Level::build(national.geometries(n), polygon);
    let (levels, bytes) = grown(|| (0..LEVELS.len()).map(level).collect::<Vec<_>>());
    println!(
        "    rstar + geo on five levels: {:.0} bytes a leaf",
        each(bytes, national.count(LEAF))
    );
    let leaves = options
        .intervals
        .then(|| Level::build(national.geometries(LEAF), intervals));
    let some = options.points / 5;
    let five = |points: &[Coord], answers: &mut Vec<u32>| {
        for &at in points {
            answers.extend(levels.iter().map(|level| level.owner(at)));
        }
    };
    let mut contestants = vec![
        ours::batch(&snapshot, "wangge, five levels, batch", options.points),
        ours::single(
            &snapshot,
            "wangge, five levels, one at a time",
            options.points,
        ),
        Contestant::of_one("rstar + geo Contains, leaf", options.points, |at| {
            levels[LEAF].owner(at)
        }),
        Contestant {
            name: "rstar + geo Contains, five levels",
            width: LEVELS.len(),
            points: some,
            answer: Box::new(five),
        },
    ];
    if let Some(leaves) = &leaves {
        let name = "rstar + geo interval tree, leaf";
        contestants.push(Contestant::of_one(name, some, |at| leaves.owner(at)));
    }
    for (title, points) in [
        ("clustered points", national.clustered(options.points, 2)),
        ("uniform points", national.uniform(options.points, 1)),
    ] {
        let results = run(&contestants, &points, options.rounds);
        show(title, &contestants, &results, points.len());
        compare(&contestants, &results);
        let time = |n| nanos(&results, n);
        ratio(
            "batch, all five levels, against rstar leaf + geo Contains",
            time(2),
            time(0),
            20.0,
            60.0,
        );
        ratio(
            "one at a time, five levels, against the same",
            time(2),
            time(1),
            10.0,
            15.0,
        );
        ratio(
            "batch, against rstar on five levels + geo Contains",
            time(3),
            time(0),
            200.0,
            500.0,
        );
        if results.len() > 4 {
            println!(
                "{:<66} {:>8.1} x",
                "batch, against rstar leaf + geo's interval tree",
                time(4) / time(0)
            );
        }
    }
}

fn time_zones(options: &Options) {
    let finder = DefaultFinder::new();
    let snapshot = zones::snapshot(&finder);
    let points = zones::anywhere(options.points, 3);
    let contestants = [
        ours::batch(&snapshot, "wangge, batch", options.points),
        ours::single(&snapshot, "wangge, one at a time", options.points),
        Contestant::of_one("tzf-rs DefaultFinder", options.points, |at| {
            zones::owner(&finder, at)
        }),
    ];
    let results = run(&contestants, &points, options.rounds);
    let title = format!(
        "tzf-rs on its own {} time zones",
        finder.timezonenames().len()
    );
    show(&title, &contestants, &results, points.len());
    let differ = differing(&results[0].answers, 1, &results[1].answers, 1);
    assert!(differ == 0, "{differ} answers of batch and single differ");
    let answers = (&results[0].answers[..], &results[2].answers[..]);
    let differences = zones::explain(&finder, &points, answers, |at| {
        let mut answer = Vec::with_capacity(1);
        (contestants[1].answer)(&[at], &mut answer);
        answer.first().copied().unwrap_or(NONE)
    });
    let zones::Differences {
        all,
        by_tiles,
        by_rounding,
    } = differences;
    println!(
        "{all} of {} answers differ: {by_tiles} where tzf's tiles say other than its own polygons, {by_rounding} within 2 m of a border (its export rounds), {} not explained",
        points.len(),
        all - by_tiles - by_rounding
    );
    let time = |n| nanos(&results, n);
    ratio(
        "tzf-rs on its own polygons, batch",
        time(2),
        time(0),
        10.0,
        15.0,
    );
    ratio(
        "tzf-rs on its own polygons, one at a time",
        time(2),
        time(1),
        1.0,
        1.0,
    );
}

fn main() {
    let options = Options::read();
    let national = options
        .leaves
        .map_or_else(National::whole, National::of_leaves);
    let only = given("--only").unwrap_or_default();
    let ((), time) = timed(|| {
        // The zones first: what the coverage leaves behind in the heap would stay.
        if only != "national" {
            time_zones(&options);
        }
        if only != "zones" {
            contest(national, &options);
        }
    });
    println!("\n{:.0} s in all", Duration::as_secs_f64(&time));
}
