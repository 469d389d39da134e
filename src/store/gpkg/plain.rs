//! The short way to read what nearly all rows hold: polygons in little-endian well-known binary of two dimensions (OGC
//! 06-103r4, clause 8.2), straight to the lattice. It answers only where everything is as it should be.

use crate::model::{Coord, Geometry, LonLat, PolygonsBuilder};

const POLYGON: u32 = 3;
const MULTI_POLYGON: u32 = 6;
/// Bytes of one vertex: two doubles.
const VERTEX: usize = 16;

/// The polygons of well-known binary; `None` where it is anything else or has any fault, for the general reader to judge.
pub(super) fn polygons(bytes: &[u8]) -> Option<Geometry> {
    let mut rest = bytes;
    let mut builder = PolygonsBuilder::with_capacity(bytes.len() / VERTEX);
    match head(&mut rest)? {
        POLYGON => polygon(&mut rest, &mut builder)?,
        MULTI_POLYGON => {
            for _ in 0..number(&mut rest)? {
                if head(&mut rest)? != POLYGON {
                    return None;
                }
                polygon(&mut rest, &mut builder)?;
            }
        }
        _ => return None,
    }
    builder.finish().ok()
}

/// The kind of a geometry whose bytes are little-endian.
fn head(rest: &mut &[u8]) -> Option<u32> {
    let (order, after) = rest.split_first()?;
    *rest = after;
    (*order == 1).then(|| number(rest)).flatten()
}

fn number(rest: &mut &[u8]) -> Option<u32> {
    let (number, after) = rest.split_first_chunk::<4>()?;
    *rest = after;
    Some(u32::from_le_bytes(*number))
}

fn polygon(rest: &mut &[u8], builder: &mut PolygonsBuilder) -> Option<()> {
    let rings = number(rest)?;
    if rings == 0 {
        return None;
    }
    for index in 0..rings {
        let length = usize::try_from(number(rest)?).ok()?.checked_mul(VERTEX)?;
        let (ring, after) = rest.split_at_checked(length)?;
        *rest = after;
        let mut are_good = true;
        let (vertices, _) = ring.as_chunks::<VERTEX>();
        let coords = vertices.iter().map_while(|vertex| {
            let at = coord(vertex);
            are_good &= at.is_some();
            at
        });
        builder.ring(coords, index == 0).ok()?;
        if !are_good {
            return None;
        }
    }
    builder.end_polygon();
    Some(())
}

fn coord(vertex: &[u8; VERTEX]) -> Option<Coord> {
    let (lon, lat) = vertex.split_first_chunk::<8>()?;
    let lat = lat.first_chunk::<8>()?;
    let at = LonLat {
        lon: f64::from_le_bytes(*lon),
        lat: f64::from_le_bytes(*lat),
    };
    Coord::snap(at).ok()
}
