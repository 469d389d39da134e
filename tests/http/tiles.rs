//! Tiles in the form that a request takes.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::Value;

use super::{Answer, County};

const MVT: &str = "application/vnd.mapbox-vector-tile";
const MLT: &str = "application/vnd.maplibre-tile";
const TILE: &str = "/api/tiles/base.grid,camera/10/809/427";

async fn accepting(county: &County, address: &str, accept: &str, tag: Option<&str>) -> Answer {
    let mut request = Request::get(address).header("Accept", accept);
    if let Some(tag) = tag {
        request = request.header("If-None-Match", tag);
    }
    county.ask(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_tile_comes_as_mlt_to_who_asks_for_it_with_a_tag_of_its_own() {
    let county = County::open();
    let mvt = county.get(TILE).await;
    let mlt = accepting(&county, TILE, MLT, None).await;
    for (answer, kind) in [(&mvt, MVT), (&mlt, MLT)] {
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("content-type"), kind);
        assert_eq!(answer.header("vary"), "Accept, Accept-Encoding");
        assert_eq!(answer.header("content-encoding"), "");
    }
    assert_eq!(mlt.body, wangge::tile::mlt(&mvt.body).unwrap());
    assert_ne!(mvt.header("etag"), mlt.header("etag"));

    let tag = mlt.header("etag");
    let again = accepting(&county, TILE, MLT, Some(tag)).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    assert_eq!(again.header("vary"), "Accept, Accept-Encoding");
    let other = accepting(&county, TILE, MVT, Some(tag)).await;
    assert_eq!(other.status, StatusCode::OK);
    let empty = accepting(&county, "/api/tiles/base.grid/10/0/0", MLT, None).await;
    assert_eq!(empty.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn qualities_choose_the_form_a_suffix_settles_it_and_who_refuses_all_is_told() {
    let county = County::open();
    for (accept, kind) in [
        ("*/*", MVT),
        ("application/json", MVT),
        (&*format!("{MLT};q=0.3, {MVT};q=0.7"), MVT),
        (&*format!("{MLT};q=0.7, {MVT};q=0.3"), MLT),
        (&*format!("{MLT}, */*;q=0.1"), MLT),
    ] {
        let answer = accepting(&county, TILE, accept, None).await;
        assert_eq!(answer.header("content-type"), kind, "{accept}");
    }
    let named = accepting(&county, &format!("{TILE}.mvt"), MLT, None).await;
    assert_eq!(named.header("content-type"), MVT);
    let refused = accepting(&county, TILE, &format!("{MVT};q=0"), None).await;
    assert_eq!(refused.status, StatusCode::NOT_ACCEPTABLE);
    let problem: Value = refused.json();
    assert_eq!(problem["field"], "Accept");
    assert!(problem["detail"].as_str().unwrap().contains(MLT));
}

#[tokio::test]
async fn an_edit_is_in_the_next_mlt_too() {
    let county = County::open();
    let before = accepting(&county, TILE, MLT, None).await;
    let kept = accepting(&county, TILE, MLT, None).await;
    assert_eq!(kept.body, before.body);
    let file = rusqlite::Connection::open(&county.path).unwrap();
    file.execute("DELETE FROM camera WHERE code = 'C2'", ())
        .unwrap();
    county.service.app().follow().unwrap();
    let after = accepting(&county, TILE, MLT, None).await;
    assert_ne!(after.body, before.body);
    assert_ne!(after.header("etag"), before.header("etag"));
}
