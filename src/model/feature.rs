//! One thing on the map: a grid, a station, a camera, a building.

use std::fmt;

use super::{FieldKind, Geometry, Time, Validity};

/// A feature's stable number within its layer: the `fid` of its row in the store, the feature id in tiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FeatureId(pub i64);

/// The value of one field.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Text(Box<str>),
    Integer(i64),
    Real(f64),
    Boolean(bool),
    Time(Time),
}

impl Value {
    /// The same value as a field of this kind holds it; `None` where it has no such form. Empty text
    /// is no value outside text fields.
    #[must_use]
    pub fn into_kind(self, kind: FieldKind) -> Option<Self> {
        match (self, kind) {
            (Self::Null, _) => Some(Self::Null),
            (Self::Text(text), FieldKind::Text) => Some(Self::Text(text)),
            (Self::Text(text), kind) => Self::parse(text.trim(), kind),
            (Self::Integer(number), FieldKind::Integer) => Some(Self::Integer(number)),
            #[expect(
                clippy::cast_precision_loss,
                reason = "a real field holds what a double can"
            )]
            (Self::Integer(number), FieldKind::Real) => Some(Self::Real(number as f64)),
            (Self::Integer(number @ (0 | 1)), FieldKind::Boolean) => {
                Some(Self::Boolean(number == 1))
            }
            (Self::Real(number), FieldKind::Real) => Some(Self::Real(number)),
            (Self::Real(number), FieldKind::Integer) => whole(number).map(Self::Integer),
            (Self::Boolean(flag), FieldKind::Boolean) => Some(Self::Boolean(flag)),
            (Self::Time(time), FieldKind::Time) => Some(Self::Time(time)),
            (other, FieldKind::Text) => Some(Self::Text(other.to_string().into())),
            _ => None,
        }
    }

    fn parse(text: &str, kind: FieldKind) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::Null);
        }
        match kind {
            FieldKind::Text => Some(Self::Text(text.into())),
            FieldKind::Integer => text.parse().ok().map(Self::Integer),
            FieldKind::Real => text
                .parse()
                .ok()
                .filter(|number: &f64| number.is_finite())
                .map(Self::Real),
            FieldKind::Boolean => match text.to_lowercase().as_str() {
                "true" | "t" | "yes" | "y" | "1" | "是" => Some(Self::Boolean(true)),
                "false" | "f" | "no" | "n" | "0" | "否" => Some(Self::Boolean(false)),
                _ => None,
            },
            FieldKind::Time => text.parse().ok().map(Self::Time),
        }
    }
}

/// A real number that is a whole one, as an integer.
fn whole(number: f64) -> Option<i64> {
    // Beyond 2^53 a double no longer tells neighbouring integers apart.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "whole and within 2^53")]
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}

/// As text: a whole real number without its point, so that a code that a spreadsheet keeps as a number stays a code.
impl fmt::Display for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Text(text) => out.write_str(text),
            Self::Integer(number) => write!(out, "{number}"),
            Self::Real(number) => match whole(*number) {
                Some(number) => write!(out, "{number}"),
                None => write!(out, "{number}"),
            },
            Self::Boolean(flag) => write!(out, "{flag}"),
            Self::Time(time) => write!(out, "{time}"),
        }
    }
}

/// A feature of a layer; `values` are in the order of the layer's fields.
#[derive(Clone, Debug, PartialEq)]
pub struct Feature {
    pub id: FeatureId,
    /// The key that planners know it by, unique at any one time in a grid level; opaque text, also where the source had numbers.
    pub code: Option<Box<str>>,
    pub name: Option<Box<str>>,
    /// The code of the grid above, in the scheme's next higher level.
    pub parent: Option<Box<str>>,
    pub validity: Validity,
    pub geometry: Geometry,
    pub values: Box<[Value]>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_that_a_spreadsheet_kept_as_a_number_is_text_without_a_point() {
        let code = Value::Real(511_526.0).into_kind(FieldKind::Text);
        assert_eq!(code, Some(Value::Text("511526".into())));
    }

    #[test]
    fn a_value_that_has_no_form_in_its_field_is_none() {
        for (value, kind) in [
            (Value::Text("tall".into()), FieldKind::Real),
            (Value::Text("NaN".into()), FieldKind::Real),
            (Value::Real(1.5), FieldKind::Integer),
            (Value::Integer(2), FieldKind::Boolean),
            (Value::Boolean(true), FieldKind::Time),
        ] {
            assert_eq!(value.clone().into_kind(kind), None, "{value:?} as {kind:?}");
        }
    }

    #[test]
    fn empty_text_is_no_value_except_in_a_text_field() {
        let empty = || Value::Text("".into());
        assert_eq!(empty().into_kind(FieldKind::Integer), Some(Value::Null));
        assert_eq!(empty().into_kind(FieldKind::Text), Some(empty()));
    }
}
