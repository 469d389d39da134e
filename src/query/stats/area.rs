//! The area of polygons on the ellipsoid.

use crate::model::{Coord, Geometry, Run, STEPS_PER_DEGREE};

/// Semi-major axis and flattening of WGS 84, metres.
const AXIS: f64 = 6_378_137.0;
const FLATTENING: f64 = 1.0 / 298.257_223_563;

/// Places along an edge from its middle, in halves of its length, and their weights: Gauss and Legendre's rule of three, exact
/// for what is a polynomial of the fifth degree along the edge.
const NODES: [(f64, f64); 3] = [
    (-0.774_596_669_241_483_4, 5.0 / 18.0),
    (0.0, 8.0 / 18.0),
    (0.774_596_669_241_483_4, 5.0 / 18.0),
];

/// Square kilometres of a geometry; 0 for what is no polygon.
///
/// Edges are straight in degrees, as everywhere here: of 1 km, up to 1 cm beside the geodesic between their ends.
pub(super) fn square_km(geometry: &Geometry) -> f64 {
    // Shells run around their ground to the left and holes to the right.
    geometry.runs().map(square_metres).sum::<f64>() / 1e6
}

/// Signed: above 0 where the ground lies to the left. The ground between the equator and an edge, edge by edge.
fn square_metres(ring: Run<'_>) -> f64 {
    let mut first = None;
    let mut last: Option<Coord> = None;
    let mut sum = 0.0;
    for at in ring {
        sum += last.map_or(0.0, |from| below(from, at));
        first = first.or(Some(at));
        last = Some(at);
    }
    let closing = last.zip(first).map_or(0.0, |(from, to)| below(from, to));
    -(sum + closing)
}

/// Between the equator and an edge; below 0 where it runs west.
fn below(from: Coord, to: Coord) -> f64 {
    // The difference of whole numbers is exact; that of degrees would be off by square millimetres.
    let steps = i64::from(to.lon) - i64::from(from.lon);
    #[expect(clippy::cast_precision_loss, reason = "360e7 fits a double")]
    let width = (steps as f64 / STEPS_PER_DEGREE).to_radians();
    let (from, to) = (from.degrees(), to.degrees());
    let (middle, half) = (f64::midpoint(from.lat, to.lat), (to.lat - from.lat) / 2.0);
    let heights = NODES.map(|(place, weight)| weight * strip((middle + place * half).to_radians()));
    width * heights.iter().sum::<f64>()
}

/// Square metres between the equator and a latitude, for each radian of longitude (J. P. Snyder, Map Projections, 1987,
/// formula 3-12).
fn strip(latitude: f64) -> f64 {
    let squared = FLATTENING * (2.0 - FLATTENING);
    let eccentricity = squared.sqrt();
    let sine = latitude.sin();
    let curved = (eccentricity * sine).atanh() / eccentricity;
    AXIS * AXIS / 2.0 * (1.0 - squared) * (sine / (1.0 - squared * sine * sine) + curved)
}

#[cfg(test)]
mod tests {
    use geo::GeodesicArea;
    use proptest::prelude::*;

    use super::*;
    use crate::model::LonLat;

    fn at(lon: f64, lat: f64) -> Coord {
        Coord::snap(LonLat::new(lon, lat)).unwrap()
    }

    fn cell(west: f64, south: f64, side: f64) -> Vec<Coord> {
        let (east, north) = (west + side, south + side);
        vec![
            at(west, south),
            at(east, south),
            at(east, north),
            at(west, north),
        ]
    }

    /// By geographiclib, whose edges are geodesics: of edges in so many pieces.
    fn geodesic(rings: &[Vec<Coord>], pieces: u32) -> f64 {
        let line = |ring: &Vec<Coord>| {
            let ends = ring.iter().zip(ring.iter().cycle().skip(1));
            let places = ends.flat_map(|(from, to)| {
                let (from, to) = (from.degrees(), to.degrees());
                (0..pieces).map(move |piece| {
                    let share = f64::from(piece) / f64::from(pieces);
                    let between = |a: f64, b: f64| a + (b - a) * share;
                    (between(from.lon, to.lon), between(from.lat, to.lat))
                })
            });
            places.collect::<geo::LineString>()
        };
        let area = |ring| {
            geo::Polygon::new(line(ring), vec![])
                .geodesic_area_signed()
                .abs()
        };
        area(&rings[0]) - rings[1..].iter().map(area).sum::<f64>()
    }

    fn square_m(rings: &[Vec<Coord>]) -> f64 {
        square_km(&Geometry::polygons([rings.to_vec()]).unwrap()) * 1e6
    }

    #[test]
    fn the_cell_of_the_field_notes_has_its_area() {
        let found = square_m(&[cell(104.70, 28.43, 0.01)]);
        assert!((found - 1_085_701.221_8).abs() < 0.01, "{found}");
    }

    #[test]
    fn a_hole_is_no_ground_and_the_whole_earth_is_known() {
        let rings = [cell(104.0, 28.0, 0.03), cell(104.01, 28.01, 0.01)];
        let found = square_m(&rings);
        assert!((found / geodesic(&rings, 16) - 1.0).abs() < 1e-9, "{found}");
        let earth = vec![
            at(-180.0, -90.0),
            at(180.0, -90.0),
            at(180.0, 90.0),
            at(-180.0, 90.0),
        ];
        assert!((square_m(&[earth]) / 510_065_621_724_088.0 - 1.0).abs() < 1e-5);
    }

    proptest! {
        #[test]
        fn grids_have_the_area_that_geographiclib_gives(
            west in 73.0..135.0_f64, south in 3.0..53.0_f64,
            ring in prop::collection::vec((0.2..1.0_f64, 0.0..1.0_f64), 5..40),
            side in 1e-3..0.05_f64,
        ) {
            // A star around its middle: it never crosses itself.
            let count = f64::from(u32::try_from(ring.len()).unwrap());
            let ring: Vec<Coord> = (0..).zip(&ring).map(|(n, (radius, _))| {
                let angle = f64::from(n) / count * std::f64::consts::TAU;
                at(west + side * radius * angle.cos(), south + side * radius * angle.sin())
            }).collect();
            let found = square_m(std::slice::from_ref(&ring));
            let along = geodesic(std::slice::from_ref(&ring), 64);
            // Each piece is still a geodesic, and what is rounded of it adds up.
            prop_assert!((found - along).abs() < 1e-7 * along + 1e-2, "{} {}", found, along);
            let straight = geodesic(&[ring], 1);
            prop_assert!((found / straight - 1.0).abs() < 1e-4, "{} {}", found, straight);
        }
    }
}
