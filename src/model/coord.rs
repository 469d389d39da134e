//! Degrees at the edge, lattice integers inside.

use super::Digits;

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
    #[error("lon is {}, outside -180 to 180 degrees{}", Digits(*lon), projected_hint(*lon))]
    Longitude { lon: f64 },
    #[error("lat is {}, outside -90 to 90 degrees{}", Digits(*lat), latitude_hint(*lon, *lat))]
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
        // One test for what nearly all are; it fails for what is no number too.
        if lon.abs() <= 180.0 && lat.abs() <= 90.0 {
            return Ok(Self {
                lon: step(lon),
                lat: step(lat),
            });
        }
        for (field, value) in [("lon", lon), ("lat", lat)] {
            if !value.is_finite() {
                return Err(CoordError::NotFinite { field, value });
            }
        }
        if lat.abs() > 90.0 {
            return Err(CoordError::Latitude { lon, lat });
        }
        Err(CoordError::Longitude { lon })
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

/// The nearest lattice step of at most 180 degrees, halves away from zero: what `round` answers, without its call.
#[expect(
    clippy::cast_possible_truncation,
    reason = "180e7 fits an i32, and the fraction is to be cut off"
)]
fn step(degrees: f64) -> i32 {
    // Not a half: added to the number just below a half it would make one.
    const BELOW_HALF: f64 = 0.5 - f64::EPSILON / 4.0;
    let steps = degrees * STEPS_PER_DEGREE;
    (steps + BELOW_HALF.copysign(steps)) as i32
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
    #[expect(clippy::cast_possible_truncation, reason = "180e7 fits an i32")]
    fn a_step_is_what_rounding_answers_also_beside_halves() {
        let mut numbers = vec![0.0, -0.0, 1e-300, 180.0, -180.0, 5e-324];
        for whole in (0..1_000).chain([1_799_999_999, 899_999_999, 8_388_607, 8_388_608]) {
            let half = (f64::from(whole) + 0.5) / STEPS_PER_DEGREE;
            for number in [
                half.next_down().next_down(),
                half.next_down(),
                half,
                half.next_up(),
            ] {
                numbers.extend([number, -number]);
            }
        }
        for number in numbers {
            let rounded = (number * STEPS_PER_DEGREE).round() as i32;
            assert_eq!(step(number), rounded, "{number:e}");
        }
        for steps in [
            0.5,
            0.5_f64.next_down(),
            1.5_f64.next_down(),
            1.5,
            2.5_f64.next_up(),
        ] {
            let cut = |steps: f64| (steps + (0.5 - f64::EPSILON / 4.0).copysign(steps)) as i32;
            assert_eq!(
                (cut(steps), cut(-steps)),
                (steps.round() as i32, -steps.round() as i32)
            );
        }
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
