//! How `rstar` with `geo` answers: boxes from the tree, then the polygons of those that hold the point.
//!
//! Coordinates are whole lattice steps in `f64`, on which geo's predicates are exact; boxes are kept in the tree, which is
//! faster than to let it ask the polygons for theirs.

use std::ops::ControlFlow;

use geo::indexed::IntervalTreeMultiPolygon;
use geo::{Contains, MultiPolygon, Point, Polygon};
use rstar::{AABB, RTree, RTreeObject};
use wangge::model::{Bounds, Coord, Geometry};

use super::NONE;

struct Entry {
    envelope: AABB<[f64; 2]>,
    position: u32,
}

impl RTreeObject for Entry {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        self.envelope
    }
}

/// Shapes of one level behind a tree of their boxes.
pub(crate) struct Level<S> {
    tree: RTree<Entry>,
    shapes: Vec<S>,
}

fn corner(at: Coord) -> [f64; 2] {
    [at.lon.into(), at.lat.into()]
}

/// A polygon in whole lattice steps; the coverage's have one part and no holes.
pub(crate) fn polygon(geometry: &Geometry) -> Polygon {
    let mut rings = geometry.runs().map(|ring| {
        let spots = ring.map(|at| geo::Coord::from(corner(at)));
        spots.collect::<geo::LineString>()
    });
    let outer = rings
        .next()
        .unwrap_or_else(|| geo::LineString::new(Vec::new()));
    Polygon::new(outer, rings.collect())
}

/// The interval tree over the edges of a polygon.
pub(crate) fn intervals(geometry: &Geometry) -> IntervalTreeMultiPolygon<f64> {
    IntervalTreeMultiPolygon::new(&MultiPolygon(vec![polygon(geometry)]))
}

impl<S: Contains<Point>> Level<S> {
    pub(crate) fn build(
        geometries: impl Iterator<Item = Geometry>,
        shape: impl Fn(&Geometry) -> S,
    ) -> Self {
        let (mut entries, mut shapes) = (Vec::new(), Vec::new());
        for (position, geometry) in (0..).zip(geometries) {
            let Bounds { min, max } = geometry.bounds();
            let envelope = AABB::from_corners(corner(min), corner(max));
            entries.push(Entry { envelope, position });
            shapes.push(shape(&geometry));
        }
        Self {
            tree: RTree::bulk_load(entries),
            shapes,
        }
    }

    /// The first shape found that has the point inside, else [`NONE`].
    pub(crate) fn owner(&self, at: Coord) -> u32 {
        let point = Point::from(corner(at));
        let envelope = AABB::from_point(corner(at));
        let found = self
            .tree
            .locate_in_envelope_intersecting_int(envelope, |entry: &Entry| {
                if self.shapes[entry.position as usize].contains(&point) {
                    ControlFlow::Break(entry.position)
                } else {
                    ControlFlow::Continue(())
                }
            });
        match found {
            ControlFlow::Break(position) => position,
            ControlFlow::Continue(()) => NONE,
        }
    }
}
