//! `/api/tiles`: vector tiles and what describes them.

use std::sync::Arc;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{AppendHeaders, IntoResponse, Response};

use crate::app::{Found, MOST_BYTES, Tile, TileBytes, TileCache, TileFilter, TileWish};
use crate::model::{TileFormat, Time};
use crate::snapshot::{LayerSnapshot, Snapshot};
use crate::tile::{
    Dropped, LABEL_SUFFIX, MOST_FEATURES, NotShown, Shown, TileAddress, tile_json as describe,
};

use super::accept::tile_format;
use super::ogc::encoded;
use super::origin::origin;
use super::parameters::{Named, Parameters};
use super::problem::Problem;
use super::{READER, Service, blocking};

/// Kept by clients, but asked for anew each time: an edit is seen at once.
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");
/// Layers in one tile at most.
const MOST_LAYERS: usize = 32;

/// What was too much to be drawn singly, as `layer=count`.
const DROPPED: HeaderName = HeaderName::from_static("wangge-dropped");
/// Fields of a request for a tile.
pub(super) const FIELDS: [&str; 2] = ["at", "filter"];

/// `GET /api/tiles/{layer[,layer…]}/{z}/{x}/{y}[.mvt][?at=][&filter=]`.
pub(super) async fn tile(
    State(service): State<Arc<Service>>,
    Named((layers, z, x, y)): Named<(String, String, String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let parameters = Parameters::read(query.as_deref(), &["at", "filter", "v"])?;
    let (y, format) = match y.strip_suffix(".mvt") {
        Some(y) => (y, TileFormat::Mvt),
        None => (&*y, tile_format(&headers)?),
    };
    let address = address([("z", &z), ("x", &x), ("y", y)])?;
    answer(&service, layers, address, &parameters, format, &headers).await
}

/// One tile as a request takes it.
pub(super) async fn answer(
    service: &Arc<Service>,
    layers: String,
    address: TileAddress,
    parameters: &Parameters,
    format: TileFormat,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let asked = Asked {
        service: Arc::clone(service),
        snapshot: service.app.snapshot(),
        layers,
        address,
        at: parameters.time()?,
        format,
        filter: parameters.text("filter").map(str::to_owned),
    };
    let kept = asked.with(TileCache::kept)?;
    let (tile, found) = match kept {
        Some(tile) => (tile, Found::Kept),
        // Making a tile takes up to milliseconds of computing.
        None => blocking(move || asked.made()).await??,
    };
    service.metrics.tile(found == Found::Kept, tile.as_deref());
    Ok(match tile {
        None => (
            StatusCode::NO_CONTENT,
            [(header::CACHE_CONTROL, REVALIDATE)],
        )
            .into_response(),
        Some(tile) => respond(tile, format, headers),
    })
}

/// A tile that is asked for.
struct Asked {
    service: Arc<Service>,
    snapshot: Arc<Snapshot>,
    layers: String,
    address: TileAddress,
    at: Time,
    format: TileFormat,
    filter: Option<String>,
}

impl Asked {
    /// Asks the cache.
    fn with<T>(
        &self,
        ask: impl FnOnce(&TileCache, &Shown<'_>, &TileWish<'_>) -> T,
    ) -> Result<T, Problem> {
        let shown = shown(&self.snapshot, &self.layers)?;
        let filter = read_filter(self.filter.as_deref(), &shown)?;
        let wish = TileWish {
            address: self.address,
            at: self.at,
            access: READER,
            format: self.format,
            filter: filter.as_ref(),
        };
        Ok(ask(self.service.app.tiles(), &shown, &wish))
    }

    fn made(&self) -> Result<(Tile, Found), Problem> {
        let content = self.snapshot.content();
        Ok(self.with(|tiles, shown, wish| tiles.tile(content, shown, wish))??)
    }
}

/// The filter, in CQL2 text, for all layers that are shown.
fn read_filter(text: Option<&str>, shown: &Shown<'_>) -> Result<Option<TileFilter>, Problem> {
    let read = |text: &str| {
        TileFilter::parse(text, shown, READER)
            .map_err(|error| Problem::bad_value("filter", text, error.to_string()))
    };
    text.map(read).transpose()
}

/// The bytes of a tile as they are kept: nothing is copied.
struct Sent {
    tile: Arc<TileBytes>,
    is_packed: bool,
}

impl AsRef<[u8]> for Sent {
    fn as_ref(&self) -> &[u8] {
        let packed = self.tile.gzip.as_ref().filter(|_| self.is_packed);
        packed.unwrap_or(&self.tile.bytes)
    }
}

fn respond(tile: Arc<TileBytes>, format: TileFormat, request: &HeaderMap) -> Response {
    // Weak: the compressed bytes carry the same tag.
    let tag = format!("W/\"{:016x}\"", tile.tag);
    let mut shared = vec![
        (header::ETAG, tag.clone()),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::VARY, "Accept, Accept-Encoding".to_owned()),
    ];
    shared.extend(dropped(&tile));
    let shared = AppendHeaders(shared);
    if names_tag(request, &tag) {
        return (StatusCode::NOT_MODIFIED, shared).into_response();
    }
    let takes_gzip = request
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .any(|value| value.to_str().is_ok_and(accepts_gzip));
    let kind = (header::CONTENT_TYPE, format.media_type());
    let is_packed = takes_gzip && tile.gzip.is_some();
    let body = Body::from(Bytes::from_owner(Sent { tile, is_packed }));
    if is_packed {
        let encoding = (header::CONTENT_ENCODING, "gzip");
        (shared, [kind, encoding], body).into_response()
    } else {
        (shared, [kind], body).into_response()
    }
}

