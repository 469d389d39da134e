//! Tiles of a nation's five levels, none of which is in the cache: how long each is on a processor, gzip included, and how large it is.
//!
//! `cargo bench --bench cold`: levels at the zooms at which people look at them, then all at all zooms, where a tile is bounded.
#![expect(clippy::print_stdout, reason = "a bench reports its times")]

#[expect(dead_code, reason = "each bench asks for a part of it")]
#[path = "national/mod.rs"]
mod national;

use std::sync::Arc;
use std::time::{Duration, Instant};

use national::{Dice, LEAF, LEVELS, National};
use wangge::app::{TileCache, TileWish};
use wangge::index::{ZCell, ZPlace};
use wangge::model::{
    Access, Clustering, Feature, GeometryKind, Layer, Look, TileFormat, Time, Title, Zooms,
};
use wangge::snapshot::{Content, LayerSnapshot, Snapshot};
use wangge::tile::{Shown, TileAddress};

/// As the service has it.
#[global_allocator]
static HEAP: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Tiles of a zoom, where it has more.
const SAMPLE: usize = 200;
/// Times that each tile is drawn; the middle one counts.
const ROUNDS: usize = 3;
const ZOOMS: std::ops::RangeInclusive<u8> = 4..=14;
/// Milliseconds.
const MUST: f64 = 40.0;
const AIM: f64 = 10.0;
const MUST_BYTES: usize = 500_000;
/// The first zoom of each level, top first, as a planner would have it.
const USUAL: [u8; 5] = [0, 6, 8, 9, 11];
/// All at all zooms.
const ALL: [u8; 5] = [0; 5];

/// One tile: how long it took, and its bytes as they are sent.
struct Drawn {
    address: TileAddress,
    took: Duration,
    bytes: usize,
    dropped: usize,
}

fn snapshot(from: [u8; 5]) -> Snapshot {
    let national = National::whole();
    let layer = |level: usize| Layer {
        name: LEVELS[level].parse().expect("a name"),
        title: Title::default(),
        geometry: GeometryKind::Polygon,
        fields: Vec::new(),
        zooms: Zooms {
            min: from[level],
            max: 14,
        },
        color: None,
        clustering: Clustering::default(),
        look: Look::default(),
        is_configured: true,
    };
    let build = |level: usize| {
        let named = national.features(level).map(|feature| Feature {
            name: feature.code.clone(),
            ..feature
        });
        LayerSnapshot::build_by(layer(level), 1, named, 2)
    };
    let mut built: Vec<LayerSnapshot> = (0..=LEAF).map(build).collect();
    LayerSnapshot::share(&mut built, 2);
    let named = |layer: LayerSnapshot| (layer.layer().name.clone(), Arc::new(layer));
    let snapshot = Snapshot {
        version: 1,
        layers: built.into_iter().map(named).collect(),
        ..Snapshot::default()
    };
    snapshot.simplify(2);
    snapshot
}

/// Some of the tiles of a zoom that touch the coverage, the same on every machine.
fn sample(zoom: u8) -> Vec<TileAddress> {
    let bounds = National::whole().bounds();
    let corner = |at| ZCell::around(ZPlace::of(at), zoom).column_and_row();
    let ((west, south), (east, north)) = (corner(bounds.min), corner(bounds.max));
    let all = (north..=south).flat_map(|y| (west..=east).map(move |x| (x, y)));
    let mut all: Vec<(u32, u32)> = all.collect();
    let mut dice = Dice::new(u64::from(zoom));
    for place in 0..all.len().min(SAMPLE) {
        let left = u32::try_from(all.len() - place).expect("few tiles");
        all.swap(place, place + dice.below(left) as usize);
    }
    all.truncate(SAMPLE);
    let address = |(x, y)| TileAddress::new(zoom, x, y).expect("a tile");
    all.into_iter().map(address).collect()
}

