//! GeoPackage geometry: an 8-byte header, an envelope, then WKB (OGC 12-128r18, clause 2.1.3).

use geo::geometry::Geometry as GeoGeometry;
use geo_traits::to_geo::ToGeoGeometry;
use geo_traits::{GeometryCollectionTrait, GeometryTrait, GeometryType, MultiPointTrait};
use wkb::Endianness;
use wkb::reader::{MultiPoint, Wkb, read_wkb};
use wkb::writer::{WriteOptions, write_geometry};

use crate::model::{Geometry, ShapeError};

use super::plain;

/// EPSG code of the only reference system that the store keeps.
pub(super) const WGS84: i32 = 4326;
/// Little-endian header with an xy envelope.
const FLAGS: u8 = 0b0000_0011;

/// Bytes in a geometry column that are no geometry of ours.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    #[error("the geometry has no GeoPackage header")]
    Header,
    #[error("the geometry is empty")]
    Empty,
    #[error("the geometry is in reference system {0}, not EPSG:4326")]
    Reference(i32),
    #[error("the geometry is not well-known binary: {0}")]
    Binary(String),
    #[error(transparent)]
    Shape(#[from] ShapeError),
}

/// The bytes that a geometry column keeps.
pub(super) fn encode(geometry: &Geometry) -> Result<Vec<u8>, BlobError> {
    let bounds = geometry.bounds();
    let (min, max) = (bounds.min.degrees(), bounds.max.degrees());
    let mut bytes = Vec::with_capacity(64 + geometry.vertex_count() * 16);
    bytes.extend_from_slice(b"GP\0");
    bytes.push(FLAGS);
    bytes.extend_from_slice(&WGS84.to_le_bytes());
    for edge in [min.lon, max.lon, min.lat, max.lat] {
        bytes.extend_from_slice(&edge.to_le_bytes());
    }
    let options = WriteOptions {
        endianness: Endianness::LittleEndian,
    };
    write_geometry(&mut bytes, &geometry.to_geo(), &options)
        .map_err(|error| BlobError::Binary(error.to_string()))?;
    Ok(bytes)
}

/// The geometry of a column's bytes, also as other programs write them.
pub(super) fn decode(bytes: &[u8]) -> Result<Geometry, BlobError> {
    let [b'G', b'P', _, flags, reference @ ..] = bytes else {
        return Err(BlobError::Header);
    };
    let (reference, _) = reference
        .split_first_chunk::<4>()
        .ok_or(BlobError::Header)?;
    let is_little = flags & 1 == 1;
    let reference = if is_little {
        i32::from_le_bytes(*reference)
    } else {
        i32::from_be_bytes(*reference)
    };
    if reference != WGS84 {
        return Err(BlobError::Reference(reference));
    }
    if flags & 0b0001_0000 != 0 {
        return Err(BlobError::Empty);
    }
    let envelope = match (flags >> 1) & 0b111 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        _ => return Err(BlobError::Header),
    };
    let body = bytes.get(8 + envelope..).ok_or(BlobError::Header)?;
    match plain::polygons(body) {
        Some(polygons) => Ok(polygons),
        None => decode_any(body),
    }
}

/// The geometry of well-known binary in any form.
fn decode_any(body: &[u8]) -> Result<Geometry, BlobError> {
    let shape = read_wkb(body).map_err(|error| BlobError::Binary(error.to_string()))?;
    if !has_plain_points(&shape) {
        let reason = "a multi-point has a member that is no point like itself";
        return Err(BlobError::Binary(reason.to_owned()));
    }
    let shape: GeoGeometry = shape.try_to_geometry().ok_or(BlobError::Empty)?;
    Ok(Geometry::from_geo(&shape)?)
}

/// Whether all multi-points in a shape hold points of their own byte order and dimension. The reader takes that for granted:
/// it would misread other members, and panic on one with a reference system of its own.
fn has_plain_points(shape: &Wkb<'_>) -> bool {
    match shape.as_type() {
        GeometryType::MultiPoint(points) => are_plain(points),
        GeometryType::GeometryCollection(members) => members.geometries().all(has_plain_points),
        _ => true,
    }
}

