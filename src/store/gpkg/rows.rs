//! From a row to a feature or a duty, and what is wrong with one that is neither.

use rusqlite::Row;

use crate::model::{
    Feature, FeatureId, Layer, LayerName, NameError, OWN_FIELDS, Staff, Time, TimeError, Validity,
};

use super::blob;
use super::columns::{field_columns, quote, value};

/// A row that is no feature, as other programs may leave one.
#[derive(Debug, thiserror::Error)]
#[error("table {table}, row {fid}: {reason}; the row is left out")]
pub struct RowFault {
    pub table: String,
    pub fid: i64,
    pub reason: String,
}

/// All columns of a layer's table, in the order in which a feature is read.
pub(super) fn select(layer: &Layer) -> String {
    let own = OWN_FIELDS.iter().map(|name| (*name).to_owned());
    let columns = own.chain(field_columns(layer));
    let columns: Vec<String> = columns.map(|column| quote(&column)).collect();
    let table = quote(layer.name.as_str());
    format!("SELECT {} FROM {table}", columns.join(", "))
}

/// What could be read, and what could not.
pub(super) fn parted<T>(rows: Vec<Result<T, RowFault>>) -> (Vec<T>, Vec<RowFault>) {
    let mut read = Vec::with_capacity(rows.len());
    let mut faults = Vec::new();
    for row in rows {
        match row {
            Ok(row) => read.push(row),
            Err(fault) => faults.push(fault),
        }
    }
    (read, faults)
}

/// Validity from two columns.
pub(super) fn validity(from: Option<String>, to: Option<String>) -> Result<Validity, TimeError> {
    let time = |text: Option<String>| text.map(|text| text.parse::<Time>()).transpose();
    Ok(Validity {
        from: time(from)?,
        to: time(to)?,
    })
}

pub(super) fn feature(row: &Row<'_>, layer: &Layer) -> Result<Feature, RowFault> {
    let fid = row.get(0).unwrap_or_default();
    let fault = |reason: String| RowFault {
        table: layer.name.to_string(),
        fid,
        reason,
    };
    let bytes = row.get_ref(1).and_then(|cell| Ok(cell.as_blob()?));
    let bytes = bytes.map_err(|_| fault("it has no geometry".to_owned()))?;
    let geometry = blob::decode(bytes).map_err(|error| fault(error.to_string()))?;
    if geometry.kind() != layer.geometry {
        return Err(fault(
            "its geometry is of another kind than the layer's".to_owned(),
        ));
    }
    let validity = cells(row, 5).map_err(&fault)?;
    let read = || -> rusqlite::Result<Feature> {
        let values =
            layer.fields.iter().enumerate().map(|(index, field)| {
                Ok(value(row.get_ref(OWN_FIELDS.len() + index)?, field.kind))
            });
        Ok(Feature {
            id: FeatureId(fid),
            code: row.get(2)?,
            name: row.get(3)?,
            parent: row.get(4)?,
            validity,
            geometry,
            values: values.collect::<rusqlite::Result<_>>()?,
        })
    };
    read().map_err(|error| fault(error.to_string()))
}

pub(super) fn duty(row: &Row<'_>) -> Result<Staff, RowFault> {
    let fid = row.get(0).unwrap_or_default();
    let fault = |reason: String| RowFault {
        table: "staff".to_owned(),
        fid,
        reason,
    };
    let layer: String = row.get(1).map_err(|error| fault(error.to_string()))?;
    let layer: LayerName = layer
        .parse()
        .map_err(|error: NameError| fault(error.to_string()))?;
    let validity = cells(row, 6).map_err(&fault)?;
    let read = || -> rusqlite::Result<Staff> {
        Ok(Staff {
            layer,
            code: row.get(2)?,
            role: row.get(3)?,
            name: row.get(4)?,
            phone: row.get(5)?,
            validity,
        })
    };
    read().map_err(|error| fault(error.to_string()))
}

/// Validity from two neighbouring cells.
fn cells(row: &Row<'_>, first: usize) -> Result<Validity, String> {
    let cell = |at: usize| row.get(at).map_err(|error| error.to_string());
    validity(cell(first)?, cell(first + 1)?).map_err(|error| error.to_string())
}
