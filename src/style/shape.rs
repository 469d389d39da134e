//! Lines and areas that are resources.

use serde_json::{Value, json};

use super::catalogue::Drawn;
use super::colour::Colour;
use super::design::Design;
use super::expression::{by_zoom, label_part, numeric, part, speck, with};

/// A line or area layer and how it is to look.
pub(super) struct Shapes<'a> {
    pub(super) drawn: &'a Drawn<'a>,
    pub(super) colour: Colour,
    pub(super) design: &'a Design,
    pub(super) fonts: &'a [String],
}

impl Shapes<'_> {
    pub(super) fn line(&self) -> Value {
        let paint = json!({
            "line-color": self.colour.to_string(),
            "line-opacity": self.design.line.opacity,
            "line-width": by_zoom(&[(8.0, 0.8), (16.0, 3.0)]),
        });
        let layout = json!({ "line-join": "round", "line-cap": "round" });
        with(
            part(self.drawn, "line", "line"),
            [("layout", layout), ("paint", paint)],
        )
    }

    pub(super) fn speck(&self, opacity: f64) -> Value {
        speck(self.drawn, self.colour, 0.0, opacity)
    }

    pub(super) fn area(&self) -> [Value; 3] {
        let area = &self.design.area;
        let color = self.colour.to_string();
        let fill = json!({ "fill-color": color, "fill-opacity": area.fill });
        let line = json!({ "line-color": color, "line-opacity": area.opacity, "line-width": 1 });
        [
            with(part(self.drawn, "fill", "fill"), [("paint", fill)]),
            with(part(self.drawn, "line", "line"), [("paint", line)]),
            self.speck(area.opacity),
        ]
    }

    /// Names along the line, near by.
    pub(super) fn name_along(&self) -> Value {
        let layout = json!({
            "symbol-placement": "line",
            "text-field": ["coalesce", ["get", "name"], ""],
            "text-font": self.fonts,
            "text-size": 11,
            "text-max-angle": 35,
            "text-padding": 6,
            "symbol-spacing": 320,
        });
        self.name(part(self.drawn, "name", "symbol"), 15.0, &layout)
    }

    /// Names of areas, near by.
    pub(super) fn name_within(&self) -> Value {
        let layout = json!({
            "text-field": ["coalesce", ["get", "name"], ""],
            "text-font": self.fonts,
            "text-size": 11.5,
            "text-max-width": 8,
            "text-padding": 8,
            "symbol-sort-key": numeric("rank"),
        });
        self.name(label_part(self.drawn, "name"), 15.5, &layout)
    }

    fn name(&self, part: Value, from: f64, layout: &Value) -> Value {
        let paint = self.design.name_paint(self.colour);
        with(
            part,
            [
                ("minzoom", json!(from)),
                ("layout", layout.clone()),
                ("paint", paint),
            ],
        )
    }
}
