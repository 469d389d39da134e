//! `wangge scheme`.

use std::process::ExitCode;

use clap::Subcommand;

use crate::model::Scheme;

use super::{Arguments, CommandError, say};

#[derive(Debug, Subcommand)]
pub(super) enum SchemeCommand {
    /// Declare a scheme; the first one without --overlay is the base scheme
    Add {
        name: String,
        /// Level names, top first: county,street,community,grid
        #[arg(long, value_delimiter = ',', required = true)]
        levels: Vec<String>,
        /// Answers beside the base scheme
        #[arg(long)]
        overlay: bool,
        /// Order among the schemes of one answer; the higher comes first
        #[arg(long, default_value_t = 0, allow_hyphen_values = true)]
        priority: i32,
    },
    /// List the schemes
    List,
    /// Remove a scheme; its layers stay
    Remove { name: String },
}

pub(super) fn run(
    arguments: &Arguments,
    command: &SchemeCommand,
) -> Result<ExitCode, CommandError> {
    match command {
        SchemeCommand::Add {
            name,
            levels,
            overlay,
            priority,
        } => {
            let scheme = Scheme::new(
                name,
                levels.iter().map(|level| level.trim()),
                *overlay,
                *priority,
            )?;
            let mut store = arguments.open_store(true)?;
            let change = store.change()?;
            change.add_scheme(&scheme)?;
            change.commit()?;
            say(format_args!(
                "scheme {name} is declared; import its levels with --layer {}",
                layers(&scheme)
            ))?;
        }
        SchemeCommand::List => {
            let mut has_base = false;
            for scheme in arguments.open_store(false)?.read()?.schemes()? {
                let is_base = !scheme.is_overlay() && !has_base;
                has_base |= is_base;
                let kind = if is_base { "base" } else { "overlay" };
                say(format_args!(
                    "{}\t{kind}\tpriority {}\t{}",
                    scheme.name(),
                    scheme.priority(),
                    layers(&scheme)
                ))?;
            }
        }
        SchemeCommand::Remove { name } => {
            let mut store = arguments.open_store(false)?;
            let change = store.change()?;
            change.remove_scheme(name)?;
            change.commit()?;
            say(format_args!("scheme {name} is removed; its layers stay"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn layers(scheme: &Scheme) -> String {
    let layers: Vec<&str> = scheme
        .levels()
        .iter()
        .map(|level| level.layer.as_str())
        .collect();
    layers.join(", ")
}
