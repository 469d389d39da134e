//! Who owns a point of a national coverage, and how fast others say so: the same points in the same run, answers compared.
//!
//! `cargo bench --bench locate -- [--points N] [--leaves N] [--rounds N] [--intervals no] [--only national|past|zones]`
#![expect(clippy::print_stdout, reason = "a bench reports its ratios")]

#[path = "contest/mod.rs"]
mod contest;
#[expect(dead_code, reason = "each bench uses a part of it")]
#[path = "national/mod.rs"]
mod national;

use geo::Polygon;
use tzf_rs::DefaultFinder;
use wangge::model::{Coord, Time};
use wangge::snapshot::Snapshot;

use contest::built::{Built, built};
use contest::memory::{Counting, grown};
use contest::options::{given, number};
use contest::peers::{Level, intervals, polygon};
use contest::report::{Mark, Ratio, compare, line, ratios, real, times};
use contest::rounds::{median, run, timed};
use contest::{Contestant, NONE, ours, zones};
use national::past::Past;
use national::{LEAF, LEVELS, National};

#[global_allocator]
static HEAP: Counting = Counting;

/// When the leaves that have a past were drawn anew: in the year before the present of the benches.
const SINCE: Time = Time::from_millis(1_750_000_000_000);

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

/// Builds the snapshot; prints what it takes and holds.
fn build(national: National) -> Snapshot {
    let Built {
        snapshot,
        time,
        all,
        geometry_and_index,
    } = built(national);
    let shapes = ours::leaves(&snapshot).features().iter();
    let vertices: usize = shapes.map(|leaf| leaf.geometry.vertex_count()).sum();
    let (polygons, leaves) = (national.count_of_all(), national.count(LEAF));
    println!("\nnational coverage: {polygons} polygons, {leaves} leaves with {vertices} vertices");
    let each = |bytes| real(bytes) / real(leaves);
    let what = "memory of index and geometry, bytes a leaf";
    line(what, each(geometry_and_index), "B", Mark::new(400.0, 250.0));
    let geometry = snapshot.geometry_size();
    println!(
        "    geometry {:.0}, index {:.0}; with codes and all else of the features {:.0}",
        each(geometry),
        each(geometry_and_index - geometry),
        each(all)
    );
    line(
        "build from geometry",
        time.as_secs_f64(),
        "s",
        Mark::new(6.0, 1.5),
    );
    snapshot
}

/// Prints how long it takes until a snapshot with one redrawn grid is there, from memory to memory.
fn redraw(snapshot: &Snapshot, rounds: usize) {
    let times = (0..rounds).map(|n| {
        let grid = ours::redrawn(snapshot, n);
        timed(|| ours::with_grid(snapshot, &grid)).1
    });
    let time = median(times.collect()).as_secs_f64() * 1e3;
    let what = "one grid redrawn, until visible (without the store)";
    line(what, time, "ms", Mark::new(50.0, 1.0));
}

/// Ratios of the contestants of the coverage, in their order.
const OF_COVERAGE: [Ratio; 4] = [
    (
        "batch, all five levels, against rstar leaf + geo Contains",
        2,
        0,
        Mark::new(20.0, 60.0),
    ),
    (
        "one at a time, five levels, against the same",
        2,
        1,
        Mark::new(10.0, 15.0),
    ),
    (
        "batch, against rstar on five levels + geo Contains",
        3,
        0,
        Mark::new(200.0, 500.0),
    ),
    (
        "batch, against rstar leaf + geo's interval tree",
        4,
        0,
        Mark::new(20.0, 60.0),
    ),
];

