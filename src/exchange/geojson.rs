//! GeoJSON out (RFC 7946): WGS 84, 7 decimals, outer rings counter-clockwise and closed, one feature at a time.

use std::io;

use geojson::{GeometryValue, JsonObject, JsonValue, Position};

use super::shape::Shape;
use crate::model::{Access, Coord, Feature, Geometry, GeometryKind, Layer, LonLat, Run, Value};

/// Writes a layer's features as one FeatureCollection and answers how many. The reader's access decides which fields go out;
/// beside them go code, name and parent (always in a grid level, else where there) and the validity where it is limited.
///
/// # Errors
/// Where `out` refuses.
pub fn write_geojson<'a>(
    mut out: impl io::Write,
    layer: &Layer,
    features: impl Iterator<Item = &'a Feature>,
    access: Access,
) -> io::Result<u64> {
    out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")?;
    let mut count = 0;
    for feature in features {
        out.write_all(if count == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut out, &geojson_feature(layer, feature, access))?;
        count += 1;
    }
    out.write_all(b"\n]}\n")?;
    out.flush()?;
    Ok(count)
}

/// One feature as the GeoJSON crate has it.
#[must_use]
pub fn geojson_feature(layer: &Layer, feature: &Feature, access: Access) -> geojson::Feature {
    geojson::Feature {
        id: Some(geojson::feature::Id::Number(feature.id.0.into())),
        geometry: Some(geojson::Geometry::new(geometry_value(&feature.geometry))),
        properties: Some(properties(layer, feature, access)),
        ..geojson::Feature::default()
    }
}

fn properties(layer: &Layer, feature: &Feature, access: Access) -> JsonObject {
    let mut object = JsonObject::new();
    let is_grid = layer.name.scheme_and_level().is_some();
    for (key, text) in [
        ("code", &feature.code),
        ("name", &feature.name),
        ("parent", &feature.parent),
    ] {
        if is_grid || text.is_some() {
            object.insert(key.into(), text.as_deref().into());
        }
    }
    for (key, time) in [
        ("valid_from", feature.validity.from),
        ("valid_to", feature.validity.to),
    ] {
        if let Some(time) = time {
            object.insert(key.into(), time.to_string().into());
        }
    }
    for (field, value) in layer.fields.iter().zip(&feature.values) {
        if access.sees(field) {
            object.insert(field.name.clone(), json_value(value));
        }
    }
    object
}

fn json_value(value: &Value) -> JsonValue {
    match value {
        Value::Null => JsonValue::Null,
        Value::Text(text) => (**text).into(),
        Value::Integer(number) => (*number).into(),
        Value::Real(number) => (*number).into(),
        Value::Boolean(boolean) => (*boolean).into(),
        Value::Time(time) => time.to_string().into(),
    }
}

/// A lattice step divided by 1e7 is the double nearest to its 7 decimals, and so prints as them.
fn position(at: Coord) -> Position {
    degrees(at.degrees())
}

fn degrees(at: LonLat) -> Position {
    Position::from([at.lon, at.lat])
}

fn closed(ring: Run<'_>) -> Vec<Position> {
    let first = ring.first();
    ring.chain(first).map(position).collect()
}

fn geometry_value(geometry: &Geometry) -> GeometryValue {
    match geometry.kind() {
        GeometryKind::Point => points(geometry.coords().map(position).collect()),
        GeometryKind::Line => lines(
            geometry
                .runs()
                .map(|line| line.map(position).collect())
                .collect(),
        ),
        GeometryKind::Polygon => polygons(
            geometry
                .parts()
                .map(|rings| rings.map(closed).collect())
                .collect(),
        ),
    }
}

/// A shape of a report, as it is: rings are neither turned nor closed.
pub(super) fn shape_value(shape: &Shape) -> GeometryValue {
    let run = |run: &Vec<LonLat>| run.iter().copied().map(degrees).collect();
    match shape {
        Shape::Points(all) => points(run(all)),
        Shape::Lines(all) => lines(all.iter().map(run).collect()),
        Shape::Polygons(all) => polygons(
            all.iter()
                .map(|rings| rings.iter().map(run).collect())
                .collect(),
        ),
    }
}

fn points(mut coordinates: Vec<Position>) -> GeometryValue {
    match (coordinates.len(), coordinates.pop()) {
        (1, Some(coordinates)) => GeometryValue::Point { coordinates },
        (_, last) => {
            coordinates.extend(last);
            GeometryValue::MultiPoint { coordinates }
        }
    }
}

fn lines(mut coordinates: Vec<Vec<Position>>) -> GeometryValue {
    match (coordinates.len(), coordinates.pop()) {
        (1, Some(coordinates)) => GeometryValue::LineString { coordinates },
        (_, last) => {
            coordinates.extend(last);
            GeometryValue::MultiLineString { coordinates }
        }
    }
}

fn polygons(mut coordinates: Vec<Vec<Vec<Position>>>) -> GeometryValue {
    match (coordinates.len(), coordinates.pop()) {
        (1, Some(coordinates)) => GeometryValue::Polygon { coordinates },
        (_, last) => {
            coordinates.extend(last);
            GeometryValue::MultiPolygon { coordinates }
        }
    }
}
