//! From which zoom on the vertices of shared arcs are drawn.
//!
//! A chunk has at least as many bytes as vertices ([`super::chunk`]), so a vertex is found by where its chunk begins: there is half
//! a byte for each byte of the chunks. Where a chunk ends and another begins, both say the same of their common vertex.

use std::fmt;

use super::super::Coord;
use super::arcs::{ArcChunks, ArcRecords, ArcStep, Arcs, ArcsBuilder};
use super::chunk::Steps;
use super::record::take_bytes;
use super::run::{Run, Way};
use super::{Form, Geometry, GeometryKind};

/// The first zoom at which each vertex of shared arcs is drawn: 0 to [`Self::DEEP`].
pub struct FirstZooms(Box<[u8]>);

impl FirstZooms {
    /// At this zoom and deeper all vertices are drawn.
    pub const DEEP: u8 = 15;

    /// All vertices at all zooms.
    #[must_use]
    pub fn of(arcs: &Arcs) -> Self {
        Self(vec![0; arcs.chunks().len().div_ceil(2)].into())
    }

    /// That of a vertex of a chunk, counted from where the chunk begins, whichever way it is walked.
    #[must_use]
    #[inline]
    pub fn first(&self, chunk: ArcStep, vertex: usize) -> u8 {
        let place = chunk.place() + vertex;
        let both = self.0.get(place / 2).copied().unwrap_or(0);
        both >> (place % 2 * 4) & 15
    }

    /// Says it of a vertex of a chunk.
    pub fn put(&mut self, chunk: ArcStep, vertex: usize, zoom: u8) {
        let place = chunk.place() + vertex;
        let shift = place % 2 * 4;
        if let Some(both) = self.0.get_mut(place / 2) {
            *both = *both & !(15 << shift) | zoom.min(Self::DEEP) << shift;
        }
    }

    /// Bytes of memory.
    #[must_use]
    pub fn size(&self) -> usize {
        self.0.len()
    }
}

impl fmt::Debug for FirstZooms {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_tuple("FirstZooms").field(&self.0.len()).finish()
    }
}

impl Geometry {
    /// From which zoom on its vertices are drawn; `None` where all are always.
    #[must_use]
    pub fn first_zooms(&self) -> Option<&FirstZooms> {
        match &self.0 {
            Form::Shared { arcs, .. } => arcs.first_zooms(),
            Form::Point(_) | Form::Own(..) => None,
        }
    }

    /// The same polygons with arcs of their own, whose vertices are drawn from these zooms on: `first` is told each vertex, and the
    /// zoom from which on it is drawn so far, 0 where that was always. `None` for what is not of polygons.
    #[must_use]
    pub fn drawn_from(&self, mut first: impl FnMut(Coord, u8) -> u8) -> Option<Self> {
        if self.kind() != GeometryKind::Polygon {
            return None;
        }
        let (mut chunks, mut rings) = (ArcChunks::default(), Vec::new());
        let (mut outline, mut coords, mut zooms) = (0_u64, Vec::new(), Vec::new());
        for run in self.runs() {
            coords.clear();
            let start = zooms.len();
            run.for_each_first(self.first_zooms(), |at, known| {
                coords.push(at);
                zooms.push(first(at, known));
            });
            // The last chunk leads back to the first vertex.
            coords.extend(coords.first().copied());
            zooms.extend(zooms.get(start).copied());
            let mut steps = Vec::new();
            outline = outline.wrapping_add(chunks.add(&coords, &mut steps));
            rings.push(steps);
        }
        let mut builder = ArcsBuilder::default();
        let by = builder.append(chunks)?;
        let (mut records, mut next) = (ArcRecords::default(), rings.iter());
        let ring = |_: &Run<'_>| next.next().into_iter().flatten().map(|step| (*step, by));
        let record = builder.write(self, ring, &mut records);
        let moved = builder.append_records(&records)?;
        let arcs = builder.finish();
        arcs.draw_from(FirstZooms::along(&arcs, &rings, &zooms));
        Self::shared(&arcs, record, moved, outline)
    }
}

impl FirstZooms {
    /// Those of arcs of one geometry, from what the vertices of its rings say, the first one again at the end of each.
    fn along(arcs: &Arcs, rings: &[Vec<ArcStep>], mut zooms: &[u8]) -> Self {
        let mut said = Self::of(arcs);
        for ring in rings {
            for &chunk in ring {
                let edges = arcs.edges(chunk);
                for (vertex, &zoom) in zooms.iter().take(edges + 1).enumerate() {
                    said.put(chunk, vertex, zoom);
                }
                zooms = zooms.get(edges..).unwrap_or_default();
            }
            zooms = zooms.get(1..).unwrap_or_default();
        }
        said
    }
}

impl Run<'_> {
    /// Goes through the vertices that are drawn at a zoom, in their order; all of them without `first`, and where they are not
    /// those of shared arcs.
    #[inline]
    pub fn for_each_drawn(self, first: Option<&FirstZooms>, zoom: u8, mut with: impl FnMut(Coord)) {
        // Which vertices are drawn cannot be foretold: they are set aside without a branch, and then gone through together.
        let (mut drawn, mut count) = ([Coord { lon: 0, lat: 0 }; 64], 0);
        self.for_each_first(first, |at, first| {
            drawn[count & 63] = at;
            count += usize::from(first <= zoom);
            if count == drawn.len() {
                for at in drawn {
                    with(at);
                }
                count = 0;
            }
        });
        for at in &drawn[..count & 63] {
            with(*at);
        }
    }

    /// Goes through all vertices, each with the zoom from which on it is drawn: 0 without `first`, and where they are not those
    /// of shared arcs.
    #[inline]
    pub fn for_each_first(self, first: Option<&FirstZooms>, mut with: impl FnMut(Coord, u8)) {
        let (Some(zooms), Way::By(mut references)) = (first, self.way) else {
            return self.for_each(|at| with(at, 0));
        };
        let Some(mut at) = self.first() else {
            return;
        };
        let mut left = self.len();
        while left > 0 && !references.is_empty() {
            let chunk = ArcStep(u32::from_le_bytes(take_bytes(&mut references)));
            let mut steps = Steps::by(self.chunks, chunk.0);
            let count = usize::from(steps.left);
            // Its last vertex is the next chunk's first.
            for walked in 0..count.min(left) {
                let vertex = if chunk.is_reversed() {
                    count - walked
                } else {
                    walked
                };
                with(at, zooms.first(chunk, vertex));
                at = steps.step(self.chunks, at);
            }
            left = left.saturating_sub(count);
        }
    }
}
