//! `NAME:LEVEL,LEVEL…` as a scheme: each level has the layer of its name.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wangge::model::Scheme;

fuzz_target!(|text: &str| {
    let (name, levels) = text.split_once(':').unwrap_or((text, ""));
    if let Ok(scheme) = Scheme::new(name, levels.split(','), false, 0) {
        for (level, given) in scheme.levels().iter().zip(levels.split(',')) {
            assert_eq!(level.layer.scheme_and_level(), Some((name, given)));
        }
    }
});
