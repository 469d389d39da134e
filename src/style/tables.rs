//! The tables of a design's file, one for each kind of thing on a map.

use serde::Deserialize;

use super::colour::Colour;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Graticule {
    pub(super) color: Colour,
    pub(super) opacity: f64,
}

/// How colours are made to stand out from the ground.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ink {
    pub(super) toward: Colour,
    pub(super) contrast: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Text {
    pub(super) toward: Colour,
    /// Shares of `toward` in names of grids and of resources.
    pub(super) grid: f64,
    pub(super) resource: f64,
    pub(super) contrast: f64,
    pub(super) halo: Colour,
    pub(super) halo_width: f64,
}

/// Lists run from the top level down; the last one holds for all below.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Grids {
    pub(super) colors: Vec<Colour>,
    pub(super) overlay_colors: Vec<Colour>,
    /// Whether a layer's own colour goes before those.
    #[serde(default = "yes")]
    pub(super) own_colors: bool,
    pub(super) widths: Vec<f64>,
    pub(super) opacities: Vec<f64>,
    /// In widths of the line: drawn, left out, …; empty is a full line.
    pub(super) dashes: Vec<Vec<f64>>,
    pub(super) fills: Vec<f64>,
    pub(super) sizes: Vec<f64>,
    pub(super) tints: Vec<Colour>,
    pub(super) tint: f64,
    pub(super) overlay: Overlays,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Overlays {
    pub(super) width: f64,
    pub(super) fill: f64,
    pub(super) dash: Vec<f64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Points {
    pub(super) colors: Vec<Colour>,
    pub(super) glyph: Colour,
    pub(super) glow: f64,
    pub(super) outline: Colour,
}

/// Grids by classes of a number.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Themes {
    /// For the classes, that of the least values first.
    pub(super) colors: [Colour; 5],
    /// For grids without a value.
    pub(super) none: Colour,
    pub(super) opacity: f64,
}

/// Points as heat, from few to many.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Heat {
    pub(super) colors: [Colour; 5],
    pub(super) opacity: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lines {
    pub(super) color: Colour,
    pub(super) opacity: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Areas {
    pub(super) color: Colour,
    pub(super) fill: f64,
    pub(super) opacity: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Buildings {
    pub(super) color: Colour,
    pub(super) low: Colour,
    pub(super) high: Colour,
    /// What stands as high as its floors are estimated to.
    pub(super) estimated: Colour,
    pub(super) opacity: f64,
    /// Lines over what has no height.
    pub(super) hatch: Colour,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Base {
    pub(super) land: Colour,
    pub(super) water: Colour,
    pub(super) water_text: Colour,
    pub(super) road: Colour,
    pub(super) road_casing: Colour,
    pub(super) boundary: Colour,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rasters {
    pub(super) photo: Raster,
    pub(super) drawing: Raster,
}

/// How pictures from elsewhere are toned.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Raster {
    pub(super) opacity: f64,
    /// What black and white become; the first the greater turns the picture round.
    pub(super) brightness: [f64; 2],
    pub(super) saturation: f64,
    pub(super) contrast: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Light {
    pub(super) color: Colour,
    pub(super) intensity: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Places {
    pub(super) color: Colour,
    pub(super) glow: Colour,
}

fn yes() -> bool {
    true
}
