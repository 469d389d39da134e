//! One tile, 1/1/0, of the 10,000 polygons of martin's own bench of its GeoJSON source, drawn by martin and by wangge in the same process:
//! `make bench-martin`.
//!
//! Measured is what that bench calls `fetch_tile`: from the address to the bytes of the tile, not packed, no cache. martin clips its
//! features on all cores; a second time it is told to take one, as wangge does.

mod drawn;
mod shape;

use std::hint::black_box;
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use martin_core::CacheZoomRange;
use martin_core::tiles::Source as _;
use martin_core::tiles::geojson::source::GeoJsonSource;
use martin_tile_utils::TileCoord;
use rayon::{ThreadPool, ThreadPoolBuilder};
use tokio::runtime::Runtime;
use wangge::model::{Access, Time};
use wangge::snapshot::LayerSnapshot;
use wangge::tile::{TileAddress, TileOptions, tile};

/// As wangge's service has it; martin has it too in this run.
#[global_allocator]
static HEAP: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What both call the layer.
const NAME: &str = "bench";
/// z, x, y.
const ADDRESS: (u8, u32, u32) = (1, 1, 0);
/// Units of a tile's side, and of its buffer: the same for both, and those of martin's bench.
const EXTENT: u32 = 4096;
const BUFFER: u32 = 64;
const ROUNDS: usize = 51;
/// Tiles that each draws at its turn, one after the other as martin's bench does: its threads sleep while others are at work.
const DRAWS: u32 = 8;
/// How many times as fast as martin wangge must be, and should be.
const GOAL: [f64; 2] = [1.5, 3.0];

struct Martin {
    source: GeoJsonSource,
    runtime: Runtime,
}

impl Martin {
    fn load() -> Self {
        let mut file = tempfile::Builder::new().suffix(".geojson").tempfile();
        let file = file.as_mut().expect("a file");
        serde_json::to_writer(&mut *file, &shape::document()).expect("a document");
        let runtime = Runtime::new().expect("a runtime");
        let source = runtime.block_on(GeoJsonSource::new(
            NAME.to_owned(),
            file.path().to_owned(),
            CacheZoomRange::default(),
            NonZeroU32::new(EXTENT).expect("not 0"),
            BUFFER,
        ));
        let source = source.expect("a source");
        Self { source, runtime }
    }

    fn tile(&self) -> Vec<u8> {
        let (z, x, y) = ADDRESS;
        let tile = self
            .source
            .get_tile(TileCoord::new_unchecked(z, x, y), None);
        self.runtime.block_on(tile).expect("a tile")
    }
}

fn ours(layer: &LayerSnapshot) -> Vec<u8> {
    let (z, x, y) = ADDRESS;
    let address = TileAddress::new(z, x, y).expect("a tile");
    let options = TileOptions {
        buffer: BUFFER,
        ..TileOptions::default()
    };
    let bytes = tile(
        &[layer],
        address,
        Time::from_millis(0),
        Access::LOCAL,
        &options,
    );
    bytes.expect("a tile").expect("not empty")
}

/// Both must show the same polygons in the same places, give or take a unit by which they round.
fn compare(ours: &[u8], theirs: &[u8]) {
    let sizes = [ours.len(), theirs.len()];
    let [ours, theirs] = [ours, theirs].map(|bytes| drawn::boxes(bytes, NAME, EXTENT));
    assert!(
        ours.keys().eq(theirs.keys()),
        "{} and {} features",
        ours.len(),
        theirs.len()
    );
    let apart = ours.values().flatten().zip(theirs.values().flatten());
    let apart = apart.map(|(a, b)| a.abs_diff(*b)).max().unwrap_or_default();
    assert!(apart <= 2, "boxes are {apart} units apart");
    println!(
        "both draw the same {} polygons; {} bytes, martin {}",
        ours.len(),
        sizes[0],
        sizes[1]
    );
}

/// The middle of the times of each for a tile; they take turns.
fn medians<const N: usize>(draw: [&dyn Fn() -> Vec<u8>; N]) -> [Duration; N] {
    let mut times = [const { Vec::new() }; N];
    for round in 0..ROUNDS {
        for turn in 0..N {
            let who = (round + turn) % N;
            black_box(draw[who]());
            let start = Instant::now();
            (0..DRAWS).for_each(|_| drop(black_box(draw[who]())));
            times[who].push(start.elapsed() / DRAWS);
        }
    }
    times.map(|mut times: Vec<Duration>| {
        times.sort_unstable();
        times[ROUNDS / 2]
    })
}

fn main() {
    let (layer, martin) = (shape::layer(NAME), Martin::load());
    compare(&ours(&layer), &martin.tile());
    let one: ThreadPool = ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .expect("a thread");
    let [ours, all, single] = medians([&|| ours(&layer), &|| martin.tile(), &|| {
        one.install(|| martin.tile())
    }]);
    println!("wangge, one core: {ours:.2?}");
    for (cores, time) in [(rayon::current_num_threads(), all), (1, single)] {
        let ratio = time.as_secs_f64() / ours.as_secs_f64();
        let verdict = verdict(ratio);
        println!(
            "martin, cores: {cores}: {time:.2?}; wangge is {ratio:.2} times as fast: {verdict}"
        );
    }
}

fn verdict(ratio: f64) -> String {
    let [must, aim] = GOAL;
    let reached = match ratio {
        ratio if ratio >= aim => "aim reached",
        ratio if ratio >= must => "must reached",
        _ => "missed",
    };
    format!("must {must}, aim {aim}: {reached}")
}