fn draw(shown: &Shown<'_>, address: TileAddress) -> Drawn {
    let wish = TileWish {
        address,
        at: Time::from_millis(0),
        access: Access::LOCAL,
        format: TileFormat::Mvt,
        filter: None,
    };
    let cache = TileCache::default();
    let (start, before) = (Instant::now(), on_processor());
    let (tile, _) = cache
        .tile(Content::default(), shown, &wish)
        .expect("a tile");
    let (elapsed, after) = (start.elapsed(), on_processor());
    // On a machine that others use, what it takes is the time on a processor.
    let took = elapsed.min(
        after
            .zip(before)
            .map_or(elapsed, |(after, before)| after.saturating_sub(before)),
    );
    let tile = tile.as_deref();
    Drawn {
        address,
        took,
        bytes: tile.map_or(0, |tile| tile.gzip.as_ref().unwrap_or(&tile.bytes).len()),
        dropped: tile.map_or(0, |tile| tile.dropped.iter().map(|one| one.count).sum()),
    }
}

/// How long this thread has been on a processor, where the system says so; it looks anew when a thread gives way.
fn on_processor() -> Option<Duration> {
    std::thread::yield_now();
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = text.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}

/// The middle of some rounds through all tiles, so that each is drawn with what another left in the machine's caches.
fn drawn(shown: &Shown<'_>, tiles: &[TileAddress]) -> Vec<Drawn> {
    let round = |_| tiles.iter().map(|address| draw(shown, *address)).collect();
    let rounds: Vec<Vec<Drawn>> = (0..ROUNDS).map(round).collect();
    let mut all = Vec::new();
    for (number, first) in tiles.iter().enumerate() {
        let mut took: Vec<Duration> = rounds.iter().map(|round| round[number].took).collect();
        took.sort_unstable();
        all.push(Drawn {
            address: *first,
            took: took[ROUNDS / 2],
            ..rounds[0][number]
        });
    }
    all
}

fn report(name: &str, all: &[Drawn]) {
    let mut times: Vec<f64> = all.iter().map(|one| one.took.as_secs_f64() * 1e3).collect();
    times.sort_unstable_by(f64::total_cmp);
    let at = |percent: usize| times[(times.len() * percent).div_ceil(100).max(1) - 1];
    let largest = all.iter().max_by_key(|one| one.bytes).expect("tiles");
    let bounded = all.iter().filter(|one| one.dropped > 0).count();
    let dropped: usize = all.iter().map(|one| one.dropped).sum();
    println!(
        "{name}: {} tiles, p50 {:.2}, p99 {:.2}, max {:.2} ms; largest {} bytes ({:?}); {bounded} bounded, {dropped} features dropped",
        all.len(),
        at(50),
        at(99),
        at(100),
        largest.bytes,
        largest.address,
    );
    if name.len() > 4 {
        let verdict = |is_met: bool| if is_met { "met" } else { "MISSED" };
        println!(
            "{name}: p99 must {MUST} ms ({}), aim {AIM} ms ({}); largest must {MUST_BYTES} bytes ({})",
            verdict(at(99) <= MUST),
            verdict(at(99) <= AIM),
            verdict(largest.bytes <= MUST_BYTES)
        );
    }
}

fn main() {
    let only_usual = std::env::args().any(|argument| argument == "--usual");
    let runs = [("usual zooms", USUAL), ("all levels at all zooms", ALL)];
    for (name, from) in runs.into_iter().take(if only_usual { 1 } else { 2 }) {
        let snapshot = snapshot(from);
        let mut shown = Shown::default();
        for level in LEVELS {
            shown.add(&snapshot, level).expect("a layer");
        }
        let mut all = Vec::new();
        for zoom in ZOOMS {
            let of_zoom = drawn(&shown, &sample(zoom));
            report(&format!("z{zoom}"), &of_zoom);
            all.extend(of_zoom);
        }
        report(name, &all);
    }
}
