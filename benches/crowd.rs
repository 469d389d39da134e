//! Tiles of low zooms, where a nation's grids are smaller than pixels and a million points are clusters: how long they take.
//!
//! `cargo bench --bench crowd`.
#![expect(clippy::print_stdout, reason = "a bench reports its times")]

#[expect(dead_code, reason = "each bench asks for a part of it")]
#[path = "national/mod.rs"]
mod national;

use std::hint::black_box;
use std::time::{Duration, Instant};

use national::{Dice, LEAF, LEVELS, National};
use wangge::index::{Anchor, Anchors, ZCell, ZPlace};
use wangge::model::{
    Access, ClusterCell, Clustering, Clusters, Coord, Feature, FeatureId, Field, FieldKind,
    Geometry, GeometryKind, Layer, Look, Sensitivity, Time, Title, Validity, Value, Zooms, each,
};
use wangge::snapshot::LayerSnapshot;
use wangge::tile::{TileAddress, TileOptions, tile};

/// As the service has it.
#[global_allocator]
static HEAP: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Points of the cluster layer.
const POINTS: i64 = 1_000_000;
const RUNS: usize = 7;

fn median<T>(run: impl Fn() -> T) -> Duration {
    let once = |_| {
        let start = Instant::now();
        black_box(run());
        start.elapsed()
    };
    let mut times: Vec<Duration> = (0..RUNS).map(once).collect();
    times.sort_unstable();
    times[RUNS / 2]
}

fn layer(name: &str, geometry: GeometryKind, clustering: Clustering) -> Layer {
    let field = Field {
        name: "kind".to_owned(),
        title: Title::default(),
        kind: FieldKind::Text,
        sensitivity: Sensitivity::Public,
        in_tiles: true,
    };
    let is_points = geometry == GeometryKind::Point;
    Layer {
        name: name.parse().expect("a name"),
        title: Title::default(),
        geometry,
        fields: is_points.then_some(field).into_iter().collect(),
        zooms: Zooms::default(),
        color: None,
        clustering,
        look: Look::default(),
        is_configured: false,
    }
}

/// The tile of a zoom that holds a coordinate.
fn around(zoom: u8, at: Coord) -> TileAddress {
    let cell = ZCell::around(ZPlace::of(at), zoom);
    let (x, y) = cell.column_and_row();
    TileAddress::new(zoom, x, y).expect("a tile")
}

/// The coverage's middle.
fn middle(national: National) -> Coord {
    let bounds = national.bounds();
    Coord {
        lon: bounds.min.lon.midpoint(bounds.max.lon),
        lat: bounds.min.lat.midpoint(bounds.max.lat),
    }
}

fn report(layer: &LayerSnapshot, at: Coord, zooms: std::ops::RangeInclusive<u8>) {
    let draw = |zoom, is_label: bool| {
        let (address, now) = (around(zoom, at), Time::from_millis(0));
        let only = [layer];
        let (layers, labels): (&[_], &[_]) = if is_label { (&[], &only) } else { (&only, &[]) };
        let options = TileOptions {
            labels,
            ..TileOptions::default()
        };
        tile(layers, address, now, Access::LOCAL, &options).expect("a tile")
    };
    for zoom in zooms {
        let bytes = draw(zoom, false).map_or(0, |bytes| bytes.len());
        let labels = draw(zoom, true).map_or(0, |bytes| bytes.len());
        let (time, label_time) = (median(|| draw(zoom, false)), median(|| draw(zoom, true)));
        println!(
            "{} z{zoom}: {time:.2?}, {bytes} bytes; its labels: {label_time:.2?}, {labels} bytes",
            layer.layer().name
        );
    }
}

fn points() -> Vec<Feature> {
    let national = National::whole();
    let bounds = national.bounds();
    let mut dice = Dice::new(7);
    let mut coordinate =
        |low: i32, high: i32| low.saturating_add_unsigned(dice.below(high.abs_diff(low)));
    let kinds = ["shelter", "hydrant", "team", "warehouse"];
    (1..=POINTS)
        .zip(kinds.into_iter().cycle())
        .map(|(id, kind)| {
            let lon = coordinate(bounds.min.lon, bounds.max.lon);
            let lat = coordinate(bounds.min.lat, bounds.max.lat);
            Feature {
                id: FeatureId(id),
                code: None,
                name: None,
                parent: None,
                validity: Validity::ALWAYS,
                geometry: Geometry::points([Coord { lon, lat }]).expect("a point"),
                values: [Value::Text(kind.into())].into(),
            }
        })
        .collect()
}

/// What the index of a layer does for the order of its points.
fn anchors(features: &[Feature]) -> Anchors {
    let halves = [0, 1].map(|half| features.chunks(features.len().div_ceil(2)).nth(half));
    let anchor = |(position, feature): (u32, &Feature)| Anchor {
        place: ZPlace::middle(feature.geometry.bounds()),
        position,
        from_zoom: 0,
        category: 0,
        is_always: true,
    };
    let found = each(2, 2, |(): &mut (), half| {
        let features = halves[half].unwrap_or_default();
        (0..).zip(features).map(anchor).collect::<Vec<_>>()
    });
    Anchors::build(found.into_iter().flatten().collect(), 2)
}

fn main() {
    let clusters = Clustering::Below(Clusters {
        to: 13,
        cell: ClusterCell::default(),
        by: Some("kind".to_owned()),
    });
    let features = points();
    println!(
        "their anchors put in order in {:.2?}",
        median(|| anchors(&features))
    );
    let start = Instant::now();
    let layer_of_points = layer("point", GeometryKind::Point, clusters);
    let built = LayerSnapshot::build_by(layer_of_points, 1, features, 2);
    println!("{POINTS} points indexed in {:.2?}", start.elapsed());
    let national = National::whole();
    report(&built, middle(national), 0..=12);
    let some = |id: i64| {
        built
            .features()
            .get(usize::try_from(id).unwrap_or_default())
            .cloned()
    };
    let edit = median(|| built.changed(2, some(1000).into_iter().collect(), &[]));
    println!("one point redrawn in {edit:.2?}");

    let leaves: Vec<Feature> = national.features(LEAF).collect();
    let start = Instant::now();
    let definition = layer(LEVELS[LEAF], GeometryKind::Polygon, Clustering::default());
    let mut built = [LayerSnapshot::build_by(definition, 1, leaves, 2)];
    println!(
        "{} leaves indexed in {:.2?}",
        national.count(LEAF),
        start.elapsed()
    );
    LayerSnapshot::share(&mut built, 2);
    report(&built[0], middle(national), 0..=14);
}
