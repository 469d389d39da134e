//! An R-tree over the bounds of a layer's features, bulk loaded and then frozen.

use rstar::{AABB, RTree, RTreeObject};

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
}
