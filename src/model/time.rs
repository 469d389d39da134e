//! Instants and half-open validity. Nothing here reads a clock.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::fmt::temporal::Pieces;
use jiff::tz::{Offset, TimeZone};

/// An instant, in milliseconds since 1970-01-01T00:00:00Z. The last that a text is read as is 9999-12-30T22:00:00Z: what lies
/// behind it, as the 9999-12-31T23:59:59Z by which databases say that something never ends, is kept and shown as that one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

/// A text that is no instant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{given:?} is no time; write RFC 3339 (2026-01-31T08:00:00+08:00) or a date (2026-01-31, midnight in Beijing)"
)]
pub struct TimeError {
    pub given: String,
}

/// Beijing time, which a date without a time is read in.
const BEIJING: Offset = Offset::constant(8);

impl Time {
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    #[must_use]
    pub fn millis(self) -> i64 {
        self.0
    }
}

/// The last instant that jiff writes from milliseconds: one that is no later than the year 9999 in any zone.
const LAST: i64 = 253_402_207_200_000;
/// From this day on an instant may lie behind that one.
const LAST_DAYS: Date = Date::constant(9999, 12, 30);

/// The first instant that RFC 3339 can write: 0000-01-01T00:00:00Z, milliseconds.
const FIRST: i64 = -62_167_219_200_000;

impl FromStr for Time {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        instant(text.trim())
            .map(|instant| Self(instant.as_millisecond().min(LAST)))
            .filter(|time| time.0 >= FIRST)
            .ok_or_else(|| TimeError {
                given: text.trim().to_owned(),
            })
    }
}

/// The form decides how a text is read: a date parser would also read the date out of a date-time without offset and drop its
/// time, and jiff knows more forms than RFC 3339.
fn instant(text: &str) -> Option<Timestamp> {
    let (date, clock) = text.split_at_checked("2026-01-31".len())?;
    let is_date = date.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    if !is_date || clock.contains('[') {
        return None;
    }
    if !clock.is_empty() {
        return text.parse().ok().or_else(|| beyond(text));
    }
    let midnight = date
        .parse::<Date>()
        .ok()?
        .to_datetime(jiff::civil::Time::midnight());
    TimeZone::fixed(BEIJING).to_timestamp(midnight).ok()
}

/// The last instant that there is, for one that lies behind it.
fn beyond(text: &str) -> Option<Timestamp> {
    let pieces = Pieces::parse(text).ok()?;
    let is_whole = pieces.time().is_some() && pieces.to_numeric_offset().is_some();
    (is_whole && pieces.date() >= LAST_DAYS).then_some(Timestamp::MAX)
}

impl fmt::Display for Time {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Timestamp::from_millisecond(self.0) {
            Ok(instant) => write!(out, "{instant}"),
            Err(_) => write!(out, "{} ms", self.0),
        }
    }
}

/// When something holds: `[from, to)`, open where an end is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Validity {
    pub from: Option<Time>,
    pub to: Option<Time>,
}

impl Validity {
    /// Holds at all times.
    pub const ALWAYS: Self = Self {
        from: None,
        to: None,
    };

    /// Holds at no time: what was taken out of a layer. No text is read as this time.
    pub const NEVER: Self = Self {
        from: Some(Time(i64::MIN)),
        to: Some(Time(i64::MIN)),
    };

    #[must_use]
    pub fn holds_at(self, at: Time) -> bool {
        self.from.is_none_or(|from| from <= at) && self.to.is_none_or(|to| at < to)
    }

    /// The times at which both hold.
    #[must_use]
    pub fn meet(self, other: Self) -> Self {
        let ends = self.to.into_iter().chain(other.to);
        Self {
            from: self.from.max(other.from),
            to: ends.min(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_read_with_its_offset_and_written_in_utc() {
        let time: Time = "2026-01-31T08:00:00+08:00".parse().unwrap();
        assert_eq!(time.to_string(), "2026-01-31T00:00:00Z");
    }

    #[test]
    fn a_date_is_midnight_in_beijing() {
        assert_eq!(
            "2026-01-31".parse::<Time>().unwrap().to_string(),
            "2026-01-30T16:00:00Z"
        );
    }

    #[test]
    fn a_time_that_says_never_is_the_last_instant_that_there_is() {
        let last = "9999-12-30T22:00:00Z";
        for text in [
            "9999-12-31T23:59:59Z",
            "9999-12-31T23:59:59+08:00",
            "9999-12-31T23:59:59.999-08:00",
            "9999-12-30T22:00:01Z",
            "9999-12-30T22:00:00.999Z",
            last,
        ] {
            let time: Time = text.parse().unwrap();
            assert_eq!(time.to_string(), last, "{text}");
            assert_eq!(time.to_string().parse(), Ok(time));
        }
        assert_eq!(
            "9999-12-30T22:00:00Z".parse::<Time>().unwrap().to_string(),
            "9999-12-30T22:00:00Z"
        );
        for text in [
            "9999-12-31T23:59:59",
            "9999-12-32T00:00:00Z",
            "9999-12-31T25:00:00Z",
        ] {
            assert!(text.parse::<Time>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_time_without_offset_is_refused_rather_than_guessed() {
        for text in [
            "2026-01-31T08:00:00",
            "2026-01-31T08:00:00[America/Port-au-Prince]",
            "yesterday",
            "",
            "2026-13-01",
        ] {
            assert!(text.parse::<Time>().is_err(), "{text}");
        }
    }

    #[test]
    fn validity_is_half_open() {
        let (from, to) = (Time::from_millis(10), Time::from_millis(20));
        let validity = Validity {
            from: Some(from),
            to: Some(to),
        };
        assert!(validity.holds_at(from) && !validity.holds_at(to));
        assert!(Validity::ALWAYS.holds_at(from));
        for at in [i64::MIN, 0, i64::MAX] {
            assert!(!Validity::NEVER.holds_at(Time::from_millis(at)));
        }
    }
}
