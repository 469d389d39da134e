//! Elements of a document's `points`.

use serde_json::value::RawValue;

use super::super::{RowPoint, number, shortened};
use super::extent::blanks;
use super::scanner::LONGEST_VALUE;
use crate::model::LonLat;

/// Bytes in which what is shown of a value lies whole.
const SHOWN: usize = 256;

/// The point with which `bytes` begin, if it is two or three plain numbers, and its length. A third number is a height, as in
/// GeoJSON.
pub(super) fn usual_point(bytes: &[u8]) -> Option<(LonLat, usize)> {
    if bytes.first() != Some(&b'[') {
        return None;
    }
    let mut at = 1;
    let mut numbers = [0.0; 3];
    for place in 0..3 {
        at += blanks(&bytes[at..]);
        let (value, length) =
            number::leading(&bytes[at..]).filter(|(value, _)| value.is_finite())?;
        numbers[place] = value;
        at += length;
        at += blanks(&bytes[at..]);
        match bytes.get(at)? {
            b',' if place < 2 => at += 1,
            b']' if place > 0 => {
                let [lon, lat, _] = numbers;
                return Some((LonLat { lon, lat }, at + 1));
            }
            _ => return None,
        }
    }
    None
}

/// The point that a value is.
pub(super) fn point(text: &str) -> RowPoint {
    let numbers: Option<Vec<f64>> =
        serde_json::from_str::<Vec<&RawValue>>(text)
            .ok()
            .and_then(|values| {
                let number = |value: &&RawValue| number::finite(value.get().as_bytes());
                values.iter().map(number).collect()
            });
    if let Some(&[lon, lat] | &[lon, lat, _]) = numbers.as_deref() {
        return RowPoint::At(LonLat { lon, lat });
    }
    no_point(text, "no point")
}

/// What is said of a value that is too long to be a point.
pub(super) fn long_point(beginning: &[u8]) -> RowPoint {
    let given = &beginning[..beginning.len().min(SHOWN)];
    let what = format!("longer than {} KB, no point", LONGEST_VALUE >> 10);
    no_point(&String::from_utf8_lossy(given), &what)
}

pub(super) fn no_point(given: &str, what: &str) -> RowPoint {
    let given = shortened(given);
    RowPoint::Bad(format!("{given} is {what}; write [lon,lat] in degrees").into())
}
