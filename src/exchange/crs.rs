//! To WGS 84 and back: the datums of the model by their own formulas, everything else by PROJ.

use std::fmt;
use std::rc::Rc;

use gdal::spatial_ref::SpatialRef;

use super::messages;
use super::proj::{Direction, Ways};
use crate::model::{Crs, Digits, LonLat};

/// A coordinate that has no counterpart, or a reference system that PROJ does not know.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TransformError {
    #[error("EPSG:{code} is no coordinate reference system that PROJ knows: {reason}")]
    UnknownEpsg { code: u32, reason: String },
    #[error(
        "the coordinate reference system of the file cannot be read: {reason}; give --crs EPSG:n"
    )]
    UnknownSystem { reason: String },
    #[error("{}, {} lies outside the area of {system}", Digits(*x), Digits(*y))]
    Outside { x: f64, y: f64, system: String },
    #[error(
        "{}, {} lies beyond what numbers of {system} can mean; check the digits and the system",
        Digits(*x),
        Digits(*y)
    )]
    Beyond { x: f64, y: f64, system: String },
    #[error(
        "{}, {} look like degrees, and {system} has lengths; name the system whose degrees they are, as wgs84 or gcj02",
        Digits(*x),
        Digits(*y)
    )]
    Degrees { x: f64, y: f64, system: String },
}

#[derive(Clone)]
enum Way {
    Datum(Crs, Direction),
    Proj(Rc<Ways>),
}

/// A way between a coordinate reference system and WGS 84, x (east, longitude) first. It stays on its thread, as PROJ does.
#[derive(Clone)]
pub struct Transform {
    way: Way,
    system: String,
}

impl fmt::Debug for Transform {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Transform({})", self.system)
    }
}

impl Transform {
    /// The way from `crs` to WGS 84.
    ///
    /// # Errors
    /// Where PROJ does not know the EPSG code.
    pub fn to_wgs84(crs: Crs) -> Result<Self, TransformError> {
        Self::of(crs, Direction::ToWgs84)
    }

    /// The way from WGS 84 to `crs`.
    ///
    /// # Errors
    /// Where PROJ does not know the EPSG code.
    pub fn from_wgs84(crs: Crs) -> Result<Self, TransformError> {
        Self::of(crs, Direction::FromWgs84)
    }

    fn of(crs: Crs, direction: Direction) -> Result<Self, TransformError> {
        let way = match crs {
            Crs::Epsg(code) => Way::Proj(
                Ways::of_epsg(code, direction)
                    .map_err(|reason| TransformError::UnknownEpsg { code, reason })?,
            ),
            datum => Way::Datum(datum, direction),
        };
        Ok(Self {
            way,
            system: crs.to_string(),
        })
    }

    /// The way from the system that a file names to WGS 84; `None` names WGS 84 itself.
    pub(super) fn from_file(system: &SpatialRef) -> Result<Self, TransformError> {
        messages::listen();
        let name = system.name().unwrap_or_else(|| "the file's system".into());
        if let Some(datum) = datum_of(system) {
            return Self::of(datum, Direction::ToWgs84);
        }
        let ways = Ways::of(system, Direction::ToWgs84)
            .map_err(|reason| TransformError::UnknownSystem { reason })?;
        Ok(Self {
            way: Way::Proj(Rc::new(ways)),
            system: name,
        })
    }

    /// The name of the system on the other side of WGS 84.
    #[must_use]
    pub fn system(&self) -> &str {
        &self.system
    }

    /// Refuses numbers that degrees have where the system has lengths: they would lie at its origin, where nobody's ground is.
    ///
    /// # Errors
    /// Where both numbers can be degrees.
    pub fn check_lengths(&self, at: LonLat) -> Result<(), TransformError> {
        let has_lengths = matches!(&self.way, Way::Proj(ways) if ways.has_lengths());
        if has_lengths && at.lon.abs() <= 180.0 && at.lat.abs() <= 90.0 {
            let LonLat { lon: x, lat: y } = at;
            let system = self.system.clone();
            return Err(TransformError::Degrees { x, y, system });
        }
        Ok(())
    }

    /// Carries one point over.
    ///
    /// # Errors
    /// Where the point has no counterpart.
    pub fn apply(&self, at: LonLat) -> Result<LonLat, TransformError> {
        let mut points = [at];
        self.apply_all(&mut points)?;
        let [at] = points;
        Ok(at)
    }

    /// Whether every point is brought where it is.
    #[must_use]
    pub fn keeps(&self) -> bool {
        matches!(self.way, Way::Datum(Crs::Wgs84 | Crs::Cgcs2000, _))
    }

