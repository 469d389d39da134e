//! Batches of points in, the same batches with their owners out.

use std::io::{Read, Write};

use super::locator::{Located, Locator, RowAnswer, fetch};
use super::pieces::carry;
use super::rows::added_names;
use super::{PointsError, PointsQuestion, PointsTally};
use crate::exchange::{
    CodedColumn, CodedTexts, FoundBatches, FoundColumns, PointBatch, PointBatches, TableError,
};
use crate::query::{Batch, Outcome};
use crate::snapshot::Snapshot;

/// Rows that are written at once: the more, the fewer times a code is sent again.
const PIECE: usize = 32 << 10;

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
    let mut coders = Coders::new(batch.width());
    let mut parts = Parts::default();
    let make = || {
        Ok(match parts.next(&mut input)? {
            Some(Part::Rows(rows)) => {
                let located = locator.locate(&rows.points());
                Some(Piece::Rows(rows, located))
            }
            Some(Part::Broken(reason)) => {
                locator.tally.rows += 1;
                locator.tally.bad += 1;
                Some(Piece::Broken(reason))
            }
            None => None,
        })
    };
    carry(make, |piece| {
        match piece {
            Piece::Rows(rows, located) => {
                output.write(&rows, coders.columns(&batch, &located, rows.len()))?;
            }
            Piece::Broken(reason) => output.write_error(&reason)?,
        }
        Ok(())
    })?;
    output.finish()?;
    Ok(locator.tally)
}

/// What is written at once.
enum Piece {
    Rows(PointBatch, Located),
    /// Why there are no more.
    Broken(String),
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
struct Coders {
    outcomes: Vec<Outcome>,
    levels: Vec<Coder>,
}

impl Coders {
    fn new(levels: usize) -> Self {
        Self {
            outcomes: Vec::new(),
            levels: (0..levels).map(|_| Coder::default()).collect(),
        }
    }

    fn columns<'l>(
        &mut self,
        batch: &Batch<'_>,
        located: &'l Located,
        rows: usize,
    ) -> FoundColumns<'l> {
        let mut columns = FoundColumns::default();
        for row in 0..rows {
            let (outcome, certain, error) = match located.answer(row) {
                RowAnswer::Found(found) => (Some(found.outcome), Some(found.certain), None),
                RowAnswer::None => (None, None, None),
                RowAnswer::Bad(reason) => (None, None, Some(reason)),
            };
            let number = outcome.map_or(-1, |outcome| number(&mut self.outcomes, outcome));
            columns.outcome.numbers.push(number);
            columns.certain.push(certain);
            columns.errors.push(error);
        }
        columns.outcome.texts = self.outcomes.iter().map(|o| o.name()).collect();
        for (level, coder) in self.levels.iter_mut().enumerate() {
            columns.levels.push(coder.column(batch, located, level));
        }
        columns
    }
}

/// The number of an outcome among those that came before, which it joins.
fn number(known: &mut Vec<Outcome>, outcome: Outcome) -> i32 {
    let found = known.iter().position(|other| *other == outcome);
    let number = found.unwrap_or_else(|| {
        known.push(outcome);
        known.len() - 1
    });
    i32::try_from(number).unwrap_or(-1)
}

/// Stands for a grid that has no number yet.
const NEW: i32 = i32::MIN;
/// Texts that a level may have to be kept for the next rows: half a piece's, so that they are not sent for nothing.
const KEPT: usize = PIECE / 2;

/// Numbers the grids of a level as they come up.
#[derive(Debug, Default)]
struct Coder {
    /// The number of each grid by its position; grown as far as positions come up.
    numbers: Vec<i32>,
    /// The positions of grids that have a number, in order.
    known: Vec<u32>,
    /// The codes of those grids.
    texts: CodedTexts,
    /// The numbers of those that have no code.
    codeless: Vec<i32>,
}

impl Coder {
    fn column(&mut self, batch: &Batch<'_>, located: &Located, level: usize) -> CodedColumn {
        if self.known.len() > KEPT {
            for position in self.known.drain(..) {
                self.numbers[position as usize] = NEW;
            }
        }
        let before = self.known.len();
        let grids = located.grids_of(level);
        let mut numbers: Vec<i32> = grids
            .map(|grid| grid.map_or(-1, |grid| self.number(grid)))
            .collect();
        if self.known.len() > before || before == 0 {
            self.look_up(batch, level);
        }
        if !self.codeless.is_empty() {
            for number in &mut numbers {
                if self.codeless.binary_search(number).is_ok() {
                    *number = -1;
                }
            }
        }
        CodedColumn {
            numbers,
            texts: self.texts.clone(),
        }
    }

    /// Looks up the codes together: what leads to each lies elsewhere in memory.
    fn look_up(&mut self, batch: &Batch<'_>, level: usize) {
        let known = self.known.iter();
        let codes: Vec<Option<&str>> = known.map(|&grid| batch.code(level, grid)).collect();
        fetch(&codes);
        let codeless = (0..).zip(&codes).filter(|(_, code)| code.is_none());
        self.codeless = codeless.map(|(number, _)| number).collect();
        self.texts = codes.into_iter().map(Option::unwrap_or_default).collect();
    }

    fn number(&mut self, grid: u32) -> i32 {
        let position = grid as usize;
        if position >= self.numbers.len() {
            self.numbers.resize(position + 1, NEW);
        }
        let number = &mut self.numbers[position];
        if *number == NEW {
            *number = i32::try_from(self.known.len()).unwrap_or(-1);
            self.known.push(grid);
        }
        *number
    }
}
