//! The grids of all levels above those of the lowest one, told together.

use std::sync::Arc;

use crate::index::fetch;
use crate::model::{LayerName, Level, Scheme};

use super::Snapshot;
use super::parents::Parents;
use super::span::{FOUR, Four, SPAN, Span};

/// Of the grids of the lowest level those of all levels above it, top first: spans side by side, all told or none.
#[derive(Clone, Debug, Default)]
pub struct Lineage {
    levels: usize,
    /// For each span of grids as many as its levels need.
    fours: Vec<Four>,
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

    /// The spans of all levels from the `first` grid on, top first.
    fn spans(&self, first: usize) -> Vec<Span> {
        let grids = first..(first + SPAN).min(self.grids);
        let mut reached: Vec<Option<u32>> = grids.map(|grid| u32::try_from(grid).ok()).collect();
        let level = |parents: &&Parents| {
            for grid in &mut reached {
                *grid = grid.and_then(|grid| parents.of(grid));
            }
            Span::new(reached.iter().copied())
        };
        let mut spans: Vec<Span> = self.parents.iter().map(level).collect();
        spans.reverse();
        if !spans.iter().all(|span| span.is_told()) {
            spans.fill(Span::UNTOLD);
        }
        spans
    }
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
            known => {
                let known = known.as_ref();
                let known = known.map(|(known, was)| (&known.fours[..], was.parents[0]));
                Arc::new(Self::build(&is, known))
            }
        };
        Some((own, lineage))
    }

    /// `known`: what was told before, by which parents of the lowest level, where those of the others are the same.
    fn build(climb: &Climb<'_>, known: Option<(&[Four], &Parents)>) -> Self {
        let levels = climb.parents.len();
        let count = levels.div_ceil(FOUR);
        let mut fours = Vec::with_capacity(climb.grids.div_ceil(SPAN) * count);
        for (number, first) in (0..climb.grids).step_by(SPAN).enumerate() {
            let known = known.and_then(|(known, parents)| {
                let is_same = parents.span(number)? == climb.parents[0].span(number)?;
                known
                    .get(number * count..)
                    .filter(|_| is_same)?
                    .get(..count)
            });
            match known {
                Some(known) => fours.extend_from_slice(known),
                None => fours.extend(climb.spans(first).chunks(FOUR).map(Four::new)),
            }
        }
        Self { levels, fours }
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

    /// Writes the grids of all levels above one, top first; `false` where that is not told, or the row has not a place for each.
    #[must_use]
    pub fn write(&self, grid: u32, row: &mut [u32]) -> bool {
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
}
