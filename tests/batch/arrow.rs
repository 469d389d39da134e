//! Points as Arrow streams.

use std::collections::HashSet;
use std::convert::Infallible;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, Int32Type};
use arrow_array::{
    Array, ArrayRef, DictionaryArray, Float32Array, Float64Array, Int64Array, RecordBatch,
    StringArray,
};
use arrow_ipc::CompressionType;
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::{IpcWriteOptions, StreamWriter};
use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use proptest::prelude::*;
use wangge::app::App;
use wangge::exchange::{PointBatches, PointColumns};
use wangge::http::{Service, router};
use wangge::model::Feature;
use wangge::store::{Mode, Store};

use super::{Answer, County, LEVELS, One, points};
use crate::support::{at, county, county_store, grid, put, rectangle, time};

const ARROW: &str = "application/vnd.apache.arrow.stream";

fn stream(batches: &[RecordBatch]) -> Vec<u8> {
    let mut writer = StreamWriter::try_new(Vec::new(), &batches[0].schema()).unwrap();
    for batch in batches {
        writer.write(batch).unwrap();
    }
    writer.into_inner().unwrap()
}

fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    RecordBatch::try_from_iter(columns).unwrap()
}

fn degrees(points: &[(f64, f64)]) -> Vec<(&'static str, ArrayRef)> {
    let column = |of: fn(&(f64, f64)) -> f64| {
        Arc::new(points.iter().map(of).collect::<Float64Array>()) as ArrayRef
    };
    vec![("Lon", column(|at| at.0)), ("LAT", column(|at| at.1))]
}

fn batches(answer: &Answer) -> Vec<RecordBatch> {
    assert_eq!(answer.status, StatusCode::OK);
    let reader = StreamReader::try_new(&*answer.body, None).unwrap();
    reader.map(Result::unwrap).collect()
}

fn text(batch: &RecordBatch, column: &str, row: usize) -> Option<String> {
    let column = batch.column_by_name(column).unwrap();
    if column.is_null(row) {
        return None;
    }
    let (keys, values) = match column.as_dictionary_opt::<Int32Type>() {
        Some(coded) => (usize::try_from(coded.keys().value(row)), coded.values()),
        None => match column.as_dictionary_opt::<Int8Type>() {
            Some(coded) => (usize::try_from(coded.keys().value(row)), coded.values()),
            None => (Ok(row), column),
        },
    };
    Some(values.as_string::<i32>().value(keys.unwrap()).to_owned())
}

fn one(batch: &RecordBatch, row: usize) -> Result<One, String> {
    if let Some(error) = text(batch, "error", row) {
        return Err(error);
    }
    Ok(One {
        outcome: text(batch, "outcome", row).unwrap(),
        certain: batch
            .column_by_name("certain")
            .unwrap()
            .as_boolean()
            .value(row),
        codes: LEVELS.map(|level| text(batch, level, row)),
    })
}

#[tokio::test]
async fn a_stream_is_answered_as_one_question_a_point_does_in_order_and_keeps_its_columns() {
    let county = County::open();
    let points = points(900);
    let given: Vec<RecordBatch> = points
        .chunks(400)
        .map(|points| {
            let ids = (0..).take(points.len()).collect::<Int64Array>();
            let names: DictionaryArray<Int8Type> = points.iter().map(|_| "名").collect();
            let mut columns = degrees(points);
            columns.insert(0, ("id", Arc::new(ids)));
            columns.push(("county", Arc::new(names)));
            batch(columns)
        })
        .collect();
    let answer = county.post("", ARROW, stream(&given)).await;
    assert_eq!(answer.headers["content-type"], ARROW);
    let answered = batches(&answer);
    let schema = answered[0].schema();
    let names: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
    assert_eq!(
        names,
        [
            "id",
            "Lon",
            "LAT",
            "county",
            "outcome",
            "certain",
            "base.county",
            "community",
            "grid",
            "error"
        ]
    );
    assert_eq!(schema.metadata()["wangge.approximate"], "false");
    let mut row = 0;
    for (answered, given) in answered.iter().zip(&given) {
        assert_eq!(&answered.columns()[..4], given.columns());
        for at in 0..answered.num_rows() {
            let (lon, lat) = points[row];
            let wanted = county.one(lon, lat).await;
            let renamed = text(answered, "base.county", at);
            let wanted = wanted.map(|mut one| {
                assert_eq!(renamed, one.codes[0].take());
                one.codes[0] = Some("名".to_owned());
                one
            });
            assert_eq!(one(answered, at), wanted, "row {row}: {lon}, {lat}");
            row += 1;
        }
    }
    assert_eq!(row, points.len());
}

