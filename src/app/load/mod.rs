//! From the store to a snapshot: whole, or from the one before with what changed since.

mod whole;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{LayerName, LocateRules, Time};
use crate::snapshot::{Changes, Indexed, LayerSnapshot, Snapshot, StaffRoster};
use crate::store::{Reader, RowFault, Store, StoreError, StoredLayer, Twin};

use super::now;

/// A snapshot, and how far it goes in the store's logs of changes.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) snapshot: Arc<Snapshot>,
    layers: BTreeMap<LayerName, Option<u64>>,
    staff: Option<u64>,
}

/// A layer of the store, and what it is made of: the one before with the features that changed, or nothing that is known.
type Step = (StoredLayer, Option<Made>);

/// A layer, and the positions at which it differs from the one before.
type Made = (Arc<LayerSnapshot>, Vec<usize>);

/// Threads that read whole layers at most: beyond, they wait for the same disk.
const THREADS: usize = 8;

/// All that the store holds; points are located by these rules.
///
/// # Errors
/// Where the store cannot be read. A row that cannot be read is left out and logged.
pub fn load(store: &mut Store, rules: Arc<LocateRules>) -> Result<Snapshot, StoreError> {
    let loaded = Loaded::read(store, 0, rules)?;
    Ok(Arc::unwrap_or_clone(loaded.snapshot))
}

impl Loaded {
    /// Reads all that the store holds.
    pub(super) fn read(
        store: &mut Store,
        edition: u64,
        rules: Arc<LocateRules>,
    ) -> Result<Self, StoreError> {
        let snapshot = Snapshot {
            edition,
            ..Snapshot::empty(rules)
        };
        let nothing = Self {
            snapshot: Arc::new(snapshot),
            layers: BTreeMap::new(),
            staff: None,
        };
        nothing.follow(store)
    }

    /// What the store holds now: what did not change is shared, of a layer with few changed rows only these are read.
    pub(super) fn follow(&self, store: &mut Store) -> Result<Self, StoreError> {
        let reader = store.read()?;
        if reader.version()? < self.snapshot.version {
            // Another store's content, or an older one: its logs are not those that were read so far.
            drop(reader);
            let rules = Arc::clone(&self.snapshot.rules);
            return Self::read(store, self.snapshot.edition + 1, rules);
        }
        let steps = self.steps(&reader)?;
        if steps.iter().all(|(_, made)| made.is_some()) {
            return self.next(&reader, steps, &mut []);
        }
        drop(reader);
        let mut twins = store.twins(threads())?;
        let Some((first, others)) = twins.split_first_mut() else {
            let reader = store.read()?;
            return self.next(&reader, self.steps(&reader)?, &mut []);
        };
        let reader = first.reader();
        self.next(&reader, self.steps(&reader)?, others)
    }

    fn steps(&self, reader: &Reader<'_>) -> Result<Vec<Step>, StoreError> {
        let step = |stored| Ok((self.changed(reader, &stored)?, stored));
        let steps = reader.layers()?.into_iter().map(step);
        steps
            .map(|step| step.map(|(made, stored)| (stored, made)))
            .collect()
    }

    /// The same content with the coverages for the period of a later time, where grids began or ended to hold since.
    pub(super) fn turn(&self, time: Time) -> Option<Self> {
        if self.snapshot.is_covered(time) {
            return None;
        }
        let before = &*self.snapshot;
        let mut next = before.clone();
        let nothing = before.layers.keys().map(|name| (name.clone(), Vec::new()));
        next.cover(before, &nothing.collect(), time, threads());
        Some(Self {
            snapshot: Arc::new(next),
            layers: self.layers.clone(),
            staff: self.staff,
        })
    }

    /// Brings the polygons that changed while borders were simplified to the others.
    pub(super) fn mend(&mut self) {
        let mut next = (*self.snapshot).clone();
        if next.mend(&self.snapshot, threads()) {
            // The version is the same.
            next.edition += 1;
            self.snapshot = Arc::new(next);
        }
    }

    /// Takes in indexes that levels of this content, or of one before, waited for.
    pub(super) fn take(&mut self, built: Vec<Indexed>) {
        let mut next = (*self.snapshot).clone();
        let mut is_taken = false;
        for index in built {
            is_taken |= next.take(index, threads());
        }
        if is_taken {
            self.snapshot = Arc::new(next);
        }
    }

