//! How far a point is from a shape, on the ellipsoid.
//!
//! An edge is straight in longitude and latitude, as the exact predicates have it. The nearest edge and the nearest point of
//! it are found in a plane whose scale is that of the latitude half-way (off by a part in 10^6 at 10 km); the distance to
//! that point is Karney's geodesic, and hardly changes where the point is a little off its place.

use geo::{Distance, Geodesic, Point};

use crate::model::{Coord, Geometry, GeometryKind, STEPS_PER_DEGREE, Side};

/// Semi-major axis of WGS 84, metres.
const AXIS: f64 = 6_378_137.0;
/// First eccentricity squared of WGS 84.
const ECCENTRICITY: f64 = 0.006_694_379_990_14;
/// Lattice steps around the Earth.
pub(super) const TURN: i64 = 3_600_000_000;
/// An edge that seems farther than the nearest by this factor, squared, is farther: the plane at the point's own latitude
/// is off by less up to some 100 km.
const SLACK: f64 = 0.9;

/// Metres from a point to a shape; 0 inside a polygon and on its border.
pub(super) fn distance(at: Coord, shape: &Geometry) -> f64 {
    match shape.side(at) {
        Side::Outside => border_distance(at, shape),
        Side::Inside | Side::Border => 0.0,
    }
}

/// Metres from a point to the lines, points or rings of a shape.
pub(super) fn border_distance(at: Coord, shape: &Geometry) -> f64 {
    let mut nearest = Nearest::to(at);
    for run in shape.runs() {
        if shape.kind() == GeometryKind::Line {
            run.legs().for_each(|(a, b)| nearest.consider(a, b));
        } else {
            run.edges().for_each(|(a, b)| nearest.consider(a, b));
        }
    }
    nearest.metres()
}

/// East and north, lattice steps.
type Step = (f64, f64);

/// Metres of a step to the east and to the north at a latitude in degrees.
fn scale(lat: f64) -> Step {
    let (sine, cosine) = lat.to_radians().sin_cos();
    let step = (1.0 / STEPS_PER_DEGREE).to_radians();
    let squash = 1.0 / (1.0 - ECCENTRICITY * sine * sine);
    let normal = AXIS * squash.sqrt();
    let meridian = normal * squash * (1.0 - ECCENTRICITY);
    (normal * cosine * step, meridian * step)
}

/// The point of an edge that is nearest to the origin, and its distance squared, metres.
fn foot((ax, ay): Step, (bx, by): Step, (east, north): Step) -> (Step, f64) {
    let (dx, dy) = ((bx - ax) * east, (by - ay) * north);
    let length = dx * dx + dy * dy;
    let along = -(ax * east * dx + ay * north * dy);
    let part = if length > 0.0 {
        (along / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let (x, y) = (ax + part * (bx - ax), ay + part * (by - ay));
    ((x, y), (x * east).powi(2) + (y * north).powi(2))
}

/// The nearest point of the edges seen so far.
struct Nearest {
    at: Coord,
    scale: Step,
    squared: f64,
    foot: Step,
}

impl Nearest {
    fn to(at: Coord) -> Self {
        Self {
            at,
            scale: scale(at.degrees().lat),
            squared: f64::INFINITY,
            foot: (0.0, 0.0),
        }
    }

    fn consider(&mut self, a: Coord, b: Coord) {
        let (from, to) = (self.step(a, a), self.step(a, b));
        let (near, squared) = foot(from, to, self.scale);
        if squared * SLACK > self.squared {
            return;
        }
        let half_way = self.at.degrees().lat + near.1 / 2.0 / STEPS_PER_DEGREE;
        let (near, squared) = foot(from, to, scale(half_way));
        if squared < self.squared {
            (self.foot, self.squared) = (near, squared);
        }
    }

    /// `b` from here, on the side of the 180th meridian where `a` is nearer.
    fn step(&self, a: Coord, b: Coord) -> Step {
        let east = i64::from(a.lon) - i64::from(self.at.lon);
        let nearer = (east + TURN / 2).rem_euclid(TURN) - TURN / 2;
        let east = nearer + i64::from(b.lon) - i64::from(a.lon);
        let north = i64::from(b.lat) - i64::from(self.at.lat);
        #[expect(clippy::cast_precision_loss, reason = "less than 2^53 steps")]
        (east as f64, north as f64)
    }

    fn metres(&self) -> f64 {
        if !self.squared.is_finite() {
            return f64::INFINITY;
        }
        let (here, (east, north)) = (self.at.degrees(), self.foot);
        let there = Point::new(
            here.lon + east / STEPS_PER_DEGREE,
            (here.lat + north / STEPS_PER_DEGREE).clamp(-90.0, 90.0),
        );
        Geodesic.distance(Point::new(here.lon, here.lat), there)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::LonLat;
    use proptest::prelude::*;

    fn coord(lon: f64, lat: f64) -> Coord {
        Coord::snap(LonLat::new(lon, lat)).unwrap()
    }

    /// By thirds along the edge, on the ellipsoid.
    fn slow(at: Coord, a: Coord, b: Coord) -> f64 {
        let point = |at: Coord| Point::new(at.degrees().lon, at.degrees().lat);
        let (at, a, b) = (point(at), point(a), point(b));
        let metres = |part: f64| Geodesic.distance(at, a + (b - a) * part);
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..60 {
            let third = (high - low) / 3.0;
            if metres(low + third) < metres(high - third) {
                high -= third;
            } else {
                low += third;
            }
        }
        metres(low)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn the_nearest_place_of_an_edge_is_what_a_search_along_it_finds(
            (lon, lat) in (-179.0..179.0_f64, -60.0..60.0_f64),
            reach in prop::sample::select(vec![1e-4, 1e-3, 1e-2, 0.1, 0.8]),
            ends in prop::array::uniform4(-1.0..1.0_f64),
        ) {
            let at = coord(lon, lat);
            let end = |x: f64, y: f64| coord(lon + x * reach, lat + y * reach);
            let (a, b) = (end(ends[0], ends[1]), end(ends[2], ends[3]));
            prop_assume!(a != b);
            let line = Geometry::lines([vec![a, b]]).unwrap();
            let (fast, slow) = (border_distance(at, &line), slow(at, a, b));
            // The scale changes along the way: the error grows with the cube of the distance.
            let part = if slow < 10_000.0 { 1e-6 } else { 2e-5 };
            prop_assert!((fast - slow).abs() < 1e-4 + part * slow, "{} {}", fast, slow);
        }
    }

    #[test]
    fn an_edge_across_the_180th_meridian_is_near_on_both_sides() {
        let line = Geometry::lines([vec![coord(179.999, 0.0), coord(179.999, 1.0)]]).unwrap();
        let metres = border_distance(coord(-179.999, 0.5), &line);
        // 0.002 degrees on the equator, at half a degree of latitude.
        assert!((metres - 222.63).abs() < 0.01, "{metres}");
    }
}
