//! Points as lines of JSON: each line an object with its coordinates, written back with members added.

use std::borrow::Cow;
use std::fmt;
use std::io::Read;
use std::sync::Arc;

use memchr::memchr;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::super::columns::{LAT, LON};
use super::rows::{FoundRow, Rows};
use super::table::PointColumns;
use super::window::Window;
use super::{Code, LONGEST_ROW, RowPoint, TableError, number, shortened};
use crate::model::LonLat;

/// Bytes of a line that is too long that are looked at, to show its beginning.
const SHOWN: usize = 240;

/// Lines being read. Blank ones are passed over; one that is no object of JSON keeps its place as an object with `line`, `text`
/// and `error`.
pub struct PointLines<R> {
    text: Window<R>,
    lon: Vec<String>,
    lat: Vec<String>,
    added: Arc<[Added]>,
    /// Lines before the one that comes next.
    before: u64,
    /// Bytes of what is held in which no line ends.
    seen: usize,
    /// The end of a line that was too long is still to come.
    is_within: bool,
}

/// Writes the lines.
#[derive(Debug)]
pub struct LineWriter {
    added: Arc<[Added]>,
}

/// A name that is added: with its comma and colon, and the one that stands in for it.
#[derive(Debug)]
struct Added {
    name: String,
    key: Vec<u8>,
    other_key: Vec<u8>,
}

impl<R> fmt::Debug for PointLines<R> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "PointLines(after line {})", self.before)
    }
}

impl<R: Read> PointLines<R> {
    /// Lines of UTF-8 that `input` yields; `columns` names the members that hold the point.
    #[must_use]
    pub fn open(input: R, columns: &PointColumns) -> Self {
        let names = |given: &Option<String>, usual: &[&str]| match given {
            Some(name) => vec![name.clone()],
            None => usual.iter().map(|&name| name.to_owned()).collect(),
        };
        Self {
            text: Window::new(b"", input),
            lon: names(&columns.lon, &LON),
            lat: names(&columns.lat, &LAT),
            added: Arc::new([]),
            before: 0,
            seen: 0,
            is_within: false,
        }
    }

    pub(super) fn begin(&mut self, names: &[(String, String)]) -> LineWriter {
        let added = names.iter().map(|(name, other)| Added {
            name: name.clone(),
            key: key(name),
            other_key: key(other),
        });
        self.added = added.collect();
        LineWriter {
            added: Arc::clone(&self.added),
        }
    }

    pub(super) fn read(&mut self, rows: &mut Rows) -> Result<bool, TableError> {
        rows.clear();
        while !rows.is_full() {
            let held = self.text.held();
            let end = memchr(b'\n', &held[self.seen..]).map(|at| self.seen + at);
            match end {
                Some(end) if end > LONGEST_ROW => self.pass(rows),
                Some(end) => self.next(rows, end, end + 1),
                None if self.text.is_ended() && held.is_empty() => break,
                None if self.text.is_ended() => self.next(rows, held.len(), held.len()),
                None if held.len() > LONGEST_ROW => self.pass(rows),
                // What has arrived is answered before more is waited for.
                None if !rows.points().is_empty() => break,
                None => {
                    self.seen = held.len();
                    self.text.read_on().map_err(TableError::Read)?;
                }
            }
        }
        Ok(!rows.points().is_empty())
    }

    /// Takes a line of `end` bytes, `length` with its break.
    fn next(&mut self, rows: &mut Rows, end: usize, length: usize) {
        self.before += 1;
        if !std::mem::take(&mut self.is_within) {
            let line = &self.text.held()[..end];
            let line = match self.before {
                1 => line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line),
                _ => line,
            };
            self.push(rows, line.trim_ascii());
        }
        self.text.take(length);
        self.seen = 0;
    }

    /// Passes over a line that is too long.
    fn pass(&mut self, rows: &mut Rows) {
        if !self.is_within {
            let reason = format!("the line is longer than {} KB", LONGEST_ROW >> 10);
            let start = String::from_utf8_lossy(&self.text.held()[..SHOWN]).into_owned();
            refuse(rows, self.before + 1, &start, &reason);
        }
        self.is_within = true;
        let held = self.text.held();
        self.text.take(memchr(b'\n', held).unwrap_or(held.len()));
        self.seen = 0;
    }

    fn push(&self, rows: &mut Rows, line: &[u8]) {
        if line.is_empty() {
            return;
        }
        let Ok(text) = std::str::from_utf8(line) else {
            let text = String::from_utf8_lossy(line);
            return refuse(rows, self.before, &text, "the line is not in UTF-8");
        };
        match self.members(text) {
            Ok(members) => {
                for name in &members.taken {
                    rows.mark_taken(*name);
                }
                let open = text.strip_suffix('}').unwrap_or(text).trim_end();
                let comma: &[u8] = if members.count == 0 { b"" } else { b"," };
                let point = members.point();
                rows.push(point, open.as_bytes(), comma);
            }
            Err(error) => {
                let reason = format!(
                    "{}; write one object a line, as {{\"lon\":104.7,\"lat\":28.4}}",
                    placed(&error)
                );
                refuse(rows, self.before, text, &reason);
            }
        }
    }

    fn members<'t>(&self, line: &'t str) -> Result<Members<'t>, serde_json::Error> {
        let mut reader = serde_json::Deserializer::from_str(line);
        let members = reader.deserialize_map(Reading(self))?;
        reader.end()?;
        Ok(members)
    }
}

