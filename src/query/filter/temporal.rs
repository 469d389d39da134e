//! Temporal relations of CQL2 between instants and closed intervals, to the millisecond.

use super::scalar::{Form, Item, Own};
use crate::model::{Feature, Time};

/// The relations, by the names that CQL2 gives them without `T_`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum TimeRelation {
    After,
    Before,
    Contains,
    Disjoint,
    During,
    Equals,
    FinishedBy,
    Finishes,
    Intersects,
    Meets,
    MetBy,
    OverlappedBy,
    Overlaps,
    StartedBy,
    Starts,
}

/// Each relation with the name of its function.
pub(super) const TIME_RELATIONS: [(&str, TimeRelation); 15] = [
    ("T_AFTER", TimeRelation::After),
    ("T_BEFORE", TimeRelation::Before),
    ("T_CONTAINS", TimeRelation::Contains),
    ("T_DISJOINT", TimeRelation::Disjoint),
    ("T_DURING", TimeRelation::During),
    ("T_EQUALS", TimeRelation::Equals),
    ("T_FINISHEDBY", TimeRelation::FinishedBy),
    ("T_FINISHES", TimeRelation::Finishes),
    ("T_INTERSECTS", TimeRelation::Intersects),
    ("T_MEETS", TimeRelation::Meets),
    ("T_METBY", TimeRelation::MetBy),
    ("T_OVERLAPPEDBY", TimeRelation::OverlappedBy),
    ("T_OVERLAPS", TimeRelation::Overlaps),
    ("T_STARTEDBY", TimeRelation::StartedBy),
    ("T_STARTS", TimeRelation::Starts),
];

impl TimeRelation {
    /// Whether instants may be related so; the others are for intervals only (CQL2, table 11).
    pub(super) fn takes_instants(self) -> bool {
        matches!(
            self,
            Self::After | Self::Before | Self::Disjoint | Self::Equals | Self::Intersects
        )
    }

    fn holds(self, (a, to_a): (Time, Time), (b, to_b): (Time, Time)) -> bool {
        match self {
            Self::After => a > to_b,
            Self::Before => to_a < b,
            Self::Contains => a < b && to_a > to_b,
            Self::Disjoint => a > to_b || to_a < b,
            Self::During => a > b && to_a < to_b,
            Self::Equals => a == b && to_a == to_b,
            Self::FinishedBy => a < b && to_a == to_b,
            Self::Finishes => a > b && to_a == to_b,
            Self::Intersects => a <= to_b && to_a >= b,
            Self::Meets => to_a == b,
            Self::MetBy => a == to_b,
            Self::OverlappedBy => a > b && a < to_b && to_a > to_b,
            Self::Overlaps => a < b && to_a > b && to_a < to_b,
            Self::StartedBy => a == b && to_a > to_b,
            Self::Starts => a == b && to_a < to_b,
        }
    }
}

/// One end of an interval.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum End {
    Open,
    At(Form),
}

/// An instant or an interval with both ends.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Span {
    Instant(Form),
    Interval(End, End),
}

const FIRST: Time = Time::from_millis(i64::MIN);
const LAST: Time = Time::from_millis(i64::MAX);

impl Span {
    /// The first and the last instant for a feature; `None` where one is not known, or the end is before the beginning.
    fn of(&self, feature: &Feature) -> Option<(Time, Time)> {
        match self {
            Self::Instant(form) => time(form, feature).map(|at| (at, at)),
            Self::Interval(from, to) => {
                let from = match from {
                    End::Open => FIRST,
                    // A validity without a beginning has always held.
                    End::At(Form::Own(Own::ValidFrom)) => feature.validity.from.unwrap_or(FIRST),
                    End::At(form) => time(form, feature)?,
                };
                let to = match to {
                    End::Open => LAST,
                    // Validity is half-open: its last instant is the one before its end.
                    End::At(Form::Own(Own::ValidTo)) => feature
                        .validity
                        .to
                        .map_or(LAST, |to| Time::from_millis(to.millis().saturating_sub(1))),
                    End::At(form) => time(form, feature)?,
                };
                (from <= to).then_some((from, to))
            }
        }
    }
}

fn time(form: &Form, feature: &Feature) -> Option<Time> {
    match form.of(feature)? {
        Item::Time(time) => Some(time),
        _ => None,
    }
}

/// Whether a feature's spans are related so; `None` where one of them is not known.
pub(super) fn related(
    relation: TimeRelation,
    a: &Span,
    b: &Span,
    feature: &Feature,
) -> Option<bool> {
    Some(relation.holds(a.of(feature)?, b.of(feature)?))
}
