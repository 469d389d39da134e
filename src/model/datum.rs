//! Coordinate reference systems at the edge, and the two obfuscated Chinese datums.
//!
//! GCJ-02 and BD-09 have no public definition: the formulas are those of the public reimplementations that agree with each
//! other to 1e-9 degree; answers that came through them are approximate. `EPSG:n` needs PROJ and is carried out at the edge.

use std::f64::consts::PI;
use std::fmt;
use std::str::FromStr;

use super::LonLat;

/// The coordinate reference system that an input declares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Crs {
    #[default]
    Wgs84,
    /// Taken as equal to WGS 84 at this precision.
    Cgcs2000,
    Gcj02,
    Bd09,
    Epsg(u32),
}

/// A CRS name that is none of the five forms.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("crs {given:?} is unknown; use wgs84, cgcs2000, gcj02, bd09 or EPSG:n")]
pub struct CrsError {
    pub given: String,
}

impl FromStr for Crs {
    type Err = CrsError;

    fn from_str(text: &str) -> Result<Self, CrsError> {
        match text.trim().to_ascii_lowercase().as_str() {
            "wgs84" => Ok(Self::Wgs84),
            "cgcs2000" => Ok(Self::Cgcs2000),
            "gcj02" => Ok(Self::Gcj02),
            "bd09" => Ok(Self::Bd09),
            other => other
                .strip_prefix("epsg:")
                .and_then(|code| code.parse().ok())
                .map(|code| match code {
                    4326 => Self::Wgs84,
                    4490 => Self::Cgcs2000,
                    code => Self::Epsg(code),
                })
                .ok_or_else(|| CrsError {
                    given: text.to_owned(),
                }),
        }
    }
}

impl fmt::Display for Crs {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wgs84 => out.write_str("wgs84"),
            Self::Cgcs2000 => out.write_str("cgcs2000"),
            Self::Gcj02 => out.write_str("gcj02"),
            Self::Bd09 => out.write_str("bd09"),
            Self::Epsg(code) => write!(out, "EPSG:{code}"),
        }
    }
}

impl Crs {
    /// Whether the way to WGS 84 is an unofficial transform.
    #[must_use]
    pub fn is_approximate(self) -> bool {
        matches!(self, Self::Gcj02 | Self::Bd09)
    }

    /// WGS 84 of a point in this datum; `None` for `EPSG:n`, which needs PROJ.
    #[must_use]
    pub fn to_wgs84(self, at: LonLat) -> Option<LonLat> {
        match self {
            Self::Wgs84 | Self::Cgcs2000 => Some(at),
            Self::Gcj02 => Some(wgs84_from_gcj02(at)),
            Self::Bd09 => Some(wgs84_from_gcj02(gcj02_from_bd09(at))),
            Self::Epsg(_) => None,
        }
    }

    /// A WGS 84 point in this datum; `None` for `EPSG:n`, which needs PROJ.
    #[must_use]
    pub fn from_wgs84(self, at: LonLat) -> Option<LonLat> {
        match self {
            Self::Wgs84 | Self::Cgcs2000 => Some(at),
            Self::Gcj02 => Some(gcj02_from_wgs84(at)),
            Self::Bd09 => Some(bd09_from_gcj02(gcj02_from_wgs84(at))),
            Self::Epsg(_) => None,
        }
    }
}

/// Semi-major axis of the Krasovsky ellipsoid, metres.
const AXIS: f64 = 6_378_245.0;
/// First eccentricity squared of the Krasovsky ellipsoid, as the transform rounds it.
const ECCENTRICITY: f64 = 0.006_693_421_622_965_943;
/// BD-09's turning frequency.
const BD_TURN: f64 = PI * 3000.0 / 180.0;
/// The fixed-point inverse stops when a step moves less than this, degrees.
const STILL: f64 = 1e-11;
/// Steps allowed for the inverse; it contracts by about 1000 a step, so this bounds bad input only.
const STEPS: usize = 30;

/// Whether GCJ-02 shifts a point at all: the rectangle in which the transform is defined.
fn is_shifted(at: LonLat) -> bool {
    (72.004..=137.8347).contains(&at.lon) && (0.8293..=55.8271).contains(&at.lat)
}

/// The waves that both shifts share, from the offsets to 105°E, 35°N.
fn wave(x: f64) -> f64 {
    (20.0 * (6.0 * x * PI).sin() + 20.0 * (2.0 * x * PI).sin()) * 2.0 / 3.0
}

