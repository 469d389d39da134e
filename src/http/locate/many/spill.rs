//! The part of an answer that a client does not take yet, in a file that has no name.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::gone;

/// Bytes that are read back at a time.
const CHUNK: usize = 256 << 10;
/// Chunks that may wait for the client.
const WAITING: usize = 2;
/// Most that is put aside for one client, bytes: the answers to some tens of millions of points.
const MOST: u64 = 8 << 30;

/// How far the writer is.
#[derive(Debug, Default)]
struct Progress {
    written: u64,
    is_ended: bool,
    is_broken: bool,
    /// The client has gone.
    is_unwanted: bool,
}

#[derive(Debug)]
struct Shared {
    file: File,
    progress: Mutex<Progress>,
    moved: Condvar,
}

impl Shared {
    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Progress)) {
        change(&mut self.progress());
        self.moved.notify_all();
    }
}

/// What is put aside, being written; it ends when it is dropped.
#[derive(Debug)]
pub(super) struct Spill {
    shared: Arc<Shared>,
    written: u64,
}

impl Spill {
    /// Begins to put aside; the chunks can be taken at once, on a thread of their own.
    pub(super) fn begin(runtime: &Handle) -> io::Result<(Self, Receiver<io::Result<Bytes>>)> {
        let shared = Arc::new(Shared {
            file: tempfile::tempfile()?,
            progress: Mutex::default(),
            moved: Condvar::new(),
        });
        let (sender, chunks) = channel(WAITING);
        let reader = Arc::clone(&shared);
        runtime.spawn_blocking(move || read_back(&reader, &sender));
        Ok((Self { shared, written: 0 }, chunks))
    }

    pub(super) fn write(&mut self, chunk: &[u8]) -> io::Result<()> {
        if self.shared.progress().is_unwanted {
            return Err(gone());
        }
        if self.written + chunk.len() as u64 > MOST {
            return Err(io::Error::other(format!(
                "the client takes nothing of an answer of more than {} GB",
                MOST >> 30
            )));
        }
        self.shared.file.write_all_at(chunk, self.written)?;
        self.written += chunk.len() as u64;
        self.shared
            .change(|progress| progress.written = self.written);
        Ok(())
    }

    /// Ends what was put aside as a part only.
    pub(super) fn break_off(self) {
        self.shared.change(|progress| progress.is_broken = true);
    }
}

impl Drop for Spill {
    fn drop(&mut self) {
        self.shared.change(|progress| progress.is_ended = true);
    }
}

/// Sends what is written, as it is written.
fn read_back(shared: &Shared, chunks: &Sender<io::Result<Bytes>>) {
    let mut read = 0;
    loop {
        let chunk = match next(shared, read) {
            Ok(Some(chunk)) => Ok(chunk),
            Ok(None) => return,
            Err(error) => Err(error),
        };
        let is_last = chunk.is_err();
        read += chunk.as_ref().map_or(0, |chunk| chunk.len() as u64);
        if chunks.blocking_send(chunk).is_err() || is_last {
            shared.change(|progress| progress.is_unwanted = true);
            return;
        }
    }
}

/// Waits for the chunk behind what was read; `None` at the end.
fn next(shared: &Shared, read: u64) -> io::Result<Option<Bytes>> {
    let is_waiting = |progress: &mut Progress| progress.written == read && !progress.is_ended;
    let progress = shared
        .moved
        .wait_while(shared.progress(), is_waiting)
        .unwrap_or_else(PoisonError::into_inner);
    let (left, is_broken) = (progress.written - read, progress.is_broken);
    drop(progress);
    if left == 0 {
        return if is_broken { Err(gone()) } else { Ok(None) };
    }
    let count = usize::try_from(left).map_or(CHUNK, |left| left.min(CHUNK));
    let mut chunk = vec![0; count];
    shared.file.read_exact_at(&mut chunk, read)?;
    Ok(Some(chunk.into()))
}
