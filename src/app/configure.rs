//! Brings schemes and layers into the store.

use crate::config::Configuration;
use crate::model::{Layer, Scheme};
use crate::store::{Change, Store, StoreError};

/// Why a configuration does not fit the store.
#[derive(Debug, thiserror::Error)]
pub enum ConfigureError {
    #[error(
        "scheme {name} is declared otherwise in the store; remove it first with `wangge scheme remove {name}`, or take another store with --store"
    )]
    SchemeDiffers { name: String },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Declares the schemes that are missing and brings the layers to their definitions, as one change; answers whether anything
/// was to do.
///
/// # Errors
/// Where a scheme is declared otherwise already, a layer's table cannot become what is wanted, or the store cannot be written.
pub fn configure(store: &mut Store, wanted: &Configuration) -> Result<bool, ConfigureError> {
    let reader = store.read()?;
    let (schemes, layers) = (reader.schemes()?, reader.layers()?);
    drop(reader);
    let is_known = |layer: &&Layer| layers.iter().any(|known| known.layer == **layer);
    let changed: Vec<&Layer> = wanted
        .layers
        .iter()
        .filter(|layer| !is_known(layer))
        .collect();
    if changed.is_empty() && wanted.schemes.iter().all(|scheme| schemes.contains(scheme)) {
        return Ok(false);
    }
    let change = store.change()?;
    declare(&change, &wanted.schemes)?;
    for layer in changed {
        change.define_layer(layer)?;
    }
    change.commit()?;
    Ok(true)
}

/// Declares the schemes that are missing.
pub(super) fn declare(change: &Change<'_>, wanted: &[Scheme]) -> Result<(), ConfigureError> {
    let declared = change.schemes()?;
    for scheme in wanted {
        match declared.iter().find(|known| known.name() == scheme.name()) {
            None => change.add_scheme(scheme)?,
            Some(known) if known == scheme => {}
            Some(known) => {
                return Err(ConfigureError::SchemeDiffers {
                    name: known.name().to_owned(),
                });
            }
        }
    }
    Ok(())
}
