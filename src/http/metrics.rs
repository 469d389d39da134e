//! What the service counts, in Prometheus' words.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

use crate::app::{App, TileBytes};
use crate::tile::Dropped;

use super::Service;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    method: String,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct LayerLabels {
    layer: String,
}

/// The counters of one service.
pub(super) struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    seconds: Family<RouteLabels, Histogram>,
    tiles: Tiles,
    tiles_dropped: Counter,
    version: Gauge,
    features: Family<LayerLabels, Gauge>,
}

/// What is counted of tiles.
#[derive(Default)]
struct Tiles {
    kept: Counter,
    made: Counter,
    bounded: Counter,
    dropped: Family<LayerLabels, Counter>,
}

impl Tiles {
    fn register(registry: &mut Registry) -> Self {
        let tiles = Self::default();
        let counters = [
            ("tiles_kept", "Tiles answered from the cache", &tiles.kept),
            ("tiles_made", "Tiles made on request", &tiles.made),
            (
                "tiles_bounded",
                "Tiles made with less than all that is large enough to be drawn",
                &tiles.bounded,
            ),
        ];
        for (name, help, counter) in counters {
            registry.register(name, help, counter.clone());
        }
        registry.register(
            "tile_features_dropped",
            "Features large enough to be drawn, and too many for a tile that was made",
            tiles.dropped.clone(),
        );
        tiles
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Metrics").finish_non_exhaustive()
    }
}

/// From 50 µs to 6.5 s, each bucket twice the one before.
fn histogram() -> Histogram {
    Histogram::new(exponential_buckets(50e-6, 2.0, 18))
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("wangge");
        let requests = Family::default();
        let seconds: Family<RouteLabels, Histogram> = Family::new_with_constructor(histogram);
        let tiles_dropped = Counter::default();
        let (version, features) = (Gauge::default(), Family::default());
        registry.register("http_requests", "Requests answered", requests.clone());
        registry.register_with_unit(
            "http_request",
            "Time to answer",
            Unit::Seconds,
            seconds.clone(),
        );
        let tiles = Tiles::register(&mut registry);
        registry.register(
            "tiles_dropped",
            "Kept tiles that changed",
            tiles_dropped.clone(),
        );
        registry.register(
            "snapshot_version",
            "Version of the store that is served",
            version.clone(),
        );
        registry.register("layer_features", "Features in a layer", features.clone());
        Self {
            registry,
            requests,
            seconds,
            tiles,
            tiles_dropped,
            version,
            features,
        }
    }
}

impl Metrics {
    /// Counts a tile that is answered.
    pub(super) fn tile(&self, was_kept: bool, tile: Option<&TileBytes>) {
        if was_kept {
            self.tiles.kept.inc();
            return;
        }
        self.tiles.made.inc();
        let dropped = tile.map(|tile| &*tile.dropped).unwrap_or_default();
        if !dropped.is_empty() {
            self.tiles.bounded.inc();
        }
        for Dropped { layer, count } in dropped {
            let layer = layer.clone();
            let counter = self.tiles.dropped.get_or_create(&LayerLabels { layer });
            counter.inc_by(u64::try_from(*count).unwrap_or(u64::MAX));
        }
    }

    /// All metrics as text.
    pub(super) fn text(&self, app: &App) -> Result<String, fmt::Error> {
        let snapshot = app.snapshot();
        // The cache counts by itself, and never backward.
        self.tiles_dropped
            .inner()
            .fetch_max(app.tiles().dropped(), Ordering::Relaxed);
        self.version
            .set(i64::try_from(snapshot.version).unwrap_or(i64::MAX));
        self.features.clear();
        for (name, layer) in &snapshot.layers {
            let count = i64::try_from(layer.count()).unwrap_or(i64::MAX);
            self.features
                .get_or_create(&LayerLabels {
                    layer: name.to_string(),
                })
                .set(count);
        }
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// Counts a request by its route, never by its address: addresses have no end.
pub(super) async fn measure(
    State(service): State<Arc<Service>>,
    request: Request,
    next: Next,
) -> Response {
    let began = Instant::now();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("other", MatchedPath::as_str)
        .to_owned();
    // Methods can be made up without end, too.
    let method = match request.method().as_str() {
        known @ ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS") => known,
        _ => "other",
    };
    let method = method.to_owned();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let took = began.elapsed().as_secs_f64();
    tracing::debug!(%method, route, status, seconds = took, "answered");
    service
        .metrics
        .seconds
        .get_or_create(&RouteLabels {
            route: route.clone(),
        })
        .observe(took);
    service
        .metrics
        .requests
        .get_or_create(&RequestLabels {
            method,
            route,
            status,
        })
        .inc();
    response
}
