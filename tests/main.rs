//! All integration tests in one program, so that the libraries are linked once.

mod cli;
mod demo_places;
mod face;
mod http;
mod import_files;
mod import_malformed;
mod incremental;
mod kill;
mod layers;
mod locate;
mod nearby;
mod parsers;
mod shared_data;
mod store;
mod support;
mod tile;
