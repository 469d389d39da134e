//! Putting features into a layer's table: which row each takes, and what of the row it leaves.

use std::collections::HashMap;

use rusqlite::{Rows, ToSql, params, params_from_iter};

use crate::model::{Feature, Layer, OWN_FIELDS, Time, Validity};

use super::change::{Change, Mode, Tally};
use super::columns::{Bound, field_columns, quote, time_text};
use super::rows::validity;
use super::succession::{Place, Retired, Version, place};
use super::{StoreError, blob};

/// How features are put into a layer.
#[derive(Clone, Debug)]
pub struct Put {
    pub mode: Mode,
    /// The present, by which a feature without dates finds the version that it corrects.
    pub now: Time,
    /// Fields that the features do not carry: a feature that is there keeps its values of them.
    pub absent: Vec<String>,
}

/// The statements that put one layer's features into its table.
pub(super) struct FeatureWriter<'a> {
    change: &'a Change<'a>,
    layer: &'a Layer,
    now: Time,
    /// The versions that the layer has of each code, at least of those that are put; empty where codes are no keys.
    versions: HashMap<Box<str>, Vec<Version>>,
    is_keyed: bool,
    end: String,
    insert: String,
    update: String,
}

impl<'a> FeatureWriter<'a> {
    pub(super) fn new(
        change: &'a Change<'a>,
        layer: &'a Layer,
        put: &Put,
        features: &[Feature],
    ) -> Result<Self, StoreError> {
        let table = quote(layer.name.as_str());
        let names = OWN_FIELDS[1..].iter().map(|name| (*name).to_owned());
        let fields = layer.fields.iter().map(|field| field.name.clone());
        let is_absent = names
            .clone()
            .chain(fields)
            .map(|name| put.absent.contains(&name));
        let columns: Vec<String> = names
            .chain(field_columns(layer))
            .map(|name| quote(&name))
            .collect();
        let marks: Vec<String> = (1..=columns.len()).map(|n| format!("?{n}")).collect();
        let sets = columns
            .iter()
            .zip(&marks)
            .zip(is_absent)
            .map(|((column, mark), is_absent)| {
                if is_absent {
                    format!("{column} = ifnull({mark}, {column})")
                } else {
                    format!("{column} = {mark}")
                }
            });
        let sets: Vec<String> = sets.collect();
        let is_keyed = put.mode == Mode::Upsert;
        Ok(Self {
            versions: match is_keyed {
                true if features.len() < MANY => versions_of(change, &table, features)?,
                true => versions(change, &table)?,
                false => HashMap::new(),
            },
            end: format!("UPDATE {table} SET valid_to = ?2 WHERE fid = ?1"),
            insert: format!(
                "INSERT INTO {table} ({}) VALUES ({})",
                columns.join(", "),
                marks.join(", ")
            ),
            update: format!(
                "UPDATE {table} SET {} WHERE fid = ?{}",
                sets.join(", "),
                columns.len() + 1
            ),
            now: put.now,
            is_keyed,
            change,
            layer,
        })
    }

    /// Puts one feature where its code and validity say.
    pub(super) fn put(&mut self, feature: &Feature, tally: &mut Tally) -> Result<(), StoreError> {
        let Some(code) = feature.code.as_ref().filter(|_| self.is_keyed) else {
            tally.added += 1;
            return self.insert(feature, feature.validity).map(drop);
        };
        let known = self.versions.get(code).map_or(&[][..], Vec::as_slice);
        let found = place(known, feature.validity, self.now).map_err(|Retired { since }| {
            StoreError::Retired {
                layer: self.layer.name.to_string(),
                code: code.to_string(),
                since,
            }
        })?;
        match found {
            Place::Over(version) => {
                tally.updated += 1;
                self.update(version, feature)?;
                self.remember(code, version);
            }
            Place::New { validity, ends } => {
                tally.added += 1;
                if let Some(fid) = ends {
                    tally.ended += 1;
                    self.end(code, fid, validity)?;
                }
                let fid = self.insert(feature, validity)?;
                self.remember(code, Version { fid, validity });
            }
        }
        Ok(())
    }

