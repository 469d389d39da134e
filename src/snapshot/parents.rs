//! Which grid above holds each grid, where that needs no test: where the grids that name a parent fill it exactly.
//!
//! A grid's outline is one number: the sum over its directed edges of a hash that changes its sign with the direction. Borders
//! between the grids of one parent cancel out, so that their sum is the parent's outline if, and but for a chance of 2^-64 only
//! if, they fill it exactly, edge by edge.

use std::collections::HashMap;

use crate::model::{Coord, Feature, Geometry, Time};

use super::LayerSnapshot;

/// No parent.
const NONE: u32 = u32::MAX;
/// Beside the position of a parent: it is not filled.
const OPEN: u32 = 1 << 31;

/// The grids above the grids of a level.
#[derive(Clone, Debug)]
pub(super) struct Parents {
    /// For each grid the position of the one that it names, with [`OPEN`]; [`NONE`] where there is not one alone. One table, so
    /// that a lookup reads one word.
    named: Vec<u32>,
    /// For each grid above its outline less those of the grids that name it: 0 where they fill it.
    rest: Vec<u64>,
    /// How many grids above are not filled.
    open: usize,
}

impl Parents {
    pub(super) fn build(
        layer: &LayerSnapshot,
        above: &LayerSnapshot,
        at: Time,
        threads: usize,
    ) -> Self {
        let mut by_code: HashMap<&str, u32> = HashMap::new();
        for (position, parent) in (0..).zip(above.features().iter()) {
            if let (true, Some(code)) = (parent.validity.holds_at(at), &parent.code) {
                let known = by_code.entry(code).or_insert(position);
                if *known != position {
                    *known = NONE;
                }
            }
        }
        let mut rest = outlines(above, at, threads);
        let outlines = outlines(layer, at, threads);
        let mut named = Vec::with_capacity(outlines.len());
        for (child, outline) in layer.features().iter().zip(outlines) {
            let code = child.parent.as_deref();
            let code = code.filter(|_| child.validity.holds_at(at));
            let parent = code.and_then(|code| by_code.get(code)).copied();
            let parent = parent.unwrap_or(NONE);
            if let Some(rest) = rest.get_mut(parent as usize) {
                *rest = rest.wrapping_sub(outline);
            }
            named.push(parent);
        }
        let open = rest.iter().filter(|rest| **rest != 0).count();
        let mut parents = Self { named, rest, open };
        parents.mark(|_| true);
        parents
    }

    /// Marks anew whether the parents for which `which` holds are filled.
    fn mark(&mut self, which: impl Fn(u32) -> bool) {
        for named in &mut self.named {
            let parent = *named & !OPEN;
            if *named != NONE && which(parent) {
                let is_open = self.rest[parent as usize] != 0;
                *named = if is_open { parent | OPEN } else { parent };
            }
        }
    }

    /// After [`Self::redraw`], [`Self::take`] and [`Self::put`]: brings up to date what is filled, given the former state.
    pub(super) fn settle(&mut self, before: &Self) {
        let was = |parent: u32| before.rest.get(parent as usize).map(|rest| *rest != 0);
        let is = |parent: u32| self.rest.get(parent as usize).map(|rest| *rest != 0);
        let count = u32::try_from(self.rest.len()).unwrap_or(NONE);
        let flipped: Vec<u32> = (0..count)
            .filter(|&parent| was(parent) != is(parent))
            .collect();
        if !flipped.is_empty() {
            self.mark(|parent| flipped.binary_search(&parent).is_ok());
        }
    }

    /// The grid above that surely holds all of a grid.
    #[inline]
    pub(super) fn of(&self, grid: u32) -> Option<u32> {
        let parent = *self.named.get(grid as usize)?;
        (parent < OPEN).then_some(parent)
    }

    /// Whether every grid above is filled.
    pub(super) fn fill_all(&self) -> bool {
        self.open == 0
    }

    fn add(&mut self, parent: usize, outline: u64) {
        if let Some(rest) = self.rest.get_mut(parent) {
            self.open -= usize::from(*rest != 0);
            *rest = rest.wrapping_add(outline);
            self.open += usize::from(*rest != 0);
        }
    }