/// Points in towns, then everywhere alike.
fn both_kinds(national: National, count: usize) -> [(&'static str, Vec<Coord>); 2] {
    [
        ("clustered points", national.clustered(count, 2)),
        ("uniform points", national.uniform(count, 1)),
    ]
}

/// Owners on all levels, each asked by itself.
fn on_all(levels: &[Level<Polygon>], points: &[Coord], answers: &mut Vec<u32>) {
    for &at in points {
        answers.extend(levels.iter().map(|level| level.owner(at)));
    }
}

fn coverage(snapshot: &Snapshot, national: National, options: &Options) {
    redraw(snapshot, options.rounds);
    let level = |n| Level::build(national.geometries(n), polygon);
    let (levels, bytes) = grown(|| (0..LEVELS.len()).map(level).collect::<Vec<_>>());
    let each = real(bytes) / real(national.count(LEAF));
    println!("    rstar + geo on five levels: {each:.0} bytes a leaf");
    let leaves = options
        .intervals
        .then(|| Level::build(national.geometries(LEAF), intervals));
    let (all, some) = (options.points, options.points / 5);
    let leaf = |at| levels[LEAF].owner(at);
    let mut contestants = vec![
        ours::batch(snapshot, "wangge, five levels, batch", all),
        ours::single(snapshot, "wangge, five levels, one at a time", all),
        Contestant::of_one("rstar + geo Contains, leaf", all, leaf),
        Contestant {
            name: "rstar + geo Contains, five levels",
            width: LEVELS.len(),
            points: some,
            answer: Box::new(|points, answers| on_all(&levels, points, answers)),
        },
    ];
    if let Some(leaves) = &leaves {
        let name = "rstar + geo interval tree, leaf";
        contestants.push(Contestant::of_one(name, some, |at| leaves.owner(at)));
    }
    for (title, points) in both_kinds(national, all) {
        let results = run(&contestants, &points, options.rounds);
        times(title, &contestants, &results, points.len());
        compare(&contestants, &results);
        ratios(&results, &OF_COVERAGE);
    }
}

/// How many times as long it takes where leaves have a past, by the places of the contestants.
const OF_PAST: [Ratio; 2] = [
    (
        "batch, one leaf in 50 with a past, against none",
        2,
        0,
        Mark::new(1.1, 1.02),
    ),
    ("one at a time, the same", 3, 1, Mark::new(1.1, 1.02)),
];

/// The present of a coverage of which some leaves were drawn anew, against one that was always so.
fn past(plain: &Snapshot, national: National, options: &Options) {
    let past = Past::of(national, SINCE);
    let aged = National::snapshot_of(past.feature_levels(national));
    let all = options.points;
    let contestants = [
        ours::batch(plain, "without a past, batch", all),
        ours::single(plain, "without a past, one at a time", all),
        ours::batch(&aged, "with a past, batch", all),
        ours::single(&aged, "with a past, one at a time", all),
    ];
    for (title, points) in both_kinds(national, all) {
        let mut results = run(&contestants, &points, options.rounds);
        times(title, &contestants, &results, points.len());
        for row in results[2..].iter_mut().flat_map(|result| {
            let width = LEVELS.len();
            result.answers.chunks_exact_mut(width)
        }) {
            row[LEAF] = past.without(row[LEAF]);
        }
        compare(&contestants, &results);
        ratios(&results, &OF_PAST);
    }
}

/// Ratios of the contestants of the time zones, in their order.
const OF_ZONES: [Ratio; 1] = [(
    "tzf-rs on its own polygons, batch",
    2,
    0,
    Mark::new(10.0, 15.0),
)];

fn time_zones(options: &Options) {
    let finder = DefaultFinder::new();
    let snapshot = zones::snapshot(&finder);
    let points = zones::anywhere(options.points, 3);
    let contestants = [
        ours::batch(&snapshot, "wangge, batch", points.len()),
        ours::single(&snapshot, "wangge, one at a time", points.len()),
        Contestant::of_one("tzf-rs DefaultFinder", points.len(), |at| {
            zones::owner(&finder, at)
        }),
    ];
    let results = run(&contestants, &points, options.rounds);
    let count = finder.timezonenames().len();
    let title = format!("tzf-rs on its own {count} time zones");
    times(&title, &contestants, &results, points.len());
    compare(&contestants[..2], &results[..2]);
    let answers = (&results[0].answers[..], &results[2].answers[..]);
    let differences = zones::explain(&finder, &points, answers, |at| {
        let mut answer = Vec::with_capacity(1);
        (contestants[1].answer)(&[at], &mut answer);
        answer.first().copied().unwrap_or(NONE)
    });
    println!("{differences}");
    ratios(&results, &OF_ZONES);
}

fn main() {
    let options = Options::read();
    let national = options
        .leaves
        .map_or_else(National::whole, National::of_leaves);
    let only = given("--only").unwrap_or_default();
    let ((), time) = timed(|| {
        // The zones first: what the coverage leaves behind in the heap would stay.
        if only.is_empty() || only == "zones" {
            time_zones(&options);
        }
        if only != "zones" {
            let snapshot = build(national);
            if only != "past" {
                coverage(&snapshot, national, &options);
            }
            past(&snapshot, national, &options);
        }
    });
    println!("\n{:.0} s in all", time.as_secs_f64());
}