fn are_plain(points: &MultiPoint<'_>) -> bool {
    /// Set where the number of a reference system follows, as PostGIS writes it.
    const HAS_REFERENCE: u32 = 0x2000_0000;
    /// From the code of a multi-point to that of a point, in every dimension.
    const TO_POINT: u32 = 3;
    let head = |bytes: &[u8]| match *bytes {
        [0, a, b, c, d, ..] => Some((0, u32::from_be_bytes([a, b, c, d]))),
        [1, a, b, c, d, ..] => Some((1, u32::from_le_bytes([a, b, c, d]))),
        _ => None,
    };
    let length = 5 + points.dim().size() * 8;
    let Some((order, code)) = head(points.buf()) else {
        return false;
    };
    let wanted = (order, (code & !HAS_REFERENCE) - TO_POINT);
    let mut members = points.buf().rchunks_exact(length).take(points.num_points());
    members.all(|member| head(member) == Some(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Coord, LonLat};
    use proptest::prelude::*;

    /// Polygons as this store and most programs write them, now and then wrong.
    fn body() -> impl Strategy<Value = Vec<u8>> {
        let number = prop_oneof![
            30 => (0..5_i32).prop_map(|n| f64::from(n) / 2.0),
            1 => prop::sample::select(vec![f64::NAN, 90.0, 90.1, -180.0, 181.0, f64::INFINITY]),
        ];
        let ring = prop::collection::vec((number.clone(), number), 0..7);
        let polygon = prop::collection::vec(ring, 0..3);
        let multi = prop::collection::vec(polygon, 0..3);
        let cut = prop_oneof![9 => Just(None), 1 => (0..200_usize).prop_map(Some)];
        let broken = prop_oneof![9 => Just(None), 1 => (0..60_usize, any::<u8>()).prop_map(Some)];
        let extra = prop_oneof![9 => Just(0), 1 => 1..20_usize];
        (any::<bool>(), multi, cut, broken, extra).prop_map(
            |(is_multi, multi, cut, broken, extra)| {
                let mut bytes = Vec::new();
                if is_multi {
                    bytes.extend(head(6, multi.len()));
                }
                for polygon in &multi {
                    bytes.extend(head(3, polygon.len()));
                    for ring in polygon {
                        bytes.extend(u32::try_from(ring.len()).unwrap().to_le_bytes());
                        for (x, y) in ring {
                            bytes.extend(x.to_le_bytes());
                            bytes.extend(y.to_le_bytes());
                        }
                    }
                }
                bytes.resize(bytes.len() + extra, 0);
                if let Some(length) = cut {
                    bytes.truncate(length);
                }
                if let Some((at, byte)) = broken
                    && let Some(place) = bytes.get_mut(at)
                {
                    *place = byte;
                }
                bytes
            },
        )
    }

    fn head(code: u32, count: usize) -> Vec<u8> {
        let mut bytes = vec![1];
        bytes.extend(code.to_le_bytes());
        bytes.extend(u32::try_from(count).unwrap().to_le_bytes());
        bytes
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn the_short_way_reads_what_the_general_reader_reads_or_leaves_it_to_it(body in body()) {
            let general = decode_any(&body);
            if let Some(polygons) = plain::polygons(&body) {
                prop_assert_eq!(polygons, general.unwrap());
            }
        }
    }

    #[test]
    fn the_short_way_reads_what_this_store_writes() {
        let corner = |lon, lat| Coord::snap(LonLat { lon, lat }).unwrap();
        let outer = vec![corner(0.0, 0.0), corner(9.0, 0.0), corner(0.0, 9.0)];
        let hole = vec![corner(1.0, 1.0), corner(1.0, 2.0), corner(2.0, 1.0)];
        let island = vec![corner(20.0, 0.0), corner(21.0, 0.0), corner(21.0, 1.0)];
        let shape = Geometry::polygons([vec![outer, hole], vec![island]]).unwrap();
        let bytes = encode(&shape).unwrap();
        assert_eq!(plain::polygons(&bytes[40..]), Some(shape));
    }
}
