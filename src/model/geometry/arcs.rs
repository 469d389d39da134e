//! Arcs: stretches of border that geometries share, each kept once.

use std::fmt;
use std::sync::Arc;

use super::super::Coord;
use super::super::winding::Windings;
use super::chunk::Steps;
use super::record::{self, put_start};
use super::run::Run;
use super::{Form, Geometry, chunk, groups};

/// Bits that a new chunk must save: its header, what is lost to the end of a byte, and the references of those who share it.
const COST: usize = 120;

/// What geometries that share their borders consist of.
pub struct Arcs {
    chunks: Box<[u8]>,
    records: Box<[u8]>,
}

impl Arcs {
    pub(super) fn chunks(&self) -> &[u8] {
        &self.chunks
    }

    pub(super) fn record(&self, place: u32) -> &[u8] {
        self.records.get(place as usize..).unwrap_or_default()
    }

    /// How many edges are kept, each once.
    #[must_use]
    pub fn edge_count(&self) -> usize {
        let (mut edges, mut place) = (0, 0);
        while place < self.chunks.len() {
            let (steps, end) = Steps::forward(&self.chunks, place);
            edges += usize::from(steps.left);
            place = end;
        }
        edges
    }

    /// Bytes of memory.
    #[must_use]
    pub fn size(&self) -> usize {
        self.chunks.len() + self.records.len() + size_of::<Self>()
    }
}

impl fmt::Debug for Arcs {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [self.chunks.len(), self.records.len()];
        out.debug_tuple("Arcs").field(&bytes).finish()
    }
}

/// Refers to a chunk of an arc: where it begins, doubled, and one more where it is walked backwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ArcStep(u32);

impl ArcStep {
    /// The same chunk the other way.
    #[must_use]
    pub fn reversed(self) -> Self {
        Self(self.0 ^ 1)
    }

    fn moved(self, by: u32) -> Self {
        Self(self.0.wrapping_add(by << 1))
    }
}

/// Arcs as they are found, apart from others.
#[derive(Debug, Default)]
pub struct ArcChunks(Vec<u8>);

impl ArcChunks {
    /// Adds an arc; its chunks, in the order of its vertices, go to `steps`.
    pub fn add(&mut self, coords: &[Coord], steps: &mut Vec<ArcStep>) {
        chunk::write(coords, COST, &mut self.0, |place, _| {
            // What lies beyond is not taken in by `ArcsBuilder::append`.
            let place = u32::try_from(place).unwrap_or(u32::MAX);
            steps.push(ArcStep(place << 1));
        });
    }
}

/// Puts arcs together with the geometries that share them.
#[derive(Debug, Default)]
pub struct ArcsBuilder {
    chunks: Vec<u8>,
    records: Vec<u8>,
}

impl ArcsBuilder {
    /// Takes in arcs that were found apart, and says by how much their places move; `None` where there is no room for them.
    pub fn append(&mut self, arcs: ArcChunks) -> Option<u32> {
        let moved = u32::try_from(self.chunks.len()).ok()?;
        let end = self.chunks.len().checked_add(arcs.0.len())?;
        if end > 1 << 31 {
            return None;
        }
        self.chunks.extend(arcs.0);
        Some(moved)
    }

    /// Writes a geometry again, of polygons whose rings are these chunks, ring by ring: each chunk as it is called where it was
    /// found, and by how much its place has moved. Answers with the place of the record; `None` where there is no room for it.
    pub fn add<S>(
        &mut self,
        geometry: &Geometry,
        mut ring: impl FnMut(&Run<'_>) -> S,
    ) -> Option<u32>
    where
        S: Iterator<Item = (ArcStep, u32)>,
    {
        let place = u32::try_from(self.records.len()).ok()?;
        let parts: Vec<usize> = geometry.parts().map(|part| part.len()).collect();
        let chunks = &*self.chunks;
        let write_run = |out: &mut Vec<u8>, run: Run<'_>| {
            put_start(&run, out);
            let steps = ring(&run).map(|(step, by)| step.moved(by).0);
            let edges = |step| {
                let (chunk, _) = Steps::forward(chunks, step as usize >> 1);
                usize::from(chunk.left)
            };
            if run.len() > groups::LONG {
                let steps: Vec<u32> = steps.collect();
                let places = (0..).step_by(size_of::<u32>());
                groups::write(run, places.zip(steps.iter().map(|&step| edges(step))), out);
                out.extend(steps.iter().flat_map(|step| step.to_le_bytes()));
            } else {
                out.extend(steps.flat_map(u32::to_le_bytes));
            }
        };
        record::write(
            geometry.kind(),
            &parts,
            geometry.runs(),
            &mut self.records,
            write_run,
        );
        Some(place)
    }

    #[must_use]
    pub fn finish(self) -> Arc<Arcs> {
        Arc::new(Arcs {
            chunks: self.chunks.into(),
            records: self.records.into(),
        })
    }
}

impl Geometry {
    /// The geometry whose record is at a place that [`ArcsBuilder::add`] answered.
    #[must_use]
    pub fn shared(arcs: &Arc<Arcs>, place: u32) -> Self {
        Self(Form::Shared(Arc::clone(arcs), place, Windings::default()))
    }

    /// The arcs that it shares with others; `None` where its vertices are its own.
    #[must_use]
    pub fn arcs(&self) -> Option<&Arc<Arcs>> {
        match &self.0 {
            Form::Shared(arcs, ..) => Some(arcs),
            Form::Point(_) | Form::Own(..) => None,
        }
    }

    /// Bytes of memory of its own, without the arcs that it shares.
    #[must_use]
    pub fn own_size(&self) -> usize {
        let heap = match &self.0 {
            Form::Own(bytes, _) => bytes.len(),
            Form::Point(_) | Form::Shared(..) => 0,
        };
        size_of::<Self>() + heap
    }
}
