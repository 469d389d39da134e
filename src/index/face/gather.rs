//! The edges of all grids in an area, with borders that two grids share as one edge.

use crate::model::{Backward, Bounds, Coord, Geometry};

use super::legs::Legs;
use super::plane::{Area, Edge, from_west};
use super::{Grids, ONE};

/// The outline of a box, its inside on the left.
fn outline(bounds: Bounds) -> [(Coord, Coord); 4] {
    let Bounds { min, max } = bounds;
    let (south_east, north_west) = (
        Coord {
            lon: max.lon,
            ..min
        },
        Coord {
            lon: min.lon,
            ..max
        },
    );
    [
        (min, south_east),
        (south_east, max),
        (max, north_west),
        (north_west, min),
    ]
}

/// What a grid adds to the faces that it covers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cover {
    pub value: i32,
    /// By how many grids.
    pub times: i32,
}

impl Cover {
    /// Adds another one so many times.
    pub(super) fn add(&mut self, other: Self, times: i32) {
        self.value = self.value.wrapping_add(other.value.wrapping_mul(times));
        self.times += other.times * times;
    }

    pub(super) fn once(grid: usize) -> Self {
        let value = u32::try_from(grid).map_or(ONE, |grid| ONE + grid);
        Self {
            value: value.cast_signed(),
            times: 1,
        }
    }

    /// By two grids, whichever they are.
    const TWICE: Self = Self {
        value: (2 * ONE).cast_signed(),
        times: 2,
    };

    /// By two grids, and by this one so often as makes up for its winding backward.
    fn backward(grid: usize, times: u32) -> Self {
        let (once, times) = (Self::once(grid), times.cast_signed());
        let value = once.value.wrapping_mul(times);
        Self {
            value: value.wrapping_add(Self::TWICE.value),
            times: times + Self::TWICE.times,
        }
    }
}

/// The edges in an area that a grid walks both ways: they change nothing, but a point on them is on its border.
fn to_and_fro(geometry: &Geometry, area: &Area) -> Vec<Edge> {
    let near = geometry.edges_near(area.bounds(0));
    let near = near.filter(|&(a, b)| area.may_meet(a, b));
    let mut near: Vec<(Coord, Coord)> = near.map(|(a, b)| (a.min(b), a.max(b))).collect();
    near.sort_unstable();
    let same = near.chunk_by(|one, other| one == other);
    same.filter(|same| same.len() > 1)
        .map(|same| Edge {
            a: same[0].0,
            b: same[0].1,
            step: 0,
            cover: 0,
        })
        .collect()
}

/// What lies in an area.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// Each edge once, as the first grid that has it is walked; those that change nothing only where they are a border all the
    /// same: where one grid goes to and fro on them.
    pub edges: Vec<Edge>,
    /// The face value just at the area's south-west corner.
    pub corner: i32,
    /// How many grids cover the corner.
    pub cover: i32,
    /// Slots of the table of edges: 0 where free, else the number of an edge, plus one.
    slots: Vec<u32>,
    legs: Legs,
}

impl Gathered {
    /// Gathers anew, in the memory of what was gathered before.
    pub(super) fn gather(&mut self, grids: &Grids<'_>, area: &Area) {
        self.edges.clear();
        if let Some(corner) = self.legs.gather(grids, area, &mut self.edges) {
            (self.corner, self.cover) = (corner.value, corner.times);
            return;
        }
        self.slots.clear();
        self.slots.resize(1024, 0);
        (self.corner, self.cover) = (0, 0);
        // What lies east, south or north of the area is neither in it nor on the way to its corner.
        let mut from_far_west = area.bounds(0);
        from_far_west.min.lon = i32::MIN;
        let mut kept = Vec::new();
        for grid in grids.tree.meeting(area.bounds(0)) {
            match (grids.geometry)(grid) {
                Some(geometry) if geometry.is_crooked() => {
                    let Some(backward) = grids.backward(grid, geometry) else {
                        // Sums of its own edges would be wrong: all of its box is to be asked.
                        self.cover(geometry.bounds(), area, Cover::TWICE, &mut kept);
                        continue;
                    };
                    self.walk(geometry.edges_near(from_far_west), area, Cover::once(grid));
                    kept.extend(to_and_fro(geometry, area));
                    for Backward { bounds, times } in backward.iter().copied() {
                        if bounds.meets(from_far_west) {
                            let by = Cover::backward(grid, times);
                            self.cover(bounds, area, by, &mut kept);
                        }
                    }
                }
                Some(geometry) => {
                    self.walk(geometry.edges_near(from_far_west), area, Cover::once(grid));
                    if geometry.goes_to_and_fro() {
                        kept.extend(to_and_fro(geometry, area));
                    }
                }
                None => {}
            }
        }
        self.edges.retain(|edge| edge.step != 0 || edge.cover != 0);
        self.edges.extend(kept);
    }

