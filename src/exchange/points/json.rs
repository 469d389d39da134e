//! Points as one document of JSON: `{"points":[[lon,lat],…],"crs":…,"at":…,"scheme":…}`, read in pieces.
//!
//! What is asked may stand behind the points, and what is wrong too: so the whole is read, 16 bytes a point, before anything is
//! answered.

use std::io::{self, Read};

use serde_json::value::RawValue;

use super::spool::SpooledPoints;
use super::window::Window;
use super::{PointSpool, RowPoint, number, shortened};
use crate::model::LonLat;

/// Longest value that is no list of points, bytes.
const LONGEST_VALUE: usize = 64 << 10;
/// Bytes of points that may wait for the end of a document: 64 million points, most of which wait in a file.
const MOST_WAITING: u64 = 1 << 30;
/// Bytes in which a usual point with what follows it lies whole.
const USUAL_POINT: usize = 128;

/// Why a document is no document of points.
#[derive(Debug, thiserror::Error)]
pub enum PointsJsonError {
    #[error("byte {at}: {reason}; send {{\"points\":[[lon,lat],…]}}")]
    Syntax { at: u64, reason: String },
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
        let mut scanner = Scanner(Window::new(b"", input));
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

struct Scanner<R>(Window<R>);

impl<R: Read> Scanner<R> {
    fn wrong(&self, reason: &str) -> PointsJsonError {
        PointsJsonError::Syntax {
            at: self.0.taken() + 1,
            reason: reason.to_owned(),
        }
    }

    fn skip_mark(&mut self) -> Result<(), PointsJsonError> {
        self.hold(3)?;
        if self.0.held().starts_with(b"\xef\xbb\xbf") {
            self.0.take(3);
        }
        Ok(())
    }

    /// Reads until `count` bytes are held, or all that are left.
    fn hold(&mut self, count: usize) -> Result<(), PointsJsonError> {
        while self.0.held().len() < count && !self.0.is_ended() {
            self.0.read_on().map_err(PointsJsonError::Read)?;
        }
        Ok(())
    }

    /// The next byte that is no blank, which stays; `None` at the end.
    fn peek(&mut self) -> Result<Option<u8>, PointsJsonError> {
        loop {
            let blank = blanks(self.0.held());
            self.0.take(blank);
            if let Some(&byte) = self.0.held().first() {
                return Ok(Some(byte));
            }
            if self.0.is_ended() {
                return Ok(None);
            }
            self.hold(1)?;
        }
    }

    fn expect(&mut self, wanted: u8) -> Result<(), PointsJsonError> {
        match self.peek()? {
            Some(byte) if byte == wanted => {
                self.0.take(1);
                Ok(())
            }
            Some(byte) => Err(self.wrong(&format!(
                "{:?} is expected here, not {:?}",
                char::from(wanted),
                char::from(byte)
            ))),
            None => Err(self.wrong(&format!(
                "the document ends where {:?} is expected",
                char::from(wanted)
            ))),
        }
    }

    /// Whether another element comes before `close`, which is taken, as is the comma between two.
    fn goes_on(&mut self, close: u8, is_first: &mut bool) -> Result<bool, PointsJsonError> {
        if self.peek()? == Some(close) {
            self.0.take(1);
            return Ok(false);
        }
        if !std::mem::take(is_first) {
            self.expect(b',')?;
            if self.peek()? == Some(close) {
                return Err(self.wrong("a comma stands before the end"));
            }
        }
        Ok(true)
    }

    fn name(&mut self) -> Result<String, PointsJsonError> {
        if self.peek()? != Some(b'"') {
            return Err(self.wrong("a member's name is expected here"));
        }
        let raw = self.value()?;
        Ok(serde_json::from_str(raw.get()).unwrap_or_default())
    }

    /// A text; `null` is none.
    fn text(&mut self, field: &'static str) -> Result<Option<String>, PointsJsonError> {
        let raw = self.value()?;
        serde_json::from_str(raw.get()).map_err(|_| PointsJsonError::NoText {
            field,
            given: shortened(raw.get()),
        })
    }

    fn points(&mut self) -> Result<PointSpool, PointsJsonError> {
        let mut spool = PointSpool::default();
        self.expect(b'[')?;
        let mut is_first = true;
        while self.goes_on(b']', &mut is_first)? {
            self.hold(USUAL_POINT)?;
            let point = match usual_point(self.0.held()) {
                Some((point, length)) => {
                    self.0.take(length);
                    RowPoint::At(point)
                }
                None => self.element()?,
            };
            spool.push(&point).map_err(PointsJsonError::Spool)?;
            if spool.bytes() > MOST_WAITING {
                return Err(PointsJsonError::TooMany);
            }
        }
        Ok(spool)
    }

