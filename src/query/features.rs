//! What of a layer lies in a box at a time.

use crate::model::{Bounds, Feature, Time};
use crate::snapshot::LayerSnapshot;

/// The features that hold at `at` and share a point with `bounds` (all of the Earth where `None`), by id.
#[must_use]
pub fn features_within(layer: &LayerSnapshot, bounds: Option<Bounds>, at: Time) -> Vec<&Feature> {
    let features = layer.features();
    let Some(bounds) = bounds else {
        return features
            .iter()
            .filter(|feature| feature.validity.holds_at(at))
            .collect();
    };
    let mut positions: Vec<usize> = layer.tree().meeting(bounds).collect();
    positions.sort_unstable();
    positions
        .into_iter()
        .map(|position| &features[position])
        .filter(|feature| feature.validity.holds_at(at) && feature.geometry.meets(bounds))
        .collect()
}
