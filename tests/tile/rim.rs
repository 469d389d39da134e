//! Where a coverage ends, so that a border that one polygon alone draws can be told from a crack.

use fast_mvt::{MvtFeature, MvtGeometry};
use geo::{BoundingRect, Rect};
use rstar::primitives::Line;
use rstar::{PointDistance, RTree};
use std::collections::HashMap;
use wangge::model::{Bounds, Coord};
use wangge::snapshot::LayerSnapshot;
use wangge::tile::TileAddress;

use super::adjacent::{Edge, Place, is_thread};
use super::nested::{Outline, add, settled};
use super::support::{exact, polygons};

/// How far from the true border one may be drawn that only one polygon has, tile units: what simplification may take away, and a
/// vertex of another border that it was brought to.
const NEAR: f64 = 4.5;

/// The edges that lie between a polygon and nothing, in tile units of zoom 0.
pub(super) struct Rim(RTree<Line<[f64; 2]>>);

fn world(at: Coord) -> [f64; 2] {
    let at = exact(TileAddress::WORLD, at);
    [at.x, at.y]
}

impl Rim {
    pub(super) fn of(layer: &LayerSnapshot) -> Self {
        let mut outline: HashMap<(Coord, Coord), i32> = HashMap::new();
        for (a, b) in layer
            .features()
            .iter()
            .flat_map(|grid| grid.geometry.edges())
        {
            *outline.entry((a.min(b), a.max(b))).or_default() += if a < b { 1 } else { -1 };
        }
        let alone = outline.into_iter().filter(|(_, times)| *times != 0);
        let lines = alone.map(|((a, b), _)| Line::new(world(a), world(b)));
        Self(RTree::bulk_load(lines.collect()))
    }

    /// The edges that one polygon of a tile draws and none beside it, though another one is there and neither it nor they are too
    /// small to be drawn as they are.
    pub(super) fn cracks(
        &self,
        layer: &LayerSnapshot,
        address: TileAddress,
        features: &[MvtFeature],
    ) -> Vec<Edge> {
        let (mut outline, mut threads) = (Outline::new(), Vec::new());
        let is_area = |feature: &&MvtFeature| {
            matches!(
                feature.geometry,
                MvtGeometry::Polygon(_) | MvtGeometry::MultiPolygon(_)
            )
        };
        for feature in features.iter().filter(is_area) {
            let shape = polygons(&feature.geometry);
            let thin = shape.iter().filter(|part| is_thread(part));
            threads.extend(thin.filter_map(BoundingRect::bounding_rect));
            add(&mut outline, feature);
        }
        let inside = |at: Place| (0..=4096).contains(&at.0) && (0..=4096).contains(&at.1);
        let alone = settled(outline).into_iter().map(|(edge, _)| edge);
        let alone = alone.filter(|&(a, b)| inside(a) || inside(b));
        let explained = |at: Place| {
            self.is_near(address, at)
                || threads.iter().any(|thread| holds(*thread, at))
                || is_beside_small(layer, address, at)
        };
        alone
            .filter(|&(a, b)| !explained(a) || !explained(b))
            .collect()
    }

    fn is_near(&self, address: TileAddress, (x, y): Place) -> bool {
        let scale = 2f64.powi(address.z().into());
        let at = [
            (f64::from(address.x()) * 4096.0 + x as f64) / scale,
            (f64::from(address.y()) * 4096.0 + y as f64) / scale,
        ];
        let nearest = self.0.nearest_neighbor(at);
        nearest.is_some_and(|line| line.distance_2(&at).sqrt() * scale <= NEAR)
    }
}

fn holds(thread: Rect, (x, y): Place) -> bool {
    let (x, y) = (x as f64, y as f64);
    (thread.min().x - 2.0..=thread.max().x + 2.0).contains(&x)
        && (thread.min().y - 2.0..=thread.max().y + 2.0).contains(&y)
}

/// Whether a feature that is drawn as a point lies at a place.
fn is_beside_small(layer: &LayerSnapshot, address: TileAddress, (x, y): Place) -> bool {
    let corner = |by: f64| super::support::lattice(address, (x as f64 + by, y as f64 + by));
    let (a, b) = (corner(-NEAR), corner(NEAR));
    let around = Bounds {
        min: Coord {
            lon: a.lon.min(b.lon),
            lat: a.lat.min(b.lat),
        },
        max: Coord {
            lon: a.lon.max(b.lon),
            lat: a.lat.max(b.lat),
        },
    };
    let mut near = layer.tree().meeting(around);
    near.any(|position| layer.anchored().from_zoom(position) > address.z())
}
