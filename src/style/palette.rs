//! A colour for every layer: its own where it has one, else one by its kind and its place in the list.

use super::catalogue::{Catalogue, Kind};
use super::colour::Colour;
use super::design::{Design, at};

/// The colours of a catalogue's layers, in their order, as they are drawn.
pub(super) fn colours(catalogue: &Catalogue, design: &Design) -> Vec<Colour> {
    let (mut points, mut overlays) = (0, 0);
    let colours = catalogue.layers.iter().map(|drawn| {
        let kind = drawn.kind(catalogue.access);
        let own = drawn.layer.color.as_deref().and_then(Colour::parse);
        let own = own.filter(|_| kind != Kind::Grid || design.grid.own_colors);
        let by_kind = match (kind, drawn.grid) {
            (_, Some(grid)) if grid.overlay => cycled(&design.grid.overlay_colors, &mut overlays),
            (_, Some(grid)) => at(&design.grid.colors, grid.depth).copied(),
            (Kind::Point, _) => cycled(&design.point.colors, &mut points),
            (Kind::Line, _) => Some(design.line.color),
            (Kind::Building, _) => Some(design.building.color),
            _ => Some(design.area.color),
        };
        let plain = own.or(by_kind).unwrap_or(design.ink.toward);
        // A building's own shades tell its height; a wall needs no contrast to the ground.
        if kind == Kind::Building {
            plain
        } else {
            design.drawn(plain)
        }
    });
    colours.collect()
}

fn cycled(list: &[Colour], next: &mut usize) -> Option<Colour> {
    let colour = list.get(*next % list.len().max(1)).copied();
    *next += 1;
    colour
}
