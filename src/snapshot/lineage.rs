//! The grids of all levels above those of the lowest one, told together.

use std::array::from_fn;
use std::iter::repeat_n;
use std::sync::Arc;

use crate::index::fetch;
use crate::model::{LayerName, Level, Scheme};

use super::Snapshot;
use super::parents::Parents;
use super::span::{FOUR, Four, Parent, SPAN, Span};

/// In the row of a grid: it is not sure which grids are above it.
const NONE: u32 = u32::MAX;

/// Of the grids of the lowest level those of all levels above it, top first: spans side by side, all told or none.
#[derive(Clone, Debug, Default)]
pub struct Lineage {
    levels: usize,
    /// For each span of grids as many as its levels need.
    fours: Vec<Four>,
    /// Of spans that tell nothing, as those of grids in no order of their parents, the rows of all grids, one after the other.
    rows: Vec<Arc<[u32]>>,
}

/// The parents of the grids of the lowest level, then of each level above.
#[derive(Clone, Debug)]
struct Climb<'a> {
    parents: Vec<&'a Parents>,
    /// How many grids the lowest level has.
    grids: usize,
}

impl<'a> Climb<'a> {
    /// `None` where the way up is not whole.
    fn new(snapshot: &'a Snapshot, levels: &[Level]) -> Option<Self> {
        let of_level = |level: &Level| snapshot.coverages.get(&level.layer)?.parents();
        let parents: Option<Vec<&Parents>> = levels.iter().skip(1).rev().map(of_level).collect();
        let lowest = snapshot.layers.get(&levels.last()?.layer)?;
        Some(Self {
            parents: parents?,
            grids: lowest.features().len(),
        })
    }

    /// Whether all levels but the lowest are told the same as by another.
    fn says_above_as(&self, other: &Self) -> bool {
        let is_same = |(are, were): (&&Parents, &&Parents)| are.say_as(were);
        let both = self.parents.iter().zip(&other.parents);
        self.parents.len() == other.parents.len() && both.skip(1).all(is_same)
    }

    /// The grids of all levels above those from the `first` one on, top first.
    fn above(&self, first: usize) -> Vec<[Parent; SPAN]> {
        let mut reached: [Parent; SPAN] = from_fn(|place| {
            let grid = Some(first + place).filter(|grid| *grid < self.grids);
            let grid = grid.and_then(|grid| u32::try_from(grid).ok());
            grid.map_or(Parent::Unasked, Parent::Sure)
        });
        let mut levels = Vec::with_capacity(self.parents.len());
        for (depth, parents) in self.parents.iter().enumerate() {
            reached = reached.map(|grid| match grid {
                Parent::Sure(grid) if depth == 0 => parents.known(grid),
                Parent::Sure(grid) => parents.of(grid).map_or(Parent::Unsure, Parent::Sure),
                other => other,
            });
            levels.push(reached);
        }
        levels.reverse();
        levels
    }
}

/// The rows of the grids of a span, one after the other; `None` where not one of them is sure.
fn rows(levels: &[[Parent; SPAN]]) -> Option<Arc<[u32]>> {
    let mut rows = Vec::with_capacity(levels.len() * SPAN);
    for place in 0..SPAN {
        let first = rows.len();
        rows.extend(levels.iter().map(|level| match level[place] {
            Parent::Sure(parent) => parent,
            Parent::Unsure | Parent::Unasked => NONE,
        }));
        let row = &mut rows[first..];
        if row.contains(&NONE) {
            row.fill(NONE);
        }
    }
    let is_sure = rows.iter().any(|parent| *parent != NONE);
    is_sure.then(|| rows.into())
}

