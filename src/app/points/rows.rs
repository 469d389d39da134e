//! Tables and lines of points in, the same rows with their owners out.

use std::io::{Read, Write};
use std::iter::repeat_n;

use super::locator::{Locator, RowAnswer};
use super::{PointsError, PointsQuestion, PointsTally};
use crate::exchange::{FoundCells, PointRows, Rows};
use crate::model::Scheme;
use crate::query::level_names;
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
    mut output: impl Write,
) -> Result<PointsTally, PointsError> {
    let mut locator = Locator::new(snapshot, question)?;
    let mut rows = Rows::default();
    let mut out = Vec::new();
    input.begin(&added_names(&locator.schemes, input.columns()), &mut out);
    while input.read(&mut rows)? {
        locator.locate(rows.points());
        for row in 0..rows.points().len() {
            write_row(&input, &rows, row, &locator, &mut out);
        }
        output.write_all(&out).map_err(PointsError::Write)?;
        output.flush().map_err(PointsError::Write)?;
        out.clear();
    }
    output.write_all(&out).map_err(PointsError::Write)?;
    output.flush().map_err(PointsError::Write)?;
    Ok(locator.tally)
}

fn write_row<R: Read>(
    input: &PointRows<R>,
    rows: &Rows,
    row: usize,
    locator: &Locator<'_>,
    out: &mut Vec<u8>,
) {
    let (found, grids) = match locator.answer(row) {
        RowAnswer::Found(found, grids) => {
            let outcome = Some((found.outcome.name(), found.certain));
            let cells = FoundCells {
                outcome,
                error: None,
            };
            (cells, grids)
        }
        RowAnswer::None => (FoundCells::default(), &[][..]),
        RowAnswer::Bad(reason) => {
            let cells = FoundCells {
                outcome: None,
                error: Some(reason),
            };
            (cells, &[][..])
        }
    };
    let without = locator.batch.width() - grids.len();
    let codes = locator.codes(grids).chain(repeat_n(None, without));
    input.write(rows, row, found, codes, out);
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
