//! Reading: from rows to model values, all of one version.

use std::ops::{Deref, RangeInclusive};

use rusqlite::{Connection, Row, Transaction, params};

use crate::model::{Feature, FeatureId, Layer, Scheme, Staff};

use super::columns::quote;
use super::rows::{RowFault, duty, feature, parted, select};
use super::{StoreError, log, sql};

/// One version of the store, open for reading.
#[derive(Debug)]
pub struct Reader<'a> {
    rows: Open<'a>,
    path: String,
}

/// A transaction that this reader ends, or one that its twin ends.
#[derive(Debug)]
pub(super) enum Open<'a> {
    Own(Transaction<'a>),
    Twin(&'a Connection),
}

impl Deref for Open<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        match self {
            Self::Own(rows) => rows,
            Self::Twin(rows) => rows,
        }
    }
}

/// A layer as the store knows it.
#[derive(Clone, Debug)]
pub struct StoredLayer {
    pub layer: Layer,
    /// The version in which it last changed.
    pub version: u64,
    /// How far the log of its rows' changes goes; `None` where another program made the table anew and none is kept.
    pub logged: Option<u64>,
}

/// Rows of a layer that changed.
#[derive(Debug, Default)]
pub struct ChangedRows {
    /// New and changed features, by id.
    pub features: Vec<Feature>,
    /// Features that are there no more, or cannot be read any more.
    pub gone: Vec<FeatureId>,
    pub faults: Vec<RowFault>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(rows: Open<'a>, path: String) -> Self {
        Self { rows, path }
    }

    /// The version; it grows by one with each change.
    ///
    /// # Errors
    /// Where the store cannot be read; so for all that follow.
    pub fn version(&self) -> Result<u64, StoreError> {
        version(&self.rows).map_err(|source| sql(&self.path, source))
    }

    /// The schemes, in the order in which they were declared.
    ///
    /// # Errors
    /// Where the store cannot be read or a row makes no scheme.
    pub fn schemes(&self) -> Result<Vec<Scheme>, StoreError> {
        schemes(&self.rows, &self.path)
    }

    /// The layers, by name.
    ///
    /// # Errors
    /// Where the store cannot be read or a row makes no layer.
    pub fn layers(&self) -> Result<Vec<StoredLayer>, StoreError> {
        layers(&self.rows, &self.path)
    }