    /// A grid above takes another shape.
    pub(super) fn redraw(
        &mut self,
        parent: usize,
        before: &LayerSnapshot,
        above: &LayerSnapshot,
        (was, is): (Time, Time),
    ) {
        let before = outline_at(before.features().get(parent), was);
        let now = outline_at(above.features().get(parent), is);
        self.add(parent, now.wrapping_sub(before));
    }

    /// A grid leaves its parent.
    pub(super) fn take(&mut self, child: usize, before: &LayerSnapshot, was: Time) {
        let Some(named) = self.named.get_mut(child) else {
            return;
        };
        let named = std::mem::replace(named, NONE);
        if named == NONE {
            return;
        }
        let parent = (named & !OPEN) as usize;
        self.add(parent, outline_at(before.features().get(child), was));
    }

    /// A grid joins the parent that it names, where that is near it.
    pub(super) fn put(
        &mut self,
        child: usize,
        layer: &LayerSnapshot,
        above: &LayerSnapshot,
        is: Time,
    ) {
        if self.named.len() < layer.features().len() {
            self.named.resize(layer.features().len(), NONE);
        }
        let Some(feature) = layer.features().get(child) else {
            return;
        };
        if feature.parent.is_none() || !feature.validity.holds_at(is) {
            return;
        }
        let is_named = |&at: &usize| {
            let parent = &above.features()[at];
            parent.validity.holds_at(is) && parent.code == feature.parent
        };
        let near = above.tree().meeting(feature.geometry.bounds());
        let mut found = near.filter(is_named);
        if let (Some(parent), None) = (found.next(), found.next()) {
            let outline = outline(&feature.geometry);
            self.add(parent, outline.wrapping_neg());
            let is_open = self.rest.get(parent).is_none_or(|rest| *rest != 0);
            let parent = u32::try_from(parent).unwrap_or(NONE);
            self.named[child] = if is_open { parent | OPEN } else { parent };
        }
    }

    /// Bytes of memory.
    pub(super) fn size(&self) -> usize {
        size_of_val(&*self.named) + size_of_val(&*self.rest)
    }
}

/// The outline of a feature that holds at a time; 0 of one that does not.
fn outline_at(feature: Option<&Feature>, at: Time) -> u64 {
    let held = feature.filter(|feature| feature.validity.holds_at(at));
    held.map_or(0, |feature| outline(&feature.geometry))
}

/// The outlines of all features, by position.
fn outlines(layer: &LayerSnapshot, at: Time, threads: usize) -> Vec<u64> {
    let count = layer.features().len();
    let mut outlines = vec![0; count];
    let piece = count.div_ceil(threads.max(1)).max(1);
    std::thread::scope(|scope| {
        for (number, outlines) in outlines.chunks_mut(piece).enumerate() {
            scope.spawn(move || {
                for (place, outline) in outlines.iter_mut().enumerate() {
                    *outline = outline_at(layer.features().get(number * piece + place), at);
                }
            });
        }
    });
    outlines
}

fn outline(geometry: &Geometry) -> u64 {
    let edges = geometry.edges().map(|(a, b)| edge(a, b));
    edges.fold(0, u64::wrapping_add)
}

/// A number for a directed edge; that of the opposite edge is its negative.
fn edge(a: Coord, b: Coord) -> u64 {
    let word =
        |at: Coord| u64::from(at.lon.cast_unsigned()) << 32 | u64::from(at.lat.cast_unsigned());
    let (low, high) = (a.min(b), a.max(b));
    // Products of 128 bits, folded: each bit of both ends reaches each bit of the number.
    let fold = |a: u64, b: u64| {
        let product = u128::from(a) * u128::from(b);
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the two halves of the product"
        )]
        let halves = (product as u64, (product >> 64) as u64);
        halves.0 ^ halves.1
    };
    let mixed = fold(
        word(low) ^ 0x9e37_79b9_7f4a_7c15,
        word(high) ^ 0xd1b5_4a32_d192_ed03,
    );
    let mixed = fold(mixed ^ 0x8cb9_2ba7_2f3d_8dd7, 0xda94_2042_e4dd_58b5);
    if a < b { mixed } else { mixed.wrapping_neg() }
}
