//! Every rule, outcome and warning of a locate answer as HTTP tells it.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Value, json};
use wangge::app::App;
use wangge::http::{Service, router};
use wangge::model::{Coord, Crs, Geometry, GeometryKind, LocateRules, LonLat, Scheme};
use wangge::store::{Mode, Store};

use super::County;
use crate::support::town::{REDRAWN, Town};
use crate::support::{at, grid, layer, put, rectangle};

fn open((folder, path): (tempfile::TempDir, std::path::PathBuf), rules: LocateRules) -> County {
    let app = App::open_with(&path, rules).unwrap();
    let service = Arc::new(Service::new(app, false));
    County {
        _folder: folder,
        path,
        routes: router(Arc::clone(&service)),
        service,
    }
}

fn town() -> County {
    open(Town::new().store(), LocateRules::default())
}

async fn ask_degrees(town: &County, at: LonLat, more: &str) -> Value {
    let address = format!("/api/locate?lon={}&lat={}{more}", at.lon, at.lat);
    let answer = town.get(&address).await;
    let json = answer.json();
    assert_eq!(answer.status, StatusCode::OK, "{json}");
    for field in [
        "version",
        "at",
        "outcome",
        "certain",
        "chain",
        "staff",
        "candidates",
    ] {
        assert!(!json[field].is_null(), "{field} is missing: {json}");
    }
    json
}

/// In sides from the town's corner.
async fn ask(town: &County, (east, north): (f64, f64), more: &str) -> Value {
    ask_degrees(town, at(east, north).degrees(), more).await
}

fn codes(list: &Value) -> Vec<&str> {
    let list = list.as_array().unwrap().iter();
    list.map(|each| each["code"].as_str().unwrap()).collect()
}

fn warning(answer: &Value) -> &str {
    let text = answer["warnings"][0].as_str().unwrap_or_default();
    text.split(':').next().unwrap()
}

fn overlay<'a>(answer: &'a Value, scheme: &str) -> &'a Value {
    let mut overlays = answer["overlays"].as_array().unwrap().iter();
    overlays.find(|each| each["scheme"] == scheme).unwrap()
}

#[tokio::test]
async fn every_outcome_is_answered() {
    let town = town();
    let mut seen = BTreeSet::new();
    for (place, more, outcome, grid, candidates) in [
        ((0.05, 0.05), "", "inside", Some("5115260101"), 0),
        ((1.0, 0.5), "", "boundary", Some("5115260101"), 2),
        (
            (0.99, 0.5),
            "&accuracy=210",
            "near_boundary",
            Some("5115260101"),
            2,
        ),
        ((1.95, 0.5), "", "overlap", Some("5115260201"), 2),
        ((0.5, 1.005), "", "gap", Some("5115260101"), 2),
        ((0.5, 1.005), "&gap_m=2", "fallback", None, 0),
        ((1.3, 1.3), "", "fallback", None, 0),
        ((1.45, 1.45), "", "ambiguous_unit", None, 3),
        ((5.0, 5.0), "", "outside", None, 0),
    ] {
        let answer = ask(&town, place, more).await;
        assert_eq!(answer["outcome"], outcome, "{answer}");
        assert_eq!(answer["certain"], outcome == "inside");
        assert_eq!(answer["grid"]["code"].as_str(), grid, "{answer}");
        assert_eq!(codes(&answer["candidates"]).len(), candidates, "{answer}");
        seen.insert(outcome);
    }
    assert_eq!(seen.len(), 8);
}

#[tokio::test]
async fn every_warning_begins_with_its_code() {
    let town = town();
    let home = at(1.95, 0.9).degrees();
    let gcj02 = Crs::Gcj02.from_wgs84(home).unwrap();
    let answer = ask_degrees(&town, gcj02, "").await;
    assert_eq!(
        (&answer["outcome"], warning(&answer)),
        (&json!("outside"), "looks_like_gcj02")
    );
    let bd09 = Crs::Bd09.from_wgs84(home).unwrap();
    let answer = ask_degrees(&town, bd09, "").await;
    assert!(
        answer["warnings"]
            .to_string()
            .contains("\"looks_like_bd09: "),
        "{answer}"
    );
    let west = at(0.01, 0.5).degrees();
    let answer = ask_degrees(&town, west, "&crs=bd09").await;
    assert_eq!(warning(&answer), "looks_like_wgs84");
    let answer = ask(&town, (1.45, 1.45), "&unit=9").await;
    assert_eq!(
        (&answer["outcome"], warning(&answer)),
        (&json!("ambiguous_unit"), "unknown_unit")
    );
    let sound = ask(&town, (0.05, 0.05), "").await;
    assert_eq!(sound["warnings"], json!([]));
}

