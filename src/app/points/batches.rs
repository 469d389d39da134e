//! Batches of points in, the same batches with their owners out.

use std::io::{Read, Write};
use std::ops::RangeInclusive;

use super::locator::{Located, Locator, RowAnswer, fetch, gathered};
use super::pieces::{Pace, carry_at};
use super::rows::added_names;
use super::{PointsError, PointsQuestion, PointsTally};
use crate::exchange::{
    CodedColumn, CodedTexts, FoundBatches, FoundColumns, PointBatch, PointBatches, TableError,
};
use crate::query::{Batch, Found, NO_GRID, Outcome};
use crate::snapshot::Snapshot;

/// Rows that are written at once: the more, the fewer times a code is sent again until a level is sent whole.
const PIECE: usize = 16 << 10;

/// Bytes of a stream with many pieces, all of which may wait.
const LONG: RangeInclusive<u64> = 1 << 20..=64 << 20;
/// While the codes of a whole level are gathered and sent, points are located on. A piece holds half a megabyte where rows are
/// short, and far more than came where each batch has a large dictionary that differs little from the one before. It keeps its
/// batch, too; all of them together are no longer than the stream.
const AHEAD: Pace = Pace {
    in_turns: 0,
    waiting: 16,
    waiting_bytes: 16 << 20,
};

/// Adds to each row of an Arrow stream what the schemes answer for its point, as [`super::locate_rows`] does: the outcome and the
/// codes dictionary-coded. A stream that breaks in the middle is answered up to there and ended by a row that says why.
///
/// # Errors
/// Where the stream does not begin as one, cannot be read on or written, or what is asked is not there.
pub fn locate_batches<R: Read>(
    snapshot: &Snapshot,
    question: &PointsQuestion,
    mut input: PointBatches<R>,
    output: impl Write + Send,
) -> Result<PointsTally, PointsError> {
    let schemes = question.schemes(snapshot)?;
    let batch = Batch::new(snapshot, &schemes, question.time);
    let mut locator = Locator::new(&batch, question.crs)?;
    let names = added_names(&schemes, input.columns());
    let mut output = FoundBatches::begin(output, &input, &names, notes(snapshot, question))?;
    let pace = if input.length().is_some_and(|bytes| LONG.contains(&bytes)) {
        AHEAD
    } else {
        Pace::default()
    };
    let mut coders = Coders::new(batch.width());
    let mut parts = Parts::default();
    let make = || {
        Ok(match parts.next(&mut input)? {
            Some(Part::Rows(rows)) => {
                let located = match rows.all_points() {
                    Some(points) => locator.locate_all(&points),
                    None => locator.locate(&rows.points()),
                };
                let to_come = input.rows_to_come().saturating_add(parts.left());
                Some(Piece::Rows {
                    rows,
                    located,
                    to_come,
                })
            }
            Some(Part::Broken(reason)) => {
                locator.tally.rows += 1;
                locator.tally.bad += 1;
                Some(Piece::Broken(reason))
            }
            None => None,
        })
    };
    carry_at(pace, Piece::bytes, make, |piece| {
        match piece {
            Piece::Rows {
                rows,
                located,
                to_come,
            } => output.write(&rows, coders.columns(&batch, &located, to_come))?,
            Piece::Broken(reason) => output.write_error(&reason)?,
        }
        Ok(())
    })?;
    output.finish()?;
    Ok(locator.tally)
}

/// What is written at once.
enum Piece {
    Rows {
        rows: PointBatch,
        located: Located,
        /// About how many rows come behind these, as far as that is known.
        to_come: usize,
    },
    /// Why there are no more.
    Broken(String),
}

impl Piece {
    fn bytes(&self) -> usize {
        match self {
            Self::Rows { rows, located, .. } => rows.bytes() + located.bytes(),
            Self::Broken(reason) => reason.len(),
        }
    }
}

/// What is read at once.
enum Part {
    Rows(PointBatch),
    Broken(String),
}

/// Batches being cut into pieces.
#[derive(Default)]
struct Parts {
    batch: Option<PointBatch>,
    /// Rows of the batch that were given out.
    taken: usize,
    is_broken: bool,
}

impl Parts {
    /// Rows of the batch that were not given out yet.
    fn left(&self) -> usize {
        let len = self.batch.as_ref().map_or(0, PointBatch::len);
        len.saturating_sub(self.taken)
    }

    fn next<R: Read>(&mut self, input: &mut PointBatches<R>) -> Result<Option<Part>, TableError> {
        loop {
            if let Some(batch) = &self.batch
                && self.taken < batch.len()
            {
                let part = batch.part(self.taken, PIECE);
                self.taken += part.len();
                return Ok(Some(Part::Rows(part)));
            }
            if self.is_broken {
                return Ok(None);
            }
            (self.batch, self.taken) = match input.read() {
                Ok(None) => return Ok(None),
                Ok(batch) => (batch, 0),
                // Nobody is there to hear of it.
                Err(error @ TableError::Read(_)) => return Err(error),
                Err(error) => {
                    self.is_broken = true;
                    return Ok(Some(Part::Broken(error.to_string())));
                }
            };
        }
    }
}

fn notes(snapshot: &Snapshot, question: &PointsQuestion) -> Vec<(String, String)> {
    let notes = [
        ("version", snapshot.version.to_string()),
        ("crs", question.crs.to_string()),
        ("approximate", question.crs.is_approximate().to_string()),
        ("at", question.time.to_string()),
    ];
    notes
        .into_iter()
        .map(|(name, value)| (format!("wangge.{name}"), value))
        .collect()
}

/// What the columns' numbers stand for.
struct Coders<'a> {
    outcomes: Vec<Outcome>,
    levels: Vec<Coder<'a>>,
}

impl<'a> Coders<'a> {
    fn new(levels: usize) -> Self {
        Self {
            outcomes: Vec::new(),
            levels: (0..levels).map(|_| Coder::default()).collect(),
        }
    }

    fn columns<'l>(
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
