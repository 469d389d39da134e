//! Single words: times, reference systems, boxes, names, maps of fields, tile addresses.

use jiff::Timestamp;
use proptest::prelude::*;
use wangge::exchange::{FieldMap, Only};
use wangge::model::{Bounds, Coord, Crs, LayerName, Scheme, Time};
use wangge::tile::TileAddress;

use super::text_of;

fn time_text() -> impl Strategy<Value = String> {
    let whole = text_of(&[
        "2026-01-31",
        "2026",
        "-01",
        "-31",
        "20260131",
        "1969-12-31",
        "0000-01-01",
        "9999-12-31",
        "-000001",
        "T",
        "t",
        " ",
        "08:00:00",
        "T08:00:00",
        "23:59:60",
        "24:00:00",
        ".5",
        ".1234567891",
        "Z",
        "z",
        "+08:00",
        "-08:00",
        "+08",
        "+0800",
        "-00:00",
        "[Asia/Shanghai]",
        "[America/Port-au-Prince]",
        "[u-ca=hebrew]",
    ]);
    let close = (
        "[0-9]{4}-[01][0-9]-[0-3][0-9]",
        "(T[0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]{1,9})?)?",
        "(Z|[+-][01][0-9]:[0-5][0-9])?(\\[[A-Za-z/+-]{1,9}\\])?",
    );
    prop_oneof![
        whole,
        close.prop_map(|(date, clock, offset)| date + &clock + &offset)
    ]
}

