//! A point in a gap: in a grid above and in none of the lowest level, though one of the same grid above is near.

use crate::model::{Feature, GeometryKind, Side};
use crate::query::inner::inner_point;

use super::ask::Ask;
use super::holders::rank;
use super::near::near;

/// A grid near a gap, and the grids above it up to the one that holds the point, the lowest first.
pub(super) struct Neighbour<'a> {
    pub(super) grid: &'a Feature,
    pub(super) distance_m: f64,
    pub(super) above: Vec<&'a Feature>,
}

/// The grids of the lowest level within the limit that belong to `home`, the grid of level `depth` that holds the point: the
/// nearest first, and no more than an answer names.
pub(super) fn neighbours<'a>(ask: &Ask<'a>, depth: usize, home: &'a Feature) -> Vec<Neighbour<'a>> {
    let lowest = ask.lowest();
    let Some(layer) = ask.layer(lowest) else {
        return Vec::new();
    };
    let limit = ask.gap_limit();
    if limit.is_zero() || layer.layer().geometry != GeometryKind::Polygon {
        return Vec::new();
    }
    near(layer, ask.at(), limit, ask.time())
        .into_iter()
        .filter(|(grid, _)| ask.admits(grid))
        .filter_map(|(grid, distance_m)| {
            let above = way_up(ask, grid, depth, home)?;
            Some(Neighbour {
                grid,
                distance_m,
                above,
            })
        })
        .take(ask.snapshot().rules.most_candidates.max(1))
        .collect()
}

/// The grids between a grid of the lowest level and `home`; `None` where it does not belong there. Parents count as the
/// data names them; where it names none that is there, the ground decides.
fn way_up<'a>(
    ask: &Ask<'a>,
    grid: &'a Feature,
    depth: usize,
    home: &'a Feature,
) -> Option<Vec<&'a Feature>> {
    let mut above = Vec::new();
    let mut child = grid;
    for level in (depth..ask.lowest()).rev() {
        let Some(parent) = parent(ask, level, child) else {
            let inner = inner_point(&child.geometry)?;
            return (home.geometry.side(inner) != Side::Outside).then_some(above);
        };
        if level == depth {
            return (parent.id == home.id).then_some(above);
        }
        above.push(parent);
        child = parent;
    }
    None
}

/// The grid of a level that a grid below names as its parent.
fn parent<'a>(ask: &Ask<'a>, level: usize, child: &Feature) -> Option<&'a Feature> {
    let code = child.parent.as_ref()?;
    let layer = ask.layer(level)?;
    layer
        .tree()
        .meeting(child.geometry.bounds())
        .map(|position| &layer.features()[position])
        .filter(|grid| grid.code.as_ref() == Some(code) && grid.validity.holds_at(ask.time()))
        .min_by(|a, b| rank(a).cmp(&rank(b)))
}
