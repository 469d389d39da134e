//! Styles, their icons and their letters: through the routes, and by the validator of the style specification.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use wangge::app::{App, Fonts, configure};
use wangge::config::Configuration;
use wangge::http::{Service, router};
use wangge::store::{Mode, Store};

use super::County;
use crate::support::{grid, layer, put, rectangle};

const DEMO: &str = include_str!("../../data/layers.toml");

/// A catalogue that no design foresaw: Chinese names, no colours, no scheme, all roles, heights of every kind.
const AWKWARD: &str = r##"
    [[layer]]
    name = "摄像头-东_1"
    geometry = "point"
    min_zoom = 24
    max_zoom = 24
    fields = [{ name = "kind", type = "text", tile = true, sensitivity = "public" }]

    [[layer]]
    name = "hidden"
    geometry = "point"
    icon = "team"
    color = "#000000"
    fields = [{ name = "kind", type = "text" }]

    [[layer]]
    name = "river"
    geometry = "line"
    role = "water"

    [[layer]]
    name = "lake"
    geometry = "polygon"
    role = "water"

    [[layer]]
    name = "路"
    geometry = "line"
    role = "road"
    fields = [{ name = "class", type = "text", tile = true }]

    [[layer]]
    name = "square"
    geometry = "polygon"
    role = "road"

    [[layer]]
    name = "border"
    geometry = "polygon"
    role = "boundary"

    [[layer]]
    name = "park"
    geometry = "polygon"
    role = "land"

    [[layer]]
    name = "zone"
    geometry = "polygon"

    [[layer]]
    name = "way"
    geometry = "line"

    [[layer]]
    name = "tower"
    geometry = "polygon"
    fields = [{ name = "height", type = "real", tile = true }, { name = "min_height", type = "real", tile = true }]

    [[layer]]
    name = "block"
    geometry = "polygon"
    storey_m = 2.8
    fields = [{ name = "height", type = "text", tile = true }, { name = "levels", type = "integer", tile = true }, { name = "base", type = "real", tile = true }]

    [[layer]]
    name = "hut"
    geometry = "polygon"
    fields = [{ name = "floors", type = "integer", tile = true }]
"##;

/// A service of the schemes and layers of a configuration, without features.
fn configured(text: &str) -> County {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.gpkg");
    let mut store = Store::open_or_create(&path).unwrap();
    let wanted = Configuration::parse(text).unwrap();
    configure(&mut store, &wanted).unwrap();
    drop(store);
    let service = Arc::new(Service::new(App::open(&path).unwrap(), false));
    County {
        _folder: folder,
        path,
        routes: router(Arc::clone(&service)),
        service,
    }
}

async fn style(county: &County, id: &str) -> Value {
    let answer = county.get(&format!("/api/styles/{id}")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(
        answer.header("content-type"),
        "application/vnd.mapbox.style+json"
    );
    answer.json()
}

/// A part of a style, by its id.
fn part<'a>(style: &'a Value, id: &str) -> Option<&'a Value> {
    let layers = style["layers"].as_array().unwrap();
    layers.iter().find(|layer| layer["id"] == id)
}

#[tokio::test]
async fn every_style_of_every_catalogue_is_valid_by_the_validator_of_the_specification() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tile_decode");
    assert!(
        folder.join("node_modules").exists(),
        "tests/tile_decode/node_modules is missing: run `npm ci` in tests/tile_decode, or `make test`"
    );
    let written = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    let catalogues = [
        ("county", County::open()),
        ("demo", configured(DEMO)),
        ("awkward", configured(AWKWARD)),
        ("both", configured(&format!("{DEMO}{AWKWARD}"))),
        ("empty", configured("")),
        ("tianditu", super::base_map::with("http://127.0.0.1:9")),
    ];
    for (name, county) in &catalogues {
        for id in ["dark", "light", "print"] {
            let file = written.path().join(format!("{name}-{id}.json"));
            std::fs::write(&file, style(county, id).await.to_string()).unwrap();
            files.push(file);
        }
    }
    let mut node = Command::new("node");
    let output = node
        .arg(folder.join("style.mjs"))
        .args(&files)
        .output()
        .unwrap();
    let told: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    assert_eq!(told["faults"], json!([]));
}

