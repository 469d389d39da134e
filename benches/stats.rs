//! Numbers by grid: how long a place and a nation take, beside `rstar` with `geo` asked point by point.
//!
//! `cargo bench --bench stats`; it fails where a number differs.
#![expect(clippy::print_stdout, reason = "a bench reports its times")]

#[expect(dead_code, reason = "each bench uses a part of it")]
#[path = "contest/mod.rs"]
mod contest;
#[expect(dead_code, reason = "each bench asks for a part of it")]
#[path = "national/mod.rs"]
mod national;

use std::sync::Arc;
use std::time::{Duration, Instant};

use contest::NONE;
use contest::peers::{Level, polygon};
use national::{LEAF, National};
use wangge::model::{
    Access, Clustering, Coord, Feature, FeatureId, Field, FieldKind, Geometry, GeometryKind, Layer,
    Look, Sensitivity, Time, Title, Validity, Value, Zooms,
};
use wangge::query::{Stats, StatsQuestion, stats};
use wangge::snapshot::{LayerSnapshot, Snapshot};

/// Leaves and points of a place: as many points as there are buildings in Mapzen's New York.
const PLACE: (u32, usize) = (10_000, 122_840);
/// Points of a nation.
const POINTS: usize = 1_000_000;
const SEED: u64 = 7;
const ROUNDS: usize = 7;
/// When the snapshot's period began.
const NOW: Time = Time::from_millis(1_767_225_600_000);

/// The median time of a run, and what it gives.
fn median<T>(run: impl Fn() -> T) -> (Duration, T) {
    let once = || {
        let start = Instant::now();
        let given = run();
        (start.elapsed(), given)
    };
    let mut runs: Vec<(Duration, T)> = (0..ROUNDS).map(|_| once()).collect();
    runs.sort_by_key(|(taken, _)| *taken);
    runs.swap_remove(ROUNDS / 2)
}

fn points_layer() -> Layer {
    let field = |name: &str, kind| Field {
        name: name.to_owned(),
        title: Title::default(),
        kind,
        sensitivity: Sensitivity::Public,
        in_tiles: true,
    };
    Layer {
        name: "point".parse().expect("a name"),
        title: Title::default(),
        geometry: GeometryKind::Point,
        fields: vec![
            field("floors", FieldKind::Integer),
            field("kind", FieldKind::Text),
        ],
        zooms: Zooms::default(),
        color: None,
        clustering: Clustering::default(),
        look: Look::default(),
        is_configured: false,
    }
}

fn point(number: usize, at: Coord) -> Feature {
    let id = i64::try_from(number).expect("few points");
    let kind = if number.is_multiple_of(3) {
        "shop"
    } else {
        "house"
    };
    Feature {
        id: FeatureId(id + 1),
        code: None,
        name: None,
        parent: None,
        validity: Validity::ALWAYS,
        geometry: Geometry::points([at]).expect("a point"),
        values: [Value::Integer(id % 30), Value::Text(kind.into())].into(),
    }
}

/// The coverage with a layer of points.
fn snapshot(national: National, points: &[Coord]) -> Snapshot {
    let mut snapshot = national.snapshot();
    let features = (0..).zip(points).map(|(number, at)| point(number, *at));
    let layer = LayerSnapshot::build_by(points_layer(), 1, features, 2);
    let name = layer.layer().name.clone();
    snapshot.layers.insert(name, Arc::new(layer));
    snapshot
}

fn ask<'a>(snapshot: &'a Snapshot, question: &StatsQuestion<'_>) -> Stats<'a> {
    let options = question.check(snapshot, Access::LOCAL);
    stats(snapshot, &options.expect("a question"), NOW)
}

/// Reports the usual questions, and gives the answer to the first: points by leaf.
fn report(snapshot: &Snapshot, points: usize) -> Stats<'_> {
    let count = StatsQuestion {
        level: "national.micro_grid",
        measure: Some("count"),
        layer: Some("point"),
        ..StatsQuestion::default()
    };
    let (taken, counted) = median(|| ask(snapshot, &count));
    let leaves = counted.values.len();
    println!("{points} points over {leaves} leaves: count {taken:.1?}");
    let sum = StatsQuestion {
        measure: Some("sum"),
        field: Some("floors"),
        filter: Some("kind = 'house'"),
        ..count
    };
    let area = StatsQuestion {
        level: count.level,
        measure: Some("area"),
        ..StatsQuestion::default()
    };
    for (what, question) in [("sum behind a filter", sum), ("area", area)] {
        println!("  {what} {:.1?}", median(|| ask(snapshot, &question)).0);
    }
    counted
}

/// Points by leaf, the leaves in the order of their codes.
fn by_peer(leaves: &Level<geo::Polygon>, count: usize, points: &[Coord]) -> Vec<u32> {
    let mut counts = vec![0; count];
    for at in points {
        let owner = leaves.owner(*at);
        if owner != NONE {
            counts[owner as usize] += 1;
        }
    }
    counts
}

/// For `geo` a point on a border is in no polygon; we count it.
fn compare(ours: &Stats<'_>, theirs: &[u32], points: usize) {
    assert_eq!(ours.values.len(), theirs.len(), "as many leaves");
    let mut on_borders = 0;
    for (ours, theirs) in ours.values.iter().zip(theirs) {
        let more = ours.share.part.checked_sub(*theirs);
        on_borders += more.expect("no point is lost") as usize;
    }
    assert!(on_borders * 10_000 < points, "{on_borders} differ");
    println!("  no number differs but by {on_borders} points on borders");
}

fn main() {
    let (leaves, count) = PLACE;
    let national = National::of_leaves(leaves);
    let points = national.uniform(count, SEED);
    let place = snapshot(national, &points);
    let ours = report(&place, count);
    let peer = Level::build(national.geometries(LEAF), polygon);
    let (taken, theirs) = median(|| by_peer(&peer, national.count(LEAF), &points));
    println!("  rstar + geo Contains, count {taken:.1?}");
    compare(&ours, &theirs, count);

    let nation = National::whole();
    let points = nation.uniform(POINTS, SEED);
    report(&snapshot(nation, &points), POINTS);
}
