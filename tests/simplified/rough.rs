//! A coverage as rough as can be: patches that grew at random on a board of squares, whose corners are then moved.
//!
//! Borders run along squares, so patches wind around each other, one square apart; no border crosses another.

use std::collections::HashMap;

use wangge::model::{Coord, Geometry};

use crate::national_coverage::Dice;

/// A corner of squares, or a square by its south-western corner.
type Corner = (i32, i32);

/// The sides of squares that go on from a corner.
type Ways = HashMap<Corner, Vec<Corner>>;

/// Takes the way on from a corner that turns left most: around the same square.
fn take_left(ways: &mut Ways, before: Corner, at: Corner) -> Option<Corner> {
    let open = ways.get_mut(&at)?;
    let left = (at.0 - (at.1 - before.1), at.1 + (at.0 - before.0));
    let number = open.iter().position(|&to| to == left).unwrap_or(0);
    let to = open.swap_remove(number);
    if open.is_empty() {
        ways.remove(&at);
    }
    Some(to)
}

/// The patch of each square.
pub(super) struct Board {
    side: i32,
    patches: Vec<u32>,
    /// How many lattice steps a square is wide.
    step: i32,
    seed: u64,
}

impl Board {
    /// A board of so many squares a side, with so many patches.
    pub(super) fn grown(side: i32, count: u32, step: i32, seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let squares = side.unsigned_abs().pow(2);
        let mut patches = vec![u32::MAX; squares as usize];
        let mut open: Vec<(u32, u32)> = (0..count)
            .map(|patch| (dice.below(squares), patch))
            .collect();
        while !open.is_empty() {
            let at = dice.below(u32::try_from(open.len()).unwrap());
            let (square, patch) = open.swap_remove(at as usize);
            if patches[square as usize] != u32::MAX {
                continue;
            }
            patches[square as usize] = patch;
            let (x, y) = (square.cast_signed() % side, square.cast_signed() / side);
            for (x, y) in [(x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)] {
                if (0..side).contains(&x) && (0..side).contains(&y) {
                    open.push(((y * side + x).unsigned_abs(), patch));
                }
            }
        }
        let mut board = Self {
            side,
            patches,
            step,
            seed,
        };
        while board.mend() {}
        board
    }

    /// Takes away what touches itself at a corner only; answers whether there was such a place.
    fn mend(&mut self) -> bool {
        let mut is_mended = false;
        for at in 0..(self.side - 1) * self.side {
            let at = at.unsigned_abs() as usize;
            let side = self.side.unsigned_abs() as usize;
            if at % side == side - 1 {
                continue;
            }
            let [a, b, c, d] = [at, at + 1, at + side, at + side + 1].map(|at| self.patches[at]);
            if (a == d || b == c) && (a != b && a != c || d != b && d != c) {
                self.patches[at + 1] = a;
                self.patches[at + side] = a;
                self.patches[at + side + 1] = a;
                is_mended = true;
            }
        }
        is_mended
    }

    fn patch(&self, (x, y): Corner, group: u32) -> Option<u32> {
        let inside = (0..self.side).contains(&x) && (0..self.side).contains(&y);
        inside.then(|| self.patches[(y * self.side + x).unsigned_abs() as usize] / group)
    }

    /// Where a corner lies.
    fn coord(&self, (x, y): Corner) -> Coord {
        let mut dice = Dice::new(
            self.seed ^ (u64::from(x.unsigned_abs()) << 32 | u64::from(y.unsigned_abs())),
        );
        let mut moved = |at: i32| {
            let by =
                dice.below(self.step.unsigned_abs() * 3 / 5).cast_signed() - self.step * 3 / 10;
            at * self.step + by
        };
        Coord {
            lon: 1_047_000_000 + moved(x),
            lat: 284_000_000 + moved(y),
        }
    }

    /// The polygons of all patches, so many of them in one.
    pub(super) fn polygons(&self, group: u32) -> Vec<Geometry> {
        let mut ways: HashMap<u32, Ways> = HashMap::new();
        for y in 0..self.side {
            for x in 0..self.side {
                let own = self.patch((x, y), group).unwrap();
                let sides = [
                    ((x, y - 1), (x, y), (x + 1, y)),
                    ((x + 1, y), (x + 1, y), (x + 1, y + 1)),
                    ((x, y + 1), (x + 1, y + 1), (x, y + 1)),
                    ((x - 1, y), (x, y + 1), (x, y)),
                ];
                for (beyond, from, to) in sides {
                    if self.patch(beyond, group) != Some(own) {
                        ways.entry(own)
                            .or_default()
                            .entry(from)
                            .or_default()
                            .push(to);
                    }
                }
            }
        }
        let mut ways: Vec<(u32, Ways)> = ways.into_iter().collect();
        ways.sort_unstable_by_key(|(patch, _)| *patch);
        ways.into_iter()
            .filter_map(|(_, ways)| self.polygon(ways))
            .collect()
    }

    fn polygon(&self, mut ways: Ways) -> Option<Geometry> {
        let mut rings = Vec::new();
        while let Some(&start) = ways.keys().min() {
            let mut ring = Vec::new();
            let (mut before, mut at) = (start, start);
            while let Some(next) = take_left(&mut ways, before, at) {
                ring.push(self.coord(at));
                (before, at) = (at, next);
            }
            rings.push(ring);
        }
        let area = |ring: &Vec<Coord>| wangge::model::doubled_area(ring);
        let (outer, holes): (Vec<_>, Vec<_>) = rings.into_iter().partition(|ring| area(ring) > 0);
        let mut parts: Vec<Vec<Vec<Coord>>> = outer.into_iter().map(|ring| vec![ring]).collect();
        for hole in holes {
            // The smallest ring around it.
            let around = parts
                .iter_mut()
                .filter(|part| crate::simplified::holds(&part[0], hole[0]));
            around.min_by_key(|part| area(&part[0]))?.push(hole);
        }
        Geometry::polygons(parts).ok()
    }
}
