//! The runs of a geometry, and its parts.

use super::super::Bounds;
use super::record::{Record, take};
use super::run::Run;

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
            left: points.len(),
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

    /// Those of a polygon's rings, of which none was taken yet, that may share a point with a box, and some others.
    pub(super) fn near(self, bounds: Bounds) -> RunsNear<'a> {
        RunsNear { runs: self, bounds }
    }
}

/// The rings of a polygon that may share a point with a box, and some others.
#[derive(Clone)]
pub(super) struct RunsNear<'a> {
    runs: Runs<'a>,
    bounds: Bounds,
}

impl<'a> Iterator for RunsNear<'a> {
    type Item = Run<'a>;

    #[inline]
    fn next(&mut self) -> Option<Run<'a>> {
        let Rest::Many(record, bytes) = &mut self.runs.rest else {
            return self.runs.next();
        };
        record.take_near(bytes, &mut self.runs.left, self.bounds)
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
        let (counts, parts, runs, left) = record.parts();
        Self {
            counts,
            runs: Runs {
                rest: Rest::Many(record, runs),
                left,
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
