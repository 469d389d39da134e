//! `/api/export/{layer}.{format}`: a whole layer, streamed.

use std::io::{self, Write};
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{RawQuery, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use tokio::sync::mpsc::{Sender, channel};
use tokio_stream::wrappers::ReceiverStream;

use crate::exchange::write_geojson;
use crate::query::features_within;

use super::parameters::{Named, Parameters};
use super::problem::Problem;
use super::tiles::layer;
use super::{READER, Service};

/// Bytes that are sent at a time.
const CHUNK: usize = 64 << 10;
/// Chunks that may wait for a slow client; so an export holds no more than this in memory.
const WAITING: usize = 4;

/// `GET /api/export/{layer}.geojson[?bbox=west,south,east,north][&at=]`.
pub(super) async fn file(
    State(service): State<Arc<Service>>,
    Named(file): Named<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let Some(name) = file.strip_suffix(".geojson") else {
        return Err(Problem::not_found(format!(
            "there is no export {file}; ask /api/export/LAYER.geojson"
        )));
    };
    let parameters = Parameters::read(query.as_deref(), &["bbox", "at"])?;
    let (bounds, at) = (parameters.bounds("bbox")?, parameters.time()?);
    let snapshot = service.app.snapshot();
    layer(&snapshot, name)?;
    let disposition = attachment(name);
    let (chunks, body) = channel(WAITING);
    let name = name.to_owned();
    tokio::task::spawn_blocking(move || {
        let Ok(layer) = layer(&snapshot, &name) else {
            return;
        };
        let features = features_within(layer, bounds, at);
        let mut out = io::BufWriter::with_capacity(CHUNK, ChunkWriter(chunks.clone()));
        let written = write_geojson(&mut out, layer.layer(), features.into_iter(), READER)
            .and_then(|_| out.flush());
        if let Err(error) = written {
            tracing::debug!(%error, "an export was broken off");
            // The client must not take the part for the whole; where it has gone, nobody minds.
            let _ = chunks.blocking_send(Err(error));
        }
    });
    let headers = [
        (header::CONTENT_TYPE, "application/geo+json".to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    Ok((headers, Body::from_stream(ReceiverStream::new(body))).into_response())
}

/// The name under which a browser saves the file (RFC 6266; layer names may be Chinese).
fn attachment(name: &str) -> String {
    let encoded: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
    format!("attachment; filename*=UTF-8''{encoded}.geojson")
}

/// Hands what is written on to the response.
struct ChunkWriter(Sender<io::Result<Bytes>>);

impl Write for ChunkWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let chunk = Ok(Bytes::copy_from_slice(bytes));
        self.0
            .blocking_send(chunk)
            .map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
