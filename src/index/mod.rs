//! Where things are: which features may touch a box, which are nearest, and which grid holds a point.

pub mod face;
mod fetch;
mod nearest;
mod packed;
mod rtree;

pub use face::{Doubt, Face, FaceIndex, Grids, Holders};
pub(crate) use fetch::fetch;
pub use nearest::NearestFirst;
pub use rtree::BoundsTree;
