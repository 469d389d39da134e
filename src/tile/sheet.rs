//! A layer → what a tile shows of it: the shapes that are drawn singly, the points in the place of others.

use super::clip::Frame;
use super::cluster::{Gathered, gather, keys};
use super::crowd::Crowd;
use super::encode::Sheet;
use super::mercator::{Place, lattice_bounds};
use super::passing::Passing;
use super::ring::{Polygon, Shape};
use super::select::{Selected, select};
use super::{TileAddress, TileOptions, clip, quantize};
use crate::model::{Access, Feature, Geometry, GeometryKind};
use crate::snapshot::LayerSnapshot;

/// What the tile shows of one layer, its polygons as they are cut, and how many features were too many to be drawn singly.
pub(super) fn sheet<'a>(
    layer: &'a LayerSnapshot,
    address: TileAddress,
    options: &TileOptions<'_>,
    passing: Passing<'_>,
    access: Access,
) -> (Sheet<'a>, usize) {
    let TileOptions { buffer, most, .. } = *options;
    let frame = Frame::new(buffer);
    let crowd = Crowd::of(layer, address.z());
    let Selected { features, dropped } = if crowd.is_some_and(Crowd::takes_all) {
        Selected::default()
    } else {
        let from = crowd.map_or(u8::MAX, Crowd::draws_from);
        select(layer, lattice_bounds(address, buffer), from, passing, most)
    };
    let mut features = shapes(layer.layer().geometry, &features, address, frame);
    let surplus = || (!dropped.is_empty()).then(|| Crowd::of_surplus(address.z()));
    let mut next = crowd.or_else(surplus);
    let (mut gathered, mut reach) = (Gathered::default(), frame);
    while let Some(crowd) = next {
        gathered = gather(layer, crowd, address, reach, passing, &dropped);
        next = (gathered.len() > most).then(|| crowd.coarser()).flatten();
        // Larger cells are not those of the tiles beside, and reach farther into them than a change of one is looked for.
        reach = Frame::new(0);
    }
    let Gathered { singles, clusters } = gathered;
    if !singles.is_empty() {
        let point = |(feature, at)| (feature, Shape::Points(vec![at]));
        features.extend(singles.into_iter().map(point));
        features.sort_by_key(|(feature, _)| feature.id);
    }
    let keys = if clusters.is_empty() {
        Vec::new()
    } else {
        keys(layer, access)
    };
    let sheet = Sheet {
        layer: layer.layer(),
        features,
        clusters,
        keys,
    };
    (sheet, dropped.len())
}

/// What the tile shows of some features of a layer, those left out of which that is nothing; polygons as they are cut.
fn shapes<'a>(
    kind: GeometryKind,
    features: &[&'a Feature],
    address: TileAddress,
    frame: Frame,
) -> Vec<(&'a Feature, Shape)> {
    let geometries = features.iter().map(|feature| &feature.geometry);
    let shapes: Vec<Shape> = match kind {
        GeometryKind::Point => geometries
            .map(|geometry| Shape::Points(points(geometry, address, frame)))
            .collect(),
        GeometryKind::Line => geometries
            .map(|geometry| Shape::Lines(lines(geometry, address, frame)))
            .collect(),
        GeometryKind::Polygon => geometries
            .map(|geometry| Shape::Polygons(polygons(geometry, address, frame)))
            .collect(),
    };
    let drawn = features.iter().copied().zip(shapes);
    drawn.filter(|(_, shape)| !shape.is_empty()).collect()
}

/// The points of a geometry in the frame.
fn points(geometry: &Geometry, address: TileAddress, frame: Frame) -> Vec<Place> {
    let places = geometry.coords().map(|at| quantize::place(at, address));
    let mut places: Vec<Place> = places.filter(|&at| frame.holds(at)).collect();
    places.dedup();
    places
}

/// The parts of a geometry's lines in the frame.
fn lines(geometry: &Geometry, address: TileAddress, frame: Frame) -> Vec<Vec<Place>> {
    let mut lines = Vec::new();
    for run in geometry.runs() {
        clip::line(&quantize::line(run, address), frame, &mut lines);
    }
    lines
}

/// The polygons of a geometry, quantized and clipped, in fine units.
fn polygons(geometry: &Geometry, address: TileAddress, frame: Frame) -> Vec<Polygon> {
    let mut polygons = quantize::polygons(geometry, address);
    for rings in &mut polygons {
        *rings = std::mem::take(rings)
            .into_iter()
            .map(|ring| clip::ring(ring, frame.fine()))
            .filter(|ring| !ring.is_empty())
            .collect();
    }
    polygons.retain(|rings| !rings.is_empty());
    polygons
}
