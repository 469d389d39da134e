//! Geometry on the lattice, packed: a vertex is a step from the one before it, in as few bits as the steps around it need.
//!
//! Nobody outside sees how. What is asked for are vertices by value, run by run, in the order in which they were given.

mod arcs;
mod build;
mod chunk;
mod edges;
mod groups;
mod outline;
mod parts;
mod record;
mod run;
mod walk;

use std::fmt;
use std::sync::Arc;

use super::ring::{Crossing, crossing, edge_meets};
use super::winding::{self, Rings, Windings};
use super::{Bounds, Coord, Side, fetch};
pub use arcs::{ArcChunks, ArcRecords, ArcStep, Arcs, ArcsBuilder};
use build::Flat;
pub use build::PolygonsBuilder;
pub use edges::{Edges, EdgesNear};
pub use parts::{Parts, Runs};
use record::Record;
pub use run::Run;

/// The three shapes that a layer can have; each may have several parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GeometryKind {
    Point,
    Line,
    Polygon,
}

/// One feature's shape: points, lines, or polygons with holes, in one or several parts. Never empty.
///
/// Rings do not repeat their first vertex; the first ring of a part is its outer one and counter-clockwise, the others
/// are holes and clockwise: the interior is always on the left.
#[derive(Clone)]
pub struct Geometry(Form);

/// Where the vertices are.
#[derive(Clone)]
enum Form {
    /// One point.
    Point(Coord),
    /// In a [`record`] of its own.
    Own(Box<[u8]>, Windings),
    /// In a record among those that share their borders.
    Shared {
        arcs: Arc<Arcs>,
        place: u32,
        windings: Windings,
        outline: u64,
    },
}

/// Vertices that make no geometry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GeometryError {
    #[error("the geometry has no vertices")]
    Empty,
    #[error("a line needs 2 different vertices")]
    ShortLine,
    #[error("a ring needs 3 different vertices that are not on one line")]
    FlatRing,
    #[error("the geometry has more than 4,294,967,295 vertices")]
    TooLong,
}

impl Geometry {
    /// One or several points.
    ///
    /// # Errors
    /// Without points.
    pub fn points(points: impl IntoIterator<Item = Coord>) -> Result<Self, GeometryError> {
        let mut runs = Flat::default();
        for point in points {
            runs.run([point])?;
            runs.part();
        }
        runs.finish(GeometryKind::Point)
    }

    /// One or several lines; repeated vertices are dropped.
    ///
    /// # Errors
    /// Without lines, or where one has fewer than 2 different vertices.
    pub fn lines(lines: impl IntoIterator<Item = Vec<Coord>>) -> Result<Self, GeometryError> {
        let mut runs = Flat::default();
        for mut line in lines {
            line.dedup();
            if line.len() < 2 {
                return Err(GeometryError::ShortLine);
            }
            runs.run(line)?;
            runs.part();
        }
        runs.finish(GeometryKind::Line)
    }

    /// One or several polygons, each a list of rings with the outer one first. Closing and repeated vertices are dropped and
    /// rings turned so that the interior is on the left; validity beyond that is the caller's.
    ///
    /// # Errors
    /// Without polygons, or where a ring has no area.
    pub fn polygons(
        polygons: impl IntoIterator<Item = Vec<Vec<Coord>>>,
    ) -> Result<Self, GeometryError> {
        let mut runs = Flat::default();
        for rings in polygons {
            for (index, ring) in rings.into_iter().enumerate() {
                runs.ring(ring, index == 0)?;
            }
            runs.part();
        }
        runs.finish(GeometryKind::Polygon)
    }

    #[must_use]
    pub fn kind(&self) -> GeometryKind {
        self.record()
            .map_or(GeometryKind::Point, |record| record.kind)
    }

