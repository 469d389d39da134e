//! What a tile holds beside polygons: points, lines, properties, layers.

use fast_mvt::{MvtFeature, MvtGeometry, MvtValue};
use wangge::model::{
    Access, Coord, Feature, Field, FieldKind, Geometry, GeometryKind, Sensitivity, Time, Title,
    Validity, Value, Zooms,
};
use wangge::snapshot::LayerSnapshot;
use wangge::tile::{TileAddress, TileError, TileOptions, tile, tile_json};

use super::support::{
    Shape, bytes, checked, drawn, feature, geometry, lattice, layer, now, read, snapshot,
};

fn here() -> TileAddress {
    TileAddress::new(14, 12_960, 6_800).unwrap()
}

fn east() -> TileAddress {
    TileAddress::new(14, 12_961, 6_800).unwrap()
}

fn points(places: &[(f64, f64)]) -> Geometry {
    Geometry::points(places.iter().map(|&at| lattice(here(), at))).unwrap()
}

fn lines(lines: &[&[(f64, f64)]]) -> Geometry {
    let line = |line: &&[(f64, f64)]| line.iter().map(|&at| lattice(here(), at)).collect();
    Geometry::lines(lines.iter().map(line)).unwrap()
}

fn places(feature: &MvtFeature) -> Vec<Vec<(i32, i32)>> {
    let run = |line: &geo::LineString<i32>| line.0.iter().map(|at| (at.x, at.y)).collect();
    match &feature.geometry {
        MvtGeometry::Point(point) => vec![vec![(point.x(), point.y())]],
        MvtGeometry::MultiPoint(points) => points.iter().map(|at| vec![(at.x(), at.y())]).collect(),
        MvtGeometry::LineString(line) => vec![run(line)],
        MvtGeometry::MultiLineString(lines) => lines.iter().map(run).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_point_is_in_every_tile_whose_buffer_it_touches() {
    for (x, west, east_too) in [
        (100.0, true, false),
        (4031.0, true, false),
        (4032.0, true, true),
        (4096.0, true, true),
        (4160.0, true, true),
        (4161.0, false, true),
    ] {
        let snapshot = snapshot(vec![points(&[(x, 7.0)])]);
        assert_eq!(bytes(&snapshot, here()).is_some(), west, "{x}");
        assert_eq!(bytes(&snapshot, east()).is_some(), east_too, "{x}");
    }
}

#[test]
fn points_that_fall_together_are_drawn_once_and_those_beyond_not() {
    let snapshot = snapshot(vec![points(&[
        (3.0, 4.0),
        (3.1, 4.0),
        (9.0, 9.0),
        (9e3, 9.0),
    ])]);
    let features = drawn(&snapshot, here());
    assert_eq!(places(&features[0]), [[(3, 4)], [(9, 9)]]);
}

#[test]
fn a_line_is_cut_at_the_same_place_in_two_tiles() {
    let snapshot = snapshot(vec![lines(&[&[(4000.0, 10.0), (4301.0, 111.0)]])]);
    let (west, east) = (drawn(&snapshot, here()), drawn(&snapshot, east()));
    assert_eq!(places(&west[0]), [[(4000, 10), (4096, 42), (4160, 64)]]);
    assert_eq!(places(&east[0]), [[(-64, 21), (0, 42), (205, 111)]]);
}

#[test]
fn a_line_that_leaves_the_tile_and_returns_has_two_parts() {
    let away = [(4000.0, 0.0), (5000.0, 0.0), (5000.0, 50.0), (4000.0, 50.0)];
    let features = drawn(&snapshot(vec![lines(&[&away])]), here());
    assert_eq!(
        places(&features[0]),
        [
            [(4000, 0), (4096, 0), (4160, 0)],
            [(4160, 50), (4096, 50), (4000, 50)]
        ]
    );
}

#[test]
fn parts_of_a_line_stay_apart_where_one_begins_at_the_end_of_another() {
    let parts = lines(&[
        &[(0.0, 0.0), (90.0, 90.0)],
        &[(90.0, 90.0), (200.0, 0.0)],
        &[(500.0, 0.0), (600.0, 0.0)],
    ]);
    let features = drawn(&snapshot(vec![parts]), here());
    assert_eq!(
        places(&features[0]),
        [
            vec![(0, 0), (90, 90)],
            vec![(90, 90), (200, 0)],
            vec![(500, 0), (600, 0)]
        ]
    );
}

#[test]
fn a_ring_that_begins_where_the_one_before_ended_is_a_ring_of_its_own() {
    let first = vec![(0.0, 0.0), (30.0, 0.0), (30.0, 30.0)];
    let corners = [(30.0, 30.0), (60.0, 30.0), (60.0, 60.0), (0.0, 0.0)];
    // Whichever vertex a ring begins with, one of these meets the pen.
    for turn in 0..3 {
        for other in 0..3 {
            let mut second = vec![corners[0], corners[1], corners[2]];
            let mut first = first.clone();
            first.rotate_left(turn);
            second.rotate_left(other);
            let shape: Shape = vec![vec![first], vec![second]];
            let shown = checked(&snapshot(vec![geometry(here(), &shape).unwrap()]), here());
            assert_eq!(super::support::area(&shown), 900.0);
            assert_eq!(shown[0].0.len(), 2);
        }
    }
}

fn field(name: &str, kind: FieldKind, sensitivity: Sensitivity, in_tiles: bool) -> Field {
    Field {
        name: name.into(),
        title: Title::default(),
        kind,
        sensitivity,
        in_tiles,
    }
}

/// One station with a value in every type, one of them hidden from the public and one kept out of tiles.
fn station() -> LayerSnapshot {
    use FieldKind::{Boolean, Integer, Real, Text};
    use Sensitivity::{Internal, Public};
    let mut layer = layer("station", GeometryKind::Point);
    layer.fields = vec![
        field("kind", Text, Public, true),
        field("beds", Integer, Public, true),
        field("depth", Integer, Public, true),
        field("share", Real, Public, true),
        field("open", Boolean, Public, true),
        field("since", FieldKind::Time, Public, true),
        field("empty", Text, Public, true),
        field("odd", Real, Public, true),
        field("phone", Text, Internal, true),
        field("note", Text, Public, false),
        field("name", Text, Public, true),
    ];
    let values = vec![
        Value::Text("党群服务站".into()),
        Value::Integer(120),
        Value::Integer(-3),
        Value::Real(0.25),
        Value::Boolean(true),
        Value::Time(Time::from_millis(0)),
        Value::Null,
        Value::Real(f64::NAN),
        Value::Text("secret".into()),
        Value::Text("long".into()),
        Value::Text("not the name".into()),
    ];
    let station = Feature {
        code: Some("0012".into()),
        name: Some("巡场".into()),
        parent: Some("511526".into()),
        values: values.into(),
        ..feature(7, points(&[(1.0, 2.0)]))
    };
    LayerSnapshot::build(layer, 1, vec![station])
}

fn properties(access: Access) -> (Option<u64>, Vec<(String, MvtValue)>) {
    let options = TileOptions::default();
    let bytes = tile(&[&station()], here(), now(), access, &options)
        .unwrap()
        .unwrap();
    if access == Access::up_to(Sensitivity::Public) {
        assert!(!bytes.windows(6).any(|window| window == b"secret"));
    }
    let mut layers = read(&bytes);
    assert_eq!(layers[0].name, "station");
    let feature = layers.remove(0).features.remove(0);
    (feature.id, feature.properties)
}

#[test]
fn properties_keep_their_types_and_what_is_missing_is_left_out() {
    let text = |text: &str| MvtValue::String(text.into());
    let (id, properties) = properties(Access::up_to(Sensitivity::Public));
    let expected = [
        ("code", text("0012")),
        ("name", text("巡场")),
        ("parent", text("511526")),
        ("kind", text("党群服务站")),
        ("beds", MvtValue::Int(120)),
        ("depth", MvtValue::SInt(-3)),
        ("share", MvtValue::Double(0.25)),
        ("open", MvtValue::Bool(true)),
        ("since", text("1970-01-01T00:00:00Z")),
    ];
    assert_eq!(id, Some(7));
    assert_eq!(
        properties,
        expected.map(|(key, value)| (key.to_owned(), value))
    );
}

#[test]
fn a_field_that_the_reader_may_not_see_is_in_no_byte_of_the_tile() {
    let keys = |access| {
        properties(access)
            .1
            .into_iter()
            .map(|(key, _)| key)
            .collect::<Vec<_>>()
    };
    assert!(keys(Access::LOCAL).contains(&"phone".to_owned()));
    assert!(!keys(Access::up_to(Sensitivity::Public)).contains(&"phone".to_owned()));
}

#[test]
fn a_negative_id_is_left_out() {
    let unnumbered = feature(-1, points(&[(1.0, 2.0)]));
    let snapshot = LayerSnapshot::build(layer("x", GeometryKind::Point), 1, vec![unnumbered]);
    assert_eq!(drawn(&snapshot, here())[0].id, None);
}

#[test]
fn features_come_in_the_order_of_their_ids() {
    let spread =
        |index: i32| points(&[(f64::from(index * 7919 % 4096), f64::from(index * 31 % 4096))]);
    let snapshot = snapshot((0..500).map(spread).collect());
    let ids: Vec<u64> = drawn(&snapshot, here())
        .iter()
        .filter_map(|feature| feature.id)
        .collect();
    assert_eq!(ids, (1..=500).collect::<Vec<u64>>());
}

#[test]
fn a_layer_is_drawn_at_its_zooms_only_and_a_feature_in_its_time_only() {
    let mut layer = layer("grid", GeometryKind::Point);
    layer.zooms = Zooms { min: 10, max: 14 };
    let mut ended = feature(1, points(&[(0.0, 0.0)]));
    ended.validity = Validity {
        from: Some(Time::from_millis(-10)),
        to: Some(Time::from_millis(1)),
    };
    let snapshot = LayerSnapshot::build(layer, 1, vec![ended]);
    let drawn = |z: u8, at: i64| {
        let address = TileAddress::new(z, 12_960 << 2 >> (16 - z), 6_800 << 2 >> (16 - z)).unwrap();
        let (at, options) = (Time::from_millis(at), TileOptions::default());
        tile(&[&snapshot], address, at, Access::LOCAL, &options)
            .unwrap()
            .is_some()
    };
    assert_eq!(
        [9, 10, 14, 15].map(|z| drawn(z, 0)),
        [false, true, true, false]
    );
    assert_eq!(
        [-11, -10, 0, 1].map(|at| drawn(14, at)),
        [false, true, true, false]
    );
}

#[test]
fn a_tile_without_features_is_none_and_an_empty_layer_is_not_in_it() {
    let away = snapshot(vec![points(&[(9e4, 9e4)])]);
    assert_eq!(bytes(&away, here()), None);
    let options = TileOptions::default();
    assert_eq!(
        tile(&[], here(), now(), Access::LOCAL, &options).unwrap(),
        None
    );
    let both = tile(&[&away, &station()], here(), now(), Access::LOCAL, &options);
    let layers = read(&both.unwrap().unwrap());
    assert_eq!(
        layers
            .iter()
            .map(|layer| layer.name.as_str())
            .collect::<Vec<_>>(),
        ["station"]
    );
}

#[test]
fn a_layer_asked_for_twice_and_a_buffer_beyond_a_tile_are_refused_with_what_was_given() {
    let station = station();
    let draw = |layers: &[&LayerSnapshot], buffer| {
        tile(
            layers,
            here(),
            now(),
            Access::LOCAL,
            &TileOptions {
                buffer,
                ..TileOptions::default()
            },
        )
    };
    let twice = draw(&[&station, &station], 64).unwrap_err();
    assert!(
        matches!(twice, TileError::RepeatedLayer { .. }) && twice.to_string().contains("station")
    );
    let wide = draw(&[&station], 4097).unwrap_err();
    assert!(wide.to_string().contains("4097"), "{wide}");
    assert!(draw(&[&station], 4096).is_ok() && draw(&[&station], 0).is_ok());
}

#[test]
fn the_ends_of_the_world_are_drawn_without_trouble() {
    let corner = |lon: i32, lat: i32| Coord {
        lon: lon * 1_800_000_000,
        lat: lat * 900_000_000,
    };
    let world = vec![corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)];
    let shapes = [
        Geometry::polygons([vec![world.clone()]]).unwrap(),
        Geometry::lines([world.clone()]).unwrap(),
        Geometry::points(world).unwrap(),
    ];
    for shape in shapes {
        let snapshot = snapshot(vec![shape]);
        for z in [0, 1, 7, 24] {
            let last = (1 << z) - 1;
            for (x, y) in [(0, 0), (last, 0), (0, last), (last, last)] {
                assert_eq!(
                    drawn(&snapshot, TileAddress::new(z, x, y).unwrap()).len(),
                    1
                );
            }
        }
    }
}

#[test]
fn tile_json_names_the_fields_that_the_reader_sees_and_where_the_layers_lie() {
    let mut grid = layer("base.grid", GeometryKind::Point);
    grid.zooms = Zooms { min: 8, max: 12 };
    grid.title.zh = "网格".into();
    let far = Coord {
        lon: 1_047_000_000,
        lat: 890_000_000,
    };
    let grid = LayerSnapshot::build(grid, 1, vec![feature(1, Geometry::points([far]).unwrap())]);
    let station = station();
    let public = Access::up_to(Sensitivity::Public);
    let document = tile_json(&[&grid, &station], &[], "https://x/{z}/{x}/{y}", public);
    assert_eq!(document["tilejson"], "3.0.0");
    assert_eq!(document["tiles"][0], "https://x/{z}/{x}/{y}");
    assert_eq!(
        (&document["minzoom"], &document["maxzoom"]),
        (&0.into(), &24.into())
    );
    assert_eq!(document["bounds"][3], 85.051_128_779_806_6);
    assert_eq!(document["bounds"].as_array().unwrap().len(), 4);
    assert_eq!(document["center"].as_array().unwrap().len(), 3);
    let layers = &document["vector_layers"];
    assert_eq!(
        (&layers[0]["id"], &layers[0]["description"]),
        (&"base.grid".into(), &"网格".into())
    );
    assert_eq!(
        (&layers[0]["minzoom"], &layers[0]["maxzoom"]),
        (&8.into(), &12.into())
    );
    let fields = &layers[1]["fields"];
    assert_eq!(fields["beds"], "Number");
    assert_eq!(fields["open"], "Boolean");
    assert_eq!(fields["name"], "String");
    assert!(fields.get("phone").is_none() && fields.get("note").is_none());
    let seen = tile_json(&[&station], &[], "", Access::LOCAL);
    assert_eq!(seen["vector_layers"][0]["fields"]["phone"], "String");
    assert!(
        tile_json(&[], &[], "", Access::LOCAL)
            .get("bounds")
            .is_none()
    );
}
