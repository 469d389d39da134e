//! Where a point lies relative to the polygons of a geometry, exactly: by the even-odd rule.

use super::super::ring::{Crossing, crossing, edge_meets};
use super::super::{Bounds, Coord, Side, fetch};
use super::record::Record;
use super::run::Run;
use super::{Form, Geometry, GeometryKind};

/// What edges have said of a point so far.
#[derive(Clone, Copy, Debug)]
struct Seen {
    is_inside: bool,
    is_border: bool,
}

impl Seen {
    fn side(self) -> Side {
        match (self.is_border, self.is_inside) {
            (true, _) => Side::Border,
            (false, true) => Side::Inside,
            (false, false) => Side::Outside,
        }
    }
}

impl Geometry {
    /// Whether it has so many edges that those near a place are found faster than all.
    #[must_use]
    pub fn is_long(&self) -> bool {
        self.record().is_ok_and(Record::is_long)
    }

    /// Asks the memory for what tells where the vertices are: [`Self::fetch_vertices`] waits for it.
    pub(crate) fn fetch(&self) {
        if let Form::Shared { arcs, place, .. } = &self.0 {
            fetch(arcs.record(*place), 0);
        }
    }

    /// Asks the memory for the vertices of one short ring.
    pub(crate) fn fetch_vertices(&self) {
        if let Some(run) = self.record().ok().and_then(Record::only_run) {
            run.fetch();
        }
    }

    /// Where a point lies relative to the polygons, exactly; points and lines have no inside and answer `Outside`.
    #[must_use]
    pub fn side(&self, at: Coord) -> Side {
        if self.kind() != GeometryKind::Polygon {
            return Side::Outside;
        }
        let mut seen = Seen {
            is_inside: false,
            is_border: false,
        };
        let east = Coord {
            lon: i32::MAX,
            ..at
        };
        let near = self.edges_near(Bounds { min: at, max: east });
        near.for_each(|(a, b)| match crossing(a, b, at) {
            Crossing::On => seen.is_border = true,
            Crossing::Yes => seen.is_inside = !seen.is_inside,
            Crossing::No => {}
        });
        seen.side()
    }

    /// As [`Self::side`], from what is known of a point beside, on the same meridian or the same parallel: whether it lies inside
    /// of the polygons, on whose border it must not be. Only edges between the two are looked at.
    #[must_use]
    pub fn side_by(&self, at: Coord, beside: Coord, is_beside_inside: bool) -> Side {
        if self.kind() != GeometryKind::Polygon {
            return Side::Outside;
        }
        let mut seen = Seen {
            is_inside: is_beside_inside,
            is_border: false,
        };
        let is_level = at.lat == beside.lat;
        // What holds along a parallel, holds along a meridian with the axes changed.
        let turned = |Coord { lon, lat }| {
            let (along, across) = if is_level { (lon, lat) } else { (lat, lon) };
            Coord {
                lon: along,
                lat: across,
            }
        };
        let (p, q) = (turned(at), turned(beside));
        let between = Bounds::of(at).union(Bounds::of(beside));
        self.edges_near(between).for_each(|(a, b)| {
            // Others cross the rays from both, or from neither.
            if Bounds::of(a).union(Bounds::of(b)).meets(between) {
                let (a, b) = (turned(a), turned(b));
                let is_crossed = |from: Coord| matches!(crossing(a, b, from), Crossing::Yes);
                match crossing(a, b, p) {
                    Crossing::On => seen.is_border = true,
                    Crossing::Yes => seen.is_inside ^= !is_crossed(q),
                    Crossing::No => seen.is_inside ^= is_crossed(q),
                }
            }
        });
        seen.side()
    }

    /// Whether the shape shares a point with a box, exactly; touching counts.
    #[must_use]
    pub fn meets(&self, bounds: Bounds) -> bool {
        let is_crossed = || match self.kind() {
            GeometryKind::Point => false,
            GeometryKind::Line => self
                .runs()
                .flat_map(Run::legs)
                .any(|(a, b)| edge_meets(a, b, bounds)),
            GeometryKind::Polygon => {
                let mut edges = self.edges_near(bounds);
                edges.any(|(a, b)| edge_meets(a, b, bounds))
            }
        };
        let is_held = || match self.kind() {
            // The ends of edges are looked at with them.
            GeometryKind::Polygon => false,
            _ => self.coords().any(|at| bounds.holds(at)),
        };
        is_held()
            || is_crossed()
            // What no edge meets lies wholly inside or wholly outside.
            || self.side(bounds.min) == Side::Inside
    }
}