fn shift(at: LonLat) -> LonLat {
    let (x, y) = (at.lon - 105.0, at.lat - 35.0);
    let root = x.abs().sqrt();
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * root
        + wave(x)
        + (20.0 * (y * PI).sin() + 40.0 * (y / 3.0 * PI).sin()) * 2.0 / 3.0
        + (160.0 * (y / 12.0 * PI).sin() + 320.0 * (y * PI / 30.0).sin()) * 2.0 / 3.0;
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * root
        + wave(x)
        + (20.0 * (x * PI).sin() + 40.0 * (x / 3.0 * PI).sin()) * 2.0 / 3.0
        + (150.0 * (x / 12.0 * PI).sin() + 300.0 * (x / 30.0 * PI).sin()) * 2.0 / 3.0;
    let lat = at.lat.to_radians();
    let magic = 1.0 - ECCENTRICITY * lat.sin() * lat.sin();
    let root_magic = magic.sqrt();
    LonLat {
        lon: east * 180.0 / (AXIS / root_magic * lat.cos() * PI),
        lat: north * 180.0 / (AXIS * (1.0 - ECCENTRICITY) / (magic * root_magic) * PI),
    }
}

fn gcj02_from_wgs84(at: LonLat) -> LonLat {
    if !is_shifted(at) {
        return at;
    }
    let by = shift(at);
    LonLat {
        lon: at.lon + by.lon,
        lat: at.lat + by.lat,
    }
}

/// The point that `forward` takes to `target`, by fixed-point iteration.
fn invert(target: LonLat, forward: impl Fn(LonLat) -> LonLat) -> LonLat {
    let mut guess = target;
    for _ in 0..STEPS {
        let image = forward(guess);
        let (east, north) = (target.lon - image.lon, target.lat - image.lat);
        guess = LonLat {
            lon: guess.lon + east,
            lat: guess.lat + north,
        };
        if east.abs().max(north.abs()) < STILL {
            break;
        }
    }
    guess
}

fn wgs84_from_gcj02(at: LonLat) -> LonLat {
    if is_shifted(at) {
        invert(at, gcj02_from_wgs84)
    } else {
        at
    }
}

fn bd09_from_gcj02(at: LonLat) -> LonLat {
    let radius = at.lon.hypot(at.lat) + 0.000_02 * (at.lat * BD_TURN).sin();
    let angle = at.lat.atan2(at.lon) + 0.000_003 * (at.lon * BD_TURN).cos();
    LonLat {
        lon: radius * angle.cos() + 0.0065,
        lat: radius * angle.sin() + 0.006,
    }
}

