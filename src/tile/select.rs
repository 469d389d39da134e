//! Which features of a layer a tile can touch, and which of them it draws singly.

use std::cmp::Reverse;

use super::passing::Passing;
use crate::index::longer_side;
use crate::model::{Bounds, Feature};
use crate::snapshot::LayerSnapshot;

/// What a tile draws singly of a layer.
#[derive(Debug, Default)]
pub(super) struct Selected<'a> {
    /// In the order of their ids, so that a tile's bytes do not depend on how the index was built.
    pub(super) features: Vec<&'a Feature>,
    /// The positions of those that are too many, ascending.
    pub(super) dropped: Vec<u32>,
}

/// A feature that may be drawn, before anything of its shape is read.
struct Candidate<'a> {
    feature: &'a Feature,
    position: u32,
    bounds: Bounds,
    /// The longer side of its bounds on the map, where that has been asked for.
    size: u32,
}

/// The features as large as a pixel at `zoom` whose bounds meet `bounds` and that pass; the largest `most` of them, where they are
/// more, those with the lower ids of equally large ones.
pub(super) fn select<'a>(
    layer: &'a LayerSnapshot,
    bounds: Bounds,
    zoom: u8,
    passing: Passing<'_>,
    most: usize,
) -> Selected<'a> {
    let anchored = layer.anchored();
    if anchored.large_at(zoom) == 0 {
        return Selected::default();
    }
    let near = layer.tree().entries_meeting(bounds);
    let large = near.filter(|(position, _)| anchored.from_zoom(*position) <= zoom);
    let passing = large.filter_map(|(position, bounds)| {
        let feature = layer.features().get(position)?;
        passing.passes(feature, layer).then(|| Candidate {
            feature,
            position: u32::try_from(position).unwrap_or(u32::MAX),
            bounds,
            size: 0,
        })
    });
    let mut all: Vec<Candidate> = passing.collect();
    let dropped = drop_smallest(&mut all, most);
    let mut features: Vec<&Feature> = all.iter().map(|one| one.feature).collect();
    features.sort_unstable_by_key(|feature| feature.id);
    Selected { features, dropped }
}

/// Takes the smallest on the map, by the longer side of their boxes, then those with the higher ids, until `most` are left; answers
/// where they are in their layer.
fn drop_smallest(all: &mut Vec<Candidate>, most: usize) -> Vec<u32> {
    if all.len() <= most {
        return Vec::new();
    }
    for one in all.iter_mut() {
        one.size = longer_side(one.bounds);
    }
    all.select_nth_unstable_by_key(most, |one| (Reverse(one.size), one.feature.id));
    let mut dropped: Vec<u32> = all.drain(most..).map(|one| one.position).collect();
    dropped.sort_unstable();
    dropped
}
