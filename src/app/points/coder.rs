//! Outcomes and grids → the numbers of their texts in the dictionaries of an Arrow stream.

use super::batches::PIECE;
use super::locator::{Located, RowAnswer, fetch, gathered};
use crate::exchange::{CodedColumn, CodedTexts, FoundColumns};
use crate::query::{Batch, Found, NO_GRID, Outcome};

/// What the columns' numbers stand for.
pub(super) struct Coders<'a> {
    outcomes: Vec<Outcome>,
    levels: Vec<Coder<'a>>,
}

impl<'a> Coders<'a> {
    pub(super) fn new(levels: usize) -> Self {
        Self {
            outcomes: Vec::new(),
            levels: (0..levels).map(|_| Coder::default()).collect(),
        }
    }

    /// What is added to some rows; about `to_come` rows come behind them.
    pub(super) fn columns<'l>(
        &mut self,
        batch: &Batch<'a>,
        located: &'l Located,
        to_come: usize,
    ) -> FoundColumns<'l> {
        let mut columns = match located.all_found() {
            Some(found) => self.lies(found),
            None => self.lies_mixed(located),
        };
        columns.outcome.texts = self.outcomes.iter().map(|o| o.name()).collect();
        for (level, coder) in self.levels.iter_mut().enumerate() {
            coder.expect(located.len(), to_come);
            columns.levels.push(coder.column(batch, located, level));
        }
        columns
    }

    /// How all rows' points lie.
    fn lies<'l>(&mut self, found: &[Found]) -> FoundColumns<'l> {
        let mut columns = FoundColumns::default();
        let certain = found.iter().map(|found| Some(found.certain));
        columns.certain = certain.collect();
        // Most lie as the one before.
        let mut before = None;
        let numbers = found.iter().map(|&Found { outcome, .. }| match before {
            Some((same, number)) if same == outcome => number,
            _ => {
                let number = number(&mut self.outcomes, outcome);
                before = Some((outcome, number));
                number
            }
        });
        columns.outcome.numbers = numbers.collect();
        columns
    }

    /// How the rows' points lie, or why they have none.
    fn lies_mixed<'l>(&mut self, located: &'l Located) -> FoundColumns<'l> {
        let mut columns = FoundColumns::default();
        let rows = located.len();
        for row in 0..rows {
            let (number, certain) = match located.answer(row) {
                RowAnswer::Found(found) => {
                    let number = number(&mut self.outcomes, found.outcome);
                    (number, Some(found.certain))
                }
                RowAnswer::None => (-1, None),
                RowAnswer::Bad(reason) => {
                    columns.errors.resize(row, None);
                    columns.errors.push(Some(reason));
                    (-1, None)
                }
            };
            columns.outcome.numbers.push(number);
            columns.certain.push(certain);
        }
        if !columns.errors.is_empty() {
            columns.errors.resize(rows, None);
        }
        columns
    }
}

/// The number of an outcome among those that came before, which it joins.
fn number(known: &mut Vec<Outcome>, outcome: Outcome) -> i8 {
    let found = known.iter().position(|other| *other == outcome);
    let number = found.unwrap_or_else(|| {
        known.push(outcome);
        known.len() - 1
    });
    i8::try_from(number).unwrap_or(-1)
}

/// Stands for a grid that has no number yet.
const NEW: i32 = i32::MIN;
/// Texts that a level may have to be kept for the next rows: half a piece's, so that they are not sent for nothing.
const KEPT: usize = PIECE / 2;

/// A level's codes are sent whole when one in so many of its grids may have come up: before that most would be sent for nothing,
/// and from then on none is sent twice.
const SHARE: usize = 4;

/// A level of more grids is never sent whole: its codes would be more than a body of rows may hold in memory.
const MOST_AT_ONCE: usize = 1 << 20;

/// Numbers the grids of a level, as they come up and then all.
#[derive(Debug, Default)]
struct Coder<'a> {
    /// The number of each grid by its position, -1 for one without code; grown as far as positions come up. Of all grids, none
    /// where each has its position for its number.
    numbers: Vec<i32>,
    /// The positions and the codes of grids that have a number, in order; none once all have.
    known: Vec<(u32, &'a str)>,
    /// Those codes.
    texts: CodedTexts,
    /// Rows that were written.
    rows: usize,
    /// The same and those that come.
    expected: usize,
    is_whole: bool,
}

impl<'a> Coder<'a> {
    /// Says how many rows are written next, and about how many behind them.
    fn expect(&mut self, rows: usize, to_come: usize) {
        self.rows += rows;
        self.expected = self.rows.saturating_add(to_come);
    }

    fn column(&mut self, batch: &Batch<'a>, located: &Located, level: usize) -> CodedColumn<i32> {
        let count = batch.count(level);
        if !self.is_whole && count <= MOST_AT_ONCE && self.expected >= count / SHARE {
            self.take_all(batch, level);
        }
        let numbers = if self.is_whole {
            self.numbers_of_all(located, level)
        } else {
            let grids = located.each_grid(level, |grid| grid);
            self.take_some(batch, &grids, level);
            grids.iter().map(|&grid| self.number(grid)).collect()
        };
        CodedColumn {
            numbers,
            texts: self.texts.clone(),
        }
    }

    fn number(&self, grid: u32) -> i32 {
        self.numbers.get(grid as usize).copied().unwrap_or(-1)
    }

    /// Numbers all grids that may be found.
    fn take_all(&mut self, batch: &Batch<'a>, level: usize) {
        let count = batch.count(level);
        // How many are at the positions that are their numbers, up to the first that is not.
        let (mut at_place, mut number) = (0, 0);
        let codes = batch.codes(level).map(|(grid, code)| {
            at_place += u32::from(at_place == grid && at_place == number);
            number += 1;
            code
        });
        self.texts = gathered(codes, count).into();
        self.numbers = Vec::new();
        if at_place as usize != count {
            self.numbers.resize(count, -1);
            for (number, (grid, _)) in (0..).zip(batch.codes(level)) {
                self.numbers[grid as usize] = number;
            }
        }
        self.known = Vec::new();
        self.is_whole = true;
    }

    fn numbers_of_all(&self, located: &Located, level: usize) -> Vec<i32> {
        if self.numbers.is_empty() {
            // No grid is -1.
            located.each_grid(level, u32::cast_signed)
        } else {
            located.each_grid(level, |grid| self.number(grid))
        }
    }

    /// Numbers the grids that were found and have no number yet.
    fn take_some(&mut self, batch: &Batch<'a>, grids: &[u32], level: usize) {
        if self.known.len() > KEPT {
            for (grid, _) in self.known.drain(..) {
                self.numbers[grid as usize] = NEW;
            }
        }
        let before = self.known.len();
        let mut new = Vec::new();
        for &grid in grids.iter().filter(|grid| **grid != NO_GRID) {
            let position = grid as usize;
            if position >= self.numbers.len() {
                self.numbers.resize(position + 1, NEW);
            }
            if self.numbers[position] == NEW {
                self.numbers[position] = -1;
                new.push(grid);
            }
        }
        // Together: what leads to each code lies elsewhere in memory.
        let codes: Vec<Option<&str>> = new.iter().map(|&grid| batch.code(level, grid)).collect();
        fetch(codes.iter().copied().flatten());
        for (grid, code) in new.into_iter().zip(codes) {
            if let Some(code) = code {
                self.numbers[grid as usize] = i32::try_from(self.known.len()).unwrap_or(-1);
                self.known.push((grid, code));
            }
        }
        if self.known.len() > before || before == 0 {
            self.texts = self.known.iter().map(|(_, code)| code).collect();
        }
    }
}
