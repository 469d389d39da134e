//! Filters: against SQLite's three-valued logic, against `geo`'s predicates, and each rule of CQL2 by an example.

use geo::Relate;
use proptest::prelude::*;
use rusqlite::Connection;
use wangge::model::{
    Access, Coord, Feature, FeatureId, FieldKind, Geometry, GeometryKind, Layer, Sensitivity,
    Validity, Value,
};
use wangge::query::filter::{Filter, FilterError, FilterFault};

use crate::support::{field, layer, time};

fn thing() -> Layer {
    let mut secret = field("secret", FieldKind::Text);
    secret.sensitivity = Sensitivity::Restricted;
    let fields = vec![
        field("whole", FieldKind::Integer),
        field("real", FieldKind::Real),
        field("text", FieldKind::Text),
        field("other", FieldKind::Text),
        field("flag", FieldKind::Boolean),
        field("expires", FieldKind::Time),
        field("and", FieldKind::Integer),
        field("楼层", FieldKind::Integer),
        secret,
    ];
    layer("thing", GeometryKind::Point, fields)
}

fn feature() -> Feature {
    Feature {
        id: FeatureId(7),
        code: Some("C7".into()),
        name: Some("Ärztehaus Straße".into()),
        parent: None,
        validity: Validity {
            from: None,
            to: Some(time("2026-06-01")),
        },
        geometry: Geometry::points([Coord { lon: 3, lat: 4 }]).unwrap(),
        values: Box::new([
            Value::Integer(5),
            Value::Real(2.5),
            Value::Text("100%_\\".into()),
            Value::Null,
            Value::Boolean(true),
            Value::Time(time("2026-03-01T00:00:00Z")),
            Value::Integer(1),
            Value::Integer(18),
            Value::Text("hidden".into()),
        ]),
    }
}

fn parse(text: &str) -> Result<Filter, FilterError> {
    Filter::parse(text, &thing(), Access::LOCAL)
}

fn meets(text: &str) -> bool {
    let filter = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    filter.matches(&feature())
}

/// Yes, no, or not known where neither the condition nor its opposite holds.
fn answer(text: &str) -> Option<bool> {
    match (meets(text), meets(&format!("NOT ({text})"))) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        (false, false) => None,
        (true, true) => panic!("{text} holds, and so does its opposite"),
    }
}

fn fault(text: &str) -> FilterError {
    parse(text).expect_err(text)
}

#[test]
fn what_is_said_of_a_missing_value_is_not_known_but_can_be_asked() {
    for text in [
        "other = 'x'",
        "other <> 'x'",
        "other LIKE '%'",
        "other IN ('x')",
        "parent = 'x'",
        "valid_from > DATE('2026-01-01')",
        "text IN ('x', other)",
        "whole / 0 = 1",
        "whole % 0 = 1",
    ] {
        assert_eq!(answer(text), None, "{text}");
    }
    for text in [
        "other IS NULL",
        "whole IS NOT NULL",
        "other = 'x' OR whole = 5",
        "NOT (other = 'x' AND whole = 4)",
        "valid_from IS NULL",
        "geometry IS NOT NULL",
    ] {
        assert_eq!(answer(text), Some(true), "{text}");
    }
}

#[test]
fn arithmetic_binds_as_in_school_and_keeps_whole_numbers_exact() {
    for text in [
        "1 + 2 * 3 = 7",
        "(1 + 2) * 3 = 9",
        "2 * 3 ^ 2 = 18",
        "10 - 3 - 2 = 5",
        "7 / 2 = 3.5",
        "7 div 2 = 3",
        "-7 div 2 = -3",
        "-7 % 2 = -1",
        "whole * real = 12.5",
        "-whole = -5",
        "- -whole = 5",
        "9007199254740993 > 9007199254740992",
        "9007199254740993 > 9007199254740992.0",
        "9223372036854775807 < 9223372036854775808",
        "1e3 = 1000",
        ".5 = 0.5",
        "\"and\" = 1",
        "楼层 BETWEEN 10 AND 20",
        "fid = 7 AND id = 7",
    ] {
        assert_eq!(answer(text), Some(true), "{text}");
    }
}