#[tokio::test]
async fn rule_2_shares_and_distances_are_told_and_add_up_to_one_at_most() {
    let town = town();
    let answer = ask(&town, (0.99, 0.99), "&accuracy=500").await;
    let candidates = answer["candidates"].as_array().unwrap();
    assert_eq!(
        codes(&answer["candidates"]),
        ["5115260101", "5115260201", "5115260102"]
    );
    let shares: Vec<f64> = candidates
        .iter()
        .map(|each| each["share"].as_f64().unwrap())
        .collect();
    assert!(shares.is_sorted_by(|a, b| a >= b) && shares.iter().sum::<f64>() <= 1.0);
    assert_eq!(candidates[0]["distance_m"], 0.0);
    assert_eq!(candidates[0]["level"], "grid");
    let metres = candidates[1]["distance_m"].as_f64().unwrap();
    assert!((metres - 9.8).abs() < 0.1, "{metres}");
    let without = ask(&town, (1.0, 0.5), "").await;
    assert!(without["candidates"][0].get("share").is_none());
}

#[tokio::test]
async fn rule_2_an_accuracy_that_cannot_be_is_refused_by_name() {
    let town = town();
    for (field, value) in [
        ("accuracy", "-1"),
        ("accuracy", "nan"),
        ("accuracy", "inf"),
        ("accuracy", "1e9"),
        ("accuracy", "10000.1"),
        ("accuracy", "wide"),
        ("gap_m", "-0.1"),
        ("gap_m", "1e300"),
    ] {
        let address = format!("/api/locate?lon=104.7&lat=28.4&{field}={value}");
        let answer = town.get(&address).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        let problem = answer.json();
        assert_eq!(
            (&problem["field"], &problem["value"]),
            (&json!(field), &json!(value))
        );
        assert!(
            problem["detail"].as_str().unwrap().contains("metres"),
            "{problem}"
        );
    }
    let answer = ask(&town, (0.5, 0.5), "&accuracy=10000").await;
    assert_eq!(answer["outcome"], "near_boundary");
}

#[tokio::test]
async fn rule_7_a_latitude_beyond_90_is_refused_with_a_hint() {
    let answer = town().get("/api/locate?lon=28.405&lat=104.705").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(
        answer.json()["detail"]
            .as_str()
            .unwrap()
            .contains("swapped")
    );
}

#[tokio::test]
async fn rule_8_the_unit_is_picked_by_its_code_or_name() {
    let town = town();
    for unit in ["51152602-3-2", "3号楼2单元"] {
        let unit: String = form_urlencoded::byte_serialize(unit.as_bytes()).collect();
        let answer = ask(&town, (1.45, 1.45), &format!("&unit={unit}")).await;
        assert_eq!(answer["outcome"], "inside");
        assert_eq!(answer["certain"], true);
        assert_eq!(answer["grid"]["code"], "51152602-3-2");
        assert_eq!(answer["warnings"], json!([]));
    }
}

#[tokio::test]
async fn rule_9_the_past_answers_with_its_grids_and_its_staff() {
    let town = town();
    let past = ask(&town, (0.05, 0.05), "&at=2025-12-31T23:59:59%2B08:00").await;
    assert_eq!(past["grid"]["code"], "5115260100");
    assert_eq!(past["staff"][0]["name"], "张伟");
    let redrawn = form_urlencoded::byte_serialize(REDRAWN.as_bytes()).collect::<String>();
    let turn = ask(&town, (0.05, 0.05), &format!("&at={redrawn}")).await;
    assert_eq!(turn["grid"]["code"], "5115260101");
    assert_eq!(turn["staff"][0]["name"], "李娜");
    assert_eq!(turn["version"], past["version"]);
}

