//! `wangge locate`.

use std::io::{self, BufWriter};
use std::process::ExitCode;

use crate::app::{self, PointsQuestion, PointsTally, load, locate_rows};
use crate::exchange::{PointColumns, PointRows, PointTable, open_input, write_whole};
use crate::snapshot::Snapshot;

use super::{Arguments, CommandError, LocateArguments};

pub(super) fn run(
    arguments: &Arguments,
    given: &LocateArguments,
) -> Result<ExitCode, CommandError> {
    let columns = PointColumns {
        lon: given.lon_column.clone(),
        lat: given.lat_column.clone(),
        charset: None,
    };
    let fail = |error: &dyn std::fmt::Display| format!("{}: {error}", given.input.display());
    super::refuse_over(&given.output, &[&given.input, &arguments.store])?;
    let input = open_input(&given.input).map_err(|error| fail(&error))?;
    let table = PointTable::open(input, &columns).map_err(|error| fail(&error))?;
    let snapshot = load(&mut arguments.open_store(false)?, &Snapshot::default())?;
    let question = PointsQuestion {
        crs: given.crs,
        time: given.at.unwrap_or_else(app::now),
        scheme: None,
    };
    let rows = PointRows::Table(table);
    let tally = if given.output.as_os_str() == "-" {
        let output = BufWriter::new(io::stdout().lock());
        locate_rows(&snapshot, &question, rows, output).map_err(|error| fail(&error))?
    } else {
        write_whole(&given.output, |output| {
            locate_rows(&snapshot, &question, rows, output).map_err(|error| fail(&error))
        })??
    };
    tell(&tally);
    Ok(ExitCode::SUCCESS)
}

/// On the log, as the table may go to stdout.
fn tell(tally: &PointsTally) {
    let PointsTally {
        rows,
        located,
        outside,
        without,
        bad,
    } = tally;
    tracing::info!(rows, located, outside, without, bad, "located");
}
