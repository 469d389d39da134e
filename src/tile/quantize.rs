//! Coordinates → places of a tile.
//!
//! A vertex is rounded in the world's units and only then seen from the tile's corner: a vertex that neighbours or tiles
//! share gets one place in all of them.

use super::TileAddress;
use super::clean::clean;
use super::mercator::{Place, Plane, SIDE, origin, world};
use super::outlines::{Outlines, Runs};
use super::ring::{Polygon, Rect, doubled, drop_repeats};
use super::thread::{as_threads, closes};
use super::touch::Sweep;
use crate::model::{Coord, FirstZooms, Geometry, Run};

/// Tile units in a pixel of a map that shows a tile at 256 pixels, the coarsest that is usual.
const PIXEL: i64 = 16;

/// The place of one coordinate.
pub(super) fn place(at: Coord, address: TileAddress) -> Place {
    world(at, address.z()).seen_from(origin(address))
}

/// The places of a line without repeats; a single one where the line is shorter than a unit.
pub(super) fn line(coords: impl Iterator<Item = Coord>, address: TileAddress) -> Vec<Place> {
    let mut places: Vec<Place> = coords.map(|at| place(at, address)).collect();
    places.dedup();
    places
}

/// Adds the parts of a polygon geometry in fine units, outer rings' areas positive, as the lattice's were; none where it is smaller
/// than a pixel and nothing of it is left in tile units.
///
/// A longer one that its own vertices close, as its edges are moved through them, is drawn as threads one unit wide.
pub(super) fn polygons(geometry: &Geometry, address: TileAddress, out: &mut Outlines) {
    let before = out.run_count();
    let mut closed: Vec<Polygon> = Vec::new();
    for part in geometry.parts() {
        let first = out.run_count();
        for (index, run) in part.enumerate() {
            ring(run, geometry.first_zooms(), address, out);
            out.end_turned(index == 0);
        }
        if !is_open(out, first) {
            closed.push(out.take_from(first));
        }
    }
    if out.run_count() > before {
        // Vertices of neighbours may open them after all.
        return out.add_polygons(&closed);
    }
    let outer = closed.iter().filter_map(|rings| rings.first());
    for thread in as_threads(outer.map(Vec::as_slice), PIXEL) {
        let fine: Vec<Polygon> = vec![thread.into_iter().map(fine).collect()];
        out.add_polygons(&fine);
    }
}

/// Whether something of the part that begins with a ring is left in tile units. Turns its rings as they were on the lattice.
fn is_open(out: &mut Outlines, first: usize) -> bool {
    if out.run_count() == first {
        return false;
    }
    let outer = turn_back(out.run_mut(first), true);
    // Of all rings: in dirty data a hole may lie anywhere.
    let (mut bounds, mut doubled) = (outer.bounds, outer.doubled);
    for hole in first + 1..out.run_count() {
        let hole = turn_back(out.run_mut(hole), false);
        doubled += hole.doubled;
        let both = bounds.zip(hole.bounds);
        let both = both.map(|(one, other)| one.with(other.min).with(other.max));
        bounds = both.or(bounds).or(hole.bounds);
    }
    let length = bounds.map_or(0, Rect::length);
    if length < PIXEL {
        return outer.count > 2 && leaves_something(out.runs_from(first));
    }
    if length > 2 * SIDE {
        return doubled >= i128::from(length);
    }
    !outer.is_thin() || !closes(out.runs_from(first))
}

/// Whether something of a polygon of fine units is left in tile units.
fn leaves_something(rings: Runs<'_>) -> bool {
    let mut left = Outlines::default();
    for ring in rings.iter() {
        ring.places.iter().for_each(|at| left.draw_to(at.coarse()));
        left.end_ring(ring.is_outer);
    }
    !clean(left.runs_from(0), &mut Sweep::default()).is_empty()
}

/// A ring of tile units in fine ones.
fn fine(ring: Vec<Place>) -> Vec<Place> {
    ring.into_iter().map(Place::fine).collect()
}

/// A ring of fine units in tile units.
pub(super) fn coarse(ring: &[Place]) -> Vec<Place> {
    let mut coarse: Vec<Place> = ring.iter().map(|at| at.coarse()).collect();
    drop_repeats(&mut coarse);
    coarse
}

/// What a ring of fine units is in tile units.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measure {
    /// Twice its signed area.
    pub(super) doubled: i128,
    /// `None` without places.
    pub(super) bounds: Option<Rect>,
    /// Places without repeats.
    count: usize,
}

impl Measure {
    pub(super) fn of(ring: &[Place]) -> Self {
        let mut measure = Self {
            doubled: 0,
            bounds: None,
            count: 0,
        };
        let Some(mut from) = ring.last().map(|at| at.coarse()) else {
            return measure;
        };
        let mut bounds = Rect {
            min: from,
            max: from,
        };
        for at in ring {
            let at = at.coarse();
            if at != from {
                measure.doubled += doubled(from, at);
                measure.count += 1;
                bounds = bounds.with(at);
                from = at;
            }
        }
        measure.bounds = Some(bounds);
        measure
    }

    /// Whether it is less than two units wide on average.
    pub(super) fn is_thin(&self) -> bool {
        let length = self.bounds.map_or(0, Rect::length);
        self.doubled < i128::from(4 * length)
    }
}

