//! The demo places against SCENARIOS.md and against slower ways: exact edge cancellation, GEOS, the boundary file read again.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;

use wangge::demo::{DemoLayers, generate, places};
use wangge::index::BoundsTree;
use wangge::model::{
    Bounds, Coord, Crs, Feature, FieldKind, Geometry, GeometryKind, LonLat, Run, Side, Staff, Time,
    Value, doubled_area,
};

/// Base levels, top first, with the length of their codes.
const LEVELS: [(&str, usize); 5] = [
    ("base.county", 6),
    ("base.street", 9),
    ("base.community", 12),
    ("base.grid", 15),
    ("base.micro_grid", 17),
];

/// The place that is quickest to make and has most kinds of things.
fn baiyang() -> DemoLayers {
    let mut places = places().unwrap();
    places.retain(|place| place.code == "330114002");
    generate(&places).unwrap()
}

fn all() -> DemoLayers {
    generate(&places().unwrap()).unwrap()
}

fn features<'a>(demo: &'a DemoLayers, layer: &str) -> &'a [Feature] {
    let mut layers = demo.layers.iter();
    let (_, features) = layers.find(|(l, _)| l.name.as_str() == layer).unwrap();
    features
}

fn value<'a>(demo: &'a DemoLayers, layer: &str, feature: &'a Feature, field: &str) -> &'a Value {
    let (layer, _) = demo
        .layers
        .iter()
        .find(|(l, _)| l.name.as_str() == layer)
        .unwrap();
    let place = layer.fields.iter().position(|f| f.name == field).unwrap();
    &feature.values[place]
}

fn text(value: &Value) -> &str {
    match value {
        Value::Text(text) => text,
        other => panic!("{other:?} is no text"),
    }
}

/// Features of a layer whose code begins so and whose field has a value, or any.
fn count(demo: &DemoLayers, layer: &str, place: &str, field: Option<&(&str, Value)>) -> usize {
    let of_place = |f: &&Feature| f.code.as_deref().unwrap().starts_with(place);
    let matches =
        |f: &&Feature| field.is_none_or(|(name, wanted)| value(demo, layer, f, name) == wanted);
    features(demo, layer)
        .iter()
        .filter(of_place)
        .filter(matches)
        .count()
}

fn edges(geometry: &Geometry) -> impl Iterator<Item = (Coord, Coord)> {
    geometry.runs().flat_map(|ring| {
        let next = ring.clone().skip(1).chain(ring.first());
        ring.zip(next)
    })
}

fn area(geometry: &Geometry) -> i128 {
    geometry.runs().map(doubled_area).sum()
}

/// The edges of some polygons that no other of them runs along the other way; each edge occurs once.
fn outline<'a>(polygons: impl Iterator<Item = &'a Feature>) -> BTreeSet<(Coord, Coord)> {
    let mut all = HashSet::new();
    for feature in polygons {
        for edge in edges(&feature.geometry) {
            assert!(all.insert(edge), "{edge:?} twice at {:?}", feature.code);
        }
    }
    let open = all.iter().filter(|(a, b)| !all.contains(&(*b, *a)));
    open.copied().collect()
}

fn children<'a>(demo: &'a DemoLayers, layer: &str) -> BTreeMap<&'a str, Vec<&'a Feature>> {
    let mut children: BTreeMap<&str, Vec<&Feature>> = BTreeMap::new();
    for feature in features(demo, layer) {
        let parent = feature.parent.as_deref().unwrap();
        children.entry(parent).or_default().push(feature);
    }
    children
}

fn assert_levels_nest(demo: &DemoLayers) {
    for pair in LEVELS.windows(2) {
        let (above, below) = (pair[0].0, pair[1].0);
        let children = children(demo, below);
        let parents = features(demo, above);
        for parent in parents {
            let code = parent.code.as_deref().unwrap();
            let Some(own) = children.get(code) else {
                // The other streets of 钱塘区 are outlines.
                assert!(
                    above == "base.street" && code.starts_with("330114"),
                    "{code}"
                );
                continue;
            };
            let sum: i128 = own.iter().map(|child| area(&child.geometry)).sum();
            assert_eq!(sum, area(&parent.geometry), "{above} {code}");
            let outer: BTreeSet<_> = edges(&parent.geometry).collect();
            assert!(outline(own.iter().copied()) == outer, "{above} {code}");
        }
        let known: HashSet<&str> = parents.iter().filter_map(|p| p.code.as_deref()).collect();
        assert!(children.keys().all(|code| known.contains(code)));
    }
    for (layer, features) in &demo.layers {
        if layer.name.scheme_and_level().is_some() {
            // Panics where two polygons of a level have the same ground to the left of an edge.
            outline(features.iter());
        }
    }
}

