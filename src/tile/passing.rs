//! Which features a tile speaks of: those that hold at its time and pass its filter.

use std::fmt;

use crate::index::Anchor;
use crate::model::{Feature, Layer, Time};
use crate::snapshot::LayerSnapshot;

/// What a feature of a layer must be to be drawn and counted.
#[derive(Clone, Copy)]
pub struct Filter<'a>(&'a (dyn Fn(&Layer, &Feature) -> bool + Sync));

impl<'a> Filter<'a> {
    /// Features for which `passes` holds.
    #[must_use]
    pub fn new(passes: &'a (dyn Fn(&Layer, &Feature) -> bool + Sync)) -> Self {
        Self(passes)
    }
}

impl fmt::Debug for Filter<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Filter")
    }
}

/// A time, and a filter where there is one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Passing<'a> {
    pub(super) at: Time,
    pub(super) filter: Option<Filter<'a>>,
}

impl Passing<'_> {
    pub(super) fn passes(self, feature: &Feature, layer: &LayerSnapshot) -> bool {
        let meets = |filter: Filter<'_>| (filter.0)(layer.layer(), feature);
        feature.validity.holds_at(self.at) && self.filter.is_none_or(meets)
    }

    /// The same of the feature of an anchor; most need no look at the feature.
    pub(super) fn passes_at(self, anchor: &Anchor, layer: &LayerSnapshot) -> bool {
        if anchor.is_always && self.filter.is_none() {
            return true;
        }
        let feature = layer.features().get(anchor.position as usize);
        feature.is_some_and(|feature| self.passes(feature, layer))
    }
}
