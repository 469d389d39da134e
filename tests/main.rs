//! All integration tests in one program, so that the libraries are linked once.

mod archive;
mod batch;
mod bounds_tree;
mod cli;
mod coverage;
mod crooked;
mod demo_places;
mod face;
mod http;
mod import_files;
mod import_malformed;
mod incremental;
mod jts;
mod kept_tiles;
mod kill;
mod layers;
mod locate;
mod national;
#[path = "../benches/national/mod.rs"]
mod national_coverage;
mod nearby;
mod parsers;
mod readme;
mod shared_data;
mod simplified;
mod stats;
mod store;
mod support;
mod tile;
mod winding;
