//! All tiles of some layers into one file, made on all cores from one snapshot.

mod in_order;

use std::io::Write;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::exchange::{Archive, ArchiveError, ArchiveForm, ArchiveHead};
use crate::model::{Access, Bounds, LayerName, TileFormat, Time, Zooms};
use crate::snapshot::{LayerSnapshot, Snapshot};
use crate::tile::{NotShown, Pyramid, Shown, TileAddress, TileError, TileOptions, Tileset};

use super::bounded::{Bounded, Drawing};
use in_order::in_order;

/// Which tiles go where.
#[derive(Clone, Debug)]
pub struct ArchiveJob {
    pub path: PathBuf,
    pub form: ArchiveForm,
    /// Layers and, as `{layer}.label`, their labels.
    pub layers: Vec<String>,
    pub format: TileFormat,
    /// The zooms, where not all at which the layers are drawn.
    pub min_zoom: Option<u8>,
    pub max_zoom: Option<u8>,
    /// Only tiles that touch it; each is whole.
    pub within: Option<Bounds>,
    pub at: Time,
    /// What the archive calls itself; the titles of its layers where `None`.
    pub name: Option<String>,
    /// Whom the map must name.
    pub attribution: Option<String>,
}

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Archived {
    pub tiles: u64,
    pub zooms: Zooms,
    /// Of the whole file.
    pub bytes: u64,
    /// How many tiles draw some features in the place of others because all would be too much.
    pub bounded: u64,
}

