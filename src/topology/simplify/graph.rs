//! Chunks of arcs, and the places where they meet.

use crate::model::{ArcStep, Arcs, Bounds, Coord, FirstZooms};

use super::{Drawn, drawn_from};

/// Bytes of a chunk at least.
const LEAST: usize = 3;
/// The whole lattice.
const WORLD: Bounds = Bounds {
    min: Coord {
        lon: i32::MIN,
        lat: i32::MIN,
    },
    max: Coord {
        lon: i32::MAX,
        lat: i32::MAX,
    },
};

/// A chunk as it is kept.
#[derive(Debug)]
pub(super) struct Span {
    pub chunk: ArcStep,
    pub edges: usize,
    pub ends: [Coord; 2],
    /// Of its ends.
    pub nodes: [u32; 2],
    /// From which zoom on somebody draws it.
    pub zoom: u8,
}

/// A place where chunks end.
#[derive(Debug)]
pub(super) struct Node {
    /// Its ends in [`Graph::ends`].
    start: u32,
    end: u32,
    /// From which zoom on other than two of the chunks that are drawn end here; beyond all zooms where there is none.
    pub zoom: u8,
}

/// The number of a span, and which of its ends.
pub(super) type End = (u32, u8);

/// The chunks that some polygons consist of.
#[derive(Debug)]
pub(super) struct Graph {
    pub spans: Vec<Span>,
    /// Those of one node after the other.
    ends: Vec<End>,
    pub nodes: Vec<Node>,
}

impl Graph {
    pub(super) fn of(arcs: &Arcs, polygons: &[Drawn<'_>]) -> Self {
        let mut spans = spans(arcs, polygons);
        let mut ends: Vec<(Coord, End)> = Vec::with_capacity(spans.len() * 2);
        for (number, span) in (0..).zip(&spans) {
            ends.push((span.ends[0], (number, 0)));
            ends.push((span.ends[1], (number, 1)));
        }
        ends.sort_unstable();
        let mut nodes = Vec::new();
        let mut start = 0;
        for here in ends.chunk_by(|a, b| a.0 == b.0) {
            let number = count(nodes.len());
            for &(_, (span, end)) in here {
                spans[span as usize].nodes[usize::from(end)] = number;
            }
            let end = start + count(here.len());
            let zooms = here.iter().map(|&(_, (span, _))| spans[span as usize].zoom);
            nodes.push(Node {
                start,
                end,
                zoom: node_zoom(zooms.collect()),
            });
            start = end;
        }
        Self {
            spans,
            ends: ends.into_iter().map(|(_, end)| end).collect(),
            nodes,
        }
    }

    /// The ends at a node.
    pub(super) fn ends_at(&self, node: u32) -> &[End] {
        let node = &self.nodes[node as usize];
        &self.ends[node.start as usize..node.end as usize]
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).expect("fewer than 2^32 chunks in 2 GiB")
}

/// From which zoom on there is a node, where chunks end that are drawn from these zooms on: not two of them are drawn then.
fn node_zoom(mut zooms: Vec<u8>) -> u8 {
    zooms.sort_unstable();
    match *zooms {
        [a, b] if a == b => FirstZooms::DEEP + 1,
        [a, b, c, ..] if a == b => c,
        [first, ..] => first,
        [] => FirstZooms::DEEP + 1,
    }
}

/// The chunks of all rings, each once.
fn spans(arcs: &Arcs, polygons: &[Drawn<'_>]) -> Vec<Span> {
    // By where a chunk begins: 0, or the number of its span plus one.
    let mut known = vec![0_u32; arcs.length() / LEAST + 1];
    let mut spans: Vec<Span> = Vec::new();
    for &(geometry, bounds, from) in polygons {
        let zoom = drawn_from(bounds, from);
        geometry.walk_arcs(WORLD, |chunk, at| {
            let slot = &mut known[chunk.place() / LEAST];
            if *slot == 0 {
                spans.push(span(arcs, chunk, at));
                *slot = count(spans.len());
            }
            let span = &mut spans[*slot as usize - 1];
            span.zoom = span.zoom.min(zoom);
            (span.ends[usize::from(!chunk.is_reversed())], span.edges)
        });
    }
    spans
}

/// A chunk that is entered at a vertex.
fn span(arcs: &Arcs, chunk: ArcStep, at: Coord) -> Span {
    let left = arcs.along(chunk, at).last().unwrap_or(at);
    let (chunk, ends) = if chunk.is_reversed() {
        (chunk.reversed(), [left, at])
    } else {
        (chunk, [at, left])
    };
    Span {
        edges: arcs.edges(chunk),
        chunk,
        ends,
        nodes: [0; 2],
        zoom: FirstZooms::DEEP,
    }
}
