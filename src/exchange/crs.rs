//! To WGS 84 and back: the datums of the model by their own formulas, everything else by PROJ.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;

use gdal::spatial_ref::{AxisMappingStrategy, CoordTransform, SpatialRef};

use super::messages;
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
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Direction {
    ToWgs84,
    FromWgs84,
}

#[derive(Clone)]
enum Way {
    Datum(Crs, Direction),
    Proj(Rc<CoordTransform>),
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

/// Ways that a thread keeps at most: a deployment uses a few systems, but a caller can name thousands.
const KEPT: usize = 16;

thread_local! {
    /// PROJ looks a system up in its database for milliseconds; a request for one point must not wait for that again.
    static KNOWN: RefCell<HashMap<(u32, Direction), Rc<CoordTransform>>> = RefCell::default();
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
            Crs::Epsg(code) => Way::Proj(epsg(code, direction)?),
            datum => Way::Datum(datum, direction),
        };
        Ok(Self {
            way,
            system: crs.to_string(),
        })
    }

    /// The way from the system that a file names to WGS 84; `None` names WGS 84 itself.
    pub(super) fn from_file(system: SpatialRef) -> Result<Self, TransformError> {
        messages::listen();
        let name = system.name().unwrap_or_else(|| "the file's system".into());
        if let Some(datum) = datum_of(&system) {
            return Self::of(datum, Direction::ToWgs84);
        }
        let way = connect(system, Direction::ToWgs84)
            .map_err(|reason| TransformError::UnknownSystem { reason })?;
        Ok(Self {
            way: Way::Proj(Rc::new(way)),
            system: name,
        })
    }

    /// The name of the system on the other side of WGS 84.
    #[must_use]
    pub fn system(&self) -> &str {
        &self.system
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

    /// Carries all points over in one call of PROJ.
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
            Way::Proj(transform) => self.project(transform, points),
        }
    }

    fn project(
        &self,
        transform: &CoordTransform,
        points: &mut [LonLat],
    ) -> Result<(), TransformError> {
        let mut xs: Vec<f64> = points.iter().map(|at| at.lon).collect();
        let mut ys: Vec<f64> = points.iter().map(|at| at.lat).collect();
        // PROJ's words repeat the numbers without saying which; the point that failed says more.
        let done = transform.transform_coords(&mut xs, &mut ys, &mut []);
        messages::take();
        for ((at, &x), &y) in points.iter_mut().zip(&xs).zip(&ys) {
            if !(x.is_finite() && y.is_finite()) {
                return Err(self.outside(*at));
            }
            *at = LonLat::new(x, y);
        }
        match (done, points.first()) {
            (Err(_), Some(&first)) => Err(self.outside(first)),
            _ => Ok(()),
        }
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

fn epsg(code: u32, direction: Direction) -> Result<Rc<CoordTransform>, TransformError> {
    if let Some(known) = KNOWN.with_borrow(|known| known.get(&(code, direction)).cloned()) {
        return Ok(known);
    }
    messages::listen();
    messages::take();
    let refuse = |reason| TransformError::UnknownEpsg { code, reason };
    let system = SpatialRef::from_epsg(code).map_err(|error| {
        refuse(messages::failure(&messages::take()).unwrap_or_else(|| error.to_string()))
    })?;
    let transform = Rc::new(connect(system, direction).map_err(refuse)?);
    KNOWN.with_borrow_mut(|known| {
        if known.len() >= KEPT {
            known.clear();
        }
        known.insert((code, direction), Rc::clone(&transform));
    });
    Ok(transform)
}

/// Joins a system with WGS 84, both x first.
fn connect(mut system: SpatialRef, direction: Direction) -> Result<CoordTransform, String> {
    messages::take();
    let joined = SpatialRef::from_epsg(4326).and_then(|mut wgs84| {
        wgs84.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
        system.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
        match direction {
            Direction::ToWgs84 => CoordTransform::new(&system, &wgs84),
            Direction::FromWgs84 => CoordTransform::new(&wgs84, &system),
        }
    });
    joined
        .map_err(|error| messages::failure(&messages::take()).unwrap_or_else(|| error.to_string()))
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
}
