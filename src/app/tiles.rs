//! Encoded and compressed tiles, kept as long as there is room.

use std::sync::Arc;

use flate2::Compression;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use xxhash_rust::xxh3::xxh3_64;

use crate::model::{Access, Feature, Layer, LayerName, TileFormat, Time};
use crate::snapshot::LayerSnapshot;
use crate::tile::{Dropped, Filter, Shown, TileAddress, TileError, TileOptions, mlt};

use super::bounded::{Bounded, Drawing, MOST_BYTES, Packing, pack};
use super::tile_filter::TileFilter;

/// Room for tiles, bytes.
const ROOM: u64 = 256 << 20;
/// Tiles expected in that room.
const COUNT: usize = 20_000;
/// How hard tiles are packed while somebody waits.
const LEVEL: u32 = 6;

/// One tile as it goes over the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TileBytes {
    pub bytes: Vec<u8>,
    /// The same, gzipped, where that is worth while.
    pub gzip: Option<Vec<u8>>,
    /// Hash of `bytes`: equal tiles have equal tags.
    pub tag: u64,
    /// What was too much to be drawn singly.
    pub dropped: Vec<Dropped>,
}

/// Which tile is asked for, and in which form.
#[derive(Clone, Copy, Debug)]
pub struct TileWish<'a> {
    pub address: TileAddress,
    pub at: Time,
    pub access: Access,
    pub format: TileFormat,
    /// Read for the layers that are shown.
    pub filter: Option<&'a TileFilter>,
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
    filter: Option<Arc<str>>,
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
        let filter = key.filter.as_ref().map_or(0, |text| text.len());
        (tile + 64 + filter + (key.layers.len() + key.labels.len()) * 64) as u64
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

    /// The tile of what is shown of a snapshot's `edition`, from the cache or made now; `None` where it is empty.
    ///
    /// # Errors
    /// Where the tile cannot be encoded.
    pub fn tile(
        &self,
        edition: u64,
        shown: &Shown<'_>,
        wish: &TileWish<'_>,
    ) -> Result<(Option<Arc<TileBytes>>, Found), TileError> {
        let key = key(edition, shown, wish);
        if let Some(kept) = self.0.get(&key) {
            return Ok((kept, Found::Kept));
        }
        let drawn = self.make(edition, shown, wish)?;
        let made = drawn.map(|drawn| Arc::new(TileBytes::from(drawn)));
        self.0.insert(key, made.clone());
        Ok((made, Found::Made))
    }

    fn make(
        &self,
        edition: u64,
        shown: &Shown<'_>,
        wish: &TileWish<'_>,
    ) -> Result<Option<Bounded>, TileError> {
        let passes = |layer: &Layer, feature: &Feature| {
            let filter = wish.filter.as_ref();
            filter.is_none_or(|filter| filter.passes(layer, feature))
        };
        let drawing = Drawing {
            layers: &shown.layers,
            at: wish.at,
            access: wish.access,
            options: TileOptions {
                labels: &shown.labels,
                filter: wish.filter.map(|_| Filter::new(&passes)),
                ..TileOptions::default()
            },
            format: wish.format,
            level: Compression::new(LEVEL),
        };
        if wish.format == TileFormat::Mvt {
            return drawing.bounded(wish.address);
        }
        let format = TileFormat::Mvt;
        let (from, _) = self.tile(edition, shown, &TileWish { format, ..*wish })?;
        let converted = from.map(|from| converted(&from, &drawing, wish.address));
        Ok(converted.transpose()?.flatten())
    }
}

fn key(edition: u64, shown: &Shown<'_>, wish: &TileWish<'_>) -> Key {
    let content = |layer: &&LayerSnapshot| {
        (
            layer.layer().name.clone(),
            layer.version(),
            layer.period(wish.at),
            layer.is_simplified(),
        )
    };
    Key {
        edition,
        layers: shown.layers.iter().map(content).collect(),
        labels: shown.labels.iter().map(content).collect(),
        address: wish.address,
        access: wish.access,
        format: wish.format,
        filter: wish.filter.map(|filter| Arc::clone(filter.text())),
    }
}

/// Where a tile came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    Kept,
    Made,
}

/// An MVT as MLT: drawn anew where that is over the bound.
fn converted(
    from: &TileBytes,
    drawing: &Drawing<'_>,
    address: TileAddress,
) -> Result<Option<Bounded>, TileError> {
    let bytes = mlt(&from.bytes)?;
    match pack(&bytes, drawing.level, MOST_BYTES) {
        Packing::Over { .. } => drawing.bounded(address),
        Packing::Fits(gzip) => Ok(Some(Bounded {
            bytes,
            gzip,
            dropped: from.dropped.clone(),
        })),
    }
}

impl From<Bounded> for TileBytes {
    fn from(drawn: Bounded) -> Self {
        Self {
            tag: xxh3_64(&drawn.bytes),
            gzip: drawn.gzip,
            bytes: drawn.bytes,
            dropped: drawn.dropped,
        }
    }
}
