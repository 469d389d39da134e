//! R-trees over the bounds of a layer's features, bulk loaded and then frozen; a change shares them and adds to their side.

use std::sync::Arc;

use crate::model::{Bounds, Coord};

use super::packed::{Entry, Packed};

/// Changed entries that are looked through one by one before they become a tree: as many as a lookup passes in a microsecond.
const LOOSE: usize = 256;
/// A younger tree is merged into the one before when it has at least one in so many of its entries.
const SHARE: usize = 16;

/// The entry of a feature.
///
/// # Panics
/// With a position beyond 4,294,967,295.
fn entry(position: usize, bounds: Bounds) -> Entry {
    Entry {
        bounds,
        position: number(position),
    }
}

fn number(position: usize) -> u32 {
    u32::try_from(position).expect("fewer than 2^32 features in a layer")
}

/// One frozen tree, and which of its entries count no more.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) tree: Arc<Packed>,
    /// Positions, ascending: younger entries tell where these are, if anywhere.
    void: Vec<u32>,
}

impl Run {
    fn new(entries: &[Entry], threads: usize) -> Self {
        Self {
            tree: Arc::new(Packed::build(entries, threads)),
            void: Vec::new(),
        }
    }

    /// Lets the entries at these positions, ascending, count no more.
    #[expect(
        clippy::stable_sort_primitive,
        reason = "two ascending rows, which a stable sort merges"
    )]
    fn avoid(&mut self, positions: &[u32]) {
        self.void.extend(positions);
        self.void.sort();
        self.void.dedup();
    }

    pub(super) fn counts(&self, position: u32) -> bool {
        self.void.is_empty() || self.void.binary_search(&position).is_err()
    }
}

/// Answers which features' bounds meet a box, by their positions in the layer.
#[derive(Clone, Debug)]
pub struct BoundsTree {
    /// The oldest and largest first.
    runs: Vec<Run>,
    /// The youngest entries, in the order of their positions.
    loose: Vec<Entry>,
}

impl BoundsTree {
    /// Builds the tree; the n-th bounds belong to position n.
    ///
    /// # Panics
    /// With more than 4,294,967,295 bounds.
    #[must_use]
    pub fn build(bounds: impl IntoIterator<Item = Bounds>) -> Self {
        Self::build_by(bounds, 1)
    }

    /// As [`Self::build`], by so many threads.
    ///
    /// # Panics
    /// With more than 4,294,967,295 bounds.
    #[must_use]
    pub fn build_by(bounds: impl IntoIterator<Item = Bounds>, threads: usize) -> Self {
        let numbered = bounds.into_iter().enumerate();
        let entries: Vec<Entry> = numbered.map(|(at, bounds)| entry(at, bounds)).collect();
        Self {
            runs: vec![Run::new(&entries, threads)],
            loose: Vec::new(),
        }
    }

    /// This tree with other bounds at some positions, each named once and in ascending order; `None` where nothing is any
    /// more. It costs a copy of what changed since the trees were built, now and then a merge of the younger trees.
    ///
    /// # Panics
    /// With a position beyond 4,294,967,295.
    #[must_use]
    pub fn changed(&self, changed: impl IntoIterator<Item = (usize, Option<Bounds>)>) -> Self {
        let mut next = self.clone();
        let (mut void, mut fresh) = (Vec::new(), Vec::new());
        for (position, bounds) in changed {
            void.push(number(position));
            fresh.extend(bounds.map(|bounds| entry(position, bounds)));
        }
        next.loose
            .retain(|entry| void.binary_search(&entry.position).is_err());
        next.loose.extend(fresh);
        next.loose.sort_by_key(|entry| entry.position);
        for run in &mut next.runs {
            run.avoid(&void);
        }
        next.settle();
        next
    }

    /// Makes a tree of the loose entries when they are too many, together with the trees that are not much larger.
    fn settle(&mut self) {
        if self.loose.len() <= LOOSE {
            return;
        }
        let mut entries = std::mem::take(&mut self.loose);
        while let Some(run) = self
            .runs
            .pop_if(|run| run.tree.len() <= entries.len() * SHARE)
        {
            let kept = run.tree.entries();
            entries.extend(kept.filter(|entry| run.counts(entry.position)));
        }
        self.runs.push(Run::new(&entries, 1));
    }

    /// Bytes of memory.
    #[must_use]
    pub fn size(&self) -> usize {
        let run = |run: &Run| run.tree.size() + size_of_val(&*run.void);
        size_of_val(&*self.loose) + self.runs.iter().map(run).sum::<usize>()
    }

    pub(super) fn runs(&self) -> &[Run] {
        &self.runs
    }

    pub(super) fn loose(&self) -> &[Entry] {
        &self.loose
    }

    /// The positions of all features with their bounds, in no particular order.
    pub fn entries(&self) -> impl Iterator<Item = (usize, Bounds)> {
        let settled = self.runs.iter().flat_map(|run| {
            let entries = run.tree.entries();
            entries.filter(|entry| run.counts(entry.position))
        });
        let entries = settled.chain(self.loose.iter().copied());
        entries.map(|entry| (entry.position as usize, entry.bounds))
    }

    /// Positions of the features whose bounds meet the box, touching included, in no particular order.
    pub fn meeting(&self, bounds: Bounds) -> impl Iterator<Item = usize> {
        self.entries_meeting(bounds).map(|(position, _)| position)
    }

    /// The same with the bounds of each.
    pub fn entries_meeting(&self, bounds: Bounds) -> impl Iterator<Item = (usize, Bounds)> {
        let settled = self.runs.iter().flat_map(move |run| {
            let met = run.tree.meeting(bounds);
            met.filter(|entry| run.counts(entry.position))
        });
        let loose = self.loose.iter().copied();
        let loose = loose.filter(move |entry| entry.bounds.meets(bounds));
        let all = settled.chain(loose);
        all.map(|entry| (entry.position as usize, entry.bounds))
    }

    /// Positions of the features whose bounds hold the point.
    pub fn holding(&self, at: Coord) -> impl Iterator<Item = usize> {
        self.meeting(Bounds::of(at))
    }
}