/// The header that says what a tile draws in the place of others; none where that is nothing.
fn dropped(tile: &TileBytes) -> Option<(HeaderName, String)> {
    let say = |one: &Dropped| format!("{}={}", encoded(&one.layer), one.count);
    let said: Vec<String> = tile.dropped.iter().map(say).collect();
    (!said.is_empty()).then(|| (DROPPED, said.join(", ")))
}

/// Whether an `Accept-Encoding` takes gzip (RFC 9110, 12.5.3): by its name, else by `*`, and not with a weight of 0.
fn accepts_gzip(value: &str) -> bool {
    let weight = |wanted: &str| {
        value.split(',').find_map(|part| {
            let mut pieces = part
                .split(';')
                .map(|piece| piece.trim().to_ascii_lowercase());
            (pieces.next()? == wanted).then(|| {
                let weight =
                    pieces.find_map(|piece| piece.strip_prefix("q=")?.trim().parse::<f32>().ok());
                weight.unwrap_or(1.0)
            })
        })
    };
    weight("gzip")
        .or_else(|| weight("*"))
        .is_some_and(|weight| weight > 0.0)
}

/// Whether `If-None-Match` names the tag; weak comparison (RFC 9110, 8.8.3.2).
pub(super) fn names_tag(request: &HeaderMap, tag: &str) -> bool {
    let strong = tag.trim_start_matches("W/");
    request
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| {
            value
                .split(',')
                .map(str::trim)
                .any(|one| one == "*" || one.trim_start_matches("W/") == strong)
        })
}

/// The tile that an address names by zoom, column and row, each with what the request calls it.
pub(super) fn address(named: [(&'static str, &str); 3]) -> Result<TileAddress, Problem> {
    let number = |(field, given): (&'static str, &str)| {
        given.parse::<u32>().map_err(|_| {
            let detail = format!("{field} is {given:?}; a tile's address is in whole numbers");
            Problem::bad_value(field, given, detail)
        })
    };
    let [level, column, row] = named;
    let (level, column, row) = (number(level)?, number(column)?, number(row)?);
    let level = u8::try_from(level).unwrap_or(u8::MAX);
    TileAddress::new(level, column, row).map_err(|error| {
        let (fields, values): (Vec<_>, Vec<_>) = named.into_iter().unzip();
        Problem::bad_value(&fields.join("/"), values.join("/"), error.to_string())
    })
}

/// The layers, and the labels of layers, that a comma-separated list names.
fn shown<'a>(snapshot: &'a Snapshot, names: &str) -> Result<Shown<'a>, Problem> {
    let mut shown = Shown::default();
    for name in names.split(',') {
        if shown.add(snapshot, name) == Err(NotShown::Unknown) {
            return Err(Problem::no_layer(name));
        }
        if shown.all().count() > MOST_LAYERS {
            return Err(Problem::bad_value(
                "layers",
                names,
                format!("more than {MOST_LAYERS} layers in one tile"),
            ));
        }
    }
    Ok(shown)
}

/// The same list, each name once.
fn listed(shown: &Shown<'_>) -> String {
    let name = |layer: &&LayerSnapshot| encoded(layer.layer().name.as_str());
    let labels = shown.labels.iter().map(|layer| name(layer) + LABEL_SUFFIX);
    let all: Vec<String> = shown.layers.iter().map(name).chain(labels).collect();
    all.join(",")
}

/// The layer of that name.
pub(super) fn layer<'a>(snapshot: &'a Snapshot, name: &str) -> Result<&'a LayerSnapshot, Problem> {
    let found = name
        .parse()
        .ok()
        .and_then(|name| snapshot.layers.get(&name));
    found
        .map(AsRef::as_ref)
        .ok_or_else(|| Problem::no_layer(name))
}

/// `GET /api/tiles/{layers}.json[?at=][&filter=]`: TileJSON 3 of tiles as they are then, under that filter.
pub(super) async fn tile_json(
    State(service): State<Arc<Service>>,
    Named(file): Named<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Some(names) = file.strip_suffix(".json") else {
        return Err(Problem::not_found(format!(
            "/api/tiles/{file} is nothing; ask /api/tiles/{file}.json or /api/tiles/{file}/{{z}}/{{x}}/{{y}}"
        )));
    };
    let parameters = Parameters::read(query.as_deref(), &FIELDS)?;
    parameters.time()?;
    let snapshot = service.app.snapshot();
    let shown = shown(&snapshot, names)?;
    read_filter(parameters.text("filter"), &shown)?;
    let template = format!(
        "{}/api/tiles/{}/{{z}}/{{x}}/{{y}}{}",
        origin(&headers),
        listed(&shown),
        parameters.passed_on(&FIELDS)
    );
    let mut document = describe(&shown.layers, &shown.labels, &template, READER);
    document["wangge:most_bytes"] = MOST_BYTES.into();
    document["wangge:most_features"] = MOST_FEATURES.into();
    Ok(Json(document).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_is_sent_to_whoever_takes_it_and_to_nobody_who_refuses_it() {
        assert!(accepts_gzip("gzip") && accepts_gzip("br, gzip;q=0.5") && accepts_gzip("*"));
        assert!(!accepts_gzip("br") && !accepts_gzip("gzip;q=0") && !accepts_gzip("identity"));
        assert!(!accepts_gzip("gzip;q=0, *") && !accepts_gzip("GZIP;Q=0"));
    }
}
