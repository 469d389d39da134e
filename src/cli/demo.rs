//! `wangge demo`.

use std::process::ExitCode;

use crate::app::fill_demo;

use super::{Arguments, CommandError, DemoArguments, say};

pub(super) fn run(arguments: &Arguments, given: &DemoArguments) -> Result<ExitCode, CommandError> {
    let mut store = arguments.open_store(true)?;
    let filled = fill_demo(&mut store, given.place.as_deref())?;
    say(format_args!(
        "version {}: {} layers, {} features, {} duties; see them with `wangge --store {} serve`",
        filled.version,
        filled.layers,
        filled.features,
        filled.duties,
        arguments.store.display()
    ))?;
    Ok(ExitCode::SUCCESS)
}