proptest! {
    #[test]
    fn a_time_is_the_instant_that_its_text_names_and_comes_back_from_its_own_text(text in time_text()) {
        if let Ok(time) = text.parse::<Time>() {
            let trimmed = text.trim();
            let instant = trimmed.parse::<Timestamp>();
            let midnight = || format!("{trimmed}T00:00:00+08:00").parse::<Timestamp>();
            let last: Timestamp = "9999-12-30T22:00:00Z".parse().unwrap();
            // What lies behind it is no instant elsewhere; four years before it is one.
            let earlier = || {
                let earlier = trimmed.replacen("9999-12-3", "9995-12-3", 1);
                earlier.parse::<Timestamp>().map(|_| last)
            };
            let expected = instant.or_else(|_| midnight()).or_else(|_| earlier()).unwrap();
            prop_assert_eq!(time.millis(), expected.min(last).as_millisecond());
            prop_assert_eq!(time.to_string().parse::<Time>(), Ok(time));
        }
    }

    #[test]
    fn a_reference_system_comes_back_from_its_own_text(
        text in text_of(&[
            "wgs84", "cgcs2000", "gcj02", "bd09", "EPSG:", "epsg:", "ESRI:", "4326", "4490", "+", "0", " ", "CRS84",
        ]),
    ) {
        if let Ok(crs) = text.parse::<Crs>() {
            prop_assert_eq!(crs.to_string().parse::<Crs>(), Ok(crs));
        }
    }

    #[test]
    fn every_number_of_a_reference_system_comes_back_from_its_own_text(
        number in prop_oneof![Just(4326_u32), Just(4490), 4320..4560_u32, any::<u32>()],
        zeros in "0{0,3}",
    ) {
        let crs: Crs = format!("epsg:{zeros}{number}").parse().unwrap();
        prop_assert_eq!(crs.to_string().parse::<Crs>(), Ok(crs));
    }

    #[test]
    fn a_box_has_its_corners_in_order_on_the_earth_and_comes_back_from_its_degrees(
        text in prop_oneof![
            text_of(&[
                "1", "-1", "104.5", "28", "180", "-180", "90", "1e2", "1e999", "NaN", "inf", ",", ",", ",", " ", "，",
            ]),
            prop::array::uniform4(-200.0..200.0_f64).prop_map(|[w, s, e, n]| format!("{w},{s},{e},{n}")),
        ],
    ) {
        if let Ok(Bounds { min, max }) = Bounds::parse_degrees("bbox", &text) {
            let most = Coord { lon: 1_800_000_000, lat: 900_000_000 };
            prop_assert!(-most.lon <= min.lon && min.lon <= max.lon && max.lon <= most.lon);
            prop_assert!(-most.lat <= min.lat && min.lat <= max.lat && max.lat <= most.lat);
            let (low, high) = (min.degrees(), max.degrees());
            let again = format!("{},{},{},{}", low.lon, low.lat, high.lon, high.lat);
            prop_assert_eq!(Bounds::parse_degrees("bbox", &again), Ok(Bounds { min, max }));
        }
    }

    #[test]
    fn a_layer_name_is_kept_as_given_and_breaks_no_path_and_no_statement(
        text in text_of(&["a", "网格", ".", "_", "-", "base", "gpkg_", "\"", "'", "/", ",", "%", " ", "\0", "İ", "ß"]),
    ) {
        if let Ok(name) = text.parse::<LayerName>() {
            prop_assert_eq!(name.as_str(), &text);
            prop_assert!(!text.is_empty() && text.split('.').count() <= 2);
            prop_assert!(text.chars().all(|c| c.is_alphanumeric() || "._-".contains(c)), "{}", text);
            let written = serde_json::to_string(&name).unwrap();
            prop_assert_eq!(serde_json::from_str::<LayerName>(&written).unwrap(), name);
        }
    }

    #[test]
    fn a_scheme_has_its_levels_as_given_each_once_with_the_layer_of_its_name(
        name in text_of(&["base", "警务", ".", " ", "_", "x"]),
        levels in prop::collection::vec(text_of(&["county", "网格", ".", " ", "-"]), 0..4),
        priority in any::<i32>(),
    ) {
        if let Ok(scheme) = Scheme::new(&name, levels.iter().map(String::as_str), true, priority) {
            let names: Vec<&str> = scheme.levels().iter().map(|level| &*level.name).collect();
            prop_assert_eq!(scheme.name(), &name);
            prop_assert_eq!(&names, &levels);
            for (n, level) in scheme.levels().iter().enumerate() {
                prop_assert_eq!(level.layer.scheme_and_level(), Some((name.as_str(), names[n])));
                prop_assert!(!names[..n].contains(&names[n]));
            }
        }
    }

    #[test]
    fn a_map_of_fields_comes_back_from_its_own_pairs(
        text in text_of(&["code", "name", "=", "=", ",", ",", "，", " ", "编码", "\u{3000}", "H"]),
    ) {
        if let Ok(map) = text.parse::<FieldMap>() {
            let pair = |(target, source)| format!("{target}={source}");
            let pairs: Vec<String> = map.pairs().map(pair).collect();
            prop_assert_eq!(pairs.join(",").parse::<FieldMap>(), Ok(map.clone()));
            for (target, source) in map.pairs() {
                prop_assert_eq!(map.source(target), Some(source));
            }
        }
    }

    #[test]
    fn a_choice_of_features_comes_back_from_its_own_parts(
        text in text_of(&["level", "市", "=", "=", " ", "\u{3000}", ",", "1"]),
    ) {
        match text.parse::<Only>() {
            Ok(only) => {
                prop_assert!(!only.field.is_empty() && !only.field.contains('='));
                prop_assert_eq!(format!("{}={}", only.field, only.value).parse(), Ok(only));
            }
            Err(error) => prop_assert_eq!(error.given, text),
        }
    }

    #[test]
    fn a_tile_is_there_if_and_only_if_its_zoom_has_that_column_and_that_row(
        z in prop_oneof![0..=25_u8, any::<u8>()],
        (x, y) in prop_oneof![(0..70_u32, 0..70_u32), any::<(u32, u32)>()],
    ) {
        let is_there = z <= 24 && u64::from(x.max(y)) < 1_u64 << z.min(63);
        let tile = TileAddress::new(z, x, y);
        prop_assert_eq!(tile.is_ok(), is_there);
        if let Ok(tile) = tile {
            prop_assert_eq!((tile.z(), tile.x(), tile.y()), (z, x, y));
        }
    }
}
