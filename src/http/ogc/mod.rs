//! OGC API Tiles, Part 1 (20-057): tiles of one layer in WebMercatorQuad, and the pages that lead there.

mod landing;
mod scheme;
mod tilesets;

use serde_json::{Value, json};

pub(super) use landing::{conformance, landing};
pub(super) use scheme::{matrix_set, matrix_sets};
pub(super) use tilesets::{TILE, tile, tileset, tilesets};

/// The relation of a collection to its lists of vector tilesets.
pub(super) const TILESETS: &str = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector";
/// The relation of a tileset to the description of its scheme.
const TILING_SCHEME: &str = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme";
/// The relation of the landing page to the schemes.
const TILING_SCHEMES: &str = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes";

fn link(rel: &str, kind: &str, href: &str) -> Value {
    json!({"rel": rel, "type": kind, "href": href})
}

fn json_link(rel: &str, href: &str) -> Value {
    link(rel, "application/json", href)
}

/// A layer's name as a part of a path: it may be Chinese.
pub(super) fn encoded(name: &str) -> String {
    form_urlencoded::byte_serialize(name.as_bytes()).collect()
}
