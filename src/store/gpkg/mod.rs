//! The embedded store: a GeoPackage on the system's SQLite.
//!
//! Each layer is one feature table with multi-geometries in EPSG:4326; configuration lies in `wangge_…` tables beside them.
//! No R-tree extension is declared: readers use the snapshot's index, and a plain connection can write without its triggers.

mod blob;
mod change;
mod columns;
mod define;
mod log;
mod plain;
mod put;
mod read;
mod rows;
mod schema;
mod succession;
mod twin;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use crate::model::Time;

pub use blob::BlobError;
pub use change::{Change, Mode, Tally};
pub use put::Put;
pub use read::{ChangedRows, Reader, StoredLayer};
pub use rows::RowFault;
pub use twin::Twin;

/// How long a writer waits for another program's transaction to end.
const PATIENCE: Duration = Duration::from_secs(30);

/// An open store.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    path: PathBuf,
}

/// Why a store cannot be opened, read or changed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error(
        "store {path} does not exist; fill one with `wangge import` or `wangge demo`, or name another with --store"
    )]
    Missing { path: String },
    #[error("store {path} cannot be opened: {reason}")]
    Unreadable { path: String, reason: String },
    #[error(
        "{path} is a database but no wangge store; name another file with --store, or bring its layers in with `wangge import {path} --layer NAME`"
    )]
    Foreign { path: String },
    #[error(
        "store {path} was written by a newer wangge (schema {found}, this one knows {known}); use that version, or a copy of the store from before"
    )]
    Newer {
        path: String,
        found: usize,
        known: usize,
    },
    #[error("store {path} is being written by another program; try again when it is done")]
    Busy { path: String },
    #[error("store {path}: {source}")]
    Sql {
        path: String,
        source: rusqlite::Error,
    },
    #[error("layer {layer} in the store: {reason}")]
    Definition { layer: String, reason: String },
    #[error(
        "layer {layer}: field {field} is {stored} in the store and {wanted} now; import it with --mode replace"
    )]
    FieldKind {
        layer: String,
        field: String,
        stored: &'static str,
        wanted: &'static str,
    },
    #[error(
        "layer {layer} holds {stored} in the store and gets {wanted} now; import it with --mode replace"
    )]
    GeometryKind {
        layer: String,
        stored: &'static str,
        wanted: &'static str,
    },
    #[error(
        "scheme {name} is declared already; remove it first with `wangge scheme remove {name}`"
    )]
    SchemeExists { name: String },
    #[error("there is no scheme {name}; `wangge scheme list` shows those that are there")]
    NoScheme { name: String },
    #[error(
        "layer {layer}: the store has a table {taken} by that name already (case does not count); choose another name"
    )]
    NameTaken { layer: String, taken: String },
    #[error(
        "layer {layer}: code {code} ended on {since}; a retired code is never given out again: use a new one, or replace the layer with --mode replace"
    )]
    Retired {
        layer: String,
        code: String,
        since: Time,
    },
    #[error("layer {layer}: {source}")]
    Geometry { layer: String, source: BlobError },
}

impl Store {
    /// Opens the store for reading and writing; makes it where there is none.
    ///
    /// # Errors
    /// Where the file is no wangge store, a newer one's, or cannot be read or written.
    pub fn open_or_create(path: &Path) -> Result<Self, StoreError> {
        let is_new = std::fs::metadata(path).map_or(true, |file| file.len() == 0);
        let mut store = Self::connect(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        )?;
        store.found_schema()?;
        store.configure(is_new)?;
        store.migrate()?;
        Ok(store)
    }

