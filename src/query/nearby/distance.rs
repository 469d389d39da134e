//! The geodesic distance from a point to a shape: to the nearest place on it, not only to its vertices.
//!
//! An edge is what the lattice says: the straight line between its ends in longitude and latitude, as it is in
//! [`Geometry::side`]. Edges are weighed by the bounds of [`super::sphere`]; those that may hold the nearest place are halved
//! until they are short, and there the place is found where the geodesic (Karney) meets the edge at a right angle.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use geographiclib_rs::{Geodesic, InverseGeodesic};

use super::sphere::{EQUATORIAL, FLATTENING, Place, Watch, image, lower, upper};
use crate::model::{Bounds, Coord, Geometry, GeometryKind, LonLat, Run, Side};

/// Square of the first eccentricity of WGS 84.
const ECCENTRICITY: f64 = FLATTENING * (2.0 - FLATTENING);
/// A piece of an edge that turns and runs by less than this is searched as it is, radians; 6.4 km on the equator.
const SHORT: f64 = 1e-3;
/// The search on a piece ends when it moves by less than this, metres; the distance is then right to far less.
const STILL: f64 = 1e-6;
/// Steps of the search on a piece; a few are enough.
const MOST_STEPS: usize = 60;

/// Metres in whole millimetres; beyond all numbers where infinite.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a distance is not negative, and the cast saturates"
)]
pub(super) fn millimetres(metres: f64) -> u64 {
    (metres * 1e3).round() as u64
}

/// The nearest place of a shape.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Reach {
    /// Metres; 0 inside a polygon.
    pub(super) metres: f64,
    /// From the point to the place, degrees clockwise from north; `None` where there is no way to go.
    pub(super) bearing: Option<f64>,
}

/// The point from which distances are taken.
pub(super) struct Origin {
    at: Coord,
    degrees: LonLat,
    image: Place,
    watch: Watch,
    earth: Geodesic,
}

impl Origin {
    pub(super) fn new(at: Coord) -> Self {
        Self {
            at,
            degrees: at.degrees(),
            image: image(at.degrees()),
            watch: Watch::new(at),
            earth: Geodesic::wgs84(),
        }
    }

    pub(super) fn degrees(&self) -> LonLat {
        self.degrees
    }

    /// Metres to anything in a box at the least.
    pub(super) fn lower(&self, bounds: Bounds) -> f64 {
        self.watch.lower(bounds)
    }

    /// The way to the nearest place of a shape; `None` where it is surely farther than `limit` metres.
    pub(super) fn reach(&self, shape: &Geometry, limit: f64) -> Option<Reach> {
        match shape.kind() {
            GeometryKind::Point => self.to_points(shape.coords(), limit),
            GeometryKind::Polygon if shape.side(self.at) != Side::Outside => Some(Reach {
                metres: 0.0,
                bearing: None,
            }),
            GeometryKind::Line => self.to_edges(shape.runs().flat_map(Run::legs), limit),
            GeometryKind::Polygon => self.to_edges(shape.edges(), limit),
        }
    }

    /// The way to one place.
    pub(super) fn way(&self, to: LonLat) -> Reach {
        let from = self.degrees;
        let (metres, bearing, _, _): (f64, f64, f64, f64) =
            self.earth.inverse(from.lat, from.lon, to.lat, to.lon);
        let bearing = (metres > 0.0).then_some(bearing.rem_euclid(360.0));
        Reach { metres, bearing }
    }

    fn to_points(&self, points: impl Iterator<Item = Coord>, limit: f64) -> Option<Reach> {
        let mut best: Option<Reach> = None;
        for at in points {
            let limit = best.map_or(limit, |best| best.metres);
            let place = image(at.degrees());
            if lower(self.image, place, place, 0.0) <= limit {
                let way = self.way(at.degrees());
                if best.is_none_or(|best| way.metres < best.metres) {
                    best = Some(way);
                }
            }
        }
        best
    }

    fn to_edges(&self, edges: impl Iterator<Item = (Coord, Coord)>, limit: f64) -> Option<Reach> {
        let mut pieces = self.candidates(edges, limit);
        let mut best: Option<Reach> = None;
        while let Some(piece) = pieces.pop() {
            let is_beaten = |best: Reach| piece.lower > best.metres;
            if piece.lower > limit || best.is_some_and(is_beaten) {
                break;
            }
            if piece.edge.extent() > SHORT {
                pieces.extend(piece.edge.halves().map(|half| Piece::new(self.image, half)));
                continue;
            }
            let way = self.search(&piece.edge);
            if best.is_none_or(|best| way.metres < best.metres) {
                best = Some(way);
            }
        }
        best
    }

