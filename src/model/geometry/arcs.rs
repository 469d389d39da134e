//! Arcs: stretches of border that geometries share, each kept once.

use std::fmt;
use std::sync::{Arc, OnceLock};

use super::super::Coord;
use super::super::winding::Windings;
use super::chunk::Steps;
use super::record::{self, put_start};
use super::run::Run;
use super::zooms::FirstZooms;
use super::{Form, Geometry, chunk, groups, outline};

/// Bits that a new chunk must save: its header, what is lost to the end of a byte, and the references of those who share it.
const COST: usize = 120;

/// What geometries that share their borders consist of.
pub struct Arcs {
    chunks: Box<[u8]>,
    records: Box<[u8]>,
    /// Of all vertices, where somebody has said it.
    zooms: OnceLock<FirstZooms>,
}

impl Arcs {
    pub(super) fn chunks(&self) -> &[u8] {
        &self.chunks
    }

    pub(super) fn record(&self, place: u32) -> &[u8] {
        self.records.get(place as usize..).unwrap_or_default()
    }

    /// The vertices of a chunk from the one on where it is entered.
    #[must_use]
    pub fn along(&self, step: ArcStep, from: Coord) -> Run<'_> {
        Run::along(from, &self.chunks, step.0)
    }

    /// How many edges a chunk has.
    #[must_use]
    pub fn edges(&self, chunk: ArcStep) -> usize {
        let (steps, _) = Steps::forward(&self.chunks, chunk.place());
        usize::from(steps.left)
    }

    /// Bytes of all chunks: each begins at a place below that.
    #[must_use]
    pub fn length(&self) -> usize {
        self.chunks.len()
    }

    /// From which zoom on vertices are drawn; `None` where nobody has said it.
    #[must_use]
    pub fn first_zooms(&self) -> Option<&FirstZooms> {
        self.zooms.get()
    }

    /// Says from which zoom on vertices are drawn, once.
    pub fn draw_from(&self, zooms: FirstZooms) {
        self.zooms.get_or_init(|| zooms);
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
        let zooms = self.first_zooms().map_or(0, FirstZooms::size);
        self.chunks.len() + self.records.len() + zooms + size_of::<Self>()
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
pub struct ArcStep(pub(super) u32);

impl ArcStep {
    /// The same chunk the other way.
    #[must_use]
    pub fn reversed(self) -> Self {
        Self(self.0 ^ 1)
    }

    /// The same number for the same chunk, both ways.
    #[must_use]
    pub fn chunk(self) -> u32 {
        self.0 >> 1
    }

    /// Where the chunk begins: the same number both ways, at least three more than that of the chunk before.
    #[must_use]
    pub fn place(self) -> usize {
        self.chunk() as usize
    }

    #[must_use]
    pub fn is_reversed(self) -> bool {
        self.0 & 1 == 1
    }

    fn moved(self, by: u32) -> Self {
        Self(self.0.wrapping_add(by << 1))
    }
}

/// Arcs as they are found, apart from others.
#[derive(Debug, Default)]
pub struct ArcChunks(Vec<u8>);

impl ArcChunks {
    /// Adds an arc; its chunks, in the order of its vertices, go to `steps`. Answers with what it adds to a
    /// [`Geometry::outline`].
    pub fn add(&mut self, coords: &[Coord], steps: &mut Vec<ArcStep>) -> u64 {
        chunk::write(coords, COST, &mut self.0, |place, _| {
            // What lies beyond is not taken in by `ArcsBuilder::append`.
            let place = u32::try_from(place).unwrap_or(u32::MAX);
            steps.push(ArcStep(place << 1));
        });
        outline::of_way(coords)
    }
}

/// Geometries as they are written, apart from others.
#[derive(Debug, Default)]
pub struct ArcRecords(Vec<u8>);

/// A geometry that was written: where its record is among others, and what is known of its rings.
#[derive(Debug)]
pub struct ArcRecord {
    place: usize,
    windings: Windings,
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
    /// found, and by how much its place has moved. The record is added to `records`.
    ///
    /// All arcs must have been taken in before.
    pub fn write<S>(
        &self,
        geometry: &Geometry,
        mut ring: impl FnMut(&Run<'_>) -> S,
        records: &mut ArcRecords,
    ) -> ArcRecord
    where
        S: Iterator<Item = (ArcStep, u32)>,
    {
        let place = records.0.len();
        let parts: Vec<usize>;
        let parts = if geometry.runs().len() == 1 {
            &[1]
        } else {
            parts = geometry.parts().map(|part| part.len()).collect();
            &*parts
        };
        let write_run = |out: &mut Vec<u8>, run: Run<'_>| {
            put_start(&run, out);
            let steps = ring(&run).map(|(step, by)| step.moved(by).0);
            let edges = |step| {
                let (chunk, _) = Steps::forward(&self.chunks, step as usize >> 1);
                usize::from(chunk.left)
            };
            if run.len() > groups::LONG {
                let steps: Vec<u32> = steps.collect();
                let places = (0..).step_by(size_of::<u32>());
                groups::write(run, places.zip(steps.iter().map(|&step| edges(step))), out);
                out.extend(steps.iter().flat_map(|step| step.to_le_bytes()));
            } else {
                steps.for_each(|step| out.extend(step.to_le_bytes()));
            }
        };
        record::write(
            geometry.kind(),
            parts,
            geometry.runs(),
            &mut records.0,
            |run| run.clone().bounds(),
            write_run,
        );
        let windings = geometry.windings();
        ArcRecord { place, windings }
    }

    /// Takes in records that were written apart, and says by how much their places move; `None` where there is no room for
    /// them.
    pub fn append_records(&mut self, records: &ArcRecords) -> Option<u32> {
        let end = self.records.len().checked_add(records.0.len())?;
        u32::try_from(end).ok()?;
        let moved = u32::try_from(self.records.len()).ok()?;
        self.records.extend_from_slice(&records.0);
        Some(moved)
    }

    #[must_use]
    pub fn finish(self) -> Arc<Arcs> {
        Arc::new(Arcs {
            chunks: self.chunks.into(),
            records: self.records.into(),
            zooms: OnceLock::new(),
        })
    }
}

impl Geometry {
    /// The geometry of a record whose place has moved by so much, and whose outline is known; `None` where that is too far.
    #[must_use]
    pub fn shared(arcs: &Arc<Arcs>, record: ArcRecord, moved: u32, outline: u64) -> Option<Self> {
        let place = u32::try_from(record.place).ok()?.checked_add(moved)?;
        Some(Self(Form::Shared {
            arcs: Arc::clone(arcs),
            place,
            windings: record.windings,
            outline,
        }))
    }

    /// The arcs that it shares with others; `None` where its vertices are its own.
    #[must_use]
    pub fn arcs(&self) -> Option<&Arc<Arcs>> {
        match &self.0 {
            Form::Shared { arcs, .. } => Some(arcs),
            Form::Point(_) | Form::Own(..) => None,
        }
    }

    /// Whether both are one record among the same arcs: equal without a look at a vertex.
    pub(super) fn is_same_record(&self, other: &Self) -> bool {
        let record = |geometry: &Self| match &geometry.0 {
            Form::Shared { arcs, place, .. } => Some((Arc::as_ptr(arcs), *place)),
            Form::Point(_) | Form::Own(..) => None,
        };
        record(self).is_some_and(|own| record(other) == Some(own))
    }

    /// Bytes of memory of its own, without the arcs that it shares.
    #[must_use]
    pub fn own_size(&self) -> usize {
        let heap = match &self.0 {
            Form::Own(bytes, _) => bytes.len(),
            Form::Point(_) | Form::Shared { .. } => 0,
        };
        size_of::<Self>() + heap
    }
}