    /// Opens a store that is there, for reading and writing.
    ///
    /// # Errors
    /// As [`Store::open_or_create`], and where there is none.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        if !path.exists() {
            return Err(StoreError::Missing {
                path: path.display().to_string(),
            });
        }
        Self::open_or_create(path)
    }

    /// A store that is gone with the program, to try something on.
    ///
    /// # Errors
    /// Where memory runs out.
    pub fn in_memory() -> Result<Self, StoreError> {
        Self::open_or_create(Path::new(":memory:"))
    }

    fn connect(path: &Path, flags: OpenFlags) -> Result<Self, StoreError> {
        let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)
            .map_err(|error| unreadable(&path.display().to_string(), &error))?;
        Ok(Self {
            connection,
            path: path.to_owned(),
        })
    }

    /// Durable before answered: write-ahead log, synced at each commit.
    fn configure(&self, is_new: bool) -> Result<(), StoreError> {
        let set = || -> rusqlite::Result<()> {
            self.connection.busy_timeout(PATIENCE)?;
            if is_new {
                self.connection.pragma_update(None, "page_size", 8192)?;
            }
            self.connection.pragma_update(None, "journal_mode", "WAL")?;
            self.connection.pragma_update(None, "synchronous", "FULL")?;
            self.connection.pragma_update(None, "foreign_keys", true)?;
            self.connection.set_prepared_statement_cache_capacity(64);
            Ok(())
        };
        set().map_err(|error| unreadable(&self.path_text(), &error))
    }

    /// Refuses what is not ours before anything of it is touched; 0 for an empty file.
    fn found_schema(&self) -> Result<usize, StoreError> {
        let path = self.path_text();
        let known = schema::STEPS.len();
        let ask = || {
            Ok((
                schema_version(&self.connection)?,
                is_empty(&self.connection)?,
            ))
        };
        match ask().map_err(|error| unreadable(&path, &error))? {
            (Some(found), _) if found > known => Err(StoreError::Newer { path, found, known }),
            (Some(found), _) => Ok(found),
            (None, true) => Ok(0),
            (None, false) => Err(StoreError::Foreign { path }),
        }
    }

    /// Brings the schema to this program's version and has the changes of all tables noted, in one transaction.
    fn migrate(&mut self) -> Result<(), StoreError> {
        let known = schema::STEPS.len();
        let path = self.path_text();
        let is_ready = || log::unwatched(&self.connection).map(|tables| tables.is_empty());
        if self.found_schema()? == known && is_ready().map_err(|source| sql(&path, source))? {
            return Ok(());
        }
        let change = self.transaction(TransactionBehavior::Immediate)?;
        let climb = || -> rusqlite::Result<()> {
            // Asked again: another program may have climbed while this one waited.
            let found = schema_version(&change)?.unwrap_or(0);
            for step in schema::STEPS.iter().skip(found) {
                change.execute_batch(step)?;
            }
            change.execute("UPDATE wangge_store SET schema = ?1", [known])?;
            for table in log::unwatched(&change)? {
                log::watch(&change, &table)?;
            }
            change.commit()
        };
        climb().map_err(|source| sql(&path, source))
    }

    /// A mark that changes whenever another connection has written to the store.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn mark(&self) -> Result<i64, StoreError> {
        let ask = || {
            let mut asked = self.connection.prepare_cached("PRAGMA data_version")?;
            asked.query_row([], |row| row.get(0))
        };
        ask().map_err(|source| sql(&self.path_text(), source))
    }

    /// Begins to read: all answers of one reader are of one version.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn read(&mut self) -> Result<Reader<'_>, StoreError> {
        let path = self.path_text();
        let rows = self.transaction(TransactionBehavior::Deferred)?;
        Ok(Reader::new(read::Open::Own(rows), path))
    }

    /// Begins to change: nothing of it is there until [`Change::commit`] has answered, all of it afterwards.
    ///
    /// # Errors
    /// Where another program writes for longer than 30 seconds, or the store cannot be written.
    pub fn change(&mut self) -> Result<Change<'_>, StoreError> {
        let path = self.path_text();
        Change::begin(self.transaction(TransactionBehavior::Immediate)?, path)
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn path_text(&self) -> String {
        self.path.display().to_string()
    }

    fn transaction(
        &mut self,
        behavior: TransactionBehavior,
    ) -> Result<Transaction<'_>, StoreError> {
        let path = self.path_text();
        self.connection
            .transaction_with_behavior(behavior)
            .map_err(|source| sql(&path, source))
    }
}

/// The schema version of a wangge store; `None` for any other database.
fn schema_version(connection: &Connection) -> rusqlite::Result<Option<usize>> {
    let is_ours = connection.query_row(
        "SELECT count(*) FROM sqlite_master WHERE name = 'wangge_store'",
        [],
        |row| row.get::<_, i64>(0),
    )? > 0;
    if !is_ours {
        return Ok(None);
    }
    connection
        .query_row("SELECT schema FROM wangge_store", [], |row| row.get(0))
        .map(Some)
}

fn is_empty(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row("SELECT count(*) = 0 FROM sqlite_master", [], |row| {
        row.get(0)
    })
}

/// A refused statement as the store's error; a lock that did not end is told apart.
fn sql(path: &str, source: rusqlite::Error) -> StoreError {
    let path = path.to_owned();
    match source.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => {
            StoreError::Busy { path }
        }
        _ => StoreError::Sql { path, source },
    }
}

fn unreadable(path: &str, error: &rusqlite::Error) -> StoreError {
    StoreError::Unreadable {
        path: path.to_owned(),
        reason: reason(error),
    }
}

/// What SQLite says, without the statement around it.
fn reason(error: &rusqlite::Error) -> String {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => "it is no GeoPackage and no database".to_owned(),
        Some(rusqlite::ErrorCode::CannotOpen) => {
            "the file or its folder cannot be opened".to_owned()
        }
        Some(rusqlite::ErrorCode::ReadOnly) => {
            "it is read-only for this user, who needs the right to write the file and its folder"
                .to_owned()
        }
        Some(rusqlite::ErrorCode::DatabaseBusy) => "another program holds it locked".to_owned(),
        _ => error.to_string(),
    }
}
