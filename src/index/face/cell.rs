//! The cell that a slot is for, and how coarse the numbers of its vertices are.

use crate::model::Coord;

use super::plane::unsigned;

/// How coarse the numbers of a cell's vertices are, along each axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scale {
    pub x: u8,
    pub y: u8,
}

/// Points are within this many coarse steps of the middle of their cell, as a logarithm; vertices within twice as many.
/// Differences of their 8ths then fit an `i16`.
pub(super) const COARSE: u8 = 10;
const FARTHEST: i64 = 2 << COARSE;

/// How coarse numbers are for a cell with a side of 2^`log` that has vertices at such places from its middle; `None` where the
/// whole cell would be one coarse step. The sides of a cell are between coarse steps, so that a vertex beside the cell stays
/// beside it.
pub(super) fn scale(log: u8, places: impl Iterator<Item = i64>) -> Option<u8> {
    // The farthest on either side; a shift keeps their order.
    let (least, most) = places.fold((0, 0), |(least, most), at| (at.min(least), at.max(most)));
    let is_within = |scale: &u8| -FARTHEST <= least >> scale && most >> scale < FARTHEST;
    (log.saturating_sub(COARSE + 1)..log).find(is_within)
}

/// The cell that a slot is for, in unsigned lattice numbers: a corner and the logarithms of its sides.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub x: u32,
    pub y: u32,
    pub wide: u8,
    pub high: u8,
}

impl Cell {
    /// The steps from the corner to the middle.
    pub(super) fn half(log: u8) -> i64 {
        (1i64 << log) >> 1
    }

    /// A vertex from the middle.
    pub(super) fn around_middle(self, at: Coord) -> (i64, i64) {
        let from = |number: i32, corner: u32, log: u8| {
            i64::from(unsigned(number)) - i64::from(corner) - Self::half(log)
        };
        (
            from(at.lon, self.x, self.wide),
            from(at.lat, self.y, self.high),
        )
    }
}
