//! Tables of points: CSV in, the same rows with added columns out.

mod lost;
mod writer;

use std::fmt;
use std::io::Read;

use encoding_rs::Encoding;

use super::super::columns::{LAT, LON};
use super::super::table::delimiter;
use super::quotes::is_break;
use super::record::{Record, Step, push_cell};
use super::rows::Rows;
use super::text::{self, Text};
use super::window::Window;
use super::{LONGEST_ROW, RowPoint, TableError, number};
use crate::model::LonLat;

pub use writer::TableWriter;

/// Which columns hold the point, where the names do not tell, and how the text is encoded, where it is known.
#[derive(Clone, Debug, Default)]
pub struct PointColumns {
    pub lon: Option<String>,
    pub lat: Option<String>,
    /// By a name that the web knows; `None` for a guess from the table's beginning.
    pub charset: Option<String>,
}

/// A table being read; its rows may be short or long and are kept as they are.
pub struct PointTable<R> {
    text: Window<Text<R>>,
    record: Record,
    columns: Vec<String>,
    /// The header line as it was written.
    header: Vec<u8>,
    lon: usize,
    lat: usize,
    delimiter: u8,
    /// The encoding that was guessed from the head.
    guess: Option<&'static Encoding>,
    /// The line on which the record being read begins, or a blank one before it.
    line: u64,
    /// Bytes of the window, from its beginning, in which a quote that is open at the end of a line was searched for its end and
    /// had none: there each line is taken by itself. So nothing is searched twice.
    searched: usize,
    /// The rest of a line that is too long is still to come.
    is_within: bool,
}

impl<R> fmt::Debug for PointTable<R> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "PointTable({})", self.columns.join(", "))
    }
}

impl<R: Read> PointTable<R> {
    /// Opens a CSV table: what its byte order mark says, else what `columns` says, else UTF-8, GBK or another encoding by a guess
    /// from its head; comma, semicolon, tab or bar.
    ///
    /// # Errors
    /// Where the header is missing or names no coordinates.
    pub fn open(input: R, columns: &PointColumns) -> Result<Self, TableError> {
        let (text, guess) = text::open(input, columns.charset.as_deref())?;
        let delimiter = delimiter(text.held());
        let mut table = Self {
            text,
            record: Record::new(delimiter),
            columns: Vec::new(),
            header: Vec::new(),
            lon: 0,
            lat: 0,
            delimiter,
            guess,
            line: 1,
            searched: 0,
            is_within: false,
        };
        table.read_header()?;
        table.lon = find(&table.columns, columns.lon.as_deref(), &LON, guess)?;
        table.lat = find(&table.columns, columns.lat.as_deref(), &LAT, guess)?;
        Ok(table)
    }

