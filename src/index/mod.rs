//! Where things are: which features may touch a box.

pub mod face;
mod rtree;

pub use face::{Face, FaceIndex, Grids};
pub use rtree::BoundsTree;
