//! Shapes and properties → the bytes of a vector tile, version 2. The only place that knows the `mvt` crate.
//!
//! The crate drops the middle one of three vertices on a horizontal or vertical line of a polygon; the outline stays the
//! same to the unit.

use mvt::{Feature as Drawn, GeomData, GeomEncoder, GeomType, Layer as Drawing, Tile};

use super::TileError;
use super::cluster::Cluster;
use super::label::{LABEL_SUFFIX, Label};
use super::mercator::{EXTENT, Place};
use super::ring::{Polygon, Shape};
use crate::model::{Access, Feature, Field, Layer, Value};

/// The keys that every layer has; a field of that name gives way.
pub(super) const OWN_KEYS: [&str; 3] = ["code", "name", "parent"];

/// A layer as a tile shows it.
pub(super) struct Sheet<'a> {
    pub(super) layer: &'a Layer,
    pub(super) features: Vec<(&'a Feature, Shape)>,
    pub(super) clusters: Vec<Cluster>,
    /// What the members of clusters are counted by, in the order of their counts; none where that is nothing.
    pub(super) keys: Vec<String>,
}

/// The labels of a layer, a layer of their own.
pub(super) struct LabelSheet<'a> {
    pub(super) layer: &'a Layer,
    pub(super) labels: Vec<Label<'a>>,
}

/// The key that says which label goes first where two collide.
pub(super) const RANK: &str = "rank";

/// Whether tiles for this reader carry the field.
pub(super) fn carries(access: Access, field: &Field) -> bool {
    field.in_tiles && access.sees(field) && !OWN_KEYS.contains(&field.name.as_str())
}

/// The tile's bytes; `None` where no sheet has anything.
pub(super) fn encode(
    sheets: &[Sheet],
    labels: &[LabelSheet],
    access: Access,
) -> Result<Option<Vec<u8>>, TileError> {
    let mut tile = Tile::new(EXTENT);
    for sheet in sheets {
        if sheet.features.is_empty() && sheet.clusters.is_empty() {
            continue;
        }
        let layer = tile.create_layer(sheet.layer.name.as_str());
        let drawn = draw(layer, sheet, access).and_then(|layer| tile.add_layer(layer));
        drawn.map_err(|source| refused(sheet.layer, source))?;
    }
    for sheet in labels.iter().filter(|sheet| !sheet.labels.is_empty()) {
        let layer = tile.create_layer(&format!("{}{LABEL_SUFFIX}", sheet.layer.name));
        let drawn = put(layer, &sheet.labels).and_then(|layer| tile.add_layer(layer));
        drawn.map_err(|source| refused(sheet.layer, source))?;
    }
    if tile.num_layers() == 0 {
        return Ok(None);
    }
    tile.to_bytes().map(Some).map_err(TileError::Write)
}

fn refused(layer: &Layer, source: mvt::Error) -> TileError {
    TileError::Encode {
        layer: layer.name.clone(),
        source,
    }
}

/// Adds a sheet's features and clusters.
fn draw(mut layer: Drawing, sheet: &Sheet, access: Access) -> Result<Drawing, mvt::Error> {
    for (feature, shape) in &sheet.features {
        let mut drawn = layer.into_feature(geometry(shape)?);
        identify(&mut drawn, feature);
        properties(&mut drawn, sheet.layer, feature, access);
        layer = drawn.into_layer();
    }
    for cluster in &sheet.clusters {
        let mut drawn = layer.into_feature(point(cluster.at)?);
        drawn.set_id(cluster.id);
        counts(&mut drawn, cluster, &sheet.keys);
        layer = drawn.into_layer();
    }
    Ok(layer)
}

/// Adds labels.
fn put(mut layer: Drawing, labels: &[Label]) -> Result<Drawing, mvt::Error> {
    for label in labels {
        let mut drawn = layer.into_feature(point(label.at)?);
        identify(&mut drawn, label.feature);
        let own = [("code", &label.feature.code), ("name", &label.feature.name)];
        for (key, text) in own {
            if let Some(text) = text {
                drawn.add_tag_string(key, text);
            }
        }
        drawn.add_tag_int(RANK, label.rank.into());
        layer = drawn.into_layer();
    }
    Ok(layer)
}

fn identify(drawn: &mut Drawn, feature: &Feature) {
    if let Ok(id) = u64::try_from(feature.id.0) {
        drawn.set_id(id);
    }
}

/// The properties of a cluster as supercluster names them, and its members by category.
fn counts(drawn: &mut Drawn, cluster: &Cluster, keys: &[String]) {
    drawn.add_tag_bool("cluster", true);
    drawn.add_tag_int("point_count", cluster.count.into());
    drawn.add_tag_string("point_count_abbreviated", &abbreviated(cluster.count));
    drawn.add_tag_int("expansion_zoom", cluster.expansion.into());
    for (key, count) in keys.iter().zip(cluster.categories) {
        if count > 0 {
            drawn.add_tag_int(key, count.into());
        }
    }
}

/// A count in at most four characters up to a million: 999, 1.2k, 12k.
fn abbreviated(count: u32) -> String {
    match count {
        0..1000 => count.to_string(),
        1000..9950 => {
            let tenths = (count + 50) / 100;
            match tenths % 10 {
                0 => format!("{}k", tenths / 10),
                part => format!("{}.{part}k", tenths / 10),
            }
        }
        _ => format!("{}k", count.saturating_add(500) / 1000),
    }
}

fn point(at: Place) -> Result<GeomData, mvt::Error> {
    geometry(&Shape::Points(vec![at]))
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