#[tokio::test]
async fn every_icon_that_a_style_names_is_in_its_sheet_at_both_ratios() {
    let county = configured(&format!("{DEMO}{AWKWARD}"));
    let style = style(&county, "light").await;
    let mut named = vec!["hatch"];
    for layer in style["layers"].as_array().unwrap() {
        match &layer["layout"]["icon-image"] {
            Value::String(icon) => named.push(icon),
            // match, input, then pairs of kind and icon, and the icon of all others.
            Value::Array(cases) => {
                let icons = cases[2..].chunks(2).map(|pair| pair.last().unwrap());
                named.extend(
                    icons
                        .filter_map(Value::as_str)
                        .filter(|icon| !icon.is_empty()),
                );
            }
            _ => {}
        }
    }
    assert!(named.len() > 30, "{named:?}");
    for ratio in ["", "@2x"] {
        let sheet = county.get(&format!("/api/sprites/light{ratio}.json")).await;
        let sheet = sheet.json();
        for icon in &named {
            assert!(sheet[icon]["width"].is_u64(), "{icon}");
        }
        let picture = county.get(&format!("/api/sprites/light{ratio}.png")).await;
        assert_eq!(picture.header("content-type"), "image/png");
        assert!(picture.body.starts_with(b"\x89PNG"));
    }
}

#[tokio::test]
async fn addresses_follow_the_host_and_the_proxy_and_names_are_escaped() {
    let county = configured(AWKWARD);
    let request = Request::get("/api/styles/dark")
        .header("Host", "localhost:9")
        .header("X-Forwarded-Proto", "https");
    let style = county
        .ask(request.body(Body::empty()).unwrap())
        .await
        .json();
    assert_eq!(style["sprite"], "https://localhost:9/api/sprites/dark");
    assert_eq!(
        style["glyphs"],
        "https://localhost:9/api/fonts/{fontstack}/{range}.pbf"
    );
    assert_eq!(
        style["sources"]["摄像头-东_1"]["tiles"][0],
        "https://localhost:9/api/tiles/%E6%91%84%E5%83%8F%E5%A4%B4-%E4%B8%9C_1/{z}/{x}/{y}.mvt"
    );
}

#[tokio::test]
async fn names_of_grids_and_areas_come_with_their_tiles_and_what_is_too_small_is_a_dot() {
    let county = County::open();
    let style = style(&county, "dark").await;
    let tiles = style["sources"]["base.grid"]["tiles"][0].as_str().unwrap();
    let path = tiles.strip_prefix("http://127.0.0.1:8080").unwrap();
    assert_eq!(path, "/api/tiles/base.grid,base.grid.label/{z}/{x}/{y}.mvt");
    // The tile of the county's middle.
    let path = path.replace("{z}/{x}/{y}", "14/12957/6842");
    let tile = county.get(&path).await;
    assert_eq!(tile.status, StatusCode::OK);
    let tile = fast_mvt::MvtReaderRef::new(&tile.body).unwrap();
    let layers = tile.to_tile().unwrap().layers;
    let names: Vec<&str> = layers.iter().map(|layer| layer.name.as_str()).collect();
    assert_eq!(names, ["base.grid", "base.grid.label"]);
    let label = part(&style, "base.grid|label").unwrap();
    assert_eq!(label["source-layer"], "base.grid.label");
    let speck = part(&style, "base.grid|speck").unwrap();
    assert_eq!(speck["filter"], json!(["==", ["geometry-type"], "Point"]));
    let camera = &style["sources"]["camera"]["tiles"][0];
    assert!(camera.as_str().unwrap().contains("/camera/"));
}

