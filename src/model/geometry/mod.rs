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
mod side;
mod walk;
mod zooms;

use std::fmt;
use std::sync::Arc;

use super::winding::{self, Rings, Windings};
use super::{Bounds, Coord};
pub use arcs::{ArcChunks, ArcRecord, ArcRecords, ArcStep, Arcs, ArcsBuilder};
use build::Flat;
pub use build::PolygonsBuilder;
pub use edges::{Edges, EdgesNear};
pub use parts::{Parts, Runs};
use record::Record;
pub use run::Run;
pub use zooms::FirstZooms;

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

    /// How many parts there are.
    #[must_use]
    pub fn part_count(&self) -> usize {
        match self.record() {
            Ok(record) if record.only_run().is_none() => record.part_count(),
            _ => self.runs().len(),
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

    /// What is known of its rings.
    fn windings(&self) -> Windings {
        match &self.0 {
            Form::Own(_, windings) | Form::Shared { windings, .. } => windings.clone(),
            Form::Point(_) => Windings::default(),
        }
    }

    /// Looks how the only ring of a polygon lies, whose vertices are at hand, so that nobody who asks must unpack them: the first
    /// one is repeated at the end.
    pub(crate) fn look_at(&self, ring: &[Coord]) {
        if let Form::Own(_, windings) | Form::Shared { windings, .. } = &self.0 {
            windings.rings(|| winding::look_at(ring, &[ring.len()]));
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
}

/// By vertices, in their order.
impl PartialEq for Geometry {
    fn eq(&self, other: &Self) -> bool {
        if let (Form::Own(a, _), Form::Own(b, _)) = (&self.0, &other.0) {
            return a == b;
        }
        if self.is_same_record(other) {
            return true;
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
