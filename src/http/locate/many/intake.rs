//! A request's body as a worker thread reads it.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio_stream::StreamExt;

/// Pieces of the body that may wait for the worker; hyper hands over at most some hundred KB at a time.
const WAITING: usize = 8;
/// How much of a body that nobody wants any more is still taken: a client that hears of its mistake while it sends may never
/// read why.
const UNWANTED: usize = 64 << 20;
/// How long that may take.
const UNWANTED_TIME: Duration = Duration::from_secs(10);

/// Tells whether a request's body is here whole.
#[derive(Clone, Debug, Default)]
pub(super) struct Arrival(Arc<AtomicBool>);

impl Arrival {
    pub(super) fn is_whole(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// The body of a request, read on a thread that may wait.
pub(super) struct BodyReader {
    pieces: Receiver<io::Result<Bytes>>,
    piece: Bytes,
    /// What the next read runs into.
    error: Option<io::Error>,
}

/// Lets a body be read.
pub(super) fn intake(body: Body) -> (BodyReader, Arrival) {
    let arrival = Arrival::default();
    let (sender, pieces) = channel(WAITING);
    tokio::spawn(carry(body.into_data_stream(), sender, arrival.clone()));
    let reader = BodyReader {
        pieces,
        piece: Bytes::new(),
        error: None,
    };
    (reader, arrival)
}

async fn carry(mut body: BodyDataStream, pieces: Sender<io::Result<Bytes>>, arrival: Arrival) {
    while let Some(piece) = body.next().await {
        let piece = piece.map_err(io::Error::other);
        if piece.is_err() {
            // Where the worker has ended already, nobody minds.
            let _ = pieces.send(piece).await;
            return;
        }
        if pieces.send(piece).await.is_err() {
            let _ = tokio::time::timeout(UNWANTED_TIME, discard(body)).await;
            return;
        }
    }
    arrival.0.store(true, Ordering::Release);
}

async fn discard(mut body: BodyDataStream) {
    let mut taken = 0;
    while let Some(Ok(piece)) = body.next().await {
        taken += piece.len();
        if taken > UNWANTED {
            return;
        }
    }
}

impl Read for BodyReader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < into.len() {
            if !self.piece.is_empty() {
                let count = self.piece.len().min(into.len() - filled);
                into[filled..filled + count].copy_from_slice(&self.piece.split_to(count));
                filled += count;
                continue;
            }
            if let Some(error) = self.error.take_if(|_| filled == 0) {
                return Err(error);
            }
            // Only where nothing has come is more waited for.
            let next = match filled {
                0 => self.pieces.blocking_recv(),
                _ => self.pieces.try_recv().ok(),
            };
            match next {
                Some(Ok(piece)) => self.piece = piece,
                Some(Err(error)) => self.error = Some(error),
                None => break,
            }
            if self.error.is_some() && filled > 0 {
                break;
            }
        }
        Ok(filled)
    }
}
