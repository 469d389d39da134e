//! A small county, in a store and behind the service's routes, made once for all inputs of a target.

#[path = "../tests/support/mod.rs"]
mod support;

use std::cell::RefCell;
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use rusqlite::Connection;
use tower::ServiceExt;
use wangge::app::App;
use wangge::http::{Service, router};
use wangge::model::{GeometryKind, Layer};
use wangge::store::{Mode, Store};

struct County {
    routes: Router,
    runtime: tokio::runtime::Runtime,
    _folder: tempfile::TempDir,
}

fn county() -> &'static County {
    static COUNTY: OnceLock<County> = OnceLock::new();
    COUNTY.get_or_init(|| {
        let (folder, path) = support::county_store();
        let app = App::open(&path).expect("the store was just made");
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        County {
            routes: router(Arc::new(Service::new(app, false))),
            runtime: runtime.worker_threads(1).build().expect("a runtime"),
            _folder: folder,
        }
    })
}

/// Asks the service, which must not fail.
pub fn ask(request: Request<Body>) {
    let county = county();
    county.runtime.block_on(async {
        let Ok(response) = county.routes.clone().oneshot(request).await;
        let status = response.status();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await;
        let body = body.expect("a whole body");
        assert!(!status.is_server_error(), "{status} {body:?}");
    });
}

/// A store with one row, and a connection past it.
struct Row {
    store: Store,
    plain: Connection,
    layer: Layer,
    _folder: tempfile::TempDir,
}

impl Row {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("row.gpkg");
        let mut store = Store::open_or_create(&path).expect("a new store");
        let layer = support::layer("area", GeometryKind::Polygon, vec![]);
        let feature = support::grid("1", None, support::rectangle(0.0, 0.0, 1.0, 1.0));
        let change = store.change().expect("a change");
        change.define_layer(&layer).expect("a new layer");
        change
            .put_features(&layer, &support::put(Mode::Append), &[feature])
            .expect("a feature");
        change.commit().expect("a commit");
        let plain = Connection::open(&path).expect("a second connection");
        plain
            .pragma_update(None, "synchronous", "OFF")
            .expect("a pragma");
        Self {
            store,
            plain,
            layer,
            _folder: folder,
        }
    }
}

/// Puts bytes into a geometry column past the store, and answers how many features and how many faults the store then reads.
pub fn with_geometry(bytes: &[u8]) -> (usize, usize) {
    thread_local! {
        static ROW: RefCell<Row> = RefCell::new(Row::new());
    }
    ROW.with_borrow_mut(|row| {
        row.plain
            .execute("UPDATE area SET geom = ?1", [bytes])
            .expect("an update");
        let reader = row.store.read().expect("a reader");
        let (features, faults) = reader.features(&row.layer).expect("rows");
        (features.len(), faults.len())
    })
}
