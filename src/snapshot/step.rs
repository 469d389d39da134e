//! What of a layer holds at a time, and where that differs after a change.

use crate::index::Grids;
use crate::model::{Bounds, Feature, Geometry, Time};

use super::LayerSnapshot;

/// The features of a layer that hold at a time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held<'a> {
    pub(super) layer: &'a LayerSnapshot,
    pub(super) at: Time,
}

impl<'a> Held<'a> {
    /// How many positions there are.
    pub(super) fn len(&self) -> usize {
        self.layer.features().len()
    }

    /// The feature at a position, if it holds.
    pub(super) fn get(&self, position: usize) -> Option<&'a Feature> {
        let feature = self.layer.features().get(position);
        feature.filter(|feature| feature.validity.holds_at(self.at))
    }
}

impl Held<'_> {
    /// Makes of them what is made of grids, as an index is.
    pub(super) fn with_grids<T>(self, make: impl FnOnce(&Grids<'_>) -> T) -> T {
        let geometry = |grid: usize| Some(&self.get(grid)?.geometry);
        make(&Grids::new(self.layer.tree(), &geometry, self.len()))
    }
}

/// What of a layer holds before and after a change of few features.
#[derive(Clone, Debug)]
pub(super) struct Step<'a> {
    pub(super) was: Held<'a>,
    pub(super) is: Held<'a>,
    /// Where other ground, another code or another parent holds, ascending.
    pub(super) positions: Vec<usize>,
}

/// A change of more than one in so many features is not little.
const SHARE: usize = 16;

impl<'a> Step<'a> {
    /// `changed`: positions whose features differ, whatever in; `None` where more than few do.
    pub(super) fn new(was: Held<'a>, is: Held<'a>, changed: &[usize]) -> Option<Self> {
        let mut positions = changed.to_vec();
        if !was.layer.span(was.at).holds_at(is.at) {
            let then = Held { at: is.at, ..was };
            let turned = |at: &usize| was.get(*at).is_some() != then.get(*at).is_some();
            positions.extend((0..was.len()).filter(turned));
            positions.sort_unstable();
            positions.dedup();
        }
        positions.retain(|&at| match (was.get(at), is.get(at)) {
            (Some(was), Some(is)) => {
                was.geometry != is.geometry || was.code != is.code || was.parent != is.parent
            }
            (was, is) => was.is_some() != is.is_some(),
        });
        let is_little = positions.len() <= 16 + is.len() / SHARE;
        is_little.then_some(Self { was, is, positions })
    }

    /// From a layer to one that comes of it by changes; `None` where more than few features differ.
    pub(super) fn between(was: Held<'a>, is: Held<'a>) -> Option<Self> {
        let unshared: Vec<usize> = is.layer.features().unshared(was.layer.features()).collect();
        Self::new(was, is, &unshared)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.positions.is_empty()
    }

    /// The boxes of what ground differs, as it was and as it is.
    pub(super) fn boxes(&self) -> Vec<Bounds> {
        let both = |&at: &usize| {
            let [was, is] = [&self.was, &self.is].map(|held| Some(&held.get(at)?.geometry));
            if was == is { [None, None] } else { [was, is] }
        };
        let grounds = self.positions.iter().flat_map(both).flatten();
        grounds.map(Geometry::bounds).collect()
    }
}
