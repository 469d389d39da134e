//! Polygons walked chunk by chunk, where they share their arcs.

use super::super::{Bounds, Coord};
use super::arcs::ArcStep;
use super::record::take_bytes;
use super::run::{Run, Way};
use super::{Form, Geometry};

impl Geometry {
    /// Walks the chunks of all rings that may share a point with a box, and some others: `with` is told the chunk and the
    /// vertex where it is entered, and says where it is left, after how many edges. Nothing is walked where the vertices are the
    /// geometry's own.
    pub fn walk_arcs(
        &self,
        bounds: Bounds,
        mut with: impl FnMut(ArcStep, Coord) -> (Coord, usize),
    ) {
        if matches!(self.0, Form::Shared { .. }) {
            self.runs().for_each(|ring| ring.walk(bounds, &mut with));
        }
    }
}

impl Run<'_> {
    fn walk(self, bounds: Bounds, mut with: impl FnMut(ArcStep, Coord) -> (Coord, usize)) {
        let (Some(first), Way::By(references)) = (self.first(), self.way) else {
            return;
        };
        let mut walk = |mut at: Coord, edges: usize, offset: usize| {
            let mut references = references.get(offset..).unwrap_or_default();
            let mut left = edges;
            while left > 0 && !references.is_empty() {
                let walked;
                let step = u32::from_le_bytes(take_bytes(&mut references));
                (at, walked) = with(ArcStep(step), at);
                left = left.saturating_sub(walked.max(1));
            }
        };
        if self.groups.is_empty() {
            return walk(first, self.len(), 0);
        }
        let mut groups = self.groups;
        while let Some(group) = groups.next_near(bounds) {
            walk(group.first, group.steps, group.offset);
        }
    }
}
