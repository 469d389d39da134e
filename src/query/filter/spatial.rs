//! Spatial relations of CQL2, on the lattice.
//!
//! Whether two shapes share a point is decided in whole numbers. What more a relation asks is read from `geo`'s intersection
//! matrix (DE-9IM) of the same lattice numbers as doubles, which hold them exactly; a single point in a polygon is exact again.

use std::sync::Arc;

use geo::{MapCoords, Relate};

use crate::model::{Bounds, Coord, Feature, Geometry, GeometryKind, STEPS_PER_DEGREE, Side};

/// The relations, by the names that CQL2 gives them without `S_`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum SpaceRelation {
    Contains,
    Crosses,
    Disjoint,
    Equals,
    Intersects,
    Overlaps,
    Touches,
    Within,
}

/// Each relation with the name of its function.
pub(super) const SPACE_RELATIONS: [(&str, SpaceRelation); 8] = [
    ("S_CONTAINS", SpaceRelation::Contains),
    ("S_CROSSES", SpaceRelation::Crosses),
    ("S_DISJOINT", SpaceRelation::Disjoint),
    ("S_EQUALS", SpaceRelation::Equals),
    ("S_INTERSECTS", SpaceRelation::Intersects),
    ("S_OVERLAPS", SpaceRelation::Overlaps),
    ("S_TOUCHES", SpaceRelation::Touches),
    ("S_WITHIN", SpaceRelation::Within),
];

/// A shape in a filter.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    /// The feature's own.
    Own,
    Literal(Arc<Geometry>),
}

impl Shape {
    fn of<'a>(&'a self, feature: &'a Feature) -> &'a Geometry {
        match self {
            Self::Own => &feature.geometry,
            Self::Literal(shape) => shape,
        }
    }
}

/// Whether a feature's shapes are related so.
pub(super) fn related(relation: SpaceRelation, a: &Shape, b: &Shape, feature: &Feature) -> bool {
    let (a, b) = (a.of(feature), b.of(feature));
    let is_met = share_a_point(a, b);
    match relation {
        SpaceRelation::Intersects => is_met,
        SpaceRelation::Disjoint => !is_met,
        // All the others hold only for shapes that share a point.
        _ if !is_met => false,
        SpaceRelation::Within if is_one_in_polygon(a, b) => is_inside(a, b),
        SpaceRelation::Contains if is_one_in_polygon(b, a) => is_inside(b, a),
        _ => {
            let matrix = in_steps(a).relate(&in_steps(b));
            match relation {
                SpaceRelation::Contains => matrix.is_contains(),
                SpaceRelation::Crosses => matrix.is_crosses(),
                SpaceRelation::Equals => matrix.is_equal_topo(),
                SpaceRelation::Overlaps => matrix.is_overlaps(),
                SpaceRelation::Touches => matrix.is_touches(),
                SpaceRelation::Within => matrix.is_within(),
                SpaceRelation::Intersects | SpaceRelation::Disjoint => false,
            }
        }
    }
}

fn is_one_in_polygon(point: &Geometry, polygon: &Geometry) -> bool {
    point.kind() == GeometryKind::Point
        && point.vertex_count() == 1
        && polygon.kind() == GeometryKind::Polygon
}

fn is_inside(point: &Geometry, polygon: &Geometry) -> bool {
    let mut places = point.coords();
    places.all(|at| polygon.side(at) == Side::Inside)
}

/// The shape in lattice steps, which doubles hold exactly.
pub(super) fn in_steps(shape: &Geometry) -> geo::Geometry {
    let step = |degrees: f64| (degrees * STEPS_PER_DEGREE).round();
    shape.to_geo().map_coords(|at| geo::Coord {
        x: step(at.x),
        y: step(at.y),
    })
}

/// Whether two shapes share a point, exactly; borders belong to the shapes.
pub(super) fn share_a_point(a: &Geometry, b: &Geometry) -> bool {
    let (box_a, box_b) = (a.bounds(), b.bounds());
    if !box_a.meets(box_b) {
        return false;
    }
    let near_b: Vec<Segment> = segments(a).filter(|s| bounds(*s).meets(box_b)).collect();
    let near_a: Vec<Segment> = segments(b).filter(|s| bounds(*s).meets(box_a)).collect();
    let is_crossed = near_b.iter().any(|s| near_a.iter().any(|t| meet(*s, *t)));
    // Where no edges meet, each run lies wholly inside or wholly outside.
    is_crossed || has_run_in(a, b) || has_run_in(b, a)
}

fn has_run_in(runs: &Geometry, polygon: &Geometry) -> bool {
    let mut firsts = runs.runs().filter_map(|run| run.first());
    firsts.any(|at| polygon.side(at) != Side::Outside)
}

type Segment = (Coord, Coord);

/// The edges of a shape; a point is an edge without length.
fn segments(shape: &Geometry) -> impl Iterator<Item = Segment> {
    let is_line = shape.kind() == GeometryKind::Line;
    // The closing edge of a point leads from it to itself.
    shape.runs().flat_map(move |run| {
        let count = run.len() - usize::from(is_line);
        run.edges().take(count)
    })
}

fn bounds((a, b): Segment) -> Bounds {
    Bounds::of(a).union(Bounds::of(b))
}

/// Whether two edges share a point: their boxes do, and neither lies wholly on one side of the other's line.
fn meet(s: Segment, t: Segment) -> bool {
    bounds(s).meets(bounds(t))
        && turn(s, t.0) * turn(s, t.1) <= 0
        && turn(t, s.0) * turn(t, s.1) <= 0
}

/// On which side of a directed edge's line a point lies: 1 left, -1 right, 0 on it.
fn turn((a, b): Segment, p: Coord) -> i128 {
    let wide = |to: i32, from: i32| i128::from(to) - i128::from(from);
    let left = wide(b.lon, a.lon) * wide(p.lat, a.lat);
    (left - wide(b.lat, a.lat) * wide(p.lon, a.lon)).signum()
}
