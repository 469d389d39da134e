//! Which features of a layer a tile can touch.

use super::passing::Passing;
use crate::model::{Bounds, Feature};
use crate::snapshot::LayerSnapshot;

/// The features as large as a pixel at `zoom` whose bounds meet `bounds` and that pass, in the order of their ids, so that a
/// tile's bytes do not depend on how the index was built.
pub(super) fn select<'a>(
    layer: &'a LayerSnapshot,
    bounds: Bounds,
    zoom: u8,
    passing: Passing<'_>,
) -> Vec<&'a Feature> {
    let anchored = layer.anchored();
    if anchored.large_at(zoom) == 0 {
        return Vec::new();
    }
    let mut selected: Vec<&Feature> = layer
        .tree()
        .meeting(bounds)
        .filter(|position| anchored.from_zoom(*position) <= zoom)
        .filter_map(|position| layer.features().get(position))
        .filter(|feature| passing.passes(feature))
        .collect();
    selected.sort_unstable_by_key(|feature| feature.id);
    selected
}
