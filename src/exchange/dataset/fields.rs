//! The fields of an OGR layer as columns, and what a feature has in each.

use gdal::errors::Result as GdalResult;
use gdal::vector::{Defn, Feature, FieldValue, OGRFieldType};

use super::super::columns::{Column, Texts};
use super::super::{lists, ogr, value};
use crate::model::{FieldKind, Value};

/// The columns of a layer; where the whole file `is_json`, a column of texts that has lists among them does not say so.
pub(super) fn columns(defn: &Defn, is_json: bool) -> Vec<Column> {
    defn.fields()
        .enumerate()
        .map(|(at, field)| Column {
            name: field.name(),
            kind: if ogr::is_boolean(defn, at) {
                FieldKind::Boolean
            } else {
                kind(field.field_type())
            },
            texts: match field.field_type() {
                OGRFieldType::OFTDate => Texts::Dates,
                OGRFieldType::OFTStringList
                | OGRFieldType::OFTIntegerList
                | OGRFieldType::OFTInteger64List
                | OGRFieldType::OFTRealList => Texts::Lists,
                _ if is_json || ogr::is_json(defn, at) => Texts::Lists,
                _ => Texts::Plain,
            },
        })
        .collect()
}

fn kind(kind: OGRFieldType::Type) -> FieldKind {
    match kind {
        OGRFieldType::OFTInteger | OGRFieldType::OFTInteger64 => FieldKind::Integer,
        OGRFieldType::OFTReal => FieldKind::Real,
        // A date is no instant: made one, it would be shown as the day before in UTC.
        OGRFieldType::OFTDateTime => FieldKind::Time,
        _ => FieldKind::Text,
    }
}

/// The value of a feature in a column.
pub(super) fn value_of(feature: &Feature<'_>, at: usize, column: &Column) -> Value {
    if !ogr::has_value(feature, at) {
        return Value::Null;
    }
    let read = match column.kind {
        FieldKind::Integer => feature
            .field_as_integer64(at)
            .map(|number| number.map(Value::Integer)),
        FieldKind::Boolean => feature
            .field_as_integer64(at)
            .map(|number| number.map(|number| Value::Boolean(number != 0))),
        FieldKind::Real => feature
            .field_as_double(at)
            .map(|number| number.map(Value::Real)),
        FieldKind::Text => {
            text_of(feature, at, column.texts).map(|text| text.map(|text| Value::Text(text.into())))
        }
        FieldKind::Time => feature.field_as_string(at).map(|text| {
            text.map(|text| match value::ogr_time(&text) {
                Some(time) => Value::Time(time),
                None => Value::Text(text.into()),
            })
        }),
    };
    read.ok().flatten().unwrap_or(Value::Null)
}

fn text_of(feature: &Feature<'_>, at: usize, texts: Texts) -> GdalResult<Option<String>> {
    let text = feature.field_as_string(at)?;
    Ok(match texts {
        Texts::Plain => text,
        Texts::Dates => text.map(|text| value::dashed(&text)),
        Texts::Lists => {
            let joined = match feature.field(at)? {
                Some(FieldValue::StringListValue(list)) => Some(lists::joined(&list)),
                Some(FieldValue::IntegerListValue(list)) => Some(lists::joined(&written(&list))),
                Some(FieldValue::Integer64ListValue(list)) => Some(lists::joined(&written(&list))),
                Some(FieldValue::RealListValue(list)) => Some(lists::joined(&written(&list))),
                Some(FieldValue::StringValue(text)) => lists::of_json(&text),
                _ => None,
            };
            joined.or(text)
        }
    })
}

fn written(list: &[impl ToString]) -> Vec<String> {
    list.iter().map(ToString::to_string).collect()
}
