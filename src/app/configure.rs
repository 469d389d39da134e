//! Brings a configuration into the store.

use crate::config::Configuration;
use crate::store::{Store, StoreError};

/// Declares the schemes that are missing and brings the layers to their definitions, as one change; answers whether anything
/// was to do.
///
/// # Errors
/// Where a scheme is declared otherwise already, a layer's table cannot become what is wanted, or the store cannot be written.
pub fn configure(store: &mut Store, wanted: &Configuration) -> Result<bool, ConfigureError> {
    let reader = store.read()?;
    let schemes = reader.schemes()?;
    let layers = reader.layers()?;
    drop(reader);
    let mut missing = Vec::new();
    for scheme in &wanted.schemes {
        match schemes.iter().find(|known| known.name() == scheme.name()) {
            None => missing.push(scheme),
            Some(known) if known == scheme => {}
            Some(known) => {
                return Err(ConfigureError::SchemeDiffers {
                    name: known.name().to_owned(),
                });
            }
        }
    }
    let is_known = |layer: &crate::model::Layer| layers.iter().any(|known| known.layer == *layer);
    let changed: Vec<_> = wanted
        .layers
        .iter()
        .filter(|layer| !is_known(layer))
        .collect();
    if missing.is_empty() && changed.is_empty() {
        return Ok(false);
    }
    let change = store.change()?;
    for scheme in missing {
        change.add_scheme(scheme)?;
    }
    for layer in changed {
        change.define_layer(layer)?;
    }
    change.commit()?;
    Ok(true)
}

/// Why a configuration does not fit the store.
#[derive(Debug, thiserror::Error)]
pub enum ConfigureError {
    #[error(
        "scheme {name} is declared otherwise in the store; remove it first with `wangge scheme remove {name}`"
    )]
    SchemeDiffers { name: String },
    #[error(transparent)]
    Store(#[from] StoreError),
}
