//! Changing: one transaction, all or nothing.

use rusqlite::{OptionalExtension, Transaction, params, params_from_iter};

use crate::model::{Bounds, Feature, FieldKind, GeometryKind, Layer, LayerName, Scheme, Staff};

use super::columns::{Bound, FIXED, column_type, field_columns, geometry_type, quote, time_text};
use super::{StoreError, blob, read, sql};

/// What happens to features that are there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// A feature with a known code takes that one's place, or follows it from its own validity on; others are added.
    #[default]
    Upsert,
    /// The layer is emptied first.
    Replace,
    /// All are added.
    Append,
}

/// What a change did to a layer's features.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub added: u64,
    pub updated: u64,
    /// Former versions that a dated one ended.
    pub ended: u64,
    pub removed: u64,
}

/// A change under way.
#[derive(Debug)]
pub struct Change<'a> {
    rows: Transaction<'a>,
    path: String,
    version: u64,
}

impl<'a> Change<'a> {
    pub(super) fn begin(rows: Transaction<'a>, path: String) -> Result<Self, StoreError> {
        let version = read::version(&rows).map_err(|source| sql(&path, source))? + 1;
        Ok(Self {
            rows,
            path,
            version,
        })
    }

    /// Makes the change durable and answers the new version.
    ///
    /// # Errors
    /// Where it cannot be written; then nothing of it is there.
    pub fn commit(self) -> Result<u64, StoreError> {
        let Self {
            rows,
            path,
            version,
        } = self;
        rows.execute("UPDATE wangge_store SET version = ?1", [version])
            .and_then(|_| rows.commit())
            .map_err(|source| sql(&path, source))?;
        Ok(version)
    }

    /// Declares a scheme after those that are there.
    ///
    /// # Errors
    /// Where one has its name.
    pub fn add_scheme(&self, scheme: &Scheme) -> Result<(), StoreError> {
        let levels: Vec<&str> = scheme.levels().iter().map(|level| &*level.name).collect();
        let added = self.run(|rows| {
            rows.execute(
                "INSERT INTO wangge_scheme (name, position, levels, overlay, priority)
                 SELECT ?1, ifnull(max(position), 0) + 1, ?2, ?3, ?4 FROM wangge_scheme
                 WHERE true ON CONFLICT DO NOTHING",
                params![
                    scheme.name(),
                    serde_json::json!(levels).to_string(),
                    scheme.is_overlay(),
                    scheme.priority()
                ],
            )
        })?;
        if added == 0 {
            return Err(StoreError::SchemeExists {
                name: scheme.name().to_owned(),
            });
        }
        Ok(())
    }

    /// Withdraws a scheme; its layers stay.
    ///
    /// # Errors
    /// Where there is none of that name.
    pub fn remove_scheme(&self, name: &str) -> Result<(), StoreError> {
        match self.run(|rows| rows.execute("DELETE FROM wangge_scheme WHERE name = ?1", [name]))? {
            0 => Err(StoreError::NoScheme {
                name: name.to_owned(),
            }),
            _ => Ok(()),
        }
    }

    /// Makes the layer's table, or brings the one that is there to the layer's definition: fields are added, none is lost.
    ///
    /// # Errors
    /// Where the store has the layer with another geometry, a field with another kind, or a table of that name that is no layer's.
    pub fn define_layer(&self, layer: &Layer) -> Result<(), StoreError> {
        match self.stored(&layer.name)? {
            None => {
                self.refuse_taken(layer)?;
                self.create_table(layer)?;
            }
            Some(stored) => self.widen_table(&stored, layer)?,
        }
        self.write_definition(layer)
    }

