//! Points as one document of JSON: `{"points":[[lon,lat],…],"crs":…,"at":…,"scheme":…}`, read in pieces.
//!
//! What is asked may stand behind the points, and what is wrong too: so the whole is read, 16 bytes a point, before anything is
//! answered.

mod extent;
mod point;
mod scanner;

use std::io::{self, Read};

use super::spool::SpooledPoints;
use scanner::Scanner;

/// Bytes of points that may wait for the end of a document: 64 million points, most of which wait in a file.
const MOST_WAITING: u64 = 1 << 30;

/// Why a document is no document of points.
#[derive(Debug, thiserror::Error)]
pub enum PointsJsonError {
    #[error("byte {at}: {reason}; send {{\"points\":[[lon,lat],…]}}")]
    Syntax { at: u64, reason: String },
    #[error("byte {at}: the document ends {place}; send {{\"points\":[[lon,lat],…]}}")]
    Ended { at: u64, place: String },
    #[error(
        "byte {at}: the document breaks off after {points} points, none of which is answered; send it whole, or as NDJSON, of which each line is answered when it comes"
    )]
    Cut { at: u64, points: u64 },
    #[error("{field:?} is no member of this document; its members are points, crs, at and scheme")]
    Unknown { field: String },
    #[error("{field:?} is there twice")]
    Twice { field: String },
    #[error("{field} is {given}, which is no text")]
    NoText { field: &'static str, given: String },
    #[error("points is missing; send {{\"points\":[[lon,lat],…]}}")]
    NoPoints,
    #[error(
        "the document holds more than {} million points, which wait for its end; send them as CSV, NDJSON or Arrow, which do not",
        MOST_WAITING >> 24
    )]
    TooMany,
    #[error("cannot read the points: {0}")]
    Read(io::Error),
    #[error("cannot keep the points: {0}")]
    Spool(io::Error),
}

/// What a document asks beside its points, as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuestionTexts {
    pub crs: Option<String>,
    pub at: Option<String>,
    pub scheme: Option<String>,
}

/// A document that was read whole.
#[derive(Debug)]
pub struct PointsDocument {
    pub question: QuestionTexts,
    pub points: SpooledPoints,
}

impl PointsDocument {
    /// Reads a document to its end.
    ///
    /// # Errors
    /// Where it is not JSON, has other members, or cannot be read on. An element of `points` that is no point is no error.
    pub fn read(input: impl Read) -> Result<Self, PointsJsonError> {
        let mut scanner = Scanner::of(input);
        let mut question = QuestionTexts::default();
        let mut seen: Vec<String> = Vec::new();
        let mut points = None;
        scanner.skip_mark()?;
        scanner.expect(b'{')?;
        let mut is_first = true;
        while scanner.goes_on(b'}', &mut is_first)? {
            let name = scanner.name()?;
            scanner.expect(b':')?;
            if seen.contains(&name) {
                return Err(PointsJsonError::Twice { field: name });
            }
            match name.as_str() {
                "points" => points = Some(scanner.points()?),
                "crs" => question.crs = scanner.text("crs")?,
                "at" => question.at = scanner.text("at")?,
                "scheme" => question.scheme = scanner.text("scheme")?,
                _ => return Err(PointsJsonError::Unknown { field: name }),
            }
            seen.push(name);
        }
        if scanner.peek()?.is_some() {
            return Err(scanner.wrong("there is more behind the document"));
        }
        let points = points.ok_or(PointsJsonError::NoPoints)?;
        let points = points.rewind().map_err(PointsJsonError::Spool)?;
        Ok(Self { question, points })
    }
}