    /// The edges that may hold the nearest place, the likeliest on top.
    fn candidates(
        &self,
        edges: impl Iterator<Item = (Coord, Coord)>,
        limit: f64,
    ) -> BinaryHeap<Piece> {
        let mut nearest = limit;
        let mut pieces = Vec::new();
        let mut last: Option<(Coord, Place)> = None;
        for (a, b) in edges {
            let from = match last {
                Some((at, place)) if at == a => place,
                _ => image(a.degrees()),
            };
            let to = image(b.degrees());
            last = Some((b, to));
            let edge = Edge {
                from: a.degrees(),
                to: b.degrees(),
            };
            let piece = Piece {
                lower: lower(self.image, from, to, edge.stray()),
                edge,
            };
            // What is at the most so far from its first end is no farther as a whole.
            nearest = nearest.min(upper(self.image, from));
            if piece.lower <= nearest {
                pieces.push(piece);
            }
        }
        pieces.retain(|piece| piece.lower <= nearest);
        pieces.into()
    }

    /// The nearest place of a short edge: the root of the slope of half the squared distance, by false position (Illinois).
    fn search(&self, edge: &Edge) -> Reach {
        let (mut low, mut high) = (0.0, 1.0);
        let (at_low, mut low_slope) = self.slope(edge, low);
        let (at_high, mut high_slope) = self.slope(edge, high);
        let mut best = if at_high.metres < at_low.metres {
            at_high
        } else {
            at_low
        };
        if low_slope >= 0.0 || high_slope <= 0.0 {
            return best;
        }
        let length = edge.length();
        let mut before = f64::INFINITY;
        for _ in 0..MOST_STEPS {
            let share = (low * high_slope - high * low_slope) / (high_slope - low_slope);
            let (way, slope) = self.slope(edge, share);
            if way.metres < best.metres {
                best = way;
            }
            if ((share - before) * length).abs() < STILL || slope == 0.0 {
                break;
            }
            if slope < 0.0 {
                high_slope /= if before < share { 2.0 } else { 1.0 };
                (low, low_slope) = (share, slope);
            } else {
                low_slope /= if before > share { 2.0 } else { 1.0 };
                (high, high_slope) = (share, slope);
            }
            before = share;
        }
        best
    }

    /// The way to a place of an edge, and how half of its square grows along the edge.
    fn slope(&self, edge: &Edge, share: f64) -> (Reach, f64) {
        let to = edge.at(share);
        let from = self.degrees;
        let (metres, bearing, onward, _): (f64, f64, f64, f64) =
            self.earth.inverse(from.lat, from.lon, to.lat, to.lon);
        let (east, north) = edge.run(to.lat);
        let (sin, cos) = onward.to_radians().sin_cos();
        let bearing = (metres > 0.0).then_some(bearing.rem_euclid(360.0));
        (
            Reach { metres, bearing },
            metres * (north * cos + east * sin),
        )
    }
}

/// A straight line in longitude and latitude.
#[derive(Clone, Copy, Debug)]
struct Edge {
    from: LonLat,
    to: LonLat,
}

impl Edge {
    fn at(&self, share: f64) -> LonLat {
        let between = |from: f64, to: f64| {
            if share >= 1.0 {
                to
            } else {
                from + (to - from) * share
            }
        };
        LonLat {
            lon: between(self.from.lon, self.to.lon),
            lat: between(self.from.lat, self.to.lat),
        }
    }

    fn halves(&self) -> [Self; 2] {
        let middle = self.at(0.5);
        [
            Self {
                to: middle,
                ..*self
            },
            Self {
                from: middle,
                ..*self
            },
        ]
    }

    /// Longitude and latitude that it runs through, radians, both together.
    fn extent(&self) -> f64 {
        let (lon, lat) = (self.to.lon - self.from.lon, self.to.lat - self.from.lat);
        (lon.abs() + lat.abs()).to_radians()
    }

    /// How far its image can lie from the straight line between the images of its ends. The image's second derivative is at
    /// most 1.02 times the squared extent (1 on a sphere; the reduced latitude adds less than 0.02), a chord misses an eighth
    /// of it.
    fn stray(&self) -> f64 {
        1.02 * self.extent().powi(2) / 8.0
    }

    /// Metres to the east and to the north for the whole edge, at the pace that it has at a latitude.
    fn run(&self, lat: f64) -> (f64, f64) {
        let (sin, cos) = lat.to_radians().sin_cos();
        let bulge = 1.0 - ECCENTRICITY * sin * sin;
        let across = EQUATORIAL / bulge.sqrt();
        let along = across * (1.0 - ECCENTRICITY) / bulge;
        (
            across * cos * (self.to.lon - self.from.lon).to_radians(),
            along * (self.to.lat - self.from.lat).to_radians(),
        )
    }

    /// Metres, about.
    fn length(&self) -> f64 {
        let (east, north) = self.run(f64::midpoint(self.from.lat, self.to.lat));
        east.hypot(north)
    }
}

/// An edge or a part of one that may hold the nearest place; the greatest is the one with the lowest bound.
struct Piece {
    lower: f64,
    edge: Edge,
}

impl Piece {
    fn new(origin: Place, edge: Edge) -> Self {
        let lower = lower(origin, image(edge.from), image(edge.to), edge.stray());
        Self { lower, edge }
    }
}

impl Ord for Piece {
    fn cmp(&self, other: &Self) -> Ordering {
        other.lower.total_cmp(&self.lower)
    }
}

impl PartialOrd for Piece {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Piece {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Piece {}
