//! Text as a time: what is accepted comes back from its own text.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wangge::model::Time;

fuzz_target!(|text: &str| {
    if let Ok(time) = text.parse::<Time>() {
        assert_eq!(time.to_string().parse(), Ok(time));
    }
});
