//! Grid levels: land, fill, border, name; a dot where a grid is smaller than a pixel.

use serde_json::{Value, json};

use super::catalogue::{Drawn, GridPlace};
use super::colour::Colour;
use super::design::{Design, at};
use super::expression::{by_zoom, label_part, number, numeric, part, speck, with};
use super::zooms::GridZooms;

/// A grid level and how it is to look.
pub(super) struct Level<'a> {
    pub(super) drawn: &'a Drawn<'a>,
    pub(super) place: GridPlace,
    pub(super) colour: Colour,
    pub(super) zooms: GridZooms,
    pub(super) design: &'a Design,
    /// The fonts of ordinary and of strong names.
    pub(super) fonts: (&'a [String], &'a [String]),
}

impl Level<'_> {
    fn listed(&self, list: &[f64]) -> f64 {
        at(list, self.place.depth).copied().unwrap_or_default()
    }

    /// Land under everything: only the top level of the base scheme has it.
    pub(super) fn land(&self) -> Value {
        let paint = json!({ "fill-color": self.design.land.to_string() });
        with(part(self.drawn, "land", "fill"), [("paint", paint)])
    }

    pub(super) fn fill(&self) -> Value {
        let (zooms, grid) = (self.zooms, &self.design.grid);
        let overlay = self.place.overlay;
        let full = if overlay {
            grid.overlay.fill
        } else {
            self.listed(&grid.fills)
        };
        let color = if overlay {
            json!(self.colour.to_string())
        } else {
            self.tint()
        };
        let opacity = by_zoom(&[
            (zooms.line_from, 0.0),
            (zooms.line_full, full),
            (zooms.label_to, full * 0.35),
        ]);
        let paint =
            json!({ "fill-color": color, "fill-antialias": false, "fill-opacity": opacity });
        let minzoom = number(zooms.line_from);
        with(
            part(self.drawn, "fill", "fill"),
            [("minzoom", minzoom), ("paint", paint)],
        )
    }

    /// The grids by classes of a number. Which class each is of, who shows it sets as the state `class`, by the code: the number of
    /// one of the design's colours, or one more where there is no value. Not drawn until it is switched on.
    pub(super) fn theme(&self) -> Value {
        let theme = &self.design.theme;
        let class = json!(["number", ["feature-state", "class"], -1]);
        let mut color = vec![json!("match"), class.clone()];
        for (number, shade) in theme.colors.iter().enumerate() {
            color.extend([json!(number), json!(shade.to_string())]);
        }
        color.push(json!(theme.none.to_string()));
        let paint = json!({
            "fill-color": color,
            "fill-opacity": ["match", class, -1, 0, number(theme.opacity)],
        });
        let layout = json!({ "visibility": "none" });
        with(
            part(self.drawn, "theme", "fill"),
            [("layout", layout), ("paint", paint)],
        )
    }

    /// One of the tints by the last three digits of the code, so that neighbours can be told apart without being loud.
    fn tint(&self) -> Value {
        let grid = &self.design.grid;
        let last = json!([
            "to-number",
            ["slice", ["to-string", ["get", "code"]], -3],
            0
        ]);
        let mut tint = vec![json!("match"), json!(["%", last, grid.tints.len()])];
        for (place, other) in grid.tints.iter().enumerate() {
            tint.push(json!(place));
            tint.push(json!(self.colour.mix(*other, grid.tint).to_string()));
        }
        tint.push(json!(self.colour.to_string()));
        Value::Array(tint)
    }

    pub(super) fn line(&self) -> Value {
        let (zooms, grid) = (self.zooms, &self.design.grid);
        let (width, dash) = if self.place.overlay {
            (grid.overlay.width, Some(&grid.overlay.dash))
        } else {
            (
                self.listed(&grid.widths),
                at(&grid.dashes, self.place.depth),
            )
        };
        let opacity = if self.place.overlay {
            grid.opacities.last().copied().unwrap_or(1.0)
        } else {
            self.listed(&grid.opacities)
        };
        let width = by_zoom(&[
            (zooms.line_from, width * 0.5),
            (zooms.line_full, width),
            (zooms.label_to + 1.0, width * 1.7),
        ]);
        let faint = opacity * 0.2;
        let paint = json!({
            "line-color": self.colour.to_string(),
            "line-width": width,
            "line-opacity": by_zoom(&[(zooms.line_from, faint), (zooms.line_full, opacity)]),
        });
        let dash = dash.filter(|dash| !dash.is_empty());
        let paint = with(paint, [("line-dasharray", json!(dash))]);
        with(
            part(self.drawn, "line", "line"),
            [
                ("minzoom", number(zooms.line_from)),
                ("layout", json!({ "line-join": "round" })),
                ("paint", paint),
            ],
        )
    }

    /// Dots, from where borders come in: before, there would be dots only.
    pub(super) fn speck(&self) -> Value {
        let opacity = self.listed(&self.design.grid.opacities) * 0.7;
        speck(self.drawn, self.colour, self.zooms.line_from, opacity)
    }

    pub(super) fn label(&self) -> Value {
        let (zooms, design) = (self.zooms, self.design);
        let size = self.listed(&design.grid.sizes);
        let (plain, strong) = self.fonts;
        let font = if self.place.depth < 2 { strong } else { plain };
        let sizes = by_zoom(&[(zooms.label_from, size * 0.9), (zooms.label_to, size * 1.2)]);
        let layout = json!({
            "text-field": ["coalesce", ["get", "name"], ""],
            "text-font": font,
            "text-size": sizes,
            "text-letter-spacing": if self.place.depth == 0 { 0.16 } else { 0.05 },
            "text-max-width": 9,
            "text-padding": 6,
            "text-variable-anchor": ["center", "bottom", "top", "left", "right"],
            "text-radial-offset": 0.9,
            "symbol-sort-key": numeric("rank"),
        });
        let text = &design.text;
        let paint = json!({
            "text-color": design.written(self.colour, text.grid).to_string(),
            "text-halo-color": text.halo.to_string(),
            "text-halo-width": text.halo_width,
            "text-halo-blur": 0.4,
        });
        with(
            label_part(self.drawn, "label"),
            [
                ("minzoom", number(zooms.label_from)),
                ("maxzoom", number(zooms.label_to.min(24.0))),
                ("layout", layout),
                ("paint", paint),
            ],
        )
    }
}
