//! `/api/base`: the base map of others, passed on so that its key never reaches a browser.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use tokio::sync::Semaphore;

use crate::app::{BASE_MAP_ZOOMS, BaseMap, BaseMapError};
use crate::style::RasterLayer;

use super::parameters::Named;
use super::problem::Problem;
use super::tiles::address;
use super::{Service, blocking};

/// Requests under way to 天地图 at a time: more would hold all threads when it is slow.
const AT_ONCE: usize = 16;
/// A base map changes some times a year, and each request counts against the key's quota.
const A_WEEK: HeaderValue = HeaderValue::from_static("public, max-age=604800");
const AS_IT_SAYS: HeaderValue = HeaderValue::from_static("nosniff");

/// The base map and how many may ask it.
#[derive(Debug)]
pub(super) struct Passed {
    map: BaseMap,
    seats: Arc<Semaphore>,
}

impl Passed {
    pub(super) fn new(map: BaseMap) -> Self {
        Self {
            map,
            seats: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// The rasters of a style, from below.
    pub(super) fn rasters(&self) -> Vec<RasterLayer> {
        let raster = |layer: &String| RasterLayer {
            id: format!("tianditu.{layer}"),
            path: format!("/api/base/tianditu/{layer}/{{z}}/{{x}}/{{y}}"),
            attribution: "天地图 Tianditu".to_owned(),
            is_photo: matches!(layer.as_str(), "img" | "cia"),
        };
        self.map.layers().iter().map(raster).collect()
    }
}

/// `GET /api/base/tianditu/{layer}/{z}/{x}/{y}`.
pub(super) async fn tianditu(
    State(service): State<Arc<Service>>,
    Named((layer, z, x, y)): Named<(String, String, String, String)>,
) -> Result<Response, Problem> {
    let Some(passed) = &service.base_map else {
        return Err(Problem::not_found(
            "no base map is configured; write [map.tianditu] with key = \"…\" into the configuration",
        ));
    };
    let at = address([("z", &z), ("x", &x), ("y", &y)])?;
    if !BASE_MAP_ZOOMS.contains(&at.z()) {
        let (low, high) = (BASE_MAP_ZOOMS.start(), BASE_MAP_ZOOMS.end());
        let detail = format!("z is {z}; 天地图 has tiles at zooms {low} to {high}");
        return Err(Problem::bad_value("z", z, detail));
    }
    let seat = Arc::clone(&passed.seats).acquire_owned().await;
    let seat = seat.map_err(|error| Problem::internal(&error))?;
    let asked = {
        let service = Arc::clone(&service);
        let ask = move || {
            // Held until the answer is there, also where the browser has gone.
            let _seat = seat;
            let passed = service.base_map.as_ref();
            passed.map(|passed| passed.map.tile(&layer, at.z(), at.x(), at.y()))
        };
        blocking(ask).await?
    };
    let picture = match asked {
        Some(Ok(picture)) => picture,
        Some(Err(error)) => return Err(problem(&error)),
        None => return Err(Problem::not_found("no base map is configured")),
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(picture.kind)),
        (header::CACHE_CONTROL, A_WEEK),
        (header::X_CONTENT_TYPE_OPTIONS, AS_IT_SAYS),
    ];
    Ok((headers, picture.bytes).into_response())
}

fn problem(error: &BaseMapError) -> Problem {
    let detail = error.to_string();
    match error {
        BaseMapError::UnknownLayer { .. } | BaseMapError::NoTile => Problem::not_found(detail),
        BaseMapError::Late => Problem::late(detail),
        BaseMapError::Unreachable { .. }
        | BaseMapError::Refused { .. }
        | BaseMapError::NoPicture { .. }
        | BaseMapError::TooLarge => Problem::bad_gateway(detail),
    }
}
