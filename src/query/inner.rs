//! A point of a polygon that stands for all of it.

use geo::InteriorPoint;

use crate::model::{Coord, Geometry, LonLat};

/// A point well inside a polygon.
pub(super) fn inner_point(shape: &Geometry) -> Option<Coord> {
    let point = shape.to_geo().interior_point()?;
    Coord::snap(LonLat::new(point.x(), point.y())).ok()
}