    /// Carries all points over in one call of PROJ, or in two where it has to look whether they come back.
    ///
    /// # Errors
    /// Names the first point that has no counterpart; the points are then left in no defined state.
    pub fn apply_all(&self, points: &mut [LonLat]) -> Result<(), TransformError> {
        match &self.way {
            Way::Datum(Crs::Wgs84 | Crs::Cgcs2000, _) => Ok(()),
            Way::Datum(datum, direction) => {
                for at in points {
                    let there = match direction {
                        Direction::ToWgs84 => datum.to_wgs84(*at),
                        Direction::FromWgs84 => datum.from_wgs84(*at),
                    };
                    *at = there.ok_or_else(|| self.outside(*at))?;
                }
                Ok(())
            }
            Way::Proj(ways) => self.project(ways, points),
        }
    }

    fn project(&self, ways: &Ways, points: &mut [LonLat]) -> Result<(), TransformError> {
        let there = ways.carry(points).map_err(|at| self.outside(points[at]))?;
        if let Some(at) = ways.first_beyond(points, &there) {
            let LonLat { lon: x, lat: y } = points[at];
            let system = self.system.clone();
            return Err(TransformError::Beyond { x, y, system });
        }
        points.copy_from_slice(&there);
        Ok(())
    }

    fn outside(&self, at: LonLat) -> TransformError {
        TransformError::Outside {
            x: at.lon,
            y: at.lat,
            system: self.system.clone(),
        }
    }
}

