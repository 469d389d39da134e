//! What may be asked of the small county, right and wrong.

use axum::http::Method;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::text_of;

/// Text in an address as a form would send it.
pub(super) fn encode(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Text in an address, mostly with what does not belong there encoded.
fn encoded(text: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    (text, prop::bool::weighted(0.9)).prop_map(
        |(text, is_encoded)| {
            if is_encoded { encode(&text) } else { text }
        },
    )
}

fn word() -> impl Strategy<Value = String> {
    encoded(text_of(&[
        "104.705",
        "28.405",
        "-1",
        "0",
        "1e999",
        "NaN",
        "inf",
        ",",
        "wgs84",
        "gcj02",
        "bd09",
        "EPSG:",
        "4544",
        "3857",
        "32648",
        "2026-01-31",
        "T08:00:00+08:00",
        "Z",
        "base",
        "base.grid",
        "camera",
        ".json",
        ".geojson",
        ".mvt",
        "10",
        "809",
        "427",
        "%ff",
    ]))
}

pub(super) fn query() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "lon", "lat", "crs", "at", "scheme", "bbox", "accuracy", "unit", "category", "gap_m",
        "limit", "lon",
    ]);
    let sound = prop::sample::select(vec![
        "lon=104.705&lat=28.405",
        "lon=104.7100001&lat=28.405",
        "lon=180&lat=-90",
        "accuracy=10000",
        "gap_m=3",
        "lon=1e308&lat=-1e308&crs=bd09",
        "lon=1&lat=1&crs=EPSG:4978",
        "at=2026-01-31",
        "bbox=104,28,105,29",
        "crs=EPSG:4544",
        "scheme=base",
    ]);
    let pair = prop_oneof![
        2 => (name, word()).prop_map(|(name, value)| format!("{name}={value}")),
        2 => sound.prop_map(str::to_owned),
        1 => word(),
    ];
    prop::collection::vec(pair, 0..6).prop_map(|pairs| pairs.join("&"))
}

fn tile_path() -> impl Strategy<Value = String> {
    let parts = ("camera|base.grid", 0..26_u32, 0..900_u32, 0..900_u32);
    parts.prop_map(|(layer, z, x, y)| format!("/api/tiles/{layer}/{z}/{x}/{y}.mvt"))
}

pub(super) fn method() -> impl Strategy<Value = Method> {
    let others = vec![Method::POST, Method::HEAD, Method::PUT, Method::OPTIONS];
    prop_oneof![6 => Just(Method::GET), 1 => prop::sample::select(others)]
}

/// A time as people write it, whole or not.
pub(super) fn time_text() -> impl Strategy<Value = String> {
    let date = "20[0-9]{2}-0[1-9]-[0-2][0-9]";
    let clock = "([Tt ][01][0-9]:[0-5][0-9]:[0-5][0-9])?";
    let offset = "(Z|[+-]0[0-9]:[0-5]0)?";
    (date, clock, offset).prop_map(|(date, clock, offset)| date + &clock + &offset)
}

pub(super) fn path() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "/api/locate",
        "/api/collections",
        "/api/tiles/camera.json",
        "/api/tiles/base.grid,camera.json",
        "/api/tiles/base.grid/10/809/427",
        "/api/export/camera.geojson",
        "/api/export/base.grid.geojson",
        "/healthz",
        "/readyz",
        "/metrics",
        "/",
        "/api",
    ]);
    prop_oneof![
        4 => known.prop_map(str::to_owned),
        1 => prop::array::uniform4(word()).prop_map(|[l, z, x, y]| format!("/api/tiles/{l}/{z}/{x}/{y}")),
        1 => tile_path(),
        1 => word().prop_map(|word| format!("/api/tiles/{word}")),
        1 => word().prop_map(|word| format!("/api/export/{word}")),
        1 => prop::collection::vec(word(), 0..4).prop_map(|words| format!("/{}", words.join("/"))),
    ]
}

pub(super) fn headers() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let name = prop::sample::select(vec![
        "Host",
        "Accept-Encoding",
        "If-None-Match",
        "Accept",
        "Range",
        "Content-Type",
    ]);
    let value = text_of(&[
        "gzip", "br", "zstd", "*", ";q=0", ", ", "W/\"", "\"", "bytes=0-", "a:80", "[", "text/csv",
    ]);
    prop::collection::vec((name, value), 0..3)
}

fn point() -> impl Strategy<Value = Value> {
    prop_oneof![
        (104.69..104.73_f64, 28.39..28.43_f64).prop_map(|(lon, lat)| json!([lon, lat])),
        prop::sample::select(vec![
            json!([]),
            json!([1]),
            json!([1, 2, 3]),
            json!(null),
            json!("104,28"),
            json!({"lon": 1}),
            json!([1e300, "2"])
        ]),
        prop::array::uniform2(any::<i64>()).prop_map(|pair| json!(pair)),
    ]
}

pub(super) fn question() -> impl Strategy<Value = Value> {
    let words = |words: Vec<Value>| prop::option::of(prop::sample::select(words));
    let crs = words(vec![
        json!("gcj02"),
        json!("EPSG:4544"),
        json!("EPSG:0"),
        json!("none"),
        json!(3),
        json!(null),
    ]);
    let at = words(vec![
        json!("2026-01-31"),
        json!("now"),
        json!(0),
        json!(null),
    ]);
    (prop::collection::vec(point(), 0..8), crs, at).prop_map(|(points, crs, at)| {
        let mut question = json!({"points": points});
        for (name, value) in [("crs", crs), ("at", at)] {
            if let Some(value) = value {
                question[name] = value;
            }
        }
        question
    })
}
