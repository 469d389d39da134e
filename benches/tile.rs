//! Drawing one tile of 3,969 polygons with 20 vertices each, and what else could draw it, in the same run.
//!
//! The peers do less: they project and write what the tile's box selects, without clipping it or making it valid.
//! `cargo bench --bench tile` prints criterion's times, then the ratios.
#![expect(clippy::print_stdout, reason = "a bench reports its ratios")]

use std::f64::consts::PI;
use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::Criterion;
use fast_mvt::{MvtCoord, MvtGeomType, MvtReaderRef, MvtTile, MvtTileBuilder};
use mvt::{GeomEncoder, GeomType, Tile};
use wangge::model::{
    Access, Bounds, Clustering, Coord, Feature, FeatureId, Geometry, GeometryKind, Layer, LonLat,
    Look, Time, Title, Validity, Zooms,
};
use wangge::snapshot::LayerSnapshot;
use wangge::tile::{TileAddress, TileOptions, tile};

/// As the service has it.
#[global_allocator]
static HEAP: mimalloc::MiMalloc = mimalloc::MiMalloc;

const Z: u8 = 12;
const COLUMN: u32 = 3239;
const ROW: u32 = 1701;
/// Polygons along each side of the tile; the outermost reach beyond it.
const CELLS: i32 = 63;
/// Vertices along each side of a polygon.
const STEPS: i32 = 5;

/// Degrees of a place given in shares of the tile's side.
fn degrees(x: f64, y: f64) -> LonLat {
    let count = 2f64.powi(i32::from(Z));
    let (east, south) = (
        (f64::from(COLUMN) + x) / count,
        (f64::from(ROW) + y) / count,
    );
    let lat = (PI * (1.0 - 2.0 * south)).sinh().atan();
    LonLat::new(east * 360.0 - 180.0, lat.to_degrees())
}

/// A vertex of the coverage, moved by a fixed hash so that no border is straight; the same for all who share it.
fn vertex(column: i32, row: i32) -> Coord {
    let hash = column.wrapping_mul(7919) ^ row.wrapping_mul(104_729).wrapping_add(13);
    let wobble = |bits: i32| f64::from((bits & 255) - 128) / 700.0;
    let place = |index: i32, wobble: f64| {
        (f64::from(index) + wobble) / f64::from(CELLS * STEPS) * 1.04 - 0.02
    };
    let at = degrees(place(column, wobble(hash)), place(row, wobble(hash >> 8)));
    Coord::snap(at).expect("on Earth")
}

fn cell(column: i32, row: i32) -> Geometry {
    let (x, y) = (column * STEPS, row * STEPS);
    let south = (0..STEPS).map(|step| vertex(x + step, y + STEPS));
    let east = (0..STEPS).map(|step| vertex(x + STEPS, y + STEPS - step));
    let north = (0..STEPS).map(|step| vertex(x + STEPS - step, y));
    let west = (0..STEPS).map(|step| vertex(x, y + step));
    let ring = south.chain(east).chain(north).chain(west).collect();
    Geometry::polygons([vec![ring]]).expect("a ring with area")
}

fn coverage() -> LayerSnapshot {
    let layer = Layer {
        name: "grid".parse().expect("a name"),
        title: Title::default(),
        geometry: GeometryKind::Polygon,
        fields: Vec::new(),
        zooms: Zooms { min: 0, max: 14 },
        color: None,
        clustering: Clustering::default(),
        look: Look::default(),
        is_configured: false,
    };
    let cells = (0..CELLS).flat_map(|row| (0..CELLS).map(move |column| cell(column, row)));
    let features = (1..).zip(cells).map(|(id, geometry)| Feature {
        id: FeatureId(id),
        code: Some(format!("511526{id:06}").into()),
        name: None,
        parent: None,
        validity: Validity::ALWAYS,
        geometry,
        values: Box::default(),
    });
    LayerSnapshot::build(layer, 1, features)
}

fn ours(layer: &LayerSnapshot) -> Vec<u8> {
    let address = TileAddress::new(Z, COLUMN, ROW).expect("a tile");
    let (at, options) = (Time::from_millis(0), TileOptions::default());
    let bytes = tile(&[layer], address, at, Access::LOCAL, &options);
    bytes.expect("a tile").expect("not empty")
}

