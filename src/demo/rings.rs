//! Directed edges → simple rings → polygons with their holes.

use std::collections::HashMap;

use crate::model::{Coord, Geometry, Side, doubled_area};

/// The polygons that lie to the left of some directed edges, which must close. Where an outline touches itself in a vertex it is
/// split there, so that every ring is simple.
pub(super) fn polygons_of(mut edges: Vec<(Coord, Coord)>) -> Vec<Vec<Vec<Coord>>> {
    edges.sort_unstable();
    let mut used = vec![false; edges.len()];
    let mut polygons: Vec<Vec<Vec<Coord>>> = Vec::new();
    let mut loose: Vec<Vec<Coord>> = Vec::new();
    for start in 0..edges.len() {
        if used[start] {
            continue;
        }
        let loops = split(&walk(&edges, &mut used, start));
        let (outer, holes): (Vec<_>, Vec<_>) =
            loops.into_iter().partition(|ring| doubled_area(ring) > 0);
        match outer.into_iter().next() {
            Some(outer) => polygons.push([vec![outer], holes].concat()),
            None => loose.extend(holes),
        }
    }
    for hole in loose {
        if let Some(index) = holder(&polygons, &hole) {
            polygons[index].push(hole);
        }
    }
    polygons
}

/// Follows the outline of one connected interior from an edge back to it; the vertices on the way.
fn walk(edges: &[(Coord, Coord)], used: &mut [bool], start: usize) -> Vec<Coord> {
    let mut path = Vec::new();
    let mut at = start;
    loop {
        used[at] = true;
        let (from, to) = edges[at];
        path.push(from);
        let first = edges.partition_point(|edge| edge.0 < to);
        let next = (first..edges.len())
            .take_while(|&index| edges[index].0 == to)
            .filter(|&index| !used[index] || index == start)
            .min_by(|&a, &b| clockwise(from, to, edges[a].1, edges[b].1));
        match next {
            Some(next) if next != start => at = next,
            _ => return path,
        }
    }
}

/// Which of two ways on from `at` comes first, turning clockwise from the way back: the interior lies between.
fn clockwise(back: Coord, at: Coord, a: Coord, b: Coord) -> std::cmp::Ordering {
    let arm = |to: Coord| {
        (
            i128::from(to.lon) - i128::from(at.lon),
            i128::from(to.lat) - i128::from(at.lat),
        )
    };
    let cross = |p: (i128, i128), q: (i128, i128)| p.0 * q.1 - p.1 * q.0;
    let (back, a, b) = (arm(back), arm(a), arm(b));
    let late = |way| {
        let turn = cross(back, way);
        turn > 0 || (turn == 0 && back.0 * way.0 + back.1 * way.1 > 0)
    };
    late(a).cmp(&late(b)).then(cross(a, b).cmp(&0))
}

/// Splits a closed path at the vertices that it visits twice.
fn split(path: &[Coord]) -> Vec<Vec<Coord>> {
    let mut rings = Vec::new();
    let mut open: Vec<Coord> = Vec::new();
    let mut places: HashMap<Coord, usize> = HashMap::new();
    for &at in path.iter().chain(path.first()) {
        if let Some(&place) = places.get(&at) {
            let ring = open.split_off(place);
            for vertex in &ring {
                places.remove(vertex);
            }
            rings.push(ring);
        }
        places.insert(at, open.len());
        open.push(at);
    }
    rings
}

/// The smallest polygon that holds a hole.
fn holder(polygons: &[Vec<Vec<Coord>>], hole: &[Coord]) -> Option<usize> {
    let mut best: Option<(i128, usize)> = None;
    for (index, rings) in polygons.iter().enumerate() {
        let Ok(outer) = Geometry::polygons([vec![rings[0].clone()]]) else {
            continue;
        };
        let area = doubled_area(&rings[0]);
        let smaller = best.is_none_or(|(least, _)| area < least);
        if smaller && hole.iter().any(|&at| outer.side(at) == Side::Inside) {
            best = Some((area, index));
        }
    }
    best.map(|(_, index)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lon: i32, lat: i32) -> Coord {
        Coord { lon, lat }
    }

    /// The edges of a region of unit squares, inner ones cancelled.
    fn outline(squares: &[(i32, i32)]) -> Vec<(Coord, Coord)> {
        let mut edges = Vec::new();
        for &(x, y) in squares {
            let ring = [at(x, y), at(x + 1, y), at(x + 1, y + 1), at(x, y + 1)];
            edges.extend((0..4).map(|index| (ring[index], ring[(index + 1) % 4])));
        }
        let all = edges.clone();
        edges.retain(|&(a, b)| !all.contains(&(b, a)));
        edges
    }

    fn shape(squares: &[(i32, i32)]) -> Vec<usize> {
        let polygons = polygons_of(outline(squares));
        let area: i128 = polygons.iter().flatten().map(doubled_area).sum();
        assert_eq!(area, 2 * squares.len() as i128);
        let mut rings: Vec<usize> = polygons.iter().map(Vec::len).collect();
        rings.sort_unstable();
        rings
    }

    #[test]
    fn two_squares_that_touch_in_a_corner_are_two_polygons() {
        assert_eq!(shape(&[(0, 0), (1, 1)]), [1, 1]);
    }

    #[test]
    fn a_hole_that_touches_the_outer_ring_in_a_corner_is_a_hole() {
        let mut squares = vec![(1, 0), (2, 0), (0, 1), (2, 1), (0, 2), (1, 2), (2, 2)];
        assert_eq!(shape(&squares), [2]);
        squares.push((0, 0));
        assert_eq!(shape(&squares), [2]);
    }

    #[test]
    fn an_island_in_a_hole_is_a_polygon_and_two_holes_that_touch_stay_two() {
        let ring = |low: i32, high: i32| {
            (low..=high)
                .flat_map(move |x| (low..=high).map(move |y| (x, y)))
                .filter(move |&(x, y)| x == low || y == low || x == high || y == high)
        };
        let mut squares: Vec<(i32, i32)> = ring(0, 6).collect();
        squares.push((3, 3));
        assert_eq!(shape(&squares), [1, 2]);
        let squares: Vec<(i32, i32)> = (0..4)
            .flat_map(|x| (0..4).map(move |y| (x, y)))
            .filter(|&square| square != (1, 1) && square != (2, 2))
            .collect();
        assert_eq!(shape(&squares), [3]);
    }
}
