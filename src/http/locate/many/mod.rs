//! `POST /api/locate`: who is responsible for these points. The body is answered while it comes, by one worker thread between
//! two bounded channels.

mod answer;
mod form;
mod intake;
mod spill;

use std::io;
use std::sync::Arc;

use axum::body::{Body, HttpBody};
use axum::extract::{Extension, RawQuery, State};
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::{AppendHeaders, IntoResponse, Response};

use crate::app::{PointsError, PointsQuestion, PointsTally};
use crate::exchange::{PointsJsonError, TableError};

use super::super::Service;
use super::super::parameters::Parameters;
use super::super::problem::Problem;
use super::super::unpacking::Packing;
use form::Form;

/// The snapshot's number, where the answer's form has no place for it.
const VERSION: HeaderName = HeaderName::from_static("wangge-version");
/// Whether the points came through an unofficial transform, likewise.
const APPROXIMATE: HeaderName = HeaderName::from_static("wangge-approximate");

/// `POST /api/locate[?crs=][&at=][&scheme=]`: JSON, lines of JSON, CSV or an Arrow stream, answered in kind and in order.
pub(in crate::http) async fn many(
    State(service): State<Arc<Service>>,
    Extension(packing): Extension<Packing>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let parameters = Parameters::read(query.as_deref(), &["crs", "at", "scheme"])?;
    let question = PointsQuestion {
        crs: parameters.parsed("crs")?.unwrap_or_default(),
        time: parameters.time()?,
        scheme: parameters.text("scheme").map(str::to_owned),
    };
    let form = Form::of(&headers)?;
    let snapshot = service.app.snapshot();
    let mut head = vec![(header::CONTENT_TYPE, form.media_type().to_owned())];
    if form != Form::Json {
        head.push((VERSION, snapshot.version.to_string()));
        head.push((APPROXIMATE, question.crs.is_approximate().to_string()));
    }
    let is_plain = packing == Packing::Identity;
    let length = body.size_hint().exact().filter(|_| is_plain);
    let (input, arrival) = intake::intake(body);
    let (mut output, answer) = answer::answer(arrival);
    tokio::task::spawn_blocking(move || {
        let ended = match packing.unpack(input) {
            Ok(input) => form.answer(&snapshot, question, length, input, &mut output),
            Err(error) => Err(TableError::Read(error).into()),
        };
        if let Ok(tally) = &ended {
            tell(tally);
        }
        output.end(ended);
    });
    let body = Body::from_stream(answer.begun().await?);
    Ok((AppendHeaders(head), body).into_response())
}

/// What no place in an answer that is on its way can say any more.
fn tell(tally: &PointsTally) {
    if tally.garbled > 0 {
        tracing::warn!(
            rows = tally.garbled,
            "rows of a body have bytes that are no text in its encoding; charset= of its Content-Type names another"
        );
    }
    if let Some(reason) = &tally.broken {
        tracing::warn!(reason, "a body was not read to its end");
    }
}

impl From<PointsError> for Problem {
    fn from(error: PointsError) -> Self {
        match error {
            PointsError::Table(error) => error.into(),
            PointsError::Value {
                field,
                given,
                reason,
            } => Self::bad_value(field, given, reason),
            PointsError::Document(error @ PointsJsonError::TooMany) => {
                Self::too_large(error.to_string())
            }
            PointsError::Document(error) => Self::bad_body(error.to_string()),
            PointsError::Write(_) | PointsError::Spool(_) => Self::internal(&error),
        }
    }
}

/// Nobody is there any more to take the answer.
fn gone() -> io::Error {
    io::Error::new(io::ErrorKind::BrokenPipe, "the client has gone")
}
