//! `wangge export`.

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use clap::ValueEnum;

use crate::app::{self, load};
use crate::exchange::{write_geojson, write_whole};
use crate::model::{Access, Bounds};
use crate::query::features_within;

use super::{Arguments, CommandError, ExportArguments};

/// The forms that a layer can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// RFC 7946
    Geojson,
}

impl Format {
    fn of(path: &Path) -> Option<Self> {
        let suffix = path.extension()?.to_str()?.to_lowercase();
        matches!(suffix.as_str(), "geojson" | "json").then_some(Self::Geojson)
    }
}

pub(super) fn run(
    arguments: &Arguments,
    given: &ExportArguments,
) -> Result<ExitCode, CommandError> {
    super::refuse_over(&given.output, &[&arguments.store])?;
    let format = given.format.or_else(|| Format::of(&given.output)).ok_or_else(|| {
        format!("{}: its suffix names no form that this version writes; write .geojson, or say --format geojson", given.output.display())
    })?;
    let bounds = given
        .bbox
        .as_deref()
        .map(|given| Bounds::parse_degrees("bbox", given))
        .transpose()?;
    let snapshot = load(&mut arguments.open_store(false)?, Arc::default())?;
    let Some(layer) = snapshot.layers.get(&given.layer) else {
        let names: Vec<&str> = snapshot
            .layers
            .keys()
            .map(crate::model::LayerName::as_str)
            .collect();
        return Err(format!(
            "there is no layer {}; there are: {}",
            given.layer,
            names.join(", ")
        )
        .into());
    };
    let at = given.at.unwrap_or_else(app::now);
    let write = |output: &mut dyn Write| match format {
        Format::Geojson => {
            let features = features_within(layer, bounds, at);
            write_geojson(output, layer.layer(), features.into_iter(), Access::LOCAL)
        }
    };
    let count = if given.output.as_os_str() == "-" {
        write(&mut BufWriter::new(io::stdout().lock()))?
    } else {
        write_whole(&given.output, |output| write(output))??
    };
    tracing::info!(layer = %given.layer, features = count, "exported");
    Ok(ExitCode::SUCCESS)
}
