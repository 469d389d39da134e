//! Bodies that come and go slowly, break off, or never end.

use std::convert::Infallible;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use axum::BoxError;
use axum::body::{Body, Bytes};
use axum::http::{Request, Response, StatusCode};
use tokio_stream::wrappers::ReceiverStream;
use tokio_stream::{Stream, StreamExt};
use tower::ServiceExt;
use wangge::app::App;
use wangge::http::{Service, serve};

use super::County;
use crate::support::county_store;

const LINE: &[u8] = b"{\"lon\":104.705,\"lat\":28.405}\n";

/// The answer to lines of points that come in pieces.
async fn answer_to<S, E>(county: &County, pieces: S) -> Response<Body>
where
    S: Stream<Item = Result<Bytes, E>> + Send + 'static,
    E: Into<BoxError> + 'static,
{
    let request = Request::post("/api/locate").header("Content-Type", "application/x-ndjson");
    let request = request.body(Body::from_stream(pieces)).unwrap();
    county.routes.clone().oneshot(request).await.unwrap()
}

#[tokio::test]
async fn a_body_that_never_ends_is_answered_while_it_comes() {
    let county = County::open();
    let (sender, body) = tokio::sync::mpsc::channel::<Result<Bytes, Infallible>>(1);
    sender.send(Ok(Bytes::from_static(LINE))).await.unwrap();
    let response = answer_to(&county, ReceiverStream::new(body)).await;
    let mut answer = response.into_body().into_data_stream();
    for _ in 0..3 {
        let answered = answer.next().await.unwrap().unwrap();
        assert!(answered.ends_with(b"}\n") && answered.windows(8).any(|w| w == b"\"inside\""));
        sender.send(Ok(Bytes::from_static(LINE))).await.unwrap();
    }
    drop(sender);
    assert!(answer.next().await.unwrap().is_ok());
    assert!(answer.next().await.is_none());
}

#[tokio::test]
async fn a_body_that_breaks_off_breaks_its_answer_off_too() {
    let county = County::open();
    let pieces = [
        Ok(Bytes::from(LINE.repeat(10_000))),
        Err(std::io::Error::other("the line is dead")),
    ];
    let response = answer_to(&county, tokio_stream::iter(pieces)).await;
    let answer: Vec<_> = response.into_body().into_data_stream().collect().await;
    assert!(answer.last().unwrap().is_err());
    assert!(answer.len() > 1);
}

#[tokio::test]
async fn work_ends_when_nobody_takes_the_answer() {
    let county = County::open();
    let (sender, body) = tokio::sync::mpsc::channel::<Result<Bytes, Infallible>>(1);
    sender.send(Ok(Bytes::from_static(LINE))).await.unwrap();
    let response = answer_to(&county, ReceiverStream::new(body)).await;
    drop(response);
    // The rest of what comes is let go for a while, then the body itself.
    let many = Bytes::from(LINE.repeat(100_000));
    let mut sent = 0;
    while sender.send(Ok(many.clone())).await.is_ok() {
        sent += many.len();
        assert!(sent < 100 << 20, "the body is read on for nobody");
    }
}

/// A service on a port of its own.
async fn serving() -> (tempfile::TempDir, SocketAddr) {
    let (folder, path) = county_store();
    let service = Arc::new(Service::new(App::open(&path).unwrap(), false));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(listener, service, std::future::pending()));
    (folder, address)
}

