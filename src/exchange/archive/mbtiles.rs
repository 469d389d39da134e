//! MBTiles 1.3: an SQLite file whose `tiles` is a view, so that equal tiles are kept once. The SQL here is the file's format.

use std::collections::HashMap;
use std::path::Path;

use rusqlite::{Connection, Result, params};
use serde_json::json;
use xxhash_rust::xxh3::xxh3_128;

use super::ArchiveHead;
use crate::model::TileFormat;

/// Nobody sees the file before it is whole: it needs neither journal nor locks. The id is that of MBTiles, "MPBX".
const PLAN: &str = "
PRAGMA page_size = 4096;
PRAGMA application_id = 0x4d504258;
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA locking_mode = EXCLUSIVE;
BEGIN;
CREATE TABLE metadata (name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE images (tile_id INTEGER PRIMARY KEY, tile_data BLOB NOT NULL);
CREATE TABLE map (zoom_level INTEGER NOT NULL, tile_column INTEGER NOT NULL, tile_row INTEGER NOT NULL,
    tile_id INTEGER NOT NULL);
CREATE VIEW tiles AS SELECT zoom_level, tile_column, tile_row, tile_data FROM map JOIN images USING (tile_id);
";

/// Rows are found by address; made at the end, which is faster than row by row.
const INDEX: &str = "
CREATE UNIQUE INDEX map_by_address ON map (zoom_level, tile_column, tile_row);
COMMIT;
";

/// An MBTiles file on its way.
pub(super) struct MbTiles {
    file: Connection,
    /// Tiles that are there by the hash of their bytes.
    known: HashMap<u128, i64>,
    /// The id of the youngest of them.
    last: i64,
}

impl MbTiles {
    pub(super) fn create(path: &Path, head: &ArchiveHead) -> Result<Self> {
        let file = Connection::open(path)?;
        file.execute_batch(PLAN)?;
        {
            let mut row = file.prepare("INSERT INTO metadata VALUES (?1, ?2)")?;
            for (name, value) in metadata(head) {
                row.execute(params![name, value])?;
            }
        }
        Ok(Self {
            file,
            known: HashMap::new(),
            last: 0,
        })
    }

    pub(super) fn add(&mut self, z: u8, x: u32, y: u32, gzip: &[u8]) -> Result<()> {
        let next = self.last + 1;
        let id = *self.known.entry(xxh3_128(gzip)).or_insert(next);
        if id == next {
            self.last = id;
            let mut image = self
                .file
                .prepare_cached("INSERT INTO images VALUES (?1, ?2)")?;
            image.execute(params![id, gzip])?;
        }
        // Rows are counted from the south there.
        let row = (1_u32 << z) - 1 - y;
        let mut map = self
            .file
            .prepare_cached("INSERT INTO map VALUES (?1, ?2, ?3, ?4)")?;
        map.execute(params![z, x, row, id])?;
        Ok(())
    }

    pub(super) fn finish(self) -> Result<()> {
        self.file.execute_batch(INDEX)?;
        self.file.close().map_err(|(_, error)| error)
    }
}

fn metadata(head: &ArchiveHead) -> Vec<(&'static str, String)> {
    let [west, south, east, north] = head.bounds;
    let (lon, lat, zoom) = head.center;
    let format = match head.format {
        TileFormat::Mvt => "pbf",
        // The specification wants the media type of whatever it has no word for.
        TileFormat::Mlt => TileFormat::Mlt.media_type(),
    };
    let mut rows = vec![
        ("name", head.name.clone()),
        ("format", format.to_owned()),
        ("type", "overlay".to_owned()),
        ("bounds", format!("{west},{south},{east},{north}")),
        ("center", format!("{lon},{lat},{zoom}")),
        ("minzoom", head.zooms.min.to_string()),
        ("maxzoom", head.zooms.max.to_string()),
        (
            "json",
            json!({"vector_layers": head.vector_layers}).to_string(),
        ),
    ];
    if !head.attribution.is_empty() {
        rows.push(("attribution", head.attribution.clone()));
    }
    rows
}
