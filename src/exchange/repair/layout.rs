//! Polygons as OGR has them, and back.

use gdal::vector::Geometry as Ogr;

use super::super::shape::Shape;
use super::super::snap::Polygons;
use super::super::{messages, ogr};
use crate::model::{Coord, LonLat};

/// The polygons of a repaired geometry, rounded; lines and points that a repair leaves over have no area.
pub(super) fn polygons_of(ogr: &Ogr) -> Polygons {
    if ogr.geometry_name() == "GEOMETRYCOLLECTION" {
        return (0..ogr.geometry_count())
            .flat_map(|index| polygons_of(&ogr.get_geometry(index)))
            .collect();
    }
    match ogr::draw(ogr).map(|drawn| drawn.shape) {
        Ok(Shape::Polygons(polygons)) => polygons
            .into_iter()
            .map(|rings| rings.iter().map(|ring| round(ring)).collect())
            .collect(),
        _ => Vec::new(),
    }
}

fn round(ring: &[LonLat]) -> Vec<Coord> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "new vertices lie between old ones, which are lattice points"
    )]
    let step = |value: f64| value.round() as i32;
    ring.iter()
        .map(|at| Coord {
            lon: step(at.lon),
            lat: step(at.lat),
        })
        .collect()
}

/// The polygons as OGR has them, in lattice steps, each exactly a double.
pub(super) fn lay_out(polygons: &Polygons) -> Result<Ogr, String> {
    build(polygons, |at| [f64::from(at.lon), f64::from(at.lat)])
}

/// Whether polygons in any units are valid together, rings closed or not.
pub(in super::super) fn is_valid(polygons: &[Vec<Vec<LonLat>>]) -> bool {
    let is_valid = build(polygons, |at| [at.lon, at.lat]).is_ok_and(|ogr| ogr.is_valid());
    messages::take();
    is_valid
}

/// Polygons as one geometry of OGR.
fn build<P: Copy>(
    polygons: &[Vec<Vec<P>>],
    numbers: impl Fn(P) -> [f64; 2],
) -> Result<Ogr, String> {
    let mut wkb = Vec::new();
    let too_long = |_| "too many vertices".to_owned();
    let count = |count: usize| u32::try_from(count).map_err(too_long);
    header(&mut wkb, 6, count(polygons.len())?);
    for rings in polygons {
        header(&mut wkb, 3, count(rings.len())?);
        for ring in rings {
            let mut vertices: Vec<[f64; 2]> = ring.iter().map(|&at| numbers(at)).collect();
            if vertices.len() < 2 || vertices.first() != vertices.last() {
                vertices.extend(vertices.first().copied());
            }
            wkb.extend(count(vertices.len())?.to_le_bytes());
            for number in vertices.iter().flatten() {
                wkb.extend(number.to_le_bytes());
            }
        }
    }
    i32::try_from(wkb.len()).map_err(too_long)?;
    Ogr::from_wkb(&wkb).map_err(|error| error.to_string())
}

/// Byte order, type and count of a WKB geometry.
fn header(wkb: &mut Vec<u8>, kind: u32, count: u32) {
    wkb.push(1);
    wkb.extend(kind.to_le_bytes());
    wkb.extend(count.to_le_bytes());
}
