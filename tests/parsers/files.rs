//! Files of any bytes: read, or refused in words.

use std::path::Path;

use proptest::prelude::*;
use wangge::exchange::{
    ReadError, ReadOptions, Reading, Remark, StaffOptions, Verdict, read, read_staff,
};

use super::{damage, damaged};

const TABLE: &str = "编码,名称,上级编码,经度,纬度,valid_from\n\
    5115,珙县,51,104.7092,28.4386,2026-01-31\n\
    \"5116\",\"a,\"\"b\"\"\",,104.8,28.5,2026/1/31\n";
const FEATURE: &str = r#"{"type":"Feature","properties":{"code":1},"geometry":{"type":"Point","coordinates":[104,28]}}"#;
const STAFF: &str = "scheme,level,code,role,name,phone\nbase,grid,5115,grid_member,李娜,139\n";

/// A zip archive of one stored file, written by hand.
fn archive(name: &str, content: &[u8]) -> Vec<u8> {
    let mut sum = flate2::Crc::new();
    sum.update(content);
    let size = u32::try_from(content.len()).unwrap().to_le_bytes();
    let shared = [
        &[20, 0, 0, 0, 0, 0, 0, 0, 0, 0][..],
        &sum.sum().to_le_bytes(),
        &size,
        &size,
        &u16::try_from(name.len()).unwrap().to_le_bytes(),
        &[0, 0],
    ]
    .concat();
    let local = [b"PK\x03\x04", &shared[..], name.as_bytes(), content].concat();
    let central = [b"PK\x01\x02\x14\0", &shared[..], &[0; 14], name.as_bytes()].concat();
    let at = u32::try_from(local.len()).unwrap().to_le_bytes();
    let length = u32::try_from(central.len()).unwrap().to_le_bytes();
    let end = [b"PK\x05\x06\0\0\0\0\x01\0\x01\0", &length[..], &at, &[0, 0]].concat();
    [local, central, end].concat()
}

fn write(folder: &Path, suffix: &str, bytes: &[u8]) -> std::path::PathBuf {
    let path = folder.join(format!("given.{suffix}"));
    std::fs::write(&path, bytes).unwrap();
    path
}

fn read_plain(path: &Path) -> Result<Reading, ReadError> {
    let name = "layer".parse().unwrap();
    read(path, name, None, &ReadOptions::default(), &mut |_, _| {})
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_file_with_any_damage_is_read_or_refused_and_counts_every_row(
        (suffix, bytes) in prop::sample::select(vec![
            ("csv", TABLE.as_bytes().to_vec()),
            ("tsv", TABLE.replace(',', "\t").into_bytes()),
            ("zip", archive("格.csv", TABLE.as_bytes())),
            ("geojson", FEATURE.as_bytes().to_vec()),
        ]),
        damages in prop::collection::vec(damage(), 0..5),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = write(folder.path(), suffix, &damaged(&bytes, &damages));
        match read_plain(&path) {
            Ok(reading) => {
                let is_refused = |remark: &&Remark| remark.verdict == Verdict::Refused;
                let refused = reading.remarks.iter().filter(is_refused).count();
                prop_assert_eq!(reading.read, (reading.features.len() + refused) as u64);
                for feature in &reading.features {
                    prop_assert_eq!(feature.values.len(), reading.layer.fields.len());
                }
            }
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }

    #[test]
    fn a_table_of_staff_with_any_damage_is_read_or_refused_and_counts_every_row(
        damages in prop::collection::vec(damage(), 0..5),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = write(folder.path(), "csv", &damaged(STAFF.as_bytes(), &damages));
        if let Ok(reading) = read_staff(&path, &StaffOptions::default()) {
            prop_assert_eq!(reading.read, (reading.staff.len() + reading.remarks.len()) as u64);
        }
    }
}

#[test]
fn the_files_that_are_damaged_are_whole_before() {
    let folder = tempfile::tempdir().unwrap();
    for (suffix, bytes) in [
        ("csv", TABLE.as_bytes().to_vec()),
        ("zip", archive("格.csv", TABLE.as_bytes())),
    ] {
        let path = write(folder.path(), suffix, &bytes);
        let reading = read_plain(&path);
        assert_eq!(reading.unwrap().features.len(), 2, "{suffix}");
    }
    let path = write(folder.path(), "csv", STAFF.as_bytes());
    assert_eq!(
        read_staff(&path, &StaffOptions::default())
            .unwrap()
            .staff
            .len(),
        1
    );
}
