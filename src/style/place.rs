//! Far out, where a county is a speck: a dot and a name for each place.

use serde_json::{Value, json};

use super::catalogue::Catalogue;
use super::design::Design;
use super::expression::number;

/// More places than this would hide the land under their dots.
const MANY: usize = 60;

/// The middles of the places.
pub(super) fn source(catalogue: &Catalogue) -> Value {
    let places = &catalogue.places;
    let shown = if places.len() > MANY {
        &[]
    } else {
        &places[..]
    };
    let features = shown.iter().map(|place| {
        let (min, max) = (place.bounds.min.degrees(), place.bounds.max.degrees());
        let middle = |low: f64, high: f64| (f64::midpoint(low, high) * 1e5).round() / 1e5;
        json!({
            "type": "Feature",
            "properties": { "code": place.code, "name": place.name },
            "geometry": {
                "type": "Point",
                "coordinates": [middle(min.lon, max.lon), middle(min.lat, max.lat)],
            },
        })
    });
    let features: Vec<Value> = features.collect();
    json!({ "type": "geojson", "data": { "type": "FeatureCollection", "features": features } })
}

/// Drawn below the zoom `to`, where the county's own name takes over.
pub(super) fn marks(to: f64, design: &Design, fonts: &[String]) -> Vec<Value> {
    let (place, text) = (&design.place, &design.text);
    let mark = |name: &str, kind: &str, layout: Value, paint: Value| {
        json!({
            "id": format!("~places|{name}"),
            "type": kind,
            "source": "~places",
            "maxzoom": number(to.max(1.0)),
            "layout": layout,
            "paint": paint,
        })
    };
    let glow = json!({
        "circle-radius": 16, "circle-color": place.glow.to_string(), "circle-opacity": 0.2, "circle-blur": 0.9,
    });
    let dot = json!({
        "circle-radius": 3.6, "circle-color": place.color.to_string(),
        "circle-stroke-color": text.halo.to_string(), "circle-stroke-width": 1.5,
    });
    let layout = json!({
        "text-field": ["coalesce", ["get", "name"], ""],
        "text-font": fonts,
        "text-size": 13,
        "text-variable-anchor": ["left", "right", "top", "bottom"],
        "text-radial-offset": 0.8,
    });
    let name = json!({
        "text-color": design.written(place.color, text.grid).to_string(),
        "text-halo-color": text.halo.to_string(),
        "text-halo-width": text.halo_width,
    });
    vec![
        mark("glow", "circle", json!({}), glow),
        mark("dot", "circle", json!({}), dot),
        mark("name", "symbol", layout, name),
    ]
}
