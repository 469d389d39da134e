//! R-trees over the bounds of a layer's features, bulk loaded and then frozen; a change shares them and adds to their side.

use std::sync::Arc;

use rstar::{AABB, RTree, RTreeObject};

use crate::model::{Bounds, Coord};

/// Changed entries that are looked through one by one before they become a tree: as many as a lookup passes in a microsecond.
const LOOSE: usize = 256;
/// A younger tree is merged into the one before when it has at least one in so many of its entries.
const SHARE: usize = 16;

/// The bounds of one feature, as the trees keep them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) bounds: Bounds,
    pub(super) position: u32,
}

impl Entry {
    fn new(position: usize, bounds: Bounds) -> Self {
        let position = u32::try_from(position).expect("fewer than 2^32 features in a layer");
        Self { bounds, position }
    }
}

impl RTreeObject for Entry {
    /// `i64`: the tree takes differences and areas of corners, which `i32` cannot hold.
    type Envelope = AABB<[i64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        envelope(self.bounds)
    }
}

fn envelope(bounds: Bounds) -> AABB<[i64; 2]> {
    let corner = |at: Coord| [i64::from(at.lon), i64::from(at.lat)];
    AABB::from_corners(corner(bounds.min), corner(bounds.max))
}

/// One frozen tree, and which of its entries count no more.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) tree: Arc<RTree<Entry>>,
    /// Positions, ascending: younger entries tell where these are, if anywhere.
    void: Vec<u32>,
}

impl Run {
    fn new(entries: Vec<Entry>) -> Self {
        Self {
            tree: Arc::new(RTree::bulk_load(entries)),
            void: Vec::new(),
        }
    }

    pub(super) fn counts(&self, entry: Entry) -> bool {
        self.void.is_empty() || self.void.binary_search(&entry.position).is_err()
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
        let numbered = bounds.into_iter().enumerate();
        let entries = numbered.map(|(position, bounds)| Entry::new(position, bounds));
        Self {
            runs: vec![Run::new(entries.collect())],
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
            void.push(u32::try_from(position).expect("fewer than 2^32 features in a layer"));
            fresh.extend(bounds.map(|bounds| Entry::new(position, bounds)));
        }
        next.loose
            .retain(|entry| void.binary_search(&entry.position).is_err());
        next.loose.extend(fresh);
        next.loose.sort_by_key(|entry| entry.position);
        for run in &mut next.runs {
            run.void.extend(&void);
            run.void.sort_unstable();
            run.void.dedup();
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
            .pop_if(|run| run.tree.size() <= entries.len() * SHARE)
        {
            entries.extend(run.tree.iter().filter(|entry| run.counts(**entry)));
        }
        self.runs.push(Run::new(entries));
    }

    pub(super) fn runs(&self) -> &[Run] {
        &self.runs
    }

    pub(super) fn loose(&self) -> &[Entry] {
        &self.loose
    }

    /// Positions of the features whose bounds meet the box, touching included, in no particular order.
    pub fn meeting(&self, bounds: Bounds) -> impl Iterator<Item = usize> {
        let settled = self.runs.iter().flat_map(move |run| {
            let met = run.tree.locate_in_envelope_intersecting(envelope(bounds));
            met.filter(|entry| run.counts(**entry))
        });
        let loose = self
            .loose
            .iter()
            .filter(move |entry| entry.bounds.meets(bounds));
        settled.chain(loose).map(|entry| entry.position as usize)
    }

    /// Positions of the features whose bounds hold the point.
    pub fn holding(&self, at: Coord) -> impl Iterator<Item = usize> {
        self.meeting(Bounds::of(at))
    }
}
