//! A request's body as it was before it was packed.

use std::io::{self, BufReader, Read};

use axum::extract::Request;
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use brotli_decompressor::Decompressor;
use flate2::bufread::MultiGzDecoder;

use super::problem::Problem;

/// Packed bytes that are taken at once.
const PACKED: usize = 64 << 10;

/// How a body is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Identity,
    Gzip,
    Brotli,
    Zstd,
}

impl Packing {
    const ALL: [Self; 4] = [Self::Identity, Self::Gzip, Self::Brotli, Self::Zstd];

    fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Gzip => "gzip",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }

    /// Reads a body through its packing: all members of gzip, all frames of zstd, to the last byte.
    ///
    /// # Errors
    /// Where there is no memory to unpack in.
    pub(super) fn unpack(
        self,
        body: impl Read + Send + 'static,
    ) -> io::Result<Box<dyn Read + Send>> {
        let unpacked: Box<dyn Read + Send> = match self {
            Self::Identity => return Ok(Box::new(body)),
            Self::Gzip => Box::new(MultiGzDecoder::new(BufReader::with_capacity(PACKED, body))),
            Self::Brotli => Box::new(Brotli(Decompressor::new(body, PACKED))),
            Self::Zstd => {
                let body = BufReader::with_capacity(PACKED, body);
                Box::new(zstd::Decoder::with_buffer(body)?)
            }
        };
        let packing = self;
        Ok(Box::new(Unpacked { packing, unpacked }))
    }
}

/// What is told of a body that does not unpack.
struct Unpacked {
    packing: Packing,
    unpacked: Box<dyn Read + Send>,
}

impl Read for Unpacked {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.unpacked.read(into).map_err(|error| {
            // The body itself broke off.
            if error
                .get_ref()
                .is_some_and(<dyn std::error::Error + Send + Sync>::is::<axum::Error>) {
                return error;
            }
            let name = self.packing.name();
            let reason = format!(
                "the body does not unpack as {name} ({error}); pack it whole, with nothing behind it"
            );
            io::Error::new(io::ErrorKind::InvalidData, reason)
        })
    }
}

/// One stream of brotli, behind which nothing may stand: it has no members.
struct Brotli<R: Read>(Decompressor<R>);

impl<R: Read> Read for Brotli<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.0.read(into)?;
        if count > 0 || into.is_empty() {
            return Ok(count);
        }
        // Behind its end the decoder minds what it holds already, and only that.
        self.0.read(into)?;
        if self.0.get_mut().read(&mut [0])? > 0 {
            let reason = "there is more behind its end";
            return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
        }
        Ok(0)
    }
}

/// Finds how a body is packed, and refuses one that is packed in another way, or more than once: read as it is it would be no
/// points at all.
pub(super) async fn check(mut request: Request, next: Next) -> Response {
    let given: Vec<String> = request
        .headers()
        .get_all(header::CONTENT_ENCODING)
        .iter()
        .map(|value| {
            String::from_utf8_lossy(value.as_bytes())
                .trim()
                .to_ascii_lowercase()
        })
        .collect();
    let packing = match given.as_slice() {
        [] => Some(Packing::Identity),
        [one] => Packing::ALL.into_iter().find(|known| known.name() == one),
        _ => None,
    };
    let Some(packing) = packing else {
        let taken = Packing::ALL.map(Packing::name).join(", ");
        let accepted = [(header::ACCEPT_ENCODING, taken.clone())];
        return (accepted, Problem::wrong_packing(&given.join(", "), &taken)).into_response();
    };
    request.extensions_mut().insert(packing);
    next.run(request).await
}
