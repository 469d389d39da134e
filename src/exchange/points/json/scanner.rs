//! A document of JSON read member by member, and its points one by one.

use std::io::Read;

use serde_json::value::RawValue;

use super::super::window::Window;
use super::super::{PointSpool, RowPoint, shortened};
use super::extent::{Extent, blanks, has_pairs};
use super::point::{long_point, no_point, point, usual_point};
use super::{MOST_WAITING, PointsJsonError};

/// Longest value that is no list of points, and longest point, bytes.
pub(super) const LONGEST_VALUE: usize = 64 << 10;
/// Bytes in which a usual point with what follows it lies whole.
const USUAL_POINT: usize = 128;

/// A document of which the beginning was read.
pub(super) struct Scanner<R>(Window<R>);

impl<R: Read> Scanner<R> {
    pub(super) fn of(input: R) -> Self {
        Self(Window::new(b"", input))
    }

    pub(super) fn wrong(&self, reason: &str) -> PointsJsonError {
        PointsJsonError::Syntax {
            at: self.0.taken() + 1,
            reason: reason.to_owned(),
        }
    }

    fn ended(&self, place: &str) -> PointsJsonError {
        PointsJsonError::Ended {
            at: self.0.taken() + 1,
            place: place.to_owned(),
        }
    }

    pub(super) fn skip_mark(&mut self) -> Result<(), PointsJsonError> {
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
    pub(super) fn peek(&mut self) -> Result<Option<u8>, PointsJsonError> {
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

    pub(super) fn expect(&mut self, wanted: u8) -> Result<(), PointsJsonError> {
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
            None => Err(self.ended(&format!("where {:?} is expected", char::from(wanted)))),
        }
    }

    /// Whether another element comes before `close`, which is taken, as is the comma between two.
    pub(super) fn goes_on(
        &mut self,
        close: u8,
        is_first: &mut bool,
    ) -> Result<bool, PointsJsonError> {
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

    pub(super) fn name(&mut self) -> Result<String, PointsJsonError> {
        if self.peek()? != Some(b'"') {
            return Err(self.wrong("a member's name is expected here"));
        }
        let raw = self.value()?;
        Ok(serde_json::from_str(raw.get()).unwrap_or_default())
    }

    /// A text; `null` is none.
    pub(super) fn text(&mut self, field: &'static str) -> Result<Option<String>, PointsJsonError> {
        let raw = self.value()?;
        serde_json::from_str(raw.get()).map_err(|_| PointsJsonError::NoText {
            field,
            given: shortened(raw.get()),
        })
    }

    pub(super) fn points(&mut self) -> Result<PointSpool, PointsJsonError> {
        let mut spool = PointSpool::default();
        self.expect(b'[')?;
        let mut points = 0;
        let read = self.each_point(|point| {
            points += 1;
            spool.push(&point).map_err(PointsJsonError::Spool)?;
            if spool.bytes() > MOST_WAITING {
                return Err(PointsJsonError::TooMany);
            }
            Ok(())
        });
        match read {
            Ok(()) => Ok(spool),
            Err(PointsJsonError::Ended { at, .. }) => Err(PointsJsonError::Cut { at, points }),
            Err(error) => Err(error),
        }
    }

    fn each_point(
        &mut self,
        mut take: impl FnMut(RowPoint) -> Result<(), PointsJsonError>,
    ) -> Result<(), PointsJsonError> {
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
            take(point)?;
        }
        Ok(())
    }

    /// The point that an element is, or why it is none: as long as its brackets match, those behind it are read all the same.
    fn element(&mut self) -> Result<RowPoint, PointsJsonError> {
        self.peek()?;
        let mut extent = Extent::default();
        let Some(length) = self.reach(&mut extent)? else {
            return self.long_element(extent);
        };
        let element = &self.0.held()[..length];
        if length > LONGEST_VALUE {
            let point = long_point(element);
            self.0.take(length);
            return Ok(point);
        }
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

    /// Passes over an element that is longer than any point, or that the document ends in, of which `extent` has looked at what is
    /// held.
    fn long_element(&mut self, mut extent: Extent) -> Result<RowPoint, PointsJsonError> {
        let point = long_point(self.0.held());
        while !self.0.is_ended() {
            let looked = extent.forget(self.0.held().len());
            self.0.take(looked);
            self.0.read_on().map_err(PointsJsonError::Read)?;
            if let Some(length) = extent.of(self.0.held()) {
                self.0.take(length);
                return Ok(point);
            }
        }
        Err(self.ended("within a point"))
    }

    /// Any value, checked to be JSON.
    fn value(&mut self) -> Result<Box<RawValue>, PointsJsonError> {
        self.peek()?;
        let length = self.reach(&mut Extent::default())?;
        let length = length.unwrap_or(self.0.held().len());
        if length > LONGEST_VALUE {
            let reason = format!("a value is longer than {} KB", LONGEST_VALUE >> 10);
            return Err(self.wrong(&reason));
        }
        let raw: Result<Box<RawValue>, _> = std::str::from_utf8(&self.0.held()[..length])
            .map_err(|error| error.to_string())
            .and_then(|text| serde_json::from_str(text).map_err(|error| error.to_string()));
        let raw = raw.map_err(|reason| self.wrong(&reason))?;
        self.0.take(length);
        Ok(raw)
    }

    /// How many bytes the next value has; `None` where it does not end in what is held, and that is all or too much.
    fn reach(&mut self, extent: &mut Extent) -> Result<Option<usize>, PointsJsonError> {
        loop {
            let length = extent.of(self.0.held());
            let is_enough = self.0.is_ended() || self.0.held().len() > LONGEST_VALUE;
            if length.is_some() || is_enough {
                return Ok(length);
            }
            self.0.read_on().map_err(PointsJsonError::Read)?;
        }
    }
}
