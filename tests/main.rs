//! All integration tests in one program, so that the libraries are linked once.

mod batch;
mod cli;
mod demo_places;
mod http;
mod import_files;
mod import_malformed;
mod kill;
mod layers;
mod locate;
mod parsers;
mod shared_data;
mod store;
mod support;
mod tile;
