//! The same tile read by three other programs: they must agree on every feature.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use fast_mvt::{MvtFeature, MvtGeometry};
use gdal::errors::GdalError;
use gdal::vector::LayerAccess;
use gdal::{Dataset, DatasetOptions};
use geo::CoordsIter;
use serde_json::{Value as Json, json};
use wangge::model::{Access, Feature, Geometry, GeometryKind};
use wangge::snapshot::LayerSnapshot;
use wangge::tile::{TileAddress, TileOptions, tile};
use xxhash_rust::xxh3::xxh3_64;

use super::support::{Shape, feature, geometry, lattice, layer, now, polygons, read};

pub(super) fn here() -> TileAddress {
    TileAddress::new(14, 12_960, 6_800).unwrap()
}

fn named(index: i64, shape: Geometry) -> Feature {
    Feature {
        code: Some(format!("{index:04}").into()),
        name: Some(format!("第{index}网格").into()),
        ..feature(index, shape)
    }
}

/// Cells with a hole in each second one, some beyond the tile; lines across them; their corners as points.
pub(super) fn tile_of_three_layers() -> Vec<u8> {
    let corner = |index: i64| {
        (
            (index % 12) as f64 * 400.0 - 300.0,
            (index / 12) as f64 * 390.0 - 300.0,
        )
    };
    let square = |(x, y): (f64, f64), inset: f64| {
        let (a, b) = (inset, 370.0 - inset);
        vec![
            (x + a, y + a + 13.0),
            (x + b, y + a),
            (x + b, y + b + 21.0),
            (x + a + 5.0, y + b),
        ]
    };
    let cell = |index: i64| -> Shape {
        let holes = (index % 2 == 0).then(|| square(corner(index), 100.0));
        vec![
            std::iter::once(square(corner(index), 0.0))
                .chain(holes)
                .collect(),
        ]
    };
    let path = |index: i64| {
        let (x, y) = corner(index);
        let line = [(x, y), (x + 900.0, y + 333.0), (x, y + 600.0)];
        Geometry::lines([line.map(|at| lattice(here(), at)).to_vec()]).unwrap()
    };
    let spot = |index: i64| Geometry::points([lattice(here(), corner(index))]).unwrap();
    let build = |name: &str, kind, shape: &dyn Fn(i64) -> Geometry| {
        let features = (0..144).map(|index| named(index, shape(index)));
        LayerSnapshot::build(layer(name, kind), 1, features)
    };
    let cells = build("base.grid", GeometryKind::Polygon, &|index| {
        geometry(here(), &cell(index)).unwrap()
    });
    let lanes = build("lane", GeometryKind::Line, &path);
    let spots = build("摄像头", GeometryKind::Point, &spot);
    let layers = [&cells, &lanes, &spots];
    tile(
        &layers,
        here(),
        now(),
        Access::LOCAL,
        &TileOptions::default(),
    )
    .unwrap()
    .unwrap()
}

