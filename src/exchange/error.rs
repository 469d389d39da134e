//! Why a file cannot be read at all.

use std::path::PathBuf;

use super::crs::TransformError;

/// A file from which nothing is taken.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("{}: {source}", path.display())]
    Io {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{}: cannot be unpacked: {reason}", path.display())]
    Packed { path: PathBuf, reason: String },
    #[error("{}: is no map or table that can be read: {reason}", path.display())]
    Format { path: PathBuf, reason: String },
    #[error("{}: holds several layers: {}; name one with --source-layer", path.display(), names.join(", "))]
    SeveralLayers { path: PathBuf, names: Vec<String> },
    #[error("{}: holds no layer of features, only tiles or nothing", path.display())]
    NoLayer { path: PathBuf },
    #[error("{}: has no layer {given:?}; it has {}", path.display(), names.join(", "))]
    UnknownLayer {
        path: PathBuf,
        given: String,
        names: Vec<String>,
    },
    #[error("{}: holds several files: {}; unpack one, or name it with --source-layer", path.display(), names.join(", "))]
    SeveralFiles { path: PathBuf, names: Vec<String> },
    #[error("{}: has no field {given:?}, which --fields names for {target}; it has {}", path.display(), names.join(", "))]
    UnknownField {
        path: PathBuf,
        target: String,
        given: String,
        names: Vec<String>,
    },
    #[error(
        "{}: has no field {given:?}, which --where names; it has {}",
        path.display(),
        names.join(", ")
    )]
    NoField {
        path: PathBuf,
        given: String,
        names: Vec<String>,
    },
    #[error(
        "{}: has no field for the code that every grid needs; name it with --fields code=FIELD; it has {}{hint}",
        path.display(),
        names.join(", ")
    )]
    NoCode {
        path: PathBuf,
        names: Vec<String>,
        /// Empty, or how the encoding was guessed.
        hint: String,
    },
    #[error(
        "{}: has no geometry and no columns lon and lat (or 经度 and 纬度, x and y) or wkt; name them with --fields lon=COLUMN,lat=COLUMN or wkt=COLUMN; it has {}{hint}",
        path.display(),
        names.join(", ")
    )]
    NoPlace {
        path: PathBuf,
        names: Vec<String>,
        /// Empty, or how the encoding was guessed.
        hint: String,
    },
    #[error("{}: needs a column {missing}; it has {}{hint}", path.display(), names.join(", "))]
    NoColumn {
        path: PathBuf,
        missing: String,
        names: Vec<String>,
        /// Empty, or how the encoding was guessed.
        hint: String,
    },
    #[error(
        "{}: says no coordinate reference system, and its coordinates cannot be degrees ({reason}); give --crs EPSG:n",
        path.display()
    )]
    NoCrs { path: PathBuf, reason: String },
    #[error(
        "{}: x and y look swapped: most points lie outside the area of use of {system} as they are, and inside it with x and y \
         exchanged; x is east, exchange the two columns or axes",
        path.display()
    )]
    Swapped { path: PathBuf, system: String },
    #[error("{}: {source}", path.display())]
    Crs {
        path: PathBuf,
        source: TransformError,
    },
    #[error(
        "encoding {given:?} is unknown; use UTF-8, GBK, GB18030, Big5, windows-1252 or another label of the web's encodings"
    )]
    Encoding { given: String },
    #[error("{}: broke off after {read} features: {reason}; nothing was taken from it", path.display())]
    Broken {
        path: PathBuf,
        read: u64,
        reason: String,
    },
}

impl ReadError {
    /// The same error, with the words on a guessed encoding where it lists column names.
    pub(super) fn hinted(mut self, words: &str) -> Self {
        if let Self::NoCode { hint, .. }
        | Self::NoPlace { hint, .. }
        | Self::NoColumn { hint, .. } = &mut self
        {
            words.clone_into(hint);
        }
        self
    }
}
