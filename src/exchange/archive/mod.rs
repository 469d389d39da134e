//! Many tiles in one file: PMTiles 3 and MBTiles 1.3. Written beside its place and moved there when it is whole.

mod mbtiles;
mod pmtiles;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use super::file::beside;
use crate::model::{TileFormat, Zooms};
use mbtiles::MbTiles;
use pmtiles::PmTiles;

/// The form of an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArchiveForm {
    /// PMTiles 3 (github.com/protomaps/PMTiles): read over HTTP by ranges.
    PmTiles,
    /// MBTiles 1.3 (github.com/mapbox/mbtiles-spec): an SQLite file.
    MbTiles,
}

impl ArchiveForm {
    /// The form that a file's suffix names.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let suffix = path.extension()?.to_str()?.to_lowercase();
        match suffix.as_str() {
            "pmtiles" => Some(Self::PmTiles),
            "mbtiles" => Some(Self::MbTiles),
            _ => None,
        }
    }
}

/// What an archive says of its tiles.
#[derive(Clone, Debug, PartialEq)]
pub struct ArchiveHead {
    pub name: String,
    /// Whom the map must name; empty for nobody.
    pub attribution: String,
    pub format: TileFormat,
    pub zooms: Zooms,
    /// West, south, east, north in degrees.
    pub bounds: [f64; 4],
    /// Longitude, latitude, zoom.
    pub center: (f64, f64, u8),
    /// One object a layer, as TileJSON has it.
    pub vector_layers: Vec<serde_json::Value>,
}

/// Why an archive could not be written; what lay in its place is still there.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error("{}: is no plain file; an archive is written from several ends and needs one", path.display())]
    NotPlain { path: PathBuf },
    #[error("{}: {source}", path.display())]
    PmTiles {
        path: PathBuf,
        source: ::pmtiles::PmtError,
    },
    #[error("{}: {source}", path.display())]
    MbTiles {
        path: PathBuf,
        source: rusqlite::Error,
    },
}

/// An archive on its way; dropped before [`Archive::finish`], it leaves nothing behind.
pub struct Archive {
    writer: Writer,
    part: TempPath,
    place: PathBuf,
}

enum Writer {
    PmTiles(Box<PmTiles>),
    MbTiles(Box<MbTiles>),
}

impl Archive {
    /// Begins an archive that will lie at `path`; a link is followed.
    ///
    /// # Errors
    /// Where no file can be made there.
    pub fn create(
        path: &Path,
        form: ArchiveForm,
        head: &ArchiveHead,
    ) -> Result<Self, ArchiveError> {
        let place = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        if fs::metadata(&place).is_ok_and(|file| !file.is_file()) {
            return Err(ArchiveError::NotPlain { path: place });
        }
        let part = beside(&place).map_err(|source| io_error(&place, source))?;
        let (file, part) = part.into_parts();
        let writer = match form {
            ArchiveForm::PmTiles => {
                let writer = PmTiles::create(file, head);
                Writer::PmTiles(Box::new(
                    writer.map_err(|source| pmtiles_error(&place, source))?,
                ))
            }
            ArchiveForm::MbTiles => {
                let writer = MbTiles::create(&part, head);
                Writer::MbTiles(Box::new(
                    writer.map_err(|source| mbtiles_error(&place, source))?,
                ))
            }
        };
        Ok(Self {
            writer,
            part,
            place,
        })
    }

    /// Adds a gzipped tile, whose row is counted from the north. Tiles come by zoom, and in each along the Hilbert curve.
    ///
    /// # Errors
    /// Where the file takes no more.
    pub fn add(&mut self, z: u8, x: u32, y: u32, gzip: &[u8]) -> Result<(), ArchiveError> {
        match &mut self.writer {
            Writer::PmTiles(writer) => {
                let added = writer.add(z, x, y, gzip);
                added.map_err(|source| pmtiles_error(&self.place, source))
            }
            Writer::MbTiles(writer) => {
                let added = writer.add(z, x, y, gzip);
                added.map_err(|source| mbtiles_error(&self.place, source))
            }
        }
    }

    /// Brings all to the disk and moves the file to its place, over what lay there; answers its bytes.
    ///
    /// # Errors
    /// Where the file cannot be written to its end or moved.
    pub fn finish(self) -> Result<u64, ArchiveError> {
        let Self {
            writer,
            part,
            place,
        } = self;
        match writer {
            Writer::PmTiles(writer) => {
                let finished = writer.finish();
                finished.map_err(|source| pmtiles_error(&place, source))?;
            }
            Writer::MbTiles(writer) => {
                let finished = writer.finish();
                finished.map_err(|source| mbtiles_error(&place, source))?;
            }
        }
        let settle = || {
            let file = File::open(&part)?;
            file.sync_all()?;
            Ok(file.metadata()?.len())
        };
        let bytes = settle().map_err(|source| io_error(&place, source))?;
        part.persist(&place)
            .map_err(|error| io_error(&place, error.error))?;
        Ok(bytes)
    }
}

fn io_error(path: &Path, source: io::Error) -> ArchiveError {
    ArchiveError::Io {
        path: path.to_owned(),
        source,
    }
}

fn pmtiles_error(path: &Path, source: ::pmtiles::PmtError) -> ArchiveError {
    ArchiveError::PmTiles {
        path: path.to_owned(),
        source,
    }
}

fn mbtiles_error(path: &Path, source: rusqlite::Error) -> ArchiveError {
    ArchiveError::MbTiles {
        path: path.to_owned(),
        source,
    }
}
