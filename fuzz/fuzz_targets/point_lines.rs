//! Bytes as lines of JSON: as many lines come out as hold anything, each an object.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wangge::app::{PointsQuestion, locate_rows, now};
use wangge::exchange::{PointColumns, PointLines, PointRows};
use wangge::model::Crs;
use wangge::snapshot::Snapshot;

fuzz_target!(|bytes: &[u8]| {
    let question = PointsQuestion {
        crs: Crs::Wgs84,
        time: now(),
        scheme: None,
    };
    let input = PointRows::Lines(PointLines::open(bytes, &PointColumns::default()));
    let mut out = Vec::new();
    let tally = locate_rows(&Snapshot::default(), &question, input, &mut out).expect("no I/O");
    let text = String::from_utf8(out).expect("UTF-8");
    assert_eq!(text.lines().count() as u64, tally.rows);
    for line in text.lines() {
        assert!(line.starts_with('{') && line.ends_with('}'), "{line}");
    }
});