#[test]
fn a_pattern_knows_any_one_and_escaped_characters() {
    for (text, is_met) in [
        ("text LIKE '100%'", true),
        ("text LIKE '100\\%\\_\\\\'", true),
        ("text LIKE '100\\%'", false),
        ("text LIKE '1_0%'", true),
        ("text LIKE '_'", false),
        ("text NOT LIKE '%9%'", true),
        ("name LIKE '%ztehaus%'", true),
        ("name LIKE '_rztehaus%'", true),
        ("name LIKE 'ärz%'", false),
        ("CASEI(name) LIKE CASEI('ÄRZ%')", true),
        ("CASEI(name) = CASEI('ÄRZTEHAUS STRASSE')", true),
        ("ACCENTI(name) LIKE ACCENTI('Arzt%')", true),
        ("CASEI(ACCENTI(name)) = 'arztehaus strasse'", true),
        ("'it''s' = 'it\\'s'", true),
    ] {
        assert_eq!(answer(text), Some(is_met), "{text}");
    }
}

#[test]
fn times_are_instants_a_date_is_midnight_in_beijing_and_the_end_of_an_interval_its_whole_day() {
    for (text, is_met) in [
        ("expires = TIMESTAMP('2026-03-01T08:00:00+08:00')", true),
        ("expires > DATE('2026-03-01')", true),
        (
            "expires BETWEEN DATE('2026-03-01') AND DATE('2026-03-02')",
            true,
        ),
        ("T_AFTER(expires, DATE('2026-02-28'))", true),
        (
            "T_BEFORE(expires, TIMESTAMP('2026-03-01T00:00:00Z'))",
            false,
        ),
        ("T_EQUALS(expires, TIMESTAMP('2026-03-01T00:00:00Z'))", true),
        (
            "T_INTERSECTS(expires, INTERVAL('2026-02-01', '2026-03-01'))",
            true,
        ),
        (
            "T_INTERSECTS(expires, INTERVAL(DATE('2026-02-01'), DATE('2026-02-28')))",
            false,
        ),
        ("T_DISJOINT(expires, INTERVAL('..', '2026-02-28'))", true),
        (
            "T_DURING(INTERVAL('2026-02-01', '2026-02-02'), INTERVAL('2026-01-01', '..'))",
            true,
        ),
        (
            "T_CONTAINS(INTERVAL('..', '..'), INTERVAL(expires, expires))",
            true,
        ),
        // Validity is half-open: at its end a feature does not hold any more.
        (
            "T_INTERSECTS(INTERVAL(valid_from, valid_to), DATE('2026-06-01'))",
            false,
        ),
        (
            "T_INTERSECTS(INTERVAL(valid_from, valid_to), DATE('2026-05-31'))",
            true,
        ),
        (
            "t_meets(INTERVAL('2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'), INTERVAL('2026-01-02T00:00:00Z', '..'))",
            true,
        ),
    ] {
        assert_eq!(answer(text), Some(is_met), "{text}");
    }
}

/// Allen's relations, each as what it says of the four ends, against which of them hold for every two small intervals.
#[test]
fn of_two_intervals_just_the_relations_hold_that_their_ends_say() {
    let day = |day: i32| format!("2026-01-{day:02}T00:00:00Z");
    let spans = || (1..5).flat_map(|from| (from..5).map(move |to| (from, to)));
    for ((a, to_a), (b, to_b)) in spans().flat_map(|a| spans().map(move |b| (a, b))) {
        let is_met = |name: &str| {
            let (a, to_a, b, to_b) = (day(a), day(to_a), day(b), day(to_b));
            let text = format!("{name}(INTERVAL('{a}', '{to_a}'), INTERVAL('{b}', '{to_b}'))");
            meets(&text)
        };
        let days = |from: i32, to: i32| (from..=to).collect::<Vec<_>>();
        let (in_a, in_b) = (days(a, to_a), days(b, to_b));
        let shared = in_a.iter().filter(|day| in_b.contains(day)).count();
        let starts = in_a[0].cmp(&in_b[0]);
        let ends = in_a.last().cmp(&in_b.last());
        assert_eq!(is_met("T_INTERSECTS"), shared > 0);
        assert_eq!(is_met("T_DISJOINT"), shared == 0);
        assert_eq!(is_met("T_EQUALS"), in_a == in_b);
        assert_eq!(is_met("T_BEFORE"), shared == 0 && starts.is_lt());
        assert_eq!(is_met("T_AFTER"), shared == 0 && starts.is_gt());
        assert_eq!(is_met("T_DURING"), starts.is_gt() && ends.is_lt());
        assert_eq!(is_met("T_CONTAINS"), starts.is_lt() && ends.is_gt());
        assert_eq!(is_met("T_STARTS"), starts.is_eq() && ends.is_lt());
        assert_eq!(is_met("T_STARTEDBY"), starts.is_eq() && ends.is_gt());
        assert_eq!(is_met("T_FINISHES"), starts.is_gt() && ends.is_eq());
        assert_eq!(is_met("T_FINISHEDBY"), starts.is_lt() && ends.is_eq());
        assert_eq!(is_met("T_MEETS"), in_a.last() == in_b.first());
        assert_eq!(is_met("T_METBY"), in_a.first() == in_b.last());
        let overlaps = |one: std::cmp::Ordering, last: std::cmp::Ordering, touch: bool| {
            one.is_lt() && last.is_lt() && shared > 0 && !touch
        };
        assert_eq!(is_met("T_OVERLAPS"), overlaps(starts, ends, to_a == b));
        assert_eq!(
            is_met("T_OVERLAPPEDBY"),
            overlaps(starts.reverse(), ends.reverse(), a == to_b)
        );
    }
}

