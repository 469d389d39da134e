//! Changing: one transaction, all or nothing.

use rusqlite::{Transaction, params};

use crate::model::{Bounds, Feature, Layer, Scheme, Staff};

use super::columns::{quote, time_text};
use super::put::{FeatureWriter, Put};
use super::{StoreError, log, read, sql};

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
    pub(super) rows: Transaction<'a>,
    pub(super) path: String,
    pub(super) version: u64,
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

    /// The schemes that are declared.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn schemes(&self) -> Result<Vec<Scheme>, StoreError> {
        read::schemes(&self.rows, &self.path)
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

    /// Brings features into a defined layer; their ids are given by the store.
    ///
    /// # Errors
    /// Where a code is one that has ended, or the store cannot be written.
    pub fn put_features(
        &self,
        layer: &Layer,
        put: &Put,
        features: &[Feature],
    ) -> Result<Tally, StoreError> {
        let name = layer.name.as_str();
        self.noting(name, put.mode, features.len(), || {
            self.put_rows(layer, put, features)
        })
    }

    fn put_rows(
        &self,
        layer: &Layer,
        put: &Put,
        features: &[Feature],
    ) -> Result<Tally, StoreError> {
        let mut tally = Tally::default();
        if put.mode == Mode::Replace {
            let empty = format!("DELETE FROM {}", quote(layer.name.as_str()));
            tally.removed = self.run(|rows| rows.execute(&empty, []))? as u64;
        }
        let mut writer = FeatureWriter::new(self, layer, put, features)?;
        for feature in features {
            writer.put(feature, &mut tally)?;
        }
        self.touch(layer, features, put.mode)?;
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

    /// Brings in staff. With [`Mode::Upsert`] a duty that is there (same grid, role, name, phone and beginning) is brought up to
    /// date; with [`Mode::Replace`] all former duties of all grids go.
    ///
    /// # Errors
    /// Where the store cannot be written.
    pub fn put_staff(&self, mode: Mode, staff: &[Staff]) -> Result<Tally, StoreError> {
        self.noting(log::STAFF, mode, staff.len(), || {
            self.put_duties(mode, staff)
        })
    }

    fn put_duties(&self, mode: Mode, staff: &[Staff]) -> Result<Tally, StoreError> {
        let mut tally = Tally::default();
        self.run(|rows| {
            if mode == Mode::Replace {
                tally.removed = rows.execute("DELETE FROM staff", [])? as u64;
            }
            let mut same = rows.prepare(
                "DELETE FROM staff WHERE layer = ?1 AND code = ?2 AND role = ?3 AND name = ?4 AND valid_from IS ?5 AND phone IS ?6",
            )?;
            let mut insert = rows.prepare(
                "INSERT INTO staff (layer, code, role, name, phone, valid_from, valid_to) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?;
            for duty in staff {
                let (layer, from) = (duty.layer.as_str(), duty.validity.from.map(time_text));
                let mut former = 0;
                if mode == Mode::Upsert {
                    former = same.execute(params![layer, duty.code, duty.role, duty.name, from, duty.phone])?;
                }
                let to = duty.validity.to.map(time_text);
                insert.execute(params![layer, duty.code, duty.role, duty.name, duty.phone, from, to])?;
                if former > 0 { tally.updated += 1 } else { tally.added += 1 }
            }
            Ok(())
        })?;
        Ok(tally)
    }

    /// Changes a table; each of its rows is noted, or once for all that everything may have changed where that is so or rows
    /// are many.
    fn noting<T>(
        &self,
        table: &str,
        mode: Mode,
        count: usize,
        work: impl FnOnce() -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if mode != Mode::Replace && count <= log::KEPT {
            return work();
        }
        self.run(|rows| log::unwatch(rows, table))?;
        let done = work()?;
        self.run(|rows| log::watch(rows, table))?;
        Ok(done)
    }

    pub(super) fn run<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        work(&self.rows).map_err(|source| sql(&self.path, source))
    }
}
