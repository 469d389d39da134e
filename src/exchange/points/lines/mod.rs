//! Points as lines of JSON: each line an object with its coordinates, written back with members added.

mod members;
mod writer;

use std::fmt;
use std::io::Read;

use memchr::memchr;

use super::rows::Rows;
use super::table::PointColumns;
use super::window::Window;
use super::{LONGEST_ROW, RowPoint, TableError, shortened};
use members::Names;

pub use writer::LineWriter;

/// Bytes of a line that is too long that are looked at, to show its beginning.
const SHOWN: usize = 240;

/// Lines being read. Blank ones are passed over; one that is no object of JSON keeps its place as an object with `line`, `text`
/// and `error`.
pub struct PointLines<R> {
    text: Window<R>,
    names: Names,
    /// Lines before the one that comes next.
    before: u64,
    /// Bytes of what is held in which no line ends.
    seen: usize,
    /// The end of a line that was too long is still to come.
    is_within: bool,
}

impl<R> fmt::Debug for PointLines<R> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "PointLines(after line {})", self.before)
    }
}

impl<R: Read> PointLines<R> {
    /// Lines of UTF-8 that `input` yields; `columns` names the members that hold the point.
    #[must_use]
    pub fn open(input: R, columns: &PointColumns) -> Self {
        Self {
            text: Window::new(b"", input),
            names: Names::of(columns),
            before: 0,
            seen: 0,
            is_within: false,
        }
    }

    pub(super) fn begin(&mut self, names: &[(String, String)]) -> LineWriter {
        let writer = LineWriter::of(names);
        self.names.added = writer.names();
        writer
    }

    pub(super) fn read(&mut self, rows: &mut Rows) -> Result<bool, TableError> {
        rows.clear();
        while !rows.is_full() {
            let held = self.text.held();
            let end = memchr(b'\n', &held[self.seen..]).map(|at| self.seen + at);
            match end {
                Some(end) if end > LONGEST_ROW => self.pass(rows),
                Some(end) => self.next(rows, end, end + 1),
                None if self.text.is_ended() && held.is_empty() => break,
                None if self.text.is_ended() => self.next(rows, held.len(), held.len()),
                None if held.len() > LONGEST_ROW => self.pass(rows),
                // What has arrived is answered before more is waited for.
                None if !rows.points().is_empty() => break,
                None => {
                    self.seen = held.len();
                    self.text.read_on().map_err(TableError::Read)?;
                }
            }
        }
        Ok(!rows.points().is_empty())
    }

    /// Takes a line of `end` bytes, `length` with its break.
    fn next(&mut self, rows: &mut Rows, end: usize, length: usize) {
        self.before += 1;
        if !std::mem::take(&mut self.is_within) {
            let line = &self.text.held()[..end];
            let line = match self.before {
                1 => line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line),
                _ => line,
            };
            self.push(rows, line.trim_ascii());
        }
        self.text.take(length);
        self.seen = 0;
    }

    /// Passes over a line that is too long.
    fn pass(&mut self, rows: &mut Rows) {
        if !self.is_within {
            let reason = format!("the line is longer than {} KB", LONGEST_ROW >> 10);
            let start = String::from_utf8_lossy(&self.text.held()[..SHOWN]).into_owned();
            refuse(rows, self.before + 1, &start, &reason);
        }
        self.is_within = true;
        let held = self.text.held();
        self.text.take(memchr(b'\n', held).unwrap_or(held.len()));
        self.seen = 0;
    }

    fn push(&self, rows: &mut Rows, line: &[u8]) {
        if line.is_empty() {
            return;
        }
        let Ok(text) = std::str::from_utf8(line) else {
            let text = String::from_utf8_lossy(line);
            return refuse(rows, self.before, &text, "the line is not in UTF-8");
        };
        match self.names.members(text) {
            Ok(members) => {
                for name in &members.taken {
                    rows.mark_taken(*name);
                }
                let open = text.strip_suffix('}').unwrap_or(text).trim_end();
                let comma: &[u8] = if members.count == 0 { b"" } else { b"," };
                let point = members.point();
                rows.push(point, open.as_bytes(), comma);
            }
            Err(error) => {
                let reason = format!(
                    "{}; write one object a line, as {{\"lon\":104.7,\"lat\":28.4}}",
                    placed(&error)
                );
                refuse(rows, self.before, text, &reason);
            }
        }
    }
}

/// Puts a line that cannot be used in its place.
fn refuse(rows: &mut Rows, line: u64, text: &str, reason: &str) {
    let mut before = format!("{{\"line\":{line},\"text\":").into_bytes();
    super::push_json(&shortened(text), &mut before);
    rows.push(RowPoint::Bad(reason.into()), &before, b",");
}

/// An error of the line's reader without the line's number, which is always 1.
fn placed(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.split_once(" at line ") {
        // What is of another kind as a whole stands at no column.
        Some((reason, _)) if error.column() == 0 => reason.to_owned(),
        Some((reason, _)) => format!("{reason} at column {}", error.column()),
        None => text,
    }
}