    /// The names of the columns.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The encoding in which the text was read so far, where that is a guess.
    #[must_use]
    pub fn guess(&self) -> Option<&'static str> {
        let late = self.text.input().guess();
        self.guess.or(late).map(Encoding::name)
    }

    fn read_header(&mut self) -> Result<(), TableError> {
        loop {
            match self.record.step(&self.text) {
                Step::Record => break,
                Step::End => return Err(TableError::NoHeader),
                Step::More if self.record.length > LONGEST_ROW => {
                    return Err(TableError::LongHeader);
                }
                Step::More => self.text.read_on().map_err(TableError::Read)?,
            }
        }
        let quotes = self.quotes();
        if quotes.is_open || quotes.is_torn {
            return Err(TableError::OpenHeader);
        }
        let names = (0..self.record.count).map(|column| self.record.cell(column));
        self.columns = names
            .map(|name| String::from_utf8_lossy(name).trim().to_owned())
            .collect();
        let mut rows = Rows::default();
        self.push_record(&mut rows, RowPoint::None);
        self.header = rows.parts(0).0.to_vec();
        self.next_record();
        Ok(())
    }

    pub(super) fn begin(&self, names: &[(String, String)], out: &mut Vec<u8>) -> TableWriter {
        out.extend_from_slice(&self.header);
        TableWriter::begin(self.delimiter, &self.columns, names, out)
    }

    pub(super) fn read(&mut self, rows: &mut Rows) -> Result<bool, TableError> {
        rows.clear();
        while !rows.is_full() {
            if self.is_within {
                self.pass();
            }
            if self.takes_line_alone(rows) {
                continue;
            }
            match self.record.step(&self.text) {
                // What is too long is lost as where its end has not arrived.
                Step::Record if self.is_long() || self.is_swallowing() => self.lose(rows),
                Step::Record => {
                    let point = self.point();
                    self.push_record(rows, point);
                    self.next_record();
                }
                Step::End => break,
                Step::More if self.record.length > LONGEST_ROW => self.lose(rows),
                // What has arrived is answered before more is waited for.
                Step::More if !rows.points().is_empty() => break,
                Step::More => self.text.read_on().map_err(TableError::Read)?,
            }
        }
        Ok(!rows.points().is_empty())
    }

    fn next_record(&mut self) {
        self.drop(self.record.length);
        self.record.clear();
        self.line = self.record.line();
    }

    fn drop(&mut self, count: usize) {
        self.text.take(count);
        self.searched = self.searched.saturating_sub(count);
    }

    fn point(&self) -> RowPoint {
        let cell = |column| self.record.cell(column).trim_ascii();
        let (lon, lat) = (cell(self.lon), cell(self.lat));
        if lon.is_empty() && lat.is_empty() {
            return RowPoint::None;
        }
        match (number::finite(lon), number::finite(lat)) {
            (Some(lon), Some(lat)) => RowPoint::At(LonLat { lon, lat }),
            (None, _) => self.bad(self.lon),
            (_, None) => self.bad(self.lat),
        }
    }

    fn bad(&self, column: usize) -> RowPoint {
        let field = self.columns.get(column).map_or("", String::as_str);
        let value = String::from_utf8_lossy(self.record.cell(column));
        RowPoint::Bad(super::no_number(field, &value))
    }

    /// Keeps a record as it was written, if what is added can stand behind it so; else cell by cell.
    fn push_record(&self, rows: &mut Rows, point: RowPoint) {
        let raw = &self.text.held()[..self.record.length];
        let blank = raw.iter().take_while(|byte| is_break(**byte)).count();
        let line = match raw[blank..].split_last() {
            Some((&last, line)) if is_break(last) => line,
            _ => &raw[blank..],
        };
        let is_text = std::str::from_utf8(line).is_ok();
        if !is_text || self.text.input().is_garbled(line) {
            rows.mark_garbled();
        }
        if self.is_odd() {
            let (before, behind) = self.rewritten();
            rows.push(point, &before, &behind);
        } else if is_text {
            rows.push(point, line, b"");
        } else {
            rows.push(point, String::from_utf8_lossy(line).as_bytes(), b"");
        }
    }

    /// Whether the record has not one cell for each column.
    fn is_odd(&self) -> bool {
        !self.columns.is_empty() && self.record.count != self.columns.len()
    }

    /// The record cell by cell.
    fn rewritten(&self) -> (Vec<u8>, Vec<u8>) {
        let cells = (0..self.record.count).map(|column| {
            let cell = String::from_utf8_lossy(self.record.cell(column));
            let mut written = Vec::new();
            push_cell(cell.as_bytes(), self.delimiter, &mut written);
            written
        });
        self.joined(&cells.collect::<Vec<_>>())
    }

    /// Written cells as a row: a short one is filled up, so that the added columns stand in their places, and what hangs over goes
    /// behind them.
    fn joined(&self, cells: &[Vec<u8>]) -> (Vec<u8>, Vec<u8>) {
        let width = self.columns.len().max(1);
        let (mut before, mut behind) = (Vec::new(), Vec::new());
        for column in 0..width.max(cells.len()) {
            let part = if column < width {
                &mut before
            } else {
                &mut behind
            };
            if column > 0 {
                part.push(self.delimiter);
            }
            part.extend_from_slice(cells.get(column).map_or(&[], Vec::as_slice));
        }
        (before, behind)
    }
}

/// The column that is wanted, else the first of `names` that a column has in any case.
pub(super) fn find(
    columns: &[String],
    wanted: Option<&str>,
    names: &[&str],
    guess: Option<&'static Encoding>,
) -> Result<usize, TableError> {
    let named = |name: &str| {
        columns
            .iter()
            .position(|column| column.to_lowercase() == name)
    };
    let found = match wanted {
        Some(wanted) => columns.iter().position(|column| column == wanted),
        None => names.iter().find_map(|name| named(name)),
    };
    found.ok_or_else(|| TableError::NoColumn {
        wanted: wanted.map_or_else(
            || format!("is named {}", names.join(", ")),
            |wanted| format!("{wanted:?}"),
        ),
        columns: columns.join(", "),
        hint: guess.map_or_else(String::new, |encoding| {
            format!(
                " (its text was read as {}, which is a guess; if these names look wrong save it as UTF-8)",
                encoding.name()
            )
        }),
    })
}

#[cfg(test)]
mod tests;
