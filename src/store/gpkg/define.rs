//! Defining layers: each one table, which a later definition widens.

use rusqlite::{OptionalExtension, params};

use crate::model::{Field, FieldKind, GeometryKind, Layer, LayerName};

use super::change::Change;
use super::columns::{column_type, field_columns, geometry_type, quote};
use super::{StoreError, blob, log, read};

impl Change<'_> {
    /// Makes the layer's table, or brings the one that is there to the layer's definition. Fields are added, none is lost: one
    /// that another import has brought in the meantime stays.
    ///
    /// # Errors
    /// Where the store has the layer with another geometry or a field with another kind, or another table by that name.
    pub fn define_layer(&self, layer: &Layer) -> Result<(), StoreError> {
        let Some(stored) = self.stored(&layer.name)? else {
            self.create_table(layer)?;
            return self.write_definition(layer);
        };
        self.widen_table(&stored, layer)?;
        let mut widened = layer.clone();
        if !layer.is_configured {
            let is_new = |field: &Field| layer.fields.iter().all(|known| known.name != field.name);
            widened
                .fields
                .extend(stored.fields.into_iter().filter(is_new));
        }
        self.write_definition(&widened)
    }

    /// Makes a layer's table anew, whatever form it had; ids go on where they were, none is given out twice.
    ///
    /// # Errors
    /// Where the store cannot be written.
    pub fn remake_layer(&self, layer: &Layer) -> Result<u64, StoreError> {
        let name = layer.name.as_str();
        let (count, last) = self.run(|rows| {
            log::unwatch(rows, name)?;
            let last: Option<i64> = rows
                .query_row(
                    "SELECT seq FROM sqlite_sequence WHERE name = ?1",
                    [name],
                    |row| row.get(0),
                )
                .optional()?;
            let count = rows.execute(&format!("DELETE FROM {}", quote(name)), [])?;
            rows.execute(
                "DELETE FROM gpkg_geometry_columns WHERE table_name = ?1",
                [name],
            )?;
            rows.execute("DELETE FROM gpkg_contents WHERE table_name = ?1", [name])?;
            rows.execute("DELETE FROM wangge_layer WHERE name = ?1", [name])?;
            rows.execute_batch(&format!("DROP TABLE {}", quote(name)))?;
            Ok((count, last))
        })?;
        self.define_layer(layer)?;
        self.run(|rows| {
            rows.execute(
                "INSERT INTO sqlite_sequence (name, seq) SELECT ?1, ?2 WHERE ?2 > 0",
                params![name, last],
            )
        })?;
        Ok(count as u64)
    }

    /// The layer as it is in the store.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn stored(&self, name: &LayerName) -> Result<Option<Layer>, StoreError> {
        let stored = read::layers(&self.rows, &self.path)?;
        Ok(stored
            .into_iter()
            .map(|stored| stored.layer)
            .find(|layer| layer.name == *name))
    }

    fn create_table(&self, layer: &Layer) -> Result<(), StoreError> {
        let name = layer.name.as_str();
        let taken: Option<String> = self.run(|rows| {
            let same = "SELECT name FROM sqlite_master WHERE lower(name) = lower(?1)";
            rows.query_row(same, [name], |row| row.get(0)).optional()
        })?;
        if let Some(taken) = taken {
            return Err(StoreError::NameTaken {
                layer: name.to_owned(),
                taken,
            });
        }
        let fields = layer.fields.iter().zip(field_columns(layer));
        let mut columns = String::new();
        for (field, column) in fields {
            columns += ",\n  ";
            columns += &quote(&column);
            columns += " ";
            columns += column_type(field.kind);
        }
        let table = quote(layer.name.as_str());
        let shape = geometry_type(layer.geometry);
        let index = quote(&format!("wangge_code_{}", layer.name));
        let statements = format!(
            "CREATE TABLE {table} (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  geom {shape} NOT NULL,
  code TEXT, name TEXT, parent TEXT, valid_from DATETIME, valid_to DATETIME{columns}
);
CREATE INDEX {index} ON {table} (code);"
        );
        self.run(|rows| {
            rows.execute_batch(&statements)?;
            log::watch(rows, name)?;
            rows.execute(
                "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES (?1, 'features', ?1, ?2)",
                params![layer.name.as_str(), blob::WGS84],
            )?;
            rows.execute(
                "INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', ?2, ?3, 0, 0)",
                params![layer.name.as_str(), shape, blob::WGS84],
            )
        })?;
        Ok(())
    }

    fn widen_table(&self, stored: &Layer, wanted: &Layer) -> Result<(), StoreError> {
        let layer = || wanted.name.to_string();
        if stored.geometry != wanted.geometry {
            let (stored, wanted) = (kind_name(stored.geometry), kind_name(wanted.geometry));
            return Err(StoreError::GeometryKind {
                layer: layer(),
                stored,
                wanted,
            });
        }
        let known: Vec<(String, FieldKind)> = field_columns(stored)
            .into_iter()
            .zip(stored.fields.iter().map(|field| field.kind))
            .collect();
        for (column, field) in field_columns(wanted).into_iter().zip(&wanted.fields) {
            match known
                .iter()
                .find(|(known, _)| known.eq_ignore_ascii_case(&column))
            {
                Some((_, kind)) if *kind == field.kind => {}
                Some((_, kind)) => {
                    let (stored, wanted) = (column_type(*kind), column_type(field.kind));
                    return Err(StoreError::FieldKind {
                        layer: layer(),
                        field: field.name.clone(),
                        stored,
                        wanted,
                    });
                }
                None => {
                    let table = quote(wanted.name.as_str());
                    let (column, kind) = (quote(&column), column_type(field.kind));
                    self.run(|rows| {
                        rows.execute_batch(&format!(
                            "ALTER TABLE {table} ADD COLUMN {column} {kind}"
                        ))
                    })?;
                }
            }
        }
        Ok(())
    }

    fn write_definition(&self, layer: &Layer) -> Result<(), StoreError> {
        let definition = serde_json::to_string(layer).map_err(|error| StoreError::Definition {
            layer: layer.name.to_string(),
            reason: error.to_string(),
        })?;
        self.run(|rows| {
            rows.execute(
                "INSERT INTO wangge_layer (name, version, definition) VALUES (?1, ?2, ?3)
                 ON CONFLICT (name) DO UPDATE SET version = ?2, definition = ?3",
                params![layer.name.as_str(), self.version, definition],
            )?;
            rows.execute(
                "UPDATE gpkg_contents SET description = ?2 WHERE table_name = ?1",
                params![
                    layer.name.as_str(),
                    format!("{} {}", layer.title.zh, layer.title.en).trim()
                ],
            )
        })?;
        Ok(())
    }
}

fn kind_name(kind: GeometryKind) -> &'static str {
    match kind {
        GeometryKind::Point => "points",
        GeometryKind::Line => "lines",
        GeometryKind::Polygon => "polygons",
    }
}
