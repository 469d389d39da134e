//! Boxes on the lattice.

use super::{Coord, CoordError, LonLat};

/// A closed box of lattice points; `min` is its south-west, `max` its north-east corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    pub min: Coord,
    pub max: Coord,
}

/// A text that is no box.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum BoundsError {
    #[error("{field} is {given:?}; write west,south,east,north in degrees")]
    Form { field: &'static str, given: String },
    #[error("{field} is {given:?}: {source}")]
    Corner {
        field: &'static str,
        given: String,
        source: CoordError,
    },
    #[error("{field} is {given:?}, whose west is east of its east or south north of its north")]
    Order { field: &'static str, given: String },
}

impl Bounds {
    /// Reads `west,south,east,north` in degrees on WGS 84, given as a field of this name.
    ///
    /// # Errors
    /// Where these are not four numbers, or no box on Earth.
    pub fn parse_degrees(field: &'static str, given: &str) -> Result<Self, BoundsError> {
        let owned = || given.to_owned();
        let numbers: Result<Vec<f64>, _> = given
            .split(',')
            .map(|number| number.trim().parse())
            .collect();
        let Ok([west, south, east, north]) = numbers.as_deref() else {
            return Err(BoundsError::Form {
                field,
                given: owned(),
            });
        };
        let snap = |lon: f64, lat: f64| {
            let corner = Coord::snap(LonLat { lon, lat });
            corner.map_err(|source| BoundsError::Corner {
                field,
                given: owned(),
                source,
            })
        };
        let (min, max) = (snap(*west, *south)?, snap(*east, *north)?);
        if min.lon > max.lon || min.lat > max.lat {
            return Err(BoundsError::Order {
                field,
                given: owned(),
            });
        }
        Ok(Self { min, max })
    }

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

    /// The box of the points that both hold; `None` where there are none.
    #[must_use]
    pub fn shared_with(self, other: Self) -> Option<Self> {
        self.meets(other).then(|| Self {
            min: Coord {
                lon: self.min.lon.max(other.min.lon),
                lat: self.min.lat.max(other.min.lat),
            },
            max: Coord {
                lon: self.max.lon.min(other.max.lon),
                lat: self.max.lat.min(other.max.lat),
            },
        })
    }

    /// The box that reaches so many lattice steps farther on all sides, to the end of the lattice at most.
    #[must_use]
    pub fn grown(self, steps: u32) -> Self {
        let moved = |at: Coord, by: fn(i32, u32) -> i32| Coord {
            lon: by(at.lon, steps),
            lat: by(at.lat, steps),
        };
        Self {
            min: moved(self.min, i32::saturating_sub_unsigned),
            max: moved(self.max, i32::saturating_add_unsigned),
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
