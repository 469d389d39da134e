//! Boxes on the lattice.

use super::Coord;

/// A closed box of lattice points; `min` is its south-west, `max` its north-east corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    pub min: Coord,
    pub max: Coord,
}

impl Bounds {
    /// The box of one point.
    #[must_use]
    pub fn of(at: Coord) -> Self {
        Self { min: at, max: at }
    }

    /// The smallest box that holds all points; `None` without points.
    pub fn around(points: impl IntoIterator<Item = Coord>) -> Option<Self> {
        points.into_iter().map(Self::of).reduce(Self::union)
    }

    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self {
            min: Coord {
                lon: self.min.lon.min(other.min.lon),
                lat: self.min.lat.min(other.min.lat),
            },
            max: Coord {
                lon: self.max.lon.max(other.max.lon),
                lat: self.max.lat.max(other.max.lat),
            },
        }
    }

    /// Whether the boxes share a point; touching counts.
    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        self.min.lon <= other.max.lon
            && other.min.lon <= self.max.lon
            && self.min.lat <= other.max.lat
            && other.min.lat <= self.max.lat
    }

    /// Whether `at` lies in the box or on its edge.
    #[must_use]
    pub fn holds(self, at: Coord) -> bool {
        self.meets(Self::of(at))
    }
}
