//! From the store to a snapshot: whole, or from the one before with what changed since.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{LayerName, LocateRules};
use crate::snapshot::{LayerSnapshot, Snapshot, StaffRoster};
use crate::store::{Reader, RowFault, Store, StoreError, StoredLayer};

/// A snapshot, and how far it goes in the store's logs of changes.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) snapshot: Arc<Snapshot>,
    layers: BTreeMap<LayerName, Option<u64>>,
    staff: Option<u64>,
}

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
        let nothing = Self {
            snapshot: Arc::new(Snapshot {
                edition,
                ..Snapshot::empty(rules)
            }),
            layers: BTreeMap::new(),
            staff: None,
        };
        nothing.next(&store.read()?)
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
        self.next(&reader)
    }

    fn next(&self, reader: &Reader<'_>) -> Result<Self, StoreError> {
        let before = &*self.snapshot;
        let (mut layers, mut logged) = (BTreeMap::new(), BTreeMap::new());
        for stored in reader.layers()? {
            let name = stored.layer.name.clone();
            logged.insert(name.clone(), stored.logged);
            let layer = match self.changed(reader, &stored)? {
                Some(layer) => layer,
                None => Arc::new(read_layer(reader, stored)?),
            };
            layers.insert(name, layer);
        }
        let schemes = reader.schemes()?;
        let staff_logged = reader.staff_logged()?;
        let staff = if staff_logged.is_some() && staff_logged == self.staff {
            Arc::clone(&before.staff)
        } else {
            Arc::new(read_staff(reader)?)
        };
        let mut snapshot = Snapshot {
            version: reader.version()?,
            edition: before.edition,
            schemes: if *schemes == *before.schemes {
                Arc::clone(&before.schemes)
            } else {
                schemes.into()
            },
            layers,
            staff,
            rules: Arc::clone(&before.rules),
        };
        let is_same = is_same(before, &snapshot);
        snapshot.edition += u64::from(!is_same && is_passed_over(before, &snapshot));
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

    /// A layer from the one before; `None` where it must be read whole.
    fn changed(
        &self,
        reader: &Reader<'_>,
        stored: &StoredLayer,
    ) -> Result<Option<Arc<LayerSnapshot>>, StoreError> {
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
        if rows.features.is_empty() && rows.gone.is_empty() && known.version() == stored.version {
            return Ok(Some(Arc::clone(known)));
        }
        let redrawn = known.changed(stored.version, rows.features, &rows.gone);
        Ok(redrawn.map(|redrawn| Arc::new(redrawn.layer)))
    }
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

fn read_layer(reader: &Reader<'_>, stored: StoredLayer) -> Result<LayerSnapshot, StoreError> {
    let (features, faults) = reader.features(&stored.layer)?;
    warn(&faults);
    Ok(LayerSnapshot::build(stored.layer, stored.version, features))
}

fn read_staff(reader: &Reader<'_>) -> Result<StaffRoster, StoreError> {
    let (staff, faults) = reader.staff()?;
    warn(&faults);
    Ok(StaffRoster::build(staff))
}

fn warn(faults: &[RowFault]) {
    for fault in faults {
        tracing::warn!(%fault, "a row of the store cannot be read");
    }
}
