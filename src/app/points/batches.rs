//! Batches of points in, the same batches with their owners out.

use std::io::{Read, Write};
use std::ops::RangeInclusive;

use super::coder::Coders;
use super::locator::{Located, Locator};
use super::pieces::{Pace, carry_at};
use super::rows::added_names;
use super::{PointsError, PointsQuestion, PointsTally};
use crate::exchange::{FoundBatches, PointBatch, PointBatches, TableError};
use crate::query::Batch;
use crate::snapshot::Snapshot;

/// Rows that are written at once: the more, the fewer times a code is sent again until a level is sent whole.
pub(super) const PIECE: usize = 16 << 10;

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
/// Where the stream does not begin as one, breaks before its first row, cannot be read on or written, or what is asked is not there.
pub fn locate_batches<R: Read>(
    snapshot: &Snapshot,
    question: &PointsQuestion,
    input: PointBatches<R>,
    output: impl Write + Send,
) -> Result<PointsTally, PointsError> {
    let schemes = question.schemes(snapshot)?;
    let batch = Batch::new(snapshot, &schemes, question.time);
    let names = added_names(&schemes, input.columns());
    let mut output = FoundBatches::begin(output, &input, &names, notes(snapshot, question))?;
    let pace = if input.length().is_some_and(|bytes| LONG.contains(&bytes)) {
        AHEAD
    } else {
        Pace::default()
    };
    let mut coders = Coders::new(batch.width());
    let mut pieces = Pieces {
        locator: Locator::new(&batch, question.crs)?,
        parts: Parts::default(),
        input,
    };
    let make = || pieces.next();
    let write = |piece| {
        match piece {
            Piece::Rows {
                rows,
                located,
                to_come,
            } => output.write(&rows, coders.columns(&batch, &located, to_come))?,
            Piece::Broken(reason) => output.write_error(&reason)?,
        }
        Ok(())
    };
    carry_at(pace, Piece::bytes, make, write)?;
    output.finish()?;
    Ok(pieces.locator.tally)
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

/// A stream being read and located.
struct Pieces<'a, R> {
    locator: Locator<'a>,
    parts: Parts,
    input: PointBatches<R>,
}

impl<R: Read> Pieces<'_, R> {
    fn next(&mut self) -> Result<Option<Piece>, PointsError> {
        Ok(match self.parts.next(&mut self.input)? {
            Some(Part::Rows(rows)) => {
                let located = match rows.all_points() {
                    Some(points) => self.locator.locate_all(&points),
                    None => self.locator.locate(&rows.points()),
                };
                let to_come = self.input.rows_to_come();
                Some(Piece::Rows {
                    rows,
                    located,
                    to_come: to_come.saturating_add(self.parts.left()),
                })
            }
            // Of nothing there is no part that could be answered.
            Some(Part::Broken(error)) if self.locator.tally.rows == 0 => return Err(error.into()),
            Some(Part::Broken(error)) => {
                let reason = error.to_string();
                let tally = &mut self.locator.tally;
                tally.rows += 1;
                tally.bad += 1;
                tally.broken = Some(reason.clone());
                Some(Piece::Broken(reason))
            }
            None => None,
        })
    }
}

/// What is read at once.
enum Part {
    Rows(PointBatch),
    Broken(TableError),
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
                    return Ok(Some(Part::Broken(error)));
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
