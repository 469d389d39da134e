//! Where a feature counts.

use crate::model::{Coord, Geometry, GeometryKind, Side};
use crate::query::inner::inner_point;

/// One place of the feature: of points the first; of a line its middle vertex; of a polygon the middle of its box where that is
/// inside, else some point that is. So each grid of a level counts in itself.
pub(super) fn place(geometry: &Geometry) -> Option<Coord> {
    match geometry.kind() {
        GeometryKind::Point => geometry.coords().next(),
        GeometryKind::Line => {
            let longest = geometry.runs().max_by_key(ExactSizeIterator::len)?;
            let middle = longest.len() / 2;
            longest.into_iter().nth(middle)
        }
        GeometryKind::Polygon => {
            let bounds = geometry.bounds();
            let middle = Coord {
                lon: bounds.min.lon.midpoint(bounds.max.lon),
                lat: bounds.min.lat.midpoint(bounds.max.lat),
            };
            let is_inside = geometry.side(middle) == Side::Inside;
            let inner = (!is_inside).then(|| inner_point(geometry)).flatten();
            Some(inner.unwrap_or(middle))
        }
    }
}
