//! Bytes as a table of staff: every row is a duty or a remark.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wangge::exchange::{StaffOptions, read_staff};

fuzz_target!(|bytes: &[u8]| {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("staff.csv");
    std::fs::write(&path, bytes).expect("room");
    if let Ok(reading) = read_staff(&path, &StaffOptions::default()) {
        let told = reading.staff.len() + reading.remarks.len();
        assert_eq!(reading.read, told as u64);
    }
});
