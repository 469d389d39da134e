//! A source of records, whichever way it is opened.

use std::path::Path;

use super::columns::Column;
use super::dataset::Dataset;
use super::encoding;
use super::reach::Reach;
use super::record::Record;
use super::source::{Source, suffix};
use super::table::{self, Table};
use super::{ReadError, ReadOptions, Transform};

/// A file opened for reading.
pub(super) enum Opened {
    Table(Box<Table>),
    Dataset(Box<Dataset>),
}

impl Opened {
    /// Opens a plain file; `path` is what errors name.
    pub(super) fn open(
        path: &Path,
        source: &Source,
        options: &ReadOptions,
    ) -> Result<Self, ReadError> {
        if table::is_table(&suffix(&source.file)) {
            let encoding = options.encoding.as_deref();
            return Table::open(path, &source.file, encoding)
                .map(|table| Self::Table(Box::new(table)));
        }
        Dataset::open(path, source, options).map(|dataset| Self::Dataset(Box::new(dataset)))
    }

    pub(super) fn columns(&self) -> &[Column] {
        match self {
            Self::Table(table) => &table.columns,
            Self::Dataset(dataset) => &dataset.columns,
        }
    }

    pub(super) fn has_geometry(&self) -> bool {
        matches!(self, Self::Dataset(dataset) if dataset.has_geometry)
    }

    /// Number of features, where the file says it.
    pub(super) fn total(&self) -> Option<u64> {
        match self {
            Self::Table(_) => None,
            Self::Dataset(dataset) => dataset.total,
        }
    }

    /// The way from the file's system; `None` where the file says none.
    pub(super) fn transform(&self) -> Result<Option<Transform>, ReadError> {
        match self {
            Self::Table(_) => Ok(None),
            Self::Dataset(dataset) => dataset.transform(),
        }
    }

    /// Where the file's system is meant for.
    pub(super) fn reach(&self) -> Option<Reach> {
        match self {
            Self::Table(_) => None,
            Self::Dataset(dataset) => dataset.reach(),
        }
    }

    /// Hands over every record.
    pub(super) fn for_each(&mut self, visit: &mut dyn FnMut(Record<'_>)) -> Result<(), ReadError> {
        match self {
            Self::Table(table) => table.for_each(visit),
            Self::Dataset(dataset) => dataset.for_each(visit),
        }
    }

    /// After a failure: whether another way of reading is left, which is then taken.
    pub(super) fn tries_again(
        &mut self,
        error: &ReadError,
        source: &Source,
    ) -> Result<bool, ReadError> {
        match self {
            Self::Dataset(dataset) if dataset.is_unsorted(error) => {
                dataset.reopen_unsorted(source).map(|()| true)
            }
            _ => Ok(false),
        }
    }

    /// Whether GDAL's KML reader added columns of its own.
    pub(super) fn is_kml(&self) -> bool {
        matches!(self, Self::Dataset(dataset) if dataset.driver == "LIBKML")
    }

    /// Where the encoding of its text is a guess, the words for it that end a message on missing columns; else empty.
    pub(super) fn hint(&self) -> String {
        let guess = match self {
            Self::Table(table) => table.guess,
            Self::Dataset(dataset) => dataset.guess,
        };
        guess.map_or_else(String::new, encoding::hint)
    }

    /// What was noticed while opening and reading.
    pub(super) fn into_notes(self) -> Vec<String> {
        match self {
            Self::Table(table) => table.notes,
            Self::Dataset(dataset) => dataset.notes,
        }
    }
}
