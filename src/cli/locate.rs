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

/// The forms that a file may have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Table,
    Lines,
    Arrow,
}

impl Form {
    /// What a file with this name holds: lines of JSON, an Arrow stream, or by any other name a table.
    fn of(path: &Path) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let name = name.to_lowercase();
        let bare = [".zst", ".gz"].iter();
        let bare = bare.map(|packed| name.strip_suffix(packed));
        let name = bare.flatten().next().unwrap_or(&name);
        match name.rsplit('.').next() {
            Some("ndjson" | "jsonl") => Self::Lines,
            Some("arrow" | "arrows") => Self::Arrow,
            _ => Self::Table,
        }
    }
}

/// Points in one of the forms that a file may have, opened.
enum Points<R> {
    Rows(PointRows<R>),
    Batches(PointBatches<R>),
}

impl<R: Read> Points<R> {
    /// Opens what a file of this form holds.
    fn open(form: Form, input: R, columns: &PointColumns) -> Result<Self, TableError> {
        Ok(match form {
            Form::Lines => Self::Rows(PointRows::Lines(PointLines::open(input, columns))),
            Form::Arrow => Self::Batches(PointBatches::open(input, columns)?),
            Form::Table => {
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
        charset: given.encoding.clone(),
    };
    let fail = |error: &dyn std::fmt::Display| format!("{}: {error}", given.input.display());
    let form = Form::of(&given.input);
    if columns.charset.is_some() && form != Form::Table {
        let reason = "--encoding has a meaning for tables only; JSON and Arrow are in UTF-8";
        return Err(fail(&reason).into());
    }
    super::refuse_over(&given.output, &[&given.input, &arguments.store])?;
    let input = open_input(&given.input).map_err(|error| fail(&error))?;
    let points = Points::open(form, input, &columns).map_err(|error| fail(&error))?;
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
    tell(given, &tally);
    Ok(match tally.broken {
        None => ExitCode::SUCCESS,
        Some(_) => ExitCode::from(2),
    })
}

/// On the log, as the table may go to stdout.
fn tell(given: &LocateArguments, tally: &PointsTally) {
    let PointsTally {
        rows,
        located,
        outside,
        without,
        bad,
        garbled,
        guess,
        broken,
    } = tally;
    let file = given.input.display();
    if let Some(encoding) = guess {
        tracing::warn!(
            "{file} does not say its encoding and was read as {encoding}, a guess; if names look wrong give --encoding"
        );
    }
    if *garbled > 0 {
        tracing::warn!(
            "{file}: {garbled} rows have bytes that are no text in the encoding in which it was read; name the right one with --encoding"
        );
    }
    if let Some(reason) = broken {
        tracing::warn!("{file} was not read to its end: {reason}");
    }
    tracing::info!(rows, located, outside, without, bad, garbled, "located");
}
