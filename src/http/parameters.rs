//! A request's address: the parts of its path that a route names, and its query, read field by field.

use std::fmt::Display;
use std::str::FromStr;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::app;
use crate::model::{Bounds, Time, TimeError};

use super::problem::Problem;

/// The parts of a path that the route names; a problem where they are no text.
pub(super) struct Named<T>(pub(super) T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<T>::from_request_parts(parts, state).await {
            Ok(Path(named)) => Ok(Self(named)),
            Err(error) => {
                let address = parts.uri.path().to_owned();
                Err(Problem::bad_value("path", address, error.body_text()))
            }
        }
    }
}

/// The fields of a query in the order given.
pub(super) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads a query whose fields are among `known`: a field that is not understood would be a question left unanswered.
    pub(super) fn read(query: Option<&str>, known: &[&str]) -> Result<Self, Problem> {
        let pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
        let pairs: Vec<(String, String)> = pairs.into_owned().collect();
        for (place, (name, value)) in pairs.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                let detail = format!(
                    "{name} is no field of this request; its fields are {}",
                    known.join(", ")
                );
                return Err(Problem::bad_value(name, value, detail));
            }
            // Which of the two is meant only the asker knows.
            if let Some((_, first)) = pairs[..place].iter().find(|(other, _)| other == name) {
                let detail =
                    format!("{name} is there twice, as {first:?} and {value:?}; give it once");
                return Err(Problem::bad_value(name, value, detail));
            }
        }
        Ok(Self(pairs))
    }

    /// The value of a field; an empty one is none.
    pub(super) fn text(&self, field: &str) -> Option<&str> {
        let found = self.0.iter().find(|(name, _)| name == field);
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// Those of some fields that were given, as the query of another address; empty where there are none.
    pub(super) fn passed_on(&self, fields: &[&str]) -> String {
        let given = fields
            .iter()
            .filter_map(|field| Some((field, self.text(field)?)));
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(given)
            .finish();
        if query.is_empty() {
            query
        } else {
            format!("?{query}")
        }
    }

    /// A field that must be a number, and a finite one.
    pub(super) fn number(&self, field: &str) -> Result<f64, Problem> {
        let given = self.text(field).ok_or_else(|| {
            Problem::missing(
                field,
                format!("{field} is missing; give it in degrees, as in ?lon=104.7092&lat=28.4386"),
            )
        })?;
        finite(given).ok_or_else(|| {
            let what = "which is not a number that is finite";
            Problem::bad_value(field, given, format!("{field} is {given:?}, {what}"))
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
        let Some(given) = self.text("at") else {
            return Ok(app::now());
        };
        // A plus sign in an address reads as a space; at the end of a time it can only have been the offset's.
        let parsed = given.parse().or_else(|error: TimeError| {
            let signed = given
                .rsplit_once(' ')
                .map(|(time, offset)| format!("{time}+{offset}"));
            signed.and_then(|signed| signed.parse().ok()).ok_or(error)
        });
        parsed.map_err(|error| Problem::bad_value("at", given, error.to_string()))
    }

    /// A box `field=west,south,east,north`, in degrees on WGS 84.
    pub(super) fn bounds(&self, field: &'static str) -> Result<Option<Bounds>, Problem> {
        let parse = |given: &str| {
            Bounds::parse_degrees(field, given)
                .map_err(|error| Problem::bad_value(field, given, error.to_string()))
        };
        self.text(field).map(parse).transpose()
    }
}

/// The finite number that a text is.
pub(super) fn finite(text: &str) -> Option<f64> {
    let number: f64 = text.trim().parse().ok()?;
    number.is_finite().then_some(number)
}