#[test]
fn shapes_are_related_on_the_lattice_and_a_box_may_cross_180_degrees() {
    let at = |lon: f64, lat: f64| Feature {
        geometry: Geometry::points([Coord::snap(wangge::model::LonLat::new(lon, lat)).unwrap()])
            .unwrap(),
        ..feature()
    };
    for (text, lon, lat, is_met) in [
        (
            "S_INTERSECTS(geometry, BBOX(104, 28, 105, 29))",
            104.0,
            28.5,
            true,
        ),
        (
            "S_WITHIN(geometry, BBOX(104, 28, 105, 29))",
            104.0,
            28.5,
            false,
        ),
        ("S_WITHIN(geom, BBOX(104, 28, 105, 29))", 104.1, 28.5, true),
        (
            "S_CONTAINS(BBOX(104, 28, 105, 29), geom)",
            104.1,
            28.5,
            true,
        ),
        ("S_TOUCHES(geom, BBOX(104, 28, 105, 29))", 104.0, 28.5, true),
        ("S_EQUALS(geom, POINT(104 28.5))", 104.0, 28.5, true),
        (
            "S_INTERSECTS(geom, BBOX(179, -1, -179, 1))",
            -179.5,
            0.0,
            true,
        ),
        (
            "S_INTERSECTS(geom, BBOX(179, -1, -179, 1))",
            0.0,
            0.0,
            false,
        ),
        ("S_DISJOINT(geom, BBOX(1, 2, 1, 2))", 1.0, 2.0, false),
        (
            "S_INTERSECTS(geom, LINESTRING(0 0, 0.3 0.1))",
            0.15,
            0.05,
            true,
        ),
        (
            "S_INTERSECTS(geom, LINESTRING(0 0, 0.3 0.1))",
            0.15,
            0.050_000_1,
            false,
        ),
        (
            "S_INTERSECTS(geom, MULTIPOINT(1 1, (2 2), 1 1))",
            2.0,
            2.0,
            true,
        ),
        (
            "S_INTERSECTS(geom, POLYGON((0 0, 9 0, 9 9, 0 9, 0 0), (4 4, 4 6, 6 6, 6 4, 4 4)))",
            5.0,
            5.0,
            false,
        ),
        (
            "S_INTERSECTS(geom, MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5))))",
            5.5,
            5.2,
            true,
        ),
        (
            "S_INTERSECTS(geom, MULTILINESTRING((0 0, 1 0), (5 5, 5 -6)))",
            5.0,
            -5.5,
            true,
        ),
    ] {
        assert_eq!(
            parse(text).unwrap().matches(&at(lon, lat)),
            is_met,
            "{text}"
        );
    }
}