#[tokio::test]
async fn grids_can_be_painted_by_code_and_points_shown_as_heat_once_that_is_switched_on() {
    let county = County::open();
    let style = style(&county, "light").await;
    for level in ["base.county", "base.community", "base.grid"] {
        assert_eq!(style["sources"][level]["promoteId"], json!({level: "code"}));
        let theme = part(&style, &format!("{level}|theme")).unwrap();
        assert_eq!(theme["layout"]["visibility"], "none");
        let shades = style["metadata"]["wangge:theme"]["colors"].as_array();
        assert_eq!(shades.unwrap().len(), 5);
    }
    assert_eq!(style["sources"]["camera"]["promoteId"], Value::Null);
    let heat = part(&style, "camera|heat").unwrap();
    assert_eq!(heat["type"], "heatmap");
    assert_eq!(heat["layout"]["visibility"], "none");
    let place = |id: &str| {
        let mut layers = style["layers"].as_array().unwrap().iter();
        layers.position(|layer| layer["id"] == id).unwrap()
    };
    assert!(place("base.grid|fill") < place("base.grid|theme"));
    assert!(place("base.county|theme") < place("base.grid|line"));
    assert!(place("base.county|line") < place("camera|heat"));
}

#[tokio::test]
async fn the_list_and_the_metadata_lead_to_the_styles() {
    let county = County::open();
    let list = county.get("/api/styles").await.json();
    assert_eq!(list["default"], "dark");
    let styles = list["styles"].as_array().unwrap();
    assert_eq!(styles.len(), 3);
    for listed in styles {
        for link in listed["links"].as_array().unwrap() {
            let href = link["href"].as_str().unwrap();
            let path = href.strip_prefix("http://127.0.0.1:8080").unwrap();
            let answer = county.get(path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            assert_eq!(answer.header("content-type"), link["type"], "{path}");
        }
    }
    let metadata = county.get("/api/styles/print/metadata").await.json();
    assert_eq!(metadata["stylesheets"][0]["native"], true);
    assert_eq!(metadata["layers"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn a_style_an_icon_sheet_or_a_font_that_is_not_there_says_what_is() {
    let county = County::open();
    for (address, status, words) in [
        ("/api/styles/neon", 404, "dark, light, print"),
        ("/api/styles/neon/metadata", 404, "dark, light, print"),
        ("/api/sprites/neon.json", 404, "dark, light, print"),
        ("/api/sprites/dark@3x.png", 404, "{id}@2x.png"),
        ("/api/sprites/dark.gif", 404, "{id}.png"),
        ("/api/sprites/dark", 404, "{id}.png"),
        (
            "/api/fonts/Comic%20Sans/0-255.pbf",
            404,
            "there are: Noto Sans Regular",
        ),
        ("/api/fonts/..%2F..%2Fetc/0-255.pbf", 404, "there are"),
        (
            "/api/fonts/Noto%20Sans%20Regular/0-254.pbf",
            400,
            "256-511.pbf",
        ),
        (
            "/api/fonts/Noto%20Sans%20Regular/..%2F0-255.pbf",
            400,
            "256-511.pbf",
        ),
        (
            "/api/fonts/Noto%20Sans%20Regular/0-255.json",
            400,
            "256-511.pbf",
        ),
    ] {
        let answer = county.get(address).await;
        assert_eq!(answer.status.as_u16(), status, "{address}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(words), "{address}: {detail}");
    }
}

#[tokio::test]
async fn letters_come_from_the_program_and_chinese_from_a_pack() {
    let county = County::open();
    let stack = "/api/fonts/Noto%20Sans%20Medium,Noto%20Sans%20Regular";
    let latin = county.get(&format!("{stack}/0-255.pbf")).await;
    assert_eq!(latin.status, StatusCode::OK);
    assert_eq!(latin.header("content-type"), "application/x-protobuf");
    assert!(latin.body.len() > 50_000);
    let none = county.get(&format!("{stack}/19968-20223.pbf")).await;
    assert_eq!((none.status, none.body.len()), (StatusCode::OK, 34));

    let folder = tempfile::tempdir().unwrap();
    let font = folder.path().join("Han");
    std::fs::create_dir(&font).unwrap();
    std::fs::write(font.join("19968-20223.pbf"), b"glyphs").unwrap();
    std::fs::write(folder.path().join("secret.pbf"), b"secret").unwrap();
    let fonts = Fonts::with_pack(folder.path()).unwrap();
    let service = Service::new(App::open(&county.path).unwrap(), false).with_fonts(fonts);
    let service = Arc::new(service);
    let county = County {
        routes: router(Arc::clone(&service)),
        service,
        ..county
    };
    let han = county.get("/api/fonts/Han/19968-20223.pbf").await;
    assert_eq!(han.body, b"glyphs");
    let style = style(&county, "dark").await;
    let label = part(&style, "base.grid|label").unwrap();
    assert_eq!(
        label["layout"]["text-font"],
        json!(["Han", "Noto Sans Regular"])
    );
    for escape in ["..", "%2E%2E", "Han%2F..", "."] {
        let answer = county.get(&format!("/api/fonts/{escape}/secret.pbf")).await;
        assert!(answer.status.is_client_error(), "{escape}");
    }
}

#[tokio::test]
async fn a_building_stands_by_its_measure_by_its_floors_only_where_that_is_configured_and_else_lies_hatched()
 {
    let county = configured(AWKWARD);
    let style = style(&county, "dark").await;
    let stands = |layer: &str, part_name: &str| part(&style, &format!("{layer}|{part_name}"));
    assert!(stands("tower", "extrusion").is_some() && stands("tower", "estimated").is_none());
    assert!(stands("block", "extrusion").is_some() && stands("block", "estimated").is_some());
    assert!(stands("hut", "extrusion").is_none() && stands("hut", "estimated").is_none());
    assert!(stands("zone", "hatch").is_none());
    let height = json!(["to-number", ["get", "height"], 0]);
    let floors = json!(["*", ["to-number", ["get", "levels"], 0], 2.8]);
    assert_eq!(
        stands("tower", "extrusion").unwrap()["filter"],
        json!([">", height, 0])
    );
    assert_eq!(
        stands("block", "estimated").unwrap()["filter"],
        json!(["all", [">", floors, 0], ["<=", height, 0]])
    );
    assert_eq!(
        stands("tower", "hatch").unwrap()["filter"],
        json!(["all", ["<=", height, 0]])
    );
    assert_eq!(
        stands("block", "hatch").unwrap()["filter"],
        json!(["all", ["<=", height, 0], ["<=", floors, 0]])
    );
    assert_eq!(stands("hut", "hatch").unwrap()["filter"], json!(["all"]));
    assert_eq!(style["metadata"]["wangge:layers"]["block"]["storey_m"], 2.8);
}

#[tokio::test]
async fn borders_of_upper_levels_lie_over_lower_ones_and_the_base_map_below_all() {
    let county = configured(&format!("{DEMO}{AWKWARD}"));
    for id in ["dark", "light", "print"] {
        let style = style(&county, id).await;
        let layers = style["layers"].as_array().unwrap();
        let ids: Vec<_> = layers
            .iter()
            .map(|layer| layer["id"].as_str().unwrap())
            .collect();
        let rank = |id: &str| {
            ids.iter()
                .position(|known| *known == id)
                .unwrap_or_else(|| panic!("{id}"))
        };
        let rising = [
            "~ground",
            "base.county|land",
            "park|fill",
            "lake|fill",
            "路|casing",
            "路|line",
            "border|line",
            "base.street|fill",
            "base.micro_grid|line",
            "base.grid|line",
            "base.county|line",
            "building|extrusion",
            "camera|circle",
            "camera|icon",
            "camera|name",
            "base.county|label",
        ];
        for pair in rising.windows(2) {
            assert!(rank(pair[0]) < rank(pair[1]), "{id}: {pair:?}");
        }
    }
}

#[tokio::test]
async fn a_layer_that_comes_is_in_the_style_at_the_next_request() {
    let county = County::open();
    assert!(part(&style(&county, "dark").await, "夜市|fill").is_none());
    let mut store = Store::open(&county.path).unwrap();
    let market = layer("夜市", wangge::model::GeometryKind::Polygon, vec![]);
    let change = store.change().unwrap();
    change.define_layer(&market).unwrap();
    let features = [grid("1", None, rectangle(0.0, 0.0, 1.0, 1.0))];
    change
        .put_features(&market, &put(Mode::Upsert), &features)
        .unwrap();
    change.commit().unwrap();
    county.service.app().follow().unwrap();
    assert!(part(&style(&county, "dark").await, "夜市|fill").is_some());
}