/// Sends all rows before it reads anything, as simple clients do; counts the lines of the answer.
fn send_then_read(address: SocketAddr, rows: usize) -> usize {
    const PIECE: usize = 2000;
    let mut stream = TcpStream::connect(address).unwrap();
    let limit = Some(Duration::from_mins(1));
    stream.set_write_timeout(limit).unwrap();
    stream.set_read_timeout(limit).unwrap();
    let length = LINE.len() * rows;
    let head = format!(
        "POST /api/locate HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/x-ndjson\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let piece = LINE.repeat(PIECE);
    for _ in 0..rows / PIECE {
        stream.write_all(&piece).unwrap();
    }
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    assert!(answer.starts_with(b"HTTP/1.1 200"));
    answer
        .windows(8)
        .filter(|window| window == b"\"inside\"")
        .count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_sends_all_before_it_reads_is_answered_all() {
    let (_folder, address) = serving().await;
    let rows = 200_000;
    let answered = tokio::task::spawn_blocking(move || send_then_read(address, rows));
    assert_eq!(answered.await.unwrap(), rows);
}

#[tokio::test]
async fn a_packed_body_is_unpacked_and_one_packed_otherwise_is_refused_with_what_is_taken() {
    let county = County::open();
    let lines = LINE.repeat(5000);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&lines).unwrap();
    let gzip = gzip.finish().unwrap();
    let zstd = zstd::encode_all(&*lines, 1).unwrap();
    let post = async |packing: &str, body: Vec<u8>| {
        let request = Request::post("/api/locate").header("Content-Type", "application/x-ndjson");
        let request = request.header("Content-Encoding", packing);
        county.ask(request.body(Body::from(body)).unwrap()).await
    };
    for (packing, body) in [
        ("gzip", gzip.clone()),
        ("GZIP", gzip.clone()),
        ("zstd", zstd),
        ("identity", lines.clone()),
    ] {
        let answer = post(packing, body).await;
        assert_eq!(answer.status, StatusCode::OK, "{packing}");
        let found = answer.text().lines();
        assert_eq!(
            found.filter(|l| l.contains("inside")).count(),
            5000,
            "{packing}"
        );
    }
    for packing in ["deflate", "gzip, gzip", "x"] {
        let answer = post(packing, lines.clone()).await;
        assert_eq!(
            answer.status,
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "{packing}"
        );
        let problem = answer.json();
        assert_eq!(
            (&problem["field"], &problem["value"]),
            (&"Content-Encoding".into(), &packing.into())
        );
        assert!(
            problem["detail"]
                .as_str()
                .unwrap()
                .contains("gzip, br, zstd")
        );
        assert_eq!(
            answer.headers["accept-encoding"],
            "identity, gzip, br, zstd"
        );
    }
    // What does not unpack is no points.
    let answer = post("gzip", lines).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text());
    let mut cut = gzip;
    cut.truncate(12);
    let answer = post("gzip", cut).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text());
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text).unwrap();
    gzip.finish().unwrap()
}

/// `lon,lat` and one point; a stream of brotli without compression: a window of 64 KB, one block as it is, the end.
fn brotli(text: &[u8]) -> Vec<u8> {
    let length = u32::try_from(text.len()).unwrap() - 1;
    // One bit for the window; of the block: not the last, four nibbles of length, the length, as it is.
    let head = (length << 4) | (1 << 20);
    let mut packed = head.to_le_bytes()[..3].to_vec();
    packed.extend_from_slice(text);
    packed.push(3);
    packed
}

#[tokio::test]
async fn all_that_is_packed_in_a_body_is_answered_and_what_stands_behind_it_is_an_error() {
    let county = County::open();
    let (head, row) = (b"lon,lat\n104.705,28.405\n", b"104.705,28.405\n");
    let post = async |packing: &str, parts: [Vec<u8>; 2]| {
        let request = Request::post("/api/locate").header("Content-Type", "text/csv");
        let request = request.header("Content-Encoding", packing);
        let body = Body::from(parts.concat());
        county.ask(request.body(body).unwrap()).await
    };
    let zstd = |text: &[u8]| zstd::encode_all(text, 1).unwrap();
    for (packing, parts, wanted) in [
        ("gzip", [gzip(head), gzip(row)], 2),
        ("zstd", [zstd(head), zstd(row)], 2),
        ("br", [brotli(head), Vec::new()], 1),
    ] {
        let answer = post(packing, parts).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let found = answer.text().lines().filter(|l| l.contains("inside"));
        assert_eq!(found.count(), wanted, "{packing}: {}", answer.text());
    }
    for (packing, packed) in [
        ("gzip", gzip(head)),
        ("zstd", zstd(head)),
        ("br", brotli(head)),
    ] {
        let answer = post(packing, [packed, b"junk junk junk".to_vec()]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text());
        let wanted = format!("does not unpack as {packing}");
        assert!(answer.text().contains(&wanted), "{}", answer.text());
        assert!(answer.text().contains("nothing behind it"));
    }
}