#[test]
fn every_fault_names_its_place_and_what_to_write() {
    let mut missed = Vec::new();
    for (text, at, words) in [
        ("kind = 'x'", 1, "no field \"kind\"; there are: whole, real"),
        ("whole = 5 AND Text = 'x'", 15, "\"Text\""),
        ("whole = '5'", 9, "a number does not"),
        ("expires > '2026-01-01'", 11, "TIMESTAMP('"),
        ("flag > FALSE", 1, "order"),
        ("whole LIKE '5%'", 1, "LIKE needs a text"),
        ("text LIKE other", 11, "pattern"),
        ("text LIKE 'a\\", 11, "no end"),
        ("whole = 5 whole", 11, "AND, OR"),
        ("whole = ", 9, "the end"),
        ("(whole = 5", 11, ")"),
        ("whole", 1, "a condition"),
        ("whole = NULL", 9, "IS NULL"),
        ("whole != 5", 7, "<>"),
        ("whole ＝ 5", 7, "full-width"),
        ("text = “x”", 8, "plain quotes"),
        ("text = 'x", 8, "''"),
        ("\"text = 'x'", 1, "close it with \""),
        ("whole = 12ab", 9, "12ab"),
        ("whole = 1e999", 9, "1e999"),
        ("foo(whole) = 1", 1, "no function foo"),
        ("A_CONTAINS(text, ('x'))", 1, "not supported"),
        ("2 ^ 3 ^ 2 = 1", 11, "(a ^ b) ^ c"),
        ("S_INTERSECTS(text, POINT(1 2))", 14, "geometry"),
        (
            "S_INTERSECTS(geom, POINT(1 2 3))",
            26,
            "longitude and latitude only",
        ),
        ("S_INTERSECTS(geom, POINT Z (1 2 3))", 20, "POINT Z"),
        ("S_INTERSECTS(geom, POINT(28 104))", 26, "swapped"),
        (
            "S_INTERSECTS(geom, GEOMETRYCOLLECTION(POINT(1 2)))",
            20,
            "one by one",
        ),
        (
            "S_INTERSECTS(geom, POLYGON((0 0, 1 1, 1 0)))",
            28,
            "repeat the first",
        ),
        (
            "S_INTERSECTS(geom, POLYGON((0 0, 2 2, 2 0, 0 2, 0 0)))",
            20,
            "3 different vertices",
        ),
        (
            "S_INTERSECTS(geom, POLYGON((0 0, 2 2, 2 0, 0 3, 0 0)))",
            20,
            "not valid",
        ),
        ("S_INTERSECTS(geom, BBOX(0, 9, 1, 8))", 20, "south"),
        (
            "S_INTERSECTS(geom, BBOX(0, 1, 2, 3, 4, 5))",
            20,
            "6 numbers",
        ),
        (
            "T_DURING(expires, INTERVAL('..', '..'))",
            10,
            "T_INTERSECTS",
        ),
        ("T_AFTER(whole, DATE('2026-01-01'))", 9, "temporal"),
        (
            "expires > DATE('2026-01-01T00:00:00Z')",
            16,
            "DATE('2026-01-31')",
        ),
        ("expires > TIMESTAMP('2026-01-01')", 21, "TIMESTAMP('2026"),
        ("expires > DATE('2026-13-01')", 16, "no time"),
        (
            "T_AFTER(expires, INTERVAL('2026-02-01', '2026-01-01'))",
            27,
            "before it begins",
        ),
        ("楼层 = 1 AND x = 2", 12, "\"x\""),
        ("geometry = 1", 1, "S_INTERSECTS"),
    ] {
        let error = fault(text);
        let is_told = error.at == at && error.to_string().contains(words);
        if !is_told {
            missed.push(format!("{text}: {error}"));
        }
    }
    assert_eq!(missed, Vec::<String>::new());
}

#[test]
fn a_field_that_the_reader_may_not_see_is_not_there() {
    assert!(meets("secret = 'hidden'"));
    let reader = Access::up_to(Sensitivity::Internal);
    let error = Filter::parse("secret = 'hidden'", &thing(), reader).unwrap_err();
    let FilterFault::UnknownField { known, .. } = error.fault else {
        panic!("{error}");
    };
    assert!(!known.contains("secret"), "{known}");
}

