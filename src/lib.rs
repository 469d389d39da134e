//! wangge (网格): the one map of grids and resources.

pub mod config;
pub mod demo;
pub mod index;
pub mod model;
pub mod snapshot;
