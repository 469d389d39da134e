//! Tables of points: CSV in, the same rows with added columns out.

use std::fmt;
use std::io::Read;

use encoding_rs::Encoding;

use super::super::columns::{LAT, LON};
use super::super::table::delimiter;
use super::quotes::{Quotes, first_line, is_break};
use super::record::{Record, Step, push_cell};
use super::rows::Rows;
use super::table_writer::TableWriter;
use super::text::{self, Text};
use super::window::Window;
use super::{LONGEST_ROW, RowPoint, TableError, number};
use crate::model::LonLat;

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
                Step::Record if self.is_swallowing() => self.lose(rows),
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

    /// The quotes of the record.
    fn quotes(&self) -> Quotes {
        let raw = &self.text.held()[..self.record.length];
        let blank = raw.iter().take_while(|byte| is_break(**byte)).count();
        Quotes::of(&raw[blank..], self.delimiter)
    }

    /// Whether a quote that never closes makes a record of several rows, or of what is left.
    fn is_swallowing(&self) -> bool {
        let raw = self.text.held()[..self.record.length].trim_ascii();
        let is_last = self.text.is_ended() && self.record.length == self.text.held().len();
        let has_lines = memchr::memchr2(b'\r', b'\n', raw).is_some();
        if !has_lines && !is_last {
            return false;
        }
        let quotes = self.quotes();
        quotes.is_open || has_lines && quotes.is_torn
    }

    /// Takes the next line as a row of its own where it lies on ground that was searched and leaves a quote open.
    fn takes_line_alone(&mut self, rows: &mut Rows) -> bool {
        if self.record.length > 0 || self.searched == 0 {
            return false;
        }
        let Some((start, end)) = first_line(self.text.held()) else {
            return false;
        };
        // The last line on that ground may go on behind it.
        let is_alone = end + 2 < self.searched
            && Quotes::of(&self.text.held()[start..end], self.delimiter).is_open;
        if is_alone {
            self.push_line(rows, start, end);
        }
        is_alone
    }

    /// Takes the first line of what a quote that never closes would swallow as a row that says so, and goes on with the next line.
    fn lose(&mut self, rows: &mut Rows) {
        self.searched = self.searched.max(self.record.length);
        let held = &self.text.held()[..self.record.length];
        let blank = held.iter().take_while(|byte| is_break(**byte)).count();
        if blank == held.len() {
            self.next_record();
        } else if let Some((start, end)) = first_line(held) {
            self.push_line(rows, start, end);
        } else if self.record.length > LONGEST_ROW {
            self.push_long(rows);
        } else {
            self.push_line(rows, blank, self.record.length);
        }
    }

    /// Takes the line of the window from `start` to `end`, in which a quote opens and does not close.
    fn push_line(&mut self, rows: &mut Rows, start: usize, end: usize) {
        let held = self.text.held();
        let line = &held[start..end];
        let quotes = Quotes::of(line, self.delimiter);
        let number = self.line_at(start);
        let reason = format!(
            "line {number}: a quote that opens in it does not close; it was taken as a letter and the line as a row of its own"
        );
        if std::str::from_utf8(line).is_err() || self.text.input().is_garbled(line) {
            rows.mark_garbled();
        }
        let cells = quotes.written(line, self.delimiter);
        let (before, behind) = self.joined(&cells);
        rows.push(RowPoint::Bad(reason.into()), &before, &behind);
        let is_pair = held.get(end) == Some(&b'\r') && held.get(end + 1) == Some(&b'\n');
        let length = held.len().min(end + 1 + usize::from(is_pair));
        // A break of which the second half has not arrived is counted with it.
        self.line = number + u64::from(held[end..length].contains(&b'\n'));
        self.drop(length);
        self.record.restart(self.line);
    }

    /// Says that a line is too long, of which nothing is kept.
    fn push_long(&mut self, rows: &mut Rows) {
        let number = self.line_at(self.record.length);
        let reason = format!(
            "line {number} is longer than {} KB; it was not read",
            LONGEST_ROW >> 10
        );
        let (before, _) = self.joined(&[]);
        rows.push(RowPoint::Bad(reason.into()), &before, b"");
        self.line = number;
        self.drop(self.record.length);
        self.record.restart(number);
        self.is_within = true;
    }

    /// Passes over the rest of a line that is too long.
    fn pass(&mut self) {
        let held = self.text.held();
        let end = memchr::memchr2(b'\r', b'\n', held);
        self.is_within = end.is_none() && !self.text.is_ended();
        self.drop(end.unwrap_or(held.len()));
    }

    /// The number of the line in which a byte of the window lies.
    fn line_at(&self, at: usize) -> u64 {
        let breaks = memchr::memchr_iter(b'\n', &self.text.held()[..at]).count();
        self.line + breaks as u64
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
mod tests {
    use super::super::rows::{FoundCells, FoundRow};
    use super::*;
    use encoding_rs::GB18030;

    /// Widens a table by one column, `seen`, that says what each row's point is.
    fn widen(input: &[u8]) -> String {
        let mut table = PointTable::open(input, &PointColumns::default()).unwrap();
        let (mut rows, mut out) = (Rows::default(), Vec::new());
        let writer = table.begin(&[("seen".to_owned(), "other".to_owned())], &mut out);
        while table.read(&mut rows).unwrap() {
            for number in 0..rows.points().len() {
                let seen = format!("{:?}", rows.points()[number]).replace("RowPoint::", "");
                let cells = FoundCells {
                    outcome: None,
                    error: Some(&seen),
                };
                let mut line = Vec::new();
                let row = FoundRow {
                    rows: &rows,
                    row: number,
                    cells,
                    codes: &[],
                };
                writer.write(row, &mut line);
                let (before, _) = rows.parts(number);
                // Outcome and certain, which are empty, are not among the names.
                assert_eq!(&line[before.len()..before.len() + 2], b",,");
                line.drain(before.len()..before.len() + 2);
                out.extend(line);
            }
        }
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn columns_are_found_by_name_in_any_case_and_rows_keep_their_cells_and_order() {
        let out = widen(b"id,Longitude,LAT\n1,104.5,28.5\n2,,\n3,x,1\n");
        assert_eq!(
            out,
            "id,Longitude,LAT,seen\n1,104.5,28.5,\"At(LonLat { lon: 104.5, lat: 28.5 })\"\n2,,,None\n\
             3,x,1,\"Bad(\"\"Longitude is \\\"\"x\\\"\", not a number\"\")\"\n"
        );
    }

    #[test]
    fn chinese_names_come_out_right_from_utf8_with_a_mark_and_from_gbk() {
        let (gbk, _, _) = GB18030.encode("地名,经度,纬度\n珙县,104.7,28.4\n");
        let gbk: &'static [u8] = gbk.into_owned().leak();
        let utf8 = "\u{feff}地名,经度,纬度\n珙县,104.7,28.4\n".as_bytes();
        assert!(widen(gbk).starts_with("地名,经度,纬度,seen\n珙县,104.7,28.4,"));
        assert_eq!(widen(utf8), widen(gbk));
    }

    #[test]
    fn western_names_come_out_right_from_one_byte_a_letter() {
        let out = widen(b"name,lon,lat\nCaf\xe9,1,2\n");
        assert!(out.starts_with("name,lon,lat,seen\nCafé,1,2,"), "{out}");
    }

    #[test]
    fn one_character_that_was_cut_leaves_the_other_rows_as_they_are() {
        let mut text = format!("name,lon,lat\n{}", "珙县,1,2\n".repeat(9)).into_bytes();
        text.extend(b"\xe7\x8f,1,2\n");
        let out = widen(text.leak());
        assert_eq!(out.matches("珙县").count(), 9, "{out}");
    }

    #[test]
    fn a_short_row_is_filled_up_and_a_long_one_keeps_what_hangs_over() {
        let out = widen(b"lon,lat,a\n1,2\n3,4,x,over\n");
        assert_eq!(
            out,
            "lon,lat,a,seen\n1,2,,\"At(LonLat { lon: 1.0, lat: 2.0 })\"\n3,4,x,\"At(LonLat { lon: 3.0, lat: 4.0 })\",over\n"
        );
    }

    #[test]
    fn a_table_without_coordinates_lists_the_columns_it_has() {
        let error = PointTable::open(&b"a,b\n1,2\n"[..], &PointColumns::default())
            .err()
            .unwrap();
        assert!(error.to_string().contains("columns are a, b"), "{error}");
        assert!(matches!(
            PointTable::open(&b""[..], &PointColumns::default()),
            Err(TableError::NoHeader)
        ));
    }
}
