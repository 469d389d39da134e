//! A layer → what a tile shows of it: the shapes that are drawn singly, the points in the place of others.

use super::clip::{Frame, Scissors};
use super::cluster::{Gathered, gather, keys};
use super::crowd::Crowd;
use super::encode::{Drawn, Sheet};
use super::mercator::lattice_bounds;
use super::outlines::Outlines;
use super::passing::Passing;
use super::select::{Selected, select};
use super::{TileAddress, TileOptions, clip, quantize};
use crate::model::{Access, Feature, Geometry, GeometryKind};
use crate::snapshot::LayerSnapshot;

/// Places for which room is made at once, at most: a tile seldom has more, and some features have many that it does not show.
const MOST_EXPECTED: usize = 1 << 18;

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
    let outlines = outlines(layer.layer().geometry, &features, address, frame);
    let drawn = features.into_iter().enumerate();
    let mut features: Vec<(&Feature, Drawn)> = drawn
        .map(|(number, feature)| (feature, Drawn::Outline(number)))
        .collect();
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
        let point = |(feature, at)| (feature, Drawn::Point(at));
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
        outlines,
        clusters,
        keys,
    };
    (sheet, dropped.len())
}

/// What the tile shows of some features of a layer, a shape each; polygons as they are cut, in fine units.
fn outlines(
    kind: GeometryKind,
    features: &[&Feature],
    address: TileAddress,
    frame: Frame,
) -> Outlines {
    let geometries = features.iter().map(|feature| &feature.geometry);
    let mut outlines = Outlines::default();
    match kind {
        GeometryKind::Point => geometries.for_each(|geometry| {
            points(geometry, address, frame, &mut outlines);
            outlines.end_shape();
        }),
        GeometryKind::Line => geometries.for_each(|geometry| {
            for run in geometry.runs() {
                clip::line(&quantize::line(run, address), frame, &mut outlines);
            }
            outlines.end_shape();
        }),
        GeometryKind::Polygon => {
            let mut scissors = Scissors::new(frame.fine());
            let count: usize = geometries.clone().map(Geometry::vertex_count).sum();
            outlines.expect(count.min(MOST_EXPECTED));
            geometries.for_each(|geometry| {
                let first = outlines.run_count();
                quantize::polygons(geometry, address, &mut outlines);
                scissors.cut(first, &mut outlines);
                outlines.end_shape();
            });
        }
    }
    outlines
}

/// The points of a geometry in the frame.
fn points(geometry: &Geometry, address: TileAddress, frame: Frame, out: &mut Outlines) {
    let places = geometry.coords().map(|at| quantize::place(at, address));
    let mut is_drawn = false;
    for at in places.filter(|&at| frame.holds(at)) {
        out.draw_to(at);
        is_drawn = true;
    }
    if is_drawn {
        out.end_line();
    }
}
