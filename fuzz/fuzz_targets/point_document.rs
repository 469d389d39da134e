//! Bytes as a document of points: every element of `points` comes back from where they wait.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wangge::exchange::PointsDocument;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(mut document) = PointsDocument::read(bytes) {
        let mut points = Vec::new();
        loop {
            document.points.read(&mut points).expect("memory");
            if points.is_empty() {
                break;
            }
        }
    }
});
