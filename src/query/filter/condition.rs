//! Whether a feature meets a condition: yes, no, or not known (three-valued logic, as in SQL).

use std::cmp::Ordering;

use super::pattern::Pattern;
use super::scalar::{Form, Item};
use super::spatial::{self, Shape, SpaceRelation};
use super::temporal::{self, Span, TimeRelation};
use crate::model::Feature;

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Comparison {
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl Comparison {
    pub(super) fn of(sign: &str) -> Option<Self> {
        Some(match sign {
            "=" => Self::Equal,
            "<>" => Self::Unequal,
            "<" => Self::Less,
            "<=" => Self::AtMost,
            ">" => Self::Greater,
            ">=" => Self::AtLeast,
            _ => return None,
        })
    }

    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::Unequal => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::AtLeast => order.is_ge(),
        }
    }
}

/// A condition whose parts fit each other.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Condition {
    Always(bool),
    /// A true or false value.
    Flag(Form),
    Not(Box<Condition>),
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Compare(Form, Comparison, Form),
    IsNull(Form),
    Like(Form, Pattern),
    In(Form, Vec<Form>),
    Between(Form, Box<(Form, Form)>),
    Space(SpaceRelation, Shape, Shape),
    Time(TimeRelation, Box<(Span, Span)>),
}

impl Condition {
    /// `None` where it is not known, for want of a value.
    pub(super) fn holds(&self, feature: &Feature) -> Option<bool> {
        match self {
            Self::Always(is_met) => Some(*is_met),
            Self::Flag(form) => match form.of(feature)? {
                Item::Boolean(flag) => Some(flag),
                _ => None,
            },
            Self::Not(condition) => condition.holds(feature).map(|is_met| !is_met),
            Self::All(conditions) => decide(conditions, feature, false),
            Self::Any(conditions) => decide(conditions, feature, true),
            Self::Compare(left, comparison, right) => {
                compare(left, right, feature).map(|order| comparison.holds(order))
            }
            Self::IsNull(form) => Some(form.of(feature).is_none()),
            Self::Like(form, pattern) => match form.of(feature)? {
                Item::Text(text) => Some(pattern.fits(&text)),
                _ => None,
            },
            Self::In(form, list) => is_in(&form.of(feature)?, list, feature),
            Self::Between(form, ends) => {
                let low = compare(form, &ends.0, feature).map(Ordering::is_ge);
                let high = compare(form, &ends.1, feature).map(Ordering::is_le);
                match (low, high) {
                    (Some(false), _) | (_, Some(false)) => Some(false),
                    (low, high) => Some(low? && high?),
                }
            }
            Self::Space(relation, a, b) => Some(spatial::related(*relation, a, b, feature)),
            Self::Time(relation, spans) => {
                temporal::related(*relation, &spans.0, &spans.1, feature)
            }
        }
    }
}

/// One condition that answers `deciding` decides for all; else one that is not known leaves all unknown.
fn decide(conditions: &[Condition], feature: &Feature, deciding: bool) -> Option<bool> {
    let mut answer = Some(!deciding);
    for condition in conditions {
        match condition.holds(feature) {
            Some(is_met) if is_met == deciding => return Some(deciding),
            Some(_) => {}
            None => answer = None,
        }
    }
    answer
}

fn compare(left: &Form, right: &Form, feature: &Feature) -> Option<Ordering> {
    left.of(feature)?.compare(&right.of(feature)?)
}

fn is_in(item: &Item<'_>, list: &[Form], feature: &Feature) -> Option<bool> {
    let mut answer = Some(false);
    for form in list {
        match form.of(feature).and_then(|other| item.compare(&other)) {
            Some(Ordering::Equal) => return Some(true),
            Some(_) => {}
            None => answer = None,
        }
    }
    answer
}
