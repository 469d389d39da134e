//! Tables of points: CSV in, the same rows with added columns out.

use std::io::{self, Cursor, Read, Write};

use csv::{ByteRecord, ReaderBuilder, WriterBuilder};
use encoding_rs::Encoding;
use encoding_rs_io::DecodeReaderBytesBuilder;

use super::columns::{LAT, LON};
use super::encoding;
use super::table::delimiter;
use crate::model::LonLat;

/// How much of a table is looked at to tell its encoding and its delimiter, bytes.
const HEAD: u64 = 64 << 10;

/// Why a table is no table of points.
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
    #[error("line {line}: {reason}")]
    Row { line: u64, reason: String },
    #[error("cannot read the table: {0}")]
    Read(io::Error),
    #[error("cannot write the table: {0}")]
    Write(io::Error),
}

/// Which columns hold the point, where the names do not tell.
#[derive(Clone, Debug, Default)]
pub struct PointColumns {
    pub lon: Option<String>,
    pub lat: Option<String>,
}

/// The point of one row.
#[derive(Clone, Debug, PartialEq)]
pub enum RowPoint {
    At(LonLat),
    /// Both cells are empty.
    None,
    /// A cell holds something that is no number.
    Bad {
        field: String,
        value: String,
    },
}

/// A table being read, row by row; its rows may be short or long and are kept as they are.
pub struct PointTable {
    rows: csv::Reader<Box<dyn Read + Send>>,
    columns: Vec<String>,
    lon: usize,
    lat: usize,
    delimiter: u8,
    record: ByteRecord,
}

impl PointTable {
    /// Opens a CSV table: what its byte order mark says, else UTF-8, GBK or another encoding by a guess from its head; comma,
    /// semicolon, tab or bar.
    ///
    /// # Errors
    /// Where the header is missing or names no coordinates.
    pub fn open(
        mut input: impl Read + Send + 'static,
        columns: &PointColumns,
    ) -> Result<Self, TableError> {
        let mut head = Vec::new();
        // One read may end anywhere, within a character or a header, where the input is unpacked or comes over a network.
        (&mut input)
            .take(HEAD)
            .read_to_end(&mut head)
            .map_err(TableError::Read)?;
        let is_cut = head.len() as u64 >= HEAD;
        let (encoding, is_guess) = encoding::of_head(&head, is_cut);
        let mut text = DecodeReaderBytesBuilder::new()
            .encoding(Some(encoding))
            .bom_override(true)
            .strip_bom(true)
            .build(Cursor::new(head).chain(input));
        let mut head = Vec::new();
        (&mut text)
            .take(HEAD)
            .read_to_end(&mut head)
            .map_err(TableError::Read)?;
        let delimiter = delimiter(&head);
        let input = Cursor::new(head).chain(text);
        let input: Box<dyn Read + Send> = Box::new(input);
        let mut rows = ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .from_reader(input);
        let header = rows.byte_headers().map_err(read_error)?;
        if header.is_empty() {
            return Err(TableError::NoHeader);
        }
        let names: Vec<String> = header
            .iter()
            .map(|name| String::from_utf8_lossy(name).trim().to_owned())
            .collect();
        let guess = is_guess.then_some(encoding);
        let lon = find(&names, columns.lon.as_deref(), &LON, guess)?;
        let lat = find(&names, columns.lat.as_deref(), &LAT, guess)?;
        Ok(Self {
            rows,
            columns: names,
            lon,
            lat,
            delimiter,
            record: ByteRecord::new(),
        })
    }

    /// The names of the columns.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Goes to the next row and reads its point; `None` after the last.
    ///
    /// # Errors
    /// Where the input cannot be read on.
    pub fn advance(&mut self) -> Result<Option<RowPoint>, TableError> {
        match self.rows.read_byte_record(&mut self.record) {
            Ok(true) => Ok(Some(self.point())),
            Ok(false) => Ok(None),
            Err(error) => Err(read_error(error)),
        }
    }

