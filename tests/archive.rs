//! Archives of tiles as other readers see them: the pmtiles package under node, GDAL, SQLite.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use flate2::read::GzDecoder;
use gdal::vector::LayerAccess;
use gdal::{Dataset, DatasetOptions, Metadata as _};
use rusqlite::Connection;
use serde_json::{Value as Json, json};
use wangge::app::{load, now};
use wangge::model::{Access, TileFormat};
use wangge::snapshot::{LayerSnapshot, Snapshot};
use wangge::store::Store;
use wangge::tile::{TileAddress, TileOptions, mlt, tile};

use crate::support::program::Desk;
use crate::support::{county_store, name};

const LAYERS: &str = "base.county,base.grid,camera";

/// A desk beside the store of the small county.
struct County {
    desk: Desk,
    store: PathBuf,
    _folder: tempfile::TempDir,
}

impl County {
    fn new() -> Self {
        let (folder, store) = county_store();
        Self {
            desk: Desk::new(),
            store,
            _folder: folder,
        }
    }

    fn arguments<'a>(&'a self, more: &[&'a str]) -> Vec<&'a str> {
        [&["--store", self.store.to_str().unwrap(), "tiles"], more].concat()
    }

    fn must(&self, more: &[&str]) -> String {
        self.desk.must(&self.arguments(more)).out()
    }

    /// What a command says that must fail, which leaves no file behind.
    fn refused(&self, more: &[&str]) -> String {
        let before = self.files();
        let ended = self.desk.run(&self.arguments(more));
        assert_eq!(ended.code(), 1, "{more:?}: {}", ended.out());
        assert_eq!(self.files(), before, "{more:?}");
        ended.err()
    }

    fn files(&self) -> Vec<String> {
        let folder = self.desk.path("");
        let mut names: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn snapshot(&self) -> Snapshot {
        load(&mut Store::open(&self.store).unwrap(), Arc::default()).unwrap()
    }
}

/// Each address of zooms 0 to 7, and from there to zoom 14 those around the county's north-east, with what `tile` draws there.
fn brute_force(snapshot: &Snapshot, format: TileFormat) -> Vec<(TileAddress, Option<Vec<u8>>)> {
    let layers: Vec<&LayerSnapshot> = LAYERS
        .split(',')
        .map(|layer| &*snapshot.layers[&name(layer)])
        .collect();
    let square = |z: u8, x: std::ops::Range<u32>, y: std::ops::Range<u32>| {
        let column = move |x| y.clone().map(move |y| TileAddress::new(z, x, y).unwrap());
        x.flat_map(column).collect::<Vec<_>>()
    };
    let top = (0..=7).flat_map(|z| square(z, 0..1 << z, 0..1 << z));
    let below = (8..=14).flat_map(|z| {
        // The tile of 104.71, 28.41, the middle of the county, at zoom 14.
        let around = |place: u32| (place >> (14 - z)) - 4..(place >> (14 - z)) + 5;
        square(z, around(12_957), around(6_842))
    });
    let options = TileOptions::default();
    let draw = |address| {
        let drawn = tile(&layers, address, now(), Access::LOCAL, &options).unwrap();
        match format {
            TileFormat::Mvt => drawn,
            TileFormat::Mlt => drawn.map(|bytes| mlt(&bytes).unwrap()),
        }
    };
    top.chain(below)
        .map(|address| (address, draw(address)))
        .collect()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// What the pmtiles package reads at these addresses.
fn read_pmtiles(path: &Path, addresses: impl Iterator<Item = TileAddress>) -> Json {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tile_decode");
    let mut node = Command::new("node")
        .arg(folder.join("archive.mjs"))
        .arg(path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let asked: Json = addresses
        .map(|address| json!([address.z(), address.x(), address.y()]))
        .collect();
    let mut input = node.stdin.take().unwrap();
    input.write_all(asked.to_string().as_bytes()).unwrap();
    drop(input);
    let answer = node.wait_with_output().unwrap();
    assert!(answer.status.success());
    serde_json::from_slice(&answer.stdout).unwrap()
}

#[test]
fn the_pmtiles_package_finds_every_tile_as_it_is_drawn_and_no_other() {
    let county = County::new();
    let snapshot = county.snapshot();
    for (file, option, format, kind) in [
        ("a.pmtiles", "mvt", TileFormat::Mvt, 1),
        ("b.pmtiles", "mlt", TileFormat::Mlt, 6),
    ] {
        let said = county.must(&[LAYERS, "-o", file, "--format", option]);
        let all = brute_force(&snapshot, format);
        let read = read_pmtiles(
            &county.desk.path(file),
            all.iter().map(|(address, _)| *address),
        );
        let tiles = read["tiles"].as_array().unwrap();
        for ((address, drawn), found) in all.iter().zip(tiles) {
            let drawn = drawn.as_deref().map(hexadecimal);
            assert_eq!(found.as_str(), drawn.as_deref(), "{address:?}");
        }
        let count = all.iter().filter(|(_, drawn)| drawn.is_some()).count();
        assert_eq!(read["header"]["numAddressedTiles"], count);
        assert!(
            said.contains(&format!("{file}: {count} tiles at zooms 0 to 14")),
            "{said}"
        );
        for (key, value) in [
            ("tileType", json!(kind)),
            ("tileCompression", json!(2)),
            ("clustered", json!(true)),
            ("minZoom", json!(0)),
            ("maxZoom", json!(14)),
            ("minLon", json!(104.7)),
            ("minLat", json!(28.4)),
            ("maxLon", json!(104.72)),
            ("maxLat", json!(28.42)),
        ] {
            assert_eq!(read["header"][key], value, "{key}");
        }
    }
}

#[test]
fn an_archive_holds_labels_beside_their_layer_and_alone() {
    let county = County::new();
    let snapshot = county.snapshot();
    let grid = &*snapshot.layers[&name("base.grid")];
    let zooms = ["--min-zoom", "10", "--max-zoom", "14"];
    for (file, layers, asked) in [
        ("a.pmtiles", &[grid][..], "base.grid,base.grid.label"),
        ("b.pmtiles", &[], "base.grid.label"),
    ] {
        county.must(&[&[asked, "-o", file][..], &zooms].concat());
        let options = TileOptions {
            labels: &[grid],
            ..TileOptions::default()
        };
        // The tile of the county's middle, and where its grids' labels lie around it.
        let around =
            |z: u8, place: u32| (place >> (14 - z)).saturating_sub(3)..(place >> (14 - z)) + 4;
        let all: Vec<TileAddress> = (10..=14)
            .flat_map(|z| around(z, 12_957).map(move |x| (z, x)))
            .flat_map(|(z, x)| around(z, 6_842).map(move |y| TileAddress::new(z, x, y).unwrap()))
            .collect();
        let read = read_pmtiles(&county.desk.path(file), all.iter().copied());
        let mut count = 0;
        for (address, found) in all.iter().zip(read["tiles"].as_array().unwrap()) {
            let drawn = tile(layers, *address, now(), Access::LOCAL, &options).unwrap();
            let drawn = drawn.as_deref().map(hexadecimal);
            assert_eq!(found.as_str(), drawn.as_deref(), "{address:?}");
            count += usize::from(drawn.is_some());
        }
        assert_eq!(read["header"]["numAddressedTiles"], count);
        let described = read["metadata"]["vector_layers"].as_array().unwrap();
        assert_eq!(described.last().unwrap()["id"], "base.grid.label");
        assert_eq!(described.last().unwrap()["minzoom"], 10);
    }
}

#[test]
fn an_archive_says_what_it_is_and_whom_to_name() {
    let county = County::new();
    let more = [
        "--name",
        "珙县",
        "--attribution",
        "© 珙县",
        "--min-zoom",
        "3",
    ];
    county.must(
        &[
            &["base.grid,camera", "-o", "a.pmtiles", "--max-zoom", "5"][..],
            &more,
        ]
        .concat(),
    );
    let read = read_pmtiles(&county.desk.path("a.pmtiles"), std::iter::empty());
    assert_eq!(read["metadata"]["name"], "珙县");
    assert_eq!(read["metadata"]["attribution"], "© 珙县");
    let layers = read["metadata"]["vector_layers"].as_array().unwrap();
    assert_eq!(layers[1]["id"], "camera");
    assert_eq!(
        (&layers[1]["minzoom"], &layers[1]["maxzoom"]),
        (&json!(3), &json!(5))
    );
    assert_eq!(layers[1]["fields"]["network"], "String");
    county.must(&["base.grid,camera", "-o", "b.pmtiles"]);
    let read = read_pmtiles(&county.desk.path("b.pmtiles"), std::iter::empty());
    assert_eq!(read["metadata"]["name"], "层base.grid、层camera");
    assert_eq!(read["metadata"].get("attribution"), None);
}

#[test]
fn sqlite_finds_every_tile_of_an_mbtiles_as_it_is_drawn_and_no_other() {
    let county = County::new();
    county.must(&[LAYERS, "-o", "a.mbtiles"]);
    let file = Connection::open(county.desk.path("a.mbtiles")).unwrap();
    let mut rows = file
        .prepare("SELECT tile_data FROM tiles WHERE zoom_level = ?1 AND tile_column = ?2 AND tile_row = ?3")
        .unwrap();
    let mut count = 0;
    for (address, drawn) in brute_force(&county.snapshot(), TileFormat::Mvt) {
        let row = (1_u32 << address.z()) - 1 - address.y();
        let found = rows.query_row((address.z(), address.x(), row), |row| {
            row.get::<_, Vec<u8>>(0)
        });
        let found = found.ok().map(|packed| {
            let mut bytes = Vec::new();
            GzDecoder::new(&*packed).read_to_end(&mut bytes).unwrap();
            bytes
        });
        count += i64::from(found.is_some());
        assert_eq!(found, drawn, "{address:?}");
    }
    let one = |sql: &str| file.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(one("SELECT count(*) FROM tiles"), count);
    assert_eq!(one("PRAGMA application_id"), 0x4d50_4258);
    let check: String = file
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(check, "ok");
}

#[test]
fn gdal_opens_an_mbtiles_and_finds_the_grids() {
    let county = County::new();
    county.must(&[LAYERS, "-o", "a.mbtiles"]);
    let options = DatasetOptions {
        allowed_drivers: Some(&["MBTiles"]),
        ..DatasetOptions::default()
    };
    let dataset = Dataset::open_ex(county.desk.path("a.mbtiles"), options).unwrap();
    let said = |key| dataset.metadata_item(key, "");
    assert_eq!(said("format").as_deref(), Some("pbf"));
    assert_eq!(said("bounds").as_deref(), Some("104.7,28.4,104.72,28.42"));
    assert_eq!(
        (said("minzoom"), said("maxzoom")),
        (Some("0".into()), Some("14".into()))
    );
    let mut names = Vec::new();
    for mut layer in dataset.layers() {
        let mut codes: Vec<String> = layer
            .features()
            .filter_map(|feature| {
                feature
                    .field_as_string(feature.field_index("code").ok()?)
                    .ok()?
            })
            .collect();
        codes.sort();
        codes.dedup();
        names.push((layer.name(), codes.len()));
    }
    let expected = [("base.county", 1), ("base.grid", 3), ("camera", 5)];
    assert_eq!(
        names,
        expected.map(|(name, count)| (name.to_owned(), count))
    );
}

#[test]
fn the_same_store_makes_the_same_bytes() {
    let county = County::new();
    for (first, second, format) in [
        ("a.pmtiles", "b.pmtiles", "mvt"),
        ("a.mbtiles", "b.mbtiles", "mvt"),
        ("c.pmtiles", "d.pmtiles", "mlt"),
    ] {
        county.must(&[LAYERS, "-o", first, "--format", format]);
        county.must(&[LAYERS, "-o", second, "--format", format]);
        let read = |file| std::fs::read(county.desk.path(file)).unwrap();
        assert!(read(first) == read(second), "{first} {format}");
    }
}

#[test]
fn a_box_keeps_the_tiles_that_touch_it() {
    let county = County::new();
    // A camera's place: one tile a zoom, of a county that lies in more at zoom 14.
    let camera = [
        "--min-zoom",
        "5",
        "--bbox",
        "104.7131,28.4051,104.7131,28.4051",
    ];
    let said = county.must(&[&["base.county", "-o", "a.pmtiles"], &camera[..]].concat());
    assert!(said.contains("a.pmtiles: 10 tiles"), "{said}");
    let whole = county.must(&["base.county", "-o", "b.pmtiles", "--min-zoom", "5"]);
    assert!(!whole.contains(": 10 tiles"), "{whole}");
}

#[test]
fn what_cannot_be_written_is_refused_with_the_reason_and_leaves_no_file() {
    let county = County::new();
    for (arguments, reason) in [
        (
            &["nobody", "-o", "a.pmtiles"][..],
            "there is no layer nobody; there are: base.community",
        ),
        (
            &["camera,camera", "-o", "a.pmtiles"],
            "layer camera is named twice",
        ),
        (&["camera", "-o", "a.zip"], "write .pmtiles or .mbtiles"),
        (&["camera", "-o", "nowhere/a.pmtiles"], "nowhere/a.pmtiles"),
        (
            &[
                "camera",
                "-o",
                "a.pmtiles",
                "--min-zoom",
                "5",
                "--max-zoom",
                "3",
            ],
            "--min-zoom 5 is deeper than --max-zoom 3",
        ),
        (
            &["camera", "-o", "a.pmtiles", "--min-zoom", "15"],
            "drawn at zooms 0 to 14 only",
        ),
        (
            &["camera", "-o", "a.pmtiles", "--max-zoom", "25"],
            "25 is not in 0..=24",
        ),
        (
            &["camera", "-o", "a.mbtiles", "--bbox", "0,0,1,1"],
            "no tile has anything to show",
        ),
        (
            &["camera", "-o", "a.mbtiles", "--bbox", "0,0,1"],
            "west,south,east,north",
        ),
        (
            &["camera", "-o", "/dev/null.pmtiles/x.pmtiles"],
            "/dev/null.pmtiles",
        ),
    ] {
        let said = county.refused(arguments);
        assert!(said.contains(reason), "{arguments:?}: {said}");
    }
    std::fs::create_dir(county.desk.path("folder.pmtiles")).unwrap();
    let said = county.refused(&["camera", "-o", "folder.pmtiles"]);
    assert!(said.contains("is no plain file"), "{said}");
}

#[test]
fn a_file_that_is_there_is_replaced_by_a_whole_one_only() {
    let county = County::new();
    for file in ["a.pmtiles", "a.mbtiles"] {
        county.desk.write(file, "before");
        county.refused(&["camera", "-o", file, "--bbox", "0,0,1,1"]);
        assert_eq!(county.desk.read(file), "before");
        county.must(&["camera", "-o", file]);
        assert!(std::fs::read(county.desk.path(file)).unwrap().len() > 1000);
    }
    assert_eq!(county.files(), ["a.mbtiles", "a.pmtiles"]);
}
