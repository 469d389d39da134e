//! Buildings: flat footprints; extruded where their height is known; hatched where it is not.
//!
//! No height is invented. A height is measured (a field holds it), or estimated from floors where the layer's configuration
//! says how high a floor is, and then drawn in a colour of its own; else the building stays flat, hatched and with a dashed outline.

use serde_json::{Value, json};

use super::catalogue::{Drawn, Heights};
use super::colour::Colour;
use super::design::Design;
use super::expression::{by_zoom, numeric, part, speck, with};

/// A layer of buildings and how it is to look.
pub(super) struct Buildings<'a> {
    pub(super) drawn: &'a Drawn<'a>,
    pub(super) heights: Heights<'a>,
    pub(super) colour: Colour,
    pub(super) design: &'a Design,
}

/// Zooms at which footprints come in and walls rise from the ground.
const FLAT_FROM: f64 = 12.5;
const RISING: (f64, f64) = (13.0, 14.0);

impl Buildings<'_> {
    /// From below; what stands up comes last and is hidden until the map is tilted.
    pub(super) fn parts(&self) -> Vec<Value> {
        let speck = speck(
            self.drawn,
            self.colour,
            FLAT_FROM,
            self.design.building.opacity,
        );
        let mut parts = vec![self.footprint(), speck];
        parts.extend(self.without_height());
        parts.extend([self.measured(), self.estimated()].into_iter().flatten());
        parts
    }

    fn footprint(&self) -> Value {
        let full = self.design.building.opacity;
        let edge = self.colour.mix(self.design.ink.toward, 0.3);
        let paint = json!({
            "fill-color": self.colour.to_string(),
            "fill-outline-color": edge.to_string(),
            "fill-opacity": by_zoom(&[(FLAT_FROM, full * 0.3), (15.0, full)]),
        });
        with(
            part(self.drawn, "fill", "fill"),
            [("minzoom", json!(FLAT_FROM)), ("paint", paint)],
        )
    }

    /// Metres by measure; 0 where there is none.
    fn measure(&self) -> Option<Value> {
        self.heights.height.map(numeric)
    }

    /// Metres by floors; 0 where there are none.
    fn estimate(&self) -> Option<Value> {
        let floors = numeric(self.heights.floors?);
        Some(json!(["*", floors, self.heights.storey_m?]))
    }

    /// Hatching and a dashed outline over what no height is known of.
    fn without_height(&self) -> [Value; 2] {
        let known = [self.measure(), self.estimate()].into_iter().flatten();
        let mut filter = vec![json!("all")];
        filter.extend(known.map(|metres| json!(["<=", metres, 0])));
        let filter = Value::Array(filter);
        let hatch = json!({ "fill-pattern": "hatch", "fill-opacity": 0.75 });
        let dash = json!({
            "line-color": self.design.building.hatch.to_string(),
            "line-width": by_zoom(&[(14.0, 0.6), (17.0, 1.4)]),
            "line-dasharray": [2, 1.5],
        });
        let shared = |name, kind, paint| {
            with(
                part(self.drawn, name, kind),
                [
                    ("minzoom", json!(14)),
                    ("filter", filter.clone()),
                    ("paint", paint),
                ],
            )
        };
        [shared("hatch", "fill", hatch), shared("dash", "line", dash)]
    }

    fn measured(&self) -> Option<Value> {
        let metres = self.measure()?;
        let filter = json!([">", metres, 0]);
        Some(self.walls("extrusion", &filter, &metres, self.colour))
    }

    fn estimated(&self) -> Option<Value> {
        let metres = self.estimate()?;
        let mut filter = vec![json!("all"), json!([">", metres, 0])];
        filter.extend(self.measure().map(|measure| json!(["<=", measure, 0])));
        let colour = self.design.building.estimated;
        Some(self.walls("estimated", &Value::Array(filter), &metres, colour))
    }

    fn walls(&self, name: &str, filter: &Value, metres: &Value, colour: Colour) -> Value {
        let building = &self.design.building;
        let low = colour.mix(building.low, 0.45).to_string();
        let high = colour.mix(building.high, 0.35).to_string();
        let (from, full) = RISING;
        let base = match self.heights.base {
            // What floats above its own roof would be drawn upside down.
            Some(base) => json!(["min", numeric(base), metres]),
            None => json!(0),
        };
        let paint = json!({
            "fill-extrusion-color": ["interpolate", ["linear"], metres, 0, low, 30, colour.to_string(), 100, high],
            "fill-extrusion-height": ["interpolate", ["linear"], ["zoom"], from, 0, full, metres],
            "fill-extrusion-base": ["interpolate", ["linear"], ["zoom"], from, 0, full, base],
            "fill-extrusion-opacity": 0.92,
            "fill-extrusion-vertical-gradient": true,
        });
        with(
            part(self.drawn, name, "fill-extrusion"),
            [
                ("minzoom", json!(from)),
                ("filter", filter.clone()),
                ("layout", json!({ "visibility": "none" })),
                ("paint", paint),
            ],
        )
    }
}
