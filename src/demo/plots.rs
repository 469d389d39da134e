//! Room for rows of buildings inside a micro-grid.

use crate::model::{Coord, Side};

use super::ground::{Ground, Unit};
use super::plane::{Spot, float};

/// Plots tried, width and depth in metres, the roomiest first.
const PLOTS: [(f64, f64); 5] = [
    (64.0, 38.0),
    (52.0, 32.0),
    (42.0, 26.0),
    (34.0, 22.0),
    (27.0, 18.0),
];
/// Plots looked at on each side of a micro-grid's seed.
const REACH: i32 = 8;
/// Plots on a side of the square that is looked at.
const SIDE: usize = 2 * REACH as usize;
/// Kept free between a plot and what is around it, metres.
const VERGE: f64 = 1.5;

/// A rectangle of plots in a micro-grid: a corner, and the vectors along and across one plot.
pub(super) struct Block {
    pub(super) corner: Spot,
    pub(super) along: Spot,
    pub(super) across: Spot,
    pub(super) columns: usize,
    pub(super) rows: usize,
}

/// The smallest rectangle of at least `wanted` plots inside a micro-grid, with the roomiest plots that fit; `slope` turns it.
pub(super) fn block(ground: &Ground, micro: &Unit, wanted: usize, slope: f64) -> Option<Block> {
    let length = (1.0 + slope * slope).sqrt();
    let (east, north) = (
        Spot::new(1.0 / length, slope / length),
        Spot::new(-slope / length, 1.0 / length),
    );
    for (width, depth) in PLOTS {
        let free = free(ground, micro, (east, north), (width, depth));
        if let Some((column, row, columns, rows)) = smallest(&free, wanted) {
            let corner = micro
                .middle
                .moved(east, width * (float(column) - f64::from(REACH)))
                .moved(north, depth * (float(row) - f64::from(REACH)));
            return Some(Block {
                corner,
                along: Spot::new(0.0, 0.0).moved(east, width),
                across: Spot::new(0.0, 0.0).moved(north, depth),
                columns,
                rows,
            });
        }
    }
    None
}

/// Which plots lie wholly inside a micro-grid: no edge touches them and their middle is inside.
fn free(
    ground: &Ground,
    micro: &Unit,
    (east, north): (Spot, Spot),
    (width, depth): (f64, f64),
) -> Vec<[bool; SIDE]> {
    let local = |at: Coord| {
        let arm = ground.plane.spot(at).minus(micro.middle);
        Spot::new(arm.dot(east), arm.dot(north))
    };
    let rings: Vec<Vec<Spot>> = micro
        .geometry
        .runs()
        .map(|ring| ring.map(local).collect())
        .collect();
    let mut free = vec![[false; SIDE]; SIDE];
    for (row, plots) in free.iter_mut().enumerate() {
        for (column, plot) in plots.iter_mut().enumerate() {
            let x = width * (float(column) - f64::from(REACH));
            let y = depth * (float(row) - f64::from(REACH));
            let low = Spot::new(x - VERGE, y - VERGE);
            let high = Spot::new(x + width + VERGE, y + depth + VERGE);
            let middle = micro
                .middle
                .moved(east, x + width / 2.0)
                .moved(north, y + depth / 2.0);
            *plot = micro.geometry.side(ground.plane.coord(middle)) == Side::Inside
                && !rings.iter().any(|ring| touches(ring, low, high));
        }
    }
    free
}

/// Whether an edge of a ring meets a box (Liang and Barsky).
fn touches(ring: &[Spot], low: Spot, high: Spot) -> bool {
    let next = ring.iter().skip(1).chain(ring.first());
    ring.iter().zip(next).any(|(&a, &b)| {
        let d = b.minus(a);
        let mut span = (0.0_f64, 1.0_f64);
        for (from, by, least, most) in [(a.x, d.x, low.x, high.x), (a.y, d.y, low.y, high.y)] {
            if by == 0.0 {
                if from < least || from > most {
                    return false;
                }
                continue;
            }
            let (one, two) = ((least - from) / by, (most - from) / by);
            span = (span.0.max(one.min(two)), span.1.min(one.max(two)));
        }
        span.0 <= span.1
    })
}

/// The smallest rectangle of free plots that has enough: column, row, columns, rows.
fn smallest(free: &[[bool; SIDE]], wanted: usize) -> Option<(usize, usize, usize, usize)> {
    let mut best: Option<(usize, (usize, usize, usize, usize))> = None;
    for top in 0..SIDE {
        let mut open = [true; SIDE];
        for (bottom, plots) in free.iter().enumerate().skip(top) {
            let rows = bottom - top + 1;
            let mut run = 0;
            for column in 0..SIDE {
                open[column] &= plots[column];
                run = if open[column] { run + 1 } else { 0 };
                let columns = wanted.div_ceil(rows).max(1);
                let size = columns * rows;
                // No rows longer than six slabs, and none that is a single file of more than four.
                let shapely = columns <= 6 && rows <= 6 && (columns > 1 || rows <= 4);
                if run >= columns && shapely && best.is_none_or(|(least, _)| size < least) {
                    best = Some((size, (column + 1 - columns, top, columns, rows)));
                }
            }
        }
    }
    best.map(|(_, found)| found)
}
