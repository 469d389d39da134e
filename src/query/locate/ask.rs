//! One scheme asked one question: the walk over its levels from the lowest up.

use crate::model::{Coord, Feature, Metres, Scheme, Time};
use crate::snapshot::{LayerSnapshot, Snapshot};

use super::answer::{Candidate, Owner, SchemeAnswer, fetch_names};
use super::holders::{Holder, holders};
use super::outcome::{Outcome, judge};
use super::question::Question;
use super::{accuracy, dedicated, gap, units};

/// A grid of a level, and where it is in its layer, if that is known.
#[derive(Clone, Copy)]
struct Placed<'a> {
    /// The place of its level among the levels.
    depth: usize,
    grid: &'a Feature,
    position: Option<u32>,
}

/// One question to one scheme.
#[derive(Clone, Copy)]
pub(super) struct Ask<'a> {
    snapshot: &'a Snapshot,
    scheme: &'a Scheme,
    question: Question<'a>,
    /// Only grids of the lowest level that name this category count.
    category: Option<&'a str>,
}

impl<'a> Ask<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, scheme: &'a Scheme, question: Question<'a>) -> Self {
        Self {
            snapshot,
            scheme,
            question,
            category: None,
        }
    }

    /// The same among the dedicated grids for a category, which have no gaps: all ground is the base scheme's first.
    pub(super) fn dedicated_to(mut self, category: &'a str) -> Self {
        self.category = Some(category);
        self.question.gap_limit = Some(Metres::ZERO);
        self
    }

    pub(super) fn at(&self) -> Coord {
        self.question.at
    }

    pub(super) fn time(&self) -> Time {
        self.question.time
    }

    pub(super) fn accuracy(&self) -> Metres {
        self.question.accuracy
    }

    pub(super) fn gap_limit(&self) -> Metres {
        let limit = self.question.gap_limit;
        limit.unwrap_or(self.snapshot.rules.gap_limit)
    }

    pub(super) fn snapshot(&self) -> &'a Snapshot {
        self.snapshot
    }

    /// The place of the lowest level among the levels; every scheme has one.
    pub(super) fn lowest(&self) -> usize {
        self.scheme.levels().len() - 1
    }

    /// The grids of a level, if there are any.
    pub(super) fn layer(&self, depth: usize) -> Option<&'a LayerSnapshot> {
        let level = self.scheme.levels().get(depth)?;
        self.snapshot.layers.get(&level.layer).map(AsRef::as_ref)
    }

    /// Whether a grid of the lowest level counts in this question.
    pub(super) fn admits(&self, grid: &Feature) -> bool {
        self.category.is_none_or(|category| {
            self.layer(self.lowest())
                .is_some_and(|layer| dedicated::names(layer, grid, category))
        })
    }

    pub(super) fn owner(&self, depth: usize, grid: &'a Feature) -> Owner<'a> {
        let level = &self.scheme.levels()[depth];
        Owner { level, grid }
    }

    fn candidate(&self, depth: usize, grid: &'a Feature, distance_m: f64) -> Candidate<'a> {
        Candidate {
            owner: self.owner(depth, grid),
            share: None,
            distance_m,
        }
    }

    /// The grids of a level that hold the point, in the order in which they would own it.
    fn holders(&self, depth: usize, is_empty_below: bool) -> Vec<Holder<'a>> {
        let Some(layer) = self.layer(depth) else {
            return Vec::new();
        };
        let mut found = holders(self.snapshot, layer, self.at(), self.time(), is_empty_below);
        if depth == self.lowest() && self.category.is_some() {
            found.retain(|holder| self.admits(holder.grid));
        }
        found
    }

    /// The grid of the level above that surely holds all of a grid, and that it names as its parent.
    fn sure_parent(&self, below: Placed<'a>) -> Option<Placed<'a>> {
        fetch_names(below.grid);
        let level = self.scheme.levels().get(below.depth)?;
        let coverage = self.snapshot.coverage(&level.layer, self.time())?;
        let parent = coverage.parent(below.position?)?;
        let depth = below.depth.checked_sub(1)?;
        Some(Placed {
            depth,
            grid: self.layer(depth)?.features().get(parent as usize)?,
            position: Some(parent),
        })
    }

    /// Walks up: the lowest level that holds the point decides how it lies, the levels above follow the grid below.
    pub(super) fn answer(&self) -> SchemeAnswer<'a> {
        self.answer_with(None)
    }

    /// As [`Self::answer`], where the holders of the lowest level are found already.
    pub(super) fn answer_from(&self, holders: Vec<Holder<'a>>) -> SchemeAnswer<'a> {
        self.answer_with(Some(holders))
    }

    fn answer_with(&self, mut lowest: Option<Vec<Holder<'a>>>) -> SchemeAnswer<'a> {
        let mut answer = SchemeAnswer::outside(self.scheme);
        let mut below: Option<Placed> = None;
        for depth in (0..=self.lowest()).rev() {
            // Between the grid below and this level there may be one that holds nothing here.
            let child = below.filter(|below| below.depth == depth + 1);
            if let Some(parent) = child.and_then(|child| self.sure_parent(child)) {
                answer.levels[depth] = Some(self.owner(depth, parent.grid));
                below = Some(parent);
                continue;
            }
            let is_empty_below = below.is_none() && depth < self.lowest();
            // The lowest level is the first.
            let found = lowest.take();
            let holders = found.unwrap_or_else(|| self.holders(depth, is_empty_below));
            let Some(first) = holders.first() else {
                continue;
            };
            let owner = if let Some(Placed { grid: below, .. }) = below {
                let hung = holders
                    .iter()
                    .find(|holder| below.parent.is_some() && holder.grid.code == below.parent);
                let owner = hung.unwrap_or(first);
                answer.levels[depth] = Some(self.owner(depth, owner.grid));
                owner
            } else {
                self.begin(&mut answer, depth, &holders)
            };
            below = Some(Placed {
                depth,
                grid: owner.grid,
                position: owner.position,
            });
        }
        answer.settle(&self.snapshot.rules);
        accuracy::weigh(self, &mut answer);
        answer.cut(self.snapshot.rules.most_candidates);
        answer
    }

    /// Answers from the lowest level that holds the point, and names the grid on which the levels above hang.
    fn begin<'h>(
        &self,
        answer: &mut SchemeAnswer<'a>,
        depth: usize,
        holders: &'h [Holder<'a>],
    ) -> &'h Holder<'a> {
        let is_lowest = depth == self.lowest();
        let unit = self.question.unit.filter(|_| is_lowest);
        let picked = unit.and_then(|unit| units::picked(holders, unit));
        let owner = picked.unwrap_or(&holders[0]);
        answer.outcome = judge(holders, is_lowest, picked.is_some());
        answer.levels[depth] = Some(self.owner(depth, owner.grid));
        if !is_lowest && self.fill_gap(answer, depth, owner.grid) {
            return owner;
        }
        let is_one_grid = matches!(answer.outcome, Outcome::Inside | Outcome::Fallback);
        // How far the line is that a leader was found beside is always worth knowing.
        let is_beside = holders.iter().any(Holder::is_line);
        if !is_one_grid || is_beside {
            let all = holders.iter();
            answer.candidates = all
                .map(|holder| self.candidate(depth, holder.grid, holder.distance_m))
                .collect();
        }
        if answer.outcome == Outcome::AmbiguousUnit {
            answer.levels[depth] = None;
        }
        owner
    }

    /// Gives a point of `home` that lies in no grid of the lowest level to the nearest of them that belongs to `home`.
    fn fill_gap(&self, answer: &mut SchemeAnswer<'a>, depth: usize, home: &'a Feature) -> bool {
        let neighbours = gap::neighbours(self, depth, home);
        let Some(nearest) = neighbours.first() else {
            return false;
        };
        let lowest = self.lowest();
        answer.outcome = Outcome::Gap;
        answer.levels[lowest] = Some(self.owner(lowest, nearest.grid));
        for (above, grid) in (depth + 1..lowest).rev().zip(&nearest.above) {
            answer.levels[above] = Some(self.owner(above, grid));
        }
        answer.candidates = neighbours
            .iter()
            .map(|neighbour| self.candidate(lowest, neighbour.grid, neighbour.distance_m))
            .collect();
        true
    }
}
