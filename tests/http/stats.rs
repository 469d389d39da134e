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

#[tokio::test]
async fn the_tag_follows_everything_that_the_numbers_follow() {
    let county = County::open();
    let file = rusqlite::Connection::open(&county.path).unwrap();
    let base = "/api/stats/base.grid?measure=count&layer=camera";
    let addresses = [
        base.to_owned(),
        format!("{base}&filter=code%20%3D%20'C1'"),
        "/api/stats/base.grid?measure=density&layer=camera".to_owned(),
        "/api/stats/base.grid?measure=area".to_owned(),
    ];
    let mut tags = Vec::new();
    for address in &addresses {
        tags.push(county.get(address).await.header("etag").to_owned());
    }
    let distinct: std::collections::BTreeSet<&String> = tags.iter().collect();
    assert_eq!(distinct.len(), tags.len(), "{tags:?}");
    let edits = [
        // Of what is counted, then of the grids: their names, and which there are.
        "DELETE FROM camera WHERE code = 'C1'",
        "UPDATE \"base.grid\" SET name = '新网格' WHERE code = '5115260101'",
        "DELETE FROM \"base.grid\" WHERE code = '5115260101'",
    ];
    for edit in edits {
        let before = county.get(base).await.header("etag").to_owned();
        assert_eq!(file.execute(edit, ()).unwrap(), 1, "{edit}");
        county.service.app().follow().unwrap();
        let request = Request::get(base).header("If-None-Match", &before);
        let after = county.ask(request.body(Body::empty()).unwrap()).await;
        assert_eq!(after.status, StatusCode::OK, "{edit}");
        assert_ne!(after.header("etag"), before, "{edit}");
    }
}

#[tokio::test]
async fn more_questions_at_once_than_there_are_cores_are_all_answered() {
    let county = County::open();
    let address = "/api/stats/base.grid?measure=count&layer=camera";
    let asked = (0..64).map(|_| {
        let routes = county.routes.clone();
        let request = Request::get(address).body(Body::empty()).unwrap();
        tokio::spawn(tower::ServiceExt::oneshot(routes, request))
    });
    let asked: Vec<_> = asked.collect();
    for answer in asked {
        assert_eq!(answer.await.unwrap().unwrap().status(), StatusCode::OK);
    }
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
