//! Polygons that would close in tile units → threads one unit wide, so that what is longer than a pixel is seen.

use super::clean::clean;
use super::clip::Frame;
use super::mercator::Place;
use super::outlines::{Outlines, Runs};
use super::quantize::{Measure, coarse};
use super::ring::{Polygon, Rect, doubled_area};
use super::route::route;
use super::touch::Sweep;

/// Whether polygons of fine units lie within the tile and are so thin that they may close where their edges are moved, each by less
/// than a unit. What lies in several tiles is left to all of them together.
pub(super) fn may_close(polygons: Runs<'_>) -> bool {
    let tile = Frame::new(0);
    polygons.outer().all(|outer| {
        let measure = Measure::of(outer);
        let is_within = measure
            .bounds
            .is_some_and(|bounds| tile.leaves_whole(bounds));
        is_within && measure.is_thin()
    })
}

/// Polygons of fine units that are at least so long as threads a unit wide, by their outer rings, in tile units: for those that closed.
pub(super) fn as_threads<'a>(
    outer: impl Iterator<Item = &'a [Place]>,
    length: i64,
) -> Vec<Polygon> {
    let threads = outer.filter_map(|outer| {
        let outer = coarse(outer);
        let bounds = Rect::around(&outer)?;
        (bounds.length() >= length).then(|| threads(&outer, bounds))
    });
    threads.flatten().map(|ring| vec![ring]).collect()
}

/// Whether a thin polygon of fine units closes where its edges pass its own vertices.
pub(super) fn closes(rings: Runs<'_>) -> bool {
    let mut alone = [Outlines::default()];
    alone[0].add_runs(rings);
    alone[0].end_shape();
    let routed = route(&alone);
    let mut all = routed.iter().flat_map(Outlines::shapes);
    all.all(|shape| clean(shape, &mut Sweep::default()).is_empty())
}

/// Both ways round the ring from one end of its longer side to the other, each a unit wide. The area of each is that of the
/// strip that it sweeps, so it cannot vanish.
fn threads(outer: &[Place], bounds: Rect) -> [Vec<Place>; 2] {
    let wide = bounds.width() >= bounds.height();
    let along = |&at: &Place| if wide { (at.x, at.y) } else { (at.y, at.x) };
    let end = |best: Option<(usize, &Place)>| best.map_or(0, |(index, _)| index);
    let first = end(outer.iter().enumerate().min_by_key(|(_, at)| along(at)));
    let last = end(outer.iter().enumerate().max_by_key(|(_, at)| along(at)));
    let walk = |from: usize, to: usize| {
        let steps = (to + outer.len() - from) % outer.len();
        (0..=steps).map(move |step| outer[(from + step) % outer.len()])
    };
    [
        thread(walk(first, last).collect(), wide),
        thread(walk(last, first).collect(), wide),
    ]
}

/// A path and the way back beside it: one unit south of a wide path, east of a tall one.
fn thread(path: Vec<Place>, wide: bool) -> Vec<Place> {
    let beside = |at: Place| Place {
        x: at.x + i64::from(!wide),
        y: at.y + i64::from(wide),
    };
    let back: Vec<Place> = path.iter().rev().copied().map(beside).collect();
    let mut ring = path;
    ring.extend(back);
    if doubled_area(&ring) < 0 {
        ring.reverse();
    }
    ring
}