fn assert_codes_are_unique_and_begin_with_the_parents(demo: &DemoLayers) {
    for (layer, features) in &demo.layers {
        let codes: HashSet<_> = features
            .iter()
            .map(|f| f.code.as_deref().unwrap())
            .collect();
        assert_eq!(codes.len(), features.len(), "{}", layer.name);
    }
    for (layer, length) in LEVELS {
        for feature in features(demo, layer) {
            let code = feature.code.as_deref().unwrap();
            assert!(code.len() == length && code.bytes().all(|b| b.is_ascii_digit()));
            let parent = feature.parent.as_deref();
            assert_eq!(parent.is_none(), layer == "base.county");
            assert!(parent.is_none_or(|parent| code.starts_with(parent)));
        }
    }
}

fn assert_every_grid_has_staff(demo: &DemoLayers) {
    let now: Time = "2026-11-22".parse().unwrap();
    let served: HashSet<(&str, &str)> = demo
        .staff
        .iter()
        .filter(|duty| duty.validity.holds_at(now))
        .map(|duty| (duty.layer.as_str(), &*duty.code))
        .collect();
    for (layer, _) in LEVELS {
        for feature in features(demo, layer) {
            let code = feature.code.as_deref().unwrap();
            assert!(served.contains(&(layer, code)), "{layer} {code}");
        }
    }
}

/// The store tells duties apart by these five, and rows of a sheet must not fall together there.
fn assert_no_two_duties_are_one(demo: &DemoLayers) {
    let mut known = HashSet::new();
    for duty in &demo.staff {
        let Staff {
            layer,
            code,
            role,
            name,
            validity,
            ..
        } = duty;
        assert!(
            known.insert((layer, code, role, name, validity.from)),
            "{duty:?} twice"
        );
    }
}

fn assert_no_phone_can_be_dialled(demo: &DemoLayers) {
    let of_staff = demo.staff.iter().filter_map(|duty| duty.phone.as_deref());
    let of_layers = demo.layers.iter().flat_map(|(layer, features)| {
        let place = layer.fields.iter().position(|f| f.name == "phone");
        let values = features.iter().filter_map(move |f| f.values.get(place?));
        values.filter(|value| **value != Value::Null).map(text)
    });
    let mut phones = of_staff.chain(of_layers).peekable();
    assert!(phones.peek().is_some());
    for phone in phones {
        assert!(
            phone.starts_with("000-0000-") && phone.len() == 13,
            "{phone}"
        );
    }
}

fn assert_values_have_the_kinds_of_their_fields(demo: &DemoLayers) {
    for (layer, features) in &demo.layers {
        for feature in features {
            assert_eq!(feature.geometry.kind(), layer.geometry);
            assert_eq!(feature.values.len(), layer.fields.len());
            for (field, value) in layer.fields.iter().zip(&feature.values) {
                let fits = match value {
                    Value::Null => true,
                    Value::Text(_) => field.kind == FieldKind::Text,
                    Value::Integer(_) => field.kind == FieldKind::Integer,
                    Value::Real(_) => field.kind == FieldKind::Real,
                    Value::Boolean(_) => field.kind == FieldKind::Boolean,
                    Value::Time(_) => field.kind == FieldKind::Time,
                };
                assert!(fits, "{} {} {value:?}", layer.name, field.name);
            }
        }
    }
}

fn assert_points_lie_in_their_communities(demo: &DemoLayers) {
    let communities: HashMap<&str, &Geometry> = features(demo, "base.community")
        .iter()
        .map(|f| (f.code.as_deref().unwrap(), &f.geometry))
        .collect();
    for (layer, points) in &demo.layers {
        if layer.geometry != GeometryKind::Point {
            continue;
        }
        for point in points {
            let code = text(value(demo, layer.name.as_str(), point, "community"));
            let side = communities[code].side(point.geometry.coords().next().unwrap());
            assert_eq!(side, Side::Inside, "{:?}", point.code);
        }
    }
}

fn geos(geometry: &Geometry) -> gdal::vector::Geometry {
    let ring = |ring: Run<'_>| {
        let mut text = String::new();
        let first = ring.first();
        for at in ring.chain(first) {
            write!(text, ",{} {}", at.lon, at.lat).unwrap();
        }
        format!("({})", &text[1..])
    };
    let part = |rings: Vec<String>| format!("({})", rings.join(","));
    let parts: Vec<String> = geometry
        .parts()
        .map(|rings| part(rings.map(ring).collect()))
        .collect();
    gdal::vector::Geometry::from_wkt(&format!("MULTIPOLYGON({})", parts.join(","))).unwrap()
}

