//! Text as a configuration; `data/layers.toml` is a good seed.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wangge::config::Configuration;

fuzz_target!(|text: &str| {
    if let Ok(checked) = Configuration::parse(text) {
        for layer in &checked.layers {
            assert!(layer.zooms.min <= layer.zooms.max && layer.zooms.max <= 22);
        }
    }
});
