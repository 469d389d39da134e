//! Points in, the same points with their owners out: in order, piece by piece, in bounded memory.

mod batches;
mod coder;
mod document;
mod locator;
mod pieces;
mod question;
mod rows;

pub use batches::locate_batches;
pub use document::locate_document;
pub use question::{PointsError, PointsQuestion};
pub use rows::locate_rows;

/// What became of many points.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PointsTally {
    pub rows: u64,
    /// Rows with an owner.
    pub located: u64,
    /// Rows whose point no grid holds.
    pub outside: u64,
    /// Rows without coordinates.
    pub without: u64,
    /// Rows whose coordinates cannot be.
    pub bad: u64,
    /// Rows with bytes that are no text in the encoding in which the table was read.
    pub garbled: u64,
    /// The encoding in which a table was read, where that is a guess.
    pub guess: Option<&'static str>,
    /// Why the input was not read to its end, where it was not.
    pub broken: Option<String>,
}
