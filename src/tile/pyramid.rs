//! Which tiles of a pyramid can show something: a walk from the world down that leaves empty ground at once.

use super::mercator::lattice_bounds;
use super::{TileAddress, TileOptions};
use crate::model::{Bounds, Feature, Geometry, GeometryKind, Run, Side, Time, Zooms};
use crate::snapshot::LayerSnapshot;

/// Tile units by which drawing may move a shape off its ground: threads and simplification stay far below.
const SLACK: u32 = 128;

/// The tiles that may show something of some layers, zoom by zoom from the top; in each zoom along the Hilbert curve, so that
/// tiles near each other come near each other. It holds a few tiles of each zoom only.
///
/// Every tile with content comes; one without may come too, where a shape passes near.
#[derive(Clone, Debug)]
pub struct Pyramid<'a> {
    layers: Vec<&'a LayerSnapshot>,
    /// Only tiles whose ground touches it.
    within: Option<Bounds>,
    at: Time,
    /// How far shapes are looked for beyond a tile, tile units.
    reach: u32,
    /// The zooms that are left.
    zooms: std::ops::RangeInclusive<u8>,
    /// The zoom whose tiles are told now.
    zoom: u8,
    /// Tiles at `zoom` or above that are still to be looked into, the next one last.
    open: Vec<TileAddress>,
}

impl<'a> Pyramid<'a> {
    /// The tiles of `layers` at `zooms` that touch `within` (all of the world where `None`).
    #[must_use]
    pub fn new(
        layers: &[&'a LayerSnapshot],
        zooms: Zooms,
        within: Option<Bounds>,
        at: Time,
        options: &TileOptions,
    ) -> Self {
        Self {
            layers: layers.to_vec(),
            within,
            at,
            reach: options.buffer.saturating_add(SLACK),
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
        let bounds = lattice_bounds(address, self.reach);
        self.layers.iter().any(|snapshot| {
            let zooms = snapshot.layer().zooms;
            (zooms.min..=zooms.max).contains(&self.zoom) && self.holds(snapshot, bounds)
        })
    }

    fn holds(&self, snapshot: &LayerSnapshot, bounds: Bounds) -> bool {
        let touches = |feature: &Feature| {
            feature.validity.holds_at(self.at) && may_touch(&feature.geometry, bounds)
        };
        let mut near = snapshot.tree().meeting(bounds);
        near.any(|position| snapshot.features().get(position).is_some_and(touches))
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
