//! The vertices of a geometry, one after the other.

use std::iter::FusedIterator;

use super::super::{Coord, fetch};
use super::chunk::Steps;
use super::groups::Groups;
use super::record::take_bytes;

/// A point, a line or a ring: its vertices in order. A ring does not repeat its first one.
#[derive(Clone, Debug)]
pub struct Run<'a> {
    /// The next vertex, where one is left.
    pub(super) at: Coord,
    left: usize,
    pub(super) chunks: &'a [u8],
    pub(super) way: Way<'a>,
    steps: Steps,
    /// The [`super::groups`] of a long ring from its first vertex on.
    pub(super) groups: Groups<'a>,
}

/// Which chunk comes next.
#[derive(Clone, Copy, Debug)]
pub(super) enum Way<'a> {
    /// The one that begins here.
    Along(usize),
    /// The one that the first reference says.
    By(&'a [u8]),
}

/// Chunks that are fetched ahead: most grids have no more neighbours.
const AHEAD: usize = 8;

impl<'a> Run<'a> {
    #[inline]
    pub(super) fn new(first: Coord, count: usize, chunks: &'a [u8], way: Way<'a>) -> Self {
        Self {
            at: first,
            left: count,
            chunks,
            way,
            steps: Steps::default(),
            groups: Groups::default(),
        }
    }

    #[inline]
    pub(super) fn grouped(self, groups: Groups<'a>) -> Self {
        Self { groups, ..self }
    }

    /// Along the one chunk that a reference says.
    pub(super) fn along(first: Coord, chunks: &'a [u8], reference: u32) -> Self {
        let steps = Steps::by(chunks, reference);
        let left = usize::from(steps.left) + 1;
        Self {
            steps,
            ..Self::new(first, left, chunks, Way::Along(0))
        }
    }

    pub(super) fn of(at: Coord) -> Self {
        Self::new(at, 1, &[], Way::Along(0))
    }

    /// Asks the memory for the chunks of a short ring, each of which would be waited for by itself.
    pub(super) fn fetch(&self) {
        if let (Way::By(references), true) = (self.way, self.groups.is_empty()) {
            for reference in references.as_chunks().0.iter().take(AHEAD) {
                fetch(self.chunks, u32::from_le_bytes(*reference) as usize >> 1);
            }
        }
    }

    /// The next vertices of it, so many at most.
    #[must_use]
    pub fn shortened(mut self, vertices: usize) -> Self {
        self.left = self.left.min(vertices);
        self
    }

    /// The next vertex.
    #[must_use]
    pub fn first(&self) -> Option<Coord> {
        (self.left > 0).then_some(self.at)
    }

    fn turn(&mut self) {
        match &mut self.way {
            Way::Along(place) => (self.steps, *place) = Steps::forward(self.chunks, *place),
            Way::By(references) => {
                let reference = u32::from_le_bytes(take_bytes(references));
                self.steps = Steps::by(self.chunks, reference);
            }
        }
    }
}

impl Iterator for Run<'_> {
    type Item = Coord;

    #[inline]
    fn next(&mut self) -> Option<Coord> {
        let at = self.first()?;
        self.left -= 1;
        if self.left > 0 {
            if self.steps.left == 0 {
                self.turn();
            }
            self.at = self.steps.step(self.chunks, at);
        }
        Some(at)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }

    /// Chunk by chunk, which is faster than vertex by vertex.
    #[inline]
    fn fold<B, F: FnMut(B, Coord) -> B>(mut self, start: B, mut with: F) -> B {
        let Some(mut at) = self.first() else {
            return start;
        };
        let mut folded = with(start, at);
        let mut left = self.left - 1;
        while left > 0 {
            if self.steps.left == 0 {
                self.turn();
            }
            let mut steps = self.steps;
            let count = left.min(usize::from(steps.left));
            for _ in 0..count {
                at = steps.step(self.chunks, at);
                folded = with(folded, at);
            }
            self.steps.left = 0;
            left -= count.max(1);
        }
        folded
    }
}

impl ExactSizeIterator for Run<'_> {}
impl FusedIterator for Run<'_> {}
