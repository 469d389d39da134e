//! Borders from node to node.

use crate::model::{Arcs, Coord};

use super::Places;
use super::graph::{End, Graph};

/// Chunks one after the other that are drawn from the same zoom on, from one node of that zoom to the next, or around.
#[derive(Debug)]
pub(super) struct Path {
    /// The numbers of the chunks, and whether each is walked backwards.
    pub spans: Vec<(u32, bool)>,
    /// From which zoom on it is drawn.
    pub zoom: u8,
    start: usize,
    end: usize,
    /// Where in it the first chunk begins: not at the start, where it goes around.
    turned: usize,
}

impl Path {
    /// Its vertices among all, both ends included; one that goes around ends where it starts, at its south-western vertex.
    pub(super) fn places(&self) -> Places {
        self.start..self.end
    }

    /// Where among all the vertex is after so many edges of its chunks.
    pub(super) fn place(&self, edges: usize) -> usize {
        let all = self.end - self.start - 1;
        let edges = self.turned + edges;
        self.start + if edges > all { edges - all } else { edges }
    }
}

/// All paths, and the vertices of one after the other.
pub(super) fn paths(arcs: &Arcs, graph: &Graph) -> (Vec<Path>, Vec<Coord>) {
    let mut is_done = vec![false; graph.spans.len()];
    let edges: usize = graph.spans.iter().map(|span| span.edges).sum();
    let (mut paths, mut places) = (Vec::new(), Vec::with_capacity(edges + edges / 4));
    for number in (0..).take(graph.spans.len()) {
        if is_done[number as usize] {
            continue;
        }
        let spans = whole(graph, number);
        for &(span, _) in &spans {
            is_done[span as usize] = true;
        }
        paths.push(laid_out(arcs, graph, spans, &mut places));
    }
    (paths, places)
}

/// The path that a chunk belongs to.
fn whole(graph: &Graph, number: u32) -> Vec<(u32, bool)> {
    let mut spans = vec![(number, false)];
    let mut at = (number, 1);
    while let Some((span, end)) = beyond(graph, at) {
        if span == number {
            return spans;
        }
        spans.push((span, end == 1));
        at = (span, 1 - end);
    }
    let mut before = Vec::new();
    let mut at = (number, 0);
    while let Some((span, end)) = beyond(graph, at) {
        before.push((span, end == 0));
        at = (span, 1 - end);
    }
    before.reverse();
    before.extend(spans);
    before
}

/// The end of the chunk with which a path goes on from an end of another; `None` at a node.
fn beyond(graph: &Graph, (span, end): End) -> Option<End> {
    let here = &graph.spans[span as usize];
    let node = here.nodes[usize::from(end)];
    if graph.nodes[node as usize].zoom <= here.zoom {
        return None;
    }
    let mut others = graph.ends_at(node).iter();
    others
        .find(|&&(other, side)| {
            (other, side) != (span, end) && graph.spans[other as usize].zoom == here.zoom
        })
        .copied()
}

/// A path of these chunks, whose vertices are added to all.
fn laid_out(arcs: &Arcs, graph: &Graph, spans: Vec<(u32, bool)>, places: &mut Vec<Coord>) -> Path {
    let start = places.len();
    for &(number, is_reversed) in &spans {
        let span = &graph.spans[number as usize];
        let (chunk, from) = if is_reversed {
            (span.chunk.reversed(), span.ends[1])
        } else {
            (span.chunk, span.ends[0])
        };
        // The last vertex of each is the first of the next.
        places.truncate(places.len().max(start + 1) - usize::from(places.len() > start));
        arcs.along(chunk, from).for_each(|at| places.push(at));
    }
    let own = &mut places[start..];
    let mut turned = 0;
    if own.len() > 1 && own.first() == own.last() && is_free(graph, spans[0]) {
        let around = own.len() - 1;
        let lowest = (0..around).min_by_key(|&at| own[at]).unwrap_or(0);
        own[..around].rotate_left(lowest);
        own[around] = own[0];
        turned = (around - lowest) % around;
    }
    Path {
        zoom: graph.spans[spans[0].0 as usize].zoom,
        spans,
        start,
        end: places.len(),
        turned,
    }
}

/// Whether a path that goes around has no node where its first chunk begins.
fn is_free(graph: &Graph, (number, is_reversed): (u32, bool)) -> bool {
    let span = &graph.spans[number as usize];
    let node = span.nodes[usize::from(is_reversed)];
    graph.nodes[node as usize].zoom > span.zoom
}
