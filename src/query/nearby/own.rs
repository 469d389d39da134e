//! The grid of a level that a point lies in, and which features lie in the same.

use geo::InteriorPoint;

use super::NearbyError;
use crate::model::{Bounds, Coord, Feature, Geometry, GeometryKind, LonLat, Scheme, Side, Time};
use crate::query::locate::{locate_in, schemes_in_order};
use crate::snapshot::Snapshot;

/// A level of a scheme.
#[derive(Clone, Copy)]
struct Place<'a> {
    scheme: &'a Scheme,
    depth: usize,
}

/// The grid of one level that owns the asked point.
pub(super) struct OwnGrid<'a> {
    snapshot: &'a Snapshot,
    place: Place<'a>,
    time: Time,
    grid: &'a Feature,
    bounds: Bounds,
}

impl<'a> OwnGrid<'a> {
    /// The grid at `at` of the level that `named` says, as `LEVEL` (the base scheme's before the others') or `SCHEME.LEVEL`;
    /// `None` where no grid of it is there.
    pub(super) fn find(
        snapshot: &'a Snapshot,
        field: &'static str,
        named: &str,
        at: Coord,
        time: Time,
    ) -> Result<Option<Self>, NearbyError> {
        let place = level(snapshot, named).ok_or_else(|| NearbyError::Level {
            field,
            given: named.to_owned(),
            known: known_levels(snapshot),
        })?;
        Ok(owner(snapshot, place, at, time).map(|grid| Self {
            snapshot,
            place,
            time,
            grid,
            bounds: grid.geometry.bounds(),
        }))
    }

    /// Whether something in this box may lie in the grid.
    pub(super) fn may_hold(&self, bounds: Bounds) -> bool {
        self.bounds.meets(bounds)
    }

    /// Whether a feature's place belongs to the grid, by the rule by which the asked point does.
    pub(super) fn holds(&self, feature: &Feature) -> bool {
        let Some(at) = place_of(&feature.geometry) else {
            return false;
        };
        self.grid.geometry.side(at) != Side::Outside
            && owner(self.snapshot, self.place, at, self.time)
                .is_some_and(|owner| owner.id == self.grid.id)
    }
}

fn owner<'a>(
    snapshot: &'a Snapshot,
    place: Place<'a>,
    at: Coord,
    time: Time,
) -> Option<&'a Feature> {
    let levels = locate_in(snapshot, place.scheme, at, time).levels;
    levels
        .get(place.depth)
        .copied()
        .flatten()
        .map(|owner| owner.grid)
}

fn level<'a>(snapshot: &'a Snapshot, named: &str) -> Option<Place<'a>> {
    let (base, others) = schemes_in_order(snapshot, None);
    base.into_iter().chain(others).find_map(|scheme| {
        let depth = scheme
            .levels()
            .iter()
            .position(|level| *level.name == *named || level.layer.as_str() == named)?;
        Some(Place { scheme, depth })
    })
}

fn known_levels(snapshot: &Snapshot) -> String {
    let levels = snapshot.schemes.iter().flat_map(Scheme::levels);
    let names: Vec<&str> = levels.map(|level| level.layer.as_str()).collect();
    names.join(", ")
}

/// The one place that stands for a shape: a single point itself, else a point on a line or inside a polygon.
fn place_of(shape: &Geometry) -> Option<Coord> {
    if shape.kind() == GeometryKind::Point && shape.vertex_count() == 1 {
        return shape.coords().next();
    }
    let inside = shape.to_geo().interior_point()?;
    Coord::snap(LonLat::new(inside.x(), inside.y())).ok()
}
