//! Documents and lines of points: what is read is what another reader of JSON reads, in whatever pieces it comes.

use std::io::{self, Cursor, Read};

use proptest::prelude::*;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use wangge::app::{PointsQuestion, locate_rows};
use wangge::exchange::{PointColumns, PointLines, PointRows, PointsDocument, RowPoint};
use wangge::model::{Crs, LonLat};
use wangge::snapshot::Snapshot;

use super::questions::question;
use super::{damage, damaged, text_of};

/// Bytes that arrive in pieces of a few.
struct Slowly(Cursor<Vec<u8>>, usize);

impl Read for Slowly {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = into.len().min(self.1);
        self.0.read(&mut into[..most])
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document<'a> {
    #[serde(borrow)]
    points: Vec<&'a RawValue>,
    crs: Option<String>,
    at: Option<String>,
    scheme: Option<String>,
}

fn all(document: PointsDocument) -> Vec<RowPoint> {
    let (mut points, mut piece, mut document) = (Vec::new(), Vec::new(), document);
    loop {
        document.points.read(&mut piece).unwrap();
        if piece.is_empty() {
            return points;
        }
        points.append(&mut piece);
    }
}

proptest! {
    #[test]
    fn a_document_that_another_reader_of_json_takes_is_taken_alike_and_one_that_it_refuses_only_for_a_point(
        question in question(),
        damages in prop::collection::vec(damage(), 0..3),
        piece in prop_oneof![1..9_usize, Just(usize::MAX)],
    ) {
        let body = damaged(question.to_string().as_bytes(), &damages);
        let ours = PointsDocument::read(Slowly(Cursor::new(body.clone()), piece));
        let theirs = serde_json::from_slice::<Document>(&body);
        let text = String::from_utf8_lossy(&body);
        match (ours, theirs) {
            (Ok(ours), Ok(theirs)) => {
                let asked = &ours.question;
                prop_assert_eq!(
                    (&asked.crs, &asked.at, &asked.scheme),
                    (&theirs.crs, &theirs.at, &theirs.scheme)
                );
                let points = all(ours);
                prop_assert_eq!(points.len(), theirs.points.len());
                for (point, raw) in points.iter().zip(&theirs.points) {
                    let numbers: Option<Vec<f64>> = serde_json::from_str(raw.get()).ok();
                    if let Some([lon, lat] | [lon, lat, _]) = numbers.as_deref() {
                        let LonLat { lon: our_lon, lat: our_lat } = match point {
                            RowPoint::At(at) => *at,
                            other => panic!("{other:?} of {raw}"),
                        };
                        // The other reader's last digit may be off by one.
                        let is_near = |a: f64, b: f64| (a - b).abs() <= 1e-15 * b.abs();
                        prop_assert!(is_near(our_lon, *lon) && is_near(our_lat, *lat), "{}", raw);
                    }
                }
            }
            (Err(_), Err(_)) => {}
            // A mark before the text is passed over, as many programs write one.
            (Ok(_), Err(_)) if body.starts_with(b"\xef\xbb\xbf") => {}
            (Ok(ours), Err(theirs)) => {
                let is_bad = |point: &RowPoint| matches!(point, RowPoint::Bad(_));
                prop_assert!(all(ours).iter().any(is_bad), "{}: {}", text, theirs);
            }
            (ours, theirs) => prop_assert!(
                false,
                "{text}: ours {:?}, theirs {:?}",
                ours.err(),
                theirs.err()
            ),
        }
    }

    #[test]
    fn every_line_that_holds_anything_becomes_one_object_with_its_members_first(
        lines in prop::collection::vec(text_of(&[
            "{", "}", "\"lon\"", "\"Lat\":", ":", ",", "104.7", "28", "null", "\"", "\\", "[", "]", " ", "\r",
            "{\"lon\":104.7,\"lat\":28.4}", "{\"lon\":1,\"lat\":2,\"error\":3,\"outcome\":{\"a\":[1]}}", "\"x\":1e5,",
        ]), 0..9),
        piece in prop_oneof![1..9_usize, Just(usize::MAX)],
    ) {
        let input = Slowly(Cursor::new(lines.join("\n").into_bytes()), piece);
        let input = PointRows::Lines(PointLines::open(input, &PointColumns::default()));
        let question = PointsQuestion { crs: Crs::Wgs84, time: wangge::app::now(), scheme: None };
        let mut out = Vec::new();
        locate_rows(&Snapshot::default(), &question, input, &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        let text = lines.join("\n");
        // A mark of the byte order at the head belongs to no line.
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let blank = |line: &&str| !line.trim_ascii().is_empty();
        let given: Vec<&str> = text.split('\n').filter(blank).collect();
        prop_assert_eq!(out.lines().count(), given.len(), "{}", out);
        for (line, given) in out.split('\n').zip(given) {
            let answer: Value = serde_json::from_str(line).unwrap();
            let answer = answer.as_object().unwrap();
            match serde_json::from_str::<Value>(given) {
                Ok(Value::Object(members)) if !answer.contains_key("line") => {
                    for (name, value) in &members {
                        prop_assert_eq!(&answer[name], value, "{}", line);
                    }
                }
                _ => prop_assert!(answer["error"].is_string(), "{}", line),
            }
        }
    }
}
