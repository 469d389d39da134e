//! From the store to a snapshot that shares with the former one what did not change.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::snapshot::{LayerSnapshot, Snapshot, StaffRoster};
use crate::store::{Reader, Store, StoreError, StoredLayer};

/// The store's content as a snapshot; layers of the same version are taken from `before`.
///
/// # Errors
/// Where the store cannot be read. A row that is no feature is left out and logged.
pub fn load(store: &mut Store, before: &Snapshot) -> Result<Snapshot, StoreError> {
    let reader = store.read()?;
    let version = reader.version()?;
    if version == before.version && version > 0 {
        return Ok(before.clone());
    }
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
        schemes: reader.schemes()?.into(),
        layers,
        staff: Arc::new(StaffRoster::build(reader.staff()?)),
    })
}

fn read_layer(reader: &Reader<'_>, stored: StoredLayer) -> Result<LayerSnapshot, StoreError> {
    let (features, faults) = reader.features(&stored.layer)?;
    for fault in faults {
        tracing::warn!(%fault, "a row of the store is no feature");
    }
    Ok(LayerSnapshot::build(stored.layer, stored.version, features))
}
