//! The store as it is followed: what changed in it becomes the next snapshot, and indexes that this lacks are built beside.

use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::Arc;

use crate::model::LocateRules;
use crate::snapshot::{Indexed, Snapshot, Waiting};
use crate::store::{Store, StoreError};

use super::beside::Beside;
use super::load::{Loaded, threads};
use super::now;

/// The store, and what it looked like when the snapshot was taken.
#[derive(Debug)]
pub(super) struct Followed {
    store: Store,
    mark: i64,
    file: FileMark,
    loaded: Loaded,
    /// The indexes of levels that waited for one when they were begun.
    beside: Beside<Vec<Indexed>>,
    /// Says from which zoom on vertices of borders are drawn, of a snapshot where that was not known.
    simplifying: Beside<()>,
    /// Snapshots that readers may still hold. The last to let go of a million features frees them, and no reader should.
    former: Vec<Arc<Snapshot>>,
}

/// Features of which the borders are simplified at once.
const FEW: usize = 100_000;

/// Which file lies at a path: device and inode.
type FileMark = (u64, u64);

fn file_mark(path: &Path) -> Option<FileMark> {
    std::fs::metadata(path)
        .ok()
        .map(|file| (file.dev(), file.ino()))
}

impl Followed {
    pub(super) fn open(
        path: &Path,
        edition: u64,
        rules: Arc<LocateRules>,
    ) -> Result<Self, StoreError> {
        let file = file_mark(path).unwrap_or_default();
        let mut store = Store::open(path)?;
        // The mark is taken before anything is loaded: what is written in between is looked at once more, never missed.
        let mark = store.mark()?;
        let mut followed = Self {
            loaded: Loaded::read(&mut store, edition, rules)?,
            store,
            mark,
            file,
            beside: Beside::default(),
            simplifying: Beside::default(),
            former: Vec::new(),
        };
        followed.simplify();
        Ok(followed)
    }

    /// What the store held at the last look.
    pub(super) fn snapshot(&self) -> &Arc<Snapshot> {
        &self.loaded.snapshot
    }

    /// Looks at the store again.
    pub(super) fn look(&mut self) -> Result<(), StoreError> {
        self.former.retain(|former| Arc::strong_count(former) > 1);
        let before = Arc::clone(self.snapshot());
        if self.is_replaced() {
            self.open_anew()?;
        } else {
            self.step()?;
        }
        self.take_indexes();
        self.index_beside();
        self.simplify();
        if !Arc::ptr_eq(&before, self.snapshot()) {
            self.former.push(before);
        }
        Ok(())
    }

    /// Whether another file lies in the place of the store's.
    fn is_replaced(&self) -> bool {
        file_mark(self.store.path()).is_some_and(|file| file != self.file)
    }

    fn open_anew(&mut self) -> Result<(), StoreError> {
        let before = self.snapshot();
        let (edition, rules) = (before.edition + 1, Arc::clone(&before.rules));
        let other = Self::open(self.store.path(), edition, rules)?;
        // Only now: a file that cannot be read is looked at again.
        let former = std::mem::take(&mut self.former);
        *self = Self { former, ..other };
        Ok(())
    }

    /// Takes over what was written since the last look, else what began or ended to hold.
    fn step(&mut self) -> Result<(), StoreError> {
        let mark = self.store.mark()?;
        let next = if mark == self.mark {
            self.loaded.turn(now())
        } else {
            Some(self.loaded.follow(&mut self.store)?)
        };
        self.mark = mark;
        if let Some(next) = next {
            self.loaded = next;
        }
        Ok(())
    }

    /// Takes over the indexes that were built beside, once they are there; one that fits no more is begun again.
    fn take_indexes(&mut self) {
        if let Some(built) = self.beside.take() {
            self.loaded.take(built);
        }
    }

    /// Begins the indexes that levels wait for, on a thread of its own: what is written meanwhile is seen at once.
    fn index_beside(&mut self) {
        let content = self.content();
        if !self.beside.is_free(content) {
            return;
        }
        let waiting: Vec<Waiting> = self.snapshot().waiting().collect();
        if waiting.is_empty() {
            return;
        }
        // Half of the cores go on answering.
        let threads = threads().div_ceil(2);
        self.beside.begin("index", content, move || {
            let built = waiting.into_iter().map(|level| level.build(threads));
            built.flatten().collect()
        });
    }

    /// Says from which zoom on vertices of borders are drawn, where nobody has said it: of a nation on a thread of its own, as that
    /// takes longer than anybody should wait.
    fn simplify(&mut self) {
        if self.simplifying.take().is_some() {
            self.loaded.mend();
        }
        let content = self.content();
        if self.snapshot().is_simplified() || !self.simplifying.is_free(content) {
            return;
        }
        let snapshot = Arc::clone(self.snapshot());
        let count: usize = snapshot.layers.values().map(|layer| layer.count()).sum();
        if count <= FEW {
            snapshot.simplify(threads());
            return self.loaded.mend();
        }
        let threads = threads().div_ceil(2);
        self.simplifying.begin("simplify", content, move || {
            snapshot.simplify(threads);
        });
    }

    /// Version and edition of what the store held at the last look.
    fn content(&self) -> (u64, u64) {
        let snapshot = self.snapshot();
        (snapshot.version, snapshot.edition)
    }
}
