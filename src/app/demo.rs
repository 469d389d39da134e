//! The demo places into a store.

use crate::demo::{DemoError, generate, places};
use crate::store::{Mode, Put, Store, StoreError};

use super::configure::{ConfigureError, declare};

/// What filling a store with the demo did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filled {
    pub layers: usize,
    pub features: usize,
    pub duties: usize,
    pub version: u64,
}

/// Why the demo is not in the store.
#[derive(Debug, thiserror::Error)]
pub enum FillError {
    #[error("there is no demo place {given}; places are {known}")]
    NoPlace { given: String, known: String },
    #[error(transparent)]
    Demo(#[from] DemoError),
    #[error(transparent)]
    Configure(#[from] ConfigureError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Fills the store with the demo places, or with one of them; features that are there already are brought up to date. One
/// change: all of it is there afterwards, or nothing.
///
/// # Errors
/// Where there is no such place, a scheme of the same name is declared otherwise, or the store cannot be written.
pub fn fill_demo(store: &mut Store, place: Option<&str>) -> Result<Filled, FillError> {
    let all = places()?;
    let chosen: Vec<_> = all
        .iter()
        .filter(|known| place.is_none_or(|code| known.code == code))
        .cloned()
        .collect();
    if chosen.is_empty() {
        let known: Vec<&str> = all.iter().map(|place| place.code.as_str()).collect();
        return Err(FillError::NoPlace {
            given: place.unwrap_or_default().to_owned(),
            known: known.join(", "),
        });
    }
    let demo = generate(&chosen)?;
    let change = store.change()?;
    declare(&change, &demo.schemes)?;
    let put = Put {
        mode: Mode::Upsert,
        now: super::now(),
        absent: Vec::new(),
    };
    for (layer, features) in &demo.layers {
        change.define_layer(layer)?;
        change.put_features(layer, &put, features)?;
    }
    change.put_staff(Mode::Upsert, &demo.staff)?;
    Ok(Filled {
        layers: demo.layers.len(),
        features: demo.layers.iter().map(|(_, features)| features.len()).sum(),
        duties: demo.staff.len(),
        version: change.commit()?,
    })
}