fn assert_polygons_are_valid(demo: &DemoLayers) {
    for (layer, features) in &demo.layers {
        if layer.geometry == GeometryKind::Polygon {
            for feature in features {
                assert!(geos(&feature.geometry).is_valid(), "{:?}", feature.code);
            }
        }
    }
}

/// The county boundaries as the file has them, each vertex snapped.
fn boundary_file() -> BTreeMap<String, Vec<Vec<Coord>>> {
    let text = std::fs::read_to_string("data/boundaries.geojson").unwrap();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut all = BTreeMap::new();
    for feature in json["features"].as_array().unwrap() {
        let mut rings = Vec::new();
        for part in feature["geometry"]["coordinates"].as_array().unwrap() {
            for ring in part.as_array().unwrap() {
                let ring = ring.as_array().unwrap().iter().map(|at| {
                    let at = LonLat::new(at[0].as_f64().unwrap(), at[1].as_f64().unwrap());
                    Coord::snap(Crs::Gcj02.to_wgs84(at).unwrap()).unwrap()
                });
                rings.push(ring.collect());
            }
        }
        let code = feature["properties"]["code"].as_str().unwrap().to_owned();
        all.insert(code, rings);
    }
    all
}

fn assert_counties_are_the_real_ones(demo: &DemoLayers) {
    let file = boundary_file();
    assert_eq!(features(demo, "base.county").len(), file.len());
    for county in features(demo, "base.county") {
        let rings = &file[county.code.as_deref().unwrap()];
        let cut: HashSet<Coord> = county.geometry.coords().collect();
        let lost = rings.iter().flatten().filter(|at| !cut.contains(at));
        assert_eq!(lost.count(), 0, "vertices of {:?}", county.code);
        assert_eq!(county.geometry.runs().len(), rings.len());
        // What the cut added lies within one step of the file's edges: so does the area.
        let real: i128 = rings.iter().map(doubled_area).sum();
        let change = (area(&county.geometry).abs() - real.abs()).abs();
        assert!(
            change < real.abs() / 10_000_000,
            "{:?} {change}",
            county.code
        );
    }
}

fn assert_counts_are_those_of_the_scenarios(demo: &DemoLayers) {
    let text = |text: &str| Value::Text(text.into());
    let kind = |kind: &str| Some(("kind", text(kind)));
    let (yes, five) = (Value::Boolean(true), Value::Integer(5));
    // Row, layer, place, field, count.
    let rows = [
        ("A4", "party_org", "510703", kind("compound_branch"), 121),
        ("A4", "party_org", "510703", kind("property_branch"), 8),
        (
            "A4",
            "party_org",
            "510703",
            kind("business_district_branch"),
            5,
        ),
        ("A7", "party_station", "510703", kind("teaching_site"), 6),
        (
            "A7",
            "base.community",
            "510703",
            Some(("model", yes.clone())),
            12,
        ),
        ("A7", "base.community", "510703", Some(("stars", five)), 17),
        ("B7", "camera", "511526", None, 10_000),
        ("B11", "base.grid", "511526", kind("社区"), 164),
        ("B14", "outsourced_point", "511526", kind("e_commerce"), 90),
        (
            "B14",
            "outsourced_point",
            "511526",
            kind("e_commerce_incubator"),
            1,
        ),
        ("C1", "party_org", "511302", kind("street_committee"), 12),
        ("C1", "party_org", "511302", kind("community_committee"), 82),
        (
            "C1",
            "base.community",
            "511302",
            Some(("governed", yes.clone())),
            82,
        ),
        ("C6", "party_station", "511302", None, 82),
        ("D1", "base.community", "210902", None, 66),
        ("D2", "platform.platform_grid", "210902", None, 387),
        ("D2", "compound", "210902", None, 287),
        ("D2", "building", "210902", None, 2312),
        ("D6", "party_org", "210902", None, 1 + 6 + 66 + 567),
        ("D6", "base.grid", "210902", None, 567),
        ("E2", "household", "320281", None, 2832),
        (
            "F1",
            "party_org",
            "330114002",
            kind("community_committee"),
            21,
        ),
        ("F1", "party_org", "330114002", kind("grid_branch"), 88),
        ("F1", "base.grid", "330114002", None, 88),
        ("F1", "base.micro_grid", "330114002", None, 386),
        ("F4", "compound", "330114002", None, 79),
        ("F6", "compound", "330114002", Some(("covered", yes)), 51),
        ("F6", "gate", "330114002", None, 196),
        ("F6", "door", "330114002", None, 3165),
        ("F6", "camera", "330114002", None, 376 + 18 + 11),
    ];
    for (row, layer, place, field, wanted) in rows {
        let found = count(demo, layer, place, field.as_ref());
        assert_eq!(found, wanted, "{row} {layer} {place} {field:?}");
    }
}

