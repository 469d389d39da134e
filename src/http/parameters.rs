//! The query part of a request's address, read field by field.

use std::fmt::Display;
use std::str::FromStr;

use crate::app;
use crate::model::{Bounds, Time, TimeError};

use super::problem::Problem;

/// The fields of a query in the order given.
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    pub(super) fn read(query: Option<&str>) -> Self {
        let pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
        Self(pairs.into_owned().collect())
    }

    /// The value of a field; an empty one is none.
    pub(super) fn text(&self, field: &str) -> Option<&str> {
        let found = self.0.iter().find(|(name, _)| name == field);
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// A field that must be a number.
    pub(super) fn number(&self, field: &str) -> Result<f64, Problem> {
        let given = self.text(field).ok_or_else(|| {
            Problem::missing(
                field,
                format!("{field} is missing; give it in degrees, as in ?lon=104.7092&lat=28.4386"),
            )
        })?;
        given.trim().parse().map_err(|_| {
            Problem::bad_value(
                field,
                given,
                format!("{field} is {given:?}, which is not a number"),
            )
        })
    }

    /// A field that may be left out.
    pub(super) fn parsed<T: FromStr<Err: Display>>(
        &self,
        field: &str,
    ) -> Result<Option<T>, Problem> {
        let parse = |given: &str| {
            given
                .parse()
                .map_err(|error: T::Err| Problem::bad_value(field, given, error.to_string()))
        };
        self.text(field).map(parse).transpose()
    }

    /// The time that is asked about: `at`, else the present.
    pub(super) fn time(&self) -> Result<Time, Problem> {
        // A plus sign in an address reads as a space; in a time it can only have been the offset's.
        let at = self.text("at").map(|given| given.replace(' ', "+"));
        match at {
            None => Ok(app::now()),
            Some(given) => given
                .parse()
                .map_err(|error: TimeError| Problem::bad_value("at", given, error.to_string())),
        }
    }

    /// The box `bbox=west,south,east,north`, in degrees on WGS 84.
    pub(super) fn bounds(&self) -> Result<Option<Bounds>, Problem> {
        let parse = |given: &str| {
            Bounds::parse_degrees(given)
                .map_err(|error| Problem::bad_value("bbox", given, error.to_string()))
        };
        self.text("bbox").map(parse).transpose()
    }
}
