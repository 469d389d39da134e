//! How near something can be at the least, and at the most: on the auxiliary sphere.
//!
//! A place on the ellipsoid is carried to the unit sphere by its reduced latitude β (tan β = b/a · tan φ) and its longitude.
//! A step on the ellipsoid has the length √((a² sin²β + b² cos²β) dβ² + a² cos²β dλ²), which lies between b and a times the
//! step on the sphere. So a geodesic is at least b·σ and at most a·σ long, where σ is the angle between the two images: the
//! bounds are 0.34 % apart and hold on the whole Earth, near the poles and across the antimeridian too.

use crate::model::{Bounds, Coord, LonLat, STEPS_PER_DEGREE};

/// Semi-major axis of WGS 84, metres.
pub(super) const EQUATORIAL: f64 = 6_378_137.0;
/// Flattening of WGS 84.
pub(super) const FLATTENING: f64 = 1.0 / 298.257_223_563;
/// Semi-minor axis of WGS 84, metres.
const POLAR: f64 = EQUATORIAL * (1.0 - FLATTENING);
/// More than all rounding in a chord of the unit sphere.
const ROUNDING: f64 = 1e-14;
/// Lattice steps around the Earth.
const AROUND: i64 = 3_600_000_000;

/// A point of the unit sphere.
pub(super) type Place = [f64; 3];

/// Distance from the axis and height of a latitude's circle on the auxiliary sphere.
fn circle(lat_degrees: f64) -> (f64, f64) {
    let (sin, cos) = lat_degrees.to_radians().sin_cos();
    let sin = sin * (1.0 - FLATTENING);
    let length = sin.hypot(cos);
    (cos / length, sin / length)
}

/// The image of a place on the auxiliary sphere.
pub(super) fn image(at: LonLat) -> Place {
    let (axis, height) = circle(at.lat);
    let (sin, cos) = at.lon.to_radians().sin_cos();
    [axis * cos, axis * sin, height]
}

fn from_to(a: Place, b: Place) -> Place {
    [b[0] - a[0], b[1] - a[1], b[2] - a[2]]
}

fn dot(a: Place, b: Place) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// Metres that a geodesic between places has at the least, whose images are a chord apart.
fn at_least(chord: f64) -> f64 {
    let chord = (chord - ROUNDING).clamp(0.0, 2.0);
    2.0 * POLAR * (chord / 2.0).asin()
}

/// Metres that a geodesic between two places has at the most.
pub(super) fn upper(a: Place, b: Place) -> f64 {
    let apart = from_to(a, b);
    let chord = (dot(apart, apart).sqrt() + ROUNDING).min(2.0);
    2.0 * EQUATORIAL * (chord / 2.0).asin()
}

/// Metres from a place to a curve at the least, of which is known that it strays from the straight line between the images of
/// its ends by `stray` at the most.
pub(super) fn lower(from: Place, a: Place, b: Place, stray: f64) -> f64 {
    let (edge, to_a) = (from_to(a, b), from_to(from, a));
    let length = dot(edge, edge);
    let share = if length > 0.0 {
        (-dot(to_a, edge) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let apart = [0, 1, 2].map(|axis| to_a[axis] + share * edge[axis]);
    at_least(dot(apart, apart).sqrt() - stray)
}

/// A place from which boxes are measured.
#[derive(Clone, Copy, Debug)]
pub(super) struct Watch {
    at: Coord,
    axis: f64,
    height: f64,
}

impl Watch {
    pub(super) fn new(at: Coord) -> Self {
        let (axis, height) = circle(at.degrees().lat);
        Self { at, axis, height }
    }

    /// Metres to anything in a box at the least. The box is taken as a sector of a ring around the axis, from its lowest to its
    /// highest height, which holds all of it.
    pub(super) fn lower(&self, bounds: Bounds) -> f64 {
        let (south, north) = (
            circle(bounds.min.degrees().lat),
            circle(bounds.max.degrees().lat),
        );
        let inner = south.0.min(north.0);
        let outer = if bounds.min.lat <= 0 && bounds.max.lat >= 0 {
            1.0
        } else {
            south.0.max(north.0)
        };
        let rise = (south.1 - self.height).max(self.height - north.1).max(0.0);
        let across = match self.turn_to(bounds) {
            0.0 => (inner - self.axis).max(self.axis - outer).max(0.0),
            turn => {
                // The nearest of the sector lies on the side that is turned to the place.
                let (sin, cos) = turn.sin_cos();
                let along = (self.axis * cos).clamp(inner, outer);
                (self.axis - along * cos).hypot(along * sin)
            }
        };
        at_least(across.hypot(rise))
    }

    /// The angle to the nearer side of a box around the axis, radians; 0 where the place's meridian meets it.
    fn turn_to(&self, bounds: Bounds) -> f64 {
        let gap = |from: i32, to: i32| (i64::from(to) - i64::from(from)).rem_euclid(AROUND);
        let width = i64::from(bounds.max.lon) - i64::from(bounds.min.lon);
        if gap(bounds.min.lon, self.at.lon) <= width {
            return 0.0;
        }
        let steps = gap(self.at.lon, bounds.min.lon).min(gap(bounds.max.lon, self.at.lon));
        #[expect(clippy::cast_precision_loss, reason = "below 2^32")]
        let degrees = steps as f64 / STEPS_PER_DEGREE;
        degrees.to_radians()
    }
}
