//! Points in many rows: tables, lines of JSON, one JSON document, Arrow streams. Each is read in pieces, so that any number of
//! rows needs the memory of one piece, and written back with what was found beside what was given.

mod arrow;
mod code;
mod json;
mod lines;
mod number;
mod quotes;
mod record;
mod rows;
mod spool;
mod table;
mod text;
mod window;

use std::io;

use crate::model::LonLat;

pub use arrow::{
    CodedColumn, CodedTexts, FoundBatches, FoundColumns, PointBatch, PointBatches, TextList,
};
pub use code::Code;
pub use json::{PointsDocument, PointsJsonError, QuestionTexts};
pub use lines::{LineWriter, PointLines};
pub use rows::{FoundCells, FoundRow, PointRows, RowWriter, Rows};
pub use spool::{PointSpool, SpooledPoints};
pub use table::{PointColumns, PointTable, TableWriter};

/// Longest row or line that is read, bytes; real ones have a few hundred.
const LONGEST_ROW: usize = 1 << 20;
/// Rows of one piece: enough to spread what a question to the index costs, few enough to stay in the processor's cache.
pub const PIECE: usize = 8192;

/// The point of one row.
#[derive(Clone, Debug, PartialEq)]
pub enum RowPoint {
    At(LonLat),
    /// The row has no coordinates.
    None,
    /// Something stands there that is no point: what, and why not.
    Bad(Box<str>),
}

/// Why rows are no rows of points, or cannot be read on.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    #[error("the table has no header line")]
    NoHeader,
    #[error("no column {wanted}; columns are {columns}{hint}")]
    NoColumn {
        wanted: String,
        columns: String,
        /// Empty, or how the encoding was guessed.
        hint: String,
    },
    #[error(
        "charset {given:?} is no encoding that is known; use UTF-8, GBK or another name of the web's"
    )]
    Charset { given: String },
    #[error("the header line is longer than {} KB", LONGEST_ROW >> 10)]
    LongHeader,
    #[error(
        "a quote that opens in the header line does not close in it; write two where one is meant"
    )]
    OpenHeader,
    #[error("column {column} is {given}; send Float64 or Float32, in degrees or as crs says")]
    ColumnType { column: String, given: String },
    #[error(
        "the Arrow stream is broken before byte {at}: {reason}; what stands before that was read"
    )]
    Arrow { at: u64, reason: String },
    #[error("cannot read the points: {0}")]
    Read(io::Error),
    #[error("cannot write the points: {0}")]
    Write(io::Error),
}

/// The beginning of what was given, characters enough to find it again.
fn shortened(given: &str) -> String {
    const CHARACTERS: usize = 60;
    given.chars().take(CHARACTERS).collect()
}

/// Why a field's value is no coordinate.
fn no_number(field: &str, value: &str) -> Box<str> {
    match value.trim() {
        "" => format!("{field} is empty").into(),
        _ => format!("{field} is {:?}, not a number", shortened(value)).into(),
    }
}

/// Appends a text as a string of JSON.
pub fn push_json(text: &str, out: &mut Vec<u8>) {
    let is_plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
    if text.bytes().all(is_plain) {
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    } else {
        // A vector takes whatever is written.
        let _ = serde_json::to_writer(out, text);
    }
}
