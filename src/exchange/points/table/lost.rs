//! What a quote that never closes would swallow, taken line by line.

use std::io::Read;

use super::super::quotes::{Quotes, first_line, is_break};
use super::super::rows::Rows;
use super::super::{LONGEST_ROW, RowPoint};
use super::PointTable;

impl<R: Read> PointTable<R> {
    /// The quotes of the record.
    pub(super) fn quotes(&self) -> Quotes {
        let raw = &self.text.held()[..self.record.length];
        let blank = raw.iter().take_while(|byte| is_break(**byte)).count();
        Quotes::of(&raw[blank..], self.delimiter)
    }

    /// Whether the record is longer than any row, without the breaks around it.
    pub(super) fn is_long(&self) -> bool {
        let held = &self.text.held()[..self.record.length];
        let blank = held.iter().take_while(|byte| is_break(**byte)).count();
        let tail = held.iter().rev().take_while(|byte| is_break(**byte));
        held.len() > LONGEST_ROW && held.len() > LONGEST_ROW + blank + tail.count()
    }

    /// Whether a quote that never closes makes a record of several rows, or of what is left.
    pub(super) fn is_swallowing(&self) -> bool {
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
    pub(super) fn takes_line_alone(&mut self, rows: &mut Rows) -> bool {
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
    pub(super) fn lose(&mut self, rows: &mut Rows) {
        self.searched = self.searched.max(self.record.length);
        let held = &self.text.held()[..self.record.length];
        let blank = held.iter().take_while(|byte| is_break(**byte)).count();
        if blank == held.len() {
            self.next_record();
        } else if let Some((start, end)) = first_line(held) {
            if end - start > LONGEST_ROW {
                self.push_long(rows, end);
            } else {
                self.push_line(rows, start, end);
            }
        } else if self.record.length > LONGEST_ROW {
            self.push_long(rows, self.record.length);
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

    /// Says that a line is too long, which ends at `end` of the window or behind it; nothing of it is kept.
    fn push_long(&mut self, rows: &mut Rows, end: usize) {
        let number = self.line_at(end);
        let reason = format!(
            "line {number} is longer than {} KB; it was not read",
            LONGEST_ROW >> 10
        );
        let (before, _) = self.joined(&[]);
        rows.push(RowPoint::Bad(reason.into()), &before, b"");
        self.line = number;
        self.drop(end);
        self.record.restart(number);
        self.is_within = true;
    }

    /// Passes over the rest of a line that is too long.
    pub(super) fn pass(&mut self) {
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
}
