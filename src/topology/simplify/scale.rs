//! Lattice steps in tile units.

use std::f64::consts::PI;

use crate::model::{Bounds, Coord, FirstZooms, STEPS_PER_DEGREE};

/// Tile units along a tile's side.
const SIDE: f64 = 4096.0;

/// Tile units of a lattice step of longitude.
fn units_per_step(zoom: u8) -> f64 {
    SIDE * f64::from(zoom).exp2() / (360.0 * STEPS_PER_DEGREE)
}

/// How many steps of longitude so many tile units are at least.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a few tile units, of which there are 4096 around the world at most"
)]
pub(in crate::topology) fn steps_of(units: f64, zoom: u8) -> u32 {
    (units / units_per_step(zoom)).ceil() as u32
}

/// The first zoom at which a length in lattice steps of longitude is more than so many tile units, [`FirstZooms::DEEP`] at most.
pub(super) fn zoom_of(length: f64, units: f64) -> u8 {
    let is_longer = |zoom: &u8| length * units_per_step(*zoom) > units;
    (0..FirstZooms::DEEP)
        .find(is_longer)
        .unwrap_or(FirstZooms::DEEP)
}

/// How web mercator draws the ground around a latitude: as in degrees, but stretched to the north.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    /// Steps of longitude that a step of latitude is as long as.
    pub stretch: f64,
}

impl Scale {
    /// In the middle of a box; tiles end at 85° north and south.
    pub(super) fn at(bounds: Bounds) -> Self {
        let lat = f64::midpoint(f64::from(bounds.min.lat), f64::from(bounds.max.lat));
        let lat = (lat / STEPS_PER_DEGREE).clamp(-85.0, 85.0);
        Self {
            stretch: 1.0 / (lat / 180.0 * PI).cos(),
        }
    }

    /// The way from a place to another.
    pub(super) fn way(self, from: Coord, to: Coord) -> (f64, f64) {
        let steps = |from: i32, to: i32| f64::from(to) - f64::from(from);
        (
            steps(from.lon, to.lon),
            steps(from.lat, to.lat) * self.stretch,
        )
    }

    /// The square of how far a place lies from the edge a → b.
    pub(super) fn aside(self, a: Coord, b: Coord, at: Coord) -> f64 {
        let (edge, way) = (self.way(a, b), self.way(a, at));
        let length = edge.0 * edge.0 + edge.1 * edge.1;
        let along = if length > 0.0 {
            ((way.0 * edge.0 + way.1 * edge.1) / length).clamp(0.0, 1.0)
        } else {
            0.0
        };
        let off = (way.0 - along * edge.0, way.1 - along * edge.1);
        off.0 * off.0 + off.1 * off.1
    }
}
