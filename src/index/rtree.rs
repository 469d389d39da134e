//! An R-tree over the bounds of a layer's features, bulk loaded and then frozen.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use rstar::{AABB, RTree, RTreeNode, RTreeObject};

use crate::model::{Bounds, Coord};

/// The bounds of one feature, as the tree keeps them.
#[derive(Clone, Copy, Debug)]
struct Entry {
    bounds: Bounds,
    position: u32,
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

/// The box that an envelope stands for.
fn bounds(envelope: &AABB<[i64; 2]>) -> Bounds {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "every corner came from an i32"
    )]
    let corner = |[lon, lat]: [i64; 2]| Coord {
        lon: lon as i32,
        lat: lat as i32,
    };
    Bounds {
        min: corner(envelope.lower()),
        max: corner(envelope.upper()),
    }
}

/// Answers which features' bounds meet a box, by their positions in the layer.
#[derive(Debug)]
pub struct BoundsTree(RTree<Entry>);

impl BoundsTree {
    /// Builds the tree; the n-th bounds belong to position n.
    ///
    /// # Panics
    /// With more than 4,294,967,295 bounds.
    #[must_use]
    pub fn build(bounds: impl IntoIterator<Item = Bounds>) -> Self {
        let entries = bounds
            .into_iter()
            .enumerate()
            .map(|(position, bounds)| {
                let position =
                    u32::try_from(position).expect("fewer than 2^32 features in a layer");
                Entry { bounds, position }
            })
            .collect();
        Self(RTree::bulk_load(entries))
    }

    /// Positions of the features whose bounds meet the box, touching included, in no particular order.
    pub fn meeting(&self, bounds: Bounds) -> impl Iterator<Item = usize> {
        self.0
            .locate_in_envelope_intersecting(envelope(bounds))
            .map(|entry| entry.position as usize)
    }

    /// Positions of the features whose bounds hold the point.
    pub fn holding(&self, at: Coord) -> impl Iterator<Item = usize> {
        self.meeting(Bounds::of(at))
    }

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
        walk.push(self.0.root().children());
        walk
    }
}

/// The walk of [`BoundsTree::nearest_first`].
pub struct NearestFirst<'a, F> {
    heap: BinaryHeap<Step<'a>>,
    bound: F,
}

impl<'a, F: Fn(Bounds) -> Option<f64>> NearestFirst<'a, F> {
    fn push(&mut self, nodes: &'a [RTreeNode<Entry>]) {
        for node in nodes {
            if let Some(bound) = (self.bound)(bounds(&node.envelope())) {
                self.heap.push(Step { bound, node });
            }
        }
    }
}

impl<F: Fn(Bounds) -> Option<f64>> Iterator for NearestFirst<'_, F> {
    type Item = (f64, usize);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let step = self.heap.pop()?;
            match step.node {
                RTreeNode::Leaf(entry) => return Some((step.bound, entry.position as usize)),
                RTreeNode::Parent(parent) => self.push(parent.children()),
            }
        }
    }
}

/// A node that the walk has yet to look at; the greatest is the one with the lowest bound.
struct Step<'a> {
    bound: f64,
    node: &'a RTreeNode<Entry>,
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
