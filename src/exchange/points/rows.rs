//! A piece of rows on their way: the point of each, and what is written of it before and behind what is added.

use std::io::Read;

use super::lines::LineWriter;
use super::table::TableWriter;
use super::{Code, PIECE, PointLines, PointTable, RowPoint, TableError};

/// Rows that were read and not yet written.
#[derive(Debug, Default)]
pub struct Rows {
    points: Vec<RowPoint>,
    text: Vec<u8>,
    /// For each row where in `text` the part before the added cells ends, and the part behind them.
    ends: Vec<[usize; 2]>,
    /// Row and number of an added name that the row has a member of, in order.
    taken: Vec<(usize, usize)>,
    garbled: u64,
}

impl Rows {
    /// The point of each row.
    #[must_use]
    pub fn points(&self) -> &[RowPoint] {
        &self.points
    }

    /// How many rows have bytes that are no text in the encoding in which they were read.
    #[must_use]
    pub fn garbled(&self) -> u64 {
        self.garbled
    }

    /// Counts the next row as one that has such bytes.
    pub(super) fn mark_garbled(&mut self) {
        self.garbled += 1;
    }

    pub(super) fn is_full(&self) -> bool {
        self.points.len() >= PIECE
    }

    pub(super) fn clear(&mut self) {
        self.points.clear();
        self.text.clear();
        self.ends.clear();
        self.taken.clear();
        self.garbled = 0;
    }

    /// Appends a row of which `before` and `behind` are written around what is added.
    pub(super) fn push(&mut self, point: RowPoint, before: &[u8], behind: &[u8]) {
        self.points.push(point);
        self.text.extend_from_slice(before);
        let middle = self.text.len();
        self.text.extend_from_slice(behind);
        self.ends.push([middle, self.text.len()]);
    }

    /// Says that the next row has a member of its own by the name of an added one.
    pub(super) fn mark_taken(&mut self, name: usize) {
        self.taken.push((self.points.len(), name));
    }

    /// What of a row is written before and behind what is added.
    pub(super) fn parts(&self, row: usize) -> (&[u8], &[u8]) {
        let start = match row {
            0 => 0,
            _ => self.ends[row - 1][1],
        };
        let [middle, end] = self.ends[row];
        (&self.text[start..middle], &self.text[middle..end])
    }

    /// The numbers of the added names that a row has members of.
    pub(super) fn taken(&self, row: usize) -> &[(usize, usize)] {
        let from = self.taken.partition_point(|&(other, _)| other < row);
        let to = self.taken.partition_point(|&(other, _)| other <= row);
        &self.taken[from..to]
    }
}

/// What is added to one row.
#[derive(Clone, Copy, Debug, Default)]
pub struct FoundCells<'a> {
    /// How the point lies, and whether its owner is certain; `None` where there is no point.
    pub outcome: Option<(&'a str, bool)>,
    pub error: Option<&'a str>,
}

/// A row, and what is added to it.
#[derive(Clone, Copy, Debug)]
pub struct FoundRow<'a> {
    pub rows: &'a Rows,
    /// Its number among the rows.
    pub row: usize,
    pub cells: FoundCells<'a>,
    /// One for each level.
    pub codes: &'a [Option<Code<'a>>],
}

/// One of the values that are added to a row.
#[derive(Clone, Copy, Debug)]
pub(super) enum FoundValue<'a> {
    None,
    Truth(bool),
    /// A word of ours, which every form writes as it is.
    Word(&'a str),
    Code(Code<'a>),
    Text(&'a str),
}

impl<'a> FoundRow<'a> {
    /// What is written before and behind what is added.
    pub(super) fn parts(&self) -> (&'a [u8], &'a [u8]) {
        self.rows.parts(self.row)
    }

    /// Whether the row has a member of its own by the name of this one of the added.
    pub(super) fn has_own(&self, number: usize) -> bool {
        let taken = self.rows.taken(self.row);
        taken.iter().any(|&(_, name)| name == number)
    }

    /// Hands over what is added, in order, with the number of its name.
    pub(super) fn each_value(&self, mut take: impl FnMut(usize, FoundValue<'a>)) {
        let (outcome, certain) = match self.cells.outcome {
            None => (FoundValue::None, FoundValue::None),
            Some((outcome, certain)) => (FoundValue::Word(outcome), FoundValue::Truth(certain)),
        };
        take(0, outcome);
        take(1, certain);
        for (number, code) in (2..).zip(self.codes) {
            take(number, code.map_or(FoundValue::None, FoundValue::Code));
        }
        let error = self.cells.error.map_or(FoundValue::None, FoundValue::Text);
        take(2 + self.codes.len(), error);
    }
}

/// Rows of points in one of the forms that keep their rows.
#[derive(Debug)]
pub enum PointRows<R> {
    Table(Box<PointTable<R>>),
    Lines(PointLines<R>),
}

impl<R: Read> PointRows<R> {
    /// The names of the columns, where all rows have the same.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        match self {
            Self::Table(table) => table.columns(),
            Self::Lines(_) => &[],
        }
    }

    /// The encoding in which a table was read so far, where that is a guess.
    #[must_use]
    pub fn guess(&self) -> Option<&'static str> {
        match self {
            Self::Table(table) => table.guess(),
            Self::Lines(_) => None,
        }
    }

    /// Takes the names that are added: outcome, certain, those of the levels, error, each with the name that is used where a row
    /// has the first one already; and writes what stands before the first row.
    pub fn begin(&mut self, names: &[(String, String)], out: &mut Vec<u8>) -> RowWriter {
        match self {
            Self::Table(table) => RowWriter::Table(table.begin(names, out)),
            Self::Lines(lines) => RowWriter::Lines(lines.begin(names)),
        }
    }

    /// Reads what has arrived, a piece at most; `false` after the last row.
    ///
    /// # Errors
    /// Where the input cannot be read on.
    pub fn read(&mut self, rows: &mut Rows) -> Result<bool, TableError> {
        match self {
            Self::Table(table) => table.read(rows),
            Self::Lines(lines) => lines.read(rows),
        }
    }
}

/// Writes rows with what was found, while others are read.
#[derive(Debug)]
pub enum RowWriter {
    Table(TableWriter),
    Lines(LineWriter),
}

impl RowWriter {
    /// Writes a row with what was found.
    pub fn write(&self, row: FoundRow<'_>, out: &mut Vec<u8>) {
        match self {
            Self::Table(table) => table.write(row, out),
            Self::Lines(lines) => lines.write(row, out),
        }
    }
}