/// Why no archive was written; what lay in its place is still there.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveJobError {
    #[error("there is no layer {given}; there are: {known}")]
    NoLayer { given: String, known: String },
    #[error("layer {name} is named twice; name it once")]
    Repeated { name: String },
    #[error("--min-zoom {min} is deeper than --max-zoom {max}; exchange them")]
    Order { min: u8, max: u8 },
    #[error(
        "zooms {min} to {max} are asked for, but these layers are drawn at zooms {} to {} only", drawn.min, drawn.max
    )]
    NotDrawn { min: u8, max: u8, drawn: Zooms },
    #[error(
        "no tile has anything to show: the layers are empty at that time, or nothing of them lies in the box; nothing was written"
    )]
    Nothing,
    #[error("stopped; nothing was written")]
    Stopped,
    #[error(transparent)]
    Tile(#[from] TileError),
    #[error("a tile could not be compressed: {0}")]
    Packing(#[from] std::io::Error),
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

/// Writes the archive: all tiles that show something, with simplified borders, or no file at all. `progress` hears how many tiles of how many were
/// looked at; the work ends early where `stop` is set.
///
/// # Errors
/// Where the layers or zooms cannot be, there is nothing to show, the file cannot be written, or the work was stopped.
pub fn write_archive(
    snapshot: &Snapshot,
    job: &ArchiveJob,
    stop: &AtomicBool,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Archived, ArchiveJobError> {
    snapshot.simplify(threads());
    let shown = shown(snapshot, job)?;
    let zooms = zooms(&shown, job)?;
    let head = head(&shown, zooms, job).ok_or(ArchiveJobError::Nothing)?;
    let options = TileOptions {
        labels: &shown.labels,
        ..TileOptions::default()
    };
    let pyramid = Pyramid::new(&shown.layers, zooms, job.within, job.at, &options);
    let mut archive = Archive::create(&job.path, job.form, &head)?;
    let total = count(pyramid.clone(), stop)?;
    let drawing = Drawing {
        layers: &shown.layers,
        at: job.at,
        access: Access::LOCAL,
        options,
        format: job.format,
        level: Compression::default(),
    };
    let (mut looked, mut tiles, mut bounded) = (0, 0, 0);
    let make = |address| {
        let tile = drawing.bounded(address)?;
        Ok((address, tile.map(packed).transpose()?))
    };
    let take = |made: Result<(TileAddress, Option<Packed>), ArchiveJobError>| {
        check(stop)?;
        let (address, tile) = made?;
        if let Some(tile) = tile {
            archive.add(address.z(), address.x(), address.y(), &tile.gzip)?;
            tiles += 1;
            bounded += u64::from(tile.is_bounded);
        }
        looked += 1;
        progress(looked, total);
        Ok::<_, ArchiveJobError>(())
    };
    in_order(pyramid, threads(), make, take)?;
    if tiles == 0 {
        return Err(ArchiveJobError::Nothing);
    }
    check(stop)?;
    let bytes = archive.finish()?;
    Ok(Archived {
        tiles,
        zooms,
        bytes,
        bounded,
    })
}

fn check(stop: &AtomicBool) -> Result<(), ArchiveJobError> {
    if stop.load(Ordering::Relaxed) {
        Err(ArchiveJobError::Stopped)
    } else {
        Ok(())
    }
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// How many tiles will be looked at: the walk alone takes a small part of the time that drawing takes.
fn count(pyramid: Pyramid<'_>, stop: &AtomicBool) -> Result<u64, ArchiveJobError> {
    let mut total = 0;
    for _ in pyramid {
        total += 1;
        check(stop)?;
    }
    Ok(total)
}

fn shown<'a>(snapshot: &'a Snapshot, job: &ArchiveJob) -> Result<Shown<'a>, ArchiveJobError> {
    let mut shown = Shown::default();
    for name in &job.layers {
        shown.add(snapshot, name).map_err(|reason| match reason {
            NotShown::Unknown => {
                let known: Vec<&str> = snapshot.layers.keys().map(LayerName::as_str).collect();
                ArchiveJobError::NoLayer {
                    given: name.clone(),
                    known: known.join(", "),
                }
            }
            NotShown::Repeated => ArchiveJobError::Repeated { name: name.clone() },
        })?;
    }
    Ok(shown)
}

/// The zooms that are asked for and drawn.
fn zooms(shown: &Shown<'_>, job: &ArchiveJob) -> Result<Zooms, ArchiveJobError> {
    let drawn = Tileset::of(&shown.layers, &shown.labels, Access::LOCAL).zooms;
    let (min, max) = (
        job.min_zoom.unwrap_or(drawn.min),
        job.max_zoom.unwrap_or(drawn.max),
    );
    match (job.min_zoom, job.max_zoom) {
        (Some(min), Some(max)) if min > max => return Err(ArchiveJobError::Order { min, max }),
        _ => {}
    }
    let zooms = Zooms {
        min: min.max(drawn.min),
        max: max.min(drawn.max),
    };
    if zooms.min > zooms.max {
        return Err(ArchiveJobError::NotDrawn { min, max, drawn });
    }
    Ok(zooms)
}

/// What the archive says of itself; `None` where the layers have no ground in the box.
fn head(shown: &Shown<'_>, zooms: Zooms, job: &ArchiveJob) -> Option<ArchiveHead> {
    let tileset = Tileset::within(
        &shown.layers,
        &shown.labels,
        zooms,
        job.within,
        Access::LOCAL,
    );
    let title = |snapshot: &LayerSnapshot| {
        let layer = snapshot.layer();
        let titles = [&layer.title.zh, &layer.title.en];
        let title = titles.into_iter().find(|title| !title.is_empty());
        title.map_or_else(|| layer.name.to_string(), Clone::clone)
    };
    let mut titles: Vec<String> = Vec::new();
    for title in shown.all().map(title) {
        if !titles.contains(&title) {
            titles.push(title);
        }
    }
    Some(ArchiveHead {
        name: job.name.clone().unwrap_or_else(|| titles.join("、")),
        attribution: job.attribution.clone().unwrap_or_default(),
        format: job.format,
        zooms,
        bounds: tileset.bounds?,
        center: tileset.center?,
        vector_layers: tileset.vector_layers,
    })
}

/// A tile as it lies in an archive.
struct Packed {
    gzip: Vec<u8>,
    is_bounded: bool,
}

/// A short tile is packed too.
fn packed(tile: Bounded) -> Result<Packed, ArchiveJobError> {
    let is_bounded = !tile.dropped.is_empty();
    if let Some(gzip) = tile.gzip {
        return Ok(Packed { gzip, is_bounded });
    }
    let room = Vec::with_capacity(tile.bytes.len());
    let mut encoder = GzEncoder::new(room, Compression::default());
    encoder.write_all(&tile.bytes)?;
    let gzip = encoder.finish()?;
    Ok(Packed { gzip, is_bounded })
}
