//! A layer of a vector tile as protobuf bytes (Mapbox Vector Tile 2.1): keys and values once, geometry as commands.

use std::collections::HashMap;

use super::mercator::{EXTENT, Place};
use super::outlines::Outline;
use super::shape::Shape;

/// Kinds of protobuf fields.
const VARINT: u64 = 0;
const DOUBLE: u64 = 1;
const BYTES: u64 = 2;

/// Commands of a geometry (4.3.1).
const MOVE_TO: u32 = 1;
const LINE_TO: u32 = 2;
const CLOSE: u32 = 7 | 1 << 3;

/// A layer as it is written.
pub(super) struct LayerWriter {
    name: String,
    features: Vec<u8>,
    keys: Vec<String>,
    /// The bytes of each value, and its number.
    values: HashMap<Box<[u8]>, u32, foldhash::fast::RandomState>,
    /// The same in the order of their numbers.
    table: Vec<u8>,
    /// Of the feature that is being written.
    tags: Vec<u32>,
    bytes: Vec<u8>,
    feature: Vec<u8>,
}

/// A property as a tile has it (4.4).
#[derive(Clone, Copy, Debug)]
pub(super) enum Property<'a> {
    Text(&'a str),
    Integer(i64),
    Real(f64),
    Boolean(bool),
}

impl LayerWriter {
    pub(super) fn new(name: String) -> Self {
        Self {
            name,
            features: Vec::new(),
            keys: Vec::new(),
            values: HashMap::default(),
            table: Vec::new(),
            tags: Vec::new(),
            bytes: Vec::new(),
            feature: Vec::new(),
        }
    }

    /// Gives the next feature a property.
    pub(super) fn tag(&mut self, key: &str, property: Property<'_>) {
        let known = self.keys.iter().position(|known| known == key);
        let key = known.unwrap_or_else(|| {
            self.keys.push(key.to_owned());
            self.keys.len() - 1
        });
        self.bytes.clear();
        write_value(property, &mut self.bytes);
        let known = self.values.get(&*self.bytes).copied();
        let value = known.unwrap_or_else(|| {
            let number = number(self.values.len());
            self.values.insert(self.bytes.as_slice().into(), number);
            put_bytes(4, &self.bytes, &mut self.table);
            number
        });
        self.tags.extend([number(key), value]);
    }

    /// Writes a feature with the properties that were given.
    pub(super) fn feature(&mut self, id: Option<u64>, shape: Shape<'_>) {
        let mut feature = std::mem::take(&mut self.feature);
        feature.clear();
        if let Some(id) = id {
            put_key(1, VARINT, &mut feature);
            put(id, &mut feature);
        }
        self.bytes.clear();
        for tag in self.tags.drain(..) {
            put(tag.into(), &mut self.bytes);
        }
        put_bytes(2, &self.bytes, &mut feature);
        put_key(3, VARINT, &mut feature);
        put(kind(shape), &mut feature);
        self.bytes.clear();
        write_geometry(shape, &mut self.bytes);
        put_bytes(4, &self.bytes, &mut feature);
        put_bytes(2, &feature, &mut self.features);
        self.feature = feature;
    }

    /// Adds the layer to a tile.
    pub(super) fn finish(self, tile: &mut Vec<u8>) {
        let mut layer = Vec::with_capacity(self.features.len() + self.table.len() + 256);
        put_bytes(1, self.name.as_bytes(), &mut layer);
        layer.extend_from_slice(&self.features);
        for key in &self.keys {
            put_bytes(3, key.as_bytes(), &mut layer);
        }
        layer.extend_from_slice(&self.table);
        put_key(5, VARINT, &mut layer);
        put(EXTENT.into(), &mut layer);
        put_key(15, VARINT, &mut layer);
        put(2, &mut layer);
        put_bytes(3, &layer, tile);
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).expect("fewer than 2^32 keys and values in a tile")
}

fn write_value(property: Property<'_>, out: &mut Vec<u8>) {
    match property {
        Property::Text(text) => put_bytes(1, text.as_bytes(), out),
        Property::Real(number) => {
            put_key(3, DOUBLE, out);
            out.extend(number.to_le_bytes());
        }
        // As a plain one it has ten bytes where negative.
        Property::Integer(number) if number < 0 => {
            put_key(6, VARINT, out);
            put((number << 1 ^ number >> 63).cast_unsigned(), out);
        }
        Property::Integer(number) => {
            put_key(4, VARINT, out);
            put(number.cast_unsigned(), out);
        }
        Property::Boolean(flag) => {
            put_key(7, VARINT, out);
            put(flag.into(), out);
        }
    }
}

fn kind(shape: Shape<'_>) -> u64 {
    match shape {
        Shape::Point(_) | Shape::Points(_) => 1,
        Shape::Lines(_) => 2,
        Shape::Polygons(_) => 3,
    }
}

fn write_geometry(shape: Shape<'_>, out: &mut Vec<u8>) {
    let mut pen = Pen {
        at: Place { x: 0, y: 0 },
        out,
    };
    match shape {
        Shape::Point(at) => pen.draw(MOVE_TO, &[at]),
        Shape::Points(runs) => runs.iter().for_each(|run| pen.draw(MOVE_TO, run.places)),
        Shape::Lines(lines) => lines.iter().for_each(|line| pen.path(line.places)),
        Shape::Polygons(rings) => {
            for Outline { places, .. } in rings.iter() {
                pen.path(places);
                put(CLOSE.into(), pen.out);
            }
        }
    }
}

/// Draws from where it is.
struct Pen<'a> {
    at: Place,
    out: &'a mut Vec<u8>,
}

impl Pen<'_> {
    fn path(&mut self, places: &[Place]) {
        let (first, rest) = places.split_at(1.min(places.len()));
        self.draw(MOVE_TO, first);
        self.draw(LINE_TO, rest);
    }

    fn draw(&mut self, command: u32, places: &[Place]) {
        if places.is_empty() {
            return;
        }
        put((command | number(places.len()) << 3).into(), self.out);
        for &to in places {
            for by in [to.x - self.at.x, to.y - self.at.y] {
                // Zigzag, 32 bits: what is drawn is clipped to some tiles' sides.
                put((by << 1 ^ by >> 63).cast_unsigned() & 0xffff_ffff, self.out);
            }
            self.at = to;
        }
    }
}

fn put_key(field: u64, kind: u64, out: &mut Vec<u8>) {
    put(field << 3 | kind, out);
}

fn put_bytes(field: u64, bytes: &[u8], out: &mut Vec<u8>) {
    put_key(field, BYTES, out);
    put(bytes.len() as u64, out);
    out.extend_from_slice(bytes);
}

/// A number of seven bits a byte, the lowest first.
#[expect(clippy::cast_possible_truncation, reason = "seven bits at a time")]
fn put(mut number: u64, out: &mut Vec<u8>) {
    while number > 127 {
        out.push(number as u8 | 128);
        number >>= 7;
    }
    out.push(number as u8);
}
