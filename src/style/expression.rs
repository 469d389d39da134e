//! Expressions of the MapLibre style specification, and the frame that all parts share.

use serde_json::{Value, json};

use super::catalogue::Drawn;

/// A number that changes with the zoom, between stops whose zooms ascend.
pub(super) fn by_zoom(stops: &[(f64, f64)]) -> Value {
    debug_assert!(stops.windows(2).all(|pair| pair[0].0 < pair[1].0));
    let head = [json!("interpolate"), json!(["linear"]), json!(["zoom"])];
    let stops = stops.iter().flat_map(|&(zoom, value)| [zoom, value]);
    head.into_iter().chain(stops.map(number)).collect()
}

/// Thousandths, so that sums of halves do not look like 0.30000000000000004.
pub(super) fn number(value: f64) -> Value {
    json!((value * 1000.0).round() / 1000.0)
}

/// A number from a field, 0 where there is none.
pub(super) fn numeric(field: &str) -> Value {
    json!(["to-number", ["get", field], 0])
}

/// A part of a layer: its id, its kind and where its features come from.
pub(super) fn part(drawn: &Drawn, name: &str, kind: &str) -> Value {
    let id = drawn.id();
    json!({ "id": format!("{id}|{name}"), "type": kind, "source": id, "source-layer": id })
}

/// The part with some members more; those that are null are left out.
pub(super) fn with<const N: usize>(mut part: Value, members: [(&str, Value); N]) -> Value {
    for (key, value) in members {
        if !value.is_null() {
            part[key] = value;
        }
    }
    part
}
