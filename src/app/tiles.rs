//! Encoded and compressed tiles, kept as long as there is room and nothing in them has changed.
//!
//! Invariant: a kept tile is what the current snapshot gives, at all times of its span. When a snapshot is to be swapped in, what
//! changed with it is noted first, then all tiles that it touches are dropped, then readers get the snapshot. A tile goes in only
//! together with a look at what was noted since the content that it was made from, and not where any of that touches it, or where
//! the notes do not reach back so far: so none that was made from a former snapshot comes in after the drop. A tile that nothing
//! touched holds for its whole span, whatever turns came into the layers since: what begins or ends to hold at these is what changed,
//! and lies elsewhere.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use flate2::Compression;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use xxhash_rust::xxh3::xxh3_64;

use super::bounded::{Bounded, Drawing, MOST_BYTES, Packing, pack};
use super::change::Change;
use super::notes::Notes;
use super::tile_filter::TileFilter;
use crate::model::{Access, Feature, Layer, LayerName, TileFormat, Time, Validity};
use crate::snapshot::{Content, LayerSnapshot};
use crate::tile::{Dropped, Filter, Shown, TileAddress, TileError, TileOptions, mlt};

/// Room for tiles, bytes.
const ROOM: u64 = 256 << 20;
/// Tiles expected in that room.
const COUNT: usize = 20_000;
/// What a tile takes beside its bytes, about; so that empty ones are not too many to be looked at when something changes.
const BESIDE: usize = 256;
/// Times at which one tile is kept, the latest asked for.
const SPANS: usize = 16;
/// How hard tiles are packed while somebody waits: 6 makes them a thousandth smaller and takes a tenth of their time more.
const LEVEL: u32 = 4;

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

/// A tile; `None` where it is empty.
pub type Tile = Option<Arc<TileBytes>>;

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

/// What a tile depends on, beside what its layers hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    address: TileAddress,
    layers: Vec<ShownLayer>,
    labels: Vec<ShownLayer>,
    access: Access,
    format: TileFormat,
    filter: Option<Arc<str>>,
}

/// A layer, and whether it is known how its borders are simplified.
type ShownLayer = (LayerName, bool);

impl Key {
    fn names(&self) -> impl Iterator<Item = &LayerName> + Clone {
        let all = self.layers.iter().chain(&self.labels);
        all.map(|(name, _)| name)
    }
}

/// A tile, `None` where it is empty, and the times at which it is this one.
#[derive(Clone, Debug)]
struct Held {
    span: Validity,
    tile: Tile,
}

/// The same tile at several times.
type Spans = Arc<[Held]>;

#[derive(Clone, Debug)]
struct Weight;

impl Weighter<Key, Spans> for Weight {
    fn weight(&self, key: &Key, spans: &Spans) -> u64 {
        let size = |tile: &TileBytes| tile.bytes.len() + tile.gzip.as_ref().map_or(0, Vec::len);
        let held = spans
            .iter()
            .map(|held| held.tile.as_deref().map_or(0, size));
        let names = key.layers.len() + key.labels.len();
        let filter = key.filter.as_ref().map_or(0, |text| text.len());
        (held.map(|size| size + BESIDE).sum::<usize>() + names * 64 + filter) as u64
    }
}

/// Tiles that were asked for, empty ones too.
#[derive(Debug)]
pub struct TileCache {
    kept: Cache<Key, Spans, Weight>,
    notes: Mutex<Notes>,
    dropped: AtomicU64,
}

impl Default for TileCache {
    fn default() -> Self {
        Self {
            kept: Cache::with_weighter(COUNT, ROOM, Weight),
            notes: Mutex::default(),
            dropped: AtomicU64::default(),
        }
    }
}

impl TileCache {
    /// How many tiles were dropped because something in them changed.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Ordering::Relaxed)
    }

    /// Drops the tiles that a change touches, and answers how many; readers must not have the snapshot after it yet.
    pub(super) fn drop_touched(&self, change: Change) -> usize {
        let change = Arc::new(change);
        self.notes
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .add(Arc::clone(&change));
        let blocks = change.blocks();
        let dropped = Cell::new(0);
        self.kept.retain(|key, spans| {
            let is_touched = blocks.touch(key.names(), key.address);
            if is_touched {
                dropped.set(dropped.get() + spans.len());
            }
            !is_touched
        });
        self.dropped
            .fetch_add(dropped.get() as u64, Ordering::Relaxed);
        dropped.get()
    }

    /// The tile of what is shown of a snapshot's `content` at a time, from the cache or made now; `None` where it is empty.
    ///
    /// # Errors
    /// Where the tile cannot be encoded.
    pub fn tile(
        &self,
        content: Content,
        shown: &Shown<'_>,
        wish: &TileWish<'_>,
    ) -> Result<(Tile, Found), TileError> {
        let key = key(shown, wish);
        if let Some(tile) = self.held(&key, wish.at) {
            return Ok((tile, Found::Kept));
        }
        let made = self.make(content, shown, wish)?;
        let tile = made.map(|made| Arc::new(TileBytes::from(made)));
        let spans = shown.all().map(|layer| layer.span(wish.at));
        let held = Held {
            span: spans.fold(Validity::ALWAYS, Validity::meet),
            tile: tile.clone(),
        };
        self.keep(key, held, wish.at, content);
        Ok((tile, Found::Made))
    }

    /// The same where it is in the cache, at once.
    #[must_use]
    pub fn kept(&self, shown: &Shown<'_>, wish: &TileWish<'_>) -> Option<Tile> {
        self.held(&key(shown, wish), wish.at)
    }

    fn held(&self, key: &Key, at: Time) -> Option<Tile> {
        let kept = self.kept.get(key)?;
        let held = kept.iter().find(|held| held.span.holds_at(at))?;
        Some(held.tile.clone())
    }

    /// Keeps a tile that was made from some content for a time, unless something in it has changed since.
    fn keep(&self, key: Key, held: Held, at: Time, made_from: Content) {
        // Not free again until the tile is in: a change that is noted after this look drops it.
        let notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        if notes.outdate(&key.names(), key.address, made_from) {
            return;
        }
        let known = self.kept.peek(&key);
        let known = known.iter().flat_map(|spans| spans.iter());
        let others = known.filter(|known| !known.span.holds_at(at)).cloned();
        let mut spans: Vec<Held> = others.collect();
        spans.drain(..(spans.len() + 1).saturating_sub(SPANS));
        spans.push(held);
        self.kept.insert(key, spans.into());
    }

    fn make(
        &self,
        content: Content,
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
        let (from, _) = self.tile(content, shown, &TileWish { format, ..*wish })?;
        let converted = from.map(|from| converted(&from, &drawing, wish.address));
        Ok(converted.transpose()?.flatten())
    }
}

fn key(shown: &Shown<'_>, wish: &TileWish<'_>) -> Key {
    let drawn = |layer: &&LayerSnapshot| (layer.layer().name.clone(), layer.is_simplified());
    Key {
        layers: shown.layers.iter().map(drawn).collect(),
        labels: shown.labels.iter().map(drawn).collect(),
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
