//! The vertices of a geometry, one after the other.

use std::iter::FusedIterator;

use super::super::{Bounds, Coord};
use super::chunk::Steps;
use super::groups::Group;
use super::record::{Record, take, take_bytes};

/// A point, a line or a ring: its vertices in order. A ring does not repeat its first one.
#[derive(Clone, Debug)]
pub struct Run<'a> {
    /// The next vertex, where one is left.
    at: Coord,
    left: usize,
    chunks: &'a [u8],
    way: Way<'a>,
    steps: Steps,
    /// The [`super::groups`] of a long ring from its first vertex on.
    groups: &'a [u8],
}

/// Which chunk comes next.
#[derive(Clone, Copy, Debug)]
pub(super) enum Way<'a> {
    /// The one that begins here.
    Along(usize),
    /// The one that the first reference says.
    By(&'a [u8]),
}

impl<'a> Run<'a> {
    #[inline]
    pub(super) fn new(first: Coord, count: usize, chunks: &'a [u8], way: Way<'a>) -> Self {
        Self {
            at: first,
            left: count,
            chunks,
            way,
            steps: Steps::default(),
            groups: &[],
        }
    }

    #[inline]
    pub(super) fn grouped(self, groups: &'a [u8]) -> Self {
        Self { groups, ..self }
    }

    pub(super) fn of(at: Coord) -> Self {
        Self::new(at, 1, &[], Way::Along(0))
    }

    /// The next vertex.
    #[must_use]
    pub fn first(&self) -> Option<Coord> {
        (self.left > 0).then_some(self.at)
    }

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

    /// The directed edges of a ring, none of which is walked yet, that may share a point with a box, and some others.
    pub(super) fn edges_near(self, bounds: Bounds) -> EdgesNear<'a> {
        let first = self.first();
        let (edges, groups) = if self.groups.is_empty() {
            (self.clone().edges(), self.groups)
        } else {
            (
                Self::new(self.at, 0, &[], Way::Along(0)).edges(),
                self.groups,
            )
        };
        EdgesNear {
            edges,
            groups,
            first,
            ring: self,
            bounds,
        }
    }

    /// The edges of a group.
    fn group(&self, group: Group, closing: Option<Coord>) -> Edges<'a> {
        let way = match self.way {
            Way::Along(_) => Way::Along(group.offset),
            Way::By(references) => Way::By(references.get(group.offset..).unwrap_or_default()),
        };
        let mut edges = Self::new(group.first, group.steps + 1, self.chunks, way).edges();
        edges.first = closing;
        edges
    }

    fn turn(&mut self) {
        match &mut self.way {
            Way::Along(place) => (self.steps, *place) = Steps::forward(self.chunks, *place),
            Way::By(references) => {
                let reference = u32::from_le_bytes(take_bytes(references)) as usize;
                let place = reference >> 1;
                self.steps = if reference & 1 == 0 {
                    Steps::forward(self.chunks, place).0
                } else {
                    Steps::backward(self.chunks, place)
                };
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
        let left = self.run.left + usize::from(self.first.is_some());
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
    /// The groups that are left.
    groups: &'a [u8],
    first: Option<Coord>,
    ring: Run<'a>,
    bounds: Bounds,
}

impl<'a> EdgesNear<'a> {
    /// The edges of the next group that is near.
    #[cold]
    fn next_group(&mut self) -> Option<Edges<'a>> {
        while !self.groups.is_empty() {
            let group = Group::take(&mut self.groups);
            if group.bounds.meets(self.bounds) {
                // References lead back to the first vertex by themselves.
                let is_open = matches!(self.ring.way, Way::Along(_)) && self.groups.is_empty();
                return Some(self.ring.group(group, self.first.filter(|_| is_open)));
            }
        }
        None
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
            self.edges = self.next_group()?;
        }
    }

    #[inline]
    fn fold<B, F: FnMut(B, Self::Item) -> B>(mut self, start: B, mut with: F) -> B {
        let mut folded = self.edges.clone().fold(start, &mut with);
        while let Some(edges) = self.next_group() {
            folded = edges.fold(folded, &mut with);
        }
        folded
    }
}

/// Runs of a geometry, one after the other.
#[derive(Clone)]
pub struct Runs<'a> {
    rest: Rest<'a>,
    left: usize,
}

#[derive(Clone)]
enum Rest<'a> {
    /// The vertices of a run are runs by themselves.
    Points(Run<'a>),
    One(Run<'a>),
    Many(Record<'a>, &'a [u8]),
}

impl<'a> Runs<'a> {
    pub(super) fn points(points: Run<'a>) -> Self {
        Self {
            left: points.left,
            rest: Rest::Points(points),
        }
    }

    #[inline]
    pub(super) fn one(run: Run<'a>) -> Self {
        Self {
            rest: Rest::One(run),
            left: 1,
        }
    }
}

impl<'a> Iterator for Runs<'a> {
    type Item = Run<'a>;

    #[inline]
    fn next(&mut self) -> Option<Run<'a>> {
        self.left = self.left.checked_sub(1)?;
        match &mut self.rest {
            Rest::Points(points) => points.next().map(Run::of),
            Rest::One(run) => Some(run.clone()),
            Rest::Many(record, runs) => Some(record.take_run(runs)),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Runs<'_> {}

/// The parts of a geometry, each as its runs.
#[derive(Clone)]
pub struct Parts<'a> {
    /// For each part the number of its runs; none are left where each part has one.
    counts: &'a [u8],
    runs: Runs<'a>,
    left: usize,
}

impl<'a> Parts<'a> {
    /// Each run is a part.
    pub(super) fn each(runs: Runs<'a>) -> Self {
        Self {
            counts: &[],
            left: runs.left,
            runs,
        }
    }

    pub(super) fn of(record: Record<'a>) -> Self {
        let (counts, parts, runs) = record.parts();
        let mut rest = counts;
        Self {
            counts,
            runs: Runs {
                rest: Rest::Many(record, runs),
                left: (0..parts).map(|_| take(&mut rest)).sum(),
            },
            left: parts,
        }
    }

    /// The runs of all parts that are left.
    pub(super) fn into_runs(self) -> Runs<'a> {
        self.runs
    }
}

impl<'a> Iterator for Parts<'a> {
    type Item = Runs<'a>;

    fn next(&mut self) -> Option<Runs<'a>> {
        self.left = self.left.checked_sub(1)?;
        let count = if self.counts.is_empty() {
            1
        } else {
            take(&mut self.counts)
        };
        let mut part = self.runs.clone();
        part.left = count.min(self.runs.left);
        for _ in 0..count {
            self.runs.next();
        }
        Some(part)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Parts<'_> {}
