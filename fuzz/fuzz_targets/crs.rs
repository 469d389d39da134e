//! Text as a reference system: what is accepted comes back from its own text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wangge::model::Crs;

fuzz_target!(|text: &str| {
    if let Ok(crs) = text.parse::<Crs>() {
        assert_eq!(crs.to_string().parse(), Ok(crs));
    }
});
