//! What is asked about every one of many points.

use std::io;

use crate::exchange::{PointsJsonError, QuestionTexts, TableError, TransformError};
use crate::model::{Crs, Scheme, Time};
use crate::query::schemes_in_order;
use crate::snapshot::Snapshot;

/// What is asked about every point.
#[derive(Clone, Debug)]
pub struct PointsQuestion {
    /// What the points are given in.
    pub crs: Crs,
    /// The time whose grids answer.
    pub time: Time,
    /// The scheme that answers first; `None` for the base scheme.
    pub scheme: Option<String>,
}

/// Why many points are not answered.
#[derive(Debug, thiserror::Error)]
pub enum PointsError {
    #[error(transparent)]
    Table(#[from] TableError),
    #[error(transparent)]
    Document(#[from] PointsJsonError),
    #[error("{reason}")]
    Value {
        field: &'static str,
        given: String,
        reason: String,
    },
    #[error("cannot write the answer: {0}")]
    Write(io::Error),
    #[error("cannot read back the points that wait: {0}")]
    Spool(io::Error),
}

impl PointsError {
    pub(super) fn crs(crs: Crs, error: &TransformError) -> Self {
        Self::Value {
            field: "crs",
            given: crs.to_string(),
            reason: error.to_string(),
        }
    }
}

impl PointsQuestion {
    /// What a document asks, and for what it does not say, or by an empty text, what was asked beside it.
    pub(super) fn with(self, texts: QuestionTexts) -> Result<Self, PointsError> {
        let said = |text: Option<String>| text.filter(|text| !text.is_empty());
        Ok(Self {
            crs: parsed("crs", said(texts.crs))?.unwrap_or(self.crs),
            time: parsed("at", said(texts.at))?.unwrap_or(self.time),
            scheme: said(texts.scheme).or(self.scheme),
        })
    }

    /// The schemes in the order in which they answer.
    pub(super) fn schemes<'a>(
        &self,
        snapshot: &'a Snapshot,
    ) -> Result<Vec<&'a Scheme>, PointsError> {
        let all = || snapshot.schemes.iter();
        let asked = self.scheme.as_ref().map(|given| {
            let found = all().find(|scheme| scheme.name() == given);
            found.ok_or_else(|| PointsError::Value {
                field: "scheme",
                given: given.clone(),
                reason: format!(
                    "there is no scheme {given:?}; there are: {}",
                    all().map(Scheme::name).collect::<Vec<_>>().join(", ")
                ),
            })
        });
        let (first, others) = schemes_in_order(snapshot, asked.transpose()?);
        Ok(first.into_iter().chain(others).collect())
    }
}

fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(
    field: &'static str,
    given: Option<String>,
) -> Result<Option<T>, PointsError> {
    let parse = |given: String| {
        given.parse().map_err(|error: T::Err| PointsError::Value {
            field,
            reason: error.to_string(),
            given,
        })
    };
    given.map(parse).transpose()
}
