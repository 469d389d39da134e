//! Which features of a layer a tile can touch.

use crate::model::{Bounds, Feature, Time};
use crate::snapshot::LayerSnapshot;

/// The features whose bounds meet `bounds` and that hold at `at`, in the order of their ids, so that a tile's bytes do not
/// depend on how the index was built.
pub(super) fn select(layer: &LayerSnapshot, bounds: Bounds, at: Time) -> Vec<&Feature> {
    let mut selected: Vec<&Feature> = layer
        .tree()
        .meeting(bounds)
        .filter_map(|position| layer.features().get(position))
        .filter(|feature| feature.validity.holds_at(at))
        .collect();
    selected.sort_unstable_by_key(|feature| feature.id);
    selected
}
