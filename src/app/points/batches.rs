//! Batches of points in, the same batches with their owners out.

use std::io::{Read, Write};

use super::locator::{Locator, RowAnswer};
use super::rows::added_names;
use super::{PointsError, PointsQuestion, PointsTally};
use crate::exchange::{
    CodedColumn, FoundBatches, FoundColumns, PointBatch, PointBatches, TableError,
};
use crate::query::{NO_GRID, Outcome};
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
    let mut coders: Vec<Coder> = (0..locator.batch.width())
        .map(|_| Coder::default())
        .collect();
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
    coders: &mut [Coder],
) -> Result<(), PointsError> {
    locator.locate(&rows.points());
    let mut found = FoundColumns::default();
    let mut outcomes: Vec<Outcome> = Vec::new();
    for row in 0..rows.len() {
        let (outcome, certain, error) = match locator.answer(row) {
            RowAnswer::Found(found, _) => (Some(found.outcome), Some(found.certain), None),
            RowAnswer::None => (None, None, None),
            RowAnswer::Bad(reason) => (None, None, Some(reason)),
        };
        found
            .outcome
            .numbers
            .push(outcome.map_or(-1, |outcome| number(&mut outcomes, outcome)));
        found.certain.push(certain);
        found.errors.push(error);
    }
    found.outcome.texts = outcomes.iter().map(|outcome| outcome.name()).collect();
    for (level, coder) in coders.iter_mut().enumerate() {
        found.levels.push(coder.column(locator, level, rows.len()));
    }
    output.write(rows, found)?;
    Ok(())
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

/// Numbers the grids of a level as they come up in a piece.
#[derive(Debug, Default)]
struct Coder {
    /// The number of each grid by its position; grown as far as positions come up.
    numbers: Vec<i32>,
    /// The positions of grids that have a number.
    known: Vec<usize>,
}

impl Coder {
    fn column<'a>(&mut self, locator: &Locator<'a>, level: usize, rows: usize) -> CodedColumn<'a> {
        let mut column = CodedColumn {
            numbers: Vec::with_capacity(rows),
            texts: Vec::new(),
        };
        for row in 0..rows {
            let number = match locator.answer(row) {
                RowAnswer::Found(_, grids) if grids[level] != NO_GRID => {
                    self.number(grids[level], &mut column.texts, || {
                        locator.batch.code(level, grids[level])
                    })
                }
                _ => -1,
            };
            column.numbers.push(number);
        }
        for position in self.known.drain(..) {
            self.numbers[position] = NEW;
        }
        column
    }

    fn number<'a>(
        &mut self,
        position: u32,
        texts: &mut Vec<&'a str>,
        code: impl FnOnce() -> Option<&'a str>,
    ) -> i32 {
        let position = position as usize;
        if position >= self.numbers.len() {
            self.numbers.resize(position + 1, NEW);
        }
        let number = &mut self.numbers[position];
        if *number == NEW {
            self.known.push(position);
            *number = match code() {
                None => -1,
                Some(code) => {
                    texts.push(code);
                    i32::try_from(texts.len() - 1).unwrap_or(-1)
                }
            };
        }
        *number
    }
}
