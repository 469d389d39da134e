//! The disc in which a point surely lies, and how much of it a grid has.
//!
//! The circle is drawn as 64 corners on the ellipsoid, a little beyond the radius, so that their polygon has the area of the
//! disc. Grids are clipped to it in longitude and latitude, where their edges are straight, and areas are taken on the sphere:
//! shares are right to 0.001.

use std::f64::consts::TAU;

use geo::{Destination, Geodesic, Point};

use crate::model::{Bounds, Coord, Geometry, Metres, STEPS_PER_DEGREE};

use super::measure::TURN;

/// Corners of the polygon that stands for the circle.
const CORNERS: u16 = 64;

/// A place relative to the middle of the disc, radians to the east and to the north.
type Spot = (f64, f64);

/// A disc that is convex in longitude and latitude.
pub(super) struct Disc {
    middle: Coord,
    lat: f64,
    /// Counter-clockwise.
    corners: Vec<Spot>,
    area: f64,
}

impl Disc {
    /// The disc of a radius around a point; `None` where it has no area, or lies so near a pole that it is not convex.
    pub(super) fn around(middle: Coord, radius: Metres) -> Option<Self> {
        let at = middle.degrees();
        let part = TAU / f64::from(CORNERS);
        let radius = radius.value() * (part / part.sin()).sqrt();
        let corner = |n: u16| {
            let bearing = -360.0 * f64::from(n) / f64::from(CORNERS);
            let there = Geodesic.destination(Point::new(at.lon, at.lat), bearing, radius);
            let east = (there.x() - at.lon + 180.0).rem_euclid(360.0) - 180.0;
            (east.to_radians(), (there.y() - at.lat).to_radians())
        };
        let corners: Vec<Spot> = (0..CORNERS).map(corner).collect();
        let mut disc = Self {
            middle,
            lat: at.lat.to_radians(),
            corners,
            area: 0.0,
        };
        disc.area = disc.area_of(&disc.corners);
        let is_convex = disc
            .edges()
            .zip(disc.edges().cycle().skip(1))
            .all(|((a, b), (_, c))| turn(a, b, c) > 0.0);
        (is_convex && disc.area > 0.0 && disc.area.is_finite()).then_some(disc)
    }

    fn edges(&self) -> impl Iterator<Item = (Spot, Spot)> + Clone {
        let next = self.corners.iter().cycle().skip(1);
        self.corners.iter().copied().zip(next.copied())
    }

    /// The part of the disc that lies in a polygon, 0 to 1.
    pub(super) fn share_in(&self, shape: &Geometry) -> f64 {
        let is_within = self.is_within(shape.bounds());
        let rings = shape.runs();
        let area: f64 = rings
            .flat_map(|ring| self.turns().map(move |turn| (ring.clone(), turn)))
            .map(|(ring, turn)| {
                let ring = ring.map(|at| self.spot(at, turn)).collect();
                let clipped = if is_within { ring } else { self.clip(ring) };
                self.area_of(&clipped)
            })
            .sum();
        (area / self.area).clamp(0.0, 1.0)
    }

    /// Whether a box lies in the disc, which then needs no clipping; never across the 180th meridian.
    fn is_within(&self, bounds: Bounds) -> bool {
        let Bounds { min, max } = bounds;
        let lons = [min.lon, max.lon].into_iter();
        let mut corners = lons.flat_map(|lon| [min.lat, max.lat].map(|lat| Coord { lon, lat }));
        self.turns().count() == 1
            && corners.all(|corner| {
                let corner = self.spot(corner, 0);
                self.edges().all(|(a, b)| turn(a, b, corner) >= 0.0)
            })
    }

    /// The turns around the Earth at which a ring may meet the disc: one more where the disc lies across the 180th meridian.
    fn turns(&self) -> impl Iterator<Item = i64> + use<> {
        let reach = self
            .corners
            .iter()
            .map(|corner| corner.0)
            .fold(0.0, f64::max);
        let middle = f64::from(self.middle.lon) / STEPS_PER_DEGREE;
        let (east, west) = (
            middle + reach.to_degrees() > 180.0,
            middle - reach.to_degrees() < -180.0,
        );
        [Some(0), east.then_some(TURN), west.then_some(-TURN)]
            .into_iter()
            .flatten()
    }

    fn spot(&self, at: Coord, turn: i64) -> Spot {
        let radians = |steps: i64| {
            #[expect(clippy::cast_precision_loss, reason = "less than 2^53 steps")]
            let steps = steps as f64;
            (steps / STEPS_PER_DEGREE).to_radians()
        };
        (
            radians(i64::from(at.lon) - i64::from(self.middle.lon) + turn),
            radians(i64::from(at.lat) - i64::from(self.middle.lat)),
        )
    }

    /// What of a ring lies in the disc (Sutherland and Hodgman 1974). Pieces stay joined along the circle; what joins them
    /// has no area.
    fn clip(&self, ring: Vec<Spot>) -> Vec<Spot> {
        self.edges().fold(ring, |ring, (a, b)| {
            let mut kept = Vec::with_capacity(ring.len() + 4);
            let next = ring.iter().cycle().skip(1);
            for (&from, &to) in ring.iter().zip(next) {
                let (first, second) = (turn(a, b, from), turn(a, b, to));
                if first >= 0.0 {
                    kept.push(from);
                }
                if (first > 0.0 && second < 0.0) || (first < 0.0 && second > 0.0) {
                    let part = first / (first - second);
                    kept.push((
                        from.0 + part * (to.0 - from.0),
                        from.1 + part * (to.1 - from.1),
                    ));
                }
            }
            kept
        })
    }

    /// The area on the unit sphere to the left of a ring whose edges are straight in longitude and latitude; the height of
    /// the middle's parallel is taken off, as it cancels out.
    fn area_of(&self, ring: &[Spot]) -> f64 {
        // sin(lat + y) - sin(lat), exact for small y too.
        let height = |y: f64| 2.0 * (self.lat + y / 2.0).cos() * (y / 2.0).sin();
        let next = ring.iter().cycle().skip(1);
        let edges = ring.iter().zip(next);
        edges
            .map(|(&(x, y), &(to_x, to_y))| {
                let mean = (height(y) + 4.0 * height(f64::midpoint(y, to_y)) + height(to_y)) / 6.0;
                (x - to_x) * mean
            })
            .sum()
    }
}

/// Positive where `c` lies to the left of the way from `a` to `b`.
fn turn(a: Spot, b: Spot, c: Spot) -> f64 {
    (b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0)
}
