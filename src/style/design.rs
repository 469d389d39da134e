//! Designs: what `styles/*.toml` say, read and checked once.

use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Value, json};

use super::colour::Colour;
use super::tables::{
    Areas, Base, Buildings, Graticule, Grids, Heat, Ink, Light, Lines, Places, Points, Rasters,
    Text, Themes,
};

/// The designs by id; the first one is the default.
pub const DESIGNS: [&str; 3] = ["dark", "light", "print"];

static READ: LazyLock<Result<[Design; 3], DesignError>> = LazyLock::new(|| {
    Ok([
        read("dark", include_str!("../../styles/dark.toml"))?,
        read("light", include_str!("../../styles/light.toml"))?,
        read("print", include_str!("../../styles/print.toml"))?,
    ])
});

/// A design whose file is wrong.
#[derive(Clone, Debug, thiserror::Error)]
#[error("styles/{id}.toml: {reason}")]
pub struct DesignError {
    id: &'static str,
    reason: String,
}

/// The design of that id; `None` where there is none.
///
/// # Errors
/// Where a design of this program cannot be read, which its tests exclude.
pub fn design(id: &str) -> Result<Option<&'static Design>, DesignError> {
    let designs = READ.as_ref().map_err(Clone::clone)?;
    Ok(designs.iter().find(|design| design.id == id))
}

fn read(id: &'static str, text: &str) -> Result<Design, DesignError> {
    let design: Design = toml::from_str(text).map_err(|error| DesignError {
        id,
        reason: error.to_string(),
    })?;
    Ok(Design { id, ..design })
}

/// Colours, widths and sizes of a map.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Design {
    #[serde(skip)]
    pub id: &'static str,
    pub title: String,
    pub title_en: String,
    pub description: String,
    pub(super) ground: Colour,
    pub(super) land: Colour,
    pub(super) mark: Colour,
    pub(super) graticule: Graticule,
    pub(super) ink: Ink,
    pub(super) text: Text,
    pub(super) grid: Grids,
    pub(super) point: Points,
    pub(super) theme: Themes,
    pub(super) heat: Heat,
    pub(super) line: Lines,
    pub(super) area: Areas,
    pub(super) building: Buildings,
    pub(super) base: Base,
    pub(super) raster: Rasters,
    pub(super) light: Light,
    pub(super) place: Places,
}

/// The entry of a list at a depth; the last one holds for all below. `None` where the list is empty.
pub(super) fn at<T>(list: &[T], depth: usize) -> Option<&T> {
    list.get(depth).or_else(|| list.last())
}

impl Design {
    /// A colour brought to where it stands out from the ground.
    pub(super) fn drawn(&self, colour: Colour) -> Colour {
        colour.standing_out(self.ground, self.ink.toward, self.ink.contrast)
    }

    /// Whether white writing stands out more than black.
    pub(super) fn is_dark(&self) -> bool {
        let (black, white) = (Colour::BLACK, Colour::WHITE);
        self.ground.contrast(white) > self.ground.contrast(black)
    }

    /// The colour of names beside a colour.
    pub(super) fn written(&self, colour: Colour, share: f64) -> Colour {
        let text = &self.text;
        let mixed = colour.mix(text.toward, share);
        mixed.standing_out(self.ground, self.ink.toward, text.contrast)
    }

    /// How names of resources of a colour are painted.
    pub(super) fn name_paint(&self, colour: Colour) -> Value {
        let text = &self.text;
        json!({
            "text-color": self.written(colour, text.resource).to_string(),
            "text-halo-color": text.halo.to_string(),
            "text-halo-width": text.halo_width,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_design_can_be_read_and_every_list_has_an_entry() {
        for id in DESIGNS {
            let design = design(id).unwrap().unwrap();
            assert_eq!(design.id, id);
            let grid = &design.grid;
            let lists = [&grid.widths, &grid.opacities, &grid.fills, &grid.sizes];
            assert!(lists.iter().all(|list| !list.is_empty()), "{id}");
            assert!(!grid.dashes.is_empty() && grid.tints.len() > 1, "{id}");
            let colours = [&grid.colors, &grid.overlay_colors, &design.point.colors];
            assert!(colours.iter().all(|list| !list.is_empty()), "{id}");
        }
        assert!(design("neon").unwrap().is_none());
    }

    #[test]
    fn classes_and_heat_stand_out_more_from_step_to_step_so_that_brightness_alone_tells_them() {
        for id in DESIGNS {
            let design = design(id).unwrap().unwrap();
            for colours in [&design.theme.colors, &design.heat.colors] {
                let stands_out = colours.map(|colour| colour.contrast(design.land));
                let steps = stands_out.windows(2);
                assert!(
                    steps.clone().all(|two| two[1] > two[0] * 1.15),
                    "{id} {stands_out:?}"
                );
            }
        }
    }

    #[test]
    fn whatever_colour_a_layer_has_it_stands_out_from_the_ground_and_its_names_more() {
        for id in DESIGNS {
            let design = design(id).unwrap().unwrap();
            for text in [
                "#000000", "#ffffff", "#0a0f13", "#777777", "#ffff00", "#0000ff",
            ] {
                let colour = Colour::parse(text).unwrap();
                let drawn = design.drawn(colour);
                assert!(
                    drawn.contrast(design.ground) >= design.ink.contrast,
                    "{id} {text}"
                );
                let written = design.written(colour, design.text.grid);
                assert!(written.contrast(design.text.halo) >= 4.5, "{id} {text}");
            }
        }
    }
}
