//! The grids of all levels above those of one level, told together.

use std::sync::Arc;

use crate::model::{LayerName, Level, Scheme};

use super::Snapshot;
use super::parents::Parents;
use super::span::{FOUR, Four, SPAN, Span};

/// Of the grids of one level those of all levels above it, top first, and they themselves last: spans side by side, all told or
/// none.
#[derive(Clone, Debug, Default)]
pub struct Lineage {
    levels: usize,
    /// For each span of grids as many as its levels need.
    fours: Vec<Four>,
}

impl Lineage {
    /// That of the level above the lowest of a scheme, and the layer of this level; the one before where nothing of it changed.
    pub(super) fn of_scheme<'a>(
        scheme: &'a Scheme,
        now: &Snapshot,
        before: &Snapshot,
    ) -> Option<(&'a LayerName, Arc<Self>)> {
        let (_, levels) = scheme.levels().split_last()?;
        let own = &levels.last()?.layer;
        let grids = |snapshot: &Snapshot| Some(snapshot.layers.get(own)?.features().len());
        let (parents, were) = (parents(now, levels)?, parents(before, levels));
        let is_same = were.is_some_and(|were| {
            let is_same = |(are, were): (&&Parents, &&Parents)| are.say_as(were);
            were.len() == parents.len() && parents.iter().zip(&were).all(is_same)
        });
        let is_same = is_same && grids(now) == grids(before);
        let known = before.lineages.get(own);
        let known = known.filter(|known| is_same && known.levels == parents.len() + 1);
        let lineage = match known {
            Some(known) => Arc::clone(known),
            None => Arc::new(Self::build(grids(now)?, &parents)),
        };
        Some((own, lineage))
    }

    /// For so many grids; `parents`: of their own level first, then of each level above.
    fn build(grids: usize, parents: &[&Parents]) -> Self {
        let levels = parents.len() + 1;
        let mut fours = Vec::with_capacity(grids.div_ceil(SPAN) * levels.div_ceil(FOUR));
        for first in (0..grids).step_by(SPAN) {
            let of = |grid: usize, levels: &[&Parents]| {
                let grid = u32::try_from(grid).ok();
                levels
                    .iter()
                    .try_fold(grid?, |below, parents| parents.of(below))
            };
            let ends = (0..levels).rev();
            let all = first..(first + SPAN).min(grids);
            let mut spans: Vec<Span> = ends
                .map(|end| Span::new(all.clone().map(|grid| of(grid, &parents[..end]))))
                .collect();
            if !spans.iter().all(|span| span.is_told()) {
                spans.fill(Span::UNTOLD);
            }
            fours.extend(spans.chunks(FOUR).map(Four::new));
        }
        Self { levels, fours }
    }

    /// What is told of all grids by one [`Four`]; empty where there are more or fewer levels than that, or some are not told.
    #[must_use]
    pub fn fours(&self) -> &[Four] {
        let is_whole = self.levels == FOUR && self.fours.iter().all(Four::is_told);
        if is_whole { &self.fours } else { &[] }
    }

    /// Writes a grid and those of all levels above, top first; `false` where that is not told, or the row has not a place for each.
    #[must_use]
    pub fn write(&self, grid: u32, row: &mut [u32]) -> bool {
        let count = self.levels.div_ceil(FOUR);
        let first = grid as usize / SPAN * count;
        let fours = self.fours.get(first..first + count);
        let fours = fours.filter(|fours| fours.iter().all(Four::is_told));
        let Some(fours) = fours.filter(|_| row.len() == self.levels) else {
            return false;
        };
        for (places, four) in row.chunks_mut(FOUR).zip(fours) {
            places.copy_from_slice(&four.of(grid)[..places.len()]);
        }
        true
    }
}

/// The parents of the grids of the last of these levels, then of each level above.
fn parents<'a>(snapshot: &'a Snapshot, levels: &[Level]) -> Option<Vec<&'a Parents>> {
    let of_level = |level: &Level| snapshot.coverages.get(&level.layer)?.parents();
    levels.iter().skip(1).rev().map(of_level).collect()
}
