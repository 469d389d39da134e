//! A feature → the one point of it that bears its label: a function of the feature alone.

use std::cmp::Reverse;

use crate::model::{Bounds, Coord, Geometry, GeometryKind, Run, Side};

/// Heights at which polygons are looked through, in sixteenths of the largest part's box, the middle first.
const HEIGHTS: [i64; 7] = [8, 6, 10, 4, 12, 2, 14];

/// The point that bears the label, and the box of the part that it belongs to: of points the first; of lines the middle, along
/// the longest part; of polygons a point inside or, where they are too narrow for one, on the border.
pub(super) fn inside(geometry: &Geometry) -> Option<(Coord, Bounds)> {
    match geometry.kind() {
        GeometryKind::Point => {
            let at = geometry.coords().next()?;
            Some((at, Bounds::of(at)))
        }
        GeometryKind::Line => {
            let long = |run: &Run<'_>| length(run);
            let longest = geometry.runs().max_by(|a, b| long(a).total_cmp(&long(b)))?;
            Some((middle(&longest)?, longest.bounds()?))
        }
        GeometryKind::Polygon => {
            let boxes = geometry
                .parts()
                .filter_map(|mut part| part.next()?.bounds());
            let largest = boxes.max_by_key(|bounds| area(*bounds))?;
            let widest = widest(geometry, largest).or_else(|| geometry.coords().next());
            Some((widest?, largest))
        }
    }
}

fn area(bounds: Bounds) -> i128 {
    let side = |low: i32, high: i32| i128::from(high) - i128::from(low);
    side(bounds.min.lon, bounds.max.lon) * side(bounds.min.lat, bounds.max.lat)
}

/// The middle of the widest stretch inside, at some heights of a box; not on the border, where one is not. Exact: a stretch
/// begins and ends at the lattice points next to its ends.
fn widest(geometry: &Geometry, bounds: Bounds) -> Option<Coord> {
    let (low, high) = (i64::from(bounds.min.lat), i64::from(bounds.max.lat));
    let mut crossings = Vec::new();
    let stretches = HEIGHTS.into_iter().filter_map(|height| {
        let lat = i32::try_from(low + (high - low) * height / 16).ok()?;
        stretch(geometry, bounds, lat, &mut crossings)
    });
    let mut stretches: Vec<(i64, Coord)> = stretches.collect();
    // Of equally wide ones the first stays first.
    stretches.sort_by_key(|(width, _)| Reverse(*width));
    let is_inside = |at: Coord| geometry.side(at) == Side::Inside;
    let within = stretches.iter().find(|(_, at)| is_inside(*at));
    within.or(stretches.first()).map(|(_, at)| *at)
}

/// The width and the middle of the widest stretch inside at a latitude.
fn stretch(
    geometry: &Geometry,
    bounds: Bounds,
    lat: i32,
    crossings: &mut Vec<(i64, i64)>,
) -> Option<(i64, Coord)> {
    let row = Bounds {
        min: Coord { lat, ..bounds.min },
        max: Coord { lat, ..bounds.max },
    };
    crossings.clear();
    geometry.edges_near(world_wide(row)).for_each(|(a, b)| {
        // A vertex at this height counts as below it.
        if (a.lat <= lat) != (b.lat <= lat) {
            crossings.push(crossing(a, b, lat));
        }
    });
    // Two between the same lattice points may change places: no lattice point lies between them.
    crossings.sort_unstable();
    let stretches = crossings.as_chunks().0.iter();
    let widths = stretches.map(|&[(_, west), (east, _)]| (east - west, west));
    let (width, west) = widths.filter(|(width, _)| *width >= 0).max()?;
    let lon = i32::try_from(west + width / 2).ok()?;
    Some((width, Coord { lon, lat }))
}

/// The same row around the Earth: what is inside is told by all edges to the west.
fn world_wide(row: Bounds) -> Bounds {
    Bounds {
        min: Coord {
            lon: i32::MIN,
            ..row.min
        },
        max: Coord {
            lon: i32::MAX,
            ..row.max
        },
    }
}

