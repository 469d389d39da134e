//! A value as the file has it → a value of a field's kind.

use super::record::shortened;
use super::shape::Refusal;
use crate::model::{FieldKind, Time, Validity, Value};

/// Whole numbers below this are exact as doubles, so that 511526.0 is the code 511526.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A value that a field cannot hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Misfit {
    pub given: String,
    pub wanted: &'static str,
}

/// Text of any value, numbers without a needless `.0`; `None` where there is nothing but blanks.
pub(super) fn text(value: &Value) -> Option<Box<str>> {
    let text = match value {
        Value::Null => return None,
        Value::Text(text) => text.trim().to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => whole(*number).map_or_else(|| number.to_string(), |n| n.to_string()),
        Value::Boolean(boolean) => boolean.to_string(),
        Value::Time(time) => time.to_string(),
    };
    (!text.is_empty()).then(|| text.into())
}

/// Whether a value is a number so great that its last digits may not be those that were written.
pub(super) fn has_lost_digits(value: &Value) -> bool {
    matches!(value, Value::Real(number) if number.abs() >= EXACT)
}

fn whole(number: f64) -> Option<i64> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole and small enough, checked before"
    )]
    (number.fract() == 0.0 && number.abs() < EXACT).then_some(number as i64)
}

/// Turns a value into the kind that a field has; blanks become null.
pub(super) fn convert(value: Value, kind: FieldKind) -> Result<Value, Misfit> {
    let Some(given) = text(&value) else {
        return Ok(Value::Null);
    };
    let (converted, wanted) = match kind {
        FieldKind::Text => {
            // Blanks inside a text that has more than blanks are the source's business.
            return Ok(match value {
                Value::Text(_) => value,
                _ => Value::Text(given),
            });
        }
        FieldKind::Integer => (integer(&value, &given), "a whole number"),
        FieldKind::Real => (real(&value, &given), "a number"),
        FieldKind::Boolean => (boolean(&given), "yes or no"),
        FieldKind::Time => (
            instant(&value, &given).map(Value::Time),
            "a time (2026-01-31 or 2026-01-31T08:00:00+08:00)",
        ),
    };
    converted.ok_or(Misfit {
        given: given.into(),
        wanted,
    })
}

fn integer(value: &Value, given: &str) -> Option<Value> {
    match value {
        Value::Boolean(boolean) => Some(Value::Integer(i64::from(*boolean))),
        _ => given
            .parse()
            .ok()
            .or_else(|| given.parse().ok().and_then(whole))
            .map(Value::Integer),
    }
}

fn real(value: &Value, given: &str) -> Option<Value> {
    let number = match value {
        Value::Real(number) => Some(*number),
        _ => given.parse().ok(),
    };
    number.filter(|number| number.is_finite()).map(Value::Real)
}

fn boolean(given: &str) -> Option<Value> {
    match given.to_lowercase().as_str() {
        "1" | "true" | "t" | "yes" | "y" | "是" | "有" => Some(Value::Boolean(true)),
        "0" | "false" | "f" | "no" | "n" | "否" | "无" => Some(Value::Boolean(false)),
        _ => None,
    }
}

fn instant(value: &Value, given: &str) -> Option<Time> {
    match value {
        Value::Time(time) => Some(*time),
        Value::Text(_) => dashed(given).parse().ok().or_else(|| ogr_time(given)),
        _ => None,
    }
}

/// 2026/1/31 as 2026-01-31; anything else as it is.
pub(super) fn dashed(text: &str) -> String {
    let (date, rest) = match text.find(['T', ' ']) {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let parts: Vec<&str> = date.split(['/', '.', '-']).collect();
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 => format!("{year}-{month:0>2}-{day:0>2}{rest}"),
        _ => text.to_owned(),
    }
}

/// Reads a time as OGR and spreadsheets write it: `2026/01/31 08:00:00+08`, `2026/1/31 8:00`. Without an offset the clock is Beijing's, since a
/// spreadsheet or table has no other way to write its own people's time.
pub(super) fn ogr_time(text: &str) -> Option<Time> {
    let dated = dashed(text.trim()).replacen(' ', "T", 1);
    let Some((date, clock)) = dated.split_once('T') else {
        return dated.parse().ok();
    };
    let (clock, offset) = match clock.find(['+', '-']) {
        Some(at) => clock.split_at(at),
        None => (clock, "+08"),
    };
    let offset = match offset.split_at_checked(3) {
        Some((hours, "")) => format!("{hours}:00"),
        Some((hours, minutes)) if minutes.len() == 2 => format!("{hours}:{minutes}"),
        _ => offset.to_owned(),
    };
    let hour = if clock.find(':') == Some(1) { "0" } else { "" };
    format!("{date}T{hour}{clock}{offset}").parse().ok()
}

