//! Numbers by grid through the routes.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};

use super::County;

#[tokio::test]
async fn the_features_of_a_layer_are_counted_by_grid_with_all_that_a_legend_needs() {
    let county = County::open();
    let address = "/api/stats/base.community?measure=count&layer=camera&at=2026-01-31";
    let answer = county.get(address).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "application/json");
    let mut told = answer.json();
    assert!(told["version"].as_u64().unwrap() > 0);
    told["version"] = json!(0);
    let expected = json!({
        "scheme": "base", "level": "community", "measure": "count", "layer": "camera", "unit": null,
        "at": "2026-01-30T16:00:00Z", "version": 0, "total": 5, "outside": 0, "class_method": "quantile",
        "classes": [{"from": 1, "to": 1, "grids": 1}, {"from": 4, "to": 4, "grids": 1}],
        "values": [
            {"code": "51152601", "name": "网格51152601", "value": 4},
            {"code": "51152602", "name": "网格51152602", "value": 1},
        ],
    });
    // The fourth camera, at 1.0, is on the border.
    assert_eq!(told, expected);
}

#[tokio::test]
async fn a_share_says_of_how_many_and_an_area_needs_no_layer() {
    let county = County::open();
    let share = "/api/stats/base.county?measure=share&layer=camera&filter=code%20%3E%20'C1'";
    let told = county.get(share).await.json();
    assert_eq!(
        (&told["unit"], &told["total_of"]),
        (&json!("%"), &json!([3, 5]))
    );
    assert_eq!(told["values"][0]["of"], json!([3, 5]));
    assert_eq!(told["values"][0]["value"], 60);
    let told = county.get("/api/stats/base.grid?measure=area").await.json();
    assert_eq!(told["unit"], "km²");
    assert_eq!(told["values"].as_array().unwrap().len(), 3);
    assert!(told["values"][0]["value"].as_f64().unwrap() > 0.1);
    assert_eq!(told["outside"], Value::Null);
}

#[tokio::test]
async fn the_same_numbers_are_not_sent_again() {
    let county = County::open();
    let address = "/api/stats/base.grid?measure=count&layer=camera";
    let first = county.get(address).await;
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with("W/"), "{tag}");
    assert_eq!(first.header("cache-control"), "no-cache");
    let again = Request::get(address).header("If-None-Match", &tag);
    let again = county.ask(again.body(Body::empty()).unwrap()).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    assert!(again.body.is_empty());
    let other = county
        .get("/api/stats/base.county?measure=count&layer=camera")
        .await;
    assert_ne!(other.header("etag"), tag);
}

/// A question after `/api/stats/`, the status of the refusal, its field, its value, and words of its detail.
type Refusal = (
    &'static str,
    u16,
    &'static str,
    Option<&'static str>,
    &'static str,
);

const REFUSALS: [Refusal; 14] = [
    (
        "base.street?measure=count&layer=camera",
        404,
        "level",
        Some("base.street"),
        "base.county, base.community, base.grid",
    ),
    (
        "camera?measure=count&layer=camera",
        404,
        "level",
        Some("camera"),
        "no grid level",
    ),
    (
        "base.grid",
        400,
        "measure",
        None,
        "count, sum, mean, area, density, share",
    ),
    (
        "base.grid?measure=median&layer=camera",
        400,
        "measure",
        Some("median"),
        "count, sum",
    ),
    ("base.grid?measure=count", 400, "layer", None, "camera"),
    (
        "base.grid?measure=count&layer=lamp",
        404,
        "layer",
        Some("lamp"),
        "camera",
    ),
    (
        "base.grid?measure=sum&layer=camera",
        400,
        "field",
        None,
        "no fields of numbers",
    ),
    (
        "base.grid?measure=sum&layer=camera&field=network",
        400,
        "field",
        Some("network"),
        "layer camera",
    ),
    (
        "base.grid?measure=share&layer=camera",
        400,
        "filter",
        None,
        "share",
    ),
    (
        "base.grid?measure=count&layer=camera&filter=code%20%3D",
        400,
        "filter",
        Some("code ="),
        "character 7",
    ),
    (
        "base.grid?measure=area&layer=camera",
        400,
        "layer",
        Some("camera"),
        "leave it out",
    ),
    (
        "base.grid?measure=count&layer=camera&field=x",
        400,
        "field",
        Some("x"),
        "leave it out",
    ),
    (
        "base.grid?measure=count&layer=camera&at=soon",
        400,
        "at",
        Some("soon"),
        "RFC 3339",
    ),
    (
        "base.grid?measure=count&layers=camera",
        400,
        "layers",
        Some("camera"),
        "measure, layer",
    ),
];

#[tokio::test]
async fn a_question_that_cannot_be_answered_names_the_field_the_value_and_what_there_is() {
    let county = County::open();
    for (address, status, field, value, words) in REFUSALS {
        let refused = county.get(&format!("/api/stats/{address}")).await;
        assert_eq!(refused.status.as_u16(), status, "{address}");
        assert_eq!(refused.header("content-type"), "application/problem+json");
        let problem = refused.json();
        assert_eq!(problem["field"], field, "{address}: {problem}");
        assert_eq!(problem["value"].as_str(), value, "{address}: {problem}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(words), "{address}: {detail}");
    }
}