    fn point(&self) -> RowPoint {
        let cell = |index: usize| {
            self.record
                .get(index)
                .map_or(&[][..], |cell| cell.trim_ascii())
        };
        let (lon, lat) = (cell(self.lon), cell(self.lat));
        if lon.is_empty() && lat.is_empty() {
            return RowPoint::None;
        }
        let number = |cell: &[u8]| std::str::from_utf8(cell).ok()?.parse::<f64>().ok();
        match (number(lon), number(lat)) {
            (Some(lon), Some(lat)) => RowPoint::At(LonLat { lon, lat }),
            (None, _) => self.bad(self.lon),
            (_, None) => self.bad(self.lat),
        }
    }

    fn bad(&self, column: usize) -> RowPoint {
        let value = self.record.get(column).unwrap_or_default();
        RowPoint::Bad {
            field: self.columns.get(column).cloned().unwrap_or_default(),
            value: String::from_utf8_lossy(value).into_owned(),
        }
    }
}

/// A table being written: the rows of another with columns added. UTF-8.
pub struct WidenedTable<W: Write> {
    rows: csv::Writer<W>,
    width: usize,
}

impl<W: Write> WidenedTable<W> {
    /// Begins the table with the input's columns and then `added`.
    ///
    /// # Errors
    /// Where the output cannot be written.
    pub fn begin(output: W, input: &PointTable, added: &[String]) -> Result<Self, TableError> {
        let mut rows = WriterBuilder::new()
            .delimiter(input.delimiter)
            .flexible(true)
            .from_writer(output);
        rows.write_record(input.columns.iter().chain(added))
            .map_err(write_error)?;
        Ok(Self {
            rows,
            width: input.columns.len(),
        })
    }

    /// Writes the input's current row and then `added`; a short row is filled up, so that the added columns stand in their places.
    ///
    /// # Errors
    /// Where the output cannot be written.
    pub fn write<'a>(
        &mut self,
        input: &PointTable,
        added: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), TableError> {
        let write = || -> csv::Result<()> {
            for cell in input.record.iter().take(self.width) {
                self.rows.write_field(cell)?;
            }
            for _ in input.record.len()..self.width {
                self.rows.write_field("")?;
            }
            for cell in added {
                self.rows.write_field(cell)?;
            }
            for cell in input.record.iter().skip(self.width) {
                self.rows.write_field(cell)?;
            }
            self.rows.write_record(None::<&[u8]>)
        };
        write().map_err(write_error)
    }

    /// Ends the table.
    ///
    /// # Errors
    /// Where what is left cannot be written.
    pub fn finish(self) -> Result<W, TableError> {
        self.rows
            .into_inner()
            .map_err(|error| TableError::Write(io::Error::other(error.to_string())))
    }
}

/// The column that is wanted, else the first of `names` that a column has in any case.
fn find(
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

fn read_error(error: csv::Error) -> TableError {
    let line = error.position().map_or(0, csv::Position::line);
    match error.into_kind() {
        csv::ErrorKind::Io(error) => TableError::Read(error),
        kind => TableError::Row {
            line,
            reason: format!("{kind:?}"),
        },
    }
}

fn write_error(error: csv::Error) -> TableError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => TableError::Write(error),
        kind => TableError::Write(io::Error::other(format!("{kind:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::GB18030;

    fn widen(input: &'static [u8]) -> String {
        let mut table = PointTable::open(input, &PointColumns::default()).unwrap();
        let mut out = WidenedTable::begin(Vec::new(), &table, &["seen".to_owned()]).unwrap();
        while let Some(point) = table.advance().unwrap() {
            out.write(&table, [format!("{point:?}").as_str()]).unwrap();
        }
        String::from_utf8(out.finish().unwrap()).unwrap()
    }

    #[test]
    fn columns_are_found_by_name_in_any_case_and_rows_keep_their_cells_and_order() {
        let out = widen(b"id,Longitude,LAT\n1,104.5,28.5\n2,,\n3,x,1\n");
        assert_eq!(
            out,
            "id,Longitude,LAT,seen\n1,104.5,28.5,\"At(LonLat { lon: 104.5, lat: 28.5 })\"\n2,,,None\n\
             3,x,1,\"Bad { field: \"\"Longitude\"\", value: \"\"x\"\" }\"\n"
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
