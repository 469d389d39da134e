//! The arcs of one square of ground.
//!
//! Vertices are numbered as they come. One where a stretch begins or ends, or where two stretches go different ways, is a node;
//! between two nodes all stretches that have one edge have all, forwards or backwards: they are an arc.

use crate::model::{ArcChunks, ArcStep, Coord};

use super::stretch::Stretch;
use super::vertices::{NODE, Vertices, spread};

/// No vertex.
const NONE: u32 = u32::MAX;

/// What a square was cut into.
#[derive(Debug, Default)]
pub(super) struct Piece {
    pub chunks: ArcChunks,
    /// The chunks of all stretches.
    steps: Vec<ArcStep>,
    /// End in `steps` of each stretch, and what it adds to the outline of its geometry.
    ends: Vec<(u32, u64)>,
}

impl Piece {
    /// The chunks along a stretch, by its rank.
    pub(super) fn steps(&self, rank: u32) -> &[ArcStep] {
        let rank = rank as usize;
        let start = rank.checked_sub(1).map_or(0, |before| self.ends[before].0);
        &self.steps[start as usize..self.ends[rank].0 as usize]
    }

    /// What a stretch adds to the [`Geometry::outline`](crate::model::Geometry::outline) of its geometry.
    pub(super) fn outline(&self, rank: u32) -> u64 {
        self.ends[rank as usize].1
    }
}

/// Memory that is used for piece after piece.
#[derive(Debug, Default)]
pub(super) struct Bench {
    vertices: Vertices,
    /// The numbers of the vertices of all stretches, one stretch after the other.
    visits: Vec<u32>,
    /// End in `visits` of each stretch.
    ends: Vec<usize>,
    arcs: Arcs,
    coords: Vec<Coord>,
}

impl Bench {
    /// Cuts the stretches of a square into arcs.
    pub(super) fn cut<'a>(
        &mut self,
        stretches: impl Iterator<Item = &'a Stretch<'a>> + Clone,
    ) -> Piece {
        self.number(stretches);
        let mut piece = Piece::default();
        self.arcs.clear();
        let mut start = 0;
        for n in 0..self.ends.len() {
            let end = self.ends[n];
            let outline = self.walk(start..end, &mut piece);
            let steps =
                u32::try_from(piece.steps.len()).expect("fewer than 2^32 chunks in a square");
            piece.ends.push((steps, outline));
            start = end;
        }
        piece
    }

    /// Numbers the vertices, and finds the nodes.
    fn number<'a>(&mut self, stretches: impl Iterator<Item = &'a Stretch<'a>> + Clone) {
        let edges = stretches.clone().map(|stretch| stretch.edges).sum();
        self.vertices.clear(edges);
        self.visits.clear();
        self.ends.clear();
        for stretch in stretches {
            let first = self.visits.len();
            let (mut before, mut last, mut way) = (NONE, NONE, 1);
            self.coords.clear();
            stretch.for_each(|at| {
                let number = self.vertices.number(at, last, &mut way);
                if before != NONE {
                    self.vertices.note(last, before, number);
                }
                (before, last) = (last, number);
                self.visits.push(number);
                self.coords.push(at);
            });
            for &end in [self.visits.get(first), self.visits.last()]
                .into_iter()
                .flatten()
            {
                self.vertices.beside[end as usize] = NODE;
            }
            self.ends.push(self.visits.len());
            // Its vertices are at hand now; later they would have to be unpacked.
            if let Some(geometry) = stretch.whole() {
                geometry.look_at(&self.coords);
            }
        }
    }

    /// Goes along a stretch from node to node; answers with its part of an outline.
    fn walk(&mut self, stretch: std::ops::Range<usize>, piece: &mut Piece) -> u64 {
        let visits = &self.visits[stretch];
        let (mut at, mut outline) = (0, 0_u64);
        while let [from, to, ..] = visits[at..] {
            let known = self.arcs.find(from, to);
            let arc = known.unwrap_or_else(|| {
                let is_node = |&vertex: &u32| self.vertices.beside[vertex as usize] == NODE;
                let inner = visits[at + 1..].iter().position(is_node);
                let end = inner.map_or(visits.len() - 1, |inner| at + 1 + inner);
                let way = &visits[at..=end];
                let place = |&vertex: &u32| self.vertices.coords[vertex as usize];
                self.coords.clear();
                self.coords.extend(way.iter().map(place));
                self.arcs.add(way, &self.coords, &mut piece.chunks)
            });
            let arc = self.arcs.steps(arc, &mut piece.steps);
            outline = outline.wrapping_add(arc.outline);
            at = (at + arc.edges as usize).min(visits.len());
        }
        outline
    }
}

