//! The whole document, from the ground up.

use serde_json::{Map, Value, json};

use super::base::{BaseLayer, rank, raster};
use super::building::Buildings;
use super::catalogue::{Catalogue, Drawn, Kind};
use super::colour::Colour;
use super::design::Design;
use super::expression::{labels_of, number};
use super::grid::Level;
use super::heat::Heat;
use super::palette::colours;
use super::place;
use super::point::Points;
use super::shape::Shapes;
use super::zooms::{GridZooms, PointZooms};
use crate::model::Access;

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

/// Layers in the order in which they are drawn, by what lies over what.
#[derive(Default)]
struct Stack {
    base: Vec<(usize, Value)>,
    lands: Vec<Value>,
    fills: Vec<Value>,
    themes: Vec<Value>,
    lines: Vec<Value>,
    areas: Vec<Value>,
    ways: Vec<Value>,
    buildings: Vec<Value>,
    heats: Vec<Value>,
    points: Vec<Value>,
    names: Vec<Value>,
    bubbles: Vec<Value>,
    labels: Vec<Value>,
    /// The zoom at which the names of the top level come in.
    named_from: Option<f64>,
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

impl Stack {
    fn add(
        &mut self,
        drawn: &Drawn,
        colour: Colour,
        catalogue: &Catalogue,
        design: &Design,
        around: &Surroundings,
    ) {
        let fonts = around.fonts;
        let shapes = Shapes {
            drawn,
            colour,
            design,
            fonts,
        };
        match drawn.kind(catalogue.access) {
            Kind::Grid => self.add_grid(drawn, colour, catalogue, design, around),
            Kind::Point => {
                let points = Points {
                    drawn,
                    colour,
                    zooms: PointZooms::of(drawn, catalogue),
                    design,
                    fonts,
                    has_kinds: drawn.carries("kind", catalogue.access),
                };
                let zooms = points.zooms;
                let heat = Heat {
                    drawn,
                    zooms,
                    design,
                };
                self.heats.push(heat.part());
                self.points.extend(points.marks());
                self.bubbles.extend(points.bubbles());
                self.names.push(points.name());
            }
            Kind::Line => {
                self.ways.push(shapes.line());
                self.ways.push(shapes.speck(design.line.opacity));
                self.names.push(shapes.name_along());
            }
            Kind::Area => {
                self.areas.extend(shapes.area());
                self.names.push(shapes.name_within());
            }
            Kind::Building => {
                let heights = drawn.heights(catalogue.access);
                let buildings = Buildings {
                    drawn,
                    heights,
                    colour,
                    design,
                };
                self.buildings.extend(buildings.parts());
            }
            Kind::Base => self.add_base(drawn, catalogue.access, design, around),
        }
    }

    fn add_grid(
        &mut self,
        drawn: &Drawn,
        colour: Colour,
        catalogue: &Catalogue,
        design: &Design,
        around: &Surroundings,
    ) {
        let Some(place) = drawn.grid else { return };
        let zooms = GridZooms::of(drawn, catalogue);
        let level = Level {
            drawn,
            place,
            colour,
            zooms,
            design,
            fonts: (around.fonts, around.strong_fonts),
        };
        if place.is_top() {
            self.named_from.get_or_insert(zooms.label_from);
            // Land would hide the rasters below it.
            if around.rasters.is_empty() {
                self.lands.push(level.land());
            }
        } else {
            self.fills.push(level.fill());
        }
        self.themes.push(level.theme());
        self.lines.extend([level.line(), level.speck()]);
        self.labels.push(level.label());
    }

    fn add_base(&mut self, drawn: &Drawn, access: Access, design: &Design, around: &Surroundings) {
        let Some(role) = drawn.layer.look.role else {
            return;
        };
        let layer = BaseLayer {
            drawn,
            role,
            access,
            design,
            fonts: around.fonts,
        };
        let parts = layer.parts().into_iter();
        self.base.extend(parts.map(|part| (rank(role), part)));
        self.names.extend(layer.name());
    }

    /// All layers from below. Borders and names of upper levels lie over those of lower ones.
    fn layers(mut self, design: &Design, around: &Surroundings) -> Vec<Value> {
        let graticule = &design.graticule;
        let mut layers = vec![json!({
            "id": "~ground",
            "type": "background",
            "paint": { "background-color": design.ground.to_string() },
        })];
        layers.extend(around.rasters.iter().map(|base| raster(base, design)));
        layers.push(json!({
            "id": "~graticule",
            "type": "line",
            "source": "~graticule",
            "paint": {
                "line-color": graticule.color.to_string(),
                "line-opacity": number(graticule.opacity),
                "line-width": 1,
            },
        }));
        self.base.sort_by_key(|(rank, _)| *rank);
        self.lines.reverse();
        self.labels.reverse();
        layers.extend(self.lands);
        layers.extend(self.base.into_iter().map(|(_, part)| part));
        for parts in [
            self.fills,
            self.themes,
            self.areas,
            self.ways,
            self.lines,
            self.buildings,
        ] {
            layers.extend(parts);
        }
        for parts in [
            self.heats,
            self.points,
            self.names,
            self.labels,
            self.bubbles,
        ] {
            layers.extend(parts);
        }
        let named_from = self.named_from.unwrap_or(6.0);
        layers.extend(place::marks(named_from, design, around.fonts));
        layers
    }
}
