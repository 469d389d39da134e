//! Tables of points: CSV in, the same rows with added columns out.

use std::fmt;
use std::io::Read;

use encoding_rs::Encoding;
use memchr::memchr;

use super::super::columns::{LAT, LON};
use super::super::table::delimiter;
use super::record::{Record, Step, push_cell};
use super::rows::{FoundRow, Rows};
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
    /// Nothing behind a row that has no end was read.
    is_lost: bool,
}

/// Writes the rows of a table.
#[derive(Debug)]
pub struct TableWriter {
    delimiter: u8,
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
            is_lost: false,
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
        for (name, other) in names {
            let is_taken = self.columns.contains(name);
            out.push(self.delimiter);
            let name = if is_taken { other } else { name };
            push_cell(name.as_bytes(), self.delimiter, out);
        }
        out.push(b'\n');
        TableWriter {
            delimiter: self.delimiter,
        }
    }

    pub(super) fn read(&mut self, rows: &mut Rows) -> Result<bool, TableError> {
        rows.clear();
        while !self.is_lost && !rows.is_full() {
            match self.record.step(&self.text) {
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
        self.text.take(self.record.length);
        self.record.clear();
    }

    fn point(&self) -> RowPoint {
        let cell = |column| self.record.cell(column).trim_ascii();
        let (lon, lat) = (cell(self.lon), cell(self.lat));
        if lon.is_empty() && lat.is_empty() {
            return RowPoint::None;
        }
        match (number::whole(lon), number::whole(lat)) {
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
        let (line, is_closed) = match raw[blank..].split_last() {
            Some((&last, line)) if is_break(last) => (line, true),
            _ => (&raw[blank..], false),
        };
        // A quote that never closes would swallow what is added.
        let is_open = !is_closed && memchr(b'"', line).is_some();
        if is_open || self.is_odd() {
            let (before, behind) = self.rewritten();
            rows.push(point, &before, &behind);
        } else if std::str::from_utf8(line).is_ok() {
            rows.push(point, line, b"");
        } else {
            rows.push(point, String::from_utf8_lossy(line).as_bytes(), b"");
        }
    }

    /// Whether the record has not one cell for each column.
    fn is_odd(&self) -> bool {
        !self.columns.is_empty() && self.record.count != self.columns.len()
    }

    /// The record cell by cell: a short row is filled up, so that the added columns stand in their places, and what hangs over
    /// goes behind them.
    fn rewritten(&self) -> (Vec<u8>, Vec<u8>) {
        let width = self.columns.len().max(1);
        let (mut before, mut behind) = (Vec::new(), Vec::new());
        for column in 0..width.max(self.record.count) {
            let cell = String::from_utf8_lossy(self.record.cell(column));
            let part = if column < width {
                &mut before
            } else {
                &mut behind
            };
            if column > 0 {
                part.push(self.delimiter);
            }
            push_cell(cell.as_bytes(), self.delimiter, part);
        }
        (before, behind)
    }

    /// Ends the table at a row that is longer than any row: a quote that opens in it never closes.
    fn lose(&mut self, rows: &mut Rows) {
        let line = self.record.line();
        let reason = format!(
            "the row before line {line} is longer than {} KB, as if a quote in it never closed; it and all behind it was not read",
            LONGEST_ROW >> 10
        );
        let before = vec![self.delimiter; self.columns.len().saturating_sub(1)];
        rows.push(RowPoint::Bad(reason.into()), &before, b"");
        self.is_lost = true;
    }
}

impl TableWriter {
    pub(super) fn write(&self, row: FoundRow<'_>, out: &mut Vec<u8>) {
        let FoundRow {
            rows,
            row,
            cells,
            codes,
        } = row;
        let (before, behind) = rows.parts(row);
        out.extend_from_slice(before);
        let (outcome, certain) = match cells.outcome {
            None => ("", ""),
            Some((outcome, true)) => (outcome, "true"),
            Some((outcome, false)) => (outcome, "false"),
        };
        for cell in [outcome, certain] {
            out.push(self.delimiter);
            out.extend_from_slice(cell.as_bytes());
        }
        for code in codes {
            out.push(self.delimiter);
            if let Some(code) = code {
                code.push_cell(self.delimiter, out);
            }
        }
        out.push(self.delimiter);
        if let Some(error) = cells.error {
            push_cell(error.as_bytes(), self.delimiter, out);
        }
        out.extend_from_slice(behind);
        out.push(b'\n');
    }
}

fn is_break(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
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
    use super::super::rows::FoundCells;
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
