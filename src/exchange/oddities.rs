//! Elements of a GeoJSON FeatureCollection that are no objects: GDAL passes over them without a word.

use std::fmt;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The numbers, from 1, of the elements of `features` that are no objects. Empty for whatever is no FeatureCollection: GDAL
/// reads more than strict JSON, and what it cannot read it says itself.
pub(super) fn elements(file: &Path) -> Vec<u64> {
    let Ok(file) = File::open(file) else {
        return Vec::new();
    };
    let mut json = serde_json::Deserializer::from_reader(BufReader::with_capacity(1 << 16, file));
    json.deserialize_map(Collection).unwrap_or_default()
}

struct Collection;

impl<'de> Visitor<'de> for Collection {
    type Value = Vec<u64>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a FeatureCollection")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<u64>, A::Error> {
        let mut odd = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            if key == "features" {
                odd = map.next_value::<Elements>()?.0;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(odd)
    }
}

struct Elements(Vec<u64>);

impl<'de> Deserialize<'de> for Elements {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_seq(List).map(Self)
    }
}

struct List;

impl<'de> Visitor<'de> for List {
    type Value = Vec<u64>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a list of features")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<u64>, A::Error> {
        let mut odd = Vec::new();
        let mut number = 0;
        while let Some(element) = list.next_element::<Element>()? {
            number += 1;
            if !element.is_object {
                odd.push(number);
            }
        }
        Ok(odd)
    }
}

/// Any JSON value, of which only one thing is kept.
struct Element {
    is_object: bool,
}

impl<'de> Deserialize<'de> for Element {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_any(Any)
    }
}

struct Any;

const OTHER: Element = Element { is_object: false };

impl<'de> Visitor<'de> for Any {
    type Value = Element;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("anything")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Element, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Element { is_object: true })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Element, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(OTHER)
    }

    fn visit_unit<E>(self) -> Result<Element, E> {
        Ok(OTHER)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Element, E> {
        Ok(OTHER)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Element, E> {
        Ok(OTHER)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Element, E> {
        Ok(OTHER)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Element, E> {
        Ok(OTHER)
    }

    fn visit_str<E>(self, _: &str) -> Result<Element, E> {
        Ok(OTHER)
    }
}
