//! Problem documents (RFC 9457): what was wrong, in which field, with which value, and what to do.

use std::any::Any;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::exchange::TableError;
use crate::model::CoordError;
use crate::tile::TileError;

/// Why a request is not answered.
#[derive(Debug, Serialize)]
pub(super) struct Problem {
    #[serde(rename = "type")]
    kind: &'static str,
    title: &'static str,
    status: u16,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
}

impl Problem {
    fn new(status: StatusCode, kind: &'static str, title: &'static str, detail: String) -> Self {
        Self {
            kind,
            title,
            status: status.as_u16(),
            detail,
            field: None,
            value: None,
        }
    }

    /// 400: a value of the request cannot be.
    pub(super) fn bad_value(
        field: &str,
        value: impl Into<String>,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            field: Some(field.to_owned()),
            value: Some(value.into()),
            ..Self::new(
                StatusCode::BAD_REQUEST,
                "/problems/bad-value",
                "A value cannot be used",
                detail.into(),
            )
        }
    }

    /// 400: a value is not there.
    pub(super) fn missing(field: &str, detail: impl Into<String>) -> Self {
        Self {
            field: Some(field.to_owned()),
            ..Self::new(
                StatusCode::BAD_REQUEST,
                "/problems/missing-value",
                "A value is missing",
                detail.into(),
            )
        }
    }

    /// 400: the body is not what its type says.
    pub(super) fn bad_body(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "/problems/bad-body",
            "The body cannot be read",
            detail.into(),
        )
    }

    /// 404.
    pub(super) fn not_found(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "/problems/not-found",
            "There is no such thing",
            detail.into(),
        )
    }

    /// 404: a layer that is not there.
    pub(super) fn no_layer(name: &str) -> Self {
        Self {
            field: Some("layer".to_owned()),
            value: Some(name.to_owned()),
            ..Self::not_found(format!(
                "there is no layer {name}; /api/collections lists those that are there"
            ))
        }
    }

    /// 404: a layer that is not there, with those that are.
    pub(super) fn no_such_layer(name: &str, layers: &str) -> Self {
        Self {
            detail: format!("there is no layer {name}; there are: {layers}"),
            ..Self::no_layer(name)
        }
    }

    /// 404: what a field names is not there.
    pub(super) fn unknown(field: &str, value: &str, detail: impl Into<String>) -> Self {
        Self {
            field: Some(field.to_owned()),
            value: Some(value.to_owned()),
            ..Self::not_found(detail)
        }
    }

    /// 404: a tiling scheme that is not there.
    pub(super) fn no_matrix_set(given: &str, known: &str) -> Self {
        Self {
            field: Some("tileMatrixSetId".to_owned()),
            value: Some(given.to_owned()),
            ..Self::not_found(format!(
                "there is no tile matrix set {given}; ask for {known}"
            ))
        }
    }

    /// 404: a style that is not there, with those that are.
    pub(super) fn no_style(id: &str, styles: &str) -> Self {
        Self {
            field: Some("id".to_owned()),
            value: Some(id.to_owned()),
            ..Self::not_found(format!("there is no style {id}; there are: {styles}"))
        }
    }

    /// 404: fonts that are not there.
    pub(super) fn no_font(stack: &str, detail: String) -> Self {
        Self {
            field: Some("fontstack".to_owned()),
            value: Some(stack.to_owned()),
            ..Self::not_found(detail)
        }
    }

    /// 502: another service did not do its part.
    pub(super) fn bad_gateway(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_GATEWAY,
            "/problems/bad-gateway",
            "Another service failed",
            detail.into(),
        )
    }

    /// 504: another service took too long.
    pub(super) fn late(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::GATEWAY_TIMEOUT,
            "/problems/late",
            "Another service took too long",
            detail.into(),
        )
    }

    /// 405.
    pub(super) fn wrong_method(given: &str) -> Self {
        let detail = format!("this address does not take {given}");
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "/problems/wrong-method",
            "Wrong method",
            detail,
        )
    }

    /// 406.
    pub(super) fn not_acceptable(given: &str) -> Self {
        Self {
            field: Some("Accept-Encoding".to_owned()),
            value: Some(given.to_owned()),
            ..Self::new(
                StatusCode::NOT_ACCEPTABLE,
                "/problems/not-acceptable",
                "No encoding is accepted",
                format!(
                    "Accept-Encoding is {given:?}, which takes no encoding that there is here; send gzip, br, zstd or identity, or leave it out"
                ),
            )
        }
    }

    /// 406: none of the types that there are here.
    pub(super) fn no_type_accepted(given: &str, types: &str) -> Self {
        Self {
            field: Some("Accept".to_owned()),
            value: Some(given.to_owned()),
            ..Self::new(
                StatusCode::NOT_ACCEPTABLE,
                "/problems/not-acceptable",
                "No type is accepted",
                format!(
                    "Accept is {given:?}, which refuses all types that there are here: {types}"
                ),
            )
        }
    }

    /// 421.
    pub(super) fn foreign_host(given: &str) -> Self {
        Self {
            field: Some("Host".to_owned()),
            value: Some(given.to_owned()),
            ..Self::new(
                StatusCode::MISDIRECTED_REQUEST,
                "/problems/foreign-host",
                "Another host is meant",
                format!(
                    "Host is {given:?}; this service answers its own machine only, unless it is started with --open"
                ),
            )
        }
    }

    /// 415.
    pub(super) fn wrong_type(given: &str, taken: &str) -> Self {
        Self {
            field: Some("Content-Type".to_owned()),
            value: Some(given.to_owned()),
            ..Self::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "/problems/wrong-type",
                "The body is of a type that is not taken here",
                format!("Content-Type is {given:?}; send {taken}"),
            )
        }
    }

    /// 415: the body is packed in a way that is not taken.
    pub(super) fn wrong_packing(given: &str, taken: &str) -> Self {
        Self {
            field: Some("Content-Encoding".to_owned()),
            value: Some(given.to_owned()),
            ..Self::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "/problems/wrong-packing",
                "The body is packed in a way that is not taken here",
                format!("Content-Encoding is {given:?}; send one of {taken}, or leave it out"),
            )
        }
    }

    /// 413: the body is larger than one of its form may be.
    pub(super) fn too_large(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "/problems/too-large",
            "The body is too large",
            detail.into(),
        )
    }

    /// 500; the cause is logged and not told.
    pub(super) fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed");
        let detail = "the service failed on this request; its log says why".to_owned();
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "/problems/internal",
            "The service failed",
            detail,
        )
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        (
            status,
            [(header::CONTENT_TYPE, "application/problem+json")],
            body,
        )
            .into_response()
    }
}

impl From<CoordError> for Problem {
    fn from(error: CoordError) -> Self {
        let (field, value) = error.field();
        Self::bad_value(field, value.to_string(), error.to_string())
    }
}

impl From<TableError> for Problem {
    fn from(error: TableError) -> Self {
        match error {
            TableError::Write(error) => Self::internal(&error),
            error => Self::bad_body(error.to_string()),
        }
    }
}

impl From<TileError> for Problem {
    fn from(error: TileError) -> Self {
        Self::internal(&error)
    }
}

/// The answer to a request whose handling broke down.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the panic layer hands it over so"
)]
pub(super) fn after_panic(cause: Box<dyn Any + Send + 'static>) -> Response {
    let cause = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied())
        .unwrap_or("a panic without words");
    Problem::internal(&cause).into_response()
}