/// Counts that are not one number of one field.
fn assert_rows_of_several_numbers(demo: &DemoLayers) {
    let mut types: BTreeMap<String, usize> = BTreeMap::new();
    for community in features(demo, "base.community") {
        if let Value::Text(kind) = value(demo, "base.community", community, "governance") {
            assert!(community.code.as_deref().unwrap().starts_with("510703"));
            *types.entry(kind.to_string()).or_default() += 1;
        }
    }
    assert_eq!((types.len(), types.values().sum()), (6, 49), "A1");
    let whole = |value: &Value| match value {
        Value::Integer(number) => *number,
        _ => 0,
    };
    let projects = features(demo, "party_station").iter();
    let projects = projects.map(|f| whole(value(demo, "party_station", f, "projects")));
    assert_eq!(projects.sum::<i64>(), 300, "A5");
    let networks: BTreeSet<&str> = features(demo, "camera")
        .iter()
        .filter(|f| f.code.as_deref().unwrap().starts_with("511526"))
        .map(|f| text(value(demo, "camera", f, "network")))
        .collect();
    assert_eq!(networks.len(), 5, "B7");
    for (village, grids) in children(demo, "base.grid") {
        let kind = text(value(demo, "base.grid", grids[0], "kind"));
        if village.starts_with("511526") && kind == "村" {
            assert!(grids.len() == 1 || grids.len() == 2, "B11 {village}");
        }
    }
    let units: i64 = features(demo, "building")
        .iter()
        .filter(|f| f.code.as_deref().unwrap().starts_with("210902"))
        .map(|f| whole(value(demo, "building", f, "units")))
        .sum();
    assert_eq!(66 + 287 + 567 + 2312 + units, 10_021, "D1");
}

fn assert_duties_are_those_of_the_scenarios(demo: &DemoLayers) {
    let duties = |place: &str, role: &str| {
        let of = demo.staff.iter().filter(|duty| &*duty.role == role);
        of.filter(|duty| duty.code.starts_with(place)).count()
    };
    assert_eq!(duties("330114002", "enforcement_officer"), 130, "F3");
    let micro_grids = count(demo, "base.micro_grid", "320281", None);
    assert_eq!(duties("320281", "micro_grid_deputy"), micro_grids, "E1");
    assert_eq!(duties("320281", "micro_grid_member"), 3 * micro_grids, "E1");
    let villages = count(
        demo,
        "base.grid",
        "511526",
        Some(&("kind", Value::Text("村".into()))),
    );
    assert_eq!(duties("511526", "specialist"), villages, "B11");
    assert_eq!(duties("511526", "agent"), villages, "B11");
    for role in [
        "area_leader",
        "street_leader",
        "lane_leader",
        "yard_leader",
        "building_leader",
    ] {
        assert!(duties("511302", role) > 0, "C3 {role}");
    }
}

/// The codes of the chain at a point, top first, by testing every polygon.
fn chain(demo: &DemoLayers, lon: f64, lat: f64) -> Vec<&str> {
    let at = Coord::snap(LonLat::new(lon, lat)).unwrap();
    let holder = |layer: &str| {
        let mut inside = features(demo, layer).iter();
        let found = inside.find(|f| f.geometry.side(at) != Side::Outside);
        found.and_then(|f| f.code.as_deref())
    };
    LEVELS
        .iter()
        .filter_map(|(layer, _)| holder(layer))
        .collect()
}

