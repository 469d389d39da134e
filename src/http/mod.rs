//! The only HTTP: one request, one function; errors are problem documents (RFC 9457).

mod accept;
mod asked;
mod base_map;
mod collections;
mod export;
mod fonts;
mod host;
mod idle;
mod live;
mod locate;
mod metrics;
mod nearby;
mod ogc;
mod operation;
mod origin;
mod packing;
mod parameters;
mod problem;
mod screen;
mod stats;
mod styles;
mod tiles;
mod unpacking;

use std::future::Future;
use std::num::NonZero;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use axum::Router;
use axum::handler::Handler;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};

use crate::app::{App, BaseMap, Fonts};
use crate::model::{Access, TileFormat};
use crate::style::RasterLayer;

use base_map::Passed;
pub use idle::idle;
use metrics::Metrics;
use problem::Problem;

/// How long requests under way may go on after the service was told to stop.
const DRAIN: Duration = Duration::from_secs(10);
/// How often the service looks whether another program has changed its store: a look costs some microseconds, and a change
/// is to be visible within 50 ms.
const FOLLOW_EVERY: Duration = Duration::from_millis(20);

/// Before access keys exist everybody who reaches the loopback address is the local reader.
const READER: Access = Access::LOCAL;

/// What requests share.
#[derive(Debug)]
pub struct Service {
    pub(crate) app: App,
    metrics: Metrics,
    /// Other machines were let in; else only who names this one is answered.
    is_open: bool,
    /// Why the store cannot be followed now; told by `/readyz`.
    following: Mutex<Option<String>>,
    fonts: Fonts,
    base_map: Option<Passed>,
    rasters: Vec<RasterLayer>,
    /// As many as there are cores may measure by grid at once: for a nation, or for another time, that takes a thread for seconds,
    /// and tiles and the following of the store must find theirs.
    measuring: Arc<Semaphore>,
}

impl Service {
    /// A service of this app; `is_open` where other machines may reach it.
    #[must_use]
    pub fn new(app: App, is_open: bool) -> Self {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        Self {
            app,
            metrics: Metrics::default(),
            is_open,
            following: Mutex::new(None),
            fonts: Fonts::default(),
            base_map: None,
            rasters: Vec::new(),
            measuring: Arc::new(Semaphore::new(cores)),
        }
    }

    /// The same with more fonts.
    #[must_use]
    pub fn with_fonts(self, fonts: Fonts) -> Self {
        Self { fonts, ..self }
    }

    /// The same with a base map below all layers.
    #[must_use]
    pub fn with_base_map(self, map: BaseMap) -> Self {
        let passed = Passed::new(map);
        Self {
            rasters: passed.rasters(),
            base_map: Some(passed),
            ..self
        }
    }

    /// What the service runs on.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.app
    }

    /// The fonts of ordinary and of strong names on maps.
    fn font_stacks(&self) -> (Vec<String>, Vec<String>) {
        fonts::stacks(self.fonts.names())
    }

    /// What lies below all layers.
    fn rasters(&self) -> &[RasterLayer] {
        &self.rasters
    }

    fn following(&self) -> MutexGuard<'_, Option<String>> {
        self.following
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// All requests that the service answers.
pub fn router(service: Arc<Service>) -> Router {
    router_with(service, Router::new())
}

