//! Tiles that others made, the cases of @mapbox/mvt-fixtures: that the readers of these tests read them as they are described, and
//! what becomes of them as MLT.

mod described;

use std::path::{Path, PathBuf};

use fast_mvt::MvtReaderRef;
use gdal::vector::{Geometry, LayerAccess};
use serde_json::{Value as Json, json};
use wangge::tile::mlt;

use super::readers::{as_json, node, try_opened};
use crate::support::program::shared;

/// Valid by their description, and refused by fast-mvt, on which MLT rests too: features of no known type, whose geometry may be
/// anything (016, 039), and a move to half a billion points of which one is there (057).
const REFUSED: [&str; 3] = ["016", "039", "057"];
/// Their second place lies a unit beyond 32 bits.
const BEYOND_32_BITS: [&str; 2] = ["049", "050"];

struct Case {
    name: String,
    /// By version 2 of the specification.
    is_valid: bool,
    path: PathBuf,
    mvt: Vec<u8>,
    layers: Vec<Json>,
}

impl Case {
    fn read(folder: &Path) -> Self {
        let json = |file| -> Json {
            serde_json::from_slice(&std::fs::read(folder.join(file)).unwrap()).unwrap()
        };
        let path = folder.join("tile.mvt");
        let is_valid = json("info.json")["validity"]["v2"].as_bool().unwrap();
        let described = |tile| described::layers(&tile);
        Self {
            name: folder.file_name().unwrap().to_str().unwrap().to_owned(),
            is_valid,
            mvt: std::fs::read(&path).unwrap(),
            path,
            layers: if is_valid {
                described(json("tile.json"))
            } else {
                Vec::new()
            },
        }
    }

    fn is_among(&self, names: &[&str]) -> bool {
        names.contains(&&*self.name)
    }
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/mvt");
    let entries = std::fs::read_dir(folder).unwrap();
    let folders = entries.map(|entry| entry.unwrap().path());
    let mut cases: Vec<Case> = folders
        .filter(|path| path.is_dir())
        .map(|path| Case::read(&path))
        .collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    assert_eq!(cases.len(), 74);
    cases
}

fn valid() -> Vec<Case> {
    let valid: Vec<Case> = cases().into_iter().filter(|case| case.is_valid).collect();
    assert_eq!(valid.len(), 46);
    valid
}

/// The same with all numbers in floating point, of which JavaScript has no others.
fn plain(value: Json) -> Json {
    match value {
        Json::Number(number) => json!(number.as_f64()),
        Json::Array(values) => values.into_iter().map(plain).collect(),
        Json::Object(values) => {
            let values = values.into_iter().map(|(key, value)| (key, plain(value)));
            Json::Object(values.collect())
        }
        other => other,
    }
}

/// The layers that `tile_decode/decode.mjs` reads from each of some files.
fn read_by_node(paths: &[PathBuf]) -> Vec<Json> {
    let lines = String::from_utf8(node("decode.mjs", paths)).unwrap();
    let tile = |line| serde_json::from_str::<Json>(line).unwrap()["layers"].take();
    let tiles: Vec<Json> = lines.lines().map(tile).map(plain).collect();
    assert_eq!(tiles.len(), paths.len());
    tiles
}

/// The layers that fast-mvt reads.
fn read_by_fast_mvt(mvt: &[u8]) -> Result<Json, fast_mvt::MvtError> {
    let reader = MvtReaderRef::new(mvt)?;
    let mut layers = reader.to_tile()?.layers;
    layers.retain(|layer| !layer.features.is_empty());
    let layer = |layer: &fast_mvt::MvtLayer| {
        let features: Vec<Json> = layer.features.iter().map(as_json).collect();
        json!({"name": layer.name, "version": 2, "extent": layer.extent.get(), "features": features})
    };
    Ok(plain(layers.iter().map(layer).collect()))
}

/// The same layers as MLT tells of them: it has no version.
fn without_version(mut layers: Json) -> Json {
    for layer in layers.as_array_mut().unwrap() {
        layer.as_object_mut().unwrap().shift_remove("version");
    }
    layers
}

/// The same with whole numbers beyond 32 bits at the end of these, where fast-mvt leaves them.
fn kept_to_32_bits(value: Json) -> Json {
    match value {
        Json::Number(number) => {
            let whole = number.as_i64();
            let kept = whole.map(|whole| whole.clamp(i32::MIN.into(), i32::MAX.into()));
            kept.map_or(Json::Number(number), Json::from)
        }
        Json::Array(values) => values.into_iter().map(kept_to_32_bits).collect(),
        Json::Object(mut values) => {
            for key in ["features", "geometry"] {
                if let Some(value) = values.get_mut(key) {
                    *value = kept_to_32_bits(value.take());
                }
            }
            Json::Object(values)
        }
        other => other,
    }
}

/// The layers of a case as MLT can tell them: a column has one type, and of the one number among texts (064) mlt-core makes a text in
/// words of its own. Fields of our layers have types.
fn as_mlt(case: Case) -> Json {
    let mut layers = plain(without_version(kept_to_32_bits(case.layers.into())));
    if case.name == "064" {
        let mixed = &mut layers[1]["features"][6]["properties"]["_mbx_worldview"];
        assert_eq!(mixed.take(), json!(100.0));
        *mixed = json!("Int(100)");
    }
    layers
}

#[test]
fn mapbox_vector_tile_reads_every_valid_case_as_it_is_described() {
    let cases = valid();
    let paths: Vec<PathBuf> = cases.iter().map(|case| case.path.clone()).collect();
    for (case, seen) in cases.into_iter().zip(read_by_node(&paths)) {
        assert_eq!(seen, plain(case.layers.into()), "{}", case.name);
    }
}

