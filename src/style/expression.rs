//! Expressions of the MapLibre style specification, and the frame that all parts share.

use serde_json::{Value, json};

use super::catalogue::Drawn;
use super::colour::Colour;

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

/// A part of the names of a layer's lines or areas: the tiles hold a point for each, in the layer's layer of labels.
pub(super) fn label_part(drawn: &Drawn, name: &str) -> Value {
    with(
        part(drawn, name, "symbol"),
        [("source-layer", json!(labels_of(drawn)))],
    )
}

/// The name of the layer of labels in the tiles.
pub(super) fn labels_of(drawn: &Drawn) -> String {
    format!("{}.label", drawn.id())
}

/// A dot for what is smaller than a pixel: tiles hold a point in its place, or in the place of many such.
pub(super) fn speck(drawn: &Drawn, colour: Colour, from: f64, opacity: f64) -> Value {
    let paint = json!({
        "circle-color": colour.to_string(),
        "circle-radius": ["step", numeric("point_count"), 0.9, 2, 1.2, 20, 1.6],
        "circle-opacity": number(opacity),
    });
    let filter = json!(["==", ["geometry-type"], "Point"]);
    with(
        part(drawn, "speck", "circle"),
        [
            ("minzoom", number(from)),
            ("filter", filter),
            ("paint", paint),
        ],
    )
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
