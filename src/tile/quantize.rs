//! Coordinates → places of a tile.
//!
//! A vertex is rounded in the world's units and only then seen from the tile's corner: a vertex that neighbours or tiles
//! share gets one place in all of them.

use super::TileAddress;
use super::clean::clean;
use super::mercator::{Place, fine_world, origin, world};
use super::ring::{Polygon, Rect, doubled_area, drop_repeats};
use crate::model::{Coord, FirstZooms, Run};

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

/// Adds one part of a polygon geometry to `polygons`, in fine units, with the outer ring's area positive, as the lattice's was.
/// `first` says from which zoom on vertices are drawn.
///
/// Below a pixel a part vanishes where nothing of it is left in tile units. A longer part that is thinner than half a unit on
/// average could vanish by rounding as well: it is drawn as a thread one unit wide.
pub(super) fn polygon<'a>(
    rings: impl Iterator<Item = Run<'a>>,
    first: Option<&FirstZooms>,
    address: TileAddress,
    polygons: &mut Vec<Polygon>,
) {
    let mut fine: Polygon = rings.map(|run| ring(run, first, address)).collect();
    let mut rings: Polygon = fine.iter().map(|ring| coarse(ring)).collect();
    let turned = rings.iter_mut().zip(&mut fine).enumerate();
    let doubled: i128 = turned
        .map(|(index, (ring, fine))| turn_back(ring, fine, index == 0))
        .sum();
    let Some((outer, bounds)) = rings
        .first()
        .and_then(|outer| Some((outer, Rect::around(outer)?)))
    else {
        return;
    };
    let length = bounds.length();
    if length >= PIXEL && doubled < i128::from(length) {
        polygons.extend(threads(outer, bounds));
        return;
    }
    let mut lengths = rings.iter().map(Vec::len);
    let is_left = outer.len() > 2 && (length >= PIXEL || !clean(vec![rings.clone()]).is_empty());
    if is_left {
        fine.retain(|_| lengths.next().is_some_and(|length| length > 2));
        polygons.push(fine);
    }
}

/// A ring of fine units in tile units.
fn coarse(ring: &[Place]) -> Vec<Place> {
    let mut coarse: Vec<Place> = ring.iter().map(|at| at.coarse()).collect();
    drop_repeats(&mut coarse);
    coarse
}

/// Turns a ring round that came out with the other sign; its doubled area after that.
///
/// Edges are straight here as they were on the lattice: across a continent that can turn a sliver over, and rounding can too.
/// Each ring answers for itself, because a hole need not have turned over with the ring around it. Rings that are shorter
/// than a pixel or drawn as threads stay, so that a hole does what the polygon that fills it does. `fine`: the same ring.
fn turn_back(ring: &mut [Place], fine: &mut [Place], is_outer: bool) -> i128 {
    let doubled = doubled_area(ring);
    let is_over = if is_outer { doubled < 0 } else { doubled > 0 };
    if !is_over {
        return doubled;
    }
    let length = Rect::around(ring).map_or(0, Rect::length);
    if length < PIXEL || doubled.abs() < i128::from(length) {
        return doubled;
    }
    ring.reverse();
    fine.reverse();
    -doubled
}

/// The places of a ring in fine units. Backwards: y runs south here, so what was counter-clockwise has to turn round to stay positive.
fn ring(run: Run<'_>, first: Option<&FirstZooms>, address: TileAddress) -> Vec<Place> {
    let mut places = Vec::with_capacity(if first.is_some() { 16 } else { run.len() });
    let origin = origin(address).fine();
    run.for_each_drawn(first, address.z(), |at| {
        places.push(fine_world(at, address.z()).seen_from(origin));
    });
    places.reverse();
    drop_repeats(&mut places);
    places
}

/// Both ways round the ring from one end of its longer side to the other, each a unit wide. The area of each is that of the
/// strip that it sweeps, so it cannot vanish.
fn threads(outer: &[Place], bounds: Rect) -> [Polygon; 2] {
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
fn thread(path: Vec<Place>, wide: bool) -> Polygon {
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
    vec![ring.into_iter().map(Place::fine).collect()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Geometry, LonLat};

    /// At zoom 0 a tile unit is 878,906.25 steps of longitude.
    const UNIT: i32 = 878_906;

    fn drawn(ring: &[(i32, i32)]) -> Vec<Polygon> {
        let coords = ring.iter().map(|&(lon, lat)| Coord { lon, lat }).collect();
        let shape = Geometry::polygons([vec![coords]]).unwrap();
        let mut polygons = Vec::new();
        let address = TileAddress::new(0, 0, 0).unwrap();
        polygon(shape.runs(), None, address, &mut polygons);
        polygons
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
            assert!(doubled_area(&ring(run, None, address)) < 0);
        }
        let mut polygons = Vec::new();
        polygon(shape.runs(), None, address, &mut polygons);
        let areas = polygons[0].iter().map(|ring| doubled_area(ring).signum());
        assert_eq!(areas.collect::<Vec<_>>(), [1, -1]);
    }

    #[test]
    fn a_speck_below_a_unit_vanishes() {
        assert_eq!(drawn(&[(0, 0), (9, 0), (9, 9)]), Vec::<Polygon>::new());
    }
}
