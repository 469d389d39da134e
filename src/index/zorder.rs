//! Places of web mercator in Z-order (G. M. Morton, 1966): the bits of x and y by turns, so that every tile of every zoom, and
//! every cell that halving a tile gives, is one range of numbers.

use std::f64::consts::PI;

use crate::model::{Bounds, Coord};

/// Places along the world's side: 2^32, a centimetre on the equator.
const SIDE: f64 = 4_294_967_296.0;

/// How often the world can be halved: then a cell is one place.
pub const DEEPEST_CELL: u8 = 32;

/// A place of web mercator, x from the west and y from the north, in the order of its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ZPlace(u64);

impl ZPlace {
    #[must_use]
    pub fn new(x: u32, y: u32) -> Self {
        Self(spread(x) | spread(y) << 1)
    }

    /// The place in which a coordinate lies. Latitudes beyond ±85.0511° lie in the outermost rows.
    #[must_use]
    pub fn of(at: Coord) -> Self {
        Self::new(column(at.lon), row(at.lat))
    }

    /// The place in the middle of a box on the map.
    #[must_use]
    pub fn middle(bounds: Bounds) -> Self {
        let (west, east) = (column(bounds.min.lon), column(bounds.max.lon));
        let (north, south) = rows(bounds);
        Self::new(west.midpoint(east), north.midpoint(south))
    }

    #[must_use]
    pub fn x(self) -> u32 {
        gather(self.0)
    }

    #[must_use]
    pub fn y(self) -> u32 {
        gather(self.0 >> 1)
    }

    /// Its number among all places.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0
    }

    /// How often the world can be halved so that both places still lie in one cell.
    #[must_use]
    pub fn shared_level(self, other: Self) -> u8 {
        let equal = (self.0 ^ other.0).leading_zeros() / 2;
        equal.try_into().unwrap_or(DEEPEST_CELL)
    }
}

/// The longer side of a box on the map, in places.
#[must_use]
pub fn longer_side(bounds: Bounds) -> u32 {
    let (north, south) = rows(bounds);
    (column(bounds.max.lon) - column(bounds.min.lon)).max(south - north)
}

fn rows(bounds: Bounds) -> (u32, u32) {
    let north = row(bounds.max.lat);
    let is_flat = bounds.max.lat == bounds.min.lat;
    (north, if is_flat { north } else { row(bounds.min.lat) })
}

/// Exact.
fn column(lon: i32) -> u32 {
    let east = (i64::from(lon) + 1_800_000_000).unsigned_abs();
    u32::try_from((east << 32) / 3_600_000_000).unwrap_or(u32::MAX)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast from f64 saturates, and what is left of the fraction is to be cut off"
)]
fn row(lat: i32) -> u32 {
    let lat = f64::from(lat) / 1.8e9 * PI;
    ((0.5 - lat.tan().asinh() / (2.0 * PI)) * SIDE) as u32
}

/// A square of the world: a tile, or what halving it gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ZCell {
    level: u8,
    /// The bits that all its places share.
    prefix: u64,
}

impl ZCell {
    /// The cell in a column from the west and a row from the north; a tile's `level` is its zoom. Columns and rows beyond
    /// the last, and levels beyond [`DEEPEST_CELL`], mean the last.
    #[must_use]
    pub fn new(level: u8, x: u32, y: u32) -> Self {
        let level = level.min(DEEPEST_CELL);
        let last = u32::MAX.checked_shr(u32::from(DEEPEST_CELL - level));
        let last = last.unwrap_or_default();
        let prefix = ZPlace::new(x.min(last), y.min(last)).0;
        Self { level, prefix }
    }

    /// The cell in which a place lies.
    #[must_use]
    pub fn around(place: ZPlace, level: u8) -> Self {
        let level = level.min(DEEPEST_CELL);
        let prefix = place.0.checked_shr(free_bits(level)).unwrap_or_default();
        Self { level, prefix }
    }

    /// Its number among all cells of its level.
    #[must_use]
    pub fn number(self) -> u64 {
        self.prefix
    }

    #[must_use]
    pub fn level(self) -> u8 {
        self.level
    }

    /// Its column from the west and its row from the north.
    #[must_use]
    pub fn column_and_row(self) -> (u32, u32) {
        (gather(self.prefix), gather(self.prefix >> 1))
    }

    /// The first of its places.
    #[must_use]
    pub fn first(self) -> ZPlace {
        let bits = free_bits(self.level);
        ZPlace(self.prefix.checked_shl(bits).unwrap_or_default())
    }

    /// The last of its places.
    #[must_use]
    pub fn last(self) -> ZPlace {
        let free = u64::MAX.checked_shr(64 - free_bits(self.level));
        ZPlace(self.first().0 | free.unwrap_or_default())
    }
}

