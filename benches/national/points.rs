//! Points to ask about: everywhere alike, crowded around towns, and exactly on borders.

use wangge::model::{Bounds, Coord};

use super::border::steps;
use super::{Dice, LEAF, National};

/// How far from its town's centre a point usually is, sides of a leaf.
const SPREAD: f64 = 4.0;
/// Leaves that have a town.
const LEAVES_OF_A_TOWN: usize = 2000;

/// A lattice point between two, both included.
fn between(dice: &mut Dice, low: i32, high: i32) -> i32 {
    low.saturating_add_unsigned(dice.below(low.abs_diff(high) + 1))
}

fn anywhere(dice: &mut Dice, Bounds { min, max }: Bounds) -> Coord {
    Coord {
        lon: between(dice, min.lon, max.lon),
        lat: between(dice, min.lat, max.lat),
    }
}

/// How many lattice points an edge has after its first.
fn points_of(a: Coord, b: Coord) -> u32 {
    let (mut x, mut y) = (a.lon.abs_diff(b.lon), a.lat.abs_diff(b.lat));
    while y > 0 {
        (x, y) = (y, x % y);
    }
    x
}

/// The n-th lattice point of an edge.
fn nth_of(a: Coord, b: Coord, n: u32) -> Coord {
    let place = |from: i32, to: i32| {
        let step = (i64::from(to) - i64::from(from)) / i64::from(points_of(a, b).max(1));
        let place = i64::from(from) + step * i64::from(n);
        i32::try_from(place).expect("between two places")
    };
    Coord {
        lon: place(a.lon, b.lon),
        lat: place(a.lat, b.lat),
    }
}

/// A lattice point exactly on an edge, its ends included.
pub(crate) fn on_edge(dice: &mut Dice, a: Coord, b: Coord) -> Coord {
    nth_of(a, b, dice.below(points_of(a, b) + 1))
}

impl National {
    /// Points spread evenly over the lattice's box.
    pub(crate) fn uniform(self, count: usize, seed: u64) -> Vec<Coord> {
        let (mut dice, bounds) = (Dice::new(seed), self.bounds());
        (0..count).map(|_| anywhere(&mut dice, bounds)).collect()
    }

    /// Points around towns, as people are: some towns have many, most few.
    pub(crate) fn clustered(self, count: usize, seed: u64) -> Vec<Coord> {
        let (mut dice, bounds) = (Dice::new(seed), self.bounds());
        let towns: Vec<Coord> = (0..=self.count(LEAF) / LEAVES_OF_A_TOWN)
            .map(|_| anywhere(&mut dice, bounds))
            .collect();
        let spread = SPREAD * f64::from(self.corners.side);
        let point = |_| {
            let last = f64::from(u32::try_from(towns.len()).unwrap_or(u32::MAX)) - 1.0;
            let town = steps(last * dice.unit().powi(3)).unsigned_abs();
            let center = towns[town as usize];
            let mut place = |center: i32, low: i32, high: i32| {
                steps(f64::from(center) + spread * dice.normal()).clamp(low, high)
            };
            Coord {
                lon: place(center.lon, bounds.min.lon, bounds.max.lon),
                lat: place(center.lat, bounds.min.lat, bounds.max.lat),
            }
        };
        (0..count).map(point).collect()
    }

    /// Vertices of leaves.
    pub(crate) fn on_vertices(self, count: usize, seed: u64) -> Vec<Coord> {
        let mut dice = Dice::new(seed);
        (0..count).map(|_| self.edge(&mut dice).0).collect()
    }

    /// Lattice points of leaves' edges that are no vertices.
    pub(crate) fn on_edges(self, count: usize, seed: u64) -> Vec<Coord> {
        let mut dice = Dice::new(seed);
        let mut points = Vec::with_capacity(count);
        while points.len() < count {
            let (a, b) = self.edge(&mut dice);
            let parts = points_of(a, b);
            if parts > 1 {
                points.push(nth_of(a, b, 1 + dice.below(parts - 1)));
            }
        }
        points
    }

    /// An edge of some leaf.
    fn edge(self, dice: &mut Dice) -> (Coord, Coord) {
        let cell = (dice.below(self.columns), dice.below(self.rows));
        let ring = self.ring(LEAF, cell);
        let count = u32::try_from(ring.len()).unwrap_or(u32::MAX);
        let first = dice.below(count) as usize;
        (ring[first], ring[(first + 1) % ring.len()])
    }
}
