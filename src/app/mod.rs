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

use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use arc_swap::ArcSwap;

use crate::model::Time;
use crate::snapshot::Snapshot;
use crate::store::{Store, StoreError};

pub use configure::{ConfigureError, configure};
pub use demo::{FillError, Filled, fill_demo};
pub use import::{ImportError, ImportJob, Imported, StaffJob, import, import_staff};
pub use load::load;
pub use points::{
    PointsError, PointsQuestion, PointsTally, locate_batches, locate_document, locate_rows,
};
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

/// The store, and what it looked like when the snapshot was taken.
#[derive(Debug)]
struct Followed {
    store: Store,
    mark: i64,
    file: FileMark,
}

/// Which file lies at a path: device and inode.
type FileMark = (u64, u64);

fn file_mark(path: &Path) -> Option<FileMark> {
    std::fs::metadata(path)
        .ok()
        .map(|file| (file.dev(), file.ino()))
}

impl Followed {
    fn open(path: &Path) -> Result<Self, StoreError> {
        let file = file_mark(path).unwrap_or_default();
        let store = Store::open(path)?;
        // The mark is taken before anything is loaded: what is written in between is loaded once more, never missed.
        let mark = store.mark()?;
        Ok(Self { store, mark, file })
    }
}

impl App {
    /// Loads all that the store holds.
    ///
    /// # Errors
    /// Where the store cannot be opened or read.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let mut followed = Followed::open(path)?;
        let snapshot = load(&mut followed.store, &Snapshot::default())?;
        Ok(Self {
            snapshot: ArcSwap::from_pointee(snapshot),
            store: Mutex::new(followed),
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

    /// Looks whether the store has changed, or another file lies in its place, and swaps in what did; answers the version that
    /// is served then.
    ///
    /// # Errors
    /// Where the store cannot be read; readers keep what they see.
    pub fn follow(&self) -> Result<Option<u64>, StoreError> {
        let mut followed = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        let path = followed.store.path().to_owned();
        if file_mark(&path).is_some_and(|file| file != followed.file) {
            let mut other = Followed::open(&path)?;
            let next = load(&mut other.store, &Snapshot::default())?;
            // Only now: a file that cannot be read is looked at again.
            *followed = other;
            return Ok(Some(self.swap_foreign(next)));
        }
        let mark = followed.store.mark()?;
        if mark == followed.mark {
            return Ok(None);
        }
        let before = self.snapshot();
        let mut next = load(&mut followed.store, &before)?;
        if next.version == before.version {
            // Another program wrote, who keeps no versions: nothing that is known may be taken for what is there.
            next = load(&mut followed.store, &Snapshot::default())?;
            followed.mark = mark;
            return Ok(Some(self.swap_foreign(next)));
        }
        followed.mark = mark;
        let version = next.version;
        self.snapshot.store(Arc::new(next));
        Ok(Some(version))
    }

    /// Swaps in what came without a version of its own, as a new edition: a tile of the former one, even one being made now,
    /// is never taken for one of this.
    fn swap_foreign(&self, mut next: Snapshot) -> u64 {
        next.edition = self.snapshot().edition + 1;
        let version = next.version;
        self.snapshot.store(Arc::new(next));
        self.tiles.clear();
        version
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
