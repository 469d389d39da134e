//! Which tiles of a pyramid can show something: a walk from the world down that leaves empty ground at once.

use std::sync::Arc;

use super::cluster::around;
use super::crowd::Crowd;
use super::label::{labelled_from, places};
use super::mercator::lattice_bounds;
use super::passing::Passing;
use super::{TileAddress, TileOptions};
use crate::index::{ZCell, ZPlace};
use crate::model::{Bounds, Feature, Geometry, GeometryKind, Run, Side, Time, Zooms};
use crate::snapshot::LayerSnapshot;

/// Tile units by which drawing may move a shape off its ground: threads and simplification stay far below.
const SLACK: u32 = 128;

/// The tiles that may show something of some layers, zoom by zoom from the top; in each zoom along the Hilbert curve, so that
/// tiles near each other come near each other. It holds a few tiles of each zoom only.
///
/// Every tile with content comes, be that a point in the place of others or a label only; one without may come too, where a shape or
/// a point passes near.
#[derive(Clone, Debug)]
pub struct Pyramid<'a> {
    layers: Vec<&'a LayerSnapshot>,
    labelled: Vec<Labelled<'a>>,
    /// Only tiles whose ground touches it.
    within: Option<Bounds>,
    passing: Passing<'a>,
    /// How far beyond its sides a tile holds what it draws, tile units.
    buffer: u32,
    /// The zooms that are left.
    zooms: std::ops::RangeInclusive<u8>,
    /// The zoom whose tiles are told now.
    zoom: u8,
    /// Tiles at `zoom` or above that are still to be looked into, the next one last.
    open: Vec<TileAddress>,
}

/// A layer whose labels are shown.
#[derive(Clone, Debug)]
struct Labelled<'a> {
    layer: &'a LayerSnapshot,
    /// In Z-order, each with the zoom from which its feature is as large as a pixel: a label's place is long to find and asked for at every zoom.
    places: Arc<[(ZPlace, u8)]>,
}

impl<'a> Pyramid<'a> {
    /// The tiles of `layers`, and of the labels that `options` names, at `zooms` that touch `within` (all of the world where `None`).
    #[must_use]
    pub fn new(
        layers: &[&'a LayerSnapshot],
        zooms: Zooms,
        within: Option<Bounds>,
        at: Time,
        options: &TileOptions<'a>,
    ) -> Self {
        let passing = Passing {
            at,
            filter: options.filter,
        };
        let labelled = options.labels.iter().map(|&layer| Labelled {
            layer,
            places: places(layer, passing).into(),
        });
        Self {
            layers: layers.to_vec(),
            labelled: labelled.collect(),
            within,
            passing,
            buffer: options.buffer,
            zooms: zooms.min..=zooms.max.min(super::DEEPEST),
            zoom: zooms.min,
            open: Vec::new(),
        }
    }

    fn may_show(&self, address: TileAddress) -> bool {
        let is_asked_for = |within: Bounds| lattice_bounds(address, 0).meets(within);
        if !self.within.is_none_or(is_asked_for) {
            return false;
        }
        let is_drawn = |snapshot: &LayerSnapshot| {
            let zooms = snapshot.layer().zooms;
            (zooms.min..=zooms.max).contains(&self.zoom)
        };
        let mut layers = self.layers.iter().filter(|layer| is_drawn(layer));
        let mut labelled = self.labelled.iter().filter(|one| is_drawn(one.layer));
        layers.any(|layer| self.draws(layer, address))
            || labelled.any(|one| one.shows(address, self.zoom))
    }

    fn draws(&self, layer: &LayerSnapshot, address: TileAddress) -> bool {
        let crowd = Crowd::of(layer, self.zoom);
        let singly = !crowd.is_some_and(Crowd::takes_all) && {
            let from = crowd.map_or(u8::MAX, Crowd::draws_from);
            self.holds(layer, from, address)
        };
        singly || crowd.is_some_and(|crowd| self.gathers(layer, crowd, address))
    }

    /// Whether a shape that is drawn singly may touch the tile.
    fn holds(&self, layer: &LayerSnapshot, from: u8, address: TileAddress) -> bool {
        let bounds = lattice_bounds(address, self.buffer.saturating_add(SLACK));
        let anchored = layer.anchored();
        let touches = |feature: &Feature| {
            self.passing.passes(feature, layer) && may_touch(&feature.geometry, bounds)
        };
        let near = layer.tree().meeting(bounds);
        let mut large = near.filter(|position| anchored.from_zoom(*position) <= from);
        large.any(|position| layer.features().get(position).is_some_and(touches))
    }

    /// Whether a point in the place of others may lie in the tile or, at the zoom that is told, in its buffer.
    fn gathers(&self, layer: &LayerSnapshot, crowd: Crowd, address: TileAddress) -> bool {
        let holds = |cell: ZCell| {
            let mut anchors = layer.anchored().anchors().in_cell(cell).flatten();
            anchors.any(|anchor| crowd.may_take(anchor) && self.passing.passes_at(anchor, layer))
        };
        let own = ZCell::new(address.z(), address.x(), address.y());
        if address.z() == self.zoom {
            return holds(own) || around(address, crowd, self.buffer.into()).any(holds);
        }
        // The buffer and a cell beyond it: at most a tile and a half of the next zoom, less than one here.
        holds(own) || beside(address).any(holds)
    }
}

impl Iterator for Pyramid<'_> {
    type Item = TileAddress;

