//! The running service without its edges: the current snapshot, the store it comes from, the tile cache.
//!
//! Readers take the snapshot and never wait; a change goes to the store first, then a new snapshot that shares everything
//! unchanged is swapped in.

mod configure;
mod demo;
mod import;
mod load;
mod points;
mod tiles;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use arc_swap::ArcSwap;

use crate::model::Time;
use crate::snapshot::Snapshot;
use crate::store::{Store, StoreError};

pub use configure::{ConfigureError, configure};
pub use demo::{FillError, Filled, fill_demo};
pub use import::{ImportError, ImportJob, Imported, import, import_staff};
pub use load::load;
pub use points::{PointsTally, locate_points};
pub use tiles::{Found, TileBytes, TileCache};

/// What a service shares among its requests.
#[derive(Debug)]
pub struct App {
    /// What readers see; replaced whole.
    snapshot: ArcSwap<Snapshot>,
    /// Where changes come from; one at a time looks at it.
    store: Mutex<Followed>,
    tiles: TileCache,
}

/// The store and its mark when the snapshot was taken.
#[derive(Debug)]
struct Followed {
    store: Store,
    mark: i64,
}

impl App {
    /// Loads all that the store holds.
    ///
    /// # Errors
    /// Where the store cannot be opened or read.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let mut store = Store::open(path)?;
        // The mark is taken first: what is written in between is loaded now and once more, never missed.
        let mark = store.mark()?;
        let snapshot = load(&mut store, &Snapshot::default())?;
        Ok(Self {
            snapshot: ArcSwap::from_pointee(snapshot),
            store: Mutex::new(Followed { store, mark }),
            tiles: TileCache::default(),
        })
    }

    /// What readers see now.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.load_full()
    }

    #[must_use]
    pub fn tiles(&self) -> &TileCache {
        &self.tiles
    }

    /// Looks whether the store has changed and swaps in what did; answers the new version if so.
    ///
    /// # Errors
    /// Where the store cannot be read; readers keep what they see.
    pub fn follow(&self) -> Result<Option<u64>, StoreError> {
        let mut followed = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        let mark = followed.store.mark()?;
        if mark == followed.mark {
            return Ok(None);
        }
        let before = self.snapshot();
        let next = load(&mut followed.store, &before)?;
        followed.mark = mark;
        if next.version == before.version {
            return Ok(None);
        }
        let version = next.version;
        self.snapshot.store(Arc::new(next));
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
