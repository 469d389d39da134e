//! Text as a layer's name: what is accepted is kept as given and breaks no path and no statement.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wangge::model::LayerName;

fuzz_target!(|text: &str| {
    if let Ok(name) = text.parse::<LayerName>() {
        assert_eq!(name.as_str(), text);
        assert!(
            text.chars()
                .all(|c| c.is_alphanumeric() || "._-".contains(c))
        );
    }
});
