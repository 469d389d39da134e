//! Columns that GDAL's KML reader gives every file, whether it says anything in them or not.

use crate::model::{Feature, Field, Value};

/// They are how a globe draws, not what a feature is.
const OWN: [&str; 11] = [
    "tessellate",
    "visibility",
    "altitudeMode",
    "drawOrder",
    "icon",
    "snippet",
    "extrude",
    "begin",
    "end",
    "timestamp",
    "description",
];

/// Drops those columns in which every feature has what stands for nothing.
pub(super) fn drop_unsaid(fields: &mut Vec<Field>, features: &mut [Feature]) {
    let is_said = |at: usize, field: &Field| {
        !OWN.contains(&field.name.as_str())
            || features
                .iter()
                .any(|feature| !is_default(&feature.values[at]))
    };
    let kept: Vec<bool> = fields
        .iter()
        .enumerate()
        .map(|(at, field)| is_said(at, field))
        .collect();
    let mut is_kept = kept.iter();
    fields.retain(|_| is_kept.next() == Some(&true));
    for feature in features {
        feature.values = feature
            .values
            .iter()
            .zip(&kept)
            .filter(|(_, is_kept)| **is_kept)
            .map(|(value, _)| value.clone())
            .collect();
    }
}

fn is_default(value: &Value) -> bool {
    match value {
        Value::Null | Value::Integer(-1 | 0) => true,
        Value::Text(text) => text.trim().is_empty(),
        _ => false,
    }
}
