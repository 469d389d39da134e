//! Values inside a filter: of a field, written down, or reckoned.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::fold::{without_accents, without_case};
use super::number::{Number, Operator};
use crate::model::{Feature, Time, Value};

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Number,
    Boolean,
    Time,
    Interval,
    Geometry,
    Condition,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::Text => "a text",
            Self::Number => "a number",
            Self::Boolean => "a true or false",
            Self::Time => "a time",
            Self::Interval => "an interval",
            Self::Geometry => "a geometry",
            Self::Condition => "a condition",
        })
    }
}

/// One value of a feature.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Item<'a> {
    Text(Cow<'a, str>),
    Number(Number),
    Boolean(bool),
    Time(Time),
}

impl Item<'_> {
    /// The order of two values; `None` where they are of different kinds.
    pub(super) fn compare(&self, other: &Self) -> Option<Ordering> {
        Some(match (self, other) {
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Number(a), Self::Number(b)) => a.compare(*b),
            (Self::Boolean(a), Self::Boolean(b)) => a.cmp(b),
            (Self::Time(a), Self::Time(b)) => a.cmp(b),
            _ => return None,
        })
    }
}

/// What every feature has beside its layer's fields.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Own {
    Id,
    Code,
    Name,
    Parent,
    ValidFrom,
    ValidTo,
}

/// How a value comes about.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Form {
    Literal(Item<'static>),
    /// By its position among the layer's fields.
    Field(usize),
    Own(Own),
    Negated(Box<Form>),
    /// From the left to the right.
    Chain(Box<Form>, Vec<(Operator, Form)>),
    WithoutCase(Box<Form>),
    WithoutAccents(Box<Form>),
}

/// A value whose kind is known before any feature is.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scalar {
    pub(super) kind: Kind,
    pub(super) form: Form,
}

impl Form {
    /// The value for a feature; `None` where it has none.
    pub(super) fn of<'a>(&'a self, feature: &'a Feature) -> Option<Item<'a>> {
        match self {
            Self::Literal(item) => Some(match item {
                Item::Text(text) => Item::Text(Cow::Borrowed(text)),
                other => other.clone(),
            }),
            Self::Field(position) => item(feature.values.get(*position)?),
            Self::Own(own) => own_item(*own, feature),
            Self::Negated(form) => form.number(feature)?.negated().map(Item::Number),
            Self::Chain(first, rest) => {
                let mut number = first.number(feature)?;
                for (operator, form) in rest {
                    number = number.join(*operator, form.number(feature)?)?;
                }
                Some(Item::Number(number))
            }
            Self::WithoutCase(form) => form.folded(feature, without_case),
            Self::WithoutAccents(form) => form.folded(feature, without_accents),
        }
    }

    fn number(&self, feature: &Feature) -> Option<Number> {
        match self.of(feature)? {
            Item::Number(number) => Some(number),
            _ => None,
        }
    }

    fn folded<'a>(&'a self, feature: &'a Feature, fold: fn(&str) -> String) -> Option<Item<'a>> {
        match self.of(feature)? {
            Item::Text(text) => Some(Item::Text(fold(&text).into())),
            _ => None,
        }
    }
}

fn item(value: &Value) -> Option<Item<'_>> {
    match value {
        Value::Null => None,
        Value::Text(text) => Some(Item::Text(Cow::Borrowed(text))),
        Value::Integer(number) => Some(Item::Number(Number::Whole(*number))),
        Value::Real(number) => Number::real(*number).map(Item::Number),
        Value::Boolean(flag) => Some(Item::Boolean(*flag)),
        Value::Time(time) => Some(Item::Time(*time)),
    }
}

fn own_item(own: Own, feature: &Feature) -> Option<Item<'_>> {
    let text = match own {
        Own::Id => return Some(Item::Number(Number::Whole(feature.id.0))),
        Own::ValidFrom => return feature.validity.from.map(Item::Time),
        Own::ValidTo => return feature.validity.to.map(Item::Time),
        Own::Code => &feature.code,
        Own::Name => &feature.name,
        Own::Parent => &feature.parent,
    };
    text.as_deref().map(|text| Item::Text(Cow::Borrowed(text)))
}
