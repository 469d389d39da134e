//! The edges of all grids in an area, with borders that two grids share as one edge.

use crate::model::Coord;

use super::plane::{Area, Edge, from_west};
use super::{Grids, ONE};

/// The value that a grid adds to the faces it covers: one grid more, and its number.
fn value(grid: usize) -> i32 {
    u32::try_from(grid)
        .map_or(ONE, |grid| ONE + grid)
        .cast_signed()
}

/// What lies in an area.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// Each edge once, as the first grid that has it is walked.
    pub edges: Vec<Edge>,
    /// The face value just at the area's south-west corner.
    pub corner: i32,
    /// How many grids cover the corner.
    pub cover: i32,
    /// Slots of the table of edges: 0 where free, else the number of an edge, plus one.
    slots: Vec<u32>,
}

impl Gathered {
    /// Gathers anew, in the memory of what was gathered before.
    pub(super) fn gather(&mut self, grids: &Grids<'_>, area: &Area) {
        self.edges.clear();
        self.slots.clear();
        self.slots.resize(1024, 0);
        (self.corner, self.cover) = (0, 0);
        let corner = area.corner();
        // What lies east, south or north of the area is neither in it nor on the way to its corner.
        let mut from_far_west = area.bounds(0);
        from_far_west.min.lon = i32::MIN;
        for grid in grids.tree.meeting(area.bounds(0)) {
            let Some(geometry) = (grids.geometry)(grid) else {
                continue;
            };
            let mut turns = 0;
            geometry.edges_near(from_far_west).for_each(|(a, b)| {
                if area.may_meet(a, b) {
                    self.add(a, b, value(grid));
                }
                turns += from_west(a, b, corner);
            });
            self.cover += turns;
            self.corner = self.corner.wrapping_add(value(grid).wrapping_mul(turns));
        }
        self.edges.retain(|edge| edge.step != 0 || edge.cover != 0);
    }

    fn add(&mut self, a: Coord, b: Coord, value: i32) {
        let (low, high) = (a.min(b), a.max(b));
        let mask = self.slots.len() - 1;
        let mut slot = hash(low, high) & mask;
        while let Some(known) = (self.slots[slot] as usize).checked_sub(1) {
            let edge = &mut self.edges[known];
            if (edge.a, edge.b) == (a, b) {
                edge.step = edge.step.wrapping_add(value);
                edge.cover += 1;
                return;
            }
            if (edge.a, edge.b) == (b, a) {
                edge.step = edge.step.wrapping_sub(value);
                edge.cover -= 1;
                return;
            }
            slot = (slot + 1) & mask;
        }
        let (step, cover) = (value, 1);
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