    /// Drops a layer's table and definition.
    ///
    /// # Errors
    /// Where the store cannot be written.
    pub fn drop_layer(&self, name: &LayerName) -> Result<(), StoreError> {
        self.run(|rows| {
            rows.execute(
                "DELETE FROM gpkg_geometry_columns WHERE table_name = ?1",
                [name.as_str()],
            )?;
            rows.execute(
                "DELETE FROM gpkg_contents WHERE table_name = ?1",
                [name.as_str()],
            )?;
            rows.execute("DELETE FROM wangge_layer WHERE name = ?1", [name.as_str()])?;
            rows.execute_batch(&format!("DROP TABLE IF EXISTS {}", quote(name.as_str())))
        })
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

    /// Refuses the name of one of the store's own tables, or of another layer in other case: for SQLite they are the same.
    fn refuse_taken(&self, layer: &Layer) -> Result<(), StoreError> {
        let table = self.run(|rows| {
            rows.query_row(
                "SELECT name FROM sqlite_master WHERE name = ?1 COLLATE NOCASE",
                [layer.name.as_str()],
                |row| row.get(0),
            )
            .optional()
        })?;
        let layer = layer.name.to_string();
        table.map_or(Ok(()), |table| Err(StoreError::TableTaken { layer, table }))
    }

    fn create_table(&self, layer: &Layer) -> Result<(), StoreError> {
        let fields = layer.fields.iter().zip(field_columns(layer));
        let fields: String = fields
            .map(|(field, column)| format!(",\n  {} {}", quote(&column), column_type(field.kind)))
            .collect();
        let table = quote(layer.name.as_str());
        let shape = geometry_type(layer.geometry);
        let index = quote(&format!("wangge_code_{}", layer.name));
        let statements = format!(
            "CREATE TABLE {table} (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  geom {shape} NOT NULL,
  code TEXT, name TEXT, parent TEXT, valid_from DATETIME, valid_to DATETIME{fields}
);
CREATE INDEX {index} ON {table} (code);"
        );
        self.run(|rows| {
            rows.execute_batch(&statements)?;
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

    /// Brings features into a defined layer; their ids are given by the store.
    ///
    /// # Errors
    /// Where the store cannot be written.
    pub fn put_features(
        &self,
        layer: &Layer,
        mode: Mode,
        features: &[Feature],
    ) -> Result<Tally, StoreError> {
        let mut tally = Tally::default();
        let table = quote(layer.name.as_str());
        if mode == Mode::Replace {
            let removed = self.run(|rows| rows.execute(&format!("DELETE FROM {table}"), []))?;
            tally.removed = removed as u64;
        }
        let writer = FeatureWriter::new(self, layer);
        for feature in features {
            let successor = match (&feature.code, mode) {
                (Some(code), Mode::Upsert) => writer.successor(code, feature, &mut tally)?,
                _ => Successor::new(feature),
            };
            match successor.takes {
                Some(fid) => {
                    writer.update(fid, feature)?;
                    tally.updated += 1;
                }
                None => {
                    writer.insert(feature, successor.until)?;
                    tally.added += 1;
                }
            }
        }
        self.touch(layer, features, mode)?;
        Ok(tally)
    }

    /// Notes the layer's new version and extent.
    fn touch(&self, layer: &Layer, features: &[Feature], mode: Mode) -> Result<(), StoreError> {
        let bounds = features
            .iter()
            .map(|feature| feature.geometry.bounds())
            .reduce(Bounds::union);
        let name = layer.name.as_str();
        self.run(|rows| {
            rows.execute("UPDATE wangge_layer SET version = ?2 WHERE name = ?1", params![name, self.version])?;
            if mode == Mode::Replace {
                rows.execute(
                    "UPDATE gpkg_contents SET min_x = NULL, min_y = NULL, max_x = NULL, max_y = NULL WHERE table_name = ?1",
                    [name],
                )?;
            }
            let (min, max) = bounds.map(|b| (b.min.degrees(), b.max.degrees())).unzip();
            rows.execute(
                "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ', 'now'),
                   min_x = ifnull(min(min_x, ?2), ifnull(?2, min_x)), min_y = ifnull(min(min_y, ?3), ifnull(?3, min_y)),
                   max_x = ifnull(max(max_x, ?4), ifnull(?4, max_x)), max_y = ifnull(max(max_y, ?5), ifnull(?5, max_y))
                 WHERE table_name = ?1",
                params![name, min.map(|at| at.lon), min.map(|at| at.lat), max.map(|at| at.lon), max.map(|at| at.lat)],
            )
        })?;
        Ok(())
    }

    /// Brings in staff: all duties of the grids that are named take the place of the former ones, or are added to them.
    ///
    /// # Errors
    /// Where the store cannot be written.
    pub fn put_staff(&self, mode: Mode, staff: &[Staff]) -> Result<Tally, StoreError> {
        let mut tally = Tally::default();
        self.run(|rows| {
            if mode == Mode::Replace {
                tally.removed = rows.execute("DELETE FROM staff", [])? as u64;
            }
            let mut same = rows.prepare(
                "DELETE FROM staff WHERE layer = ?1 AND code = ?2 AND role = ?3 AND name = ?4 AND valid_from IS ?5",
            )?;
            let mut insert = rows.prepare(
                "INSERT INTO staff (layer, code, role, name, phone, valid_from, valid_to) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?;
            for duty in staff {
                let (layer, from) = (duty.layer.as_str(), duty.validity.from.map(time_text));
                let mut former = 0;
                if mode == Mode::Upsert {
                    former = same.execute(params![layer, duty.code, duty.role, duty.name, from])?;
                }
                let to = duty.validity.to.map(time_text);
                insert.execute(params![layer, duty.code, duty.role, duty.name, duty.phone, from, to])?;
                if former > 0 { tally.updated += 1 } else { tally.added += 1 }
            }
            Ok(())
        })?;
        Ok(tally)
    }

    fn run<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        work(&self.rows).map_err(|source| sql(&self.path, source))
    }
}

fn kind_name(kind: GeometryKind) -> &'static str {
    match kind {
        GeometryKind::Point => "points",
        GeometryKind::Line => "lines",
        GeometryKind::Polygon => "polygons",
    }
}

/// Where a feature belongs among those of its code.
struct Successor {
    /// The row that it replaces.
    takes: Option<i64>,
    /// When a later version of the same code begins.
    until: Option<String>,
}

impl Successor {
    fn new(feature: &Feature) -> Self {
        Self {
            takes: None,
            until: feature.validity.to.map(time_text),
        }
    }
}

/// The statements that put one layer's features into its table.
struct FeatureWriter<'a> {
    change: &'a Change<'a>,
    layer: &'a Layer,
    latest: String,
    same: String,
    end: String,
    next: String,
    insert: String,
    update: String,
}

impl<'a> FeatureWriter<'a> {
    fn new(change: &'a Change<'a>, layer: &'a Layer) -> Self {
        let table = quote(layer.name.as_str());
        let columns: Vec<String> = FIXED[1..]
            .iter()
            .map(|name| (*name).to_owned())
            .chain(field_columns(layer))
            .map(|c| quote(&c))
            .collect();
        let marks = |from: usize| (0..columns.len()).map(move |n| format!("?{}", n + from));
        let places: Vec<String> = marks(1).collect();
        // A change in place keeps the row's own validity when the new feature names none.
        let sets: Vec<String> = columns
            .iter()
            .zip(marks(2))
            .map(|(column, mark)| match column.as_str() {
                "\"valid_from\"" | "\"valid_to\"" => format!("{column} = ifnull({mark}, {column})"),
                _ => format!("{column} = {mark}"),
            })
            .collect();
        Self {
            change,
            layer,
            latest: format!(
                "SELECT fid FROM {table} WHERE code = ?1 ORDER BY valid_from DESC, fid DESC LIMIT 1"
            ),
            same: format!("SELECT fid FROM {table} WHERE code = ?1 AND valid_from = ?2 LIMIT 1"),
            end: format!(
                "UPDATE {table} SET valid_to = ?2 WHERE code = ?1 AND (valid_from IS NULL OR valid_from < ?2) AND (valid_to IS NULL OR valid_to > ?2)"
            ),
            next: format!(
                "SELECT min(valid_from) FROM {table} WHERE code = ?1 AND valid_from > ?2"
            ),
            insert: format!(
                "INSERT INTO {table} ({}) VALUES ({})",
                columns.join(", "),
                places.join(", ")
            ),
            update: format!("UPDATE {table} SET {} WHERE fid = ?1", sets.join(", ")),
        }
    }

