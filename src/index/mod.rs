//! Where things are: which features may touch a box, which are nearest, and which grid holds a point.

pub mod face;
mod nearest;
mod packed;
mod rtree;

pub(crate) use crate::model::fetch;
pub use face::{Doubt, Face, FaceIndex, Grids, Holders, Then};
pub use nearest::NearestFirst;
pub use rtree::BoundsTree;
