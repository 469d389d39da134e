//! Which grids of a level hold a point: the only place where an index is asked for that.

use crate::index::Face;
use crate::model::{Coord, Feature, FeatureId, GeometryKind, Side, Time};
use crate::snapshot::{LayerSnapshot, Snapshot};

use super::lines;

/// A grid that holds a point, and how.
#[derive(Clone, Copy, Debug)]
pub(super) struct Holder<'a> {
    pub(super) grid: &'a Feature,
    /// Where the grid is in its layer; `None` for a line.
    pub(super) position: Option<u32>,
    pub(super) side: Side,
    /// To the line, where the grid is one; 0 for a polygon.
    pub(super) distance_m: f64,
}

impl Holder<'_> {
    pub(super) fn is_line(&self) -> bool {
        // Where its shape lies is not looked at: that waits for the memory.
        self.position.is_none()
    }
}

/// Whose turn it is among grids that are equal otherwise: the lowest code, then the lowest id; one without code goes last,
/// since nobody could name it as the owner.
pub(super) fn rank(grid: &Feature) -> (bool, Option<&str>, FeatureId) {
    (grid.code.is_none(), grid.code.as_deref(), grid.id)
}

/// The grids of a level that hold the point at a time, in the order in which they would own it: by the level's coverage where
/// it tells, else grid by grid. `is_empty_below`: the level below has nothing there.
pub(super) fn holders<'a>(
    snapshot: &'a Snapshot,
    layer: &'a LayerSnapshot,
    at: Coord,
    time: Time,
    is_empty_below: bool,
) -> Vec<Holder<'a>> {
    if layer.layer().geometry == GeometryKind::Line {
        return lines::holders(&snapshot.rules, layer, at, time);
    }
    if let Some(coverage) = snapshot.coverage(&layer.layer().name, time) {
        let face = coverage.find(at, is_empty_below);
        if face == Face::NONE {
            return Vec::new();
        }
        let grid = face
            .grid()
            .and_then(|grid| Some((grid, layer.features().get(grid as usize)?)));
        if let Some((position, grid)) = grid {
            return vec![Holder {
                grid,
                position: Some(position),
                side: Side::Inside,
                distance_m: 0.0,
            }];
        }
    }
    let holder = |(position, grid, side): (usize, &'a Feature, Side)| Holder {
        grid,
        position: u32::try_from(position).ok(),
        side,
        distance_m: 0.0,
    };
    let mut found: Vec<Holder> = sides(layer, at, time).map(holder).collect();
    found.sort_by(|a, b| rank(a.grid).cmp(&rank(b.grid)));
    found
}

/// The polygons of a layer that hold a point at a time, each tested exactly: their positions, and whether it lies on the border.
pub(super) fn sides(
    layer: &LayerSnapshot,
    at: Coord,
    time: Time,
) -> impl Iterator<Item = (usize, &Feature, Side)> {
    let near = layer.tree().holding(at);
    let grids = near.map(|position| (position, &layer.features()[position]));
    let held = grids.filter(move |(_, grid)| grid.validity.holds_at(time));
    let sides = held.map(move |(position, grid)| (position, grid, grid.geometry.side(at)));
    sides.filter(|(_, _, side)| *side != Side::Outside)
}