/// The lattice longitudes next to where an edge crosses a latitude, on both sides.
fn crossing(a: Coord, b: Coord, lat: i32) -> (i64, i64) {
    let (a, b) = if a.lat < b.lat { (a, b) } else { (b, a) };
    let step = |from: i32, to: i32| i64::from(to) - i64::from(from);
    let (rise, run) = (step(a.lat, b.lat), step(a.lon, b.lon));
    // At most 1.8e9 × 3.6e9, which fits.
    let product = step(a.lat, lat) * run;
    let west = i64::from(a.lon) + product.div_euclid(rise);
    (west, west + i64::from(product.rem_euclid(rise) > 0))
}

/// How long a leg is, in lattice steps of latitude.
fn leg(a: Coord, b: Coord) -> f64 {
    let lat = f64::midpoint(f64::from(a.lat), f64::from(b.lat)) / 1e7;
    let east = (f64::from(b.lon) - f64::from(a.lon)) * lat.to_radians().cos();
    east.hypot(f64::from(b.lat) - f64::from(a.lat))
}

fn length(line: &Run<'_>) -> f64 {
    line.clone().legs().map(|(a, b)| leg(a, b)).sum()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "between two coordinates, which are i32"
)]
fn middle(line: &Run<'_>) -> Option<Coord> {
    let mut left = length(line) / 2.0;
    for (a, b) in line.clone().legs() {
        let long = leg(a, b);
        if left <= long {
            let share = if long > 0.0 { left / long } else { 0.0 };
            let part = |a: i32, b: i32| {
                let step = f64::from(b) - f64::from(a);
                (f64::from(a) + step * share).round() as i32
            };
            return Some(Coord {
                lon: part(a.lon, b.lon),
                lat: part(a.lat, b.lat),
            });
        }
        left -= long;
    }
    line.clone().last()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ring(corners: &[(i32, i32)]) -> Vec<Coord> {
        corners
            .iter()
            .map(|&(lon, lat)| Coord { lon, lat })
            .collect()
    }

    #[test]
    fn the_label_of_a_horseshoe_stands_on_its_iron() {
        let shoe = [
            (0, 0),
            (90, 0),
            (90, 90),
            (70, 90),
            (70, 20),
            (20, 20),
            (20, 90),
            (0, 90),
        ];
        let geometry = Geometry::polygons([vec![ring(&shoe)]]).unwrap();
        let (at, _) = inside(&geometry).unwrap();
        assert_eq!(
            (at, geometry.side(at)),
            (Coord { lon: 45, lat: 11 }, Side::Inside)
        );
    }

    #[test]
    fn the_largest_part_bears_the_label_and_a_hole_does_not() {
        let square =
            |low: i32, high: i32| ring(&[(low, low), (high, low), (high, high), (low, high)]);
        let parts = [vec![square(0, 10)], vec![square(20, 100), square(40, 80)]];
        let geometry = Geometry::polygons(parts).unwrap();
        let (at, bounds) = inside(&geometry).unwrap();
        assert_eq!((bounds.min.lon, geometry.side(at)), (20, Side::Inside));
    }

    #[test]
    fn the_middle_of_a_line_is_half_way_along_its_longest_part() {
        let lines = [ring(&[(0, 0), (9, 0)]), ring(&[(0, 0), (0, 100), (0, 60)])];
        let geometry = Geometry::lines(lines).unwrap();
        assert_eq!(inside(&geometry).unwrap().0, Coord { lon: 0, lat: 70 });
    }

    proptest! {
        #[test]
        fn the_label_is_never_outside_of_its_polygon_however_crooked_that_is(
            corners in prop::collection::vec((-40..40_i32, -40..40_i32), 3..24),
            scale in prop_oneof![Just(1), Just(7), Just(20_000_000)],
        ) {
            let corners: Vec<_> = corners.into_iter().map(|(lon, lat)| (lon * scale, lat * scale)).collect();
            let Ok(geometry) = Geometry::polygons([vec![ring(&corners)]]) else { return Ok(()) };
            let (at, _) = inside(&geometry).unwrap();
            prop_assert_ne!(geometry.side(at), Side::Outside, "{:?} of {:?}", at, geometry);
        }
    }
}
