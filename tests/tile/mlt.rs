//! The same tile as MVT and as MLT: what is read from one is what is read from the other.

use mlt_core::mvt::tile_layers_to_mvt;
use mlt_core::{Decoder, Parser};
use proptest::prelude::*;
use serde_json::Value as Json;
use wangge::model::{
    Access, Feature, Field, FieldKind, Geometry, GeometryKind, Layer, Sensitivity, Title, Value,
};
use wangge::snapshot::LayerSnapshot;
use wangge::tile::{TileOptions, mlt, tile};

use super::readers::{as_json, here, node, tile_of_three_layers, written};
use super::support::{feature, lattice, layer, now, read, shapes, snapshot};

/// What a tile holds, in the words of `tile_decode/decode.mjs`.
fn content(mvt: &[u8]) -> Vec<(String, Vec<Json>)> {
    let layers = read(mvt).into_iter();
    layers
        .map(|layer| {
            (
                layer.name.clone(),
                layer.features.iter().map(as_json).collect(),
            )
        })
        .collect()
}

/// What mlt-core's own reader finds.
fn read_by_crate(bytes: &[u8]) -> Vec<(String, Vec<Json>)> {
    let layers = Parser::default().parse_layers(bytes).unwrap();
    let mut decoder = Decoder::default();
    let layers = layers.into_iter().map(|layer| match layer {
        mlt_core::Layer::Tag01(layer) => layer.into_tile(&mut decoder).unwrap(),
        other => panic!("{other:?}"),
    });
    content(&tile_layers_to_mvt(layers.collect()).unwrap())
}

/// What the reader of MapLibre finds.
fn read_by_maplibre(bytes: &[u8]) -> Vec<(String, Vec<Json>)> {
    let (_kept, path) = written(bytes, "tile.mlt");
    let seen: Json = serde_json::from_slice(&node("decode.mjs", &[path])).unwrap();
    let layers = seen["layers"].as_array().unwrap();
    let layer = |layer: &Json| {
        assert_eq!(layer["extent"], 4096);
        let features = layer["features"].as_array().unwrap();
        (layer["name"].as_str().unwrap().to_owned(), features.clone())
    };
    layers.iter().map(layer).collect()
}

#[test]
fn maplibres_reader_sees_in_an_mlt_what_it_sees_in_the_mvt() {
    let mvt = tile_of_three_layers();
    let bytes = mlt(&mvt).unwrap();
    let expected = content(&mvt);
    assert_eq!(expected.len(), 3);
    assert_eq!(read_by_maplibre(&bytes), expected);
    assert_eq!(read_by_crate(&bytes), expected);
    assert!(bytes.len() < mvt.len());
}

fn with_fields() -> Layer {
    let field = |(name, kind): (&str, FieldKind)| Field {
        name: name.to_owned(),
        title: Title::default(),
        kind,
        sensitivity: Sensitivity::Public,
        in_tiles: true,
    };
    let fields = [
        ("text", FieldKind::Text),
        ("floors", FieldKind::Integer),
        ("large", FieldKind::Integer),
        ("height", FieldKind::Real),
        ("open", FieldKind::Boolean),
        ("since", FieldKind::Time),
    ];
    Layer {
        fields: fields.map(field).to_vec(),
        ..layer("数据", GeometryKind::Point)
    }
}

#[test]
fn values_of_every_type_and_their_absence_go_through() {
    let rows = [
        [
            Value::Text("第一网格".into()),
            Value::Integer(-3),
            Value::Integer(9_007_199_254_740_991),
            Value::Real(2.5),
            Value::Boolean(true),
            Value::Time(now()),
        ],
        [const { Value::Null }; 6],
        [
            Value::Text("".into()),
            Value::Integer(2_147_483_647),
            Value::Integer(0),
            Value::Real(-1e300),
            Value::Boolean(false),
            Value::Null,
        ],
    ];
    let at = |index: i64| Geometry::points([lattice(here(), (index as f64 * 99.0, 7.0))]).unwrap();
    let features = (1..).zip(rows).map(|(index, values)| Feature {
        values: Box::new(values),
        ..feature(index * 5_000_000_000, at(index))
    });
    let snapshot = LayerSnapshot::build(with_fields(), 1, features);
    let options = TileOptions::default();
    let mvt = tile(&[&snapshot], here(), now(), Access::LOCAL, &options);
    let mvt = mvt.unwrap().unwrap();
    let bytes = mlt(&mvt).unwrap();
    let expected = content(&mvt);
    assert_eq!(read_by_crate(&bytes), expected);
    assert_eq!(read_by_maplibre(&bytes), expected);
    assert_eq!(expected[0].1[0]["properties"]["floors"], -3);
}

proptest! {
    #[test]
    fn any_shapes_come_through_mlt_as_they_are(many in prop::collection::vec(shapes(), 1..6)) {
        let shapes: Vec<_> = many
            .iter()
            .filter_map(|shape| super::support::geometry(here(), shape))
            .collect();
        prop_assume!(!shapes.is_empty());
        let Some(mvt) = super::support::bytes(&snapshot(shapes), here()) else {
            return Ok(());
        };
        let bytes = mlt(&mvt).unwrap();
        prop_assert_eq!(read_by_crate(&bytes), content(&mvt));
        // The same tile has the same bytes.
        prop_assert_eq!(mlt(&mvt).unwrap(), bytes);
    }
}
