//! Shapes and properties → the bytes of a vector tile, version 2. The only place that knows the `mvt` crate.
//!
//! The crate drops the middle one of three vertices on a horizontal or vertical line of a polygon; the outline stays the
//! same to the unit.

use mvt::{Feature as Drawn, GeomData, GeomEncoder, GeomType, Tile};

use super::TileError;
use super::mercator::{EXTENT, Place};
use super::ring::{Polygon, Shape};
use crate::model::{Access, Feature, Field, Layer, Value};

/// The keys that every layer has; a field of that name gives way.
pub(super) const OWN_KEYS: [&str; 3] = ["code", "name", "parent"];

/// A layer as a tile shows it.
pub(super) struct Sheet<'a> {
    pub(super) layer: &'a Layer,
    pub(super) features: Vec<(&'a Feature, Shape)>,
}

/// Whether tiles for this reader carry the field.
pub(super) fn carries(access: Access, field: &Field) -> bool {
    field.in_tiles && access.sees(field) && !OWN_KEYS.contains(&field.name.as_str())
}

/// The tile's bytes; `None` where no sheet has a feature.
pub(super) fn encode(sheets: &[Sheet], access: Access) -> Result<Option<Vec<u8>>, TileError> {
    let mut tile = Tile::new(EXTENT);
    for sheet in sheets.iter().filter(|sheet| !sheet.features.is_empty()) {
        let refused = |source| TileError::Encode {
            layer: sheet.layer.name.clone(),
            source,
        };
        let mut layer = tile.create_layer(sheet.layer.name.as_str());
        for (feature, shape) in &sheet.features {
            let mut drawn = layer.into_feature(geometry(shape).map_err(refused)?);
            if let Ok(id) = u64::try_from(feature.id.0) {
                drawn.set_id(id);
            }
            properties(&mut drawn, sheet.layer, feature, access);
            layer = drawn.into_layer();
        }
        tile.add_layer(layer).map_err(refused)?;
    }
    if tile.num_layers() == 0 {
        return Ok(None);
    }
    tile.to_bytes().map(Some).map_err(TileError::Write)
}

fn properties(drawn: &mut Drawn, layer: &Layer, feature: &Feature, access: Access) {
    let own = [&feature.code, &feature.name, &feature.parent];
    for (key, text) in OWN_KEYS.into_iter().zip(own) {
        if let Some(text) = text {
            drawn.add_tag_string(key, text);
        }
    }
    for (field, value) in layer.fields.iter().zip(&feature.values) {
        if carries(access, field) {
            property(drawn, &field.name, value);
        }
    }
}

/// Adds a value in its own type; what is missing or no number is left out, a time is text in RFC 3339.
fn property(drawn: &mut Drawn, key: &str, value: &Value) {
    match value {
        Value::Text(text) => drawn.add_tag_string(key, text),
        // Ten bytes as a plain one where negative.
        Value::Integer(number) if *number < 0 => drawn.add_tag_sint(key, *number),
        Value::Integer(number) => drawn.add_tag_int(key, *number),
        Value::Real(number) if number.is_finite() => drawn.add_tag_double(key, *number),
        Value::Real(_) | Value::Null => {}
        Value::Boolean(flag) => drawn.add_tag_bool(key, *flag),
        Value::Time(time) => drawn.add_tag_string(key, &time.to_string()),
    }
}

fn geometry(shape: &Shape) -> Result<GeomData, mvt::Error> {
    match shape {
        Shape::Points(places) => {
            let mut path = Path::new(GeomType::Point);
            path.draw(places)?;
            path.encoder.encode()
        }
        Shape::Lines(lines) => encode_lines(lines),
        Shape::Polygons(polygons) => encode_polygons(polygons),
    }
}

/// The crate's encoder, and the place where its pen is.
struct Path {
    encoder: GeomEncoder<i32>,
    pen: Option<Place>,
}

impl Path {
    fn new(kind: GeomType) -> Self {
        Self {
            encoder: GeomEncoder::new(kind),
            pen: None,
        }
    }

    fn draw(&mut self, places: &[Place]) -> Result<(), mvt::Error> {
        let fit = |value: i64| i32::try_from(value).map_err(|_| mvt::Error::InvalidValue());
        for at in places {
            self.encoder.add_point(fit(at.x)?, fit(at.y)?)?;
            self.pen = Some(*at);
        }
        Ok(())
    }
}

/// A line that begins where the pen is goes on with the line before it: the crate writes no move to there.
fn encode_lines(lines: &[Vec<Place>]) -> Result<GeomData, mvt::Error> {
    let mut path = Path::new(GeomType::Linestring);
    for line in lines {
        if path.pen.is_some() && path.pen != line.first().copied() {
            path.encoder.complete_geom()?;
        }
        path.draw(line)?;
    }
    path.encoder.encode()
}

/// A ring that begins where the pen is begins with its second vertex instead: the crate writes no move to there.
fn encode_polygons(polygons: &[Polygon]) -> Result<GeomData, mvt::Error> {
    let mut path = Path::new(GeomType::Polygon);
    for ring in polygons.iter().flatten() {
        if path.pen.is_some() {
            path.encoder.complete_geom()?;
        }
        let start = usize::from(path.pen == ring.first().copied());
        let (head, tail) = ring.split_at(start.min(ring.len()));
        path.draw(tail)?;
        path.draw(head)?;
    }
    path.encoder.encode()
}