    /// Walks around a grid.
    fn walk(&mut self, edges: impl Iterator<Item = (Coord, Coord)>, area: &Area, by: Cover) {
        let corner = area.corner();
        let mut turns = 0;
        edges.for_each(|(a, b)| {
            if area.may_meet(a, b) {
                self.add(a, b, by);
            }
            turns += from_west(a, b, corner);
        });
        self.turn(turns, by);
    }

    /// Walks around a box whose edges no others may take away.
    fn cover(&mut self, bounds: Bounds, area: &Area, by: Cover, kept: &mut Vec<Edge>) {
        let outline = outline(bounds);
        let corner = area.corner();
        let turns: i32 = outline.iter().map(|&(a, b)| from_west(a, b, corner)).sum();
        self.turn(turns, by);
        let edges = outline.into_iter().filter(|&(a, b)| area.may_meet(a, b));
        kept.extend(edges.map(|(a, b)| Edge {
            a,
            b,
            step: by.value,
            cover: by.times,
        }));
    }

    /// What winds so often around the corner covers it.
    fn turn(&mut self, turns: i32, by: Cover) {
        self.cover += by.times * turns;
        self.corner = self.corner.wrapping_add(by.value.wrapping_mul(turns));
    }

    fn add(&mut self, a: Coord, b: Coord, by: Cover) {
        let (low, high) = (a.min(b), a.max(b));
        let mask = self.slots.len() - 1;
        let mut slot = hash(low, high) & mask;
        while let Some(known) = (self.slots[slot] as usize).checked_sub(1) {
            let edge = &mut self.edges[known];
            if (edge.a, edge.b) == (a, b) {
                edge.step = edge.step.wrapping_add(by.value);
                edge.cover += by.times;
            } else if (edge.a, edge.b) == (b, a) {
                edge.step = edge.step.wrapping_sub(by.value);
                edge.cover -= by.times;
            } else {
                slot = (slot + 1) & mask;
                continue;
            }
            return;
        }
        let (step, cover) = (by.value, by.times);
        self.edges.push(Edge { a, b, step, cover });
        self.slots[slot] =
            u32::try_from(self.edges.len()).expect("fewer than 2^32 edges in a tile");
        if self.edges.len() * 2 > self.slots.len() {
            self.grow();
        }
    }

    fn grow(&mut self) {
        let size = self.slots.len() * 4;
        self.slots.clear();
        self.slots.resize(size, 0);
        for (number, edge) in (1..).zip(&self.edges) {
            let (low, high) = (edge.a.min(edge.b), edge.a.max(edge.b));
            let mut slot = hash(low, high) & (size - 1);
            while self.slots[slot] != 0 {
                slot = (slot + 1) & (size - 1);
            }
            self.slots[slot] = number;
        }
    }
}

/// Spreads edges over slots; good in its low bits.
fn hash(low: Coord, high: Coord) -> usize {
    let word =
        |at: Coord| u64::from(at.lon.cast_unsigned()) << 32 | u64::from(at.lat.cast_unsigned());
    let mixed = (word(low) ^ word(high).rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    usize::try_from((mixed ^ mixed >> 32) & u64::from(u32::MAX)).unwrap_or(0)
}
