//! Decimal numbers as tables and JSON write them, read without a detour over text.

/// Powers of ten that a double holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];
/// Digits that a `u64` holds, whichever they are.
const DIGITS: usize = 19;
/// Whole numbers up to this are doubles.
const EXACT: u64 = 1 << 53;

/// The JSON number with which `text` begins, and its length; `None` where it begins with none. The value is the double nearest
/// to what is written, as `str::parse` finds it: a whole number and a power of ten that are both exact give it in one division.
pub(super) fn leading(text: &[u8]) -> Option<(f64, usize)> {
    let is_negative = text.first() == Some(&b'-');
    let start = usize::from(is_negative);
    let (whole, mut at) = digits(text, start, 0);
    let is_padded = text.get(start) == Some(&b'0') && at > start + 1;
    if at == start || is_padded {
        return None;
    }
    let mut count = at - start;
    let mut mantissa = whole;
    let mut decimals = 0;
    if text.get(at) == Some(&b'.') {
        let point = at + 1;
        (mantissa, at) = digits(text, point, whole);
        decimals = at - point;
        count += decimals;
        if decimals == 0 {
            return None;
        }
    }
    let is_plain = !matches!(text.get(at), Some(b'e' | b'E'));
    if !is_plain {
        at = exponent(text, at + 1)?;
    }
    match POWERS.get(decimals) {
        Some(power) if is_plain && count <= DIGITS && mantissa <= EXACT => {
            #[expect(clippy::cast_precision_loss, reason = "at most 2^53")]
            let value = mantissa as f64 / power;
            Some((if is_negative { -value } else { value }, at))
        }
        _ => Some((std::str::from_utf8(&text[..at]).ok()?.parse().ok()?, at)),
    }
}

/// The number that a cell holds, in any form that `str::parse` takes.
pub(super) fn whole(cell: &[u8]) -> Option<f64> {
    match leading(cell) {
        Some((value, length)) if length == cell.len() => Some(value),
        _ => std::str::from_utf8(cell).ok()?.parse().ok(),
    }
}

/// The same, where it is finite: what is too large for a number is none.
pub(super) fn finite(cell: &[u8]) -> Option<f64> {
    whole(cell).filter(|value| value.is_finite())
}

/// Appends the digits from `at` to a number; where they end.
fn digits(text: &[u8], mut at: usize, mut number: u64) -> (u64, usize) {
    while let Some(digit @ b'0'..=b'9') = text.get(at) {
        number = number
            .wrapping_mul(10)
            .wrapping_add(u64::from(digit - b'0'));
        at += 1;
    }
    (number, at)
}

/// Where the exponent ends that begins behind its letter.
fn exponent(text: &[u8], at: usize) -> Option<usize> {
    let start = at + usize::from(matches!(text.get(at), Some(b'+' | b'-')));
    let (_, end) = digits(text, start, 0);
    (end > start).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Coord, LonLat};
    use proptest::prelude::*;

    #[test]
    fn a_number_ends_where_json_ends_it() {
        assert_eq!(leading(b"104.7,28"), Some((104.7, 5)));
        assert_eq!(leading(b"-0]"), Some((-0.0, 2)));
        assert_eq!(leading(b"1e2 "), Some((100.0, 3)));
        for text in ["", "-", "+1", ".5", "1.", "01", "1e", "1e+", "x", "NaN"] {
            assert_eq!(leading(text.as_bytes()), None, "{text}");
        }
    }

    fn bits(value: f64) -> u64 {
        value.to_bits()
    }

    proptest! {
        #[test]
        fn every_number_is_the_double_that_the_standard_library_reads(
            text in "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?",
        ) {
            let (value, length) = leading(text.as_bytes()).unwrap();
            prop_assert_eq!(length, text.len());
            prop_assert_eq!(bits(value), bits(text.parse().unwrap()));
        }

        #[test]
        fn degrees_snap_as_when_serde_json_reads_them(
            lon in "-?(0|[1-9][0-9]{0,2})(\\.[0-9]{1,12})?",
            lat in "-?(0|[1-9][0-9]?)(\\.[0-9]{1,13})?([eE]-?[01])?",
        ) {
            let ours = |text: &str| leading(text.as_bytes()).unwrap().0;
            let theirs = |text: &str| serde_json::from_str::<f64>(text).unwrap();
            let snap = |lon, lat| Coord::snap(LonLat { lon, lat });
            prop_assert_eq!(snap(ours(&lon), ours(&lat)), snap(theirs(&lon), theirs(&lat)));
        }

        #[test]
        fn a_cell_holds_what_the_standard_library_reads(text in "[-+.eE0-9infaNty ]{0,8}") {
            let (ours, theirs) = (whole(text.as_bytes()), text.parse::<f64>().ok());
            prop_assert_eq!(ours.map(bits), theirs.map(bits));
        }
    }
}
