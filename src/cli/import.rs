//! `wangge import`.

use std::fmt;
use std::path::Path;
use std::process::ExitCode;
use std::str::FromStr;

use indicatif::{ProgressBar, ProgressStyle};

use crate::app::{ImportJob, Imported, StaffJob, import, import_staff};
use crate::exchange::{ReadOptions, StaffOptions, Verdict, write_report};
use crate::model::{LayerName, NameError, Validity};
use crate::store::Mode;

use super::{Arguments, CommandError, ImportArguments, say};

/// Remarks that are told on the terminal; a report has all.
const TOLD: usize = 10;

/// What a file is imported into.
#[derive(Clone, Debug)]
pub(super) enum Target {
    /// The table of duties, by the name `staff`.
    Staff,
    Layer(LayerName),
}

impl FromStr for Target {
    type Err = NameError;

    fn from_str(given: &str) -> Result<Self, NameError> {
        if given == "staff" {
            Ok(Self::Staff)
        } else {
            given.parse().map(Self::Layer)
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Staff => out.write_str("staff"),
            Self::Layer(name) => name.fmt(out),
        }
    }
}

pub(super) fn run(
    arguments: &Arguments,
    given: &ImportArguments,
) -> Result<ExitCode, CommandError> {
    check_files(arguments, given)?;
    let imported = match &given.layer {
        Target::Staff => import_duties(arguments, given)?,
        Target::Layer(name) => import_features(arguments, given, name)?,
    };
    let written = given
        .report
        .as_ref()
        .map_or(Ok(()), |path| write_report(path, &imported.remarks));
    tell(given, &imported)?;
    if let Err(error) = written {
        // What was asked for is done; only its report is missing.
        tracing::error!(%error, "the import stands, its report could not be written");
    }
    Ok(exit_code(&imported))
}

/// What can be known before anything is done: that there is a file, and that the report has a place of its own.
fn check_files(arguments: &Arguments, given: &ImportArguments) -> Result<(), CommandError> {
    let file = &given.file;
    std::fs::metadata(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let Some(report) = &given.report else {
        return Ok(());
    };
    super::refuse_over(report, &[file, &arguments.store])?;
    let folder = report
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    if !folder.is_dir() || report.is_dir() {
        return Err(format!(
            "--report {}: there is no folder {} for it",
            report.display(),
            folder.display()
        )
        .into());
    }
    Ok(())
}

fn import_features(
    arguments: &Arguments,
    given: &ImportArguments,
    name: &LayerName,
) -> Result<Imported, CommandError> {
    let mode: Mode = given.mode.into();
    let replaced = (mode == Mode::Replace).then_some(name);
    let (mut store, configured) = arguments.open_store_for(name, replaced, given.dry_run)?;
    let job = ImportJob {
        path: given.file.clone(),
        layer: name.clone(),
        options: ReadOptions {
            crs: given.crs,
            fields: given.fields.parse()?,
            only: given.only.clone(),
            source_layer: given.source_layer.clone(),
            encoding: given.encoding.clone(),
            validity: Validity {
                from: given.valid_from,
                to: None,
            },
            strict: given.strict,
            ..ReadOptions::default()
        },
        mode,
        configured,
        dry_run: given.dry_run,
    };
    let bar = bar();
    let imported = import(&mut store, job, &mut |done, total| {
        advance(&bar, done, total);
    });
    bar.finish_and_clear();
    Ok(imported?)
}

fn import_duties(arguments: &Arguments, given: &ImportArguments) -> Result<Imported, CommandError> {
    let meaningless = [
        ("--crs", given.crs.is_some()),
        ("--strict", given.strict),
        ("--where", !given.only.is_empty()),
    ];
    if let Some((option, _)) = meaningless.iter().find(|(_, is_given)| *is_given) {
        return Err(format!("{option} has no meaning for a table of duties; leave it out").into());
    }
    let mut store = arguments.open_store(false)?;
    let options = StaffOptions {
        fields: given.fields.parse()?,
        source_layer: given.source_layer.clone(),
        encoding: given.encoding.clone(),
        validity: Validity {
            from: given.valid_from,
            to: None,
        },
        ..StaffOptions::default()
    };
    let job = StaffJob {
        path: given.file.clone(),
        options,
        mode: given.mode.into(),
        dry_run: given.dry_run,
    };
    Ok(import_staff(&mut store, job)?)
}

fn exit_code(imported: &Imported) -> ExitCode {
    match (imported.accepted, imported.refused) {
        (0, _) => ExitCode::from(1),
        (_, 0) => ExitCode::SUCCESS,
        _ => ExitCode::from(2),
    }
}

/// A bar on a terminal; hidden elsewhere.
fn bar() -> ProgressBar {
    let form = "{spinner} {human_pos} {msg} {wide_bar} {per_sec} {elapsed}";
    let style = ProgressStyle::with_template(form).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::no_length()
        .with_style(style)
        .with_message("features")
}

fn advance(bar: &ProgressBar, done: u64, total: Option<u64>) {
    if let Some(total) = total {
        bar.set_length(total);
    }
    bar.set_position(done);
}

fn tell(given: &ImportArguments, imported: &Imported) -> Result<(), CommandError> {
    for note in &imported.notes {
        say(format_args!("note: {note}"))?;
    }
    for remark in imported.remarks.iter().take(TOLD) {
        let code = remark
            .code
            .as_deref()
            .map_or_else(String::new, |code| format!(", code {code}"));
        let change = match remark.verdict {
            Verdict::Repaired { area_change } => {
                format!(" (area changed by {:.6} %)", area_change * 100.0)
            }
            Verdict::Refused | Verdict::Noted => String::new(),
        };
        say(format_args!(
            "{}: line {}{code}: {}{change}",
            remark.verdict.word(),
            remark.line,
            remark.reason
        ))?;
    }
    let more = imported.remarks.len().saturating_sub(TOLD);
    match (more, &given.report) {
        (0, None) => {}
        (_, Some(report)) => say(format_args!(
            "all {} remarks are in {}",
            imported.remarks.len(),
            report.display()
        ))?,
        (_, None) => say(format_args!(
            "and {more} more; --report FILE writes them all"
        ))?,
    }
    let Imported {
        read,
        accepted,
        repaired,
        refused,
        tally,
        ..
    } = imported;
    say(format_args!(
        "{}: {read} read, {accepted} accepted ({repaired} of them repaired), {refused} refused",
        given.layer
    ))?;
    match imported.version {
        Some(version) => say(format_args!(
            "version {version}: {} added, {} updated, {} ended, {} removed",
            tally.added, tally.updated, tally.ended, tally.removed
        ))?,
        None if given.dry_run => say("a dry run: nothing was written")?,
        None => say("nothing was written")?,
    }
    Ok(())
}
