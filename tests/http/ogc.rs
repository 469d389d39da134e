//! OGC API Tiles: from the landing page to a tile by links alone.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::County;

/// The address that a document links to by this relation, and by this type where it is given.
fn linked(document: &Value, rel: &str, kind: Option<&str>) -> String {
    let links = document["links"].as_array().unwrap();
    let is_wanted =
        |link: &&Value| link["rel"] == rel && kind.is_none_or(|kind| link["type"] == kind);
    let link = links
        .iter()
        .find(is_wanted)
        .unwrap_or_else(|| panic!("{rel}: {document}"));
    let href = link["href"].as_str().unwrap();
    href.trim_start_matches("http://127.0.0.1:8080").to_owned()
}

async fn page(county: &County, address: &str) -> Value {
    let answer = county.get(address).await;
    assert_eq!(answer.status, StatusCode::OK, "{address}");
    answer.json()
}

#[tokio::test]
async fn a_client_that_knows_only_the_landing_page_finds_a_tile() {
    let county = County::open();
    let landing = page(&county, "/api").await;
    let collections = page(&county, &linked(&landing, "data", None)).await;
    let listed = collections["collections"].as_array().unwrap();
    let grids = listed
        .iter()
        .find(|layer| layer["id"] == "base.grid")
        .unwrap();
    let grids_page = page(&county, &linked(grids, "self", None)).await;
    assert_eq!(&grids_page, grids);
    let rel = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector";
    let list = page(&county, &linked(&grids_page, rel, None)).await;
    let tilesets = list["tilesets"].as_array().unwrap();
    assert_eq!(tilesets.len(), 1);
    assert_eq!(tilesets[0]["dataType"], "vector");
    let tileset = page(&county, &linked(&tilesets[0], "self", None)).await;
    let template = linked(&tileset, "item", Some("application/vnd.mapbox-vector-tile"));
    let limits = tileset["tileMatrixSetLimits"].as_array().unwrap();
    let limit = limits
        .iter()
        .find(|limit| limit["tileMatrix"] == "10")
        .unwrap();
    let address = template
        .replace("{tileMatrix}", "10")
        .replace("{tileRow}", &limit["minTileRow"].to_string())
        .replace("{tileCol}", &limit["minTileCol"].to_string());
    let tile = county.get(&address).await;
    assert_eq!(tile.status, StatusCode::OK, "{address}");
    // The row comes before the column.
    assert!(
        address.ends_with("/WebMercatorQuad/10/427/809"),
        "{address}"
    );
    assert_eq!(
        tile.body,
        county.get("/api/tiles/base.grid/10/809/427").await.body
    );
}

#[tokio::test]
async fn a_tileset_says_its_scheme_its_ground_and_its_fields() {
    let county = County::open();
    let tileset = page(&county, "/api/collections/camera/tiles/WebMercatorQuad").await;
    for (key, value) in [
        ("title", json!("层camera")),
        ("crs", json!("http://www.opengis.net/def/crs/EPSG/0/3857")),
        (
            "tileMatrixSetURI",
            json!("http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"),
        ),
    ] {
        assert_eq!(tileset[key], value, "{key}");
    }
    let crs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";
    assert_eq!(
        tileset["boundingBox"],
        json!({"lowerLeft": [104.701, 28.405], "upperRight": [104.713, 28.405], "crs": crs84})
    );
    assert_eq!(tileset["tileMatrixSetLimits"].as_array().unwrap().len(), 15);
    let layer = &tileset["layers"][0];
    assert_eq!(
        (&layer["id"], &layer["geometryDimension"]),
        (&json!("camera"), &json!(0))
    );
    assert_eq!(
        (&layer["minTileMatrix"], &layer["maxTileMatrix"]),
        (&json!("0"), &json!("14"))
    );
    assert_eq!(
        layer["propertiesSchema"]["properties"]["network"],
        json!({"type": "string"})
    );
    let scheme = linked(
        &tileset,
        "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme",
        None,
    );
    let set = page(&county, &scheme).await;
    assert_eq!(set["id"], "WebMercatorQuad");
    assert_eq!(set["tileMatrices"].as_array().unwrap().len(), 25);
    assert_eq!(
        set["tileMatrices"][0]["pointOfOrigin"],
        json!([-20_037_508.342_789_244, 20_037_508.342_789_244])
    );
    let sets = page(&county, "/api/tileMatrixSets").await;
    assert_eq!(linked(&sets["tileMatrixSets"][0], "self", None), scheme);
}

#[tokio::test]
async fn every_link_of_every_page_leads_somewhere_and_every_class_is_an_address() {
    let county = County::open();
    for start in [
        "/api",
        "/api/tileMatrixSets",
        "/api/collections/camera",
        "/api/collections/camera/tiles",
        "/api/collections/camera/tiles/WebMercatorQuad",
    ] {
        let document = page(&county, start).await;
        let links = document["links"].as_array().unwrap();
        for link in links.iter().filter(|link| link["templated"] != true) {
            let href = link["href"].as_str().unwrap();
            let answer = county
                .get(href.trim_start_matches("http://127.0.0.1:8080"))
                .await;
            assert_eq!(answer.status, StatusCode::OK, "{start}: {href}");
        }
    }
    let classes = page(&county, "/api/conformance").await;
    for class in classes["conformsTo"].as_array().unwrap() {
        assert!(
            class
                .as_str()
                .unwrap()
                .starts_with("http://www.opengis.net/spec/")
        );
    }
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_that_names_it() {
    let county = County::open();
    let tiles = "/api/collections/camera/tiles";
    for (address, status, field) in [
        ("/api/collections/nobody".to_owned(), 404, "layer"),
        ("/api/collections/nobody/tiles".to_owned(), 404, "layer"),
        (
            "/api/collections/nobody/tiles/WebMercatorQuad".to_owned(),
            404,
            "layer",
        ),
        (
            "/api/collections/camera,base.grid/tiles/WebMercatorQuad/0/0/0".to_owned(),
            404,
            "layer",
        ),
        (
            "/api/tileMatrixSets/WorldCRS84Quad".to_owned(),
            404,
            "tileMatrixSetId",
        ),
        (format!("{tiles}/WorldCRS84Quad"), 404, "tileMatrixSetId"),
        (
            format!("{tiles}/WorldCRS84Quad/0/0/0"),
            404,
            "tileMatrixSetId",
        ),
        (
            format!("{tiles}/WebMercatorQuad/1/2/0"),
            400,
            "tileMatrix/tileCol/tileRow",
        ),
        (
            format!("{tiles}/WebMercatorQuad/25/0/0"),
            400,
            "tileMatrix/tileCol/tileRow",
        ),
        (format!("{tiles}/WebMercatorQuad/1/x/0"), 400, "tileRow"),
        (
            format!("{tiles}/WebMercatorQuad/1/0/0?limit=3"),
            400,
            "limit",
        ),
    ] {
        let answer = county.get(&address).await;
        assert_eq!(answer.status, status, "{address}");
        assert_eq!(answer.json()["field"], field, "{address}");
    }
    let empty = county.get(&format!("{tiles}/WebMercatorQuad/10/0/0")).await;
    assert_eq!(empty.status, StatusCode::NO_CONTENT);
}
