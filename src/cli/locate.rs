//! `wangge locate`.

use std::io::{self, BufWriter, Read, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use crate::app::{
    self, PointsError, PointsQuestion, PointsTally, load, locate_batches, locate_rows,
};
use crate::exchange::{
    PointBatches, PointColumns, PointLines, PointRows, PointTable, TableError, open_input,
    write_whole,
};
use crate::snapshot::Snapshot;

use super::{Arguments, CommandError, LocateArguments};

/// Points in one of the forms that a file may have, opened.
enum Points<R> {
    Rows(PointRows<R>),
    Batches(PointBatches<R>),
}

impl<R: Read> Points<R> {
    /// Opens what a file with this name holds: lines of JSON, an Arrow stream, or by any other name a table.
    fn open(path: &Path, input: R, columns: &PointColumns) -> Result<Self, TableError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = name.to_lowercase();
        let bare = [".zst", ".gz"].iter();
        let bare = bare.map(|packed| name.strip_suffix(packed));
        let name = bare.flatten().next().unwrap_or(&name);
        Ok(match name.rsplit('.').next() {
            Some("ndjson" | "jsonl") => {
                Self::Rows(PointRows::Lines(PointLines::open(input, columns)))
            }
            Some("arrow" | "arrows") => Self::Batches(PointBatches::open(input, columns)?),
            _ => {
                let table = PointTable::open(input, columns)?;
                Self::Rows(PointRows::Table(Box::new(table)))
            }
        })
    }

    fn locate(
        self,
        snapshot: &Snapshot,
        question: &PointsQuestion,
        output: impl Write + Send,
    ) -> Result<PointsTally, PointsError> {
        match self {
            Self::Rows(rows) => locate_rows(snapshot, question, rows, output),
            Self::Batches(batches) => locate_batches(snapshot, question, batches, output),
        }
    }
}

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
    let points = Points::open(&given.input, input, &columns).map_err(|error| fail(&error))?;
    let question = PointsQuestion {
        crs: given.crs,
        time: given.at.unwrap_or_else(app::now),
        scheme: None,
    };
    let snapshot = load(
        &mut arguments.open_store(false)?,
        Arc::new(arguments.rules()?),
    )?;
    let tally = if given.output.as_os_str() == "-" {
        let output = BufWriter::new(io::stdout());
        points
            .locate(&snapshot, &question, output)
            .map_err(|error| fail(&error))?
    } else {
        write_whole(&given.output, |output| {
            points
                .locate(&snapshot, &question, output)
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