impl Lineage {
    /// That of the lowest level of a scheme, and the layer of this level; the one before where nothing of it changed. None where
    /// there is no level above.
    pub(super) fn of_scheme<'a>(
        scheme: &'a Scheme,
        now: &Snapshot,
        before: &Snapshot,
    ) -> Option<(&'a LayerName, Arc<Self>)> {
        let levels = scheme.levels();
        let own = &levels.last()?.layer;
        let is = Climb::new(now, levels)?;
        let nearest = is.parents.first()?;
        let was = Climb::new(before, levels).filter(|was| is.says_above_as(was));
        let known = was.and_then(|was| Some((before.lineages.get(own)?, was)));
        let known = known.filter(|(known, _)| known.levels == is.parents.len());
        let lineage = match known {
            Some((known, was)) if was.grids == is.grids && nearest.say_as(was.parents[0]) => {
                Arc::clone(known)
            }
            known => Arc::new(Self::build(
                &is,
                known.map(|(known, was)| (&**known, was.parents[0])),
            )),
        };
        Some((own, lineage))
    }

    /// `known`: what was told before, by which parents of the lowest level, where those of the others are the same.
    fn build(climb: &Climb<'_>, known: Option<(&Self, &Parents)>) -> Self {
        let levels = climb.parents.len();
        let mut next = Self {
            levels,
            fours: Vec::with_capacity(climb.grids.div_ceil(SPAN) * levels.div_ceil(FOUR)),
            rows: Vec::new(),
        };
        for (number, first) in (0..climb.grids).step_by(SPAN).enumerate() {
            let known = known.filter(|(known, parents)| known.says(number, parents, climb));
            match known {
                Some((known, _)) => next.push_same(known, number),
                None => next.push(&climb.above(first)),
            }
        }
        next
    }

    /// Whether what is told of a span by some parents of the lowest level is what those now there tell.
    fn says(&self, number: usize, by: &Parents, climb: &Climb<'_>) -> bool {
        let (is, four) = (climb.parents[0], self.four(number));
        let is_told = four.is_some_and(Four::is_told);
        four.is_some()
            && is.span(number) == by.span(number)
            // Of what is not told in short, each grid may be another.
            && (is_told || is.share(by, number))
    }

    /// The first of those of a span.
    fn four(&self, number: usize) -> Option<&Four> {
        self.fours.get(number * self.levels.div_ceil(FOUR))
    }

    fn push(&mut self, levels: &[[Parent; SPAN]]) {
        let spans = levels.iter().map(|level| Span::new(level.iter().copied()));
        let spans: Vec<Span> = spans.collect();
        if spans.iter().all(|span| span.is_told()) {
            self.fours.extend(spans.chunks(FOUR).map(Four::told));
        } else {
            self.push_rows(rows(levels));
        }
    }

    /// The same as another has for a span.
    fn push_same(&mut self, other: &Self, number: usize) {
        let count = self.levels.div_ceil(FOUR);
        let fours = &other.fours[number * count..][..count];
        if fours[0].is_told() {
            self.fours.extend_from_slice(fours);
        } else {
            let rows = fours[0].elsewhere().map(|rows| &other.rows[rows as usize]);
            self.push_rows(rows.cloned());
        }
    }

    /// A span that is not told in short.
    fn push_rows(&mut self, rows: Option<Arc<[u32]>>) {
        let number = rows.and_then(|rows| {
            let number = u32::try_from(self.rows.len()).ok()?;
            self.rows.push(rows);
            Some(number)
        });
        let count = self.levels.div_ceil(FOUR);
        self.fours.extend(repeat_n(Four::untold(number), count));
    }

    /// What is told four by four, where there are four levels; else nothing.
    #[must_use]
    pub fn fours(&self) -> &[Four] {
        if self.levels == FOUR {
            &self.fours
        } else {
            &[]
        }
    }

    /// Asks the memory for what is read of a grid, and goes on.
    #[inline]
    pub fn fetch(&self, grid: u32) {
        fetch(
            &self.fours,
            grid as usize / SPAN * self.levels.div_ceil(FOUR),
        );
    }

    /// The same for a grid of whose span nothing is told in short.
    #[inline]
    pub fn fetch_apart(&self, grid: u32) {
        let four = self.four(grid as usize / SPAN);
        let rows = four.and_then(Four::elsewhere);
        if let Some(rows) = rows.and_then(|rows| self.rows.get(rows as usize)) {
            fetch(rows, grid as usize % SPAN * self.levels);
        }
    }

    /// Writes the grids of all levels above one, top first; `false` where that is not told, or the row has not a place for each.
    #[must_use]
    pub fn write(&self, grid: u32, row: &mut [u32]) -> bool {
        self.write_told(grid, row) || self.copy(grid, row)
    }

    /// As [`Self::write`], where it is told in short; else `false`.
    #[must_use]
    pub fn write_told(&self, grid: u32, row: &mut [u32]) -> bool {
        let count = self.levels.div_ceil(FOUR);
        let first = grid as usize / SPAN * count;
        let fours = self.fours.get(first..first + count);
        let Some(fours) = fours.filter(|_| row.len() == self.levels) else {
            return false;
        };
        for (places, four) in row.chunks_mut(FOUR).zip(fours) {
            let Some(told) = four.of(grid) else {
                return false;
            };
            places.copy_from_slice(&told[..places.len()]);
        }
        true
    }

    /// Writes the row of a grid whose span is not told in short.
    fn copy(&self, grid: u32, row: &mut [u32]) -> bool {
        let first = grid as usize % SPAN * self.levels;
        let rows = self.four(grid as usize / SPAN).and_then(Four::elsewhere);
        let rows = rows.and_then(|rows| self.rows.get(rows as usize));
        let known = rows.filter(|_| row.len() == self.levels);
        let known = known.and_then(|rows| rows.get(first..first + self.levels));
        let Some(known) = known.filter(|known| known.first() != Some(&NONE)) else {
            return false;
        };
        row.copy_from_slice(known);
        true
    }
}
