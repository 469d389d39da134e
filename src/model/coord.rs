//! Degrees at the edge, lattice integers inside.

/// Lattice steps in one degree: a step is 1e-7 degree, 1.1 cm of latitude.
pub const STEPS_PER_DEGREE: f64 = 1e7;

/// Longitude and latitude in degrees, in whichever CRS the text around it says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LonLat {
    pub lon: f64,
    pub lat: f64,
}

/// A lattice point on WGS 84: longitude and latitude in 1e-7 degree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Coord {
    pub lon: i32,
    pub lat: i32,
}

/// Degrees that no point on Earth has.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CoordError {
    #[error("{field} is {value}, which is not a number of degrees")]
    NotFinite { field: &'static str, value: f64 },
    #[error("lon is {lon}, outside -180 to 180 degrees{}", projected_hint(*lon))]
    Longitude { lon: f64 },
    #[error("lat is {lat}, outside -90 to 90 degrees{}", latitude_hint(*lon, *lat))]
    Latitude { lon: f64, lat: f64 },
}

impl CoordError {
    /// The name and the value of the field that is wrong.
    #[must_use]
    pub fn field(&self) -> (&'static str, f64) {
        match *self {
            Self::NotFinite { field, value } => (field, value),
            Self::Longitude { lon } => ("lon", lon),
            Self::Latitude { lat, .. } => ("lat", lat),
        }
    }
}

fn projected_hint(value: f64) -> &'static str {
    if value.abs() > 1000.0 {
        "; it looks like metres: name the projection with crs=EPSG:n"
    } else {
        ""
    }
}

fn latitude_hint(lon: f64, lat: f64) -> &'static str {
    if lon.abs() <= 90.0 && lat.abs() <= 180.0 {
        "; lon and lat look swapped"
    } else {
        projected_hint(lat)
    }
}

impl LonLat {
    #[must_use]
    pub fn new(lon: f64, lat: f64) -> Self {
        Self { lon, lat }
    }
}

impl Coord {
    /// Snaps degrees on WGS 84 to the nearest lattice point.
    ///
    /// # Errors
    /// Where a value is not finite or lies outside ±180, ±90 degrees.
    pub fn snap(at: LonLat) -> Result<Self, CoordError> {
        let LonLat { lon, lat } = at;
        for (field, value) in [("lon", lon), ("lat", lat)] {
            if !value.is_finite() {
                return Err(CoordError::NotFinite { field, value });
            }
        }
        if lat.abs() > 90.0 {
            return Err(CoordError::Latitude { lon, lat });
        }
        if lon.abs() > 180.0 {
            return Err(CoordError::Longitude { lon });
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "180e7 fits an i32, checked above"
        )]
        let step = |degrees: f64| (degrees * STEPS_PER_DEGREE).round() as i32;
        Ok(Self {
            lon: step(lon),
            lat: step(lat),
        })
    }

    /// Degrees on WGS 84.
    #[must_use]
    pub fn degrees(self) -> LonLat {
        LonLat {
            lon: f64::from(self.lon) / STEPS_PER_DEGREE,
            lat: f64::from(self.lat) / STEPS_PER_DEGREE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_snap_to_the_nearest_lattice_point_and_come_back() {
        let coord = Coord::snap(LonLat::new(104.709_200_04, -28.438_600_06)).unwrap();
        assert_eq!(
            coord,
            Coord {
                lon: 1_047_092_000,
                lat: -284_386_001
            }
        );
        assert_eq!(coord.degrees(), LonLat::new(104.7092, -28.438_600_1));
    }

    #[test]
    fn a_latitude_beyond_90_is_refused_with_a_hint_that_lon_and_lat_look_swapped() {
        let error = Coord::snap(LonLat::new(28.4386, 104.7092)).unwrap_err();
        assert_eq!(error.field(), ("lat", 104.7092));
        assert!(error.to_string().contains("swapped"), "{error}");
    }

    #[test]
    fn metres_given_as_degrees_are_refused_with_a_hint_to_name_the_projection() {
        let error = Coord::snap(LonLat::new(471_512.9, 3_147_083.1)).unwrap_err();
        assert!(error.to_string().contains("EPSG:n"), "{error}");
    }

    #[test]
    fn what_is_not_a_number_is_refused_by_name() {
        let error = Coord::snap(LonLat::new(f64::NAN, 1.0)).unwrap_err();
        assert_eq!(error.field().0, "lon");
    }
}
