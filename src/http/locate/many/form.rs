//! The forms in which points come and are answered.

use std::io::{Read, Write};

use axum::http::{HeaderMap, header};

use crate::app::{
    PointsError, PointsQuestion, PointsTally, locate_batches, locate_document, locate_rows,
};
use crate::exchange::{PointBatches, PointColumns, PointLines, PointRows, PointTable};
use crate::snapshot::Snapshot;

use super::super::super::problem::Problem;

const ARROW: &str = "application/vnd.apache.arrow.stream";

/// What a body is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Json,
    Lines,
    /// With the encoding that the request names.
    Csv(Option<String>),
    Arrow,
}

impl Form {
    /// The form that a request's `Content-Type` says.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        let given = headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let mut parts = given.split(';').map(str::trim);
        let kind = parts.next().unwrap_or_default().to_ascii_lowercase();
        match kind.as_str() {
            "application/json" => Ok(Self::Json),
            "application/x-ndjson" | "application/ndjson" | "application/jsonl" => Ok(Self::Lines),
            ARROW => Ok(Self::Arrow),
            "text/csv" => Ok(Self::Csv(parts.find_map(charset))),
            _ => Err(Problem::wrong_type(
                given,
                &format!("application/json, application/x-ndjson, text/csv or {ARROW}"),
            )),
        }
    }

    /// What the answer is called.
    pub(super) fn media_type(&self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Lines => "application/x-ndjson",
            Self::Csv(_) => "text/csv; charset=utf-8",
            Self::Arrow => ARROW,
        }
    }

    /// Answers a body; `length` is its bytes where the request says them.
    pub(super) fn answer(
        self,
        snapshot: &Snapshot,
        question: PointsQuestion,
        length: Option<u64>,
        input: impl Read,
        output: impl Write + Send,
    ) -> Result<PointsTally, PointsError> {
        let mut columns = PointColumns::default();
        match self {
            Self::Json => locate_document(snapshot, question, input, output),
            Self::Lines => {
                let lines = PointLines::open(input, &columns);
                locate_rows(snapshot, &question, PointRows::Lines(lines), output)
            }
            Self::Arrow => {
                let batches = PointBatches::open(input, &columns)?.of_length(length);
                locate_batches(snapshot, &question, batches, output)
            }
            Self::Csv(charset) => {
                columns.charset = charset;
                let table = PointTable::open(input, &columns)?;
                locate_rows(
                    snapshot,
                    &question,
                    PointRows::Table(Box::new(table)),
                    output,
                )
            }
        }
    }
}

/// The encoding that one parameter of a media type names.
fn charset(parameter: &str) -> Option<String> {
    let (name, value) = parameter.split_once('=')?;
    let is_charset = name.trim().eq_ignore_ascii_case("charset");
    is_charset.then(|| value.trim().trim_matches('"').to_owned())
}