#[tokio::test]
async fn rule_10_a_dedicated_grid_answers_first_for_its_category_and_the_base_grid_beside_it() {
    let town = town();
    let category: String = form_urlencoded::byte_serialize("消防".as_bytes()).collect();
    let answer = ask(&town, (0.22, 0.22), &format!("&category={category}")).await;
    assert_eq!(answer["scheme"], "dedicated");
    assert_eq!(answer["grid"]["code"], "S1");
    assert_eq!(codes(&answer["chain"]), ["S1"]);
    assert_eq!(answer["community"]["code"], "51152601");
    let staff = json!([{"role": "principal", "name": "孙丽", "level": "site", "code": "S1"}]);
    assert_eq!(answer["staff"], staff);
    assert_eq!(overlay(&answer, "base")["grid"]["code"], "5115260101");
    let other = ask(&town, (0.22, 0.22), "&category=noise").await;
    assert_eq!(other["scheme"], "base");
    assert_eq!(overlay(&other, "dedicated")["grid"]["code"], "S1");
}

#[tokio::test]
async fn rule_11_a_lane_leader_is_found_beside_the_lane() {
    let town = town();
    // 9.8 m east of the lane.
    let answer = ask(&town, (0.51, 0.5), "").await;
    let lanes = overlay(&answer, "lanes");
    assert_eq!(lanes["grid"]["code"], "L1");
    assert_eq!(lanes["staff"][0]["name"], "吴刚");
    assert_eq!(answer["grid"]["code"], "5115260101");
}

#[tokio::test]
async fn rule_12_the_reporter_is_no_part_of_the_question() {
    let answer = town()
        .get("/api/locate?lon=104.7&lat=28.4&reporter=home")
        .await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(answer.json()["field"], "reporter");
}

#[tokio::test]
async fn rule_13_without_staff_the_communitys_answer_and_each_says_for_what() {
    let answer = ask(&town(), (1.5, 0.5), "").await;
    assert_eq!(answer["grid"]["code"], "5115260201");
    let staff =
        json!([{"role": "secretary", "name": "周强", "level": "community", "code": "51152602"}]);
    assert_eq!(answer["staff"], staff);
}

#[tokio::test]
async fn rule_13_a_dedicated_grid_without_staff_has_the_communitys_also_as_an_overlay() {
    let town = town();
    let staff =
        json!([{"role": "secretary", "name": "赵敏", "level": "community", "code": "51152601"}]);
    let answer = ask(&town, (0.35, 0.35), "").await;
    let market = overlay(&answer, "dedicated");
    assert_eq!(market["grid"]["code"], "S2");
    assert_eq!(
        (&market["staff"], &market["community"]["code"]),
        (&staff, &json!("51152601"))
    );
    for question in ["&scheme=dedicated", "&category=消防"] {
        let first = ask(&town, (0.35, 0.35), question).await;
        assert_eq!((&first["grid"], &first["staff"]), (&market["grid"], &staff));
    }
    // Where an overlay has no grid it has nobody.
    let nothing = overlay(&answer, "lanes");
    assert_eq!(
        (&nothing["community"], &nothing["staff"]),
        (&json!(null), &json!([]))
    );
}

#[tokio::test]
async fn rule_6_datum_degrees_that_are_declared_to_be_metres_get_a_warning() {
    let town = town();
    let home = at(0.05, 0.05).degrees();
    for (written, code) in [("wgs84", "looks_like_wgs84"), ("gcj02", "looks_like_gcj02")] {
        let way = wangge::exchange::Transform::from_wgs84(written.parse().unwrap()).unwrap();
        let answer = ask_degrees(&town, way.apply(home).unwrap(), "&crs=EPSG:4544").await;
        assert_eq!(answer["outcome"], "outside");
        let warnings = answer["warnings"].as_array().unwrap();
        let is_there = |warning: &Value| warning.as_str().unwrap().starts_with(code);
        assert!(warnings.iter().any(is_there), "{written}: {warnings:?}");
    }
}

