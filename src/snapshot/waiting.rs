//! Levels that wait for an index of their own: it is built beside what goes on, and taken in where it still fits.

use std::sync::Arc;

use crate::index::FaceIndex;
use crate::index::face::MOST_GRIDS;
use crate::model::Time;

use super::coverage::{Coverage, Way};
use super::step::{Held, Step};
use super::{LayerSnapshot, Snapshot};

/// The grids of a level that waits for its index, as they are at a version.
#[derive(Clone, Debug)]
pub struct Waiting {
    layer: Arc<LayerSnapshot>,
    at: Time,
}

/// The index of a level that waited, for the grids that it had when it was begun.
#[derive(Debug)]
pub struct Indexed {
    of: Waiting,
    index: FaceIndex,
}

impl Waiting {
    fn held(&self) -> Held<'_> {
        Held {
            layer: &self.layer,
            at: self.at,
        }
    }

    /// Builds the index, by so many threads; `None` where there are more grids than one takes.
    #[must_use]
    pub fn build(self, threads: usize) -> Option<Indexed> {
        let index = self
            .held()
            .with_grids(|grids| FaceIndex::build(grids, threads))?;
        Some(Indexed { of: self, index })
    }
}

impl Indexed {
    /// The index for the grids that the level has now; `None` where more than few are others.
    fn brought_to(self, is: Held<'_>, threads: usize) -> Option<FaceIndex> {
        if is.len() > MOST_GRIDS {
            return None;
        }
        let boxes = Step::between(self.of.held(), is)?.boxes();
        Some(if boxes.is_empty() {
            self.index
        } else {
            is.with_grids(|grids| self.index.changed(grids, &boxes, threads))
        })
    }
}

impl Snapshot {
    /// The levels that answer grid by grid until they have an index of their own: they were filled from below until a change.
    pub fn waiting(&self) -> impl Iterator<Item = Waiting> {
        let waiting = self.coverages.iter().filter(|(_, level)| level.waits());
        waiting.filter_map(|(name, level)| {
            Some(Waiting {
                layer: Arc::clone(self.layers.get(name)?),
                at: level.at,
            })
        })
    }

    /// Takes in an index that was built for a version before, brought to the grids of this one by so many threads; `false` where
    /// the level waits no longer, or has become another by more than few grids.
    pub fn take(&mut self, built: Indexed, threads: usize) -> bool {
        let name = &built.of.layer.layer().name;
        let (Some(layer), Some(level)) = (self.layers.get(name), self.coverages.get_mut(name))
        else {
            return false;
        };
        if !level.waits() {
            return false;
        }
        let at = level.at;
        let Some(index) = built.brought_to(Held { layer, at }, threads) else {
            return false;
        };
        *level = Arc::new(Coverage {
            way: Way::Faces(Arc::new(index)),
            ..(**level).clone()
        });
        true
    }
}