/// The county with sixty narrow grids more, some of which have no code and some of which are no more.
fn wide_county() -> County {
    let (folder, path) = county_store();
    let mut store = Store::open_or_create(&path).unwrap();
    let change = store.change().unwrap();
    let (layer, _) = county().pop().unwrap();
    let strip = |n: i32| {
        let west = 3.0 + 0.1 * f64::from(n);
        let mut strip = grid(
            &format!("S{n:02}"),
            None,
            rectangle(west, 0.0, west + 0.1, 1.0),
        );
        if n % 7 == 3 {
            strip.validity.to = Some(time("2020-01-01"));
        }
        strip.code = strip.code.filter(|_| n % 11 != 5);
        strip
    };
    let strips: Vec<Feature> = (0..60).map(strip).collect();
    change
        .put_features(&layer, &put(Mode::Upsert), &strips)
        .unwrap();
    change.commit().unwrap();
    drop(store);
    County {
        routes: router(Arc::new(Service::new(App::open(&path).unwrap(), false))),
        _folder: folder,
    }
}

/// The answer to two hundred points in that county, each checked against one question; how many codes stood beside each batch.
async fn sizes_of_codes(county: &County, body: impl FnOnce(Vec<u8>) -> Body) -> Vec<usize> {
    let point = |n: i32| {
        let home = at(
            2.95 + 0.1 * f64::from(n * 37 % 61),
            0.5 + 0.001 * f64::from(n),
        )
        .degrees();
        (home.lon, home.lat)
    };
    let points: Vec<(f64, f64)> = (0..200).map(point).collect();
    let given: Vec<RecordBatch> = points.chunks(3).map(|part| batch(degrees(part))).collect();
    let answered = batches(&county.post("", ARROW, body(stream(&given))).await);
    let mut sizes = Vec::new();
    let mut row = 0;
    for answered in &answered {
        let column = answered.column_by_name("grid").unwrap();
        let codes = column.as_dictionary::<Int32Type>().values();
        let distinct: HashSet<&str> = codes.as_string::<i32>().iter().flatten().collect();
        assert_eq!(distinct.len(), codes.len());
        sizes.push(codes.len());
        for at in 0..answered.num_rows() {
            let (lon, lat) = points[row];
            let wanted = county.one(lon, lat).await.unwrap();
            let renamed = LEVELS.map(|level| text(answered, level, at));
            assert_eq!(renamed, wanted.codes, "row {row}: {lon}, {lat}");
            row += 1;
        }
    }
    assert_eq!(row, points.len());
    sizes
}

/// Three of the county and those of sixty that are there and have a code.
fn codes_there() -> usize {
    3 + (0..60).filter(|n| n % 7 != 3 && n % 11 != 5).count()
}

#[tokio::test]
async fn codes_are_sent_as_they_come_up_and_then_all_at_once_and_none_stands_twice_beside_another()
{
    // How long the body is shows only when it ends.
    let body = |bytes: Vec<u8>| {
        let pieces = bytes.chunks(100).map(Bytes::copy_from_slice);
        let pieces: Vec<_> = pieces.map(Ok::<_, Infallible>).collect();
        Body::from_stream(tokio_stream::iter(pieces))
    };
    let sizes = sizes_of_codes(&wide_county(), body).await;
    assert!(sizes[0] < codes_there(), "{sizes:?}");
    assert_eq!(sizes.last(), Some(&codes_there()), "{sizes:?}");
}

