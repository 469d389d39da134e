//! Walks the trees of a layer from what may be nearest on.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use crate::model::Bounds;

use super::packed::{Child, Row};
use super::rtree::{BoundsTree, Run};

impl BoundsTree {
    /// Positions of the features with a bound each, the lowest bound first. `bound` says how near anything in a box can be at
    /// the least, so it must not be higher for a box than for one inside it; a box for which it says nothing is left out with
    /// all that it holds.
    pub fn nearest_first<F>(&self, bound: F) -> NearestFirst<'_, F>
    where
        F: Fn(Bounds) -> Option<f64>,
    {
        let mut walk = NearestFirst {
            heap: BinaryHeap::new(),
            bound,
        };
        for run in self.runs() {
            walk.go_into(run, run.tree.top());
        }
        for entry in self.loose() {
            if let Some(bound) = (walk.bound)(entry.bounds) {
                let found = Found::Feature(entry.position);
                walk.heap.push(Step { bound, found });
            }
        }
        walk
    }
}

/// The walk of [`BoundsTree::nearest_first`].
pub struct NearestFirst<'a, F> {
    heap: BinaryHeap<Step<'a>>,
    bound: F,
}

impl<'a, F: Fn(Bounds) -> Option<f64>> NearestFirst<'a, F> {
    fn go_into(&mut self, run: &'a Run, row: Row) {
        for (bounds, child) in run.tree.children(row) {
            let found = match child {
                Child::Feature(position) if !run.counts(position) => continue,
                Child::Feature(position) => Found::Feature(position),
                Child::Row(row) => Found::Row(run, row),
            };
            if let Some(bound) = (self.bound)(bounds) {
                self.heap.push(Step { bound, found });
            }
        }
    }
}

impl<F: Fn(Bounds) -> Option<f64>> Iterator for NearestFirst<'_, F> {
    type Item = (f64, usize);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let step = self.heap.pop()?;
            match step.found {
                Found::Feature(position) => return Some((step.bound, position as usize)),
                Found::Row(run, row) => self.go_into(run, row),
            }
        }
    }
}

/// What the walk has yet to look at.
#[derive(Clone, Copy)]
enum Found<'a> {
    Feature(u32),
    Row(&'a Run, Row),
}

/// A step of the walk; the greatest is the one with the lowest bound.
struct Step<'a> {
    bound: f64,
    found: Found<'a>,
}

impl Ord for Step<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        other.bound.total_cmp(&self.bound)
    }
}

impl PartialOrd for Step<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Step<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Step<'_> {}
