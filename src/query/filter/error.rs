//! Why a text is no filter: what, where in it, and what to write instead.

use crate::model::{CoordError, GeometryError, TimeError};

use super::Kind;

/// A fault in the text of a filter.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("the filter has a fault at character {at}: {fault}")]
pub struct FilterError {
    /// Where, in characters from 1.
    pub at: usize,
    pub fault: FilterFault,
}

/// What can be wrong with a filter.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FilterFault {
    #[error("it is {bytes} bytes long; {most} are read at most")]
    TooLong { bytes: usize, most: usize },
    #[error("parentheses, NOT or signs are nested deeper than {most}; write it flatter")]
    TooDeep { most: usize },
    #[error("{found} stands where {expected} is expected")]
    Unexpected {
        found: String,
        expected: &'static str,
    },
    #[error("{found:?} has no meaning in CQL2{hint}")]
    Character { found: char, hint: &'static str },
    #[error(
        "a text begins here and has no end; close it with ', and write a quote inside it as ''"
    )]
    OpenText,
    #[error("a field's name begins here and has no end; close it with \"")]
    OpenName,
    #[error("{given} is no number that can be kept")]
    Number { given: String },
    #[error(
        "there is no field {given:?}; there are: {known}. Write a text in single quotes, as in name = 'x'"
    )]
    UnknownField { given: String, known: String },
    #[error("there is no function {given}; there are: {known}")]
    UnknownFunction { given: String, known: String },
    #[error("{what} needs {needed}, and this is {given}")]
    Kind {
        what: &'static str,
        needed: &'static str,
        given: Kind,
    },
    #[error("{left} cannot be compared with {right}{}", compare_hint(*left, *right))]
    Incomparable { left: Kind, right: Kind },
    #[error("{what} is not supported; {instead}")]
    Unsupported { what: String, instead: &'static str },
    #[error("the pattern ends with \\, which must stand before %, _ or \\")]
    OpenEscape,
    #[error(transparent)]
    Time(#[from] TimeError),
    #[error("{given:?} is no {what}; write {example}")]
    TimeForm {
        given: String,
        what: &'static str,
        example: &'static str,
    },
    #[error("the interval ends before it begins")]
    BackwardInterval,
    #[error(transparent)]
    Coord(#[from] CoordError),
    #[error(transparent)]
    Geometry(#[from] GeometryError),
    #[error("a ring needs 4 positions or more, and the last must repeat the first")]
    OpenRing,
    #[error("the polygon is not valid: {reason}")]
    Polygon { reason: String },
    #[error(
        "south is north of north; write BBOX(west, south, east, north), with west greater than east where it crosses 180 degrees"
    )]
    Box,
}

fn compare_hint(left: Kind, right: Kind) -> &'static str {
    match (left, right) {
        (Kind::Time, Kind::Text) | (Kind::Text, Kind::Time) => {
            "; write the time as TIMESTAMP('2026-01-31T08:00:00Z') or DATE('2026-01-31')"
        }
        (Kind::Number, Kind::Text) | (Kind::Text, Kind::Number) => {
            "; a text stands in single quotes, a number does not"
        }
        (Kind::Boolean, _) | (_, Kind::Boolean) => "; write TRUE or FALSE, with = or <> only",
        _ => "",
    }
}
