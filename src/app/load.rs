//! From the store to a snapshot that shares with the former one what did not change.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::Staff;
use crate::snapshot::{LayerSnapshot, Snapshot, StaffRoster};
use crate::store::{Reader, RowFault, Store, StoreError, StoredLayer};

/// The store's content as a snapshot; layers of the same version are taken from `before`.
///
/// # Errors
/// Where the store cannot be read. A row that cannot be read is left out and logged.
pub fn load(store: &mut Store, before: &Snapshot) -> Result<Snapshot, StoreError> {
    let reader = store.read()?;
    let version = reader.version()?;
    let mut layers = BTreeMap::new();
    for stored in reader.layers()? {
        let name = stored.layer.name.clone();
        let same = before
            .layers
            .get(&name)
            .filter(|known| known.version() == stored.version);
        let layer = match same {
            Some(known) => Arc::clone(known),
            None => Arc::new(read_layer(&reader, stored)?),
        };
        layers.insert(name, layer);
    }
    Ok(Snapshot {
        version,
        edition: before.edition,
        schemes: reader.schemes()?.into(),
        layers,
        staff: Arc::new(StaffRoster::build(read_staff(&reader)?)),
        rules: Arc::clone(&before.rules),
    })
}

fn read_layer(reader: &Reader<'_>, stored: StoredLayer) -> Result<LayerSnapshot, StoreError> {
    let (features, faults) = reader.features(&stored.layer)?;
    warn(&faults);
    Ok(LayerSnapshot::build(stored.layer, stored.version, features))
}

fn read_staff(reader: &Reader<'_>) -> Result<Vec<Staff>, StoreError> {
    let (staff, faults) = reader.staff()?;
    warn(&faults);
    Ok(staff)
}

fn warn(faults: &[RowFault]) {
    for fault in faults {
        tracing::warn!(%fault, "a row of the store cannot be read");
    }
}
