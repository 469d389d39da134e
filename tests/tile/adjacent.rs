//! A coverage, tile by tile: no border of a polygon goes through another's vertex or across another's border.

use std::collections::HashSet;

use fast_mvt::{MvtFeature, MvtGeometry};
use geo::{Area, BoundingRect, LineString, Polygon};
use wangge::model::Access;
use wangge::snapshot::LayerSnapshot;
use wangge::tile::{TileAddress, TileOptions, tile};

use super::support::{polygons, read};

pub(super) type Place = (i64, i64);
pub(super) type Edge = (Place, Place);

fn turn(a: Place, b: Place, p: Place) -> i64 {
    (b.0 - a.0) * (p.1 - a.1) - (b.1 - a.1) * (p.0 - a.0)
}

/// Whether two edges share more than an end.
fn clash((a, b): Edge, (c, d): Edge) -> bool {
    let within = |a: Place, b: Place, at: Place| {
        (a.0.min(b.0)..=a.0.max(b.0)).contains(&at.0)
            && (a.1.min(b.1)..=a.1.max(b.1)).contains(&at.1)
    };
    let on = |a, b, at| at != a && at != b && turn(a, b, at) == 0 && within(a, b, at);
    if on(a, b, c) || on(a, b, d) || on(c, d, a) || on(c, d, b) {
        return true;
    }
    let side = |a, b, at| turn(a, b, at).signum();
    side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0
}

/// Whether a polygon is one that would close, drawn a unit wide: it lies over its neighbour there.
pub(super) fn is_thread(polygon: &Polygon) -> bool {
    let bounds = polygon.bounding_rect();
    let length = bounds.map_or(0.0, |bounds| bounds.width().max(bounds.height()));
    polygon.unsigned_area() < 2.0 * length
}

/// What a tile draws of a layer, however much that is.
pub(super) fn unbounded(layer: &LayerSnapshot, address: TileAddress) -> Vec<MvtFeature> {
    let options = TileOptions {
        most: usize::MAX,
        ..TileOptions::default()
    };
    let at = wangge::app::now();
    let bytes = tile(&[layer], address, at, Access::LOCAL, &options).unwrap();
    bytes.map_or_else(Vec::new, |bytes| read(&bytes).remove(0).features)
}

/// The edges of all polygons of a tile that reach into it, but for threads, each once, from west to east.
fn edges(features: &[MvtFeature]) -> Vec<Edge> {
    let mut edges: HashSet<Edge> = HashSet::new();
    for feature in features {
        if !matches!(
            feature.geometry,
            MvtGeometry::Polygon(_) | MvtGeometry::MultiPolygon(_)
        ) {
            continue;
        }
        let shape = polygons(&feature.geometry);
        let rings = shape
            .iter()
            .filter(|polygon| !is_thread(polygon))
            .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()));
        let ends = rings.flat_map(LineString::lines).map(|line| {
            let place = |at: geo::Coord<f64>| (at.x as i64, at.y as i64);
            let (a, b) = (place(line.start), place(line.end));
            (a.min(b), a.max(b))
        });
        let inside = |at: Place| (0..=4096).contains(&at.0) && (0..=4096).contains(&at.1);
        edges.extend(ends.filter(|&(a, b)| inside(a) || inside(b)));
    }
    let mut edges: Vec<Edge> = edges.into_iter().collect();
    edges.sort_unstable();
    edges
}

/// Pairs of edges that share more than an end.
fn clashes(edges: &[Edge]) -> Vec<(Edge, Edge)> {
    let mut found = Vec::new();
    for (n, &one) in edges.iter().enumerate() {
        let beyond = edges[n + 1..]
            .iter()
            .take_while(|other| other.0.0 <= one.1.0);
        found.extend(
            beyond
                .filter(|other| clash(one, **other))
                .map(|other| (one, *other)),
        );
    }
    found
}

/// How many edges these features of a tile have, and the pairs of them that clash.
pub(super) fn compare(features: &[MvtFeature]) -> (usize, Vec<(Edge, Edge)>) {
    let edges = edges(features);
    (edges.len(), clashes(&edges))
}

/// Checks one layer of a tile; answers how many edges it draws.
pub(super) fn check(layer: &LayerSnapshot, address: TileAddress) -> usize {
    let (edges, clashes) = compare(&unbounded(layer, address));
    assert!(clashes.is_empty(), "{address:?}: {clashes:?}");
    edges
}
