//! Text as a box in degrees: its corners are in order, and it comes back from its own degrees.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wangge::model::Bounds;

fuzz_target!(|text: &str| {
    if let Ok(bounds) = Bounds::parse_degrees(text) {
        assert!(bounds.min.lon <= bounds.max.lon && bounds.min.lat <= bounds.max.lat);
        let (min, max) = (bounds.min.degrees(), bounds.max.degrees());
        let again = format!("{},{},{},{}", min.lon, min.lat, max.lon, max.lat);
        assert_eq!(Bounds::parse_degrees(&again), Ok(bounds));
    }
});
