//! A feature's vertices on their way from the file to the lattice.

use crate::model::{Coord, Geometry, GeometryKind, LonLat, Run};

/// Vertices in whichever units the text around it says; rings are closed or not as the file has them.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    Points(Vec<LonLat>),
    Lines(Vec<Vec<LonLat>>),
    /// Each a list of rings, the outer one first.
    Polygons(Vec<Vec<Vec<LonLat>>>),
}

impl Shape {
    #[must_use]
    pub fn kind(&self) -> GeometryKind {
        match self {
            Self::Points(_) => GeometryKind::Point,
            Self::Lines(_) => GeometryKind::Line,
            Self::Polygons(_) => GeometryKind::Polygon,
        }
    }

    /// A lattice geometry in degrees, rings closed.
    pub(super) fn of(geometry: &Geometry) -> Self {
        let run = |run: Run<'_>| run.map(Coord::degrees).collect::<Vec<_>>();
        let ring = |ring: Run<'_>| {
            let mut ring = run(ring);
            ring.extend(ring.first().copied());
            ring
        };
        match geometry.kind() {
            GeometryKind::Point => Self::Points(geometry.coords().map(Coord::degrees).collect()),
            GeometryKind::Line => Self::Lines(geometry.runs().map(run).collect()),
            GeometryKind::Polygon => Self::Polygons(
                geometry
                    .parts()
                    .map(|rings| rings.map(ring).collect())
                    .collect(),
            ),
        }
    }

    /// The runs of vertices, one after the other.
    pub(super) fn runs_mut(&mut self) -> Vec<&mut [LonLat]> {
        match self {
            Self::Points(points) => vec![points.as_mut_slice()],
            Self::Lines(lines) => lines.iter_mut().map(Vec::as_mut_slice).collect(),
            Self::Polygons(polygons) => polygons
                .iter_mut()
                .flatten()
                .map(Vec::as_mut_slice)
                .collect(),
        }
    }
}

/// Why one feature does not come in.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Refusal {
    /// A word for machines, see [`Remark::problem`](super::Remark::problem).
    pub problem: &'static str,
    pub reason: String,
}

impl Refusal {
    pub(super) fn new(problem: &'static str, reason: impl Into<String>) -> Self {
        Self {
            problem,
            reason: reason.into(),
        }
    }
}

/// The word for a kind of geometry in reports.
pub(super) fn kind_word(kind: GeometryKind) -> &'static str {
    match kind {
        GeometryKind::Point => "points",
        GeometryKind::Line => "lines",
        GeometryKind::Polygon => "polygons",
    }
}
