//! What martin's own bench of its GeoJSON source draws (maplibre/martin, `martin-core/benches/geojson_tiles.rs`): so many polygons of so
//! many vertices on an even grid over the map, each with its number as the property `id`.

use std::f64::consts::TAU;

use serde_json::{Value as Json, json};
use wangge::model::{
    Clustering, Coord, Feature, FeatureId, Field, FieldKind, Geometry, GeometryKind, Layer, LonLat,
    Look, Sensitivity, Title, Validity, Value, Zooms,
};
use wangge::snapshot::LayerSnapshot;

/// Columns, and rows, of polygons: 10,000 in all.
const SIDE: u32 = 100;
/// Vertices of a polygon.
const VERTICES: u32 = 16;
/// Degrees of the map that they are spread over.
const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 170.0;

/// The corners of each polygon, counter-clockwise, the first one not repeated.
fn rings() -> impl Iterator<Item = Vec<LonLat>> {
    let (column, row) = (WIDTH / f64::from(SIDE), HEIGHT / f64::from(SIDE));
    let radius = 0.4 * column.min(row);
    let ring = move |number: u32| {
        let lon = column * (f64::from(number % SIDE) + 0.5) - WIDTH / 2.0;
        let lat = row * (f64::from(number / SIDE) + 0.5) - HEIGHT / 2.0;
        let corner = |corner| {
            let (sin, cos) = (TAU * f64::from(corner) / f64::from(VERTICES)).sin_cos();
            LonLat::new(lon + radius * cos, lat + radius * sin)
        };
        (0..VERTICES).map(corner).collect()
    };
    (0..SIDE * SIDE).map(ring)
}

/// As a document of GeoJSON.
pub(crate) fn document() -> Json {
    let feature = |(number, ring): (u32, Vec<LonLat>)| {
        let closed = ring.iter().chain(ring.first());
        let ring: Vec<[f64; 2]> = closed.map(|at| [at.lon, at.lat]).collect();
        json!({
            "type": "Feature",
            "properties": {"id": number},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        })
    };
    let features: Vec<Json> = (0..).zip(rings()).map(feature).collect();
    json!({"type": "FeatureCollection", "features": features})
}

/// As a layer, which is drawn in the same way at all zooms of the bench.
pub(crate) fn layer(name: &str) -> LayerSnapshot {
    let number = Field {
        name: "id".into(),
        title: Title::default(),
        kind: FieldKind::Integer,
        sensitivity: Sensitivity::Public,
        in_tiles: true,
    };
    let layer = Layer {
        name: name.parse().expect("a name"),
        title: Title::default(),
        geometry: GeometryKind::Polygon,
        fields: vec![number],
        zooms: Zooms { min: 0, max: 14 },
        color: None,
        clustering: Clustering::default(),
        look: Look::default(),
        is_configured: false,
    };
    let features = (0..).zip(rings()).map(|(number, ring)| {
        let corners = ring
            .into_iter()
            .map(|at| Coord::snap(at).expect("on Earth"));
        Feature {
            id: FeatureId(number + 1),
            code: None,
            name: None,
            parent: None,
            validity: Validity::ALWAYS,
            geometry: Geometry::polygons([vec![corners.collect()]]).expect("a ring with area"),
            values: [Value::Integer(number)].into(),
        }
    });
    LayerSnapshot::build(layer, 1, features)
}