/// The same and more routes, behind the same checks and counters.
pub fn router_with(service: Arc<Service>, more: Router<Arc<Service>>) -> Router {
    // Tiles are packed once, when they are made.
    let as_it_is = |format: TileFormat| NotForContentType::const_new(format.media_type());
    let compression = CompressionLayer::new().compress_when(
        DefaultPredicate::new()
            .and(as_it_is(TileFormat::Mvt))
            .and(as_it_is(TileFormat::Mlt)),
    );
    // A million answers to who asks for them packed must not wait for the best packing.
    let fast = CompressionLayer::new().quality(CompressionLevel::Fastest);
    // A body is read as it comes, in bounded memory, however long it is.
    let many = locate::many.layer(from_fn(unpacking::check)).layer(fast);
    let locate = get(locate::one).post(many);
    Router::new()
        .route("/api/locate", locate)
        .route("/api/nearby", get(nearby::nearest))
        .route("/api", get(ogc::landing))
        .route("/api/conformance", get(ogc::conformance))
        .route("/api/collections", get(collections::all))
        .route("/api/collections/{layer}", get(collections::one))
        .route("/api/collections/{layer}/tiles", get(ogc::tilesets))
        .route("/api/collections/{layer}/tiles/{set}", get(ogc::tileset))
        .route(ogc::TILE, get(ogc::tile))
        .route("/api/tileMatrixSets", get(ogc::matrix_sets))
        .route("/api/tileMatrixSets/{set}", get(ogc::matrix_set))
        .route("/api/tiles/{layers}", get(tiles::tile_json))
        .route("/api/tiles/{layers}/{z}/{x}/{y}", get(tiles::tile))
        .route("/api/stats/{level}", get(stats::by_grid))
        .route("/api/live", get(live::stream))
        .route("/api/export/{file}", get(export::file))
        .route("/api/styles", get(styles::all))
        .route("/api/styles/{id}", get(styles::one))
        .route("/api/styles/{id}/metadata", get(styles::metadata))
        .route("/api/sprites/{file}", get(styles::sprite))
        .route(
            "/api/base/tianditu/{layer}/{z}/{x}/{y}",
            get(base_map::tianditu),
        )
        .route("/api/fonts/{stack}/{file}", get(fonts::glyphs))
        .route("/healthz", get(operation::healthz))
        .route("/readyz", get(operation::readyz))
        .route("/metrics", get(operation::metrics))
        .merge(more)
        .fallback(screen::file)
        .method_not_allowed_fallback(screen::wrong_method)
        .layer(compression)
        .layer(from_fn(packing::check))
        .layer(CatchPanicLayer::custom(problem::after_panic))
        .layer(from_fn_with_state(Arc::clone(&service), host::check))
        .layer(from_fn_with_state(Arc::clone(&service), metrics::measure))
        .with_state(service)
}

/// Serves until `shutdown` ends, then lets the requests under way finish, for 10 seconds at most.
///
/// # Errors
/// Where the listener fails.
pub async fn serve(
    listener: TcpListener,
    service: Arc<Service>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    // A small answer must not wait for the acknowledgement of the one before.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
    });
    let following = tokio::spawn(follow(Arc::clone(&service)));
    let (stopped, draining) = tokio::sync::oneshot::channel();
    let listened = Arc::clone(&service);
    let shutdown = async move {
        shutdown.await;
        // Streams without end would be waited for.
        listened.app.live().close();
        // Nobody listens any more only when serving has ended already.
        let _ = stopped.send(());
    };
    let app = router(Arc::clone(&service));
    let serving = axum::serve(listener, app).with_graceful_shutdown(shutdown);
    let deadline = async {
        let _ = draining.await;
        tokio::time::sleep(DRAIN).await;
    };
    let ended = tokio::select! {
        ended = serving => ended,
        () = deadline => {
            tracing::warn!("requests still under way after {} s were cut off", DRAIN.as_secs());
            Ok(())
        }
    };
    following.abort();
    ended
}

/// Runs what takes its time, or what is bound to one thread, off the threads that answer.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Problem::internal(&error))
}

/// Swaps in what other programs write to the store.
async fn follow(service: Arc<Service>) {
    let mut ticks = tokio::time::interval(FOLLOW_EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let followed = {
            let service = Arc::clone(&service);
            tokio::task::spawn_blocking(move || service.app.follow()).await
        };
        let fault = match followed {
            Ok(Ok(None)) => None,
            Ok(Ok(Some(version))) => {
                tracing::info!(version, "the store has changed; its new content is served");
                None
            }
            Ok(Err(error)) => Some(error.to_string()),
            Err(error) => Some(error.to_string()),
        };
        let mut before = service.following();
        if fault == *before {
            continue;
        }
        if let Some(fault) = &fault {
            tracing::error!(%fault, "the store cannot be followed; what was there before is served");
        } else {
            tracing::info!("the store can be followed again");
        }
        *before = fault;
    }
}
