//! The edges in an area of grids that share their arcs: each chunk of an arc is walked once, whoever has it, and an edge need not
//! be looked up.

use std::sync::Arc;

use crate::model::{ArcStep, Arcs, Coord, Geometry};

use super::Grids;
use super::gather::Cover;
use super::plane::{Area, Edge, from_west};

/// A chunk of an arc, as the first grid that has it walks it.
#[derive(Clone, Copy, Debug)]
struct Leg {
    step: ArcStep,
    from: Coord,
    to: Coord,
    edges: usize,
    /// How often the way from the far west to the area's corner crosses it from its right to its left.
    turns: i32,
    /// What the grids on its left have more than those on its right.
    by: Cover,
    /// End of its edges in the area among all.
    end: usize,
}

/// Memory that is used for area after area.
#[derive(Debug, Default)]
pub(super) struct Legs {
    walked: Vec<Leg>,
    /// By a hash of the chunk: 0 where free, else the number of a leg, plus one.
    slots: Vec<u32>,
}

impl Legs {
    /// Adds the edges in an area, and answers with the value and the cover of its corner; `None` where some grid has arcs of its
    /// own, is crooked, or goes to and fro.
    pub(super) fn gather(
        &mut self,
        grids: &Grids<'_>,
        area: &Area,
        edges: &mut Vec<Edge>,
    ) -> Option<Cover> {
        let met = grids.tree.meeting(area.bounds(0));
        let met = met.filter_map(|grid| Some((grid, (grids.geometry)(grid)?)));
        let met: Vec<(usize, &Geometry)> = met.collect();
        let arcs = shared_by(&met)?;
        self.walked.clear();
        self.slots.clear();
        self.slots.resize(1024, 0);
        // What lies east, south or north of the area is neither in it nor on the way to its corner.
        let mut from_far_west = area.bounds(0);
        from_far_west.min.lon = i32::MIN;
        let mut corner = Cover::default();
        for (grid, geometry) in met {
            let by = Cover::once(grid);
            geometry.walk_arcs(from_far_west, |step, from| {
                let leg = self.leg(step, from, arcs, area, edges);
                let is_same = leg.step == step;
                let sign = if is_same { 1 } else { -1 };
                leg.by.add(by, sign);
                corner.add(by, sign * leg.turns);
                (if is_same { leg.to } else { leg.from }, leg.edges)
            });
        }
        self.step(edges);
        Some(corner)
    }

    /// The leg of a chunk; one that is new is walked.
    fn leg(
        &mut self,
        step: ArcStep,
        from: Coord,
        arcs: &Arcs,
        area: &Area,
        edges: &mut Vec<Edge>,
    ) -> &mut Leg {
        let mask = self.slots.len() - 1;
        let mut slot = hash(step) & mask;
        while let Some(known) = (self.slots[slot] as usize).checked_sub(1) {
            if self.walked[known].step.chunk() == step.chunk() {
                return &mut self.walked[known];
            }
            slot = (slot + 1) & mask;
        }
        let number = self.walked.len();
        self.walked.push(Leg::walk(step, from, arcs, area, edges));
        self.slots[slot] = u32::try_from(number + 1).expect("fewer than 2^32 chunks in a tile");
        if self.walked.len() * 2 > self.slots.len() {
            self.grow();
        }
        &mut self.walked[number]
    }

    fn grow(&mut self) {
        let size = self.slots.len() * 4;
        self.slots.clear();
        self.slots.resize(size, 0);
        for (number, leg) in (1..).zip(&self.walked) {
            let mut slot = hash(leg.step) & (size - 1);
            while self.slots[slot] != 0 {
                slot = (slot + 1) & (size - 1);
            }
            self.slots[slot] = number;
        }
    }

    /// Tells the edges their steps, and drops those that change nothing.
    fn step(&self, edges: &mut Vec<Edge>) {
        let (mut kept, mut at) = (0, 0);
        for leg in &self.walked {
            if leg.by != Cover::default() {
                for from in at..leg.end {
                    edges[kept] = Edge {
                        step: leg.by.value,
                        cover: leg.by.times,
                        ..edges[from]
                    };
                    kept += 1;
                }
            }
            at = leg.end;
        }
        edges.truncate(kept);
    }
}

/// The arcs that all grids share, where sums over them are right.
fn shared_by<'a>(met: &[(usize, &'a Geometry)]) -> Option<&'a Arcs> {
    let (_, first) = met.first()?;
    let arcs = first.arcs()?;
    let is_plain = |shape: &Geometry| {
        let is_same = shape.arcs().is_some_and(|own| Arc::ptr_eq(own, arcs));
        is_same && !shape.is_crooked() && !shape.goes_to_and_fro()
    };
    met.iter().all(|(_, shape)| is_plain(shape)).then_some(arcs)
}

impl Leg {
    fn walk(step: ArcStep, from: Coord, arcs: &Arcs, area: &Area, edges: &mut Vec<Edge>) -> Self {
        let corner = area.corner();
        let way = arcs.along(step, from);
        let mut leg = Self {
            step,
            from,
            to: from,
            edges: way.len() - 1,
            turns: 0,
            by: Cover::default(),
            end: 0,
        };
        way.legs().for_each(|(a, b)| {
            if area.may_meet(a, b) {
                edges.push(Edge {
                    a,
                    b,
                    step: 0,
                    cover: 0,
                });
            }
            leg.turns += from_west(a, b, corner);
            leg.to = b;
        });
        leg.end = edges.len();
        leg
    }
}

/// Spreads chunks over slots; good in its low bits.
fn hash(step: ArcStep) -> usize {
    let mixed = u64::from(step.chunk()).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    usize::try_from(mixed >> 32).unwrap_or(0)
}
