//! The national coverage for those who are asked from outside, by scripts/bench-postgis and scripts/bench-http.
//!
//! `material [--leaves N] COMMAND`:
//! `store FILE` writes it as a store; `points N csv|ndjson|json|arrow` writes points, `copy LEVEL` a level and `copy points N` points for PostgreSQL's COPY,
//! `answers N` our answers and their time, `tiles N` which tiles of leaves and their time; `serve FILE ADDRESS` serves a store with an idle route and one of bytes more, until it is killed.
#![expect(clippy::print_stdout, reason = "it writes what it was asked for")]
#![expect(clippy::print_stderr, reason = "it says how long it took")]

#[expect(dead_code, reason = "each bench uses a part of it")]
#[path = "contest/mod.rs"]
mod contest;
#[path = "material/copy.rs"]
mod copy;
#[expect(dead_code, reason = "each bench uses a part of it")]
#[path = "national/mod.rs"]
mod national;
#[path = "material/points.rs"]
mod points;
#[path = "material/tiles.rs"]
mod tiles;

use std::error::Error;
use std::io::{BufWriter, Write, stdout};
use std::path;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::Path;
use axum::routing::get;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use wangge::app::App;
use wangge::http::{Service, idle, router_with};

use contest::options::number;
use contest::rounds::run;
use contest::{NONE, ours};
use national::{LEVELS, National};

/// As the service has it.
#[global_allocator]
static HEAP: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The seed of the points that all commands write.
const SEED: u64 = 1;
/// Rounds of which the median counts.
const ROUNDS: usize = 3;

type Done = Result<(), Box<dyn Error>>;

/// Our answers as rows `point, county, …, micro_grid`: numbers of the features from 1, empty where there is none.
fn answers(national: National, count: usize, out: &mut impl Write) -> Done {
    let snapshot = national.snapshot();
    let points = national.uniform(count, SEED);
    let contestants = [
        ours::batch(&snapshot, "batch", count),
        ours::single(&snapshot, "one at a time", count),
    ];
    let results = run(&contestants, &points, ROUNDS);
    for (contestant, result) in contestants.iter().zip(&results) {
        eprintln!(
            "wangge, five levels, {}: {:.1} ns a point",
            contestant.name, result.nanos
        );
    }
    for (point, row) in results[0].answers.chunks_exact(LEVELS.len()).enumerate() {
        write!(out, "{}", point + 1)?;
        for &position in row {
            match position {
                NONE => write!(out, ",")?,
                position => write!(out, ",{}", u64::from(position) + 1)?,
            }
        }
        writeln!(out)?;
    }
    Ok(())
}

/// So many bytes that are there already.
async fn body(Path(count): Path<usize>) -> Bytes {
    static ALL: Bytes = Bytes::from_static(&[0; 1 << 20]);
    ALL.slice(..count.min(ALL.len()))
}

/// Serves as `wangge serve` does, with `/idle` and `/body/BYTES` beside.
fn serve(store: &path::Path, address: &str) -> Done {
    let service = Arc::new(Service::new(App::open(store)?, false));
    let more = Router::new()
        .route("/idle", get(idle))
        .route("/body/{count}", get(body));
    let serving = async {
        let listener = TcpListener::bind(address).await?;
        println!("ready at {}", listener.local_addr()?);
        let listener = listener.tap_io(|stream| {
            // A bench that cannot have it measures without it.
            let _ = stream.set_nodelay(true);
        });
        axum::serve(listener, router_with(service, more)).await
    };
    tokio::runtime::Runtime::new()?.block_on(serving)?;
    Ok(())
}

fn main() -> Done {
    let leaves = number("--leaves").and_then(|count| u32::try_from(count).ok());
    let national = leaves.map_or_else(National::whole, National::of_leaves);
    let words: Vec<String> = std::env::args().skip(1).collect();
    let from = words
        .iter()
        .position(|word| !word.starts_with("--") && word.parse::<u32>().is_err());
    let words: Vec<&str> = words[from.unwrap_or(words.len())..]
        .iter()
        .map(String::as_str)
        .collect();
    let mut out = BufWriter::new(stdout().lock());
    match words[..] {
        ["store", file, ..] => national.write(path::Path::new(file))?,
        ["points", count, format, ..] => {
            let points = national.uniform(count.parse()?, SEED);
            points::write(&points, format, &mut out)?;
        }
        ["copy", "points", count, ..] => {
            copy::points(&national.uniform(count.parse()?, SEED), &mut out)?;
        }
        ["copy", level, ..] => {
            let level = LEVELS
                .iter()
                .position(|name| *name == level)
                .ok_or("no such level")?;
            copy::polygons(national.geometries(level), &mut out)?;
        }
        ["answers", count, ..] => answers(national, count.parse()?, &mut out)?,
        ["tiles", count, ..] => tiles::tiles(national, count.parse()?, &mut out)?,
        ["serve", store, address, ..] => serve(path::Path::new(store), address)?,
        _ => eprintln!(
            "material for scripts/bench-postgis and scripts/bench-http; it measures nothing by itself"
        ),
    }
    out.flush()?;
    Ok(())
}
