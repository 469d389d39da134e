//! The `wangge` program: arguments, log, error chain, exit code.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use clap::Parser;
use tracing_subscriber::EnvFilter;
use wangge::cli::{Arguments, LogForm, run};

/// Room that is given back soon is given out again without asking the system: a tile takes megabytes for some milliseconds.
#[global_allocator]
static HEAP: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(answer) => {
            // Help and version are answers, all else is a refusal; where nobody listens there is nobody to tell.
            let _ = answer.print();
            return if answer.use_stderr() {
                ExitCode::FAILURE
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    start_log(arguments.log());
    match run(&arguments) {
        Ok(code) => code,
        Err(error) => {
            let mut text = format!("wangge: {error}");
            let mut cause = error.source();
            while let Some(inner) = cause {
                // Messages that tell their cause themselves need it no second time.
                if !text.contains(&inner.to_string()) {
                    text += ": ";
                    text += &inner.to_string();
                }
                cause = inner.source();
            }
            // Where stderr is gone there is nobody left to tell.
            let _ = writeln!(std::io::stderr(), "{text}");
            ExitCode::FAILURE
        }
    }
}

/// Structured log on stderr; `RUST_LOG` says how much of it.
fn start_log(form: Option<LogForm>) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let is_text = match form {
        Some(LogForm::Text) => true,
        Some(LogForm::Json) => false,
        None => std::io::stderr().is_terminal(),
    };
    if is_text {
        log.init();
    } else {
        log.json().init();
    }
}
