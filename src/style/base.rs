//! The base map below grids and resources: rasters of 天地图, and imported land, water, roads and boundaries.

use serde_json::{Value, json};

use super::catalogue::Drawn;
use super::design::Design;
use super::document::RasterLayer;
use super::expression::{by_zoom, part, with};
use crate::model::{Access, GeometryKind, Role};

/// Fields in which a road's class stands, by preference, with OpenStreetMap's words for it.
const CLASSES: [&str; 3] = ["class", "highway", "kind"];
const GREAT: [&str; 5] = ["motorway", "trunk", "primary", "高速公路", "国道"];

/// A layer with a role and how it is to look.
pub(super) struct BaseLayer<'a> {
    pub(super) drawn: &'a Drawn<'a>,
    pub(super) role: Role,
    pub(super) access: Access,
    pub(super) design: &'a Design,
    pub(super) fonts: &'a [String],
}

/// A raster layer below everything.
pub(super) fn raster(layer: &RasterLayer, design: &Design) -> Value {
    let raster = if layer.is_photo {
        &design.raster.photo
    } else {
        &design.raster.drawing
    };
    let [black, white] = raster.brightness;
    json!({
        "id": format!("~base|{}", layer.id),
        "type": "raster",
        "source": format!("~base.{}", layer.id),
        "paint": {
            "raster-opacity": raster.opacity,
            "raster-brightness-min": black,
            "raster-brightness-max": white,
            "raster-saturation": raster.saturation,
            "raster-contrast": raster.contrast,
        },
    })
}

/// From below: land, water, roads, boundaries.
pub(super) fn rank(role: Role) -> usize {
    match role {
        Role::Land => 0,
        Role::Water => 1,
        Role::Road => 2,
        Role::Boundary => 3,
    }
}

impl BaseLayer<'_> {
    pub(super) fn parts(&self) -> Vec<Value> {
        let (drawn, base) = (self.drawn, &self.design.base);
        let is_line = drawn.layer.geometry == GeometryKind::Line;
        match self.role {
            Role::Land => vec![self.fill(&base.land.to_string())],
            Role::Water if !is_line => vec![self.fill(&base.water.to_string())],
            Role::Water => {
                let width = by_zoom(&[(8.0, 0.6), (14.0, 2.4), (18.0, 7.0)]);
                vec![self.line("line", &base.water.to_string(), &width)]
            }
            Role::Road if !is_line => vec![self.fill(&base.road.to_string())],
            Role::Road => vec![
                self.line("casing", &base.road_casing.to_string(), &self.road(1.6)),
                self.line("line", &base.road.to_string(), &self.road(0.0)),
            ],
            Role::Boundary => {
                let width = by_zoom(&[(4.0, 0.7), (12.0, 1.6)]);
                let mut line = self.line("line", &base.boundary.to_string(), &width);
                line["paint"]["line-dasharray"] = json!([5, 2, 1, 2]);
                vec![line]
            }
        }
    }

    /// Names of waters and roads; lines have theirs along them.
    pub(super) fn name(&self) -> Option<Value> {
        let (design, text) = (self.design, &self.design.text);
        let (colour, from) = match self.role {
            Role::Water => (design.base.water_text, 12.0),
            Role::Road => (design.base.road.mix(design.text.toward, 0.7), 14.0),
            Role::Land | Role::Boundary => return None,
        };
        let is_line = self.drawn.layer.geometry == GeometryKind::Line;
        let layout = json!({
            "symbol-placement": if is_line { "line" } else { "point" },
            "text-field": ["coalesce", ["get", "name"], ""],
            "text-font": self.fonts,
            "text-size": by_zoom(&[(from, 10.5), (17.0, 13.0)]),
            "text-max-angle": 35,
            "text-letter-spacing": if self.role == Role::Water { 0.15 } else { 0.05 },
            "symbol-spacing": 400,
        });
        let paint = json!({
            "text-color": colour.to_string(),
            "text-halo-color": text.halo.to_string(),
            "text-halo-width": text.halo_width,
        });
        let name = part(self.drawn, "name", "symbol");
        Some(with(
            name,
            [
                ("minzoom", json!(from)),
                ("layout", layout),
                ("paint", paint),
            ],
        ))
    }

    fn fill(&self, color: &str) -> Value {
        let paint = json!({ "fill-color": color });
        with(part(self.drawn, "fill", "fill"), [("paint", paint)])
    }

    fn line(&self, name: &str, color: &str, width: &Value) -> Value {
        let layout = json!({ "line-join": "round", "line-cap": "round" });
        let paint = json!({ "line-color": color, "line-width": width });
        let line = part(self.drawn, name, "line");
        with(line, [("layout", layout), ("paint", paint)])
    }

    /// The width of a road, and of its casing by so many pixels more; great roads are wider where a field tells them.
    fn road(&self, more: f64) -> Value {
        let mut classes = CLASSES.iter();
        let class = classes.find(|class| self.drawn.carries(class, self.access));
        let at = |plain: f64, great: f64| match class {
            None => json!(plain + more),
            Some(class) => {
                let is_great = json!(["in", ["get", class], ["literal", GREAT]]);
                json!(["case", is_great, great + more, plain + more])
            }
        };
        json!([
            "interpolate",
            ["exponential", 1.4],
            ["zoom"],
            7,
            at(0.2, 0.8),
            12,
            at(0.9, 2.4),
            16,
            at(4.5, 9.0),
            19,
            at(14.0, 24.0),
        ])
    }
}
