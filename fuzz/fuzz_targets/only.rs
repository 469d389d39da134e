//! Text as a choice of features: what is accepted comes back from its own parts.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wangge::exchange::Only;

fuzz_target!(|text: &str| {
    if let Ok(only) = text.parse::<Only>() {
        assert!(!only.field.is_empty() && !only.field.contains('='));
        assert_eq!(format!("{}={}", only.field, only.value).parse(), Ok(only));
    }
});
