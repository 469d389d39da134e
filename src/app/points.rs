//! A table of points in, the same table with its owners out.

use std::io::Write;
use std::iter::repeat_n;

use crate::exchange::{PointTable, RowPoint, TableError, Transform, WidenedTable};
use crate::model::{Coord, Scheme, Time};
use crate::query::{Batch, Outcome, level_names, schemes_in_order};
use crate::snapshot::Snapshot;

/// What became of a table's rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PointsTally {
    pub rows: u64,
    /// Rows with an owner.
    pub located: u64,
    /// Rows whose point no grid holds.
    pub outside: u64,
    /// Rows without coordinates.
    pub without: u64,
    /// Rows whose coordinates cannot be.
    pub bad: u64,
}

/// Adds to each row what the schemes answer for its point: `outcome`, `certain`, the code of each level of each scheme, and
/// `error` where the row's coordinates cannot be. Every row and column is kept, in order; only one row is held at a time.
///
/// # Errors
/// Where the table cannot be read on or written.
pub fn locate_points<W: Write>(
    snapshot: &Snapshot,
    mut table: PointTable,
    to_wgs84: &Transform,
    output: W,
    time: Time,
) -> Result<(W, PointsTally), TableError> {
    let (base, others) = schemes_in_order(snapshot, None);
    let schemes: Vec<&Scheme> = base.into_iter().chain(others).collect();
    let mut output =
        WidenedTable::begin(output, &table, &added_columns(&schemes, table.columns()))?;
    let batch = Batch::new(snapshot, &schemes, time);
    let levels = batch.width();
    let (mut found, mut grids) = (Vec::new(), Vec::new());
    let mut tally = PointsTally::default();
    while let Some(point) = table.advance()? {
        tally.rows += 1;
        match place(point, to_wgs84) {
            Ok(Some(at)) => {
                found.clear();
                grids.clear();
                batch.locate(&[at], &mut found, &mut grids);
                let found = found[0];
                let is_outside = found.outcome == Outcome::Outside;
                *(if is_outside {
                    &mut tally.outside
                } else {
                    &mut tally.located
                }) += 1;
                let certain = if found.certain { "true" } else { "false" };
                let codes = (0..).zip(&grids);
                let codes = codes.map(|(level, &grid)| batch.code(level, grid).unwrap_or_default());
                output.write(
                    &table,
                    [found.outcome.name(), certain]
                        .into_iter()
                        .chain(codes)
                        .chain([""]),
                )?;
            }
            Ok(None) => {
                tally.without += 1;
                output.write(&table, repeat_n("", levels + 3))?;
            }
            Err(error) => {
                tally.bad += 1;
                output.write(&table, repeat_n("", levels + 2).chain([error.as_str()]))?;
            }
        }
    }
    Ok((output.finish()?, tally))
}

fn added_columns(schemes: &[&Scheme], taken: &[String]) -> Vec<String> {
    let own = |name: &str| {
        let is_taken = taken.iter().any(|column| column == name);
        if is_taken {
            format!("wangge.{name}")
        } else {
            name.to_owned()
        }
    };
    let mut added = vec![own("outcome"), own("certain")];
    added.extend(level_names(schemes, taken));
    added.push(own("error"));
    added
}

fn place(point: RowPoint, to_wgs84: &Transform) -> Result<Option<Coord>, String> {
    match point {
        RowPoint::None => Ok(None),
        RowPoint::Bad { field, value } => Err(match value.trim() {
            "" => format!("{field} is empty"),
            _ => format!("{field} is {value:?}, not a number"),
        }),
        RowPoint::At(given) => {
            let at = to_wgs84.apply(given).map_err(|error| error.to_string())?;
            Coord::snap(at).map(Some).map_err(|error| error.to_string())
        }
    }
}