/// Validity from two values, each over the default where it is there.
pub(super) fn validity(from: Value, to: Value, default: Validity) -> Result<Validity, Refusal> {
    let given = [text(&from), text(&to)];
    let end = |value, name, default| match convert(value, FieldKind::Time) {
        Ok(Value::Time(time)) => Ok(Some(time)),
        Ok(_) => Ok(default),
        Err(misfit) => Err(bad(name, &misfit)),
    };
    let validity = Validity {
        from: end(from, "valid_from", default.from)?,
        to: end(to, "valid_to", default.to)?,
    };
    if let (Some(from), Some(to)) = (validity.from, validity.to)
        && from >= to
    {
        let [from, to] = [(0, from), (1, to)].map(|(at, time): (usize, Time)| {
            given[at]
                .as_deref()
                .map_or_else(|| time.to_string(), str::to_owned)
        });
        let reason = format!("valid_from {from} is not before valid_to {to}");
        return Err(Refusal::new("bad_value", reason));
    }
    Ok(validity)
}

/// The refusal of a field's value.
pub(super) fn bad(field: &str, misfit: &Misfit) -> Refusal {
    let given = shortened(&misfit.given);
    Refusal::new(
        "bad_value",
        format!("{field} is {given:?}, not {}", misfit.wanted),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> Value {
        Value::Text(text.into())
    }

    #[test]
    fn a_code_that_the_source_has_as_a_number_is_text_without_decimals() {
        assert_eq!(text(&Value::Real(511_526.0)).as_deref(), Some("511526"));
        assert_eq!(
            text(&Value::Integer(511_526_001_001)).as_deref(),
            Some("511526001001")
        );
        assert_eq!(text(&written(" 0012\u{3000}")).as_deref(), Some("0012"));
        assert_eq!(text(&written("  ")), None);
    }

    #[test]
    fn a_text_becomes_the_kind_of_the_field_or_is_refused_with_what_was_wanted() {
        assert_eq!(
            convert(written("12.0"), FieldKind::Integer),
            Ok(Value::Integer(12))
        );
        assert_eq!(
            convert(written("1.5"), FieldKind::Real),
            Ok(Value::Real(1.5))
        );
        assert_eq!(
            convert(written("是"), FieldKind::Boolean),
            Ok(Value::Boolean(true))
        );
        assert_eq!(convert(written(""), FieldKind::Integer), Ok(Value::Null));
        let misfit = convert(written("12.5 m"), FieldKind::Integer).unwrap_err();
        assert_eq!(
            (misfit.given.as_str(), misfit.wanted),
            ("12.5 m", "a whole number")
        );
        assert!(convert(written("NaN"), FieldKind::Real).is_err());
    }

    #[test]
    fn a_clock_without_an_offset_is_beijings() {
        let eight: Time = "2026-01-31T08:00:00+08:00".parse().unwrap();
        for text in [
            "2026-01-31T08:00:00",
            "2026-01-31 08:00:00",
            "2026/1/31 08:00",
            "2026/1/31 8:00",
            "2026-01-31T00:00:00Z",
        ] {
            assert_eq!(
                convert(written(text), FieldKind::Time),
                Ok(Value::Time(eight)),
                "{text}"
            );
        }
    }

    #[test]
    fn what_databases_write_for_no_end_is_a_time() {
        let last: Time = "9999-12-31T23:59:59Z".parse().unwrap();
        for text in [
            "9999-12-31 23:59:59",
            "9999/12/31 23:59:59",
            "9999-12-31T23:59:59+08:00",
            "9999-12-31 23:59:59+08",
        ] {
            let given = written(text);
            assert_eq!(
                convert(given.clone(), FieldKind::Time),
                Ok(Value::Time(last)),
                "{text}"
            );
            let validity = validity(written("2026-01-01"), given, Validity::ALWAYS).unwrap();
            assert_eq!(validity.to, Some(last));
        }
    }

    #[test]
    fn a_validity_that_ends_before_it_begins_is_refused_with_both_ends() {
        let refused = |from, to| {
            validity(written(from), written(to), Validity::ALWAYS)
                .unwrap_err()
                .reason
        };
        assert_eq!(
            refused("2026-02-01", "2026/1/31"),
            "valid_from 2026-02-01 is not before valid_to 2026/1/31"
        );
        assert!(refused("2026-02-01", "2026-02-01").contains("not before"));
        assert!(refused("2026-02-01", "soon").starts_with("valid_to is \"soon\", not a time"));
        assert!(refused("soon", "").starts_with("valid_from is"));
    }

    #[test]
    fn dates_come_in_the_forms_that_spreadsheets_write() {
        let midnight: Time = "2026-01-31".parse().unwrap();
        for text in ["2026/1/31", "2026-01-31", "2026.1.31"] {
            assert_eq!(
                convert(written(text), FieldKind::Time),
                Ok(Value::Time(midnight)),
                "{text}"
            );
        }
        for text in [
            "2026/01/31 00:00:00",
            "2026/01/30 16:00:00+00",
            "2026/01/31",
            "2026/01/30 21:30:00+0530",
        ] {
            assert_eq!(ogr_time(text), Some(midnight), "{text}");
        }
        for text in ["2026/13/31", "2026/01/31 00:00:00+1é0", "2026/01/31 +", "é"] {
            assert_eq!(ogr_time(text), None, "{text}");
        }
    }
}
