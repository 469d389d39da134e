//! What a request costs without its question: for benches.

use axum::Json;
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::model::{Coord, Crs, LonLat};

use super::locate;
use super::parameters::Parameters;
use super::problem::Problem;

/// The question given back.
#[derive(Serialize)]
struct Idle {
    lon: f64,
    lat: f64,
    at: String,
}

/// Reads the query of `GET /api/locate` as that does, in degrees on WGS 84, and answers nothing but the question. No route of
/// the service; a bench adds it by [`super::router_with`].
pub async fn idle(RawQuery(query): RawQuery) -> Response {
    let read = || -> Result<Idle, Problem> {
        let parameters = Parameters::read(query.as_deref(), &locate::FIELDS)?;
        let given = LonLat {
            lon: parameters.number("lon")?,
            lat: parameters.number("lat")?,
        };
        let _: Option<Crs> = parameters.parsed("crs")?;
        let at = parameters.time()?.to_string();
        let LonLat { lon, lat } = Coord::snap(given)?.degrees();
        Ok(Idle { lon, lat, at })
    };
    read().map(Json).into_response()
}