#[tokio::test]
async fn rule_7_swapped_north_and_east_of_a_projection_get_a_warning() {
    let town = town();
    let way = wangge::exchange::Transform::from_wgs84("EPSG:4544".parse().unwrap()).unwrap();
    let there = way.apply(at(0.05, 0.05).degrees()).unwrap();
    let right = ask_degrees(&town, there, "&crs=EPSG:4544").await;
    assert_eq!(
        (&right["outcome"], &right["warnings"]),
        (&json!("inside"), &json!([]))
    );
    let swapped = ask_degrees(&town, LonLat::new(there.lat, there.lon), "&crs=EPSG:4544").await;
    assert_eq!(swapped["outcome"], "outside");
    assert!(warning(&swapped).starts_with("looks_swapped"), "{swapped}");
    // Where they are nowhere as they are, the refusal says so.
    let way = wangge::exchange::Transform::from_wgs84("EPSG:4523".parse().unwrap()).unwrap();
    let there = way.apply(at(0.05, 0.05).degrees()).unwrap();
    let address = format!(
        "/api/locate?lon={}&lat={}&crs=EPSG:4523",
        there.lat, there.lon
    );
    let answer = town.get(&address).await;
    let json = answer.json();
    assert!(
        answer.status == StatusCode::BAD_REQUEST
            && json["detail"].as_str().unwrap().contains("swapped")
            || warning(&json).starts_with("looks_swapped"),
        "{json}"
    );
}

#[tokio::test]
async fn rule_6_numbers_beyond_what_a_projection_can_mean_are_refused() {
    let town = town();
    let home = at(0.05, 0.05).degrees();
    let there = |crs: &str| {
        let way = wangge::exchange::Transform::from_wgs84(crs.parse().unwrap()).unwrap();
        way.apply(home).unwrap()
    };
    let (web, zone) = (there("EPSG:3857"), there("EPSG:4544"));
    for (crs, lon, lat) in [
        ("EPSG:3857", web.lon + 40_075_016.685_578_49, web.lat),
        ("EPSG:4544", zone.lon, zone.lat + 40_007_862.916_9),
        ("EPSG:3857", 1e8, web.lat),
        ("EPSG:3857", 1e9, 1e9),
    ] {
        let address = format!("/api/locate?lon={lon}&lat={lat}&crs={crs}");
        let answer = town.get(&address).await;
        let json = answer.json();
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{address}: {json}");
        let detail = json["detail"].as_str().unwrap();
        let told = format!("{lon}, {lat} lies beyond what numbers of {crs} can mean");
        assert!(detail.starts_with(&told), "{detail}");
        assert_eq!(json["field"], "lon");
    }
}

#[tokio::test]
async fn rule_7_a_projections_refusal_says_swapped_only_of_ground_that_is_known_and_names_a_zone() {
    let town = town();
    let refusal = async |lon: f64, lat: f64, crs: &str| {
        let address = format!("/api/locate?lon={lon}&lat={lat}&crs={crs}");
        let answer = town.get(&address).await;
        let json = answer.json();
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{address}: {json}");
        json["detail"].as_str().unwrap().to_owned()
    };
    let zone = refusal(35_471_100.0, 3_143_358.0, "EPSG:4544").await;
    assert!(
        zone.contains("begins with 35") && zone.contains("crs=EPSG:4523"),
        "{zone}"
    );
    assert!(!zone.contains("swapped"), "{zone}");
    let huge = refusal(1e9, 28.405, "EPSG:4544").await;
    assert!(huge.ends_with("both in the units of the system"), "{huge}");
    let way = wangge::exchange::Transform::from_wgs84("EPSG:4523".parse().unwrap()).unwrap();
    let there = way.apply(at(0.05, 0.05).degrees()).unwrap();
    let turned = refusal(there.lat, there.lon, "EPSG:4523").await;
    assert!(turned.ends_with("they look swapped"), "{turned}");
}

