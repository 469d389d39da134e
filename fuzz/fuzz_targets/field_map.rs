//! Text as a map of fields: what is accepted comes back from its own pairs.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wangge::exchange::FieldMap;

fuzz_target!(|text: &str| {
    if let Ok(map) = text.parse::<FieldMap>() {
        let pair = |(target, source)| format!("{target}={source}");
        let again: Vec<String> = map.pairs().map(pair).collect();
        assert_eq!(again.join(",").parse(), Ok(map));
    }
});
