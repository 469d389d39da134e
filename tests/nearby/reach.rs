//! What covers a point: cameras by their sector, services by their circle or by the grids that they name.

use std::sync::Arc;

use proptest::prelude::*;
use wangge::model::{
    Access, Coord, Feature, FeatureId, FieldKind, Geometry, GeometryKind, Sensitivity, Time,
    Validity, Value,
};
use wangge::query::{NearbyAnswer, NearbyError, NearbyOptions, NearbyWarning, nearby};
use wangge::snapshot::{LayerSnapshot, Snapshot};

use crate::support::{at, base_scheme, county, field, layer, name, time};

const NOW: Time = Time::from_millis(1_780_000_000_000);

fn covering() -> NearbyOptions {
    NearbyOptions {
        k: 100,
        covers: true,
        ..NearbyOptions::default()
    }
}

/// The county, and a layer of points with these fields.
fn snapshot(fields: &[(&str, FieldKind)], features: Vec<(Coord, Vec<Value>)>) -> Snapshot {
    let fields = fields.iter().map(|(name, kind)| field(name, *kind));
    let points = layer("thing", GeometryKind::Point, fields.collect());
    let features = (1..).zip(features).map(|(id, (at, values))| Feature {
        id: FeatureId(id),
        code: None,
        name: None,
        parent: None,
        validity: Validity::ALWAYS,
        geometry: Geometry::points([at]).unwrap(),
        values: values.into(),
    });
    let mut layers = county();
    for (_, grids) in &mut layers {
        for (grid, id) in grids.iter_mut().zip(1..) {
            grid.id = FeatureId(id);
        }
    }
    layers.push((points, features.collect()));
    let layers = layers.into_iter().map(|(layer, features)| {
        let name = layer.name.clone();
        (name, Arc::new(LayerSnapshot::build(layer, 1, features)))
    });
    Snapshot {
        schemes: [base_scheme()].into(),
        layers: layers.collect(),
        ..Snapshot::default()
    }
}

fn ask<'a>(snapshot: &'a Snapshot, from: Coord, options: &NearbyOptions) -> NearbyAnswer<'a> {
    let layer = &snapshot.layers[&name("thing")];
    nearby(snapshot, layer, from, NOW, options, Access::LOCAL).unwrap()
}

fn ids(answer: &NearbyAnswer<'_>) -> Vec<i64> {
    answer
        .features
        .iter()
        .map(|near| near.feature.id.0)
        .collect()
}

const CAMERA: [(&str, FieldKind); 3] = [
    ("bearing", FieldKind::Integer),
    ("angle", FieldKind::Real),
    ("range_m", FieldKind::Real),
];

fn camera(bearing: i64, angle: f64, range: f64) -> Vec<Value> {
    vec![
        Value::Integer(bearing),
        Value::Real(angle),
        Value::Real(range),
    ]
}

/// East, north of `to` as seen from `from`, metres: along the straight line, by earth-centred coordinates.
fn straight(from: Coord, to: Coord) -> (f64, f64, f64) {
    let centred = |at: Coord| {
        let at = at.degrees();
        let (lon, lat) = (at.lon.to_radians(), at.lat.to_radians());
        let e2 = 0.006_694_379_990_141_316_5;
        let n = 6_378_137.0 / (1.0 - e2 * lat.sin().powi(2)).sqrt();
        [
            n * lat.cos() * lon.cos(),
            n * lat.cos() * lon.sin(),
            n * (1.0 - e2) * lat.sin(),
        ]
    };
    let (a, b) = (centred(from), centred(to));
    let d = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
    let at = from.degrees();
    let (lon, lat) = (at.lon.to_radians(), at.lat.to_radians());
    let east = -lon.sin() * d[0] + lon.cos() * d[1];
    let north = -lat.sin() * (lon.cos() * d[0] + lon.sin() * d[1]) + lat.cos() * d[2];
    (east, north, d.iter().map(|d| d * d).sum::<f64>().sqrt())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_camera_covers_just_the_points_of_its_sector(
        centre in prop_oneof![Just((1_047_000_000, 284_000_000)), Just((1_799_999_990, -890_000_000)), Just((0, 0))],
        cameras in prop::collection::vec(((-20_000..20_000, -20_000..20_000), -400..800_i64, 0.0..400.0_f64, 0.0..3_000.0_f64), 1..30),
    ) {
        let place = |(east, north): (i32, i32)| {
            let lon = (i64::from(centre.0) + i64::from(east) + 1_800_000_000).rem_euclid(3_600_000_000) - 1_800_000_000;
            Coord { lon: i32::try_from(lon).unwrap(), lat: centre.1 + north }
        };
        let from = place((0, 0));
        let all = cameras.iter().map(|&(offset, bearing, angle, range)| (place(offset), camera(bearing, angle, range)));
        let snapshot = snapshot(&CAMERA, all.collect());
        let answer = ask(&snapshot, from, &covering());
        let found = ids(&answer);
        for (id, &(offset, bearing, angle, range)) in (1..).zip(&cameras) {
            let (east, north, metres) = straight(place(offset), from);
            #[expect(clippy::cast_precision_loss, reason = "small test numbers")]
            let turn = (east.atan2(north).to_degrees() - bearing as f64).rem_euclid(360.0);
            let off = turn.min(360.0 - turn);
            // Too near to a side or to the end for a straight line to tell.
            if (off - angle / 2.0).abs() < 1e-5 || (metres - range).abs() < 0.01 {
                continue;
            }
            let is_seen = metres < range && (angle >= 360.0 || off < angle / 2.0);
            prop_assert_eq!(found.contains(&id), is_seen, "{} m, {} degrees off {:?}", metres, off, cameras);
        }
    }
}

