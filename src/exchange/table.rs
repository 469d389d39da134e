//! CSV as rows: any of the usual delimiters, any encoding.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};

use encoding_rs::Encoding;
use encoding_rs_io::DecodeReaderBytesBuilder;

use super::ReadError;
use super::columns::{Column, Texts};
use super::encoding;
use super::newlines::Newlines;
use super::record::{Record, shortened};
use super::shape::Refusal;
use super::source::io_error;
use crate::model::{FieldKind, Value};

/// Bytes in which the delimiter of the first line is looked for.
const HEAD: u64 = 1 << 16;

/// A CSV file, opened behind its header.
pub(super) struct Table {
    path: PathBuf,
    reader: csv::Reader<Box<dyn Read>>,
    pub columns: Vec<Column>,
    /// The encoding of its text, where that is a guess.
    pub guess: Option<&'static Encoding>,
    pub notes: Vec<String>,
}

/// Whether a file with this suffix is a table of ours.
pub(super) fn is_table(suffix: &str) -> bool {
    matches!(suffix, "csv" | "tsv" | "psv")
}

impl Table {
    /// Opens `file` and reads its header; `path` is what errors name.
    pub(super) fn open(path: &Path, file: &Path, named: Option<&str>) -> Result<Self, ReadError> {
        let refuse = |error| io_error(path, error);
        let (encoding, is_guess) = match named {
            Some(given) => (encoding::named(given)?, false),
            None => encoding::of_text(file).map_err(refuse)?,
        };
        let text = DecodeReaderBytesBuilder::new()
            .encoding(Some(encoding))
            .bom_override(true)
            .build(File::open(file).map_err(refuse)?);
        let mut text = Newlines::new(text);
        let mut head = Vec::new();
        (&mut text)
            .take(HEAD)
            .read_to_end(&mut head)
            .map_err(refuse)?;
        let delimiter = delimiter(&head);
        let whole: Box<dyn Read> = Box::new(Cursor::new(head).chain(text));
        let reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .from_reader(whole);
        let mut table = Self {
            path: path.to_owned(),
            reader,
            columns: Vec::new(),
            guess: is_guess.then_some(encoding),
            notes: Vec::new(),
        };
        if is_guess {
            table.notes.push(encoding::note(encoding));
        }
        table.read_header()?;
        Ok(table)
    }

    fn read_header(&mut self) -> Result<(), ReadError> {
        let header = match self.reader.headers() {
            Ok(header) => header.clone(),
            Err(error) => return Err(self.broken(0, &error)),
        };
        self.columns = header
            .iter()
            .map(|name| Column {
                name: name.trim().to_owned(),
                kind: FieldKind::Text,
                texts: Texts::Plain,
            })
            .collect();
        if self.columns.iter().all(|column| column.name.is_empty()) {
            return Err(ReadError::Format {
                path: self.path.clone(),
                reason: "the first line holds no column names".into(),
            });
        }
        Ok(())
    }

    fn broken(&self, read: u64, error: &csv::Error) -> ReadError {
        let path = self.path.clone();
        match error.kind() {
            csv::ErrorKind::Io(source) => ReadError::Io {
                path,
                source: io::Error::other(source.to_string()),
            },
            _ => ReadError::Broken {
                path,
                read,
                reason: error.to_string(),
            },
        }
    }

    /// The line on which a row begins that was just read and has so many line breaks in it. The reader's own position of a row
    /// lies before the blank lines that it skips.
    fn line(&self, row: &csv::StringRecord, breaks: usize) -> u64 {
        let after = self.reader.position().line();
        let before = row.position().map_or(0, csv::Position::line);
        // A row that an open quote draws to the end of the file has no end of its own.
        before.max(after.saturating_sub(1 + breaks as u64))
    }

    /// Hands over every row.
    pub(super) fn for_each(&mut self, visit: &mut dyn FnMut(Record<'_>)) -> Result<(), ReadError> {
        let mut row = csv::StringRecord::new();
        let mut read = 0;
        // The line of a row that is too short and spans lines; if it is the last, its quote swallowed all that followed.
        let mut swallower = None;
        loop {
            match (self.reader.read_record(&mut row), swallower) {
                (Ok(true), _) => {}
                (Ok(false), None) => return Ok(()),
                (Ok(false), Some(line)) => {
                    return Err(ReadError::Broken {
                        path: self.path.clone(),
                        read,
                        reason: format!("a quote that opens on line {line} never closes"),
                    });
                }
                (Err(error), _) => return Err(self.broken(read, &error)),
            }
            let breaks = row.iter().map(|value| value.matches('\n').count()).sum();
            let line = self.line(&row, breaks);
            let spans_lines = breaks > 0;
            swallower = (row.len() < self.columns.len() && spans_lines).then_some(line);
            visit(Record {
                line,
                values: (0..self.columns.len())
                    .map(|at| {
                        row.get(at)
                            .map_or(Value::Null, |text| Value::Text(text.into()))
                    })
                    .collect(),
                geometry: None,
                refusal: misfit(&row, self.columns.len()),
            });
            read += 1;
        }
    }
}

/// A row that is not as long as the header; empty values at its end do not count.
fn misfit(row: &csv::StringRecord, columns: usize) -> Option<Refusal> {
    let extra: Vec<&str> = row
        .iter()
        .skip(columns)
        .filter(|v| !v.trim().is_empty())
        .collect();
    if row.len() < columns && row.len() > 1 || row.len() == 1 && columns > 1 || !extra.is_empty() {
        let reason = format!(
            "the row has {} values, the header {columns} ({})",
            row.len(),
            shortened(&row.iter().collect::<Vec<_>>().join(" | "))
        );
        return Some(Refusal::new("bad_row", reason));
    }
    None
}

/// The delimiter that the first line has most of.
pub(super) fn delimiter(head: &[u8]) -> u8 {
    let line = head.split(|&byte| byte == b'\n').next().unwrap_or(head);
    let mut best = (1, b',');
    for delimiter in [b',', b'\t', b';', b'|'] {
        let count = line.split(|&byte| byte == delimiter).count();
        if count > best.0 {
            best = (count, delimiter);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_the_one_that_the_header_has_most_of() {
        assert_eq!(delimiter(b"a,b;c,d\n;;;;;"), b',');
        assert_eq!(delimiter("编码\t名称\n".as_bytes()), b'\t');
        assert_eq!(delimiter(b"only"), b',');
    }
}
