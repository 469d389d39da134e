//! Tiles of the leaves, as rows for PostgreSQL's COPY: which, how long ours took and how many bytes it has.

use std::error::Error;
use std::io::Write;
use std::time::{Duration, Instant};

use wangge::index::{ZCell, ZPlace};
use wangge::model::{Access, Time};
use wangge::tile::{TileAddress, TileOptions, tile};

use super::contest::ours;
use super::contest::rounds::median;
use super::national::{Dice, National};

/// Where each leaf is larger than a few pixels.
const ZOOMS: std::ops::RangeInclusive<u8> = 10..=14;
/// Times that each tile is drawn; the middle one counts.
const ROUNDS: usize = 3;

/// Rows `zoom, column, row, nanoseconds, bytes` of so many tiles of each zoom, neither gzipped nor kept; those without leaves are
/// left out.
pub(crate) fn tiles(
    national: National,
    count: usize,
    out: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    let snapshot = national.snapshot();
    snapshot.simplify(2);
    let leaves = ours::leaves(&snapshot);
    let options = TileOptions::default();
    for address in addresses(national, count) {
        let draw = || {
            let began = Instant::now();
            let at = Time::from_millis(0);
            let bytes = tile(&[leaves], address, at, Access::LOCAL, &options)?;
            Ok((began.elapsed(), bytes.map_or(0, |bytes| bytes.len())))
        };
        let rounds: Result<Vec<(Duration, usize)>, Box<dyn Error>> =
            (0..ROUNDS).map(|_| draw()).collect();
        let (times, bytes): (Vec<Duration>, Vec<usize>) = rounds?.into_iter().unzip();
        if bytes[0] > 0 {
            let (z, x, y) = (address.z(), address.x(), address.y());
            let nanos = median(times).as_nanos();
            writeln!(out, "{z}\t{x}\t{y}\t{nanos}\t{}", bytes[0])?;
        }
    }
    Ok(())
}

/// The same on every machine.
fn addresses(national: National, count: usize) -> Vec<TileAddress> {
    let bounds = national.bounds();
    let mut dice = Dice::new(1);
    let mut all = Vec::new();
    for zoom in ZOOMS {
        let corner = |at| ZCell::around(ZPlace::of(at), zoom).column_and_row();
        let ((west, south), (east, north)) = (corner(bounds.min), corner(bounds.max));
        for _ in 0..count {
            let x = west + dice.below(east - west + 1);
            let y = north + dice.below(south - north + 1);
            all.extend(TileAddress::new(zoom, x, y));
        }
    }
    all
}
