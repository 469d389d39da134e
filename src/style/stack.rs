//! The layers of a document in the order in which they are drawn.

use serde_json::{Value, json};

use super::base::{BaseLayer, rank, raster};
use super::building::Buildings;
use super::catalogue::{Catalogue, Drawn, Kind};
use super::colour::Colour;
use super::design::Design;
use super::document::Surroundings;
use super::expression::number;
use super::grid::Level;
use super::heat::Heat;
use super::place;
use super::point::Points;
use super::shape::Shapes;
use super::zooms::{GridZooms, PointZooms};
use crate::model::Access;

/// Parts by what lies over what.
#[derive(Default)]
pub(super) struct Stack {
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

impl Stack {
    /// Puts the parts of a layer where they belong.
    pub(super) fn add(
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
            Kind::Point => self.add_points(drawn, colour, catalogue, design, around),
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

    fn add_points(
        &mut self,
        drawn: &Drawn,
        colour: Colour,
        catalogue: &Catalogue,
        design: &Design,
        around: &Surroundings,
    ) {
        let zooms = PointZooms::of(drawn, catalogue);
        let heat = Heat {
            drawn,
            zooms,
            design,
        };
        let points = Points {
            drawn,
            colour,
            zooms,
            design,
            fonts: around.fonts,
            has_kinds: drawn.carries("kind", catalogue.access),
        };
        self.heats.push(heat.part());
        self.points.extend(points.marks());
        self.bubbles.extend(points.bubbles());
        self.names.push(points.name());
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
    pub(super) fn layers(mut self, design: &Design, around: &Surroundings) -> Vec<Value> {
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