/// The bits in which the places of a cell differ.
fn free_bits(level: u8) -> u32 {
    2 * u32::from(DEEPEST_CELL - level)
}

/// The bits of a number with a gap of one after each.
fn spread(number: u32) -> u64 {
    let mut bits = u64::from(number);
    for (shift, mask) in [
        (16, 0x0000_ffff_0000_ffff),
        (8, 0x00ff_00ff_00ff_00ff),
        (4, 0x0f0f_0f0f_0f0f_0f0f),
        (2, 0x3333_3333_3333_3333),
        (1, 0x5555_5555_5555_5555),
    ] {
        bits = (bits | bits << shift) & mask;
    }
    bits
}

/// Every second bit, closed up.
#[expect(clippy::cast_possible_truncation, reason = "32 bits are left")]
fn gather(number: u64) -> u32 {
    let mut bits = number & 0x5555_5555_5555_5555;
    for (shift, mask) in [
        (1, 0x3333_3333_3333_3333),
        (2, 0x0f0f_0f0f_0f0f_0f0f),
        (4, 0x00ff_00ff_00ff_00ff),
        (8, 0x0000_ffff_0000_ffff),
        (16, 0x0000_0000_ffff_ffff),
    ] {
        bits = (bits | bits >> shift) & mask;
    }
    bits as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_corners_of_the_world_and_the_poles_lie_in_the_outermost_places() {
        let place = |lon: i32, lat: i32| {
            let at = ZPlace::of(Coord { lon, lat });
            (at.x(), at.y())
        };
        let last = u32::MAX;
        assert_eq!(place(-1_800_000_000, 900_000_000), (0, 0));
        assert_eq!(place(1_800_000_000, -900_000_000), (last, last));
        assert_eq!(place(0, 0), (1 << 31, 1 << 31));
        assert_eq!(place(0, 850_600_000).1, 0);
        assert_eq!(place(0, -850_600_000).1, last);
    }

    #[test]
    fn the_world_is_one_cell_and_the_deepest_cell_one_place() {
        let world = ZCell::new(0, 0, 0);
        assert_eq!((world.first().0, world.last().0), (0, u64::MAX));
        let one = ZCell::new(DEEPEST_CELL, 7, u32::MAX);
        assert_eq!(
            (one.first(), one.last()),
            (one.first(), ZPlace::new(7, u32::MAX))
        );
        assert_eq!(ZCell::new(0, 5, 5), world);
    }

    proptest! {
        #[test]
        fn a_place_lies_in_the_cell_whose_column_and_row_hold_it_and_in_no_other(
            x: u32, y: u32, level in 0..=DEEPEST_CELL,
        ) {
            let place = ZPlace::new(x, y);
            prop_assert_eq!((place.x(), place.y()), (x, y));
            let of = |n: u32| n.checked_shr(u32::from(DEEPEST_CELL - level)).unwrap_or(0);
            let cell = ZCell::around(place, level);
            prop_assert_eq!(cell, ZCell::new(level, of(x), of(y)));
            prop_assert_eq!(cell.column_and_row(), (of(x), of(y)));
            prop_assert!(cell.first() <= place && place <= cell.last());
            let is_next = |at: ZPlace| ZCell::around(at, level) == cell;
            prop_assert!(is_next(cell.first()) && is_next(cell.last()));
            prop_assert!(cell.last().0 == u64::MAX || !is_next(ZPlace(cell.last().0 + 1)));
        }

        #[test]
        fn two_places_share_cells_down_to_their_shared_level(x: u32, y: u32, other_x: u32, other_y: u32) {
            let (one, other) = (ZPlace::new(x, y), ZPlace::new(other_x, other_y));
            let shared = one.shared_level(other);
            for level in 0..=DEEPEST_CELL {
                let is_same = ZCell::around(one, level) == ZCell::around(other, level);
                prop_assert_eq!(is_same, level <= shared);
            }
        }

        #[test]
        fn a_box_is_as_long_as_its_corners_are_apart_and_its_middle_between_them(
            lon in -1_800_000_000..1_700_000_000i32, lat in -900_000_000..800_000_000i32,
            wide in 0..100_000_000i32, high in 0..100_000_000i32,
        ) {
            let (min, max) = (Coord { lon, lat }, Coord { lon: lon + wide, lat: lat + high });
            let bounds = Bounds { min, max };
            let (low, top) = (ZPlace::of(min), ZPlace::of(max));
            let side = (top.x() - low.x()).max(low.y() - top.y());
            prop_assert_eq!(longer_side(bounds), side);
            let middle = ZPlace::middle(bounds);
            prop_assert!(low.x() <= middle.x() && middle.x() <= top.x());
            prop_assert!(top.y() <= middle.y() && middle.y() <= low.y());
        }
    }
}
