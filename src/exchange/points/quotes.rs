//! Where the quotes of a row open and close: a quote that never closes swallows the rows behind it.

use memchr::memchr;

/// What the quotes of some text do, which begins with a row.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Quotes {
    /// Where each cell begins.
    pub cells: Vec<usize>,
    /// The last cell opens a quote that does not close in the text.
    pub is_open: bool,
    /// A quote opens in one line and closes in another, and what follows it is not the end of a cell: so it more likely opens one.
    pub is_torn: bool,
}

impl Quotes {
    /// Reads the quotes as the reader of records does: one that begins a cell opens, two stand for one, any other is a letter.
    pub(super) fn of(text: &[u8], delimiter: u8) -> Self {
        let mut quotes = Self::default();
        let mut at = 0;
        loop {
            quotes.cells.push(at);
            if text.get(at) == Some(&b'"') {
                let Some(close) = close(text, at + 1) else {
                    quotes.is_open = true;
                    return quotes;
                };
                let behind = text.get(close + 1);
                let is_end = behind.is_none_or(|&byte| byte == delimiter || is_break(byte));
                quotes.is_torn |= !is_end && text[at..close].iter().any(|byte| is_break(*byte));
                at = close + 1;
            }
            match memchr(delimiter, &text[at..]) {
                Some(length) => at += length + 1,
                None => return quotes,
            }
        }
    }

    /// The cells of that text, each as it is to be written. What an open quote would swallow is cut at every delimiter.
    pub(super) fn written(&self, text: &[u8], delimiter: u8) -> Vec<Vec<u8>> {
        let ends = self.cells.iter().skip(1).map(|start| start - 1);
        let ends = ends.chain([text.len()]);
        let mut cells: Vec<Vec<u8>> = (self.cells.iter().zip(ends))
            .map(|(&start, end)| {
                String::from_utf8_lossy(&text[start..end])
                    .into_owned()
                    .into()
            })
            .collect();
        if let Some(open) = cells.pop_if(|_| self.is_open) {
            cells.extend(open.split(|byte| *byte == delimiter).map(|cell| {
                let mut written = Vec::new();
                super::record::push_cell(cell, delimiter, &mut written);
                written
            }));
        }
        cells
    }
}

/// Where the quote stands that closes what lies from `at` on.
fn close(text: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let quote = at + memchr(b'"', &text[at..])?;
        if text.get(quote + 1) != Some(&b'"') {
            return Some(quote);
        }
        at = quote + 2;
    }
}

pub(super) fn is_break(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

/// Where the first line of a text begins, behind blank ones, and where it ends, without its break; `None` where no break is there.
pub(super) fn first_line(text: &[u8]) -> Option<(usize, usize)> {
    let start = text.iter().position(|byte| !is_break(*byte))?;
    let length = memchr::memchr2(b'\r', b'\n', &text[start..])?;
    Some((start, start + length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn quotes(text: &str) -> (usize, bool, bool) {
        let quotes = Quotes::of(text.as_bytes(), b',');
        (quotes.cells.len(), quotes.is_open, quotes.is_torn)
    }

    #[test]
    fn a_quote_is_open_where_no_other_closes_it_and_torn_where_one_closes_that_should_open() {
        assert_eq!(quotes("1,\"a\",2"), (3, false, false));
        assert_eq!(quotes("1,\"a\"\"b\",2"), (3, false, false));
        assert_eq!(quotes("1,a\"b,2"), (3, false, false));
        assert_eq!(quotes("1,\"a\nb\",2\n"), (3, false, false));
        assert_eq!(quotes("1,\"a\"b,2"), (3, false, false));
        assert_eq!(quotes("1,\"a,2"), (2, true, false));
        assert_eq!(quotes("1,\"a\n2,\"b\",c"), (3, false, true));
        assert_eq!(quotes("\"\""), (1, false, false));
        assert_eq!(quotes("\""), (1, true, false));
    }

    proptest! {
        #[test]
        fn rows_have_the_cells_that_the_reader_of_records_finds(text in "[\",ab]{0,12}") {
            let quotes = Quotes::of(text.as_bytes(), b',');
            let mut reader = csv::ReaderBuilder::new();
            let mut reader = reader.has_headers(false).from_reader(text.as_bytes());
            let row = reader.records().next();
            prop_assert_eq!(row.map_or(1, |row| row.unwrap().len()), quotes.cells.len());
        }

        #[test]
        fn what_is_written_of_an_open_row_reads_back_as_its_text(text in "[\",ab]{1,12}") {
            let quotes = Quotes::of(text.as_bytes(), b',');
            prop_assume!(quotes.is_open);
            let written = quotes.written(text.as_bytes(), b',').join(&b',');
            let again = Quotes::of(&written, b',');
            prop_assert!(!again.is_open);
            let mut reader = csv::ReaderBuilder::new();
            let mut reader = reader.has_headers(false).from_reader(&*written);
            let row = reader.records().next().unwrap().unwrap();
            let open = &text[quotes.cells[quotes.cells.len() - 1]..];
            let cells: Vec<&str> = row.iter().skip(quotes.cells.len() - 1).collect();
            prop_assert_eq!(cells.join(","), open);
        }
    }
}