#[test]
fn the_six_places_hold_what_the_scenarios_count_and_nest_exactly() {
    let demo = all();
    assert_levels_nest(&demo);
    assert_codes_are_unique_and_begin_with_the_parents(&demo);
    assert_every_grid_has_staff(&demo);
    assert_no_two_duties_are_one(&demo);
    assert_no_phone_can_be_dialled(&demo);
    assert_values_have_the_kinds_of_their_fields(&demo);
    assert_points_lie_in_their_communities(&demo);
    assert_polygons_are_valid(&demo);
    assert_counties_are_the_real_ones(&demo);
    assert_counts_are_those_of_the_scenarios(&demo);
    assert_rows_of_several_numbers(&demo);
    assert_duties_are_those_of_the_scenarios(&demo);
    for (lon, lat, place) in [
        (104.7092, 28.4386, "511526"),
        (104.7567, 31.4551, "510703"),
        (106.0831, 30.7953, "511302"),
        (121.6563, 42.0116, "210902"),
        (120.2853, 31.9203, "320281"),
        (120.3490, 30.3080, "330114002"),
    ] {
        let chain = chain(&demo, lon, lat);
        assert_eq!(chain.len(), 5, "{place}: {chain:?}");
        assert!(chain[4].starts_with(place), "{place}: {chain:?}");
    }
}

#[test]
fn the_same_place_is_made_of_the_same_features_each_time() {
    let (one, two) = (baiyang(), baiyang());
    assert!(one.layers == two.layers && one.staff == two.staff);
}

#[test]
fn no_vertex_lies_inside_an_edge_of_a_neighbour() {
    let demo = baiyang();
    let grids = features(&demo, "base.micro_grid").iter();
    let streets = features(&demo, "base.street").iter();
    let edges: Vec<(Coord, Coord)> = grids
        .chain(streets)
        .flat_map(|f| edges(&f.geometry).collect::<Vec<_>>())
        .collect();
    let tree = BoundsTree::build(
        edges
            .iter()
            .map(|&(a, b)| Bounds::of(a).union(Bounds::of(b))),
    );
    for &(at, _) in &edges {
        for edge in tree.holding(at) {
            let (a, b) = edges[edge];
            let flat = Geometry::polygons([vec![vec![a, b, at]]]).is_err();
            assert!(at == a || at == b || !flat, "{at:?} inside {a:?} {b:?}");
        }
    }
}

#[test]
fn buildings_lie_inside_one_micro_grid_and_do_not_overlap() {
    let demo = baiyang();
    let buildings = features(&demo, "building");
    let micro_grids: HashMap<&str, gdal::vector::Geometry> = features(&demo, "base.micro_grid")
        .iter()
        .map(|f| (f.code.as_deref().unwrap(), geos(&f.geometry)))
        .collect();
    let shapes: Vec<_> = buildings.iter().map(|f| geos(&f.geometry)).collect();
    let tree = BoundsTree::build(buildings.iter().map(|f| f.geometry.bounds()));
    for (index, building) in buildings.iter().enumerate() {
        let code = text(value(&demo, "building", building, "micro_grid"));
        assert!(micro_grids[code].contains(&shapes[index]), "{code}");
        for other in tree.meeting(building.geometry.bounds()) {
            assert!(other == index || !shapes[index].intersects(&shapes[other]));
        }
    }
}

/// Distance of a position from an edge, steps of the lattice.
fn gap(at: Coord, (from, to): (Coord, Coord)) -> f64 {
    let arm = |end: Coord| {
        let (east, north) = (end.lon - from.lon, end.lat - from.lat);
        (f64::from(east), f64::from(north))
    };
    let (door, wall) = (arm(at), arm(to));
    let share = (door.0 * wall.0 + door.1 * wall.1) / (wall.0.powi(2) + wall.1.powi(2));
    let share = share.clamp(0.0, 1.0);
    (door.0 - share * wall.0).hypot(door.1 - share * wall.1)
}

#[test]
fn doors_lie_on_the_edge_of_their_building() {
    let demo = baiyang();
    let buildings: HashMap<&str, &Geometry> = features(&demo, "building")
        .iter()
        .map(|f| (f.code.as_deref().unwrap(), &f.geometry))
        .collect();
    for door in features(&demo, "door") {
        let at = door.geometry.coords().next().unwrap();
        let building = buildings[text(value(&demo, "door", door, "building"))];
        let gaps = edges(building).map(|edge| gap(at, edge));
        let least = gaps.fold(f64::INFINITY, f64::min);
        // The door and both ends of the wall are snapped.
        assert!(least <= 1.5, "{:?} {least}", door.code);
    }
}

#[test]
fn a_building_is_as_high_as_its_floors() {
    let demo = baiyang();
    for building in features(&demo, "building") {
        let field = |name| value(&demo, "building", building, name);
        let (Value::Integer(floors), Value::Real(height)) = (field("floors"), field("height"))
        else {
            panic!("{:?} has no floors or height", building.code);
        };
        let floor = height / f64::from(i32::try_from(*floors).unwrap());
        assert!((2.8..=4.9).contains(&floor), "{floors} floors, {height} m");
    }
}
