//! One service a store: an advisory lock on a file beside it, released by the system when the process ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// Held while a service runs on a store.
#[derive(Debug)]
pub struct ServiceLock {
    _file: File,
}

/// Why a service may not use a store.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    #[error(
        "store {store} is already served by another wangge ({holder}); stop it or serve another store with --store"
    )]
    Held { store: String, holder: String },
    #[error("cannot write the lock file {path}: {source}")]
    Unwritable { path: String, source: io::Error },
}

impl ServiceLock {
    /// Takes the lock of the store at `store`, noting `holder` (process and address) for whoever finds it taken.
    ///
    /// # Errors
    /// Where another process holds it, or the lock file cannot be written.
    pub fn take(store: &Path, holder: &str) -> Result<Self, LockError> {
        // One file, one lock, whatever link leads to it.
        let store = &std::fs::canonicalize(store).unwrap_or_else(|_| store.to_owned());
        let path = PathBuf::from(format!("{}.lock", store.display()));
        let fail = |source| LockError::Unwritable {
            path: path.display().to_string(),
            source,
        };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(fail)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // What the holder wrote only serves the message; the lock itself is what counts.
                let _ = file.read_to_string(&mut holder);
                return Err(LockError::Held {
                    store: store.display().to_string(),
                    holder,
                });
            }
            Err(TryLockError::Error(source)) => return Err(fail(source)),
        }
        let note = || -> io::Result<()> {
            file.set_len(0)?;
            file.rewind()?;
            file.write_all(holder.as_bytes())
        };
        let mut note = note;
        note().map_err(fail)?;
        Ok(Self { _file: file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_service_on_one_store_is_told_who_holds_it_and_may_have_it_afterwards() {
        let dir = tempfile::tempdir().unwrap();
        let store = dir.path().join("a.gpkg");
        let held = ServiceLock::take(&store, "process 1 at 127.0.0.1:8080").unwrap();
        let error = ServiceLock::take(&store, "process 2").unwrap_err();
        assert!(
            error.to_string().contains("process 1 at 127.0.0.1:8080"),
            "{error}"
        );
        drop(held);
        ServiceLock::take(&store, "process 2").unwrap();
    }
}
