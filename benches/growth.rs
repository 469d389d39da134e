//! How cost grows with the number of leaves: lookup, build, memory, edit; a table, and a chart for the README.
//!
//! `cargo bench --bench growth -- [--most LEAVES] [--points N] [--rounds N] [--svg FILE]`
#![expect(clippy::print_stdout, reason = "a bench reports")]

#[path = "growth/chart.rs"]
mod chart;
#[expect(dead_code, reason = "each bench uses a part of it")]
#[path = "contest/mod.rs"]
mod contest;
#[path = "growth/line.rs"]
mod line;
#[expect(dead_code, reason = "each bench uses a part of it")]
#[path = "national/mod.rs"]
mod national;

use chart::{Panel, Series, svg};
use contest::built::{Built, built};
use contest::memory::Counting;
use contest::options::number;
use contest::ours;
use contest::report::real;
use contest::rounds::{median, run, timed};
use line::line_ns;
use national::{LEAF, National};
use wangge::snapshot::Snapshot;

#[global_allocator]
static HEAP: Counting = Counting;

/// What one size costs.
struct Cost {
    leaves: f64,
    single_ns: f64,
    batch_ns: f64,
    /// One line of as much memory as the index of the leaves has, each read waiting for the one before.
    line_ns: f64,
    build_s: f64,
    /// Bytes a leaf, of index and geometry.
    bytes: f64,
    edit_ms: f64,
}

fn measure(count: u32, points: usize, rounds: usize) -> std::io::Result<Cost> {
    let national = National::of_leaves(count);
    let leaves = real(national.count(LEAF));
    let Built {
        mut snapshot,
        time: build,
        geometry_and_index,
        ..
    } = built(national);
    let points = national.uniform(points, 1);
    let results = {
        let contestants = [
            ours::single(&snapshot, "single", points.len()),
            ours::batch(&snapshot, "batch", points.len()),
        ];
        run(&contestants, &points, rounds)
    };
    let line_ns = line_ns(index_size(&snapshot), rounds)?;
    let edits = (0..rounds).map(|n| {
        let edited = ours::redrawn(&snapshot, n);
        let (next, time) = timed(|| ours::with_grid(&snapshot, &edited));
        snapshot = next;
        time
    });
    let edit = median(edits.collect());
    Ok(Cost {
        leaves,
        single_ns: results[0].nanos,
        batch_ns: results[1].nanos,
        line_ns,
        build_s: build.as_secs_f64(),
        bytes: real(geometry_and_index) / leaves,
        edit_ms: edit.as_secs_f64() * 1e3,
    })
}

/// Bytes of the index of the lowest level.
fn index_size(snapshot: &Snapshot) -> usize {
    let indexes = snapshot.coverages.values();
    let sizes = indexes.filter_map(|coverage| Some(coverage.index()?.size()));
    sizes.max().unwrap_or_default()
}

fn panels(costs: &[Cost]) -> Vec<Panel> {
    let series = |name, value: fn(&Cost) -> f64| Series {
        name,
        points: costs
            .iter()
            .map(|cost| (cost.leaves, value(cost)))
            .collect(),
    };
    vec![
        Panel {
            title: "one lookup, five levels, ns",
            series: vec![
                series("one at a time", |cost| cost.single_ns),
                series("in batches", |cost| cost.batch_ns),
                series("one line of memory", |cost| cost.line_ns),
            ],
        },
        Panel {
            title: "build, seconds",
            series: vec![series("build", |cost| cost.build_s)],
        },
        Panel {
            title: "index and geometry, bytes a leaf",
            series: vec![series("memory", |cost| cost.bytes)],
        },
        Panel {
            title: "one grid redrawn, milliseconds",
            series: vec![series("edit", |cost| cost.edit_ms)],
        },
    ]
}

fn main() -> std::io::Result<()> {
    let most = number("--most").unwrap_or(1_000_000);
    let points = number("--points").unwrap_or(1_000_000);
    let rounds = number("--rounds").unwrap_or(5);
    println!(
        "   leaves | single ns | batch ns | line ns | ×10 leaves: single, batch | build s | bytes a leaf | edit ms"
    );
    let mut costs: Vec<Cost> = Vec::new();
    for count in (3..)
        .map(|power| 10_u32.pow(power))
        .take_while(|count| *count as usize <= most)
    {
        let cost = measure(count, points, rounds)?;
        let (single, batch) = costs.last().map_or((1.0, 1.0), |before| {
            (
                cost.single_ns / before.single_ns,
                cost.batch_ns / before.batch_ns,
            )
        });
        println!(
            "{:>9} | {:>9.1} | {:>8.1} | {:>7.1} | {single:>18.2}, {batch:>5.2} | {:>7.3} | {:>12.0} | {:>7.3}",
            cost.leaves,
            cost.single_ns,
            cost.batch_ns,
            cost.line_ns,
            cost.build_s,
            cost.bytes,
            cost.edit_ms
        );
        costs.push(cost);
    }
    if let Some(path) = contest::options::given("--svg") {
        std::fs::write(&path, svg(&panels(&costs)))?;
        println!("drawn in {path}");
    }
    Ok(())
}
