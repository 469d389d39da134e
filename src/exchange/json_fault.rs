//! What is wrong with a JSON file that GDAL will not open: its own words are "Failed to read GeoJSON data".

use std::fs;
use std::path::Path;

use geojson::GeoJson;
use serde::de::IgnoredAny;

/// Largest file that is read for a better sentence, bytes.
const LARGEST: u64 = 64 << 20;

/// The fault in words; `None` where the file is GeoJSON as far as can be told, or too large to look.
pub(super) fn of(file: &Path) -> Option<String> {
    if fs::metadata(file).ok()?.len() > LARGEST {
        return None;
    }
    let bytes = fs::read(file).ok()?;
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    if let Err(error) = serde_json::from_slice::<IgnoredAny>(bytes) {
        return Some(format!("it is no JSON: {error}"));
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let error = text.parse::<GeoJson>().err()?.to_string();
    let fault = error
        .rsplit("deserializing GeoJSON: ")
        .next()
        .unwrap_or(&error);
    Some(format!("it is no GeoJSON: {fault}"))
}
