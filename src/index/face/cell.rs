//! The cell that a slot is for, and how coarse the numbers of its vertices are.
//!
//! A tile is cut into as many columns and rows as its edges need, not only 2^n. So that cells still begin at whole numbers, the
//! numbers of the tile's ground are taken times the count of its columns (or rows): each column is then as wide as the tile was,
//! 2^log, and a shift finds it.

use crate::model::{Bounds, Coord};

use super::plane::{Area, unsigned};

/// How many coarse steps a cell's sides have, as logarithms: at most `COARSE` + 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scale {
    pub x: u8,
    pub y: u8,
}

/// Points are within this many coarse steps of the middle of their cell, as a logarithm; vertices within twice as many.
/// Differences of their 8ths then fit an `i16`.
pub(super) const COARSE: u8 = 10;
const FARTHEST: i64 = 2 << COARSE;

/// How coarse numbers are for a cell with a side of 2^`log` whose vertices lie between two places from its middle; `None` where
/// the whole cell would be one coarse step. The sides of a cell are between coarse steps, so that a vertex beside the cell stays
/// beside it.
fn scale(log: u8, least: i64, most: i64) -> Option<u8> {
    // A shift keeps their order.
    let is_within = |scale: &u8| -FARTHEST <= least >> scale && most >> scale < FARTHEST;
    (log.saturating_sub(COARSE + 1)..log).find(is_within)
}

/// What a cell has of an axis: a column or a row of a tile, or a half of one, half of that…
#[derive(Clone, Copy, Debug)]
pub(super) struct Band {
    /// The unsigned lattice number at which the tile begins.
    origin: u32,
    /// How many columns or rows the tile has: numbers from the origin are taken so many times.
    times: u8,
    /// Where it begins, in these numbers.
    from: u64,
    /// Its width in these numbers, as a logarithm.
    log: u8,
    /// The unsigned lattice numbers at which it and the next one begin.
    first: i64,
    end: i64,
}

impl Band {
    /// The n-th of so many of a tile that begins at a lattice number and is 2^`log` wide.
    pub(super) fn new(origin: u32, log: u8, times: u8, n: u8) -> Self {
        Self::within(origin, times, u64::from(n) << log, log)
    }

    fn within(origin: u32, times: u8, from: u64, log: u8) -> Self {
        let lattice = |number: u64| {
            let steps = number.div_ceil(times.into());
            i64::from(origin).saturating_add_unsigned(steps)
        };
        Self {
            origin,
            times,
            from,
            log,
            first: lattice(from),
            end: lattice(from + (1 << log)),
        }
    }

    /// Tells which of all bands of its tile hold two lattice numbers and all between them, or come within one step of that.
    pub(super) fn holders(self) -> impl Fn(i32, i32) -> (u32, u32) {
        let holder = self.holder();
        move |a, b| {
            let (from, to) = (i64::from(unsigned(a.min(b))), i64::from(unsigned(a.max(b))));
            (holder(from - 1), holder(to + 1))
        }
    }

    /// Tells which of all bands of its tile holds an unsigned lattice number, or is next to it.
    pub(super) fn holder(self) -> impl Fn(i64) -> u32 {
        let (origin, times) = (i64::from(self.origin), i64::from(self.times));
        let (last, log) = ((1 << self.log) - 1, self.log);
        move |number| {
            let within = (number - origin).clamp(0, last);
            #[expect(
                clippy::cast_sign_loss,
                clippy::cast_possible_truncation,
                reason = "at most 128"
            )]
            let band = ((within * times) >> log) as u32;
            band
        }
    }

    /// How many lattice steps it has, at least.
    fn steps(self) -> u64 {
        (1 << self.log) / u64::from(self.times)
    }

    /// What makes lattice numbers between the least and the most coarse, counted from the middle; `None` where they are too far
    /// apart for that.
    fn coarse(self, span: Option<(i32, i32)>) -> Option<(u8, impl Fn(i32) -> i32)> {
        let middle = (self.from + (1 << self.log >> 1)).cast_signed();
        let (origin, times) = (i64::from(self.origin), i64::from(self.times));
        let around = move |number: i32| (i64::from(unsigned(number)) - origin) * times - middle;
        let (least, most) = span.map_or((0, 0), |(least, most)| {
            (around(least).min(0), around(most).max(0))
        });
        let scale = scale(self.log, least, most)?;
        #[expect(clippy::cast_possible_truncation, reason = "within 12 bits")]
        let coarse = move |number: i32| (around(number) >> scale) as i32;
        Some((self.log - scale, coarse))
    }

    /// Its first half, or its second.
    fn half(self, second: bool) -> Self {
        let log = self.log - 1;
        let from = self.from + (u64::from(second) << log);
        Self::within(self.origin, self.times, from, log)
    }
}

/// The cell that a slot is for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    x: Band,
    y: Band,
    /// The box around its lattice points, one step wider on each side.
    pub area: Area,
}

impl Cell {
    /// Where a column and a row of a tile meet.
    pub(super) fn new(x: Band, y: Band) -> Self {
        let area = Area::between(x.first, y.first, x.end, y.end);
        Self { x, y, area }
    }

    pub(super) fn quarter(self, east: bool, north: bool) -> Self {
        Self::new(self.x.half(east), self.y.half(north))
    }

    /// How many lattice steps its shorter side has, at least.
    pub(super) fn steps(self) -> u64 {
        self.x.steps().min(self.y.steps())
    }

    /// Makes vertices coarse, counted from its middle; `None` where they are too far apart for that.
    pub(super) fn coarsen(self, vertices: &[Coord], coarse: &mut Vec<(i32, i32)>) -> Option<Scale> {
        let around = Bounds::around(vertices.iter().copied());
        let (x, lon) = self
            .x
            .coarse(around.map(|Bounds { min, max }| (min.lon, max.lon)))?;
        let (y, lat) = self
            .y
            .coarse(around.map(|Bounds { min, max }| (min.lat, max.lat)))?;
        coarse.clear();
        coarse.extend(vertices.iter().map(|at| (lon(at.lon), lat(at.lat))));
        Some(Scale { x, y })
    }
}