#[test]
fn the_border_of_a_sector_belongs_to_it() {
    let (south, north) = (at(0.0, 0.0), at(0.0, 0.02));
    let west = Coord {
        lon: north.lon - 1,
        ..north
    };
    let metres = ask(
        &snapshot(&CAMERA, vec![(south, camera(0, 360.0, 500.0))]),
        north,
        &covering(),
    )
    .features[0]
        .distance_m;
    let sees = |camera: Vec<Value>, point: Coord| {
        let snapshot = snapshot(&CAMERA, vec![(south, camera)]);
        !ask(&snapshot, point, &covering()).features.is_empty()
    };
    assert!(sees(camera(45, 90.0, 500.0), north));
    assert!(!sees(camera(45, 90.0, 500.0), west));
    assert!(sees(camera(-45, 90.0, 500.0), north) && sees(camera(315, 90.0, 500.0), west));
    assert!(sees(camera(0, 0.0, metres), north));
    assert!(!sees(camera(0, 0.0, metres - 0.001), north));
    // A camera covers the ground that it stands on, whichever way it looks.
    assert!(sees(camera(90, 10.0, 0.0), south));
}

#[test]
fn a_camera_that_looks_all_round_needs_no_direction_and_who_says_nothing_is_told() {
    let here = at(0.5, 0.5);
    let round = vec![Value::Null, Value::Integer(360), Value::Integer(50)];
    let blind = vec![Value::Null, Value::Integer(90), Value::Integer(50)];
    let silent = vec![Value::Integer(0), Value::Integer(90), Value::Null];
    let snapshot = snapshot(&CAMERA, vec![(here, round), (here, blind), (here, silent)]);
    let answer = ask(&snapshot, here, &covering());
    assert_eq!(ids(&answer), [1]);
    assert_eq!(answer.warnings, [NearbyWarning::Silent { count: 2 }]);
    let text = answer.warnings[0].to_string();
    assert!(text.starts_with("no_reach: "), "{text}");
}

#[test]
fn a_nearer_service_is_not_offered_where_it_does_not_serve() {
    let fields = [
        ("radius_m", FieldKind::Integer),
        ("service_area", FieldKind::Text),
    ];
    let by_radius = |radius| vec![Value::Integer(radius), Value::Text("511526".into())];
    let by_area = |codes: &str| vec![Value::Null, Value::Text(codes.into())];
    let snapshot = snapshot(
        &fields,
        vec![
            (at(0.5, 0.5), by_radius(100)),
            (at(0.4, 0.5), by_radius(1_000)),
            (at(0.61, 0.5), by_area("51152602")),
            (at(1.9, 0.5), by_area("511526020, 5115260101")),
            (at(1.5, 0.5), by_area("51152602；51152601")),
            (at(1.95, 1.9), by_area("511526")),
            (at(0.6, 0.5), vec![Value::Null, Value::Text(" ".into())]),
        ],
    );
    let answer = ask(&snapshot, at(0.65, 0.5), &covering());
    assert_eq!(ids(&answer), [2, 5, 4, 6]);
    assert_eq!(answer.warnings, [NearbyWarning::Silent { count: 1 }]);
    // In the east the grid is another one, and the radius ends.
    let answer = ask(&snapshot, at(1.65, 0.5), &covering());
    assert_eq!(ids(&answer), [5, 3, 6], "{answer:?}");
}

#[test]
fn a_layer_whose_reach_the_reader_may_not_see_does_not_tell_it() {
    let mut snapshot = snapshot(&[("radius_m", FieldKind::Integer)], vec![]);
    let mut fields = snapshot.layers[&name("thing")].layer().clone();
    fields.fields[0].sensitivity = Sensitivity::Restricted;
    let hidden = LayerSnapshot::build(fields, 1, vec![]);
    snapshot.layers.insert(name("thing"), Arc::new(hidden));
    let layer = &snapshot.layers[&name("thing")];
    let reader = Access::up_to(Sensitivity::Internal);
    let refused = nearby(&snapshot, layer, at(0.0, 0.0), NOW, &covering(), reader).unwrap_err();
    assert!(matches!(refused, NearbyError::NoReach { .. }), "{refused}");
}

#[test]
fn equal_distances_are_ordered_by_id_and_only_what_holds_at_the_time_is_found() {
    let (east, west) = (at(0.1, 0.0), at(-0.1, 0.0));
    let places = [west, east, west, east, at(0.0, 0.0)];
    let mut snapshot = snapshot(&[], places.map(|at| (at, vec![])).to_vec());
    let options = |k| NearbyOptions {
        k,
        ..NearbyOptions::default()
    };
    let from = at(0.0, 0.0);
    assert_eq!(ids(&ask(&snapshot, from, &options(4))), [5, 1, 2, 3]);
    let layer = &snapshot.layers[&name("thing")];
    let mut features = layer.features().iter().cloned().collect::<Vec<_>>();
    features[0].validity.to = Some(NOW);
    features[1].validity.from = Some(NOW);
    features[4].validity.from = Some(time("2030-01-01"));
    let later = LayerSnapshot::build(layer.layer().clone(), 2, features);
    snapshot.layers.insert(name("thing"), Arc::new(later));
    assert_eq!(ids(&ask(&snapshot, from, &options(2))), [2, 3]);
}
