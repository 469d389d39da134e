//! What a bench was told: `--name value`.

/// The word after a name among the arguments.
pub(crate) fn given(name: &str) -> Option<String> {
    let mut words = std::env::args().skip_while(|word| word != name);
    words.nth(1)
}

/// The number after a name; one that is no number is none.
pub(crate) fn number(name: &str) -> Option<usize> {
    given(name).and_then(|word| word.parse().ok())
}
