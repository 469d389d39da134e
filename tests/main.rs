//! All integration tests in one program, so that the libraries are linked once.

mod demo_places;
mod http;
mod import_files;
mod import_malformed;
mod layers;
mod locate;
mod parsers;
mod store;
mod support;
mod tile;