    fn next(&mut self) -> Option<TileAddress> {
        loop {
            let Some(address) = self.open.pop() else {
                self.zoom = self.zooms.next()?;
                self.open.push(TileAddress::WORLD);
                continue;
            };
            if !self.may_show(address) {
                continue;
            }
            if address.z() == self.zoom {
                return Some(address);
            }
            let mut parts = address.quarters();
            parts.sort_unstable_by_key(|part| std::cmp::Reverse(part.along_curve()));
            self.open.extend(parts);
        }
    }
}

impl Labelled<'_> {
    /// Whether a label at `zoom` stands in a tile of that zoom or above.
    fn shows(&self, address: TileAddress, zoom: u8) -> bool {
        let Some(from) = labelled_from(self.layer, zoom) else {
            return false;
        };
        let tile = ZCell::new(address.z(), address.x(), address.y());
        let begin = self.places.partition_point(|(at, _)| *at < tile.first());
        let rest = self.places.get(begin..).unwrap_or_default();
        let mut within = rest.iter().take_while(|(at, _)| *at <= tile.last());
        within.any(|(_, from_zoom)| *from_zoom <= from)
    }
}

/// The tiles around one, as cells.
fn beside(address: TileAddress) -> impl Iterator<Item = ZCell> {
    let last = u32::MAX
        .checked_shr(32 - u32::from(address.z()))
        .unwrap_or_default();
    let (x, y) = (address.x(), address.y());
    let near = move |at: u32| at.saturating_sub(1)..=at.saturating_add(1).min(last);
    let all = near(y).flat_map(move |row| near(x).map(move |column| (column, row)));
    let others = all.filter(move |place| *place != (x, y));
    others.map(move |(column, row)| ZCell::new(address.z(), column, row))
}

/// Whether a shape may share a point with a box, on the lattice or in web mercator: edges are straight in the one and bent in
/// the other, but never leave the box around their ends.
fn may_touch(geometry: &Geometry, bounds: Bounds) -> bool {
    let passes = |(a, b)| Bounds::of(a).union(Bounds::of(b)).meets(bounds);
    match geometry.kind() {
        GeometryKind::Point => geometry.coords().any(|at| bounds.holds(at)),
        GeometryKind::Line => geometry.runs().flat_map(Run::legs).any(passes),
        GeometryKind::Polygon => {
            geometry.edges_near(bounds).any(passes)
                || geometry.is_crooked()
                // Where no edge passes, the box lies wholly inside or wholly outside.
                || geometry.side(bounds.min) == Side::Inside
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_along_the_curve_make_one_walk_through_all_tiles_of_a_zoom() {
        let mut row = vec![TileAddress::WORLD];
        for _ in 0..6 {
            row = row
                .into_iter()
                .flat_map(|address| {
                    let mut parts = address.quarters();
                    parts.sort_unstable_by_key(|part| part.along_curve());
                    parts
                })
                .collect();
            let places: Vec<u64> = row.iter().map(|address| address.along_curve()).collect();
            assert!(places.iter().copied().eq(0..row.len() as u64));
            let is_step = |pair: &[TileAddress]| {
                pair[0].x().abs_diff(pair[1].x()) + pair[0].y().abs_diff(pair[1].y()) == 1
            };
            assert!(row.windows(2).all(is_step));
        }
    }

    #[test]
    fn a_long_diagonal_line_is_passed_by_few_boxes_and_a_hole_is_empty() {
        let at = |lon, lat| crate::model::Coord { lon, lat };
        let bounds = |west, south, east, north| Bounds {
            min: at(west, south),
            max: at(east, north),
        };
        let stairs = (0..100).map(|step| at(step * 10, step * 10)).collect();
        let line = Geometry::lines([stairs]).unwrap();
        assert!(may_touch(&line, bounds(500, 500, 505, 505)));
        assert!(!may_touch(&line, bounds(500, 100, 505, 105)));
        let ring = |low, high| vec![at(low, low), at(high, low), at(high, high), at(low, high)];
        let frame = Geometry::polygons([vec![ring(0, 1000), ring(200, 800)]]).unwrap();
        assert!(may_touch(&frame, bounds(50, 50, 60, 60)));
        assert!(!may_touch(&frame, bounds(500, 500, 600, 600)));
        assert!(may_touch(&frame, bounds(500, 500, 900, 600)));
        assert!(!may_touch(&frame, bounds(1001, 0, 1100, 1000)));
    }
}