#[tokio::test]
async fn the_datums_all_bring_a_point_to_the_same_grid() {
    let town = town();
    let home = at(0.05, 0.05).degrees();
    for (crs, approximate) in [
        ("wgs84", false),
        ("cgcs2000", false),
        ("gcj02", true),
        ("bd09", true),
        ("EPSG:4326", false),
        ("EPSG:4490", false),
        ("EPSG:4523", false),
        ("EPSG:4544", false),
    ] {
        let way = wangge::exchange::Transform::from_wgs84(crs.parse().unwrap()).unwrap();
        let there = way.apply(home).unwrap();
        let answer = ask_degrees(&town, there, &format!("&crs={crs}")).await;
        assert_eq!(answer["grid"]["code"], "5115260101", "{crs}");
        assert_eq!(answer["approximate"], approximate, "{crs}");
        assert_eq!(
            (&answer["lon"], &answer["lat"]),
            (&json!(there.lon), &json!(there.lat))
        );
    }
}

#[tokio::test]
async fn a_deployments_rules_outlive_a_change_of_the_store() {
    let text = "[locate]\ngap_limit_m = 1\ncommunity_levels = [\"county\"]\n";
    let rules = wangge::config::Configuration::parse(text).unwrap().locate;
    let town = open(Town::new().store(), rules.unwrap());
    for _ in 0..2 {
        let answer = ask(&town, (0.5, 1.005), "").await;
        assert_eq!(answer["outcome"], "fallback");
        assert_eq!(answer["community"]["code"], "511526");
        let other = rusqlite::Connection::open(&town.path).unwrap();
        let sql = "DELETE FROM \"base.grid\" WHERE code = '5115260201'";
        other.execute(sql, []).unwrap();
        town.service.app().follow().unwrap();
    }
}

/// One scheme of one level, with these grids.
fn plain(grids: &[wangge::model::Feature]) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plain.gpkg");
    let mut store = Store::open_or_create(&path).unwrap();
    let change = store.change().unwrap();
    if !grids.is_empty() {
        let scheme = Scheme::new("base", ["grid"], false, 0).unwrap();
        change.add_scheme(&scheme).unwrap();
        let grid = layer("base.grid", GeometryKind::Polygon, vec![]);
        change.define_layer(&grid).unwrap();
        change
            .put_features(&grid, &put(Mode::Append), grids)
            .unwrap();
    }
    change.commit().unwrap();
    (folder, path)
}

#[tokio::test]
async fn rule_7_where_both_readings_can_be_the_ground_tells_which_is_swapped() {
    let corner = |lon, lat| Coord { lon, lat };
    let (west, south, side) = (876_000_000, 438_000_000, 100_000);
    let ring = vec![
        corner(west, south),
        corner(west + side, south),
        corner(west + side, south + side),
        corner(west, south + side),
    ];
    let city = grid("650102", None, Geometry::polygons([vec![ring]]).unwrap());
    let town = open(plain(&[city]), LocateRules::default());
    let swapped = ask_degrees(&town, LonLat::new(43.805, 87.605), "").await;
    assert_eq!(swapped["outcome"], "outside");
    assert_eq!(warning(&swapped), "looks_swapped");
    let right = ask_degrees(&town, LonLat::new(87.605, 43.805), "").await;
    assert_eq!((&right["outcome"], warning(&right)), (&json!("inside"), ""));
}

#[tokio::test]
async fn more_candidates_than_anybody_chooses_from_are_left_off_with_a_warning() {
    let strip = |n: i32| {
        let west = 0.01 * f64::from(n);
        grid(
            &format!("G{n}"),
            None,
            rectangle(west, 0.0, west + 0.01, 1.0),
        )
    };
    let strips: Vec<_> = (0..60).map(strip).collect();
    let town = open(plain(&strips), LocateRules::default());
    let answer = ask(&town, (0.305, 0.5), "&accuracy=500").await;
    assert_eq!(codes(&answer["candidates"]).len(), 50);
    assert_eq!(warning(&answer), "candidates_cut");
    let few = ask(&town, (0.305, 0.5), "&accuracy=50").await;
    assert!(codes(&few["candidates"]).len() < 20 && few["warnings"] == json!([]));
}

#[tokio::test]
async fn without_a_scheme_the_point_is_outside_and_the_answer_says_why() {
    let nothing = open(plain(&[]), LocateRules::default());
    let answer = ask(&nothing, (0.5, 0.5), "&accuracy=10&unit=1&category=x").await;
    assert_eq!(
        (&answer["outcome"], warning(&answer)),
        (&json!("outside"), "no_scheme")
    );
}