    /// All features of a layer, by id, and the rows that are none.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn features(&self, layer: &Layer) -> Result<(Vec<Feature>, Vec<RowFault>), StoreError> {
        let statement = format!("{} ORDER BY fid", select(layer));
        let rows = self.query(&statement, [], |row| Ok(feature(row, layer)))?;
        Ok(parted(rows))
    }

    /// The lowest and the highest id in a layer's table; `None` where it is empty.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn span(&self, layer: &Layer) -> Result<Option<RangeInclusive<i64>>, StoreError> {
        let table = quote(layer.name.as_str());
        let statement =
            format!("SELECT (SELECT min(fid) FROM {table}), (SELECT max(fid) FROM {table})");
        let ask = || {
            let found = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
            self.rows.query_row(&statement, [], found)
        };
        let found: (Option<i64>, Option<i64>) = ask().map_err(|source| sql(&self.path, source))?;
        Ok(found.0.zip(found.1).map(|(first, last)| first..=last))
    }

    /// The features of a layer whose ids are in a range, by id, and the rows that are none.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn features_within(
        &self,
        layer: &Layer,
        ids: RangeInclusive<i64>,
    ) -> Result<(Vec<Feature>, Vec<RowFault>), StoreError> {
        let statement = format!("{} WHERE fid BETWEEN ?1 AND ?2 ORDER BY fid", select(layer));
        let rows = self.query(&statement, [ids.start(), ids.end()], |row| {
            Ok(feature(row, layer))
        })?;
        Ok(parted(rows))
    }

    /// The features of a layer that changed after the `since`-th entry of its log (see [`StoredLayer::logged`]), whoever
    /// changed them; `None` where the log cannot tell, so that all must be read.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn features_changed(
        &self,
        layer: &Layer,
        since: u64,
    ) -> Result<Option<ChangedRows>, StoreError> {
        let name = layer.name.as_str();
        let fids = log::changed(&self.rows, name, since);
        let Some(fids) = fids.map_err(|source| sql(&self.path, source))? else {
            return Ok(None);
        };
        if fids.is_empty() {
            return Ok(Some(ChangedRows::default()));
        }
        let statement = format!(
            "{} WHERE fid IN (SELECT fid FROM wangge_log WHERE name = ?1 AND seq > ?2) ORDER BY fid",
            select(layer)
        );
        let rows = self.query(&statement, params![name, since], |row| {
            Ok(feature(row, layer))
        })?;
        let (features, faults) = parted(rows);
        let is_read = |fid: &i64| {
            let same = features.binary_search_by_key(&FeatureId(*fid), |feature| feature.id);
            same.is_ok()
        };
        let gone = fids.into_iter().filter(|fid| !is_read(fid));
        Ok(Some(ChangedRows {
            gone: gone.map(FeatureId).collect(),
            features,
            faults,
        }))
    }

    /// How far the log of the staff's changes goes; `None` where none is kept.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn staff_logged(&self) -> Result<Option<u64>, StoreError> {
        log::end(&self.rows, log::STAFF).map_err(|source| sql(&self.path, source))
    }

    /// All staff, past and future duties too, and the rows that are none.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn staff(&self) -> Result<(Vec<Staff>, Vec<RowFault>), StoreError> {
        let rows = self.query(
            "SELECT id, layer, code, role, name, phone, valid_from, valid_to FROM staff ORDER BY id",
            [],
            |row| Ok(duty(row)),
        )?;
        Ok(parted(rows))
    }

    fn query<T>(
        &self,
        statement: &str,
        parameters: impl rusqlite::Params,
        row: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let ask = || {
            let mut prepared = self.rows.prepare(statement)?;
            prepared
                .query_map(parameters, row)?
                .collect::<rusqlite::Result<Vec<T>>>()
        };
        ask().map_err(|source| sql(&self.path, source))
    }
}

pub(super) fn version(rows: &Connection) -> rusqlite::Result<u64> {
    rows.query_row("SELECT version FROM wangge_store", [], |row| row.get(0))
}

pub(super) fn schemes(rows: &Connection, path: &str) -> Result<Vec<Scheme>, StoreError> {
    type Found = (String, String, bool, i32);
    let ask = || {
        let mut prepared = rows.prepare(
            "SELECT name, levels, overlay, priority FROM wangge_scheme ORDER BY position, name",
        )?;
        prepared
            .query_map([], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })?
            .collect::<rusqlite::Result<Vec<Found>>>()
    };
    let found = ask().map_err(|source| sql(path, source))?;
    found
        .into_iter()
        .map(|(name, levels, overlay, priority)| {
            let fail = |reason: String| StoreError::Definition {
                layer: name.clone(),
                reason,
            };
            let levels: Vec<String> =
                serde_json::from_str(&levels).map_err(|error| fail(error.to_string()))?;
            Scheme::new(&name, levels.iter().map(String::as_str), overlay, priority)
                .map_err(|error| fail(error.to_string()))
        })
        .collect()
}

pub(super) fn layers(rows: &Connection, path: &str) -> Result<Vec<StoredLayer>, StoreError> {
    let ask = || {
        let mut prepared =
            rows.prepare("SELECT name, version, definition FROM wangge_layer ORDER BY name")?;
        prepared
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<rusqlite::Result<Vec<(String, u64, String)>>>()
    };
    let stored = |(name, version, definition): (String, u64, String)| {
        let layer = serde_json::from_str(&definition).map_err(|error| StoreError::Definition {
            layer: name.clone(),
            reason: error.to_string(),
        })?;
        let logged = log::end(rows, &name).map_err(|source| sql(path, source))?;
        Ok(StoredLayer {
            layer,
            version,
            logged,
        })
    };
    let found = ask().map_err(|source| sql(path, source))?;
    found.into_iter().map(stored).collect()
}
