//! A local plane in metres, in which a county is small enough to be flat.

use crate::model::{Bounds, Coord, Geometry, STEPS_PER_DEGREE, doubled_area};

/// Metres of one lattice step of latitude, on the sphere.
const METRES: f64 = 111_320.0 / STEPS_PER_DEGREE;

/// A point of the plane, metres east and north of its origin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spot {
    pub(super) x: f64,
    pub(super) y: f64,
}

impl Spot {
    pub(super) fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    pub(super) fn minus(self, other: Self) -> Self {
        Self::new(self.x - other.x, self.y - other.y)
    }

    /// This point moved by `times` the vector `by`.
    pub(super) fn moved(self, by: Self, times: f64) -> Self {
        Self::new(self.x + by.x * times, self.y + by.y * times)
    }

    pub(super) fn dot(self, other: Self) -> f64 {
        self.x * other.x + self.y * other.y
    }

    /// Squared distance, square metres.
    pub(super) fn apart(self, other: Self) -> f64 {
        let d = self.minus(other);
        d.dot(d)
    }
}

/// The plane around a place: longitudes shrunk by the cosine of its middle latitude.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plane {
    pub(super) origin: Coord,
    /// Metres of one lattice step of longitude.
    east: f64,
}

impl Plane {
    /// The plane whose origin is the south-west corner of a box.
    pub(super) fn over(bounds: Bounds) -> Self {
        let middle = f64::midpoint(bounds.min.degrees().lat, bounds.max.degrees().lat);
        Self {
            origin: bounds.min,
            east: METRES * middle.to_radians().cos(),
        }
    }

    /// Area of polygons, square metres.
    pub(super) fn area(&self, polygons: &Geometry) -> f64 {
        let doubled: i128 = polygons.runs().map(doubled_area).sum();
        #[expect(
            clippy::cast_precision_loss,
            reason = "a density needs no more than 53 bits of an area"
        )]
        let doubled = doubled as f64;
        doubled / 2.0 * self.east * METRES
    }

    pub(super) fn spot(&self, at: Coord) -> Spot {
        let steps = |a: i32, b: i32| f64::from(a) - f64::from(b);
        Spot::new(
            steps(at.lon, self.origin.lon) * self.east,
            steps(at.lat, self.origin.lat) * METRES,
        )
    }

    /// The nearest lattice point.
    pub(super) fn coord(&self, at: Spot) -> Coord {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a float saturates, and a place is no wider than the Earth"
        )]
        let steps = |metres: f64, step: f64| (metres / step).round() as i32;
        Coord {
            lon: self.origin.lon.saturating_add(steps(at.x, self.east)),
            lat: self.origin.lat.saturating_add(steps(at.y, METRES)),
        }
    }
}

/// A count as a number to calculate with.
pub(super) fn float(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}

/// The mean of some points; the origin without points.
pub(super) fn mean(spots: impl Iterator<Item = Spot>) -> Spot {
    let mut count = 0_u32;
    let sum = spots.fold(Spot::new(0.0, 0.0), |sum, spot| {
        count += 1;
        sum.moved(spot, 1.0)
    });
    let count = f64::from(count.max(1));
    Spot::new(sum.x / count, sum.y / count)
}
