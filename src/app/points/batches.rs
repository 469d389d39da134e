//! Batches of points in, the same batches with their owners out.

use std::io::{Read, Write};

use super::locator::{Locator, RowAnswer};
use super::rows::added_names;
use super::{PointsError, PointsQuestion, PointsTally};
use crate::exchange::{
    CodedColumn, CodedTexts, FoundBatches, FoundColumns, PointBatch, PointBatches, TableError,
};
use crate::query::Outcome;
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
    output: impl Write,
) -> Result<PointsTally, PointsError> {
    let mut locator = Locator::new(snapshot, question)?;
    let names = added_names(&locator.schemes, input.columns());
    let mut output = FoundBatches::begin(output, &input, &names, notes(snapshot, question))?;
    let mut coders = Coders {
        outcomes: Vec::new(),
        levels: (0..locator.batch.width())
            .map(|_| Coder::default())
            .collect(),
    };
    loop {
        match input.read() {
            Ok(None) => break,
            Ok(Some(batch)) => {
                for from in (0..batch.len()).step_by(PIECE) {
                    write(
                        &mut output,
                        &batch.part(from, PIECE),
                        &mut locator,
                        &mut coders,
                    )?;
                }
            }
            // Nobody is there to hear of it.
            Err(error @ TableError::Read(_)) => return Err(error.into()),
            Err(error) => {
                locator.tally.rows += 1;
                locator.tally.bad += 1;
                output.write_error(&error.to_string())?;
                break;
            }
        }
    }
    output.finish()?;
    Ok(locator.tally)
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

fn write<W: Write>(
    output: &mut FoundBatches<W>,
    rows: &PointBatch,
    locator: &mut Locator<'_>,
    coders: &mut Coders,
) -> Result<(), PointsError> {
    locator.locate(&rows.points());
    let mut found = FoundColumns::default();
    for row in 0..rows.len() {
        let (outcome, certain, error) = match locator.answer(row) {
            RowAnswer::Found(found) => (Some(found.outcome), Some(found.certain), None),
            RowAnswer::None => (None, None, None),
            RowAnswer::Bad(reason) => (None, None, Some(reason)),
        };
        found
            .outcome
            .numbers
            .push(outcome.map_or(-1, |outcome| number(&mut coders.outcomes, outcome)));
        found.certain.push(certain);
        found.errors.push(error);
    }
    let outcomes = coders.outcomes.iter();
    found.outcome.texts = outcomes.map(|outcome| outcome.name()).collect();
    for (level, coder) in coders.levels.iter_mut().enumerate() {
        found.levels.push(coder.column(locator, level, rows.len()));
    }
    output.write(rows, found)?;
    Ok(())
}

/// What the columns' numbers stand for.
struct Coders {
    outcomes: Vec<Outcome>,
    levels: Vec<Coder>,
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
    fn column(&mut self, locator: &Locator<'_>, level: usize, rows: usize) -> CodedColumn {
        if self.known.len() > KEPT {
            for position in self.known.drain(..) {
                self.numbers[position as usize] = NEW;
            }
        }
        let before = self.known.len();
        let mut numbers = Vec::with_capacity(rows);
        numbers.extend(
            locator
                .grids_of(level)
                .map(|grid| grid.map_or(-1, |grid| self.number(grid))),
        );
        if self.known.len() > before || before == 0 {
            self.look_up(locator, level);
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
    fn look_up(&mut self, locator: &Locator<'_>, level: usize) {
        let known = self.known.iter();
        let codes: Vec<Option<&str>> = known.map(|&grid| locator.batch.code(level, grid)).collect();
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