impl LineWriter {
    pub(super) fn write(&self, row: FoundRow<'_>, out: &mut Vec<u8>) {
        let FoundRow {
            rows,
            row,
            cells,
            codes,
        } = row;
        let (before, comma) = rows.parts(row);
        out.extend_from_slice(before);
        let taken = rows.taken(row);
        let mut write = |number: usize, value: Value<'_>| {
            let Some(added) = self.added.get(number) else {
                return;
            };
            let is_taken = taken.iter().any(|&(_, name)| name == number);
            let key = if is_taken {
                &added.other_key
            } else {
                &added.key
            };
            out.extend_from_slice(if number == 0 { comma } else { b"," });
            out.extend_from_slice(key);
            match value {
                Value::Text(text) => super::push_json(text, out),
                Value::Code(code) => code.push_json(out),
                Value::Plain(text) => out.extend_from_slice(text.as_bytes()),
            }
        };
        let null = Value::Plain("null");
        write(
            0,
            match cells.outcome {
                None => null,
                Some((outcome, _)) => Value::Text(outcome),
            },
        );
        write(
            1,
            Value::Plain(match cells.outcome {
                None => "null",
                Some((_, true)) => "true",
                Some((_, false)) => "false",
            }),
        );
        for (number, code) in (2..).zip(codes) {
            write(number, code.map_or(null, Value::Code));
        }
        write(2 + codes.len(), cells.error.map_or(null, Value::Text));
        out.extend_from_slice(b"}\n");
    }
}

#[derive(Clone, Copy)]
enum Value<'a> {
    Text(&'a str),
    Code(Code<'a>),
    Plain(&'a str),
}

fn key(name: &str) -> Vec<u8> {
    let mut key = Vec::new();
    super::push_json(name, &mut key);
    key.push(b':');
    key
}

/// Puts a line that cannot be used in its place.
fn refuse(rows: &mut Rows, line: u64, text: &str, reason: &str) {
    let mut before = format!("{{\"line\":{line},\"text\":").into_bytes();
    super::push_json(&shortened(text), &mut before);
    rows.push(RowPoint::Bad(reason.into()), &before, b",");
}

/// An error of the line's reader without the line's number, which is always 1.
fn placed(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.split_once(" at line ") {
        // What is of another kind as a whole stands at no column.
        Some((reason, _)) if error.column() == 0 => reason.to_owned(),
        Some((reason, _)) => format!("{reason} at column {}", error.column()),
        None => text,
    }
}

/// What a line's members say.
#[derive(Default)]
struct Members<'t> {
    count: usize,
    /// The best name that was found, lower is better, and what it holds.
    lon: Option<(usize, &'t RawValue)>,
    lat: Option<(usize, &'t RawValue)>,
    taken: Vec<usize>,
}

impl Members<'_> {
    fn point(&self) -> RowPoint {
        let (lon, lat) = match (self.lon, self.lat) {
            (Some((_, lon)), Some((_, lat))) => (lon.get(), lat.get()),
            (None, None) => return RowPoint::Bad("the line has no lon and no lat".into()),
            (None, Some(_)) => return RowPoint::Bad("the line has no lon".into()),
            (Some(_), None) => return RowPoint::Bad("the line has no lat".into()),
        };
        match (degrees(lon), degrees(lat)) {
            (Some(lon), Some(lat)) => RowPoint::At(LonLat { lon, lat }),
            _ if is_blank(lon) && is_blank(lat) => RowPoint::None,
            (None, _) => RowPoint::Bad(super::no_number("lon", unquoted(lon))),
            (_, None) => RowPoint::Bad(super::no_number("lat", unquoted(lat))),
        }
    }
}

/// The number that a member holds, also as a string, as some programs write all values.
fn degrees(value: &str) -> Option<f64> {
    number::finite(unquoted(value).trim().as_bytes())
}

fn is_blank(value: &str) -> bool {
    matches!(unquoted(value).trim(), "" | "null")
}

fn unquoted(value: &str) -> &str {
    let inner = value.strip_prefix('"');
    inner
        .and_then(|inner| inner.strip_suffix('"'))
        .unwrap_or(value)
}

/// A member's name; borrowed where nothing in it is escaped.
#[derive(serde::Deserialize)]
struct Name<'t>(#[serde(borrow)] Cow<'t, str>);

struct Reading<'a, R>(&'a PointLines<R>);

impl<'t, R> Visitor<'t> for Reading<'_, R> {
    type Value = Members<'t>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object with lon and lat")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Members<'t>, A::Error> {
        let mut members = Members::default();
        while let Some(Name(name)) = map.next_key()? {
            members.count += 1;
            let place = |names: &[String]| names.iter().position(|n| n.eq_ignore_ascii_case(&name));
            let (lon, lat) = (place(&self.0.lon), place(&self.0.lat));
            let known = match (lon, lat) {
                (Some(rank), _) => Some((&mut members.lon, rank)),
                (None, Some(rank)) => Some((&mut members.lat, rank)),
                (None, None) => None,
            };
            match known {
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
                Some((best, rank)) => {
                    let value = map.next_value()?;
                    match best {
                        Some((other, _)) if *other == rank => {
                            return Err(A::Error::custom(format!("{name} is there twice")));
                        }
                        Some((other, _)) if *other < rank => {}
                        _ => *best = Some((rank, value)),
                    }
                }
            }
            let added = self.0.added.iter().position(|added| added.name == *name);
            members.taken.extend(added);
        }
        Ok(members)
    }
}
