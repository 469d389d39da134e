//! A grid's code on its way into many rows.

use super::push_json;
use super::record::push_cell;

/// A code, and whether every form writes it as it is.
#[derive(Clone, Copy, Debug)]
pub struct Code<'a> {
    text: &'a str,
    is_plain: bool,
}

/// The bytes that some form escapes or puts in quotes.
const SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    let mut byte = 0;
    while byte < b' ' {
        special[byte as usize] = true;
        byte += 1;
    }
    let mut others: &[u8] = b"\"\\,;|";
    while let [byte, rest @ ..] = others {
        special[*byte as usize] = true;
        others = rest;
    }
    special
};

impl<'a> Code<'a> {
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let is_special = |any, &byte: &u8| any | SPECIAL[usize::from(byte)];
        let is_plain = !text.as_bytes().iter().fold(false, is_special);
        Self { text, is_plain }
    }

    /// Appends the code as a string of JSON.
    pub fn push_json(self, out: &mut Vec<u8>) {
        if self.is_plain {
            out.push(b'"');
            out.extend_from_slice(self.text.as_bytes());
            out.push(b'"');
        } else {
            push_json(self.text, out);
        }
    }

    /// Appends the code as a cell of a table.
    pub(super) fn push_cell(self, delimiter: u8, out: &mut Vec<u8>) {
        if self.is_plain {
            out.extend_from_slice(self.text.as_bytes());
        } else {
            push_cell(self.text.as_bytes(), delimiter, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_code_is_written_as_any_text_is(text in "[0-9A-C珙\u{1}\n\"\\\\,;|\t -]{0,9}") {
            let (mut json, mut usual) = (Vec::new(), Vec::new());
            Code::new(&text).push_json(&mut json);
            push_json(&text, &mut usual);
            prop_assert_eq!(&json, &usual);
            prop_assert_eq!(serde_json::from_slice::<String>(&json).unwrap(), text.as_str());
            for delimiter in *b",;|\t" {
                let (mut cell, mut usual) = (Vec::new(), Vec::new());
                Code::new(&text).push_cell(delimiter, &mut cell);
                push_cell(text.as_bytes(), delimiter, &mut usual);
                prop_assert_eq!(cell, usual);
            }
        }
    }
}
