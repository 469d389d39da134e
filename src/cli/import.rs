//! `wangge import`.

use std::process::ExitCode;

use indicatif::{ProgressBar, ProgressStyle};

use crate::app::{ImportJob, Imported, import, import_staff};
use crate::exchange::{ReadOptions, Verdict, write_report};
use crate::model::Validity;

use super::{Arguments, CommandError, ImportArguments, say};

/// The layer name that takes duties instead of features.
const STAFF: &str = "staff";
/// Remarks that are told on the terminal; a report has all.
const TOLD: usize = 10;

pub(super) fn run(
    arguments: &Arguments,
    given: &ImportArguments,
) -> Result<ExitCode, CommandError> {
    let job = ImportJob {
        path: given.file.clone(),
        layer: given.layer.clone(),
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
        mode: given.mode.into(),
        dry_run: given.dry_run,
    };
    let mut store = arguments.open_store(true)?;
    let imported = if job.layer.as_str() == STAFF {
        import_staff(&mut store, &job)?
    } else {
        let bar = bar();
        let imported = import(&mut store, job, &mut |done, total| {
            advance(&bar, done, total);
        });
        bar.finish_and_clear();
        imported?
    };
    if let Some(path) = &given.report {
        write_report(path, &imported.remarks)?;
    }
    tell(given, &imported)?;
    Ok(exit_code(&imported))
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