pub(super) fn written(bytes: &[u8], name: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

/// A feature in the words of `tile_decode/decode.mjs`.
pub(super) fn as_json(feature: &MvtFeature) -> Json {
    let line = |line: &geo::LineString<i32>| -> Json {
        line.0.iter().map(|at| json!([at.x, at.y])).collect()
    };
    let (kind, geometry) = match &feature.geometry {
        MvtGeometry::Point(at) => ("Point", json!([[at.x(), at.y()]])),
        MvtGeometry::MultiPoint(many) => (
            "Point",
            many.iter().map(|at| json!([at.x(), at.y()])).collect(),
        ),
        MvtGeometry::LineString(one) => ("LineString", json!([line(one)])),
        MvtGeometry::MultiLineString(many) => ("LineString", many.iter().map(line).collect()),
        other => {
            let whole = |at: &geo::Coord<f64>| json!([at.x as i32, at.y as i32]);
            let ring = |ring: &geo::LineString<f64>| -> Json { ring.0.iter().map(whole).collect() };
            let rings = |part: &geo::Polygon<f64>| -> Json {
                std::iter::once(part.exterior())
                    .chain(part.interiors())
                    .map(ring)
                    .collect()
            };
            ("Polygon", polygons(other).iter().map(rings).collect())
        }
    };
    let properties = feature.properties.iter().cloned();
    let properties: serde_json::Map<String, Json> = properties
        .map(|(key, value)| (key, Json::try_from(value).unwrap()))
        .collect();
    json!({"id": feature.id, "type": kind, "properties": properties, "geometry": geometry})
}

/// What a program of `tile_decode` prints of a folder or files.
pub(super) fn node<P: AsRef<Path>>(program: &str, paths: &[P]) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tile_decode");
    assert!(
        folder.join("node_modules").is_dir(),
        "tests/tile_decode/node_modules is missing: run `npm ci` in tests/tile_decode, or `make test`"
    );
    let run = Command::new("node")
        .arg(folder.join(program))
        .args(paths.iter().map(AsRef::as_ref))
        .output();
    let run = run.unwrap_or_else(|error| {
        panic!("node could not be started ({error}): install Node.js 20 or later")
    });
    assert!(
        run.status.success(),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    run.stdout
}

#[test]
fn maplibres_reader_sees_what_fast_mvt_sees() {
    let bytes = tile_of_three_layers();
    let (_kept, path) = written(&bytes, "tile.mvt");
    let seen: Json = serde_json::from_slice(&node("decode.mjs", &[path])).unwrap();
    let layers: Vec<Json> = read(&bytes)
        .iter()
        .map(|layer| {
            let features: Vec<Json> = layer.features.iter().map(as_json).collect();
            json!({"name": layer.name, "version": 2, "extent": 4096, "features": features})
        })
        .collect();
    assert_eq!(layers.len(), 3);
    assert_eq!(seen, json!({"layers": layers}));
}

/// Opens a tile by GDAL's driver.
fn opened(path: &Path) -> Dataset {
    try_opened(path).unwrap()
}

pub(super) fn try_opened(path: &Path) -> Result<Dataset, GdalError> {
    let options = DatasetOptions {
        allowed_drivers: Some(&["MVT"]),
        // Otherwise it drops what lies in the buffer only.
        open_options: Some(&["CLIP=NO"]),
        ..DatasetOptions::default()
    };
    Dataset::open_ex(path, options)
}

/// Tiles that other programs are to read: @mapbox/vector-tile, and GDAL, whose geometries GEOS must find valid, as shapely asks it.
pub(super) struct Readers {
    folder: tempfile::TempDir,
    /// Hashes of what was taken in: equal tiles are read once.
    known: HashSet<u64>,
    /// How many features and vertices each tile has.
    counts: BTreeMap<String, [usize; 2]>,
}

impl Default for Readers {
    fn default() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            known: HashSet::new(),
            counts: BTreeMap::new(),
        }
    }
}

impl Readers {
    /// Takes in a tile of one layer, if there is one.
    pub(super) fn add(&mut self, layer: &LayerSnapshot, address: TileAddress) {
        let options = TileOptions::default();
        let at = wangge::app::now();
        let Some(bytes) = tile(&[layer], address, at, Access::LOCAL, &options).unwrap() else {
            return;
        };
        if !self.known.insert(xxh3_64(&bytes)) {
            return;
        }
        let name = format!("{:06}.mvt", self.counts.len());
        std::fs::write(self.folder.path().join(&name), &bytes).unwrap();
        let layers = read(&bytes);
        let features = layers.iter().flat_map(|layer| &layer.features);
        let vertices = features
            .clone()
            .map(|feature| feature.geometry.coords_count());
        self.counts
            .insert(name, [features.clone().count(), vertices.sum()]);
    }

    /// Lets them read all that was taken in; answers how many tiles that were.
    pub(super) fn check(self) -> usize {
        for (name, [features, _]) in &self.counts {
            let dataset = opened(&self.folder.path().join(name));
            let mut seen = 0;
            for mut layer in dataset.layers() {
                for feature in layer.features() {
                    assert!(feature.geometry().unwrap().is_valid(), "{name}");
                    seen += 1;
                }
            }
            assert_eq!(seen, *features, "{name}");
        }
        let seen = node("count.mjs", &[self.folder.path()]);
        let seen: BTreeMap<String, [usize; 2]> = serde_json::from_slice(&seen).unwrap();
        assert_eq!(seen, self.counts);
        self.counts.len()
    }
}

#[test]
fn gdals_mvt_driver_opens_a_tile_and_finds_the_same_features_all_valid() {
    let bytes = tile_of_three_layers();
    let (_kept, path) = written(&bytes, "tile.mvt");
    let dataset = opened(&path);
    let layers = read(&bytes);
    assert_eq!(dataset.layer_count(), layers.len());
    for expected in layers {
        let mut layer = dataset.layer_by_name(&expected.name).unwrap();
        let mut codes = Vec::new();
        for feature in layer.features() {
            assert!(feature.geometry().unwrap().is_valid());
            let code = feature
                .field_index("code")
                .and_then(|index| feature.field_as_string(index));
            codes.extend(code.unwrap());
        }
        let code = |feature: &MvtFeature| match &feature.properties[0] {
            (key, fast_mvt::MvtValue::String(code)) if key == "code" => code.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(
            codes,
            expected.features.iter().map(code).collect::<Vec<_>>()
        );
    }
}