/// The model's datum that a file's system is.
fn datum_of(system: &SpatialRef) -> Option<Crs> {
    if !system.is_geographic() {
        return None;
    }
    match system.authority().ok()?.as_str() {
        // Of the systems of OGC only these: CRS27 and CRS83 are of other datums.
        "EPSG:4326" | "EPSG:4979" | "OGC:CRS84" | "OGC:CRS84h" => Some(Crs::Wgs84),
        "EPSG:4490" => Some(Crs::Cgcs2000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// PROJ 9.5's own answers: longitude, latitude, EPSG code, east, north.
    const PROJ: [(f64, f64, u32, f64, f64); 3] = [
        (104.7092, 28.4386, 4544, 471_512.953_0, 3_147_083.141_5),
        (121.6563, 42.0116, 4550, 388_692.570_3, 4_653_798.954_8),
        (120.3490, 30.3080, 4549, 533_569.343_9, 3_354_308.346_2),
    ];

    #[test]
    fn the_zones_of_cgcs2000_agree_with_proj_to_a_tenth_of_a_millimetre_and_come_back() {
        for (lon, lat, code, east, north) in PROJ {
            let there = Transform::from_wgs84(Crs::Epsg(code)).unwrap();
            let at = there.apply(LonLat::new(lon, lat)).unwrap();
            assert!(
                (at.lon - east).abs() < 1e-4 && (at.lat - north).abs() < 1e-4,
                "{at:?}"
            );
            let back = Transform::to_wgs84(Crs::Epsg(code))
                .unwrap()
                .apply(at)
                .unwrap();
            assert!(
                (back.lon - lon).abs() < 1e-9 && (back.lat - lat).abs() < 1e-9,
                "{back:?}"
            );
        }
    }

    #[test]
    fn a_zone_with_its_number_is_the_one_without_and_the_same_place_comes_back_from_every_system() {
        let place = LonLat::new(104.7092, 28.4386);
        let there = |code| {
            let way = Transform::from_wgs84(Crs::Epsg(code)).unwrap();
            way.apply(place).unwrap()
        };
        // Zone 35 of CGCS2000: 4523 writes it before the easting.
        let (numbered, plain) = (there(4523), there(4544));
        assert!((numbered.lon - 35_000_000.0 - plain.lon).abs() < 1e-4);
        assert!((numbered.lat - plain.lat).abs() < 1e-4);
        for code in [4490, 4513, 4523, 4533, 4534, 4544, 4554, 3857, 32648] {
            let way = Transform::to_wgs84(Crs::Epsg(code)).unwrap();
            let back = way.apply(there(code)).unwrap();
            assert!(
                (back.lon - place.lon).abs() < 1e-9 && (back.lat - place.lat).abs() < 1e-9,
                "EPSG:{code}: {back:?}"
            );
        }
    }

    #[test]
    fn a_datum_goes_by_the_models_own_formula() {
        let at = LonLat::new(104.7092, 28.4386);
        let gcj = Transform::from_wgs84(Crs::Gcj02)
            .unwrap()
            .apply(at)
            .unwrap();
        assert_eq!(Some(gcj), Crs::Gcj02.from_wgs84(at));
        assert_eq!(
            Transform::to_wgs84(Crs::Cgcs2000).unwrap().apply(at),
            Ok(at)
        );
    }

    #[test]
    fn only_crs84_of_the_systems_of_ogc_is_wgs84() {
        let datum = |code: &str| {
            let wkt = format!(
                "GEOGCS[\"X\",DATUM[\"D\",SPHEROID[\"S\",6378137,298.257223563]],PRIMEM[\"Greenwich\",0],\
                 UNIT[\"degree\",0.0174532925199433],AUTHORITY[\"OGC\",\"{code}\"]]"
            );
            datum_of(&SpatialRef::from_wkt(&wkt).unwrap())
        };
        assert_eq!(datum("CRS84"), Some(Crs::Wgs84));
        assert_eq!((datum("CRS27"), datum("CRS83")), (None, None));
    }

    #[test]
    fn an_epsg_code_that_does_not_exist_is_refused_by_its_number() {
        let error = Transform::to_wgs84(Crs::Epsg(999_999)).unwrap_err();
        assert!(
            error.to_string().starts_with("EPSG:999999 is no"),
            "{error}"
        );
    }

    #[test]
    fn a_point_that_a_projection_cannot_reach_is_named_with_its_numbers() {
        let far = LonLat::new(1e30, 1e30);
        let error = Transform::to_wgs84(Crs::Epsg(4544))
            .unwrap()
            .apply(far)
            .unwrap_err();
        assert!(
            matches!(error, TransformError::Outside { x, .. } if x > 1e29),
            "{error}"
        );
    }

    #[test]
    fn a_number_that_a_projection_would_wrap_around_is_beyond_it() {
        for (code, x, y) in [
            (3857, 51_730_713.69, 3_301_000.0),
            (3857, 1e8, 3_301_000.0),
            (3857, 1e9, 1e9),
            (4544, 471_100.0, 43_151_220.9),
            (4544, 3_143_358.0, 35_471_100.0),
        ] {
            let way = Transform::to_wgs84(Crs::Epsg(code)).unwrap();
            let error = way.apply(LonLat::new(x, y)).unwrap_err();
            assert!(
                matches!(error, TransformError::Beyond { x: told, .. } if told.to_bits() == x.to_bits()),
                "EPSG:{code}: {error}"
            );
            let mut points = [LonLat::new(471_100.0, 3_143_358.0), LonLat::new(x, y)];
            assert_eq!(way.apply_all(&mut points), Err(error));
        }
    }

    #[test]
    fn the_edge_of_a_projection_is_not_beyond_it() {
        let half_a_turn = 20_037_508.342_789_244;
        let way = Transform::to_wgs84(Crs::Epsg(3857)).unwrap();
        for x in [half_a_turn, -half_a_turn] {
            for y in [half_a_turn, -half_a_turn] {
                let at = way.apply(LonLat::new(x, y)).unwrap();
                assert!((at.lon.abs() - 180.0).abs() < 1e-9, "{at:?}");
            }
        }
    }

    #[test]
    fn a_point_of_an_old_datum_is_not_beyond_it_where_its_ways_there_and_back_differ() {
        // Beijing 1954: PROJ goes one way by the place in the one system, back by the place in the other.
        for code in [2405, 2426, 21413, 21453, 2349, 2370] {
            let there = Transform::from_wgs84(Crs::Epsg(code)).unwrap();
            let back = Transform::to_wgs84(Crs::Epsg(code)).unwrap();
            for (east, north) in (0..20).flat_map(|east| (0..30).map(move |north| (east, north))) {
                let at = LonLat::new(73.0 + f64::from(east), 20.0 + f64::from(north));
                let given = there.apply(at).unwrap();
                assert!(back.apply(given).is_ok(), "EPSG:{code}: {at:?}");
            }
        }
    }

    #[test]
    fn degrees_are_no_lengths_and_lengths_no_degrees() {
        let degrees = LonLat::new(104.7, 28.4);
        for (crs, is_refused) in [
            (Crs::Epsg(4544), true),
            (Crs::Epsg(3857), true),
            (Crs::Epsg(4490), false),
            (Crs::Gcj02, false),
        ] {
            let way = Transform::to_wgs84(crs).unwrap();
            assert_eq!(way.check_lengths(degrees).is_err(), is_refused, "{crs}");
            let lengths = LonLat::new(471_100.0, 3_143_358.0);
            assert_eq!(way.check_lengths(lengths), Ok(()), "{crs}");
        }
    }
}
