//! The edges of a cell, linked to chains.

use crate::model::Coord;

use super::plane::{Edge, from_west};

/// Runs of edges of the same step, each edge beginning where the one before ends.
#[derive(Debug, Default)]
pub(super) struct Chains {
    pub steps: Vec<i32>,
    /// The most that crossing the chains can add to the cover: one turn around a point takes three edges at least.
    pub cover: i32,
    /// End in the vertices of each chain.
    ends: Vec<usize>,
    pub vertices: Vec<Coord>,
}

impl Chains {
    /// Links edges in their order, in the memory of what was linked before.
    ///
    /// `foot` closes a chain that begins or ends west of the cell at a height within it: an upright edge from there down to the
    /// foot, west of all points of the cell and below them, so that the base value is one for all heights.
    pub(super) fn link(
        &mut self,
        edges: impl Iterator<Item = Edge>,
        foot: impl Fn(Coord) -> Option<Coord>,
    ) {
        self.steps.clear();
        self.ends.clear();
        self.vertices.clear();
        self.cover = 0;
        let mut last: Option<Edge> = None;
        let mut length = 0;
        for edge in edges {
            let goes_on = last.is_some_and(|last| {
                last.b == edge.a && (last.step, last.cover) == (edge.step, edge.cover)
            });
            if !goes_on {
                if let Some(last) = last {
                    self.close(foot(last.b));
                }
                self.steps.push(edge.step);
                length = 0;
                self.vertices.extend(foot(edge.a));
                self.vertices.push(edge.a);
            }
            if length % 3 == 0 {
                self.cover += edge.cover.abs();
            }
            length += 1;
            self.vertices.push(edge.b);
            last = Some(edge);
        }
        if let Some(last) = last {
            self.close(foot(last.b));
        }
    }

    fn close(&mut self, foot: Option<Coord>) {
        self.vertices.extend(foot);
        self.ends.push(self.vertices.len());
    }

    /// The step of each chain and where its vertices are.
    pub(super) fn spans(&self) -> impl Iterator<Item = (i32, std::ops::Range<usize>)> + Clone {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let spans = starts.zip(&self.ends).map(|(start, &end)| start..end);
        self.steps.iter().copied().zip(spans)
    }

    /// What crossing the chains on the way from the far west to `p` adds to the value.
    pub(super) fn sum_from_west(&self, p: Coord) -> i32 {
        let mut sum = 0i32;
        for (step, span) in self.spans() {
            for &[a, b] in self.vertices[span].array_windows() {
                sum = sum.wrapping_add(step.wrapping_mul(from_west(a, b, p)));
            }
        }
        sum
    }
}
