//! Lattice coordinates ↔ integer places of web mercator (EPSG:3857's sphere, latitude cut at ±85.0511°).

use std::f64::consts::PI;

use super::TileAddress;
use super::southing::Southing;
use crate::model::{Bounds, Coord};

/// Tile units along a tile's side.
pub const EXTENT: u32 = 4096;

/// Tile units along a tile's side, as places count them.
pub(super) const SIDE: i64 = EXTENT as i64;

/// Fine units in a tile unit: vertices of polygons are known so well until they meet.
pub(super) const FINE: i64 = 256;

/// A place in tile units, or in fine ones where that is said, x to the east and y to the south: of the world's north-west corner, or
/// of a tile's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Place {
    pub(super) x: i64,
    pub(super) y: i64,
}

impl Place {
    /// The same place seen from another origin.
    pub(super) fn seen_from(self, origin: Self) -> Self {
        Self {
            x: self.x - origin.x,
            y: self.y - origin.y,
        }
    }

    /// The nearest place in tile units of one in fine units, halves towards south-east.
    #[inline]
    pub(super) fn coarse(self) -> Self {
        let nearest = |fine: i64| (fine + FINE / 2) >> FINE.trailing_zeros();
        Self {
            x: nearest(self.x),
            y: nearest(self.y),
        }
    }

    /// A place in tile units, in fine ones.
    pub(super) fn fine(self) -> Self {
        Self {
            x: self.x * FINE,
            y: self.y * FINE,
        }
    }
}

const HALF_TURN: f64 = 180e7;
const FULL_TURN: f64 = 360e7;
const QUARTER_TURN: i32 = 900_000_000;

/// Tile units along the world's side; at most 2^36, exact.
fn world_side(z: u8) -> f64 {
    f64::from(EXTENT) * 2f64.powi(i32::from(z))
}

/// The nearest integer to a number from 0 to 2^51, halves to the even one: beside 2^52 a number has no fraction.
#[inline]
fn nearest(value: f64) -> i64 {
    let beside = 2f64.powi(52);
    ((value + beside).to_bits() - beside.to_bits()).cast_signed()
}

/// The world place of a coordinate at zoom `z`: a function of these two only, so that all tiles and neighbours agree on it.
/// Latitudes beyond ±85.0511° come to lie on the world's edge.
pub(super) fn world(at: Coord, z: u8) -> Place {
    Plane::at(z).fine(at).coarse()
}

/// The world at a zoom.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plane {
    /// Fine units along its side.
    side: f64,
    southing: Southing,
}

impl Plane {
    #[expect(clippy::cast_precision_loss, reason = "a small power of two")]
    pub(super) fn at(z: u8) -> Self {
        Self {
            side: world_side(z) * FINE as f64,
            southing: Southing::new(),
        }
    }

    /// The same as [`world`] in fine units.
    #[inline]
    pub(super) fn fine(self, at: Coord) -> Place {
        let east = (f64::from(at.lon) + HALF_TURN) * (self.side / FULL_TURN);
        Place {
            x: nearest(east),
            y: nearest(self.southing.of(at.lat) * self.side),
        }
    }
}

/// The world place of the tile's north-west corner.
pub(super) fn origin(address: TileAddress) -> Place {
    Place {
        x: i64::from(address.x()) * SIDE,
        y: i64::from(address.y()) * SIDE,
    }
}

/// A lattice box that holds every coordinate whose place falls into the tile or within `buffer` tile units of it.
pub(super) fn lattice_bounds(address: TileAddress, buffer: u32) -> Bounds {
    let origin = origin(address);
    // A unit more on each side makes up for the rounding of places.
    let reach = i64::from(buffer) + 1;
    let (north, south) = (origin.y - reach, origin.y + SIDE + reach);
    Bounds {
        min: Coord {
            lon: longitude(origin.x - reach, address.z(), f64::floor),
            lat: latitude(south, address.z(), f64::floor),
        },
        max: Coord {
            lon: longitude(origin.x + SIDE + reach, address.z(), f64::ceil),
            lat: latitude(north, address.z(), f64::ceil),
        },
    }
}

#[expect(clippy::cast_precision_loss, reason = "places stay below 2^37")]
fn longitude(x: i64, z: u8, round: fn(f64) -> f64) -> i32 {
    let lon = round(x as f64 * FULL_TURN / world_side(z) - HALF_TURN);
    saturate(lon.clamp(-HALF_TURN, HALF_TURN))
}

/// The poles belong to the outermost rows.
#[expect(clippy::cast_precision_loss, reason = "places stay below 2^37")]
fn latitude(y: i64, z: u8, round: fn(f64) -> f64) -> i32 {
    let south = y as f64 / world_side(z);
    if south <= 0.0 {
        return QUARTER_TURN;
    }
    if south >= 1.0 {
        return -QUARTER_TURN;
    }
    let lat = ((0.5 - south) * 2.0 * PI).sinh().atan();
    saturate(round(lat / PI * HALF_TURN))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a cast from f64 saturates, and the callers' values fit"
)]
fn saturate(steps: f64) -> i32 {
    steps as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_corners_of_the_world_and_null_island_are_where_the_scheme_says() {
        let place = |lon, lat| world(Coord { lon, lat }, 0);
        assert_eq!(place(0, 0), Place { x: 2048, y: 2048 });
        assert_eq!(place(-1_800_000_000, 850_511_288), Place { x: 0, y: 0 });
        assert_eq!(
            place(1_800_000_000, -850_511_288),
            Place { x: SIDE, y: SIDE }
        );
    }

    #[test]
    fn the_poles_come_to_lie_on_the_edge_of_the_world() {
        for z in [0, 14, 24] {
            let side = SIDE << z;
            let place = |lat| world(Coord { lon: 0, lat }, z).y;
            assert_eq!((place(900_000_000), place(-900_000_000)), (0, side));
        }
    }

    #[test]
    fn places_agree_with_proj() {
        // EPSG:3857 metres by PROJ 9.1 (gdaltransform -s_srs OGC:CRS84 -t_srs EPSG:3857) of 104.7092, 28.4386.
        let (east, north) = (11_656_174.825_371, 3_304_384.601_188);
        let units_per_metre = world_side(20) / (2.0 * PI * 6_378_137.0);
        let at = Coord {
            lon: 1_047_092_000,
            lat: 284_386_000,
        };
        let place = world(at, 20);
        assert_eq!(
            place.x,
            nearest(world_side(20) / 2.0 + east * units_per_metre)
        );
        assert_eq!(
            place.y,
            nearest(world_side(20) / 2.0 - north * units_per_metre)
        );
    }

    proptest! {
        #[test]
        fn the_lattice_bounds_hold_every_coordinate_that_falls_into_the_buffered_tile(
            lon in -1_800_000_000..=1_800_000_000i32, lat in -900_000_000..=900_000_000i32,
            z in 0..=24u8, buffer in 0..300u32, dx in -1..=1i64, dy in -1..=1i64,
        ) {
            let at = Coord { lon, lat };
            let place = world(at, z);
            let count = 1i64 << z;
            let clamp = |n: i64| u32::try_from(n.clamp(0, count - 1)).unwrap();
            let address = TileAddress::new(
                z,
                clamp(place.x.div_euclid(SIDE) + dx),
                clamp(place.y.div_euclid(SIDE) + dy),
            ).unwrap();
            let local = place.seen_from(origin(address));
            let range = -i64::from(buffer)..=SIDE + i64::from(buffer);
            if range.contains(&local.x) && range.contains(&local.y) {
                prop_assert!(lattice_bounds(address, buffer).holds(at));
            }
        }
    }
}
