//! Bytes in a geometry column of the store: a feature or a fault.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wangge_fuzz::with_geometry;

fuzz_target!(|bytes: &[u8]| {
    let (features, faults) = with_geometry(bytes);
    assert_eq!(features + faults, 1);
});
