//! From which zoom on each vertex of shared borders is drawn, so that borders are simplified once for all who share them.
//!
//! A border is cut into *paths* ([`path`]): from node to node, where a node is a place at which more than two borders meet that
//! are drawn. Borders that are drawn deeper only make no nodes for those above: a county's border runs through the corners of its
//! grids as through any other vertex, until these are drawn. What a path needs of its vertices is told by how far the chord would
//! lie from it (Douglas and Peucker 1973; [`peel`]); chords that would go to the other side of a vertex of another border, or lie
//! on each other, are not taken ([`guard`]), so that borders that did not cross do not cross at any zoom.
//!
//! A vertex says the same to all rings that run through it: neighbours, and parents with their children, have the same vertices
//! on what they share, at every zoom.

mod graph;
mod guard;
mod path;
mod peel;
mod scale;

use std::ops::Range;

use crate::model::{Arcs, Bounds, Coord, FirstZooms, Geometry, each};

use graph::Graph;
use path::Path;
use scale::Scale;

pub(super) use peel::{Bench as PeelBench, peel_way};
pub(super) use scale::steps_of;

/// How far a drawn border may lie from the true one, tile units of 4096 a side: less than a fifth of a pixel of a tile of 256
/// pixels, less than half a pixel of one of 512; geojson-vt's default too.
const TOLERANCE: f64 = 3.0;
/// A polygon is drawn from the zoom on at which its box has so many units: half a pixel of a tile of 256 pixels, so that one that
/// a tile draws has its nodes by then in any case.
const SMALLEST: f64 = 8.0;
/// Paths that a thread takes at once.
const BLOCK: usize = 1024;

/// A polygon of these arcs, the box around it, and the first zoom of its layer.
pub type Drawn<'a> = (&'a Geometry, Bounds, u8);

/// From which zoom on the vertices of these arcs are drawn by the polygons that share them, by so many threads.
#[must_use]
pub fn first_zooms(arcs: &Arcs, polygons: &[Drawn<'_>], threads: usize) -> FirstZooms {
    let graph = Graph::of(arcs, polygons);
    let mut borders = Borders::of(arcs, &graph, threads);
    guard::keep_apart(&mut borders, threads);
    borders.write(arcs, &graph)
}

/// All paths with their vertices, laid out flat.
struct Borders {
    paths: Vec<Path>,
    places: Vec<Coord>,
    /// Of each of these places.
    zooms: Vec<u8>,
}

impl Borders {
    fn of(arcs: &Arcs, graph: &Graph, threads: usize) -> Self {
        let (paths, places) = path::paths(arcs, graph);
        let blocks: Vec<&[Path]> = paths.chunks(BLOCK).collect();
        let peeled = each(blocks.len(), threads, |bench: &mut peel::Bench, block| {
            let mut zooms = Vec::new();
            for path in blocks[block] {
                peel::peel(path, &places[path.places()], graph, bench, &mut zooms);
            }
            zooms
        });
        Self {
            zooms: peeled.concat(),
            places,
            paths,
        }
    }

    /// What the vertices of all chunks say.
    fn write(&self, arcs: &Arcs, graph: &Graph) -> FirstZooms {
        let mut zooms = FirstZooms::of(arcs);
        let mut ends: Vec<u8> = graph.nodes.iter().map(|node| node.zoom).collect();
        for path in &self.paths {
            let mut vertex = 0;
            for &(span, is_reversed) in &path.spans {
                let span = &graph.spans[span as usize];
                for walked in 0..=span.edges {
                    let zoom = self.zooms[path.place(vertex + walked)];
                    let at = if is_reversed {
                        span.edges - walked
                    } else {
                        walked
                    };
                    zooms.put(span.chunk, at, zoom);
                    if at == 0 || at == span.edges {
                        let node = &mut ends[span.nodes[usize::from(at > 0)] as usize];
                        *node = zoom.min(*node);
                    }
                }
                vertex += span.edges;
            }
        }
        for span in &graph.spans {
            let [from, to] = span.nodes.map(|node| ends[node as usize]);
            zooms.put(span.chunk, 0, from);
            zooms.put(span.chunk, span.edges, to);
        }
        zooms
    }
}

/// The first zoom at which a polygon in a box is drawn, and no layer draws it before `from`.
pub(super) fn drawn_from(bounds: Bounds, from: u8) -> u8 {
    from.max(zoom_of(bounds, SMALLEST)).min(FirstZooms::DEEP)
}

/// The zoom from which on a box has so many units of a tile.
fn zoom_of(bounds: Bounds, units: f64) -> u8 {
    let scale = Scale::at(bounds);
    let (width, height) = (
        f64::from(bounds.max.lon.abs_diff(bounds.min.lon)),
        f64::from(bounds.max.lat.abs_diff(bounds.min.lat)) * scale.stretch,
    );
    scale::zoom_of(width.max(height), units)
}

/// Where some places lie among all.
type Places = Range<usize>;
