//! Where a feature counts.

use crate::model::{Coord, Geometry, GeometryKind, Run, Side};
use crate::query::inner::inner_point;

/// One place of the feature: of points the first; of a line the place halfway along its longest piece; of a polygon the middle
/// of its box where that is inside, else some point that is. So each grid of a level counts in itself.
pub(super) fn place(geometry: &Geometry) -> Option<Coord> {
    match geometry.kind() {
        GeometryKind::Point => geometry.coords().next(),
        GeometryKind::Line => halfway(geometry),
        GeometryKind::Polygon => {
            let bounds = geometry.bounds();
            let middle = Coord {
                lon: bounds.min.lon.midpoint(bounds.max.lon),
                lat: bounds.min.lat.midpoint(bounds.max.lat),
            };
            let is_inside = geometry.side(middle) == Side::Inside;
            let inner = (!is_inside).then(|| inner_point(geometry)).flatten();
            Some(inner.unwrap_or(middle))
        }
    }
}

fn halfway(line: &Geometry) -> Option<Coord> {
    let pieces = line.runs().map(|piece| {
        let length: f64 = edges(piece.clone())
            .map(|(from, to)| length(from, to))
            .sum();
        (piece, length)
    });
    // Of equally long ones the first.
    let (piece, length_of_all) = pieces.reduce(|a, b| if b.1 > a.1 { b } else { a })?;
    let mut left = length_of_all / 2.0;
    for (from, to) in edges(piece.clone()) {
        let step = length(from, to);
        if step > 0.0 && step >= left {
            return Some(between(from, to, left / step));
        }
        left -= step;
    }
    piece.last()
}

fn edges(piece: Run<'_>) -> impl Iterator<Item = (Coord, Coord)> {
    piece.clone().zip(piece.skip(1))
}

/// In steps of latitude, on ground that is flat along the edge.
fn length(from: Coord, to: Coord) -> f64 {
    let middle = f64::midpoint(from.degrees().lat, to.degrees().lat);
    let east = (f64::from(to.lon) - f64::from(from.lon)) * middle.to_radians().cos();
    east.hypot(f64::from(to.lat) - f64::from(from.lat))
}

/// At a share of the way, from 0 to 1.
fn between(from: Coord, to: Coord, share: f64) -> Coord {
    #[expect(clippy::cast_possible_truncation, reason = "between two that fit")]
    let along = |a: i32, b: i32| {
        let (a, b) = (f64::from(a), f64::from(b));
        (a + (b - a) * share).round() as i32
    };
    Coord {
        lon: along(from.lon, to.lon),
        lat: along(from.lat, to.lat),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(pieces: &[&[(i32, i32)]]) -> Option<(i32, i32)> {
        let coord = |&(lon, lat): &(i32, i32)| Coord { lon, lat };
        let pieces = pieces.iter().map(|piece| piece.iter().map(coord).collect());
        let found = place(&Geometry::lines(pieces).unwrap())?;
        Some((found.lon, found.lat))
    }

    #[test]
    fn a_line_counts_halfway_along_it_wherever_its_vertices_are() {
        assert_eq!(line(&[&[(0, 0), (1000, 0)]]), Some((500, 0)));
        let crowded = [(0, 0), (10, 0), (20, 0), (30, 0), (1000, 0)];
        assert_eq!(line(&[&crowded]), Some((500, 0)));
        assert_eq!(line(&[&[(0, 0), (0, 100), (100, 100)]]), Some((0, 100)));
        // To and fro.
        assert_eq!(line(&[&[(0, 0), (100, 0), (0, 0)]]), Some((100, 0)));
    }

    #[test]
    fn of_several_pieces_the_longest_counts_and_a_degree_of_longitude_is_short_in_the_north() {
        let short: &[(i32, i32)] = &[(0, 0), (10, 0), (20, 0), (30, 0)];
        assert_eq!(line(&[short, &[(0, 500), (1000, 500)]]), Some((500, 500)));
        // At 60° a step east is half as long as one north.
        let (south, north) = (600_000_000, 600_100_000);
        let east = 200_000;
        let bent = [(0, north), (0, south), (east, south)];
        let (lon, lat) = line(&[&bent]).unwrap();
        assert!(lon.abs() < 100 && (lat - south).abs() < 100, "{lon} {lat}");
    }
}
