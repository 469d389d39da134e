//! What a repair costs in area.

use geo::GeodesicArea;

use super::super::shape::Shape;
use super::super::snap::Polygons;
use crate::model::LonLat;

/// |after − before| ÷ before.
pub(super) fn area_change(before: &Shape, after: &Polygons) -> f64 {
    let Shape::Polygons(before) = before else {
        return f64::INFINITY;
    };
    let was: f64 = before.iter().map(|rings| area(rings)).sum();
    let is: f64 = after
        .iter()
        .map(|rings| {
            let degrees: Vec<Vec<LonLat>> = rings
                .iter()
                .map(|ring| ring.iter().map(|at| at.degrees()).collect())
                .collect();
            area(&degrees)
        })
        .sum();
    if was > 0.0 {
        (is - was).abs() / was
    } else {
        f64::INFINITY
    }
}

/// Square metres on the ellipsoid: the outer ring less its holes, each by its own sign, so that a bow-tie's wings cancel.
pub(super) fn area(rings: &[Vec<LonLat>]) -> f64 {
    rings
        .iter()
        .enumerate()
        .map(|(index, ring)| {
            let line: geo::LineString = ring.iter().map(|at| (at.lon, at.lat)).collect();
            let area = geo::Polygon::new(line, Vec::new())
                .geodesic_area_signed()
                .abs();
            if index == 0 { area } else { -area }
        })
        .sum()
}
