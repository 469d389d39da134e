//! Bytes as an Arrow stream of points: what is answered is a stream again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wangge::app::{PointsQuestion, locate_batches, now};
use wangge::exchange::{PointBatches, PointColumns};
use wangge::model::Crs;
use wangge::snapshot::Snapshot;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(input) = PointBatches::open(bytes, &PointColumns::default()) {
        let question = PointsQuestion {
            crs: Crs::Wgs84,
            time: now(),
            scheme: None,
        };
        let _ = locate_batches(&Snapshot::default(), &question, input, std::io::sink());
    }
});
