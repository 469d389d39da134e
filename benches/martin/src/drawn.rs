//! What a tile shows.

use std::collections::BTreeMap;

use mlt_core::fast_mvt::{MvtGeometry, MvtReaderRef, MvtValue};

/// West, north, east and south end of a polygon, tile units.
type Box = [i32; 4];

/// The polygons of the only layer of a tile, by the number that each has as its `id`.
pub(crate) fn boxes(bytes: &[u8], name: &str, extent: u32) -> BTreeMap<u64, Box> {
    let reader = MvtReaderRef::new(bytes).expect("a tile");
    let tile = reader.to_tile().expect("features");
    let [layer] = &*tile.layers else {
        panic!("{} layers", tile.layers.len())
    };
    assert_eq!((&*layer.name, layer.extent.get()), (name, extent));
    let features = layer.features.iter();
    let boxes = features.map(|feature| (number(&feature.properties), around(&feature.geometry)));
    let boxes: BTreeMap<u64, Box> = boxes.collect();
    assert_eq!(boxes.len(), layer.features.len(), "a number is there twice");
    boxes
}

fn number(properties: &[(String, MvtValue)]) -> u64 {
    match properties {
        [(key, MvtValue::Int(number) | MvtValue::SInt(number))] if key == "id" => {
            number.cast_unsigned()
        }
        [(key, MvtValue::UInt(number))] if key == "id" => *number,
        other => panic!("{other:?}"),
    }
}

fn around(geometry: &MvtGeometry) -> Box {
    let polygons = match geometry {
        MvtGeometry::Polygon(one) => std::slice::from_ref(one),
        MvtGeometry::MultiPolygon(many) => &*many.0,
        other => panic!("{other:?}"),
    };
    let corners = polygons.iter().flat_map(|polygon| &polygon.exterior().0);
    let nowhere = [i32::MAX, i32::MAX, i32::MIN, i32::MIN];
    corners.fold(nowhere, |[west, north, east, south], at| {
        [
            west.min(at.x),
            north.min(at.y),
            east.max(at.x),
            south.max(at.y),
        ]
    })
}
