//! The way from a grid of the lowest level up to the top, where it needs no test.

use crate::model::Scheme;
use crate::snapshot::{Coverage, Four, Lineage, Snapshot};

/// The way from a grid of the lowest level up.
#[derive(Debug)]
pub(super) struct Chain<'a> {
    /// All levels above the lowest.
    lineage: &'a Lineage,
    /// What of it is told four by four.
    fours: &'a [Four],
}

impl<'a> Chain<'a> {
    pub(super) fn new(
        snapshot: &'a Snapshot,
        scheme: &Scheme,
        coverages: &[Option<&'a Coverage>],
    ) -> Option<Self> {
        if coverages.iter().skip(1).any(Option::is_none) {
            return None;
        }
        let lineage = snapshot.lineages.get(&scheme.levels().last()?.layer)?;
        Some(Self {
            lineage,
            fours: lineage.fours(),
        })
    }

    /// Writes a grid of the lowest level and those above of a scheme of five levels, as from a county to micro-grids; `false`
    /// where there are more or fewer, or one of them is not sure.
    #[expect(clippy::inline_always, reason = "compiled with the search of a point")]
    #[inline(always)]
    pub(super) fn write_five(&self, grid: u32, row: &mut [u32]) -> bool {
        if let Some([a, b, c, d]) = Four::of_grid(self.fours, grid)
            && let Ok(row) = <&mut [u32; 5]>::try_from(row)
        {
            *row = [a, b, c, d, grid];
            return true;
        }
        false
    }

    /// Asks the memory for what is read of a grid.
    pub(super) fn fetch(&self, grid: u32) {
        self.lineage.fetch(grid);
    }

    /// The same for a grid of which that is not told in short: what was read first is at hand by now.
    pub(super) fn fetch_apart(&self, grid: u32) {
        self.lineage.fetch_apart(grid);
    }

    /// Writes a grid of the lowest level and those above, top first; `false` where one of them is not sure, or they are not told in
    /// short.
    pub(super) fn write_told(&self, grid: u32, row: &mut [u32]) -> bool {
        let above = split(grid, row);
        above.is_some_and(|above| self.lineage.write_told(grid, above))
    }

    /// Writes a grid of the lowest level and those above, top first; `false` where one of them is not sure.
    pub(super) fn write(&self, grid: u32, row: &mut [u32]) -> bool {
        let above = split(grid, row);
        above.is_some_and(|above| self.lineage.write(grid, above))
    }
}

/// Writes the grid of the lowest level; the places of those above.
fn split(grid: u32, row: &mut [u32]) -> Option<&mut [u32]> {
    let (lowest, above) = row.split_last_mut()?;
    *lowest = grid;
    Some(above)
}
