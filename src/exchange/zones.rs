//! The numbers of Gauss-Krüger zones before an easting.

/// The systems of one datum whose eastings begin with the number of their zone.
struct Zoned {
    /// First and last EPSG code of the datum's Gauss-Krüger systems, with and without the number.
    codes: [(u32, u32); 2],
    /// Zone 25 of three degrees, the first in China.
    narrow: u32,
    /// Zone 13 of six degrees, the first in China.
    wide: u32,
}

const CGCS2000: Zoned = Zoned {
    codes: [(4491, 4512), (4513, 4554)],
    narrow: 4513,
    wide: 4491,
};
const XIAN_1980: Zoned = Zoned {
    codes: [(2327, 2348), (2349, 2390)],
    narrow: 2349,
    wide: 2327,
};
const BEIJING_1954: Zoned = Zoned {
    codes: [(21_413, 21_463), (2401, 2442)],
    narrow: 2401,
    wide: 21_413,
};

/// The zone whose number an easting of eight digits begins with, and the EPSG code of the system that writes it so: of the
/// datum that is declared, else of CGCS2000.
#[must_use]
pub fn zone_of(east: f64, declared: u32) -> Option<(u32, u32)> {
    let is_of = |datum: &&Zoned| {
        let mut codes = datum.codes.iter();
        codes.any(|&(first, last)| (first..=last).contains(&declared))
    };
    let datums = [CGCS2000, XIAN_1980, BEIJING_1954];
    let datum = datums.iter().find(is_of).unwrap_or(&CGCS2000);
    let begins_with = |zone: &u32| (0.0..1e6).contains(&(east - f64::from(*zone) * 1e6));
    let narrow = (25..=45).find(begins_with);
    let wide = || (13..=23).find(begins_with);
    let (zone, code) = narrow
        .map(|zone| (zone, datum.narrow + zone - 25))
        .or_else(|| wide().map(|zone| (zone, datum.wide + zone - 13)))?;
    (code != declared).then_some((zone, code))
}

#[cfg(test)]
mod tests {
    use gdal::spatial_ref::SpatialRef;

    use super::*;

    #[test]
    fn an_easting_that_begins_with_a_zone_names_the_system_that_writes_it() {
        for (east, declared, zone, name) in [
            (
                35_471_100.0,
                4544,
                35,
                "CGCS2000 / 3-degree Gauss-Kruger zone 35",
            ),
            (
                25_500_000.0,
                3857,
                25,
                "CGCS2000 / 3-degree Gauss-Kruger zone 25",
            ),
            (
                45_999_999.9,
                4554,
                45,
                "CGCS2000 / 3-degree Gauss-Kruger zone 45",
            ),
            (18_471_100.0, 4507, 18, "CGCS2000 / Gauss-Kruger zone 18"),
            (
                35_471_100.0,
                2380,
                35,
                "Xian 1980 / 3-degree Gauss-Kruger zone 35",
            ),
            (13_471_100.0, 2338, 13, "Xian 1980 / Gauss-Kruger zone 13"),
            (
                35_471_100.0,
                2432,
                35,
                "Beijing 1954 / 3-degree Gauss-Kruger zone 35",
            ),
            (
                23_471_100.0,
                21_463,
                23,
                "Beijing 1954 / Gauss-Kruger zone 23",
            ),
        ] {
            let (told, code) = zone_of(east, declared).unwrap();
            let system = SpatialRef::from_epsg(code).unwrap();
            assert_eq!((told, system.name().as_deref()), (zone, Some(name)));
        }
    }

    #[test]
    fn an_easting_without_a_zone_or_with_the_one_declared_names_none() {
        for (east, declared) in [
            (471_100.0, 4544),
            (1e9, 4544),
            (24_500_000.0, 4544),
            (51_730_713.69, 3857),
            (-35_471_100.0, 4544),
            (35_471_100.0, 4523),
        ] {
            assert_eq!(zone_of(east, declared), None, "{east}");
        }
    }
}
