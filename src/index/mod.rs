//! Where things are: which features may touch a box.

mod rtree;

pub use rtree::{BoundsTree, NearestFirst};