    /// The point that an element is, or why it is none: as long as its brackets match, those behind it are read all the same.
    fn element(&mut self) -> Result<RowPoint, PointsJsonError> {
        let Some(length) = self.extent()? else {
            return Err(self.wrong("the document ends within a point"));
        };
        let element = &self.0.held()[..length];
        if !has_pairs(element) {
            return Err(self.wrong("a bracket of the point that begins here has no other"));
        }
        if element.is_empty() {
            return Err(self.wrong("a point is expected here"));
        }
        let point = match std::str::from_utf8(element) {
            Ok(text) => point(text.trim_ascii_end()),
            Err(_) => no_point(&String::from_utf8_lossy(element), "no point, nor UTF-8"),
        };
        self.0.take(length);
        Ok(point)
    }

    /// Any value, checked to be JSON.
    fn value(&mut self) -> Result<Box<RawValue>, PointsJsonError> {
        let length = self.extent()?.unwrap_or(self.0.held().len());
        let raw: Result<Box<RawValue>, _> = std::str::from_utf8(&self.0.held()[..length])
            .map_err(|error| error.to_string())
            .and_then(|text| serde_json::from_str(text).map_err(|error| error.to_string()));
        let raw = raw.map_err(|reason| self.wrong(&reason))?;
        self.0.take(length);
        Ok(raw)
    }

    /// How many bytes the next value has; `None` where the document ends before it does.
    fn extent(&mut self) -> Result<Option<usize>, PointsJsonError> {
        self.peek()?;
        let mut extent = Extent::default();
        loop {
            let length = extent.of(self.0.held());
            let most = length.unwrap_or(self.0.held().len());
            if most > LONGEST_VALUE {
                let reason = format!("a value is longer than {} KB", LONGEST_VALUE >> 10);
                return Err(self.wrong(&reason));
            }
            if length.is_some() || self.0.is_ended() {
                return Ok(length);
            }
            self.0.read_on().map_err(PointsJsonError::Read)?;
        }
    }
}

/// How far a value reaches, told from its brackets and quotes alone.
#[derive(Default)]
struct Extent {
    at: usize,
    depth: usize,
    in_text: bool,
}

impl Extent {
    /// Where the value ends with which `bytes` begin, of which a part may have been looked at before.
    fn of(&mut self, bytes: &[u8]) -> Option<usize> {
        while let Some(&byte) = bytes.get(self.at) {
            match byte {
                b'\\' if self.in_text => self.at += 1,
                b'"' => {
                    self.in_text = !self.in_text;
                    if !self.in_text && self.depth == 0 {
                        return Some(self.at + 1);
                    }
                }
                _ if self.in_text => {}
                b'[' | b'{' => self.depth += 1,
                b']' | b'}' | b',' if self.depth == 0 => return Some(self.at),
                b']' | b'}' => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return Some(self.at + 1);
                    }
                }
                _ => {}
            }
            self.at += 1;
        }
        None
    }
}

/// Whether each bracket that opens is closed by one of its kind.
fn has_pairs(bytes: &[u8]) -> bool {
    let mut open = Vec::new();
    let mut bytes = bytes.iter();
    let mut in_text = false;
    while let Some(&byte) = bytes.next() {
        match byte {
            b'\\' if in_text => drop(bytes.next()),
            b'"' => in_text = !in_text,
            _ if in_text => {}
            b'[' => open.push(b']'),
            b'{' => open.push(b'}'),
            b']' | b'}' if open.pop() != Some(byte) => return false,
            _ => {}
        }
    }
    open.is_empty()
}

/// How many blanks of JSON stand at the beginning.
fn blanks(bytes: &[u8]) -> usize {
    let is_blank = |byte: &&u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
    bytes.iter().take_while(is_blank).count()
}

/// The point with which `bytes` begin, if it is two or three plain numbers, and its length. A third number is a height, as in
/// GeoJSON.
fn usual_point(bytes: &[u8]) -> Option<(LonLat, usize)> {
    if bytes.first() != Some(&b'[') {
        return None;
    }
    let mut at = 1;
    let mut numbers = [0.0; 3];
    for place in 0..3 {
        at += blanks(&bytes[at..]);
        let (value, length) =
            number::leading(&bytes[at..]).filter(|(value, _)| value.is_finite())?;
        numbers[place] = value;
        at += length;
        at += blanks(&bytes[at..]);
        match bytes.get(at)? {
            b',' if place < 2 => at += 1,
            b']' if place > 0 => {
                let [lon, lat, _] = numbers;
                return Some((LonLat { lon, lat }, at + 1));
            }
            _ => return None,
        }
    }
    None
}

/// The point that a value is.
fn point(text: &str) -> RowPoint {
    let numbers: Option<Vec<f64>> =
        serde_json::from_str::<Vec<&RawValue>>(text)
            .ok()
            .and_then(|values| {
                let number = |value: &&RawValue| number::finite(value.get().as_bytes());
                values.iter().map(number).collect()
            });
    if let Some(&[lon, lat] | &[lon, lat, _]) = numbers.as_deref() {
        return RowPoint::At(LonLat { lon, lat });
    }
    no_point(text, "no point")
}

fn no_point(given: &str, what: &str) -> RowPoint {
    let given = shortened(given);
    RowPoint::Bad(format!("{given} is {what}; write [lon,lat] in degrees").into())
}