/// On half of the stack that a thread of the service has, in a build that is not optimised.
#[test]
fn a_text_is_bounded_in_length_and_depth_and_needs_little_stack() {
    let ask = || {
        for (open, close) in [
            ("(", ")"),
            ("NOT (", ")"),
            ("(1 + ", " > 0)"),
            ("CASEI(", ")"),
            ("- ", ""),
        ] {
            let deep = open.repeat(5_000) + "whole" + &close.repeat(5_000);
            let error = parse(deep.get(..16_000).unwrap_or(&deep)).unwrap_err();
            assert!(
                matches!(error.fault, FilterFault::TooDeep { .. }),
                "{error}"
            );
        }
        let just = "NOT (".repeat(12) + "whole = 5" + &")".repeat(12);
        assert!(meets(&just));
        let long = format!("0{} = 0", " + 0 * 1".repeat(2_000));
        assert!(meets(&long));
        let many = format!("whole = 4{}", " OR whole = 5".repeat(1_200));
        assert!(meets(&many));
        let error = fault(&"x".repeat(20_000));
        assert!(
            matches!(error.fault, FilterFault::TooLong { .. }),
            "{error}"
        );
        // Would take 2^40 steps if every % were tried with every other.
        let slow = "%a".repeat(40) + "b";
        assert!(!meets(&format!("'{}' LIKE '{slow}'", "a".repeat(4_000))));
    };
    let thread = std::thread::Builder::new().stack_size(1 << 20);
    thread.spawn(ask).unwrap().join().unwrap();
}

/// A condition that CQL2 and SQLite write alike, but for the escape of a pattern.
fn condition() -> impl Strategy<Value = String> {
    let number = prop_oneof![prop::sample::select(vec![
        "whole", "real", "0", "1", "5", "2.5", "-3", "-whole"
    ]),]
    .prop_map(str::to_owned)
    .prop_recursive(3, 8, 2, |inner| {
        let sign = prop::sample::select(vec!["+", "-", "*"]);
        prop_oneof![
            (inner.clone(), sign, inner.clone()).prop_map(|(a, sign, b)| format!("{a} {sign} {b}")),
            inner.prop_map(|a| format!("({a})")),
        ]
    });
    let text = prop::sample::select(vec!["text", "other", "'a'", "'ab'", "'A%'", "''"]);
    let sign = || prop::sample::select(vec!["=", "<>", "<", "<=", ">", ">="]);
    let not = || prop::sample::select(vec!["", "NOT "]);
    let pattern = prop::sample::select(vec!["'a%'", "'%b'", "'_'", "'A\\%'", "'%'", "''"]);
    let leaf = prop_oneof![
        (number.clone(), sign(), number.clone()).prop_map(|(a, sign, b)| format!("{a} {sign} {b}")),
        (text.clone(), sign(), text.clone()).prop_map(|(a, sign, b)| format!("{a} {sign} {b}")),
        (number.clone(), not()).prop_map(|(a, not)| format!("{a} IS {not}NULL")),
        (text.clone(), not()).prop_map(|(a, not)| format!("{a} IS {not}NULL")),
        (text.clone(), not(), pattern).prop_map(|(a, not, p)| format!("{a} {not}LIKE {p}")),
        (text.clone(), not(), text.clone(), text)
            .prop_map(|(a, not, b, c)| format!("{a} {not}IN ({b}, {c})")),
        (number.clone(), not(), number.clone(), number)
            .prop_map(|(a, not, b, c)| format!("{a} {not}BETWEEN {b} AND {c}")),
        Just("flag = TRUE".to_owned()),
        Just("flag <> TRUE".to_owned()),
    ];
    leaf.prop_recursive(4, 16, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} AND {b}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} OR {b}")),
            inner.clone().prop_map(|a| format!("NOT {a}")),
            inner.prop_map(|a| format!("({a})")),
        ]
    })
}

fn values() -> impl Strategy<Value = Vec<Value>> {
    let texts = || {
        prop::option::of(prop::sample::select(vec!["", "a", "ab", "A%", "b"]))
            .prop_map(|text| text.map_or(Value::Null, |text| Value::Text(text.into())))
    };
    let whole = prop::option::of(-3..7_i64).prop_map(|n| n.map_or(Value::Null, Value::Integer));
    let real = prop::option::of(prop::sample::select(vec![-1.5, 0.0, 1.0, 2.5, 5.0]))
        .prop_map(|n| n.map_or(Value::Null, Value::Real));
    let flag = prop::option::of(any::<bool>()).prop_map(|f| f.map_or(Value::Null, Value::Boolean));
    (whole, real, texts(), texts(), flag).prop_map(|(a, b, c, d, e)| vec![a, b, c, d, e])
}

fn sql(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Text(text) => format!("'{text}'"),
        other => other.to_string(),
    }
}