#[tokio::test]
async fn a_body_that_says_how_long_it_is_gets_all_codes_at_once() {
    let sizes = sizes_of_codes(&wide_county(), Body::from).await;
    assert!(sizes.iter().all(|size| *size == codes_there()), "{sizes:?}");
}

#[tokio::test]
async fn rows_without_coordinates_and_columns_of_single_precision_are_taken() {
    let county = County::open();
    let home = at(0.5, 0.5).degrees();
    let lon: ArrayRef = Arc::new(Float64Array::from(vec![
        Some(home.lon),
        None,
        None,
        Some(f64::NAN),
    ]));
    #[expect(clippy::cast_possible_truncation, reason = "that is what is tested")]
    let lat = home.lat as f32;
    let lat: ArrayRef = Arc::new(Float32Array::from(vec![
        Some(lat),
        None,
        Some(lat),
        Some(lat),
    ]));
    let answer = county
        .post("", ARROW, stream(&[batch(vec![("x", lon), ("纬度", lat)])]))
        .await;
    let answered = &batches(&answer)[0];
    assert_eq!(text(answered, "grid", 0).as_deref(), Some("5115260101"));
    let outcome = |row| text(answered, "outcome", row);
    assert_eq!((outcome(1), text(answered, "error", 1)), (None, None));
    assert!(text(answered, "error", 2).unwrap().contains("x is empty"));
    assert!(text(answered, "error", 3).unwrap().contains("lon is NaN"));
}

