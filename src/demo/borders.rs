//! Voronoi borders between seeds, made crooked like brooks and ridges, or left straight like roads.

use spade::handles::VoronoiVertex::Inner;
use spade::{DelaunayTriangulation, Point2, Triangulation};

use crate::model::Coord;

use super::dice::Dice;
use super::plane::{Plane, Spot, float};

/// How crooked borders are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Crook {
    /// Share of the borders that are crooked; the others are straight. 0 to 1.
    pub(super) share: f64,
    /// Length of the pieces that a crooked border is halved into, metres.
    pub(super) piece: f64,
}

/// A crooked border keeps this far within the kite of its two seeds and its two ends. Kites of different borders do not
/// overlap, so no two borders cross.
const KEEP: f64 = 0.55;
/// Sidestep of a midpoint, as a share of the length of its piece.
const STEP: f64 = 0.3;
/// Times a border is halved at most: 32 pieces.
const HALVINGS: u32 = 5;

/// The borders between the cells of all seeds, as polylines on the lattice; those that end at the same corner share that vertex.
///
/// `None` where a seed is no finite number.
pub(super) fn borders(
    seeds: &[Spot],
    plane: &Plane,
    crook: Crook,
    dice: &mut Dice,
) -> Option<Vec<Vec<Coord>>> {
    let points = seeds.iter().copied().chain(frame(seeds));
    let points = points.map(|spot| Point2::new(spot.x, spot.y)).collect();
    let mesh: DelaunayTriangulation<Point2<f64>> =
        DelaunayTriangulation::bulk_load_stable(points).ok()?;
    let mut lines = Vec::new();
    for edge in mesh.undirected_voronoi_edges() {
        let [Inner(a), Inner(b)] = edge.vertices() else {
            continue;
        };
        let [seed, _] = edge.as_delaunay_edge().vertices();
        let spot = |point: Point2<f64>| Spot::new(point.x, point.y);
        let (from, to) = (spot(a.circumcenter()), spot(b.circumcenter()));
        let line = crooked(from, to, spot(seed.position()), crook, dice);
        let mut line: Vec<Coord> = line.into_iter().map(|spot| plane.coord(spot)).collect();
        line.dedup();
        if line.len() > 1 {
            lines.push(line);
        }
    }
    Some(lines)
}

/// Seeds far around, so that every border of a real cell has two ends.
fn frame(seeds: &[Spot]) -> Vec<Spot> {
    let over = |of: fn(&Spot) -> f64| {
        let low = seeds.iter().map(of).fold(f64::INFINITY, f64::min);
        let high = seeds.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
        (f64::midpoint(low, high), (high - low).max(1.0))
    };
    let ((x, width), (y, height)) = (over(|s| s.x), over(|s| s.y));
    let reach = 3.0 * width.max(height);
    [
        (-1.0, -1.0),
        (0.0, -1.1),
        (1.0, -1.0),
        (1.1, 0.0),
        (1.0, 1.0),
        (0.0, 1.1),
        (-1.0, 1.0),
        (-1.1, 0.0),
    ]
    .map(|(dx, dy)| Spot::new(x + dx * reach, y + dy * reach))
    .to_vec()
}

/// The line from one corner to the other, with its inner vertices moved sideways within the kite.
fn crooked(from: Spot, to: Spot, seed: Spot, crook: Crook, dice: &mut Dice) -> Vec<Spot> {
    let length = from.apart(to).sqrt();
    let mut pieces = 1_usize;
    if dice.unit() < crook.share {
        let mut rest = length;
        while rest > crook.piece && pieces < 1 << HALVINGS {
            pieces *= 2;
            rest /= 2.0;
        }
    }
    let mut sidesteps = vec![0.0; pieces + 1];
    halve(&mut sidesteps, length, dice);
    let along = to.minus(from);
    let across = Spot::new(-along.y / length, along.x / length);
    let share = 1.0 / float(pieces);
    (0..=pieces)
        .map(|index| {
            let t = float(index) * share;
            let room = KEEP * kite(from, to, seed, t);
            let step = sidesteps[index].clamp(-room, room);
            from.moved(along, t).moved(across, step)
        })
        .collect()
}

/// Midpoint displacement: each inner point gets the mean of its neighbours and a sidestep of its own.
fn halve(sidesteps: &mut [f64], length: f64, dice: &mut Dice) {
    let last = sidesteps.len() - 1;
    if last < 2 {
        return;
    }
    let middle = last / 2;
    sidesteps[middle] =
        f64::midpoint(sidesteps[0], sidesteps[last]) + dice.between(-STEP, STEP) * length;
    halve(&mut sidesteps[..=middle], length / 2.0, dice);
    halve(&mut sidesteps[middle..], length / 2.0, dice);
}

/// Half the width of the kite at the share `t` of the border, metres: the height of the triangle of the ends and the seed.
fn kite(from: Spot, to: Spot, seed: Spot, t: f64) -> f64 {
    let along = to.minus(from);
    let length = along.dot(along).sqrt();
    let arm = seed.minus(from);
    let reach = arm.dot(along) / length;
    let height = (arm.dot(arm) - reach * reach).max(0.0).sqrt();
    let slope = |base: f64, distance: f64| {
        if base > 0.0 {
            distance * height / base
        } else {
            f64::INFINITY
        }
    };
    let (near, far) = (t * length, (1.0 - t) * length);
    slope(reach, near).min(slope(length - reach, far))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crooked_borders_of_random_seeds_never_cross() {
        let mut dice = Dice::named("crossing");
        let seeds: Vec<Spot> = (0..60)
            .map(|_| Spot::new(dice.between(0.0, 5e3), dice.between(0.0, 5e3)))
            .collect();
        let plane = Plane::over(crate::model::Bounds::of(Coord {
            lon: 1_047_000_000,
            lat: 284_000_000,
        }));
        let crook = Crook {
            share: 1.0,
            piece: 40.0,
        };
        let lines = borders(&seeds, &plane, crook, &mut dice).unwrap();
        let edges: Vec<(Coord, Coord)> = lines
            .iter()
            .flat_map(|line| line.windows(2).map(|pair| (pair[0], pair[1])))
            .collect();
        let turn = |a: Coord, b: Coord, p: Coord| {
            let v = |c: Coord| (i128::from(c.lon), i128::from(c.lat));
            let (a, b, p) = (v(a), v(b), v(p));
            ((b.0 - a.0) * (p.1 - a.1) - (b.1 - a.1) * (p.0 - a.0)).signum()
        };
        assert!(edges.len() > 1000, "{}", edges.len());
        for (index, &(a, b)) in edges.iter().enumerate() {
            for &(c, d) in &edges[..index] {
                let cross = turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
                assert!(!cross, "{a:?}-{b:?} crosses {c:?}-{d:?}");
            }
        }
    }
}
