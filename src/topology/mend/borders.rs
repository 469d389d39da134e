//! The borders of fresh polygons: which of their edges nobody drew before, and how these are simplified.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Bounds, Coord, FirstZooms, Geometry};

use super::super::simplify::{PeelBench, peel_way};
use super::region::Track;
use super::{Word, Words};

/// In place of a zoom: at none.
const NEVER: u8 = FirstZooms::DEEP + 1;

/// An edge of fresh polygons.
#[derive(Debug)]
struct Edge {
    /// From which zoom on they draw it.
    zoom: u8,
    /// From which zoom on others draw it, or drew it.
    known: u8,
}

/// All edges and vertices of fresh polygons.
#[derive(Debug, Default)]
pub(super) struct Borders {
    /// By their ends, the lower one first.
    edges: BTreeMap<(Coord, Coord), Edge>,
    /// From which zoom on others draw a vertex.
    vertices: BTreeMap<Coord, u8>,
    bounds: Option<Bounds>,
}

/// The other ends of the new edges at a vertex, each with the zoom from which on its edge is drawn.
type Beside = Vec<(Coord, u8)>;

impl Borders {
    /// Adds a fresh polygon that is drawn from a zoom on.
    pub(super) fn add(&mut self, geometry: &Geometry, zoom: u8) {
        for (a, b) in geometry.edges() {
            let known = NEVER;
            let edge = self.edges.entry((a.min(b), a.max(b)));
            let edge = edge.or_insert(Edge { zoom, known });
            edge.zoom = edge.zoom.min(zoom);
            self.vertices.insert(a, NEVER);
            let of = Bounds::of(a);
            self.bounds = Some(self.bounds.map_or(of, |bounds| bounds.union(of)));
        }
    }

    /// Takes in what a polygon knows.
    pub(super) fn know(&mut self, track: &Track<'_>) {
        let Some(bounds) = self.bounds else {
            return;
        };
        for ring in &track.rings {
            let mut before = ring.last().map(|last| last.at);
            for spot in ring {
                let ends = before.replace(spot.at).map(|from| (from, spot.at));
                if !bounds.holds(spot.at) {
                    continue;
                }
                let Some(vertex) = self.vertices.get_mut(&spot.at) else {
                    continue;
                };
                *vertex = spot.zoom.min(*vertex);
                let edge = ends.and_then(|(a, b)| self.edges.get_mut(&(a.min(b), a.max(b))));
                if let Some(edge) = edge {
                    edge.known = edge.known.min(track.zoom);
                }
            }
        }
    }

    /// From which zoom on all vertices of fresh polygons are drawn.
    pub(super) fn words(&self) -> Words {
        let beside = self.beside();
        let is_free = |at: Coord, beside: &Beside| {
            let is_new = self.vertices.get(&at).is_none_or(|&known| known == NEVER);
            is_new && matches!(**beside, [(a, one), (b, other)] if one == other && a != b)
        };
        let free: BTreeSet<Coord> = beside
            .iter()
            .filter(|(at, beside)| is_free(**at, beside))
            .map(|(at, _)| *at)
            .collect();
        let word = |(&at, &known): (&Coord, &u8)| {
            let beside = beside.get(&at);
            let drawn = beside.into_iter().flatten().map(|(_, zoom)| *zoom).min();
            let zoom = drawn.unwrap_or(NEVER).min(known).min(FirstZooms::DEEP);
            let is_new = drawn.is_some();
            (at, Word { zoom, is_new })
        };
        let mut words = self.vertices.iter().map(word).collect();
        simplify(&beside, free, &mut words);
        words
    }

    /// What new edges lead to from their ends.
    fn beside(&self) -> BTreeMap<Coord, Beside> {
        let mut beside: BTreeMap<Coord, Beside> = BTreeMap::new();
        let new = self.edges.iter().filter(|(_, edge)| edge.known > edge.zoom);
        for (&(a, b), edge) in new {
            for (from, to) in [(a, b), (b, a)] {
                beside.entry(from).or_default().push((to, edge.zoom));
            }
        }
        beside
    }
}

/// Says how the vertices between nodes are simplified.
fn simplify(beside: &BTreeMap<Coord, Beside>, mut free: BTreeSet<Coord>, words: &mut Words) {
    let nodes = beside.iter().filter(|(at, _)| !free.contains(at));
    let starts: Vec<(Coord, Coord)> = nodes
        .flat_map(|(&at, beside)| beside.iter().map(move |&(to, _)| (at, to)))
        .collect();
    let mut bench = PeelBench::default();
    for (from, to) in starts {
        if free.contains(&to) {
            let way = way(from, to, beside, &mut free);
            peel(&way, beside, words, &mut bench);
        }
    }
    // What is left goes around.
    while let Some(lowest) = free.pop_first() {
        if let Some(&[(to, _), _]) = beside.get(&lowest).map(Vec::as_slice) {
            let way = way(lowest, to, beside, &mut free);
            peel(&way, beside, words, &mut bench);
        }
    }
}

/// The vertices from one through those that are free, which are so no more, to the first that is not.
fn way(
    from: Coord,
    to: Coord,
    beside: &BTreeMap<Coord, Beside>,
    free: &mut BTreeSet<Coord>,
) -> Vec<Coord> {
    let mut way = vec![from, to];
    while let [.., before, at] = way[..]
        && free.remove(&at)
    {
        let ways = beside.get(&at).into_iter().flatten();
        let next = ways.map(|(to, _)| *to).find(|&to| to != before);
        way.extend(next);
    }
    way
}

fn peel(way: &[Coord], beside: &BTreeMap<Coord, Beside>, words: &mut Words, bench: &mut PeelBench) {
    let &[_, second, ..] = way else {
        return;
    };
    let zoom = beside.get(&second).into_iter().flatten().map(|way| way.1);
    let mut zooms = vec![0; way.len()];
    peel_way(way, zoom.min().unwrap_or(0), bench, &mut zooms);
    for (at, zoom) in way.iter().zip(zooms).skip(1).take(way.len() - 2) {
        if let Some(word) = words.get_mut(at) {
            word.zoom = zoom;
        }
    }
}
