//! An answer on its way from a worker thread to the client.

use std::io::{self, Write};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Bytes;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::oneshot;
use tokio_stream::Stream;

use crate::app::PointsError;

use super::super::super::problem::Problem;
use super::gone;
use super::intake::Arrival;
use super::spill::Spill;

/// Bytes that are sent at a time, unless less is there to send.
const CHUNK: usize = 256 << 10;
/// Chunks that may wait for the client.
const WAITING: usize = 4;
/// How long a client that still sends may take nothing, until the answer is put aside for it.
const PATIENCE: Duration = Duration::from_millis(100);

/// Chunks of an answer; after an error there are none.
type Chunks = Receiver<io::Result<Bytes>>;

/// Makes the two ends of an answer to a request whose body arrives.
pub(super) fn answer(arrival: Arrival) -> (AnswerWriter, Answer) {
    let (begun, beginning) = oneshot::channel();
    let (sender, chunks) = channel(WAITING);
    let (aside, spilled) = oneshot::channel();
    let writer = AnswerWriter {
        begun: Some(begun),
        buffer: Vec::with_capacity(CHUNK),
        way: Way::Direct(sender, aside),
        arrival,
        runtime: Handle::current(),
    };
    let answer = Answer {
        beginning,
        chunks,
        spilled: Some(spilled),
    };
    (writer, answer)
}

/// Where the chunks go.
enum Way {
    /// To the client, with the means to say that they are put aside from now on.
    Direct(Sender<io::Result<Bytes>>, oneshot::Sender<Chunks>),
    Aside(Spill),
    Closed,
}

/// The worker's end.
pub(super) struct AnswerWriter {
    /// Says that the answer begins, or why there is none.
    begun: Option<oneshot::Sender<Result<(), PointsError>>>,
    buffer: Vec<u8>,
    way: Way,
    arrival: Arrival,
    /// The worker may be a thread that the runtime does not know.
    runtime: Handle,
}

impl AnswerWriter {
    /// Ends the answer; an error that comes too late to be one breaks it off, so that the part is not taken for the whole.
    pub(super) fn end<T>(mut self, ended: Result<T, PointsError>) {
        match (ended, self.begun.take()) {
            (Err(error), Some(begun)) => {
                self.way = Way::Closed;
                // Where nobody waits, nobody minds.
                let _ = begun.send(Err(error));
            }
            (Err(error), None) => {
                tracing::debug!(%error, "an answer was broken off");
            }
            (Ok(_), begun) => {
                self.begun = begun;
                match self.flush() {
                    Ok(()) => self.begin(),
                    Err(error) => tracing::debug!(%error, "an answer was not taken"),
                }
                self.way = Way::Closed;
            }
        }
    }

    fn begin(&mut self) {
        if let Some(begun) = self.begun.take() {
            let _ = begun.send(Ok(()));
        }
    }

    fn send(&mut self, chunk: Bytes) -> io::Result<()> {
        self.begin();
        match &mut self.way {
            Way::Direct(chunks, _) => {
                if wait(chunks, &self.arrival, &self.runtime)? {
                    return chunks.blocking_send(Ok(chunk)).map_err(|_| gone());
                }
                self.put_aside()?.write(&chunk)
            }
            Way::Aside(spill) => spill.write(&chunk),
            Way::Closed => Err(gone()),
        }
    }

    /// A client may send all before it reads anything; if both waited for the other, neither would ever go on.
    fn put_aside(&mut self) -> io::Result<&mut Spill> {
        let (spill, chunks) = Spill::begin(&self.runtime)?;
        if let Way::Direct(_, aside) = std::mem::replace(&mut self.way, Way::Aside(spill)) {
            aside.send(chunks).map_err(|_| gone())?;
        }
        match &mut self.way {
            Way::Aside(spill) => Ok(spill),
            _ => Err(gone()),
        }
    }
}

/// Waits until a chunk can be sent; `false` where the client takes none while it still sends.
fn wait(
    chunks: &Sender<io::Result<Bytes>>,
    arrival: &Arrival,
    runtime: &Handle,
) -> io::Result<bool> {
    while chunks.capacity() == 0 && !arrival.is_whole() {
        let room = async { tokio::time::timeout(PATIENCE, chunks.reserve()).await };
        match runtime.block_on(async { room.await.map(|room| room.map(drop)) }) {
            Ok(Ok(())) => return Ok(true),
            Ok(Err(_)) => return Err(gone()),
            Err(_) if arrival.is_whole() => {}
            Err(_) => return Ok(false),
        }
    }
    Ok(true)
}

impl Drop for AnswerWriter {
    fn drop(&mut self) {
        match std::mem::replace(&mut self.way, Way::Closed) {
            Way::Direct(chunks, _) => {
                let _ = chunks.blocking_send(Err(gone()));
            }
            Way::Aside(spill) => spill.break_off(),
            Way::Closed => {}
        }
    }
}

impl Write for AnswerWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = CHUNK - self.buffer.len();
        let taken = bytes.len().min(room);
        self.buffer.extend_from_slice(&bytes[..taken]);
        if taken == room {
            self.flush()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let next = Vec::with_capacity(CHUNK);
        let chunk = Bytes::from(std::mem::replace(&mut self.buffer, next));
        self.send(chunk)
    }
}

/// The client's end.
pub(super) struct Answer {
    beginning: oneshot::Receiver<Result<(), PointsError>>,
    chunks: Chunks,
    spilled: Option<oneshot::Receiver<Chunks>>,
}

impl Answer {
    /// Waits until there is something to send.
    pub(super) async fn begun(mut self) -> Result<Self, Problem> {
        match (&mut self.beginning).await {
            Ok(Ok(())) => Ok(self),
            Ok(Err(error)) => Err(error.into()),
            // The worker broke down; the log has its last words.
            Err(error) => Err(Problem::internal(&error)),
        }
    }
}

impl Stream for Answer {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match self.chunks.poll_recv(context) {
                Poll::Ready(None) => {}
                other => return other,
            }
            // What was put aside comes after what was sent.
            match self
                .spilled
                .take()
                .and_then(|mut aside| aside.try_recv().ok())
            {
                Some(chunks) => self.chunks = chunks,
                None => return Poll::Ready(None),
            }
        }
    }
}
