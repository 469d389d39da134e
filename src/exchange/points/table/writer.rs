//! Rows of a table being written back, with what was found.

use super::super::record::push_cell;
use super::super::rows::{FoundRow, FoundValue};

/// Writes the rows of a table.
#[derive(Debug)]
pub struct TableWriter {
    delimiter: u8,
}

impl TableWriter {
    /// Goes on in the header line, behind its `columns`, with the names that are added.
    pub(super) fn begin(
        delimiter: u8,
        columns: &[String],
        names: &[(String, String)],
        out: &mut Vec<u8>,
    ) -> Self {
        for (name, other) in names {
            let is_taken = columns.contains(name);
            out.push(delimiter);
            let name = if is_taken { other } else { name };
            push_cell(name.as_bytes(), delimiter, out);
        }
        out.push(b'\n');
        Self { delimiter }
    }

    pub(in super::super) fn write(&self, row: FoundRow<'_>, out: &mut Vec<u8>) {
        let (before, behind) = row.parts();
        out.extend_from_slice(before);
        row.each_value(|_, value| {
            out.push(self.delimiter);
            match value {
                FoundValue::None => {}
                FoundValue::Truth(truth) => {
                    out.extend_from_slice(if truth { b"true" } else { b"false" });
                }
                FoundValue::Word(word) => out.extend_from_slice(word.as_bytes()),
                FoundValue::Code(code) => code.push_cell(self.delimiter, out),
                FoundValue::Text(text) => push_cell(text.as_bytes(), self.delimiter, out),
            }
        });
        out.extend_from_slice(behind);
        out.push(b'\n');
    }
}
