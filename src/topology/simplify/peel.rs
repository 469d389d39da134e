//! How early each vertex of a path is needed: where without it the chord would lie too far away (Douglas and Peucker 1973).

use crate::model::{Bounds, Coord, FirstZooms};

use super::TOLERANCE;
use super::graph::Graph;
use super::path::Path;
use super::scale::{self, Scale};

/// Memory that is used for path after path.
#[derive(Debug, Default)]
pub(in crate::topology) struct Bench {
    /// First and last vertex of what is to be peeled, and the first zoom at which both are drawn.
    open: Vec<(usize, usize, u8)>,
}

/// Adds the first zooms of the vertices of a path.
pub(super) fn peel(
    path: &Path,
    places: &[Coord],
    graph: &Graph,
    bench: &mut Bench,
    zooms: &mut Vec<u8>,
) {
    let start = zooms.len();
    zooms.resize(start + places.len(), FirstZooms::DEEP);
    let own = &mut zooms[start..];
    let Some(last) = places.len().checked_sub(1) else {
        return;
    };
    peel_way(places, path.zoom, bench, own);
    // Where other borders end that are drawn deeper, there is a vertex by then.
    let mut vertex = 0;
    for &(number, is_reversed) in &path.spans {
        let span = &graph.spans[number as usize];
        let node = &graph.nodes[span.nodes[usize::from(is_reversed)] as usize];
        let place = &mut own[path.place(vertex) - path.places().start];
        *place = node.zoom.min(*place);
        vertex += span.edges;
    }
    own[last] = if places[0] == places[last] {
        own[0]
    } else {
        own[last]
    };
}

/// Says from which zoom on the vertices of a way are drawn whose ends are drawn from a zoom on.
pub(in crate::topology) fn peel_way(places: &[Coord], zoom: u8, bench: &mut Bench, own: &mut [u8]) {
    let (Some(last), Some(bounds)) = (
        places.len().checked_sub(1),
        Bounds::around(places.iter().copied()),
    ) else {
        return;
    };
    let scale = Scale::at(bounds);
    own.fill(FirstZooms::DEEP);
    (own[0], own[last]) = (zoom, zoom);
    bench.open.clear();
    bench.open.push((0, last, zoom));
    while let Some((from, to, zoom)) = bench.open.pop() {
        let Some((at, aside)) = farthest(places, from, to, scale) else {
            continue;
        };
        let zoom = zoom.max(scale::zoom_of(aside, TOLERANCE));
        // Where the farthest is drawn with all others, so are these.
        if zoom < FirstZooms::DEEP {
            own[at] = zoom;
            bench.open.push((from, at, zoom));
            bench.open.push((at, to, zoom));
        }
    }
}

/// The vertex between two others that lies farthest from the chord, and how far, in lattice steps of longitude; of several the
/// lowest, so that it is the same both ways.
pub(super) fn farthest(
    places: &[Coord],
    from: usize,
    to: usize,
    scale: Scale,
) -> Option<(usize, f64)> {
    let mut best: Option<(usize, f64)> = None;
    for at in from + 1..to {
        let aside = scale.aside(places[from], places[to], places[at]);
        let is_better = best.is_none_or(|(known, most)| {
            aside > most || (aside >= most && places[at] < places[known])
        });
        if is_better {
            best = Some((at, aside));
        }
    }
    best.map(|(at, aside)| (at, aside.sqrt()))
}
