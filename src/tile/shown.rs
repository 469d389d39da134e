//! The names that are asked for → the layers of a tile.

use super::label::LABEL_SUFFIX;
use crate::snapshot::{LayerSnapshot, Snapshot};

/// The layers of a tile, and those whose labels it has, each once.
#[derive(Clone, Debug, Default)]
pub struct Shown<'a> {
    pub layers: Vec<&'a LayerSnapshot>,
    pub labels: Vec<&'a LayerSnapshot>,
}

/// Why a name adds nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotShown {
    /// It names no layer, and no layer's labels.
    Unknown,
    /// It was there before.
    Repeated,
}

impl<'a> Shown<'a> {
    /// Adds a layer or, as `{layer}.label`, its labels. A layer that is called like another one's labels goes before them.
    ///
    /// # Errors
    /// Where the name adds nothing.
    pub fn add(&mut self, snapshot: &'a Snapshot, name: &str) -> Result<(), NotShown> {
        let layer = |name: &str| {
            let found = snapshot.layers.get(&name.parse().ok()?);
            found.map(AsRef::as_ref)
        };
        let labelled = || layer(name.strip_suffix(LABEL_SUFFIX)?);
        let (list, found): (_, &LayerSnapshot) = match layer(name) {
            Some(found) => (&mut self.layers, found),
            None => (&mut self.labels, labelled().ok_or(NotShown::Unknown)?),
        };
        let is_same = |known: &&LayerSnapshot| known.layer().name == found.layer().name;
        if list.iter().any(is_same) {
            return Err(NotShown::Repeated);
        }
        list.push(found);
        Ok(())
    }

    /// All of them; a layer twice where its labels are shown beside it.
    pub fn all(&self) -> impl Iterator<Item = &'a LayerSnapshot> {
        self.layers.iter().chain(&self.labels).copied()
    }
}
