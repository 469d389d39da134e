//! Encoded and compressed tiles, kept as long as there is room.

use std::io::Write;
use std::sync::Arc;

use flate2::Compression;
use flate2::write::GzEncoder;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use xxhash_rust::xxh3::xxh3_64;

use crate::model::{Access, LayerName, TileFormat, Time};
use crate::snapshot::LayerSnapshot;
use crate::tile::{Shown, TileAddress, TileError, TileOptions, mlt, tile};

/// Room for tiles, bytes.
const ROOM: u64 = 256 << 20;
/// Tiles expected in that room.
const COUNT: usize = 20_000;
/// Above this a tile is worth compressing, bytes; a smaller one fits a network packet as it is.
const WORTH: usize = 1024;

/// One tile as it goes over the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TileBytes {
    pub bytes: Vec<u8>,
    /// The same, gzipped, where that is worth while.
    pub gzip: Option<Vec<u8>>,
    /// Hash of `bytes`: equal tiles have equal tags.
    pub tag: u64,
}

/// What a tile depends on: what layers hold at a time is told by their version and period, so that neither a change nor the
/// passing of a grid's first or last day ever finds an old tile.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    edition: u64,
    layers: Vec<Content>,
    labels: Vec<Content>,
    address: TileAddress,
    access: Access,
    format: TileFormat,
}

/// What a layer holds, and how it is drawn: its version, its period, and whether it is known how its borders are simplified.
type Content = (LayerName, u64, usize, bool);

#[derive(Clone, Debug)]
struct Weight;

impl Weighter<Key, Option<Arc<TileBytes>>> for Weight {
    fn weight(&self, key: &Key, tile: &Option<Arc<TileBytes>>) -> u64 {
        let tile = tile.as_ref().map_or(0, |tile| {
            tile.bytes.len() + tile.gzip.as_ref().map_or(0, Vec::len)
        });
        (tile + 64 + (key.layers.len() + key.labels.len()) * 64) as u64
    }
}

/// Tiles that were asked for, empty ones too.
#[derive(Debug)]
pub struct TileCache(Cache<Key, Option<Arc<TileBytes>>, Weight>);

impl Default for TileCache {
    fn default() -> Self {
        Self(Cache::with_weighter(COUNT, ROOM, Weight))
    }
}

impl TileCache {
    /// Forgets all tiles.
    pub fn clear(&self) {
        self.0.clear();
    }

    /// The tile of what is shown of a snapshot's `edition` at a time, from the cache or made now; `None` where it is empty.
    ///
    /// # Errors
    /// Where the tile cannot be encoded.
    pub fn tile(
        &self,
        edition: u64,
        shown: &Shown<'_>,
        address: TileAddress,
        at: Time,
        access: Access,
        format: TileFormat,
    ) -> Result<(Option<Arc<TileBytes>>, Found), TileError> {
        let content = |layer: &&LayerSnapshot| {
            (
                layer.layer().name.clone(),
                layer.version(),
                layer.period(at),
                layer.is_simplified(),
            )
        };
        let key = Key {
            edition,
            layers: shown.layers.iter().map(content).collect(),
            labels: shown.labels.iter().map(content).collect(),
            address,
            access,
            format,
        };
        if let Some(kept) = self.0.get(&key) {
            return Ok((kept, Found::Kept));
        }
        let options = TileOptions {
            labels: &shown.labels,
            ..TileOptions::default()
        };
        let bytes = match format {
            TileFormat::Mvt => tile(&shown.layers, address, at, access, &options)?,
            TileFormat::Mlt => {
                let mvt = TileFormat::Mvt;
                let (from, _) = self.tile(edition, shown, address, at, access, mvt)?;
                from.map(|from| mlt(&from.bytes)).transpose()?
            }
        };
        let made = bytes.map(|bytes| Arc::new(pack(bytes)));
        self.0.insert(key, made.clone());
        Ok((made, Found::Made))
    }
}

/// Where a tile came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    Kept,
    Made,
}

fn pack(bytes: Vec<u8>) -> TileBytes {
    let gzip = (bytes.len() > WORTH).then(|| gzip(&bytes)).flatten();
    TileBytes {
        tag: xxh3_64(&bytes),
        gzip,
        bytes,
    }
}

/// Gzipped bytes; `None` where they are no shorter.
fn gzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 2), Compression::default());
    encoder.write_all(bytes).ok()?;
    encoder
        .finish()
        .ok()
        .filter(|packed| packed.len() < bytes.len())
}
