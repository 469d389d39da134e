//! Files that others collected because they break readers: none may panic, each is read or refused in words.
//! Skips where the shared data is not there.

#![expect(
    clippy::print_stdout,
    reason = "the table of verdicts and the skipped checks are for who runs the tests"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use proptest::prelude::*;
use wangge::exchange::{ReadError, ReadOptions, Reading, Remark, Verdict, read};
use wangge::model::{Coord, Crs, Feature, LayerName, LonLat, Side};

fn shared(below: &str) -> Option<PathBuf> {
    let root = std::env::var_os("WANGGE_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"),
        PathBuf::from,
    );
    let path = root.join("data").join(below);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is not there", path.display());
    None
}

fn read_as(path: &Path, options: &ReadOptions) -> Result<Reading, ReadError> {
    let name: LayerName = "layer".parse().unwrap();
    read(path, name, None, options, &mut |_, _| {})
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// Reads a file, and each layer of one that has several; one line of the table for each.
fn verdicts(file: &Path, table: &mut String) {
    let mut wanted = vec![None];
    while let Some(source_layer) = wanted.pop() {
        let options = ReadOptions {
            source_layer: source_layer.clone(),
            ..ReadOptions::default()
        };
        let name = file.file_name().unwrap().to_string_lossy();
        let layer = source_layer.unwrap_or_default();
        match read_as(file, &options) {
            Ok(reading) => {
                assert!(reading.features.len() as u64 <= reading.read, "{name}");
                let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
                for remark in &reading.remarks {
                    assert!(
                        !remark.reason.is_empty() && !remark.reason.contains("NULL pointer"),
                        "{name}: {}",
                        remark.reason
                    );
                    *counts
                        .entry((remark.verdict.word(), remark.problem))
                        .or_default() += 1;
                }
                let refused = reading
                    .remarks
                    .iter()
                    .filter(|remark| remark.verdict == Verdict::Refused)
                    .count();
                assert_eq!(
                    reading.features.len() + refused,
                    usize::try_from(reading.read).unwrap(),
                    "{name}: every feature is in or refused"
                );
                writeln!(
                    table,
                    "{name} {layer}: {} of {} {counts:?} {:?}",
                    reading.features.len(),
                    reading.read,
                    reading.notes
                )
                .unwrap();
            }
            Err(error) => {
                let words = error.to_string();
                assert!(
                    !words.contains("NULL pointer") && words.contains(&*name),
                    "{words}"
                );
                writeln!(table, "{name} {layer}: {words}").unwrap();
                if let ReadError::SeveralLayers { names, .. }
                | ReadError::SeveralFiles { names, .. } = error
                {
                    wanted.extend(names.into_iter().map(Some));
                }
            }
        }
    }
}

#[test]
fn every_file_of_every_bundle_is_read_or_refused_in_words() {
    let Some(bundles) = shared("malformed") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let mut table = String::new();
    let mut packed = Vec::new();
    files(&bundles, &mut packed);
    for bundle in packed {
        let inside = folder.path().join(bundle.file_stem().unwrap());
        std::fs::create_dir(&inside).unwrap();
        let done = Command::new("tar")
            .arg("xzf")
            .arg(&bundle)
            .arg("-C")
            .arg(&inside)
            .status()
            .unwrap();
        assert!(done.success(), "{}", bundle.display());
        let mut all = Vec::new();
        files(&inside, &mut all);
        all.sort();
        for file in all {
            verdicts(&file, &mut table);
        }
    }
    assert!(table.lines().count() > 200);
    println!("{table}");
}

#[test]
fn london_comes_in_whole_with_its_invalid_polygons_repaired() {
    for (file, fields, count, invalid) in [
        ("london_oa", "code=OA11CD,parent=parent", 25_053, 14),
        ("london_lsoa", "code=LSOA11CD,parent=parent", 4_835, 8),
        ("london_msoa", "code=MSOA11CD,name=MSOA11NM", 983, 4),
    ] {
        let Some(path) = shared(&format!("uk_london/{file}.geojson.zst")) else {
            return;
        };
        let options = ReadOptions {
            fields: fields.parse().unwrap(),
            is_grid: true,
            unique_codes: true,
            ..ReadOptions::default()
        };
        let begin = std::time::Instant::now();
        let reading = read_as(&path, &options).unwrap();
        println!("{file}: {:?}", begin.elapsed());
        for remark in &reading.remarks {
            println!(
                "{} {:?} {:?} {} {}",
                remark.line, remark.code, remark.verdict, remark.problem, remark.reason
            );
        }
        assert_eq!(reading.features.len(), count, "{file}");
        let repaired = |remark: &&Remark| matches!(remark.verdict, Verdict::Repaired { .. });
        assert_eq!(
            reading.remarks.iter().filter(repaired).count(),
            invalid,
            "{file}: as GEOS counts in the source"
        );
    }
}

#[test]
fn the_four_provinces_come_in_from_gcj02_and_hold_their_places() {
    let Some(path) = shared("cn/cn_admin_sc_ln_js_zj.fgb.zst") else {
        return;
    };
    let options = ReadOptions {
        crs: Some(Crs::Gcj02),
        ..ReadOptions::default()
    };
    let begin = std::time::Instant::now();
    let reading = read_as(&path, &options).unwrap();
    println!(
        "{:?} {:?} {:?}",
        begin.elapsed(),
        reading.notes,
        reading.layer.fields
    );
    for remark in &reading.remarks {
        println!(
            "{} {:?} {:?} {} {}",
            remark.line, remark.code, remark.verdict, remark.problem, remark.reason
        );
    }
    assert_eq!(reading.features.len(), 4 + 59 + 468);
    for (code, lon, lat) in [
        ("510703", 104.7567, 31.4551),
        ("511526", 104.7092, 28.4386),
        ("320281", 120.2853, 31.9203),
    ] {
        let at = Coord::snap(LonLat::new(lon, lat)).unwrap();
        let is_county = |feature: &&Feature| feature.code.as_deref() == Some(code);
        let county = reading.features.iter().find(is_county).unwrap();
        assert_eq!(county.geometry.side(at), Side::Inside, "{code}");
    }
}

const SEED: &str = include_str!("fixtures/import/invalid.geojson");

fn read_bytes(bytes: &[u8], suffix: &str) -> Result<Reading, ReadError> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(format!("x.{suffix}"));
    std::fs::write(&file, bytes).unwrap();
    read_as(&file, &ReadOptions::default())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_make_a_reader_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
        suffix in proptest::sample::select(vec!["geojson", "csv", "shp", "fgb", "gpkg", "kml", "zip", "xlsx", "zst", "pbf"]),
    ) {
        if let Err(error) = read_bytes(&bytes, suffix) {
            prop_assert!(!error.to_string().contains("NULL pointer"), "{error}");
        }
    }

    #[test]
    fn no_change_of_a_few_bytes_makes_geojson_panic_or_lose_a_feature(
        changes in proptest::collection::vec((0..SEED.len(), any::<u8>()), 1..6),
    ) {
        let mut bytes = SEED.as_bytes().to_vec();
        for (at, byte) in changes {
            bytes[at] = byte;
        }
        if let Ok(reading) = read_bytes(&bytes, "geojson") {
            let refused = reading.remarks.iter().filter(|remark| remark.verdict == Verdict::Refused).count();
            prop_assert_eq!(reading.features.len() + refused, usize::try_from(reading.read).unwrap());
        }
    }

    #[test]
    fn no_coordinates_make_the_pipeline_panic(
        ring in proptest::collection::vec((-3_i32..4, -3_i32..4), 0..12),
        scale in proptest::sample::select(vec![1e-7, 1e-3, 1.0, 60.0, 1e9]),
    ) {
        let coordinates: Vec<[f64; 2]> = ring.iter().map(|&(x, y)| [f64::from(x) * scale, f64::from(y) * scale]).collect();
        let text = serde_json::json!({"type": "Polygon", "coordinates": [coordinates]}).to_string();
        if let Ok(reading) = read_bytes(text.as_bytes(), "geojson") {
            prop_assert_eq!(reading.features.len() + reading.remarks.iter().filter(|r| r.verdict == Verdict::Refused).count(), 1);
        }
    }
}
