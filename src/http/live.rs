//! `/api/live`: what changes, as it changes (Server-Sent Events).

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::sync::mpsc::{Sender, channel};
use tokio_stream::wrappers::ReceiverStream;

use crate::app::{Head, LayerChange, LiveEvent};
use crate::model::{Bounds, LayerName};

use super::Service;
use super::collections::bbox;
use super::parameters::Parameters;
use super::problem::Problem;
use super::tiles::layer;

/// How often a silent stream says that it is still there.
const ALIVE: Duration = Duration::from_secs(15);
/// When clients that were cut off should come back.
const RETRY: Duration = Duration::from_secs(2);
/// Events that may wait for a slow client; the others wait in the ring that all share.
const WAITING: usize = 4;
/// The event that a client read last, as browsers name it when they come back.
const LAST_EVENT: &str = "last-event-id";
/// Asks proxies to pass each event on at once.
const UNBUFFERED: (HeaderName, HeaderValue) = (
    HeaderName::from_static("x-accel-buffering"),
    HeaderValue::from_static("no"),
);

/// Which changes a client wants to hear of.
struct Wanted {
    /// All where none is named.
    layers: BTreeSet<LayerName>,
    area: Option<Bounds>,
}

/// `GET /api/live[?layer=a,b][&area=west,south,east,north][&last_event_id=]`.
pub(super) async fn stream(
    State(service): State<Arc<Service>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let parameters = Parameters::read(query.as_deref(), &["layer", "area", "last_event_id"])?;
    let wanted = Wanted {
        layers: layers(&service, parameters.text("layer"))?,
        area: parameters.bounds("area")?,
    };
    // A browser that comes back asks for the same address, and says in the header what it has read since.
    let header = headers.get(LAST_EVENT).map(HeaderValue::as_bytes);
    let header = String::from_utf8_lossy(header.unwrap_or_default());
    let last = match parameters.text("last_event_id") {
        _ if !header.is_empty() => Some(number("Last-Event-ID", &header)?),
        Some(given) => Some(number("last_event_id", given)?),
        None => None,
    };
    // From here on, not from when its task first runs: what changes once the client is answered is told.
    let last = last.unwrap_or(service.app.live().head().borrow().last);
    let (out, events) = channel(WAITING);
    tokio::spawn(async move { tell(&service, &wanted, last, &out).await });
    let alive = KeepAlive::new().interval(ALIVE).text("alive");
    let stream = Sse::new(ReceiverStream::new(events)).keep_alive(alive);
    Ok(([UNBUFFERED], stream).into_response())
}

/// The layers that a comma-separated list names.
fn layers(service: &Service, names: Option<&str>) -> Result<BTreeSet<LayerName>, Problem> {
    let snapshot = service.app.snapshot();
    let names = names.into_iter().flat_map(|names| names.split(','));
    let found = names.map(|name| Ok(layer(&snapshot, name)?.layer().name.clone()));
    found.collect()
}

/// The number of an event.
fn number(field: &str, given: &str) -> Result<u64, Problem> {
    given.parse().map_err(|_| {
        let detail = format!("{field} is {given:?}; it is the number of an event, or left out");
        Problem::bad_value(field, given, detail)
    })
}

/// What is sent, unless it cannot fail.
type Sent = Result<Event, Infallible>;

/// Sends events until the client goes or the service stops.
async fn tell(service: &Service, wanted: &Wanted, last: u64, out: &Sender<Sent>) {
    let mut stopping = service.app.live().head();
    tokio::select! {
        _ = tell_all(service, wanted, last, out) => {}
        _ = stopping.wait_for(|head: &Head| head.is_closed) => {}
        () = out.closed() => {}
    }
}

/// The same without end; `None` when the client has gone.
async fn tell_all(
    service: &Service,
    wanted: &Wanted,
    mut last: u64,
    out: &Sender<Sent>,
) -> Option<Infallible> {
    let live = service.app.live();
    let mut head = live.head();
    // The number alone is no event for a browser, but from now on it knows where to go on.
    let hello = Event::default().comment("changes follow").retry(RETRY);
    out.send(Ok(hello.id(last.to_string()))).await.ok()?;
    loop {
        let now = head.borrow_and_update().last;
        let Ok(events) = live.since(last) else {
            last = now;
            out.send(Ok(reset(service, now))).await.ok()?;
            continue;
        };
        for event in events {
            last = event.id;
            if let Some(told) = wanted.told(&event) {
                out.send(Ok(told)).await.ok()?;
            }
        }
        head.changed().await.ok()?;
    }
}

/// Some changes are not known any more: all may have changed.
fn reset(service: &Service, last: u64) -> Event {
    let version = service.app.glance().version;
    let data = json!({ "version": version });
    named("reset", last, &data)
}

fn named(name: &str, id: u64, data: &Value) -> Event {
    let event = Event::default().event(name).id(id.to_string());
    event.data(data.to_string())
}

impl Wanted {
    /// The event as this client hears it; `None` where it is not concerned.
    fn told(&self, event: &LiveEvent) -> Option<Event> {
        let layers: Vec<Value> = event
            .layers
            .iter()
            .filter(|one| self.wants(one))
            .map(told)
            .collect();
        let is_open = self.layers.is_empty() && self.area.is_none();
        if layers.is_empty() && !is_open {
            return None;
        }
        let data = json!({
            "version": event.version, "layers": layers, "tiles_dropped": event.tiles_dropped,
        });
        Some(named("layers", event.id, &data))
    }

    fn wants(&self, change: &LayerChange) -> bool {
        let is_near = |area: Bounds| change.bounds.is_none_or(|bounds| bounds.meets(area));
        (self.layers.is_empty() || self.layers.contains(&change.layer))
            && self.area.is_none_or(is_near)
    }
}

fn told(change: &LayerChange) -> Value {
    json!({
        "layer": change.layer.as_str(), "bounds": change.bounds.map(bbox), "count": change.count,
    })
}
