//! The way from a grid of the lowest level up to the top, where it needs no test.

use crate::model::Scheme;
use crate::snapshot::{Coverage, Lineage, Parents, Snapshot};

/// The way from a grid of the lowest level up.
#[derive(Debug)]
pub(super) struct Chain<'a> {
    /// The level above the lowest.
    nearest: &'a Parents,
    /// All levels above that one.
    lineage: &'a Lineage,
    /// Each of them by the one below, from below.
    further: Vec<&'a Parents>,
}

impl<'a> Chain<'a> {
    pub(super) fn new(
        snapshot: &'a Snapshot,
        scheme: &Scheme,
        coverages: &[Option<&'a Coverage>],
    ) -> Option<Self> {
        let below = coverages.iter().skip(1).rev();
        let mut parents = below.map(|level| (*level)?.parents());
        let (_, above) = scheme.levels().split_last()?;
        Some(Self {
            nearest: parents.next()??,
            lineage: snapshot.lineages.get(&above.last()?.layer)?,
            further: parents.collect::<Option<_>>()?,
        })
    }

    /// Writes the grids above one of the lowest level, top first; `false` where one of them is not sure.
    #[expect(clippy::inline_always, reason = "compiled with the search of a point")]
    #[inline(always)]
    pub(super) fn write(&self, grid: u32, above: &mut [u32]) -> bool {
        let (Some(parent), Some((place, further))) =
            (self.nearest.of(grid), above.split_last_mut())
        else {
            return false;
        };
        *place = parent;
        self.lineage.write(parent, further) || self.write_further(parent, further)
    }

    /// Asks the memory for what is read of a grid first: the tables of the further levels are small.
    pub(super) fn fetch(&self, grid: u32) {
        self.nearest.fetch(grid);
    }

    #[cold]
    fn write_further(&self, grid: u32, above: &mut [u32]) -> bool {
        let mut below = grid;
        for (place, parents) in above.iter_mut().rev().zip(&self.further) {
            let Some(parent) = parents.of(below) else {
                return false;
            };
            *place = parent;
            below = parent;
        }
        true
    }
}