    fn remember(&mut self, code: &str, version: Version) {
        let versions = self.versions.entry(code.into()).or_default();
        versions.retain(|known| known.fid != version.fid);
        versions.push(version);
    }

    /// Ends the version `fid` where `next` begins.
    fn end(&mut self, code: &str, fid: i64, next: Validity) -> Result<(), StoreError> {
        let until = next.from.map(time_text);
        self.change
            .run(|rows| rows.prepare_cached(&self.end)?.execute(params![fid, until]))?;
        let versions = self.versions.get_mut(code).into_iter().flatten();
        for ended in versions.filter(|known| known.fid == fid) {
            ended.validity.to = next.from;
        }
        Ok(())
    }

    fn insert(&self, feature: &Feature, validity: Validity) -> Result<i64, StoreError> {
        let row = self.row(feature, validity)?;
        self.change.run(|rows| {
            rows.prepare_cached(&self.insert)?
                .insert(params_from_iter(row))
        })
    }

    fn update(&self, version: Version, feature: &Feature) -> Result<(), StoreError> {
        let mut row = self.row(feature, version.validity)?;
        row.push(Box::new(version.fid));
        self.change.run(|rows| {
            rows.prepare_cached(&self.update)?
                .execute(params_from_iter(row))
        })?;
        Ok(())
    }

    /// The feature's cells in the order of the columns after `fid`.
    fn row<'f>(
        &self,
        feature: &'f Feature,
        validity: Validity,
    ) -> Result<Vec<Box<dyn ToSql + 'f>>, StoreError> {
        let geometry = blob::encode(&feature.geometry).map_err(|source| StoreError::Geometry {
            layer: self.layer.name.to_string(),
            source,
        })?;
        let mut row: Vec<Box<dyn ToSql + 'f>> = vec![
            Box::new(geometry),
            Box::new(feature.code.as_deref()),
            Box::new(feature.name.as_deref()),
            Box::new(feature.parent.as_deref()),
            Box::new(validity.from.map(time_text)),
            Box::new(validity.to.map(time_text)),
        ];
        row.extend(
            feature
                .values
                .iter()
                .map(|value| Box::new(Bound(value)) as Box<dyn ToSql + 'f>),
        );
        Ok(row)
    }
}

/// From so many features on, all codes of a table are read at once.
const MANY: usize = 4_096;

/// The versions of these features' codes in a table.
fn versions_of(
    change: &Change<'_>,
    table: &str,
    features: &[Feature],
) -> Result<HashMap<Box<str>, Vec<Version>>, StoreError> {
    let statement = format!("SELECT fid, code, valid_from, valid_to FROM {table} WHERE code = ?1");
    change.run(|rows| {
        let mut found = HashMap::new();
        let mut prepared = rows.prepare_cached(&statement)?;
        for code in features.iter().filter_map(|feature| feature.code.as_ref()) {
            if !found.contains_key(code) {
                collect(prepared.query([code])?, &mut found)?;
                found.entry(code.clone()).or_default();
            }
        }
        Ok(found)
    })
}

/// The versions of each code in a table.
fn versions(
    change: &Change<'_>,
    table: &str,
) -> Result<HashMap<Box<str>, Vec<Version>>, StoreError> {
    let statement =
        format!("SELECT fid, code, valid_from, valid_to FROM {table} WHERE code IS NOT NULL");
    change.run(|rows| {
        let mut found = HashMap::new();
        collect(rows.prepare(&statement)?.query([])?, &mut found)?;
        Ok(found)
    })
}

fn collect(
    mut cursor: Rows<'_>,
    found: &mut HashMap<Box<str>, Vec<Version>>,
) -> rusqlite::Result<()> {
    while let Some(row) = cursor.next()? {
        // A row whose times cannot be read is no version: readers leave it out too.
        if let Ok(validity) = validity(row.get(2)?, row.get(3)?) {
            let fid = row.get(0)?;
            let versions = found.entry(row.get(1)?).or_default();
            versions.push(Version { fid, validity });
        }
    }
    Ok(())
}
