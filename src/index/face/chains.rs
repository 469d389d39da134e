//! The edges of a cell, linked to chains.

use crate::model::Coord;

use super::plane::{Edge, from_west, spans_height};

/// Runs of edges of the same step, each edge beginning where the one before ends.
#[derive(Debug, Default)]
pub(super) struct Chains {
    pub steps: Vec<i32>,
    /// The most that crossing the chains can add to the cover: one turn around a point takes three edges at least.
    pub cover: i32,
    /// What crossing the chains on the way from the far west to the start adds to the value.
    pub from_west: i32,
    /// End in the vertices of each chain.
    ends: Vec<usize>,
    pub vertices: Vec<Coord>,
}

impl Chains {
    /// Links edges in their order, in the memory of what was linked before.
    ///
    /// `foot` closes a chain that begins or ends west of the cell at a height within it: an upright edge from there down to the
    /// foot, west of all points of the cell and below them, so that the base value is one for all heights. `start`: where the
    /// way to the cell begins.
    pub(super) fn link(
        &mut self,
        edges: &[Edge],
        start: Coord,
        foot: impl Fn(Coord) -> Option<Coord>,
    ) {
        self.steps.clear();
        self.ends.clear();
        self.vertices.clear();
        self.cover = 0;
        self.from_west = 0;
        let mut last: Option<&Edge> = None;
        let mut length = 0;
        for edge in edges {
            let goes_on = last.is_some_and(|last| {
                last.b == edge.a && (last.step, last.cover) == (edge.step, edge.cover)
            });
            if !goes_on {
                if let Some(last) = last {
                    self.close(last, start, foot(last.b));
                }
                self.steps.push(edge.step);
                length = 0;
                if let Some(foot) = foot(edge.a) {
                    self.vertices.push(foot);
                    self.cross(edge.step, foot, edge.a, start);
                }
                self.vertices.push(edge.a);
            }
            self.cross(edge.step, edge.a, edge.b, start);
            if length % 3 == 0 {
                self.cover += edge.cover.abs();
            }
            length += 1;
            self.vertices.push(edge.b);
            last = Some(edge);
        }
        if let Some(last) = last {
            self.close(last, start, foot(last.b));
        }
    }

    fn close(&mut self, last: &Edge, start: Coord, foot: Option<Coord>) {
        if let Some(foot) = foot {
            self.vertices.push(foot);
            self.cross(last.step, last.b, foot, start);
        }
        self.ends.push(self.vertices.len());
    }

    #[inline(always)]
    fn cross(&mut self, step: i32, a: Coord, b: Coord, start: Coord) {
        // Few do.
        if spans_height(a, b, start) {
            let by = step.wrapping_mul(from_west(a, b, start));
            self.from_west = self.from_west.wrapping_add(by);
        }
    }

    /// The step of each chain and where its vertices are.
    pub(super) fn spans(&self) -> impl Iterator<Item = (i32, std::ops::Range<usize>)> + Clone {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let spans = starts.zip(&self.ends).map(|(start, &end)| start..end);
        self.steps.iter().copied().zip(spans)
    }
}
