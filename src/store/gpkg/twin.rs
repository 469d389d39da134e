//! Several connections that read one version of the store, so that several threads can.

use rusqlite::OpenFlags;

use super::read::{Open, Reader};
use super::{PATIENCE, Store, StoreError, sql};

/// How often all connections are begun anew because somebody wrote in between.
const ATTEMPTS: usize = 5;

/// A connection of its own that reads the same version as its twins.
#[derive(Debug)]
pub struct Twin(Store);

impl Store {
    /// So many connections that read one and the same version, for a thread each; fewer, but one at least, where other
    /// programs write without pause. None for a store in memory, which has no more than its own connection.
    ///
    /// # Errors
    /// Where the store cannot be read.
    pub fn twins(&self, count: usize) -> Result<Vec<Twin>, StoreError> {
        if self.connection.path().is_none_or(str::is_empty) {
            return Ok(Vec::new());
        }
        let mut twins = Vec::new();
        for _ in 0..ATTEMPTS {
            let before = self.mark()?;
            twins = (0..count.max(1))
                .map(|_| self.twin())
                .collect::<Result<Vec<_>, _>>()?;
            if self.mark()? == before {
                return Ok(twins);
            }
        }
        // They may read different versions; one alone reads one.
        twins.truncate(1);
        Ok(twins)
    }

    fn twin(&self) -> Result<Twin, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
        let twin = Self::connect(&self.path, flags)?;
        let begin = || {
            twin.connection.busy_timeout(PATIENCE)?;
            twin.connection.execute_batch("BEGIN")?;
            // The version is settled by the first look.
            super::read::version(&twin.connection)
        };
        begin().map_err(|source| sql(&self.path_text(), source))?;
        Ok(Twin(twin))
    }
}

impl Twin {
    /// Reads.
    #[must_use]
    pub fn reader(&self) -> Reader<'_> {
        Reader::new(Open::Twin(&self.0.connection), self.0.path_text())
    }
}
