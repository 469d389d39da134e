//! wangge (网格): the one map of grids and resources.

pub mod exchange;
pub mod index;
pub mod model;
pub mod snapshot;
