//! Tables and lines of points in, the same rows with their owners out.

use std::io::{Read, Write};

use super::locator::{Locator, RowAnswer};
use super::pieces::carry;
use super::{PointsError, PointsQuestion, PointsTally};
use crate::exchange::{FoundCells, FoundRow, PointRows, Rows};
use crate::model::Scheme;
use crate::query::{Batch, level_names};
use crate::snapshot::Snapshot;

/// Adds to each row what the schemes answer for its point: `outcome`, `certain`, the code of each level of each scheme, and
/// `error` where the row's coordinates cannot be. Every row and column is kept, in order; each piece is written before the next
/// is read.
///
/// # Errors
/// Where the rows cannot be read on or written, or what is asked is not there.
pub fn locate_rows<R: Read>(
    snapshot: &Snapshot,
    question: &PointsQuestion,
    mut input: PointRows<R>,
    mut output: impl Write + Send,
) -> Result<PointsTally, PointsError> {
    let schemes = question.schemes(snapshot)?;
    let batch = Batch::new(snapshot, &schemes, question.time);
    let mut locator = Locator::new(&batch, question.crs)?;
    let mut out = Vec::new();
    let writer = input.begin(&added_names(&schemes, input.columns()), &mut out);
    let mut garbled = 0;
    let make = || {
        let mut rows = Rows::default();
        let is_piece = input.read(&mut rows)?;
        garbled += rows.garbled();
        Ok(is_piece.then(|| {
            let located = locator.locate(rows.points());
            (rows, located)
        }))
    };
    let mut put = |out: &mut Vec<u8>| {
        output.write_all(out)?;
        out.clear();
        output.flush()
    };
    carry(make, |(rows, located)| {
        located.each_row(&batch, |row, answer, codes| {
            let cells = cells(answer);
            let row = FoundRow {
                rows: &rows,
                row,
                cells,
                codes,
            };
            writer.write(row, &mut out);
        });
        put(&mut out).map_err(PointsError::Write)
    })?;
    // The head of a table without rows.
    put(&mut out).map_err(PointsError::Write)?;
    Ok(PointsTally {
        garbled,
        guess: input.guess(),
        ..locator.tally
    })
}

fn cells(answer: RowAnswer<'_>) -> FoundCells<'_> {
    match answer {
        RowAnswer::Found(found) => FoundCells {
            outcome: Some((found.outcome.name(), found.certain)),
            error: None,
        },
        RowAnswer::None => FoundCells::default(),
        RowAnswer::Bad(reason) => FoundCells {
            outcome: None,
            error: Some(reason),
        },
    }
}

/// The names that are added, each with the one that is used where a row has the first already.
pub(super) fn added_names(schemes: &[&Scheme], taken: &[String]) -> Vec<(String, String)> {
    let own = |name: &str| (name.to_owned(), format!("wangge.{name}"));
    let levels = schemes.iter().flat_map(|scheme| scheme.levels());
    let levels = level_names(schemes, taken)
        .into_iter()
        .zip(levels.map(|level| level.layer.to_string()));
    [own("outcome"), own("certain")]
        .into_iter()
        .chain(levels)
        .chain([own("error")])
        .collect()
}
