//! Points: a dot with a glow far out, an icon on a disc and a name near by; a bubble with a number for many in one.

use serde_json::{Value, json};

use super::catalogue::Drawn;
use super::colour::Colour;
use super::design::Design;
use super::expression::{by_zoom, number, part, with};
use super::icons::{default_icon, icons_of_kinds};
use super::zooms::PointZooms;

/// A point layer and how it is to look.
pub(super) struct Points<'a> {
    pub(super) drawn: &'a Drawn<'a>,
    pub(super) colour: Colour,
    pub(super) zooms: PointZooms,
    pub(super) design: &'a Design,
    pub(super) fonts: &'a [String],
    /// Whether the tiles tell each feature's kind.
    pub(super) has_kinds: bool,
}

impl Points<'_> {
    /// All but names and bubbles, from below.
    pub(super) fn marks(&self) -> Vec<Value> {
        let mut marks = Vec::new();
        if self.design.point.glow > 0.0 {
            marks.push(self.halo());
        }
        marks.push(self.circle());
        marks.extend(self.icon());
        marks
    }

    /// Bubbles for many in one. They lie over all names, which give way to them.
    pub(super) fn bubbles(&self) -> [Value; 2] {
        [self.cluster(), self.count()]
    }

    fn has_icons(&self) -> bool {
        self.has_kinds || default_icon(self.drawn.layer).is_some()
    }

    fn halo(&self) -> Value {
        let PointZooms { from, .. } = self.zooms;
        let near = from + 4.0;
        let glow = self.design.point.glow;
        let paint = json!({
            "circle-color": self.colour.to_string(),
            "circle-radius": by_zoom(&[(from, 3.5), (near, 8.0), ((near + 1.0).max(17.0), 14.0)]),
            "circle-opacity": by_zoom(&[(from, glow / 2.0), (near, glow)]),
            "circle-blur": 0.5,
        });
        with(
            part(self.drawn, "halo", "circle"),
            [
                ("minzoom", number(from)),
                ("filter", alone()),
                ("paint", paint),
            ],
        )
    }

    fn circle(&self) -> Value {
        let PointZooms {
            from, icon_from, ..
        } = self.zooms;
        let near = from + 4.0;
        let radii = if self.has_icons() {
            vec![
                (from, 1.4),
                (icon_from, 4.2),
                (icon_from + 0.5, 8.5),
                (icon_from.max(16.5) + 1.0, 11.0),
            ]
        } else {
            vec![(from, 1.4), (near, 3.6), ((near + 1.0).max(17.0), 6.0)]
        };
        let paint = json!({
            "circle-color": self.colour.to_string(),
            "circle-radius": by_zoom(&radii),
            "circle-opacity": by_zoom(&[(from, 0.65), (near, 1.0)]),
            "circle-stroke-color": self.design.point.outline.to_string(),
            "circle-stroke-width": by_zoom(&[(from, 0.3), (near, 1.1)]),
        });
        with(
            part(self.drawn, "circle", "circle"),
            [
                ("minzoom", number(from)),
                ("filter", alone()),
                ("paint", paint),
            ],
        )
    }

    /// The drawing on the disc, by the feature's kind, else the layer's.
    fn icon(&self) -> Option<Value> {
        let own = default_icon(self.drawn.layer);
        let kinds = self.has_kinds.then(icons_of_kinds);
        let image = match (&kinds, own) {
            (None, None) => return None,
            (None, Some(own)) => json!(own),
            (Some(kinds), own) => {
                let mut image = vec![json!("match"), json!(["get", "kind"])];
                for (kind, icon) in kinds {
                    image.extend([json!(kind), json!(icon)]);
                }
                image.push(json!(own.unwrap_or_default()));
                Value::Array(image)
            }
        };
        let filter = match (&kinds, own) {
            // Else a feature of a kind that has no drawing would ask for an image without name.
            (Some(kinds), None) => {
                let known: Vec<_> = kinds.iter().map(|(kind, _)| kind).collect();
                json!(["all", alone(), ["in", ["get", "kind"], ["literal", known]]])
            }
            _ => alone(),
        };
        let disc = self.zooms.icon_from;
        let from = disc + 0.2;
        let grown = disc.max(16.5) + 1.0;
        let layout = json!({
            "icon-image": image,
            "icon-size": by_zoom(&[(from, 0.45), (disc + 0.5, 0.72), (grown, 0.95)]),
            "icon-allow-overlap": true,
            "icon-ignore-placement": true,
        });
        Some(with(
            part(self.drawn, "icon", "symbol"),
            [
                ("minzoom", number(from.min(24.0))),
                ("filter", filter),
                ("layout", layout),
            ],
        ))
    }

    /// Many in one, larger the more they are.
    fn cluster(&self) -> Value {
        let count = json!(["to-number", ["get", "point_count"], 0]);
        let radius = json!(["step", count, 9, 10, 11, 100, 14, 1000, 17, 10_000, 20]);
        let paint = json!({
            "circle-color": self.colour.to_string(),
            "circle-radius": radius,
            "circle-opacity": 0.88,
            "circle-stroke-color": self.colour.to_string(),
            "circle-stroke-opacity": 0.3,
            "circle-stroke-width": 3,
        });
        with(
            part(self.drawn, "cluster", "circle"),
            [("filter", many()), ("paint", paint)],
        )
    }

    fn count(&self) -> Value {
        let text = json!([
            "coalesce",
            ["to-string", ["get", "point_count_abbreviated"]],
            ["to-string", ["get", "point_count"]],
        ]);
        let layout = json!({
            "text-field": text,
            "text-font": self.fonts,
            "text-size": 11,
            // Of bubbles that lie upon each other the uppermost tells its number.
            "text-padding": 1,
        });
        let paint = json!({ "text-color": self.design.point.glyph.to_string() });
        with(
            part(self.drawn, "count", "symbol"),
            [("filter", many()), ("layout", layout), ("paint", paint)],
        )
    }

    pub(super) fn name(&self) -> Value {
        let below = if self.has_icons() { 1.15 } else { 0.75 };
        let layout = json!({
            "text-field": ["coalesce", ["get", "name"], ""],
            "text-font": self.fonts,
            "text-size": 11.5,
            "text-anchor": "top",
            "text-offset": [0, below],
            "text-max-width": 9,
            "text-padding": 4,
            "text-optional": true,
        });
        let paint = self.design.name_paint(self.colour);
        with(
            part(self.drawn, "name", "symbol"),
            [
                ("minzoom", number(self.zooms.label_from)),
                ("filter", alone()),
                ("layout", layout),
                ("paint", paint),
            ],
        )
    }
}

/// A feature that stands for itself.
fn alone() -> Value {
    json!(["!", ["has", "point_count"]])
}

/// A point of a tile that stands for many features.
fn many() -> Value {
    json!(["has", "point_count"])
}
