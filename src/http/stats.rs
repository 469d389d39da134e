//! `/api/stats`: numbers by grid.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Number;
use xxhash_rust::xxh3::Xxh3;

use crate::model::Time;
use crate::query::{Class, GridValue, Measure, Share, Stats, StatsError, StatsQuestion, stats};
use crate::snapshot::Snapshot;

use super::parameters::{Named, Parameters};
use super::problem::Problem;
use super::tiles::names_tag;
use super::{READER, Service, blocking};

/// Fields of a question.
const FIELDS: [&str; 5] = ["measure", "layer", "field", "filter", "at"];

/// The answer: what was asked, then the numbers.
#[derive(Serialize)]
struct AnswerJson<'a> {
    scheme: &'a str,
    level: &'a str,
    measure: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    layer: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    filter: Option<&'a str>,
    unit: Option<&'static str>,
    at: String,
    version: u64,
    #[serde(flatten)]
    numbers: Numbers<'a>,
}

/// What the tag tells apart: an answer of another time or version with the same numbers is the same.
#[derive(Serialize)]
struct Numbers<'a> {
    total: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_of: Option<[u32; 2]>,
    outside: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outside_of: Option<[u32; 2]>,
    class_method: &'static str,
    classes: Vec<ClassJson>,
    values: Vec<ValueJson<'a>>,
}

#[derive(Serialize)]
struct ClassJson {
    from: Option<Number>,
    to: Option<Number>,
    grids: usize,
}

#[derive(Serialize)]
struct ValueJson<'a> {
    code: Option<&'a str>,
    name: Option<&'a str>,
    value: Option<Number>,
    /// Of a share: how many of how many.
    #[serde(skip_serializing_if = "Option::is_none")]
    of: Option<[u32; 2]>,
}

/// `GET /api/stats/{scheme}.{level}?measure=[&layer=][&field=][&filter=CQL2][&at=]`.
pub(super) async fn by_grid(
    State(service): State<Arc<Service>>,
    Named(level): Named<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let parameters = Parameters::read(query.as_deref(), &FIELDS)?;
    let at = parameters.time()?;
    let turn = Arc::clone(&service.measuring).acquire_owned().await;
    let turn = turn.map_err(|error| Problem::internal(&error))?;
    let snapshot = service.app.snapshot();
    let work = move || {
        // Kept to the end, also where the asker has gone.
        let _turn = turn;
        answer(&snapshot, &level, &parameters, at)
    };
    let (body, tag) = blocking(work).await??;
    let shared = [
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::VARY, "Accept-Encoding".to_owned()),
    ];
    if names_tag(&headers, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, shared).into_response());
    }
    let kind = [(header::CONTENT_TYPE, "application/json")];
    Ok((shared, kind, body).into_response())
}

/// The answer's bytes and its tag.
fn answer(
    snapshot: &Snapshot,
    level: &str,
    parameters: &Parameters,
    at: Time,
) -> Result<(Vec<u8>, String), Problem> {
    let question = StatsQuestion {
        level,
        measure: parameters.text("measure"),
        layer: parameters.text("layer"),
        field: parameters.text("field"),
        filter: parameters.text("filter"),
    };
    let options = question.check(snapshot, READER)?;
    let json = AnswerJson {
        scheme: options.scheme().name(),
        level: &options.level().name,
        measure: options.measure.name(),
        layer: options.layer().map(|layer| layer.name.as_str()),
        field: question.field,
        filter: question.filter,
        unit: options.measure.unit(),
        at: at.to_string(),
        version: snapshot.version,
        numbers: Numbers::of(&stats(snapshot, &options, at), options.measure),
    };
    let written = serde_json::to_vec(&json).and_then(|body| {
        let mut digest = Xxh3::new();
        serde_json::to_writer(&mut digest, &json.numbers)?;
        // Weak: times and versions of the same numbers carry the same tag.
        Ok((body, format!("W/\"{:016x}\"", digest.digest())))
    });
    written.map_err(|error| Problem::internal(&error))
}

impl<'a> Numbers<'a> {
    fn of(stats: &Stats<'a>, measure: Measure) -> Self {
        let of = |share: Share| (measure == Measure::Share).then_some([share.part, share.whole]);
        let class = |class: &Class| ClassJson {
            from: number(class.from),
            to: number(class.to),
            grids: class.grids,
        };
        let value = |value: &GridValue<'a>| ValueJson {
            code: value.grid.code.as_deref(),
            name: value.grid.name.as_deref(),
            value: value.share.value.and_then(number),
            of: of(value.share),
        };
        Self {
            total: stats.total.value.and_then(number),
            total_of: of(stats.total),
            outside: stats.outside.value.and_then(number),
            outside_of: of(stats.outside),
            class_method: "quantile",
            classes: stats.classes.iter().map(class).collect(),
            values: stats.values.iter().map(value).collect(),
        }
    }
}

/// A number as JSON has it: a whole one without a point. `None` for what JSON cannot write.
fn number(value: f64) -> Option<Number> {
    // Beyond 2^53 a double no longer tells neighbouring integers apart.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if value.fract() == 0.0 && value.abs() <= EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "whole and within 2^53")]
        return Some(Number::from(value as i64));
    }
    Number::from_f64(value)
}

impl From<StatsError> for Problem {
    fn from(error: StatsError) -> Self {
        let detail = error.to_string();
        match error.field() {
            (field, None) => Self::missing(field, detail),
            (field, Some(value)) if error.is_unknown() => Self::unknown(field, value, detail),
            (field, Some(value)) => Self::bad_value(field, value, detail),
        }
    }
}
