//! The whole document, from the ground up.

use serde_json::{Map, Value, json};

use super::catalogue::{Catalogue, Drawn, Kind};
use super::colour::Colour;
use super::design::Design;
use super::expression::labels_of;
use super::palette::colours;
use super::place;
use super::stack::Stack;

/// What a document names beside the layers.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// What all addresses begin with, as `http://127.0.0.1:8080`.
    pub origin: &'a str,
    /// Fonts of ordinary and of strong names, by preference.
    pub fonts: &'a [String],
    pub strong_fonts: &'a [String],
    /// Rasters below everything, from below.
    pub rasters: &'a [RasterLayer],
}

/// A raster layer that the service passes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RasterLayer {
    pub id: String,
    /// Tile address below the origin, with `{z}`, `{x}`, `{y}`.
    pub path: String,
    pub attribution: String,
    /// Imagery, or what lies upon it; else drawn on white.
    pub is_photo: bool,
}

/// A design's style of a catalogue: the MapLibre style specification, version 8.
#[must_use]
pub fn style(catalogue: &Catalogue, design: &Design, around: &Surroundings) -> Value {
    let colours = colours(catalogue, design);
    let mut stack = Stack::default();
    for (drawn, colour) in catalogue.layers.iter().zip(&colours) {
        stack.add(drawn, *colour, catalogue, design, around);
    }
    let id = design.id;
    json!({
        "version": 8,
        "name": format!("wangge {id}"),
        "metadata": metadata(catalogue, &colours, design),
        "light": {
            "anchor": "viewport",
            "color": design.light.color.to_string(),
            "intensity": design.light.intensity,
            "position": [1.3, 200, 40],
        },
        "sprite": format!("{}/api/sprites/{id}", around.origin),
        "glyphs": format!("{}/api/fonts/{{fontstack}}/{{range}}.pbf", around.origin),
        "sources": sources(catalogue, around),
        "layers": stack.layers(design, around),
    })
}

/// What the screen must know of a design and cannot read from its layers.
fn metadata(catalogue: &Catalogue, colours: &[Colour], design: &Design) -> Value {
    let mut layers = Map::new();
    for (drawn, colour) in catalogue.layers.iter().zip(colours) {
        let kind = drawn.kind(catalogue.access);
        let mut told = json!({ "color": colour.to_string() });
        if kind == Kind::Building {
            let heights = drawn.heights(catalogue.access);
            told["height"] = json!(heights.height);
            told["floors"] = json!(heights.floors);
            told["storey_m"] = json!(heights.storey_m);
            told["estimated"] = json!(design.building.estimated.to_string());
            told["hatch"] = json!(design.building.hatch.to_string());
        }
        layers.insert(drawn.id().to_owned(), told);
    }
    let on_land = |colour| design.land.mix(colour, design.theme.opacity);
    json!({
        "wangge:design": design.id,
        "wangge:mode": if design.is_dark() { "dark" } else { "light" },
        "wangge:mark": design.mark.to_string(),
        "wangge:theme": {
            "colors": design.theme.colors.map(|colour| on_land(colour).to_string()),
            "none": on_land(design.theme.none).to_string(),
        },
        "wangge:layers": layers,
    })
}

fn sources(catalogue: &Catalogue, around: &Surroundings) -> Value {
    let origin = around.origin;
    let mut sources = Map::new();
    for raster in around.rasters {
        let source = json!({
            "type": "raster",
            "tiles": [format!("{origin}{}", raster.path)],
            "tileSize": 256,
            "minzoom": 1,
            "maxzoom": 18,
            "attribution": raster.attribution,
        });
        sources.insert(format!("~base.{}", raster.id), source);
    }
    for drawn in &catalogue.layers {
        let kind = drawn.kind(catalogue.access);
        let labels = matches!(kind, Kind::Grid | Kind::Area).then(|| labels_of(drawn));
        let mut source = tiles(drawn, labels.as_deref(), origin);
        if kind == Kind::Grid {
            // Numbers by grid come by code.
            source["promoteId"] = json!({ drawn.id(): "code" });
        }
        sources.insert(drawn.id().to_owned(), source);
    }
    let empty = json!({
        "type": "geojson",
        "data": { "type": "FeatureCollection", "features": [] },
    });
    sources.insert("~graticule".to_owned(), empty);
    sources.insert("~places".to_owned(), place::source(catalogue));
    Value::Object(sources)
}

/// The layer's tiles, with the layer of its labels where one is named.
fn tiles(drawn: &Drawn, labels: Option<&str>, origin: &str) -> Value {
    let names: Vec<&str> = std::iter::once(drawn.id()).chain(labels).collect();
    let names = names.join(",");
    let name = percent_encoding::utf8_percent_encode(&names, percent_encoding::NON_ALPHANUMERIC);
    // A dot, a dash, a line below and a comma are letters of a path too.
    let name = name.to_string();
    let name = name
        .replace("%2E", ".")
        .replace("%2D", "-")
        .replace("%5F", "_")
        .replace("%2C", ",");
    let zooms = drawn.layer.zooms;
    let mut source = json!({
        "type": "vector",
        "tiles": [format!("{origin}/api/tiles/{name}/{{z}}/{{x}}/{{y}}.mvt")],
        "minzoom": zooms.min,
        "maxzoom": zooms.max,
    });
    if let Some(bounds) = drawn.bounds {
        let (min, max) = (bounds.min.degrees(), bounds.max.degrees());
        source["bounds"] = json!([min.lon, min.lat, max.lon, max.lat]);
    }
    source
}
