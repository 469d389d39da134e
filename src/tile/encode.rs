//! Shapes and properties → the bytes of a vector tile, version 2.

use super::Share;
use super::cluster::Cluster;
use super::label::{LABEL_SUFFIX, Label};
use super::mercator::Place;
use super::outlines::Outlines;
use super::shape::Shape;
use super::writer::{LayerWriter, Property};
use crate::model::{Access, Feature, Field, GeometryKind, Layer, Value};

/// The keys that every layer has; a field of that name gives way.
pub(super) const OWN_KEYS: [&str; 3] = ["code", "name", "parent"];

/// A layer as a tile shows it.
pub(super) struct Sheet<'a> {
    pub(super) layer: &'a Layer,
    pub(super) features: Vec<(&'a Feature, Drawn)>,
    pub(super) outlines: Outlines,
    pub(super) clusters: Vec<Cluster>,
    /// What the members of clusters are counted by, in the order of their counts; none where that is nothing.
    pub(super) keys: Vec<String>,
}

/// As what a feature is drawn.
#[derive(Clone, Copy, Debug)]
pub(super) enum Drawn {
    /// The sheet's outlines with this number.
    Outline(usize),
    /// A point in its place.
    Point(Place),
}

/// The labels of a layer, a layer of their own.
pub(super) struct LabelSheet<'a> {
    pub(super) layer: &'a Layer,
    pub(super) labels: Vec<Label<'a>>,
}

impl Sheet<'_> {
    /// As it is called in the tile.
    pub(super) fn name(&self) -> String {
        self.layer.name.to_string()
    }

    fn shape(&self, drawn: Drawn) -> Shape<'_> {
        shape(self.layer.geometry, &self.outlines, drawn)
    }

    /// Takes away the features of which nothing is drawn.
    pub(super) fn drop_empty(&mut self) {
        let (kind, outlines) = (self.layer.geometry, &self.outlines);
        self.features
            .retain(|(_, drawn)| !shape(kind, outlines, *drawn).is_empty());
    }
}

fn shape(kind: GeometryKind, outlines: &Outlines, drawn: Drawn) -> Shape<'_> {
    match (drawn, kind) {
        (Drawn::Point(at), _) => Shape::Point(at),
        (Drawn::Outline(number), GeometryKind::Point) => Shape::Points(outlines.shape(number)),
        (Drawn::Outline(number), GeometryKind::Line) => Shape::Lines(outlines.shape(number)),
        (Drawn::Outline(number), GeometryKind::Polygon) => Shape::Polygons(outlines.shape(number)),
    }
}

impl LabelSheet<'_> {
    /// As it is called in the tile.
    pub(super) fn name(&self) -> String {
        format!("{}{LABEL_SUFFIX}", self.layer.name)
    }
}

/// The key that says which label goes first where two collide.
pub(super) const RANK: &str = "rank";

/// Whether tiles for this reader carry the field.
pub(super) fn carries(access: Access, field: &Field) -> bool {
    field.in_tiles && access.sees(field) && !OWN_KEYS.contains(&field.name.as_str())
}

/// The tile's bytes, none where no sheet has anything, and what each sheet takes of them.
pub(super) fn encode(
    sheets: &[Sheet],
    labels: &[LabelSheet],
    access: Access,
) -> (Vec<u8>, Vec<Share>) {
    let (mut tile, mut shares) = (Vec::new(), Vec::new());
    let mut add = |layer: LayerWriter, features| {
        let before = tile.len();
        layer.finish(&mut tile);
        let bytes = tile.len() - before;
        shares.push(Share { features, bytes });
    };
    for sheet in sheets {
        if sheet.features.is_empty() && sheet.clusters.is_empty() {
            continue;
        }
        let mut layer = LayerWriter::new(sheet.name());
        draw(&mut layer, sheet, access);
        add(layer, sheet.features.len());
    }
    for sheet in labels.iter().filter(|sheet| !sheet.labels.is_empty()) {
        let mut layer = LayerWriter::new(sheet.name());
        put(&mut layer, &sheet.labels);
        add(layer, sheet.labels.len());
    }
    (tile, shares)
}

/// Adds a sheet's features and clusters.
fn draw(layer: &mut LayerWriter, sheet: &Sheet, access: Access) {
    for (feature, drawn) in &sheet.features {
        properties(layer, sheet.layer, feature, access);
        layer.feature(id(feature), sheet.shape(*drawn));
    }
    for cluster in &sheet.clusters {
        counts(layer, cluster, &sheet.keys);
        layer.feature(Some(cluster.id), Shape::Point(cluster.at));
    }
}

/// Adds labels.
fn put(layer: &mut LayerWriter, labels: &[Label]) {
    for label in labels {
        let own = [("code", &label.feature.code), ("name", &label.feature.name)];
        for (key, text) in own {
            if let Some(text) = text {
                layer.tag(key, Property::Text(text));
            }
        }
        layer.tag(RANK, Property::Integer(label.rank.into()));
        layer.feature(id(label.feature), Shape::Point(label.at));
    }
}

fn id(feature: &Feature) -> Option<u64> {
    u64::try_from(feature.id.0).ok()
}

/// The properties of a cluster as supercluster names them, and its members by category.
fn counts(layer: &mut LayerWriter, cluster: &Cluster, keys: &[String]) {
    layer.tag("cluster", Property::Boolean(true));
    layer.tag("point_count", Property::Integer(cluster.count.into()));
    let short = abbreviated(cluster.count);
    layer.tag("point_count_abbreviated", Property::Text(&short));
    layer.tag(
        "expansion_zoom",
        Property::Integer(cluster.expansion.into()),
    );
    for (key, count) in keys.iter().zip(cluster.categories) {
        if count > 0 {
            layer.tag(key, Property::Integer(count.into()));
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

fn properties(written: &mut LayerWriter, layer: &Layer, feature: &Feature, access: Access) {
    let own = [&feature.code, &feature.name, &feature.parent];
    for (key, text) in OWN_KEYS.into_iter().zip(own) {
        if let Some(text) = text {
            written.tag(key, Property::Text(text));
        }
    }
    for (field, value) in layer.fields.iter().zip(&feature.values) {
        if carries(access, field) {
            property(written, &field.name, value);
        }
    }
}

/// Adds a value in its own type; what is missing or no number is left out, a time is text in RFC 3339.
fn property(written: &mut LayerWriter, key: &str, value: &Value) {
    match value {
        Value::Text(text) => written.tag(key, Property::Text(text)),
        Value::Integer(number) => written.tag(key, Property::Integer(*number)),
        Value::Real(number) if number.is_finite() => written.tag(key, Property::Real(*number)),
        Value::Real(_) | Value::Null => {}
        Value::Boolean(flag) => written.tag(key, Property::Boolean(*flag)),
        Value::Time(time) => written.tag(key, Property::Text(&time.to_string())),
    }
}