    /// A layer from the one before; `None` where it must be read whole.
    fn changed(
        &self,
        reader: &Reader<'_>,
        stored: &StoredLayer,
    ) -> Result<Option<Made>, StoreError> {
        let name = &stored.layer.name;
        let known = self.snapshot.layers.get(name);
        let since = self.layers.get(name).copied().flatten();
        let (Some(known), Some(since)) = (known, since) else {
            return Ok(None);
        };
        if *known.layer() != stored.layer {
            return Ok(None);
        }
        let Some(rows) = reader.features_changed(&stored.layer, since)? else {
            return Ok(None);
        };
        warn(&rows.faults);
        if rows.features.is_empty()
            && rows.gone.is_empty()
            && known.stored_version() == stored.version
        {
            return Ok(Some((Arc::clone(known), Vec::new())));
        }
        let redrawn = known.changed(stored.version, rows.features, &rows.gone);
        Ok(redrawn.map(|redrawn| (Arc::new(redrawn.layer), redrawn.positions)))
    }

    fn next(
        &self,
        reader: &Reader<'_>,
        steps: Vec<Step>,
        others: &mut [Twin],
    ) -> Result<Self, StoreError> {
        let before = &*self.snapshot;
        let logged = |(stored, _): &Step| (stored.layer.name.clone(), stored.logged);
        let logged = steps.iter().map(logged).collect();
        let mut sorted = Sorted::of(steps);
        let schemes = reader.schemes()?;
        let version = reader.version()?;
        let read = whole::read(reader, others, sorted.wanted)?;
        let read = whole::shared(read, &mut sorted.layers, &schemes, version);
        let read = read.into_iter().map(Arc::new);
        let named = read.map(|layer| (layer.layer().name.clone(), layer));
        sorted.layers.extend(named);
        let (staff, staff_logged) = self.staff(reader)?;
        let mut snapshot = Snapshot {
            version,
            schemes: if *schemes == *before.schemes {
                Arc::clone(&before.schemes)
            } else {
                schemes.into()
            },
            layers: sorted.layers,
            staff,
            ..before.clone()
        };
        let is_same = is_same(before, &snapshot);
        snapshot.edition += u64::from(!is_same && is_passed_over(before, &snapshot));
        if !is_same {
            snapshot.mend(before, threads());
            snapshot.cover(before, &sorted.changes, now(), threads());
        }
        Ok(Self {
            snapshot: if is_same {
                Arc::clone(&self.snapshot)
            } else {
                Arc::new(snapshot)
            },
            layers: logged,
            staff: staff_logged,
        })
    }

    /// The staff, the one before where it did not change, and how far its log goes.
    fn staff(&self, reader: &Reader<'_>) -> Result<(Arc<StaffRoster>, Option<u64>), StoreError> {
        let logged = reader.staff_logged()?;
        if logged.is_some() && logged == self.staff {
            return Ok((Arc::clone(&self.snapshot.staff), logged));
        }
        let (staff, faults) = reader.staff()?;
        warn(&faults);
        Ok((Arc::new(StaffRoster::build(staff)), logged))
    }
}

/// What is known of the layers of the next snapshot.
struct Sorted {
    /// Those that are made from the ones before.
    layers: BTreeMap<LayerName, Arc<LayerSnapshot>>,
    changes: Changes,
    /// Those that must be read whole.
    wanted: Vec<StoredLayer>,
}

impl Sorted {
    fn of(steps: Vec<Step>) -> Self {
        let mut sorted = Self {
            layers: BTreeMap::new(),
            changes: Changes::new(),
            wanted: Vec::new(),
        };
        for (stored, made) in steps {
            let Some((layer, positions)) = made else {
                sorted.wanted.push(stored);
                continue;
            };
            let name = stored.layer.name;
            sorted.changes.insert(name.clone(), positions);
            sorted.layers.insert(name, layer);
        }
        sorted
    }
}

/// Threads for work that all cores can share.
pub(super) fn threads() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    cores.min(THREADS)
}

/// Whether all of two snapshots is shared.
fn is_same(before: &Snapshot, next: &Snapshot) -> bool {
    let is_shared = |(name, layer): (&LayerName, &Arc<LayerSnapshot>)| {
        let known = before.layers.get(name);
        known.is_some_and(|known| Arc::ptr_eq(known, layer))
    };
    before.version == next.version
        && Arc::ptr_eq(&before.staff, &next.staff)
        && Arc::ptr_eq(&before.schemes, &next.schemes)
        && before.layers.len() == next.layers.len()
        && next.layers.iter().all(is_shared)
}

/// Whether content differs although the versions do not tell, as after a write of a program that keeps none.
fn is_passed_over(before: &Snapshot, next: &Snapshot) -> bool {
    let is_passed_over = |(name, layer): (&LayerName, &Arc<LayerSnapshot>)| {
        let known = before.layers.get(name);
        known.is_some_and(|known| !Arc::ptr_eq(known, layer) && known.version() == layer.version())
    };
    before.version == next.version || next.layers.iter().any(is_passed_over)
}

fn warn(faults: &[RowFault]) {
    for fault in faults {
        tracing::warn!(%fault, "a row of the store cannot be read");
    }
}
