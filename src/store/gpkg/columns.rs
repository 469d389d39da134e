//! How a layer's fields are the columns of its table.

use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};

use crate::model::{FieldKind, GeometryKind, Layer, OWN_FIELDS, Time, Value};

/// A name as SQL text.
pub(super) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The column of each field: its own name, with `_` added where SQLite would take it for one that is there already
/// (columns have no case).
pub(super) fn field_columns(layer: &Layer) -> Vec<String> {
    let mut taken: Vec<String> = OWN_FIELDS.iter().map(|name| (*name).to_owned()).collect();
    let mut columns = Vec::with_capacity(layer.fields.len());
    for field in &layer.fields {
        let mut column = field.name.clone();
        while taken.contains(&column.to_lowercase()) {
            column.push('_');
        }
        taken.push(column.to_lowercase());
        columns.push(column);
    }
    columns
}

pub(super) fn column_type(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Text => "TEXT",
        FieldKind::Integer => "INTEGER",
        FieldKind::Real => "DOUBLE",
        FieldKind::Boolean => "BOOLEAN",
        FieldKind::Time => "DATETIME",
    }
}

pub(super) fn geometry_type(kind: GeometryKind) -> &'static str {
    match kind {
        GeometryKind::Point => "MULTIPOINT",
        GeometryKind::Line => "MULTILINESTRING",
        GeometryKind::Polygon => "MULTIPOLYGON",
    }
}

/// A time as the store writes it: UTC with milliseconds, always 24 characters.
pub(super) fn time_text(time: Time) -> String {
    jiff::Timestamp::from_millisecond(time.millis())
        .unwrap_or_default()
        .strftime("%Y-%m-%dT%H:%M:%S.%3fZ")
        .to_string()
}

/// A value on its way into a statement.
pub(super) struct Bound<'a>(pub &'a Value);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            Value::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Value::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Value::Integer(number) => ToSqlOutput::Borrowed(ValueRef::Integer(*number)),
            Value::Real(number) => ToSqlOutput::Borrowed(ValueRef::Real(*number)),
            Value::Boolean(flag) => ToSqlOutput::Borrowed(ValueRef::Integer(i64::from(*flag))),
            Value::Time(time) => ToSqlOutput::Owned(time_text(*time).into()),
        })
    }
}

/// A column's value as the field's kind; what another program wrote in another type is read as far as it goes.
pub(super) fn value(cell: ValueRef<'_>, kind: FieldKind) -> Value {
    let value = match cell {
        ValueRef::Null | ValueRef::Blob(_) => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(bytes) => Value::Text(String::from_utf8_lossy(bytes).into()),
    };
    value.into_kind(kind).unwrap_or(Value::Null)
}
