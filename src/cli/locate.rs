//! `wangge locate`.

use std::io::{self, BufWriter};
use std::process::ExitCode;
use std::sync::Arc;

use crate::app::{self, PointsTally, load, locate_points};
use crate::exchange::{PointColumns, PointTable, Transform, open_input, write_whole};

use super::{Arguments, CommandError, LocateArguments};

pub(super) fn run(
    arguments: &Arguments,
    given: &LocateArguments,
) -> Result<ExitCode, CommandError> {
    let columns = PointColumns {
        lon: given.lon_column.clone(),
        lat: given.lat_column.clone(),
    };
    let fail = |error: &dyn std::fmt::Display| format!("{}: {error}", given.input.display());
    super::refuse_over(&given.output, &[&given.input, &arguments.store])?;
    let input = open_input(&given.input).map_err(|error| fail(&error))?;
    let table = PointTable::open(input, &columns).map_err(|error| fail(&error))?;
    let to_wgs84 = Transform::to_wgs84(given.crs)?;
    let snapshot = load(
        &mut arguments.open_store(false)?,
        Arc::new(arguments.rules()?),
    )?;
    let at = given.at.unwrap_or_else(app::now);
    let tally = if given.output.as_os_str() == "-" {
        let output = BufWriter::new(io::stdout().lock());
        locate_points(&snapshot, table, &to_wgs84, output, at)
            .map_err(|error| fail(&error))?
            .1
    } else {
        write_whole(&given.output, |output| {
            locate_points(&snapshot, table, &to_wgs84, output, at)
                .map(|(_, tally)| tally)
                .map_err(|error| fail(&error))
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
