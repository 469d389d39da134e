//! wangge (网格): the one map of grids and resources.

pub mod app;
pub mod cli;
pub mod config;
pub mod demo;
pub mod exchange;
pub mod http;
pub mod index;
pub mod model;
pub mod query;
pub mod snapshot;
pub mod store;
pub mod style;
pub mod tile;
pub mod topology;
