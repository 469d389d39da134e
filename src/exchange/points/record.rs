//! One record of CSV after the other, with the bytes that it was written in.

use std::io::Read;

use csv_core::ReadRecordResult;

use super::window::Window;

/// The record being read.
pub(super) struct Record {
    reader: csv_core::Reader,
    /// All cells, without their quotes.
    cells: Vec<u8>,
    ends: Vec<usize>,
    filled: usize,
    /// Cells that there are.
    pub count: usize,
    /// Bytes of the window that the record has so far.
    pub length: usize,
}

/// What came of trying to read a record from what has arrived.
pub(super) enum Step {
    Record,
    More,
    End,
}

impl Record {
    pub(super) fn new(delimiter: u8) -> Self {
        Self {
            reader: csv_core::ReaderBuilder::new().delimiter(delimiter).build(),
            cells: Vec::new(),
            ends: Vec::new(),
            filled: 0,
            count: 0,
            length: 0,
        }
    }

    /// The line that is read at present; between two records the one on which the next begins, or its break before.
    pub(super) fn line(&self) -> u64 {
        self.reader.line()
    }

    /// A cell; empty where there is none.
    pub(super) fn cell(&self, column: usize) -> &[u8] {
        if column >= self.count {
            return &[];
        }
        let start = match column {
            0 => 0,
            _ => self.ends[column - 1],
        };
        &self.cells[start..self.ends[column]]
    }

    /// Lets the record go.
    pub(super) fn clear(&mut self) {
        (self.filled, self.count, self.length) = (0, 0, 0);
    }

    /// Lets go what was read of a record, of which the window drops as far as this line begins.
    pub(super) fn restart(&mut self, line: u64) {
        self.clear();
        self.reader.reset();
        self.reader.set_line(line);
    }

    /// Reads on in the record with which the window begins.
    pub(super) fn step<R: Read>(&mut self, text: &Window<R>) -> Step {
        loop {
            let input = &text.held()[self.length..];
            if input.is_empty() && !text.is_ended() {
                return Step::More;
            }
            let (cells, ends) = (&mut self.cells[self.filled..], &mut self.ends[self.count..]);
            let (result, read, written, ended) = self.reader.read_record(input, cells, ends);
            self.length += read;
            self.filled += written;
            self.count += ended;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => self.cells.resize(2 * self.cells.len() + 256, 0),
                ReadRecordResult::OutputEndsFull => self.ends.resize(2 * self.ends.len() + 16, 0),
                ReadRecordResult::Record => return Step::Record,
                ReadRecordResult::End => return Step::End,
            }
        }
    }
}

/// Appends a cell, in quotes where it needs them.
pub(super) fn push_cell(cell: &[u8], delimiter: u8, out: &mut Vec<u8>) {
    let is_special = |byte: &u8| matches!(byte, b'"' | b'\r' | b'\n') || *byte == delimiter;
    if !cell.iter().any(is_special) {
        out.extend_from_slice(cell);
        return;
    }
    out.push(b'"');
    for &byte in cell {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}
