//! The grids of all levels above those of one level, told together.

use std::sync::Arc;

use crate::model::{LayerName, Level, Scheme};

use super::Snapshot;
use super::parents::Parents;
use super::span::{SPAN, Span};

/// Of the grids of one level those of all levels above it, top first: a span for each level, side by side, all told or none.
#[derive(Clone, Debug, Default)]
pub struct Lineage {
    levels: usize,
    spans: Vec<Span>,
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
        let known = known.filter(|known| is_same && known.levels == parents.len());
        let lineage = match known {
            Some(known) => Arc::clone(known),
            None => Arc::new(Self::build(grids(now)?, &parents)),
        };
        Some((own, lineage))
    }

    /// For so many grids; `parents`: of their own level first, then of each level above.
    fn build(grids: usize, parents: &[&Parents]) -> Self {
        let mut spans = Vec::with_capacity(grids.div_ceil(SPAN) * parents.len());
        for first in (0..grids).step_by(SPAN) {
            let of = |grid: usize, levels: &[&Parents]| {
                let grid = u32::try_from(grid).ok();
                levels
                    .iter()
                    .try_fold(grid?, |below, parents| parents.of(below))
            };
            let ends = (1..=parents.len()).rev();
            let all = first..(first + SPAN).min(grids);
            let told = spans.len();
            spans.extend(
                ends.map(|end| Span::new(all.clone().map(|grid| of(grid, &parents[..end])))),
            );
            if !spans[told..].iter().all(|span| span.is_told()) {
                spans[told..].fill(Span::UNTOLD);
            }
        }
        Self {
            levels: parents.len(),
            spans,
        }
    }

    /// Writes the grids of all levels above a grid, top first; `false` where that is not told.
    #[expect(clippy::inline_always, reason = "compiled with the search of a point")]
    #[inline(always)]
    #[must_use]
    pub fn write(&self, grid: u32, row: &mut [u32]) -> bool {
        let Some(spans) = self.told(grid) else {
            return false;
        };
        // Three levels above the second lowest, as from micro-grids to a county: without the loop they take half as long.
        if let ([top, middle, low], [a, b, c]) = (&mut *row, spans) {
            [*top, *middle, *low] = [a, b, c].map(|span| span.of(grid));
            return true;
        }
        write_each(grid, spans, row)
    }

    /// The spans that tell the grids above a grid.
    #[expect(clippy::inline_always, reason = "compiled with the search of a point")]
    #[inline(always)]
    fn told(&self, grid: u32) -> Option<&[Span]> {
        let first = grid as usize / SPAN * self.levels;
        let spans = self.spans.get(first..first + self.levels)?;
        let is_told = spans.first().is_none_or(|span| span.is_told());
        is_told.then_some(spans)
    }
}

/// Writes what each span tells of a grid; `false` where the row has not a place for each.
#[inline(never)]
fn write_each(grid: u32, spans: &[Span], row: &mut [u32]) -> bool {
    if row.len() != spans.len() {
        return false;
    }
    for (place, span) in row.iter_mut().zip(spans) {
        *place = span.of(grid);
    }
    true
}

/// The parents of the grids of the last of these levels, then of each level above.
fn parents<'a>(snapshot: &'a Snapshot, levels: &[Level]) -> Option<Vec<&'a Parents>> {
    let of_level = |level: &Level| snapshot.coverages.get(&level.layer)?.parents();
    levels.iter().skip(1).rev().map(of_level).collect()
}