#[tokio::test]
async fn a_stream_that_does_not_begin_as_one_is_refused_with_what_to_send() {
    let county = County::open();
    let text: ArrayRef = Arc::new(StringArray::from(vec!["1"]));
    let number: ArrayRef = Arc::new(Float64Array::from(vec![1.0]));
    for (body, wanted) in [
        (Vec::new(), "no schema"),
        (b"ARROW1\0\0".to_vec(), "Arrow file"),
        (b"lon,lat\n1,2\n".to_vec(), "announced"),
        (
            stream(&[batch(vec![("lon", text), ("lat", number.clone())])]),
            "lon is Utf8; send Float64",
        ),
        (stream(&[batch(vec![("a", number)])]), "columns are a"),
    ] {
        let answer = county.post("", ARROW, body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{wanted}");
        assert!(
            answer.text().contains(wanted),
            "{wanted}: {}",
            answer.text()
        );
    }
}

#[tokio::test]
async fn a_stream_that_breaks_is_answered_up_to_there_and_ended_by_a_row_that_says_why() {
    let county = County::open();
    let given = batch(degrees(&points(50)));
    let mut body = stream(&[given.clone(), given]);
    body.truncate(body.len() - 300);
    let answered = batches(&county.post("", ARROW, body).await);
    assert_eq!(answered.len(), 2);
    assert_eq!((answered[0].num_rows(), answered[1].num_rows()), (50, 1));
    let error = text(&answered[1], "error", 0).unwrap();
    assert!(error.contains("ends within a message"), "{error}");
    assert!(answered[1].column(0).is_null(0));
}

#[tokio::test]
async fn a_stream_that_breaks_before_its_first_row_is_refused() {
    let county = County::open();
    let given = stream(&[batch(degrees(&points(50)))]);
    let schema = stream(&[batch(degrees(&[]))]);
    for body in [given[..given.len() - 300].to_vec(), {
        // An empty batch answers nothing either.
        let mut body = schema[..schema.len() - 8].to_vec();
        body.extend(b"\xff\xff\xff\xff\x40\0\0\0no message");
        body
    }] {
        let answer = county.post("", ARROW, body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text());
        assert!(answer.text().contains("Arrow stream is broken"));
    }
}

/// The batch packed, with a column that packs well and one that does not.
fn packed(batch: &RecordBatch, packing: Option<CompressionType>) -> Vec<u8> {
    let options = IpcWriteOptions::default();
    let options = options.try_with_compression(packing).unwrap();
    let mut writer =
        StreamWriter::try_new_with_options(Vec::new(), &batch.schema(), options).unwrap();
    writer.write(batch).unwrap();
    writer.into_inner().unwrap()
}

#[tokio::test]
async fn packed_batches_are_answered_as_they_are_unpacked() {
    let county = County::open();
    let points = points(5000);
    let mut columns = degrees(&points);
    let names: DictionaryArray<Int32Type> = (0..5000).map(|_| "名").collect();
    columns.push(("name", Arc::new(names)));
    let given = batch(columns);
    let query = "?at=2026-06-01";
    let plain = batches(&county.post(query, ARROW, packed(&given, None)).await);
    for packing in [CompressionType::LZ4_FRAME, CompressionType::ZSTD] {
        let body = packed(&given, Some(packing));
        assert!(body.len() < packed(&given, None).len());
        assert_eq!(batches(&county.post(query, ARROW, body).await), plain);
    }
}

#[tokio::test]
async fn a_packed_batch_that_would_unpack_to_more_than_a_batch_may_hold_is_refused_before_it_is() {
    let county = County::open();
    let given = batch(degrees(&[(104.7, 28.4); 600]));
    let mut body = packed(&given, Some(CompressionType::ZSTD));
    let size = 4800_i64.to_le_bytes();
    let at = body.windows(8).position(|bytes| bytes == size).unwrap();
    body[at..at + 8].copy_from_slice(&(1_i64 << 40).to_le_bytes());
    let answer = county.post("", ARROW, body).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(
        answer.text().contains("128 MB at most"),
        "{}",
        answer.text()
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn a_damaged_stream_is_answered_or_refused_and_never_breaks_the_service(
        damages in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        use wangge::app::{PointsQuestion, locate_batches};
        use wangge::exchange::{PointBatches, PointColumns};
        let names: DictionaryArray<Int32Type> = (0..40).map(|_| "名").collect();
        let mut columns = degrees(&points(40));
        columns.push(("name", Arc::new(names)));
        columns.push(("text", Arc::new(StringArray::from(vec!["文"; 40]))));
        let mut body = stream(&[batch(columns)]);
        for (at, byte) in damages {
            let at = at.index(body.len());
            body[at] = byte;
        }
        if let Some(cut) = cut {
            body.truncate(cut.index(body.len()));
        }
        if let Ok(input) = PointBatches::open(&*body, &PointColumns::default()) {
            let question = PointsQuestion {
                crs: wangge::model::Crs::Wgs84,
                time: wangge::app::now(),
                scheme: None,
            };
            let mut out = Vec::new();
            let snapshot = wangge::snapshot::Snapshot::default();
            let Ok(tally) = locate_batches(&snapshot, &question, input, &mut out) else {
                // Broken before its first row.
                return Ok(());
            };
            let rows: usize = StreamReader::try_new(&*out, None)
                .unwrap()
                .map(|batch| batch.unwrap().num_rows())
                .sum();
            prop_assert_eq!(rows as u64, tally.rows);
        }
    }
}

#[test]
fn rows_hold_their_part_of_a_batch_and_all_of_its_dictionary() {
    let texts: Vec<String> = (0..1000).map(|n| format!("{n:0100}")).collect();
    let mut columns = degrees(&vec![(104.705, 28.405); 1000]);
    let plain = stream(&[batch(columns.clone())]);
    let coded: DictionaryArray<Int32Type> = texts.iter().map(String::as_str).collect();
    columns.push(("text", Arc::new(coded)));
    let coded = stream(&[batch(columns)]);
    let bytes = |stream: &[u8], rows: usize| {
        let mut batches = PointBatches::open(stream, &PointColumns::default()).unwrap();
        let read = batches.read().unwrap().unwrap();
        read.part(0, rows).bytes()
    };
    assert_eq!(bytes(&plain, 1000), 16_000);
    assert_eq!(bytes(&plain, 10), 160);
    // 4 bytes a number; 100 bytes and where they end for each text, whoever has it.
    assert_eq!(bytes(&coded, 10), 160 + 40 + 100_000 + 4_004);
}
