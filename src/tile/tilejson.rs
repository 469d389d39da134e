//! What a client must know of a tile set: TileJSON 3.0.0 (github.com/mapbox/tilejson-spec).

use serde_json::{Map, Value, json};

use super::MOST_FEATURES;
use super::cluster::keys;
use super::crowd::Crowd;
use super::encode::{OWN_KEYS, RANK, carries};
use super::label::LABEL_SUFFIX;
use crate::model::{Access, Bounds, FieldKind, Layer, LonLat, Zooms};
use crate::snapshot::LayerSnapshot;

/// Web mercator ends here, degrees.
const MERCATOR_END: f64 = 85.051_128_779_806_6;

/// What a set of tiles holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Tileset {
    pub zooms: Zooms,
    /// West, south, east, north in degrees; `None` while no layer has a feature there.
    pub bounds: Option<[f64; 4]>,
    /// Longitude, latitude, and the zoom at which the longer side fills about one tile.
    pub center: Option<(f64, f64, u8)>,
    /// One object a layer, as TileJSON has it; those of labels last.
    pub vector_layers: Vec<Value>,
}

impl Tileset {
    /// The tiles of these layers, and of the labels of others, at their zooms, as a reader with `access` sees them.
    #[must_use]
    pub fn of(layers: &[&LayerSnapshot], labels: &[&LayerSnapshot], access: Access) -> Self {
        let all = layers.iter().chain(labels);
        let zooms = all.map(|snapshot| snapshot.layer().zooms);
        let zooms = zooms.reduce(|all, one| Zooms {
            min: all.min.min(one.min),
            max: all.max.max(one.max),
        });
        Self::within(layers, labels, zooms.unwrap_or_default(), None, access)
    }

    /// The same at `zooms` only, of the ground in a box only.
    #[must_use]
    pub fn within(
        layers: &[&LayerSnapshot],
        labels: &[&LayerSnapshot],
        zooms: Zooms,
        ground: Option<Bounds>,
        access: Access,
    ) -> Self {
        let all = layers.iter().chain(labels);
        let bounds = all.filter_map(|snapshot| snapshot.bounds());
        let bounds = bounds.reduce(Bounds::union);
        let bounds = match (bounds, ground) {
            (Some(bounds), Some(ground)) => bounds.shared_with(ground),
            (bounds, _) => bounds,
        };
        let corners =
            bounds.map(|bounds| (shown(bounds.min.degrees()), shown(bounds.max.degrees())));
        let described = layers
            .iter()
            .map(|layer| vector_layer(layer, zooms, access));
        let labelled = labels.iter().map(|layer| label_layer(layer.layer(), zooms));
        Self {
            zooms,
            bounds: corners.map(|(min, max)| [min.lon, min.lat, max.lon, max.lat]),
            center: corners.map(|(min, max)| center(min, max, zooms)),
            vector_layers: described.chain(labelled).collect(),
        }
    }
}

/// Describes tiles of these layers, and of the labels of others, to a reader with `access`. `url_template` has `{z}`, `{x}`, `{y}`. Bounds and centre are left out while
/// no layer has a feature.
#[must_use]
pub fn tile_json(
    layers: &[&LayerSnapshot],
    labels: &[&LayerSnapshot],
    url_template: &str,
    access: Access,
) -> Value {
    let tileset = Tileset::of(layers, labels, access);
    let mut document = json!({
        "tilejson": "3.0.0",
        "scheme": "xyz",
        "tiles": [url_template],
        "minzoom": tileset.zooms.min,
        "maxzoom": tileset.zooms.max,
        "vector_layers": tileset.vector_layers,
    });
    if let Some(bounds) = tileset.bounds {
        document["bounds"] = json!(bounds);
    }
    if let Some(center) = tileset.center {
        document["center"] = json!(center);
    }
    document
}

fn vector_layer(snapshot: &LayerSnapshot, zooms: Zooms, access: Access) -> Value {
    let layer = snapshot.layer();
    let mut fields = Map::new();
    for key in OWN_KEYS {
        fields.insert(key.to_owned(), json!("String"));
    }
    for field in layer.fields.iter().filter(|field| carries(access, field)) {
        let kind = match field.kind {
            FieldKind::Text | FieldKind::Time => "String",
            FieldKind::Integer | FieldKind::Real => "Number",
            FieldKind::Boolean => "Boolean",
        };
        fields.insert(field.name.clone(), json!(kind));
    }
    let (first, last) = (
        layer.zooms.min.max(zooms.min),
        layer.zooms.max.min(zooms.max),
    );
    let is_gathered = |zoom| Crowd::of(snapshot, zoom).is_some();
    if snapshot.count() > MOST_FEATURES || (first..=last).any(is_gathered) {
        let counted = keys(snapshot, access);
        let counted = counted.into_iter().filter(|key| !key.is_empty());
        fields.insert("cluster".to_owned(), json!("Boolean"));
        fields.insert("point_count_abbreviated".to_owned(), json!("String"));
        for key in ["point_count", "expansion_zoom"]
            .map(str::to_owned)
            .into_iter()
            .chain(counted)
        {
            fields.insert(key, json!("Number"));
        }
    }
    json!({
        "id": layer.name.as_str(),
        "description": layer.title.zh,
        "minzoom": first,
        "maxzoom": last,
        "fields": fields,
    })
}

fn label_layer(layer: &Layer, zooms: Zooms) -> Value {
    json!({
        "id": format!("{}{LABEL_SUFFIX}", layer.name),
        "description": layer.title.zh,
        "minzoom": layer.zooms.min.max(zooms.min),
        "maxzoom": layer.zooms.max.min(zooms.max),
        "fields": { "code": "String", "name": "String", RANK: "Number" },
    })
}

/// The part of the world that a tile can show.
fn shown(at: LonLat) -> LonLat {
    LonLat {
        lon: at.lon,
        lat: at.lat.clamp(-MERCATOR_END, MERCATOR_END),
    }
}

/// The middle, and the zoom at which the longer side fills about one tile.
fn center(min: LonLat, max: LonLat, zooms: Zooms) -> (f64, f64, u8) {
    let span = (max.lon - min.lon).max(max.lat - min.lat);
    let fits = (zooms.min..=zooms.max)
        .rev()
        .find(|&zoom| span <= 360.0 / 2f64.powi(i32::from(zoom)));
    let zoom = fits.unwrap_or(zooms.min);
    let middle = |low: f64, high: f64| (f64::midpoint(low, high) * 1e7).round() / 1e7;
    (middle(min.lon, max.lon), middle(min.lat, max.lat), zoom)
}
