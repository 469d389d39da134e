//! Putting features into a layer's table: which row each takes, and what it is written over.

use rusqlite::{OptionalExtension, params, params_from_iter};

use crate::model::{Feature, Layer, OWN_FIELDS};

use super::change::{Change, Tally};
use super::columns::{Bound, field_columns, quote, time_text};
use super::{StoreError, blob};

/// Where a feature belongs among those of its code.
pub(super) struct Successor {
    /// The row that it replaces.
    pub takes: Option<i64>,
    /// When a later version of the same code begins.
    pub until: Option<String>,
}

impl Successor {
    pub(super) fn new(feature: &Feature) -> Self {
        Self {
            takes: None,
            until: feature.validity.to.map(time_text),
        }
    }
}

/// The statements that put one layer's features into its table.
pub(super) struct FeatureWriter<'a> {
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
    pub(super) fn new(change: &'a Change<'a>, layer: &'a Layer) -> Self {
        let table = quote(layer.name.as_str());
        let columns: Vec<String> = OWN_FIELDS[1..]
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

    pub(super) fn successor(
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

    pub(super) fn insert(
        &self,
        feature: &Feature,
        until: Option<String>,
    ) -> Result<(), StoreError> {
        let row = self.row(feature, until)?;
        self.change.run(|rows| {
            rows.prepare_cached(&self.insert)?
                .execute(params_from_iter(row))
                .map(drop)
        })
    }

    pub(super) fn update(&self, fid: i64, feature: &Feature) -> Result<(), StoreError> {
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
