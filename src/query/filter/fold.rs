//! Texts without what a comparison is told to ignore.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Without case: every character's capital, in small letters, so that ß meets ss and ς meets σ.
pub(super) fn without_case(text: &str) -> String {
    let capitals = text.chars().flat_map(char::to_uppercase);
    capitals.flat_map(char::to_lowercase).collect()
}

/// Without accents: taken apart (NFD), marks dropped, put together again.
pub(super) fn without_accents(text: &str) -> String {
    text.nfd()
        .filter(|c| !is_combining_mark(*c))
        .nfc()
        .collect()
}
