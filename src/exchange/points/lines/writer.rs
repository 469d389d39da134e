//! Lines of JSON being written back, with what was found.

use super::super::push_json;
use super::super::rows::{FoundRow, FoundValue};

/// Writes the lines.
#[derive(Debug)]
pub struct LineWriter {
    added: Vec<Added>,
}

/// A name that is added: with its colon, and the one that stands in for it.
#[derive(Debug)]
struct Added {
    name: String,
    key: Vec<u8>,
    other_key: Vec<u8>,
}

impl LineWriter {
    pub(super) fn of(names: &[(String, String)]) -> Self {
        let added = names.iter().map(|(name, other)| Added {
            name: name.clone(),
            key: key(name),
            other_key: key(other),
        });
        Self {
            added: added.collect(),
        }
    }

    /// The names that are added.
    pub(super) fn names(&self) -> Vec<String> {
        self.added.iter().map(|added| added.name.clone()).collect()
    }

    pub(in super::super) fn write(&self, row: FoundRow<'_>, out: &mut Vec<u8>) {
        let (before, comma) = row.parts();
        out.extend_from_slice(before);
        row.each_value(|number, value| {
            let Some(added) = self.added.get(number) else {
                return;
            };
            out.extend_from_slice(if number == 0 { comma } else { b"," });
            out.extend_from_slice(if row.has_own(number) {
                &added.other_key
            } else {
                &added.key
            });
            match value {
                FoundValue::None => out.extend_from_slice(b"null"),
                FoundValue::Truth(truth) => {
                    out.extend_from_slice(if truth { b"true" } else { b"false" });
                }
                FoundValue::Word(text) | FoundValue::Text(text) => push_json(text, out),
                FoundValue::Code(code) => code.push_json(out),
            }
        });
        out.extend_from_slice(b"}\n");
    }
}

fn key(name: &str) -> Vec<u8> {
    let mut key = Vec::new();
    push_json(name, &mut key);
    key.push(b':');
    key
}
