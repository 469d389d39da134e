//! Which tile: zoom, column, row.

use fast_hilbert::xy2h;

pub use crate::model::DEEPEST_ZOOM as DEEPEST;

/// A tile of the web mercator pyramid, counted from the north-west; checked to exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileAddress {
    z: u8,
    x: u32,
    y: u32,
}

/// Numbers that address no tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    #[error("z is {z}; tiles exist at zooms 0 to 24")]
    Zoom { z: u8 },
    #[error("x is {x}; at zoom {z} columns run from 0 to {last}")]
    Column { z: u8, x: u32, last: u32 },
    #[error("y is {y}; at zoom {z} rows run from 0 to {last}")]
    Row { z: u8, y: u32, last: u32 },
}

impl AddressError {
    /// The name and the value of the number that is wrong.
    #[must_use]
    pub fn field(&self) -> (&'static str, u32) {
        match *self {
            Self::Zoom { z } => ("z", u32::from(z)),
            Self::Column { x, .. } => ("x", x),
            Self::Row { y, .. } => ("y", y),
        }
    }
}

impl TileAddress {
    /// The only tile of zoom 0.
    pub const WORLD: Self = Self { z: 0, x: 0, y: 0 };

    /// The tile at zoom `z`, column `x` from the west, row `y` from the north.
    ///
    /// # Errors
    /// Where `z` is above 24, or `x` or `y` is not below 2^z.
    pub fn new(z: u8, x: u32, y: u32) -> Result<Self, AddressError> {
        if z > DEEPEST {
            return Err(AddressError::Zoom { z });
        }
        let last = (1 << z) - 1;
        if x > last {
            return Err(AddressError::Column { z, x, last });
        }
        if y > last {
            return Err(AddressError::Row { z, y, last });
        }
        Ok(Self { z, x, y })
    }

    #[must_use]
    pub fn z(self) -> u8 {
        self.z
    }

    #[must_use]
    pub fn x(self) -> u32 {
        self.x
    }

    #[must_use]
    pub fn y(self) -> u32 {
        self.y
    }

    /// The four tiles of the next zoom on the same ground.
    pub(super) fn quarters(self) -> [Self; 4] {
        let Self { z, x, y } = self;
        [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(east, south)| Self {
            z: z + 1,
            x: 2 * x + east,
            y: 2 * y + south,
        })
    }

    /// Its place on the Hilbert curve of its zoom; PMTiles numbers tiles by the same curve.
    pub(super) fn along_curve(self) -> u64 {
        // The curve of order 0 is a point, which the crate does not draw.
        if self.z == 0 {
            0
        } else {
            xy2h(self.x, self.y, self.z)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tile_of_a_zoom_exists_and_none_beyond() {
        assert!(TileAddress::new(0, 0, 0).is_ok());
        assert!(TileAddress::new(24, (1 << 24) - 1, (1 << 24) - 1).is_ok());
        for (z, x, y, field) in [
            (25, 0, 0, ("z", 25)),
            (0, 1, 0, ("x", 1)),
            (3, 7, 8, ("y", 8)),
            (24, 1 << 24, 0, ("x", 1 << 24)),
            (255, 0, 0, ("z", 255)),
        ] {
            let error = TileAddress::new(z, x, y).unwrap_err();
            assert_eq!(error.field(), field);
            assert!(error.to_string().contains(&field.1.to_string()), "{error}");
        }
    }
}