    fn successor(
        &self,
        code: &str,
        feature: &Feature,
        tally: &mut Tally,
    ) -> Result<Successor, StoreError> {
        let mut successor = Successor::new(feature);
        self.change.run(|rows| {
            let Some(from) = feature.validity.from.map(time_text) else {
                successor.takes = rows
                    .prepare_cached(&self.latest)?
                    .query_row([code], |row| row.get(0))
                    .optional()?;
                return Ok(());
            };
            let key = params![code, from];
            successor.takes = rows
                .prepare_cached(&self.same)?
                .query_row(key, |row| row.get(0))
                .optional()?;
            if successor.takes.is_none() {
                tally.ended += rows.prepare_cached(&self.end)?.execute(key)? as u64;
                let next: Option<String> = rows
                    .prepare_cached(&self.next)?
                    .query_row(key, |row| row.get(0))?;
                successor.until = match (successor.until.take(), next) {
                    (Some(until), Some(next)) => Some(until.min(next)),
                    (until, next) => until.or(next),
                };
            }
            Ok(())
        })?;
        Ok(successor)
    }

    fn insert(&self, feature: &Feature, until: Option<String>) -> Result<(), StoreError> {
        let row = self.row(feature, until)?;
        self.change.run(|rows| {
            rows.prepare_cached(&self.insert)?
                .execute(params_from_iter(row))
                .map(drop)
        })
    }

    fn update(&self, fid: i64, feature: &Feature) -> Result<(), StoreError> {
        let mut row = self.row(feature, feature.validity.to.map(time_text))?;
        row.insert(0, Box::new(fid));
        self.change.run(|rows| {
            rows.prepare_cached(&self.update)?
                .execute(params_from_iter(row))
                .map(drop)
        })
    }

    /// The feature's cells in the order of the columns after `fid`.
    fn row<'f>(
        &self,
        feature: &'f Feature,
        until: Option<String>,
    ) -> Result<Vec<Box<dyn rusqlite::ToSql + 'f>>, StoreError> {
        let geometry = blob::encode(&feature.geometry).map_err(|source| StoreError::Geometry {
            layer: self.layer.name.to_string(),
            source,
        })?;
        let mut row: Vec<Box<dyn rusqlite::ToSql + 'f>> = vec![
            Box::new(geometry),
            Box::new(feature.code.as_deref()),
            Box::new(feature.name.as_deref()),
            Box::new(feature.parent.as_deref()),
            Box::new(feature.validity.from.map(time_text)),
            Box::new(until),
        ];
        row.extend(
            feature
                .values
                .iter()
                .map(|value| Box::new(Bound(value)) as Box<dyn rusqlite::ToSql + 'f>),
        );
        Ok(row)
    }
}
