//! A tile's bytes as MVT → the same tile as MLT (maplibre.org/maplibre-tile-spec). The only place that knows the `mlt-core` crate.
//!
//! MLT is made from the MVT, so that both show the same by construction.

use mlt_core::encoder::EncoderConfig;
use mlt_core::mvt::mvt_to_tile_layers;
use mlt_core::{MltResult, PropKind, PropValue, TileLayer};

use super::TileError;

/// The MapLibre Tile with the layers, features, ids and properties of a Mapbox Vector Tile that [`super::tile`] made, in the
/// same order.
///
/// # Errors
/// Where the crate cannot read or write the tile.
pub fn mlt(mvt: &[u8]) -> Result<Vec<u8>, TileError> {
    converted(mvt).map_err(TileError::Mlt)
}

fn converted(mvt: &[u8]) -> MltResult<Vec<u8>> {
    let mut bytes = Vec::with_capacity(mvt.len());
    for layer in mvt_to_tile_layers(mvt)? {
        bytes.extend(narrowed(layer)?.encode(config())?);
    }
    Ok(bytes)
}

/// Features stay in the order of their ids, since what lies on top of what must not depend on the format. The format's own
/// packings of numbers and texts are off: they leave gzip less to find, and the tiles of the demo come out a quarter larger.
fn config() -> EncoderConfig {
    EncoderConfig::default()
        .with_spatial_morton_sort(false)
        .with_spatial_hilbert_sort(false)
        .with_id_sort(false)
        .with_fastpfor(false)
        .with_fsst(false)
        .with_shared_dict(false)
}

/// The same layer with 32 bits for whole numbers that fit: MapLibre reads those as numbers, and 64 bits as `BigInt`, with which
/// a style cannot reckon.
fn narrowed(layer: TileLayer) -> MltResult<TileLayer> {
    let columns = 0..layer.property_names().len();
    let short: Vec<bool> = columns.map(|column| is_short(&layer, column)).collect();
    if !short.contains(&true) {
        return Ok(layer);
    }
    let mut narrow = TileLayer::builder(layer.name(), layer.extent().get())?;
    let mut keys = Vec::with_capacity(short.len());
    for (column, name) in layer.property_names().iter().enumerate() {
        let kind = match layer.features().first() {
            Some(feature) if !short[column] => feature.properties()[column].kind(),
            _ => PropKind::I32,
        };
        keys.push(narrow.add_property(name.as_str(), kind)?);
    }
    for feature in layer.features() {
        let mut copy = narrow.feature(feature.geometry().clone());
        copy.id(feature.id());
        for (column, value) in feature.properties().iter().enumerate() {
            let value = match value {
                PropValue::I64(number) if short[column] => {
                    PropValue::I32(number.and_then(|number| i32::try_from(number).ok()))
                }
                value => value.clone(),
            };
            copy.property(keys[column], value)?;
        }
        copy.finish()?;
    }
    Ok(narrow.finish())
}

/// Whether a column holds whole numbers that all fit 32 bits.
fn is_short(layer: &TileLayer, column: usize) -> bool {
    let mut features = layer.features().iter();
    features.all(|feature| match feature.properties()[column] {
        PropValue::I64(number) => number.is_none_or(|number| i32::try_from(number).is_ok()),
        _ => false,
    })
}