/// Tile units, by the usual formula in floating point.
#[expect(clippy::cast_possible_truncation, reason = "a place near the tile")]
fn project(at: Coord) -> (i32, i32) {
    let LonLat { lon, lat } = at.degrees();
    let count = 2f64.powi(i32::from(Z));
    let east = (lon + 180.0) / 360.0 * count - f64::from(COLUMN);
    let lat = (PI / 4.0 + lat.to_radians() / 2.0).tan().ln();
    let south = (1.0 - lat / PI) / 2.0 * count - f64::from(ROW);
    (
        (east * 4096.0).round() as i32,
        (south * 4096.0).round() as i32,
    )
}

fn selected(layer: &LayerSnapshot) -> impl Iterator<Item = &Feature> {
    let (low, high) = (-64.0 / 4096.0, 1.0 + 64.0 / 4096.0);
    let corner = |x, y| Coord::snap(degrees(x, y)).expect("on Earth");
    let bounds = Bounds {
        min: corner(low, high),
        max: corner(high, low),
    };
    layer
        .tree()
        .meeting(bounds)
        .map(|index| &layer.features()[index])
}

fn plain_mvt(snapshot: &LayerSnapshot) -> Vec<u8> {
    let mut tile = Tile::new(4096);
    let mut layer = tile.create_layer("grid");
    for feature in selected(snapshot) {
        let mut encoder = GeomEncoder::new(GeomType::Polygon);
        for ring in feature.geometry.runs() {
            let places: Vec<Coord> = ring.collect();
            for &at in places.iter().rev() {
                let (x, y) = project(at);
                encoder.add_point(x, y).expect("a place");
            }
            encoder.complete_geom().expect("a ring");
        }
        let mut drawn = layer.into_feature(encoder.encode().expect("a polygon"));
        drawn.add_tag_string("code", feature.code.as_deref().unwrap_or_default());
        layer = drawn.into_layer();
    }
    tile.add_layer(layer).expect("one layer");
    tile.to_bytes().expect("bytes")
}

fn plain_fast_mvt(snapshot: &LayerSnapshot) -> Vec<u8> {
    let mut layer = MvtTileBuilder::new().layer("grid").expect("a name");
    for feature in selected(snapshot) {
        let mut drawn = layer.feature_of(MvtGeomType::Polygon);
        for ring in feature.geometry.runs() {
            let places: Vec<Coord> = ring.collect();
            let places = places.iter().rev().map(|&at| MvtCoord::from(project(at)));
            drawn.ring(places, true).expect("a ring");
        }
        let code = feature.code.as_deref().unwrap_or_default();
        drawn.tag_string("code", code).expect("a tag");
        layer = drawn.end();
    }
    layer.end().encode()
}

/// The middle of 15 runs.
fn median(mut run: impl FnMut() -> Vec<u8>) -> Duration {
    let mut times: Vec<Duration> = (0..15)
        .map(|_| {
            let start = Instant::now();
            black_box(run());
            start.elapsed()
        })
        .collect();
    times.sort();
    times[times.len() / 2]
}

fn main() {
    let layer = coverage();
    let bytes = ours(&layer);
    let decoded: MvtTile = MvtReaderRef::new(&bytes)
        .and_then(|reader| reader.to_tile())
        .expect("a tile");
    let rewrite = || decoded.encode_ref().expect("bytes");

    let mut criterion = Criterion::default().sample_size(20).configure_from_args();
    let mut group = criterion.benchmark_group("tile of 3969 polygons");
    group.bench_function("wangge: select, quantize, clip, clean, encode", |b| {
        b.iter(|| ours(&layer));
    });
    group.bench_function("mvt: select, project, encode", |b| {
        b.iter(|| plain_mvt(&layer));
    });
    group.bench_function("fast-mvt: select, project, encode", |b| {
        b.iter(|| plain_fast_mvt(&layer));
    });
    group.bench_function("fast-mvt: encode only", |b| b.iter(rewrite));
    group.finish();
    criterion.final_summary();

    if std::env::args().any(|argument| argument == "--bench") {
        let whole = median(|| ours(&layer));
        println!(
            "wangge: {whole:.2?}, {} bytes, {} features",
            bytes.len(),
            decoded.layers[0].features.len()
        );
        for (name, time) in [
            ("mvt: select, project, encode", median(|| plain_mvt(&layer))),
            (
                "fast-mvt: select, project, encode",
                median(|| plain_fast_mvt(&layer)),
            ),
            ("fast-mvt: encode only", median(rewrite)),
        ] {
            let ratio = whole.as_secs_f64() / time.as_secs_f64();
            println!("wangge takes {ratio:.2} times {name} ({time:.2?})");
        }
    }
}
