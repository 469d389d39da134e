//! The edges of a run, one after the other.

use super::super::{Bounds, Coord};
use super::groups::{Group, Groups};
use super::run::{Run, Way};

impl<'a> Run<'a> {
    /// The directed edges of a ring, the closing one last.
    #[must_use]
    pub fn edges(mut self) -> Edges<'a> {
        let first = self.next();
        Edges {
            at: first,
            first,
            run: self,
        }
    }

    /// The directed edges of a line: from each vertex to the next.
    pub fn legs(self) -> impl Iterator<Item = (Coord, Coord)> + Clone + use<'a> {
        let mut edges = self.edges();
        edges.first = None;
        edges
    }

    /// The box around a run of which no vertex is walked yet; a long ring knows those of its rows of groups.
    #[must_use]
    pub fn bounds(self) -> Option<Bounds> {
        if self.groups.is_empty() {
            return Bounds::around(self);
        }
        self.groups.bounds()
    }

    /// The directed edges of a ring, none of which is walked yet, that may share a point with a box, and some others.
    pub(super) fn edges_near(self, bounds: Bounds) -> EdgesNear<'a> {
        let (groups, first, chunks, way) = (self.groups, self.first(), self.chunks, self.way);
        let walked = if groups.is_empty() {
            self
        } else {
            Self::new(self.at, 0, chunks, way)
        };
        EdgesNear {
            edges: walked.edges(),
            rest: GroupsNear {
                groups,
                first,
                chunks,
                way,
                bounds,
            },
        }
    }
}

/// The directed edges of a run.
#[derive(Clone, Debug)]
pub struct Edges<'a> {
    at: Option<Coord>,
    /// Where the closing edge leads to, while it is not walked.
    first: Option<Coord>,
    run: Run<'a>,
}

impl Iterator for Edges<'_> {
    type Item = (Coord, Coord);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let from = self.at?;
        let to = self.run.next().or_else(|| self.first.take())?;
        self.at = Some(to);
        Some((from, to))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.run.len() + usize::from(self.first.is_some());
        (left, Some(left))
    }

    #[inline]
    fn fold<B, F: FnMut(B, Self::Item) -> B>(self, start: B, mut with: F) -> B {
        let Some(at) = self.at else {
            return start;
        };
        let (folded, last) = self.run.fold((start, at), |(folded, from), to| {
            (with(folded, (from, to)), to)
        });
        match self.first {
            Some(first) => with(folded, (last, first)),
            None => folded,
        }
    }
}

/// The directed edges of a ring that may share a point with a box, and some others.
#[derive(Clone, Debug)]
pub struct EdgesNear<'a> {
    /// Those of the group that is being walked, or of all of a ring that has none.
    edges: Edges<'a>,
    rest: GroupsNear<'a>,
}

/// The groups of a ring that are left, of which those near a box are walked.
#[derive(Clone, Debug)]
struct GroupsNear<'a> {
    groups: Groups<'a>,
    first: Option<Coord>,
    chunks: &'a [u8],
    /// From the first vertex on.
    way: Way<'a>,
    bounds: Bounds,
}

impl<'a> GroupsNear<'a> {
    /// The edges of the next group that is near.
    fn next(&mut self) -> Option<Edges<'a>> {
        let group = self.groups.next_near(self.bounds)?;
        Some(self.group(group))
    }

    fn group(&self, group: Group) -> Edges<'a> {
        let (way, closing) = match self.way {
            // The last group is followed by the closing edge; references lead back to the first vertex by themselves.
            Way::Along(_) => {
                let closing = self.first.filter(|_| self.groups.is_empty());
                (Way::Along(group.offset), closing)
            }
            Way::By(references) => {
                let references = references.get(group.offset..).unwrap_or_default();
                (Way::By(references), None)
            }
        };
        let mut edges = Run::new(group.first, group.steps + 1, self.chunks, way).edges();
        edges.first = closing;
        edges
    }
}

impl Iterator for EdgesNear<'_> {
    type Item = (Coord, Coord);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(edge) = self.edges.next() {
                return Some(edge);
            }
            self.edges = self.rest.next()?;
        }
    }

    #[inline]
    fn fold<B, F: FnMut(B, Self::Item) -> B>(mut self, start: B, mut with: F) -> B {
        let mut folded = self.edges.fold(start, &mut with);
        while let Some(edges) = self.rest.next() {
            folded = edges.fold(folded, &mut with);
        }
        folded
    }
}