fn gcj02_from_bd09(at: LonLat) -> LonLat {
    invert(at, bd09_from_gcj02)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// WGS 84, GCJ-02 and BD-09 of the same places; five independent public libraries agree on them to 1e-9 degree.
    const FORWARD: [[f64; 6]; 7] = [
        [
            116.397_430_0,
            39.908_740_0,
            116.403_673_564,
            39.910_143_486,
            116.410_046_459,
            39.916_482_971,
        ],
        [
            104.709_200_0,
            28.438_600_0,
            104.711_765_024,
            28.435_140_745,
            104.718_329_791,
            28.440_883_032,
        ],
        [
            104.756_700_0,
            31.455_100_0,
            104.759_491_237,
            31.452_902_278,
            104.765_908_890,
            31.459_220_041,
        ],
        [
            106.083_100_0,
            30.795_300_0,
            106.087_109_637,
            30.792_992_765,
            106.093_511_503,
            30.799_285_721,
        ],
        [
            121.656_300_0,
            42.011_600_0,
            121.661_676_853,
            42.013_685_556,
            121.668_116_920,
            42.019_899_350,
        ],
        [
            120.285_300_0,
            31.920_300_0,
            120.289_915_837,
            31.918_340_811,
            120.296_496_874,
            31.924_028_642,
        ],
        [
            87.616_800_0,
            43.825_600_0,
            87.619_649_949,
            43.826_805_393,
            87.626_099_771,
            43.832_949_795,
        ],
    ];

    /// The input, then GCJ-02 → WGS 84, BD-09 → GCJ-02, BD-09 → WGS 84.
    const INVERSE: [[f64; 8]; 3] = [
        [
            116.397_430_0,
            39.908_740_0,
            116.391_188_897_4,
            39.907_338_784_3,
            116.391_039_171_7,
            39.902_429_383_0,
            116.384_803_276_9,
            39.901_032_349_5,
        ],
        [
            104.709_200_0,
            28.438_600_0,
            104.706_641_522_0,
            28.442_062_003_1,
            104.702_622_503_4,
            28.432_913_051_9,
            104.700_082_222_8,
            28.436_386_619_5,
        ],
        [
            120.349_000_0,
            30.308_000_0,
            120.344_441_904_4,
            30.310_322_946_6,
            120.342_557_361_0,
            30.301_779_815_5,
            120.338_009_333_2,
            30.304_115_386_6,
        ],
    ];

    #[track_caller]
    fn assert_near(got: LonLat, lon: f64, lat: f64) {
        assert!(
            (got.lon - lon).abs() < 1e-9 && (got.lat - lat).abs() < 1e-9,
            "{got:?} is not {lon},{lat}"
        );
    }

    #[test]
    fn wgs84_becomes_gcj02_and_bd09_as_five_public_libraries_say() {
        for [lon, lat, gcj_lon, gcj_lat, bd_lon, bd_lat] in FORWARD {
            let at = LonLat::new(lon, lat);
            assert_near(Crs::Gcj02.from_wgs84(at).unwrap(), gcj_lon, gcj_lat);
            assert_near(Crs::Bd09.from_wgs84(at).unwrap(), bd_lon, bd_lat);
        }
    }

    #[test]
    fn gcj02_and_bd09_come_back_to_wgs84_as_five_public_libraries_say() {
        for [
            lon,
            lat,
            gcj_lon,
            gcj_lat,
            step_lon,
            step_lat,
            bd_lon,
            bd_lat,
        ] in INVERSE
        {
            let at = LonLat::new(lon, lat);
            assert_near(Crs::Gcj02.to_wgs84(at).unwrap(), gcj_lon, gcj_lat);
            assert_near(gcj02_from_bd09(at), step_lon, step_lat);
            assert_near(Crs::Bd09.to_wgs84(at).unwrap(), bd_lon, bd_lat);
        }
    }

    #[test]
    fn what_five_public_libraries_carry_over_comes_back() {
        for [lon, lat, gcj_lon, gcj_lat, bd_lon, bd_lat] in FORWARD {
            // The vectors have nine decimals, and the way back adds a last one of its own.
            let near = |back: Option<LonLat>| {
                let back = back.unwrap();
                (back.lon - lon).abs() < 2e-9 && (back.lat - lat).abs() < 2e-9
            };
            assert!(near(Crs::Gcj02.to_wgs84(LonLat::new(gcj_lon, gcj_lat))));
            assert!(near(Crs::Bd09.to_wgs84(LonLat::new(bd_lon, bd_lat))));
        }
    }

    proptest! {
        #[test]
        fn every_place_in_china_survives_the_way_to_any_datum_and_back(
            lon in 73.5..135.1_f64,
            lat in 3.8..53.6_f64,
        ) {
            let at = LonLat::new(lon, lat);
            for crs in [Crs::Wgs84, Crs::Cgcs2000, Crs::Gcj02, Crs::Bd09] {
                assert_near(crs.to_wgs84(crs.from_wgs84(at).unwrap()).unwrap(), lon, lat);
                assert_near(crs.from_wgs84(crs.to_wgs84(at).unwrap()).unwrap(), lon, lat);
            }
        }
    }

    #[test]
    fn a_point_far_from_china_is_not_shifted() {
        let london = LonLat::new(-0.1, 51.5);
        assert_eq!(Crs::Gcj02.from_wgs84(london), Some(london));
        assert_eq!(Crs::Gcj02.to_wgs84(london), Some(london));
    }

    #[test]
    fn a_crs_is_named_in_any_case_and_an_unknown_one_lists_the_forms() {
        assert_eq!("GCJ02".parse(), Ok(Crs::Gcj02));
        assert_eq!("epsg:4544".parse(), Ok(Crs::Epsg(4544)));
        assert_eq!("EPSG:4490".parse(), Ok(Crs::Cgcs2000));
        let error = "gcj-2".parse::<Crs>().unwrap_err();
        assert!(error.to_string().contains("gcj02"), "{error}");
    }
}
