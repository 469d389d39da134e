//! The running service without its edges: the current snapshot, the store it comes from, the tile cache.
//!
//! Readers take the snapshot and never wait; a change goes to the store first, then a new snapshot that shares everything
//! unchanged is swapped in.

mod archive;
mod base_map;
mod beside;
mod bounded;
mod change;
mod configure;
mod demo;
mod followed;
mod fonts;
mod import;
mod live;
mod load;
mod notes;
mod points;
mod tile_filter;
mod tiles;

use std::ops::Deref;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use arc_swap::ArcSwap;

use crate::model::{LocateRules, Time};
use crate::snapshot::Snapshot;
use crate::store::StoreError;

pub use archive::{ArchiveJob, ArchiveJobError, Archived, write_archive};
pub use base_map::{
    BaseMap, BaseMapError, PATIENCE as BASE_MAP_PATIENCE, Picture, ZOOMS as BASE_MAP_ZOOMS,
};
pub use bounded::MOST_BYTES;
use change::Change;
pub use change::LayerChange;
pub use configure::{ConfigureError, configure};
pub use demo::{FillError, Filled, fill_demo};
use followed::Followed;
pub use fonts::{Fonts, FontsError, GlyphError, GlyphRange, OWN_FONT};
pub use import::{ImportError, ImportJob, Imported, StaffJob, import, import_staff};
pub use live::{Head, Live, LiveEvent, Lost};
pub use load::load;
pub use points::{
    PointsError, PointsQuestion, PointsTally, locate_batches, locate_document, locate_rows,
};
pub use tile_filter::{LONGEST_TILE_FILTER, TileFilter, TileFilterError};
pub use tiles::{Found, Tile, TileBytes, TileCache, TileWish};

/// What a service shares among its requests.
#[derive(Debug)]
pub struct App {
    /// What readers see; replaced whole.
    snapshot: ArcSwap<Snapshot>,
    /// Where changes come from; one at a time looks at it.
    store: Mutex<Followed>,
    tiles: TileCache,
    live: Live,
}

impl App {
    /// Loads all that the store holds.
    ///
    /// # Errors
    /// Where the store cannot be opened or read.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_with(path, LocateRules::default())
    }

    /// Loads all that the store holds; points are located by these rules.
    ///
    /// # Errors
    /// Where the store cannot be opened or read.
    pub fn open_with(path: &Path, rules: LocateRules) -> Result<Self, StoreError> {
        let followed = Followed::open(path, 0, Arc::new(rules))?;
        Ok(Self {
            snapshot: ArcSwap::new(Arc::clone(followed.snapshot())),
            store: Mutex::new(followed),
            tiles: TileCache::default(),
            live: Live::default(),
        })
    }

    /// What readers see now.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.load_full()
    }

    /// The same for who is done at once. It counts no owner: the processors would pass that number, and what lies beside it, to
    /// and fro with each request.
    #[must_use]
    pub fn glance(&self) -> impl Deref<Target = Arc<Snapshot>> {
        self.snapshot.load()
    }

    #[must_use]
    pub fn tiles(&self) -> &TileCache {
        &self.tiles
    }

    /// What changed lately.
    #[must_use]
    pub fn live(&self) -> &Live {
        &self.live
    }

    /// Looks whether the store has changed, or another file lies in its place, and swaps in what did; answers the version that
    /// is served then. Looking costs microseconds where nothing changed. An index that a change made necessary is built beside, and
    /// swapped in by a later look: that too is new, under the same version.
    ///
    /// # Errors
    /// Where the store cannot be read; readers keep what they see.
    pub fn follow(&self) -> Result<Option<u64>, StoreError> {
        let mut followed = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        followed.look()?;
        let next = Arc::clone(followed.snapshot());
        let before = self.snapshot();
        if Arc::ptr_eq(&next, &before) {
            return Ok(None);
        }
        let version = next.version;
        let (change, told) = Change::between(&before, &next);
        // Before readers get it: none of them finds a tile of the former one, and none that is still being made is kept.
        let dropped = if change.is_empty() {
            0
        } else {
            self.tiles.drop_touched(change)
        };
        let is_new = next.content() != before.content();
        self.snapshot.store(next);
        if is_new {
            self.live.publish(version, told, dropped);
        }
        Ok(Some(version))
    }
}

/// The present, for questions that name no time.
#[must_use]
pub fn now() -> Time {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Time::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
