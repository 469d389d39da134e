//! Units that stand above one another or side by side in one building, and share its footprint.

use crate::model::{Coord, Feature, Geometry, GeometryKind, Run};

use super::holders::Holder;

/// The one holder that is meant: by its code, else by its name. `None` where no one is, or several are.
pub(super) fn picked<'h, 'a>(holders: &'h [Holder<'a>], unit: &str) -> Option<&'h Holder<'a>> {
    let unit = unit.trim();
    let only = |is_meant: fn(&Feature, &str) -> bool| {
        let mut meant = holders.iter().filter(|holder| is_meant(holder.grid, unit));
        meant.next().filter(|_| meant.next().is_none())
    };
    let by_code = only(|grid, unit| grid.code.as_deref() == Some(unit));
    let by_name = || only(|grid, unit| grid.name.as_deref() == Some(unit));
    by_code.or_else(by_name)
}

/// Whether several grids have one footprint.
pub(super) fn share_one_footprint(holders: &[Holder<'_>]) -> bool {
    let [first, others @ ..] = holders else {
        return false;
    };
    !others.is_empty()
        && others
            .iter()
            .all(|other| is_same_footprint(&first.grid.geometry, &other.grid.geometry))
}

/// Whether two shapes are the same ground, wherever their rings begin.
pub(super) fn is_same_footprint(a: &Geometry, b: &Geometry) -> bool {
    let are_polygons = [a, b]
        .iter()
        .all(|shape| shape.kind() == GeometryKind::Polygon);
    let are_like = || match (a.known_outline(), b.known_outline()) {
        (Some(one), Some(other)) => one == other,
        // The number of parts is known without a look at each.
        _ => a.part_count() == b.part_count() && a.vertex_count() == b.vertex_count(),
    };
    are_polygons && are_like() && (a == b || (a.bounds() == b.bounds() && rings(a) == rings(b)))
}

/// The rings, each from its lowest vertex on, in the order of these.
fn rings(shape: &Geometry) -> Vec<Vec<Coord>> {
    let turned = |ring: Run<'_>| {
        let mut ring: Vec<Coord> = ring.collect();
        let lowest = (0..ring.len()).min_by_key(|&n| ring[n]).unwrap_or(0);
        ring.rotate_left(lowest);
        ring
    };
    let mut rings: Vec<Vec<Coord>> = shape.runs().map(turned).collect();
    rings.sort();
    rings
}
