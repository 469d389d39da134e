//! The outlines of grids, by which it is known which fill which.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use crate::model::Geometry;

use super::step::Held;

/// The outline of the grid at a position; 0 of one that does not hold.
pub(super) fn outline_of(grids: Held<'_>, position: usize) -> u64 {
    let held = grids.get(position);
    held.map_or(0, |grid| outline(&grid.geometry))
}

/// The outlines of all grids, by position.
pub(super) fn outlines(grids: Held<'_>, threads: usize) -> Vec<u64> {
    let mut outlines = vec![0; grids.len()];
    let piece = grids.len().div_ceil(threads.max(1)).max(1);
    std::thread::scope(|scope| {
        for (number, outlines) in outlines.chunks_mut(piece).enumerate() {
            scope.spawn(move || {
                for (place, outline) in outlines.iter_mut().enumerate() {
                    *outline = outline_of(grids, number * piece + place);
                }
            });
        }
    });
    outlines
}

/// A number for the way around a grid: that of grids which fill it exactly is the sum of theirs.
pub(super) fn outline(geometry: &Geometry) -> u64 {
    let outline = geometry.outline();
    // What a crooked grid winds around, and how often, must not be made up for by others, nor is a spike to be seen in the sum:
    // such grids fill only their like.
    if geometry.is_crooked() || geometry.goes_to_and_fro() {
        // Edges that are walked both ways count too.
        let hash = BuildHasherDefault::<DefaultHasher>::default();
        let edges = geometry
            .edges()
            .map(|(a, b)| hash.hash_one((a.min(b), a.max(b))));
        let walked = edges.fold(0, u64::wrapping_add);
        outline
            .rotate_left(32)
            .wrapping_add(walked)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            | 1
    } else {
        outline
    }
}