/// Turns a ring of fine units round that came out with the other sign; what it is after that.
///
/// Edges are straight here as they were on the lattice: across a continent that can turn a sliver over, and rounding can too.
/// Each ring answers for itself, because a hole need not have turned over with the ring around it. Rings that are shorter
/// than a pixel or drawn as threads stay, so that a hole does what the polygon that fills it does.
fn turn_back(ring: &mut [Place], is_outer: bool) -> Measure {
    let measure = Measure::of(ring);
    let doubled = measure.doubled;
    let is_over = if is_outer { doubled < 0 } else { doubled > 0 };
    let length = measure.bounds.map_or(0, Rect::length);
    if !is_over || length < PIXEL || doubled.abs() < i128::from(length) {
        return measure;
    }
    ring.reverse();
    Measure {
        doubled: -doubled,
        ..measure
    }
}

/// Draws a ring in fine units, to be turned round: y runs south here, so what was counter-clockwise has to, to stay positive.
fn ring(run: Run<'_>, first: Option<&FirstZooms>, address: TileAddress, out: &mut Outlines) {
    let (plane, origin) = (Plane::at(address.z()), origin(address).fine());
    run.for_each_drawn(first, address.z(), |at| {
        out.draw_to(plane.fine(at).seen_from(origin));
    });
}

#[cfg(test)]
mod tests {
    use super::super::ring::doubled_area;
    use super::*;
    use crate::model::LonLat;

    /// At zoom 0 a tile unit is 878,906.25 steps of longitude.
    const UNIT: i32 = 878_906;

    fn drawn(ring: &[(i32, i32)]) -> Vec<Polygon> {
        let coords = ring.iter().map(|&(lon, lat)| Coord { lon, lat }).collect();
        polygons_of(
            &Geometry::polygons([vec![coords]]).unwrap(),
            TileAddress::WORLD,
        )
    }

    fn polygons_of(shape: &Geometry, address: TileAddress) -> Vec<Polygon> {
        let mut out = Outlines::default();
        polygons(shape, address, &mut out);
        out.runs_from(0).polygons()
    }

    #[test]
    fn a_counter_clockwise_ring_has_a_positive_area_although_y_runs_south() {
        let side = 10 * UNIT;
        let polygons = drawn(&[(0, 0), (side, 0), (side, side), (0, side)]);
        assert_eq!(doubled_area(&coarse(&polygons[0][0])), 200);
    }

    #[test]
    fn a_strip_thinner_than_a_unit_and_longer_than_a_pixel_is_drawn_one_unit_wide() {
        let long = 20 * UNIT;
        for ring in [
            [(0, 0), (long, 0), (long, 90_000), (0, 90_000)],
            [(0, 0), (90_000, 0), (90_000, long), (0, long)],
        ] {
            let areas: Vec<i128> = drawn(&ring)
                .iter()
                .map(|p| doubled_area(&coarse(&p[0])))
                .collect();
            assert_eq!(areas, [40, 40]);
        }
    }

    #[test]
    fn a_ring_that_the_projection_turned_over_turns_back_and_its_hole_that_stayed_does_not() {
        let steps = |ring: &[(f64, f64)]| -> Vec<Coord> {
            ring.iter()
                .map(|&(lon, lat)| Coord::snap(LonLat::new(lon, lat)).unwrap())
                .collect()
        };
        // The middle corner is north of the long side in degrees, and south of it in mercator.
        let outer = steps(&[(0.0, 0.0), (100.0, 60.0), (50.0, 33.0)]);
        let hole = steps(&[(49.5, 34.1), (50.0, 34.4), (50.5, 34.1)]);
        let address = TileAddress::new(5, 20, 12).unwrap();
        let shape = Geometry::polygons([vec![outer, hole]]).unwrap();
        for run in shape.runs() {
            let mut out = Outlines::default();
            ring(run, None, address, &mut out);
            out.end_turned(true);
            assert!(doubled_area(out.places()) < 0);
        }
        let polygons = polygons_of(&shape, address);
        let areas = polygons[0].iter().map(|ring| doubled_area(ring).signum());
        assert_eq!(areas.collect::<Vec<_>>(), [1, -1]);
    }

    #[test]
    fn a_hole_far_outside_of_a_thin_shell_takes_no_room() {
        let ring = |ring: &[(i32, i32)]| -> Vec<Coord> {
            ring.iter().map(|&(lon, lat)| Coord { lon, lat }).collect()
        };
        let thin = ring(&[(0, 0), (90_000, 0), (90_000, 1), (0, 1)]);
        let far = 1_700_000_000;
        let hole = ring(&[
            (far, 800_000_000),
            (far + 9, 800_000_000),
            (far, 800_000_009),
        ]);
        let shape = Geometry::polygons([vec![thin, hole]]).unwrap();
        for zoom in [14, 24] {
            let address = TileAddress::new(zoom, 1 << (zoom - 1), 1 << (zoom - 1)).unwrap();
            assert!(polygons_of(&shape, address).len() <= 2);
        }
    }

    #[test]
    fn a_speck_below_a_unit_vanishes() {
        assert_eq!(drawn(&[(0, 0), (9, 0), (9, 9)]), Vec::<Polygon>::new());
    }
}
