//! Rows of a table being written back, with what was found.

use super::Code;
use super::record::push_cell;
use super::rows::FoundRow;

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
                Code::push_cell(*code, self.delimiter, out);
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