thread_local! {
    static SQLITE: Connection = {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("PRAGMA case_sensitive_like = ON").unwrap();
        connection
    };
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn yes_no_and_not_known_are_what_sqlite_says(text in condition(), values in values()) {
        let row: Vec<String> = values.iter().map(sql).collect();
        let escaped = text
            .replace("LIKE 'A\\%'", "LIKE 'A\\%' ESCAPE '\\'");
        let query = format!(
            "WITH f(whole, real, text, other, flag) AS (VALUES ({})) SELECT {escaped} FROM f",
            row.join(", ")
        );
        let expected: Option<bool> =
            SQLITE.with(|sqlite| sqlite.query_row(&query, [], |row| row.get(0)).unwrap());
        let mut all = values;
        all.resize(thing().fields.len(), Value::Null);
        let feature = Feature { values: all.into(), ..feature() };
        let met = |text: &str| parse(text).unwrap().matches(&feature);
        prop_assert_eq!(met(&text), expected == Some(true), "{}", query);
        prop_assert_eq!(met(&format!("NOT ({text})")), expected == Some(false), "{}", query);
    }

    #[test]
    fn no_text_makes_the_reader_fail(text in "[ -~]{0,60}|[(),'a-cA-DNOT<>=0-9 ._%^*+-]{0,80}|\\PC{0,40}") {
        if let Ok(filter) = parse(&text) {
            let _ = filter.matches(&feature());
        }
    }

    #[test]
    fn shapes_share_a_point_just_where_geo_says_so(a in shape(), b in shape()) {
        let (Some(own), Some(literal)) = (lattice(&a), lattice(&b)) else { return Ok(()) };
        let feature = Feature { geometry: own.clone(), ..feature() };
        let (x, y) = (steps(&own), steps(&literal));
        let matrix = x.relate(&y);
        for (name, expected) in [
            ("S_INTERSECTS", matrix.is_intersects()),
            ("S_DISJOINT", matrix.is_disjoint()),
            ("S_WITHIN", matrix.is_within()),
            ("S_CONTAINS", matrix.is_contains()),
        ] {
            let text = format!("{name}(geom, {})", wkt(&b));
            match parse(&text) {
                Ok(filter) => prop_assert_eq!(filter.matches(&feature), expected, "{} of {:?}", text, own),
                Err(error) => prop_assert!(matches!(error.fault, FilterFault::Polygon { .. }), "{}", error),
            }
        }
    }
}

/// Vertices of a point, a line or a ring on a small lattice, where touching is common.
type Vertices = (GeometryKind, Vec<(i32, i32)>);

fn shape() -> impl Strategy<Value = Vertices> {
    let vertex = || (0..6, 0..6);
    prop_oneof![
        prop::collection::vec(vertex(), 1).prop_map(|all| (GeometryKind::Point, all)),
        prop::collection::vec(vertex(), 2).prop_map(|all| (GeometryKind::Line, all)),
        prop::collection::vec(vertex(), 3).prop_map(|all| (GeometryKind::Polygon, all)),
    ]
}

fn lattice((kind, vertices): &Vertices) -> Option<Geometry> {
    let all: Vec<Coord> = vertices
        .iter()
        .map(|&(lon, lat)| Coord { lon, lat })
        .collect();
    match kind {
        GeometryKind::Point => Geometry::points(all).ok(),
        GeometryKind::Line => Geometry::lines([all]).ok(),
        GeometryKind::Polygon => Geometry::polygons([vec![all]]).ok(),
    }
}

/// The same shape in whole numbers, made without the way over degrees.
fn steps(shape: &Geometry) -> geo::Geometry {
    let mut all: Vec<geo::Coord> = shape
        .coords()
        .map(|at| geo::Coord {
            x: f64::from(at.lon),
            y: f64::from(at.lat),
        })
        .collect();
    match shape.kind() {
        GeometryKind::Point => geo::Point(all[0]).into(),
        GeometryKind::Line => geo::LineString(all).into(),
        GeometryKind::Polygon => {
            all.push(all[0]);
            geo::Polygon::new(geo::LineString(all), vec![]).into()
        }
    }
}

fn wkt((kind, vertices): &Vertices) -> String {
    let place = |(lon, lat): &(i32, i32)| format!("0.{lon:07} 0.{lat:07}");
    let mut places: Vec<String> = vertices.iter().map(place).collect();
    match kind {
        GeometryKind::Point => format!("POINT({})", places[0]),
        GeometryKind::Line => format!("LINESTRING({})", places.join(", ")),
        GeometryKind::Polygon => {
            places.push(places[0].clone());
            format!("POLYGON(({}))", places.join(", "))
        }
    }
}