/// An arc, forwards or backwards.
#[derive(Clone, Copy, Debug)]
struct Arc {
    /// Its chunks in [`Arcs::chunks`].
    start: u32,
    end: u32,
    edges: u32,
    /// What it adds to an outline.
    outline: u64,
}

/// The number of an arc, doubled, and one more where it is walked backwards.
type Walked = u32;

/// The arcs of a square by their first edges, from both ends.
#[derive(Debug, Default)]
struct Arcs {
    all: Vec<Arc>,
    /// First edge, and arc.
    ways: Vec<((u32, u32), Walked)>,
    /// By a hash of the edge: 0 where free, else the number of a way, plus one.
    slots: Vec<u32>,
    /// The chunks of all arcs, forwards.
    chunks: Vec<ArcStep>,
}

impl Arcs {
    fn clear(&mut self) {
        self.all.clear();
        self.ways.clear();
        self.chunks.clear();
        self.slots.resize(self.slots.len().max(1024), 0);
        self.slots.fill(0);
    }

    fn find(&self, from: u32, to: u32) -> Option<Walked> {
        let mask = self.slots.len() - 1;
        let mut slot = edge_hash((from, to)) & mask;
        while let Some(known) = (self.slots[slot] as usize).checked_sub(1) {
            let (edge, arc) = self.ways[known];
            if edge == (from, to) {
                return Some(arc);
            }
            slot = (slot + 1) & mask;
        }
        None
    }

    /// Adds an arc through these vertices, forwards.
    fn add(&mut self, way: &[u32], coords: &[Coord], chunks: &mut ArcChunks) -> Walked {
        let number = |count: usize| u32::try_from(count).expect("fewer than 2^31 in a square");
        let start = number(self.chunks.len());
        let outline = chunks.add(coords, &mut self.chunks);
        let forward = number(self.all.len() * 2);
        self.all.push(Arc {
            start,
            end: number(self.chunks.len()),
            edges: number(way.len() - 1),
            outline,
        });
        if let [first, second, ..] = *way {
            self.enter((first, second), forward);
        }
        if let [.., second, first] = *way {
            self.enter((first, second), forward | 1);
        }
        forward
    }

    fn enter(&mut self, edge: (u32, u32), arc: Walked) {
        self.ways.push((edge, arc));
        if self.ways.len() * 2 > self.slots.len() {
            let size = self.slots.len() * 4;
            self.slots.clear();
            self.slots.resize(size, 0);
            (0..self.ways.len()).for_each(|way| self.slot(way));
        } else {
            self.slot(self.ways.len() - 1);
        }
    }

    fn slot(&mut self, way: usize) {
        let mask = self.slots.len() - 1;
        let mut slot = edge_hash(self.ways[way].0) & mask;
        while self.slots[slot] != 0 {
            slot = (slot + 1) & mask;
        }
        self.slots[slot] = u32::try_from(way + 1).expect("fewer than 2^32 arcs in a square");
    }

    /// Adds the chunks along an arc, in the order in which they are walked, and answers with the arc as it is walked.
    fn steps(&self, walked: Walked, steps: &mut Vec<ArcStep>) -> Arc {
        let arc = self.all[walked as usize / 2];
        let chunks = &self.chunks[arc.start as usize..arc.end as usize];
        if walked & 1 == 0 {
            steps.extend_from_slice(chunks);
            return arc;
        }
        steps.extend(chunks.iter().rev().map(|step| step.reversed()));
        Arc {
            outline: arc.outline.wrapping_neg(),
            ..arc
        }
    }
}

fn edge_hash((from, to): (u32, u32)) -> usize {
    spread(u64::from(from) << 32 | u64::from(to))
}
