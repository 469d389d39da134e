//! Where things are: which features may touch a box, which are nearest, which lie in a tile, and which grid holds a point.

mod anchors;
pub mod face;
mod nearest;
mod packed;
mod rtree;
mod zorder;

pub(crate) use crate::model::fetch;
pub use anchors::{Anchor, Anchors, Rows};
pub use face::{Doubt, Face, FaceIndex, Grids, Holders, Then};
pub use nearest::NearestFirst;
pub use rtree::BoundsTree;
pub use zorder::{DEEPEST_CELL, ZCell, ZPlace, longer_side};
