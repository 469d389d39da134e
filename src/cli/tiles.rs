//! `wangge tiles`.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::signal::unix::{SignalKind, signal};

use crate::app::{self, ArchiveJob, load, write_archive};
use crate::exchange::ArchiveForm;
use crate::model::{Bounds, TileFormat};
use crate::tile::MOST_FEATURES;

use super::{Arguments, CommandError, TilesArguments, say};

/// The forms of a tile.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Format {
    /// Mapbox Vector Tile 2.1
    Mvt,
    /// MapLibre Tile
    Mlt,
}

impl From<Format> for TileFormat {
    fn from(format: Format) -> Self {
        match format {
            Format::Mvt => Self::Mvt,
            Format::Mlt => Self::Mlt,
        }
    }
}

pub(super) fn run(arguments: &Arguments, given: &TilesArguments) -> Result<ExitCode, CommandError> {
    super::refuse_over(&given.output, &[&arguments.store])?;
    let form = ArchiveForm::of(&given.output).ok_or_else(|| {
        format!(
            "{}: its suffix names no archive of tiles; write .pmtiles or .mbtiles",
            given.output.display()
        )
    })?;
    let job = ArchiveJob {
        path: given.output.clone(),
        form,
        layers: given.layers.clone(),
        format: given.format.into(),
        min_zoom: given.min_zoom,
        max_zoom: given.max_zoom,
        within: given
            .bbox
            .as_deref()
            .map(|given| Bounds::parse_degrees("bbox", given))
            .transpose()?,
        at: given.at.unwrap_or_else(app::now),
        name: given.name.clone(),
        attribution: given.attribution.clone(),
    };
    let snapshot = load(&mut arguments.open_store(false)?, Arc::default())?;
    let stop = stop_on_signal()?;
    let bar = bar();
    let archived = write_archive(&snapshot, &job, &stop, &mut |done, total| {
        bar.set_length(total);
        bar.set_position(done);
    });
    bar.finish_and_clear();
    let archived = archived?;
    let bounded = match archived.bounded {
        0 => String::new(),
        count => format!(
            "; in {count} of them the smallest features are gathered, to keep within {} bytes or {} features a layer",
            app::MOST_BYTES,
            MOST_FEATURES
        ),
    };
    say(format_args!(
        "{}: {} tiles at zooms {} to {}, {} bytes{bounded}",
        given.output.display(),
        archived.tiles,
        archived.zooms.min,
        archived.zooms.max,
        archived.bytes
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// A bar on a terminal; hidden elsewhere.
fn bar() -> ProgressBar {
    let form = "{spinner} {human_pos} of {human_len} tiles {wide_bar} {per_sec} {eta}";
    let style = ProgressStyle::with_template(form).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::no_length().with_style(style)
}

/// A flag that SIGINT or SIGTERM sets, so that the work can take its file away before it ends.
fn stop_on_signal() -> std::io::Result<Arc<AtomicBool>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()?;
    let (mut interrupt, mut terminate) = {
        let _within = runtime.enter();
        (
            signal(SignalKind::interrupt())?,
            signal(SignalKind::terminate())?,
        )
    };
    let stop = Arc::new(AtomicBool::new(false));
    let set = Arc::clone(&stop);
    std::thread::spawn(move || {
        runtime.block_on(async {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        });
        set.store(true, Ordering::Relaxed);
    });
    Ok(stop)
}