    fn record(&self) -> Result<Record<'_>, Coord> {
        match &self.0 {
            Form::Point(at) => Err(*at),
            Form::Own(bytes, _) => Ok(Record::read(bytes, None)),
            Form::Shared { arcs, place, .. } => {
                Ok(Record::read(arcs.record(*place), Some(arcs.chunks())))
            }
        }
    }

    /// How many vertices there are.
    #[must_use]
    pub fn vertex_count(&self) -> usize {
        self.runs().map(|run| run.len()).sum()
    }

    /// All vertices, run after run.
    pub fn coords(&self) -> impl Iterator<Item = Coord> + Clone {
        self.runs().flatten()
    }

    /// The parts; each yields its points, lines or rings (the outer ring first).
    #[must_use]
    pub fn parts(&self) -> Parts<'_> {
        match self.record() {
            Ok(record) if record.only_run().is_none() => Parts::of(record),
            _ => Parts::each(self.runs()),
        }
    }

    /// All points, lines or rings of all parts.
    #[must_use]
    pub fn runs(&self) -> Runs<'_> {
        match self.record() {
            Err(at) => Runs::one(Run::of(at)),
            Ok(record) => match record.only_run() {
                Some(run) if record.kind == GeometryKind::Point => Runs::points(run),
                Some(run) => Runs::one(run),
                None => Parts::of(record).into_runs(),
            },
        }
    }

    /// The directed edges of all rings of a polygon.
    pub fn edges(&self) -> impl Iterator<Item = (Coord, Coord)> + Clone {
        self.runs().flat_map(Run::edges)
    }

    /// The directed edges of all rings of a polygon that may share a point with a box, and some others: of long rings those
    /// that lie far from it are passed over.
    pub fn edges_near(&self, bounds: Bounds) -> impl Iterator<Item = (Coord, Coord)> + Clone {
        let near = self.runs().near(bounds);
        near.flat_map(move |ring| ring.edges_near(bounds))
    }

    /// # Panics
    /// Never: a geometry has vertices.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        let bounds = self.runs().filter_map(Run::bounds).reduce(Bounds::union);
        bounds.expect("a geometry has vertices")
    }

    /// How the rings of a polygon lie: looked for once, by the first who asks.
    fn rings(&self) -> Rings {
        let look = || match self.kind() {
            GeometryKind::Polygon => winding::look(self.runs()),
            GeometryKind::Point | GeometryKind::Line => Rings::Even,
        };
        match &self.0 {
            Form::Own(_, windings) | Form::Shared { windings, .. } => windings.rings(look),
            Form::Point(_) => Rings::Even,
        }
    }

    /// Whether the rings of a polygon wind around some point otherwise than once or not at all: they cross, or a hole lies
    /// outside of its shell.
    #[must_use]
    pub fn is_crooked(&self) -> bool {
        self.rings() == Rings::Crooked
    }

    /// Whether the rings of a polygon that is not crooked walk some edge both ways: a spike, or the border between two parts.
    #[must_use]
    pub fn goes_to_and_fro(&self) -> bool {
        self.rings() == Rings::ToAndFro
    }

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
        let (mut is_inside, mut is_border) = (false, false);
        let east = Coord {
            lon: i32::MAX,
            ..at
        };
        let near = self.edges_near(Bounds { min: at, max: east });
        near.for_each(|(a, b)| match crossing(a, b, at) {
            Crossing::On => is_border = true,
            Crossing::Yes => is_inside = !is_inside,
            Crossing::No => {}
        });
        match (is_border, is_inside) {
            (true, _) => Side::Border,
            (false, true) => Side::Inside,
            (false, false) => Side::Outside,
        }
    }

    /// As [`Self::side`], from what is known of a point beside, on the same meridian or the same parallel: whether it lies inside
    /// of the polygons, on whose border it must not be. Only edges between the two are looked at.
    #[must_use]
    pub fn side_by(&self, at: Coord, beside: Coord, is_beside_inside: bool) -> Side {
        if self.kind() != GeometryKind::Polygon {
            return Side::Outside;
        }
        let is_level = at.lat == beside.lat;
        // What holds along a parallel, holds along a meridian with the axes changed.
        let turned = |Coord { lon, lat }| {
            if is_level {
                Coord { lon, lat }
            } else {
                Coord { lon: lat, lat: lon }
            }
        };
        let (p, q) = (turned(at), turned(beside));
        let (mut is_inside, mut is_border) = (is_beside_inside, false);
        let between = Bounds::of(at).union(Bounds::of(beside));
        self.edges_near(between).for_each(|(a, b)| {
            let (a, b) = (turned(a), turned(b));
            let is_crossed = |from: Coord| matches!(crossing(a, b, from), Crossing::Yes);
            match crossing(a, b, p) {
                Crossing::On => is_border = true,
                Crossing::Yes => is_inside ^= !is_crossed(q),
                Crossing::No => is_inside ^= is_crossed(q),
            }
        });
        match (is_border, is_inside) {
            (true, _) => Side::Border,
            (false, true) => Side::Inside,
            (false, false) => Side::Outside,
        }
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

/// By vertices, in their order.
impl PartialEq for Geometry {
    fn eq(&self, other: &Self) -> bool {
        if let (Form::Own(a, _), Form::Own(b, _)) = (&self.0, &other.0) {
            return a == b;
        }
        let (a, b) = (self.parts(), other.parts());
        self.kind() == other.kind()
            && a.len() == b.len()
            && a.zip(b)
                .all(|(a, b)| a.map(|run| run.len()).eq(b.map(|run| run.len())))
            && self.coords().eq(other.coords())
    }
}

impl Eq for Geometry {}

impl fmt::Debug for Geometry {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let run = |run: Run<'_>| run.map(|at| (at.lon, at.lat)).collect::<Vec<_>>();
        let parts = self.parts().map(|part| part.map(run).collect::<Vec<_>>());
        out.debug_tuple(&format!("{:?}", self.kind()))
            .field(&parts.collect::<Vec<_>>())
            .finish()
    }
}

#[cfg(test)]
mod tests;