#[test]
fn fast_mvt_reads_every_valid_case_as_it_is_described_or_refuses_it() {
    for case in valid() {
        match read_by_fast_mvt(&case.mvt) {
            Ok(seen) => {
                let expected = plain(kept_to_32_bits(case.layers.into()));
                assert_eq!(seen, expected, "{}", case.name);
            }
            Err(error) => assert!(case.is_among(&REFUSED), "{}: {error}", case.name),
        }
    }
}

/// All vertices of a geometry, y downwards.
fn vertices(geometry: &Geometry) -> Vec<[f64; 2]> {
    let mut own = Vec::new();
    geometry.get_points(&mut own);
    let own = own.into_iter().map(|(x, y, _)| [x, 4096.0 - y]);
    let parts = (0..geometry.geometry_count()).map(|part| vertices(&geometry.get_geometry(part)));
    own.chain(parts.flatten()).collect()
}

/// All pairs of numbers in a description.
fn pairs(geometry: &Json) -> Vec<[f64; 2]> {
    let list = geometry.as_array().unwrap();
    match &**list {
        [Json::Number(x), Json::Number(y)] => vec![[x.as_f64().unwrap(), y.as_f64().unwrap()]],
        parts => parts.iter().flat_map(pairs).collect(),
    }
}

#[test]
fn gdal_finds_the_vertices_of_every_valid_case() {
    for case in valid() {
        // A tile without layers, and the half a billion points, are no tiles to it.
        if case.is_among(&["001", "057"]) {
            assert!(try_opened(&case.path).is_err(), "{}", case.name);
            continue;
        }
        let dataset = try_opened(&case.path).unwrap();
        for layer in &case.layers {
            let mut found = dataset
                .layer_by_name(layer["name"].as_str().unwrap())
                .unwrap();
            let features = layer["features"].as_array().unwrap();
            assert_eq!(found.features().count(), features.len(), "{}", case.name);
            if case.is_among(&BEYOND_32_BITS) || case.is_among(&REFUSED) {
                continue;
            }
            for (seen, expected) in found.features().zip(features) {
                let seen = vertices(seen.geometry().unwrap());
                assert_eq!(seen, pairs(&expected["geometry"]), "{}", case.name);
            }
        }
    }
}

#[test]
fn every_valid_case_shows_the_same_as_mlt_or_is_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let (mut paths, mut expected) = (Vec::new(), Vec::new());
    for case in valid() {
        match mlt(&case.mvt) {
            Ok(bytes) => {
                assert!(!case.is_among(&REFUSED), "{}", case.name);
                let path = folder.path().join(format!("{}.mlt", case.name));
                std::fs::write(&path, bytes).unwrap();
                paths.push(path);
                expected.push(as_mlt(case));
            }
            Err(error) => {
                assert!(case.is_among(&REFUSED), "{}: {error}", case.name);
                let reason = "the tile could not be written as MapLibre Tile: MVT error: invalid geometry command stream";
                assert_eq!(error.to_string(), reason, "{}", case.name);
            }
        }
    }
    for ((seen, expected), path) in read_by_node(&paths).into_iter().zip(expected).zip(&paths) {
        assert_eq!(seen, expected, "{}", path.display());
    }
}

#[test]
fn no_case_whole_or_cut_short_stops_the_conversion_to_mlt_otherwise_than_by_an_error() {
    for case in cases() {
        for length in 0..=case.mvt.len() {
            let converted = std::panic::catch_unwind(|| mlt(&case.mvt[..length]));
            let Ok(converted) = converted else {
                panic!("{} cut to {length} bytes", case.name)
            };
            if let Err(error) = converted {
                assert!(error.to_string().len() > 60, "{}: {error}", case.name);
            }
        }
    }
}

/// The real tiles of the same package, unpacked: one of each area.
fn real() -> Option<(tempfile::TempDir, Vec<PathBuf>)> {
    let packed = shared("mvt/mapbox-mvt-fixtures-4.0.0.tgz")?;
    let folder = tempfile::tempdir().unwrap();
    let mut tar = std::process::Command::new("tar");
    let tar = tar.arg("-xzf").arg(packed).arg("-C").arg(folder.path());
    assert!(tar.status().unwrap().success());
    let areas = std::fs::read_dir(folder.path().join("real-world")).unwrap();
    let tile = |area: PathBuf| {
        let files = std::fs::read_dir(area).unwrap();
        let files = files.map(|file| file.unwrap().path());
        files
            .filter(|path| path.extension().unwrap() == "mvt")
            .min()
    };
    let tiles: Vec<PathBuf> = areas
        .filter_map(|area| tile(area.unwrap().path()))
        .collect();
    assert_eq!(tiles.len(), 7);
    Some((folder, tiles))
}

#[test]
fn real_tiles_of_others_show_the_same_to_all_readers_and_as_mlt() {
    let Some((folder, tiles)) = real() else {
        return;
    };
    let mut converted = Vec::new();
    for (number, path) in tiles.iter().enumerate() {
        let bytes = mlt(&std::fs::read(path).unwrap()).unwrap();
        let path = folder.path().join(format!("{number}.mlt"));
        std::fs::write(&path, bytes).unwrap();
        converted.push(path);
    }
    let seen = read_by_node(&tiles)
        .into_iter()
        .zip(read_by_node(&converted));
    for (path, (mvt, mlt)) in tiles.iter().zip(seen) {
        let expected = read_by_fast_mvt(&std::fs::read(path).unwrap()).unwrap();
        assert!(mvt == expected, "{}: mvt", path.display());
        assert!(mlt == without_version(expected), "{}: mlt", path.display());
    }
}
