//! Numbers by grid against a slower way: every feature against every polygon.

use std::collections::BTreeMap;

use geo::Intersects;
use proptest::prelude::*;
use wangge::model::{
    Access, Coord, Feature, FieldKind, Geometry, GeometryKind, Layer, LayerName, Sensitivity, Side,
    Time, Value,
};
use wangge::query::{Measure, Stats, StatsError, StatsQuestion, stats};
use wangge::snapshot::Snapshot;

use crate::support::town::{PRESENT, REDRAWN, Town};
use crate::support::{at, field, grid, layer, rectangle, time};

/// Before the south-west was given a new code.
fn before() -> Time {
    Time::from_millis(time(REDRAWN).millis() - 1)
}

/// Hydrants at places of the town, with a number, a length and a secret number.
fn hydrants(places: &[Coord]) -> (Layer, Vec<Feature>) {
    let mut secret = field("secret", FieldKind::Integer);
    secret.sensitivity = Sensitivity::Restricted;
    let fields = vec![
        field("capacity", FieldKind::Integer),
        field("pressure", FieldKind::Real),
        field("kind", FieldKind::Text),
        secret,
    ];
    let hydrant = |(number, place): (i32, &Coord)| Feature {
        geometry: Geometry::points([*place]).unwrap(),
        values: Box::new([
            // Every third has no number.
            if number % 3 == 0 {
                Value::Null
            } else {
                Value::Integer(number.into())
            },
            Value::Real(f64::from(number) / 10.0),
            Value::Text(if number % 2 == 0 { "tall" } else { "low" }.into()),
            Value::Integer(1),
        ]),
        ..grid(&format!("H{number}"), None, rectangle(0.0, 0.0, 1.0, 1.0))
    };
    let features = (0..).zip(places).map(hydrant).collect();
    (layer("hydrant", GeometryKind::Point, fields), features)
}

fn town_with(more: (Layer, Vec<Feature>)) -> Snapshot {
    let mut town = Town::new();
    town.layers.push(more);
    town.snapshot()
}

fn ask<'a>(snapshot: &'a Snapshot, question: StatsQuestion<'_>, at: Time) -> Stats<'a> {
    let options = question.check(snapshot, Access::LOCAL).unwrap();
    stats(snapshot, &options, at)
}

fn count_of<'q>(level: &'q str, layer: &'q str) -> StatsQuestion<'q> {
    StatsQuestion {
        level,
        measure: Some("count"),
        layer: Some(layer),
        ..StatsQuestion::default()
    }
}

fn by_code(stats: &Stats<'_>) -> BTreeMap<String, f64> {
    let values = stats.values.iter();
    let pairs = values.map(|value| {
        let code = value.grid.code.as_deref().unwrap();
        (code.to_owned(), value.share.value.unwrap())
    });
    pairs.collect()
}

/// The polygons of a level that hold a place, by code.
fn holders<'a>(snapshot: &'a Snapshot, level: &str, place: Coord, at: Time) -> Vec<&'a Feature> {
    let name: LayerName = level.parse().unwrap();
    let place = place.degrees();
    let point = geo::Point::new(place.lon, place.lat);
    let grids = snapshot.layers[&name].features().iter();
    let mut found: Vec<&Feature> = grids
        .filter(|grid| grid.validity.holds_at(at))
        .filter(|grid| grid.geometry.to_geo().intersects(&point))
        .collect();
    found.sort_by_key(|grid| grid.code.clone());
    found
}

/// The code of the grid of a level in which a place counts, by the rules in words: of several the lowest code, or the one that the
/// grid below names; none where several units share a footprint.
fn owner(snapshot: &Snapshot, level: usize, place: Coord, at: Time) -> Option<String> {
    const LEVELS: [&str; 3] = ["base.county", "base.community", "base.grid"];
    let mut below: Option<&Feature> = None;
    for depth in (level..LEVELS.len()).rev() {
        let found = holders(snapshot, LEVELS[depth], place, at);
        let is_unit = |grid: &&Feature| {
            grid.geometry == found[0].geometry && grid.geometry.side(place) == Side::Inside
        };
        let are_units = depth == 2 && found.len() > 1 && found.iter().all(is_unit);
        if are_units && level == 2 {
            return None;
        }
        let named = found.iter().find(|grid| {
            below.is_some_and(|below| below.parent.is_some() && below.parent == grid.code)
        });
        let own = named.or(found.first()).copied();
        if depth == level {
            return own?.code.as_deref().map(str::to_owned);
        }
        below = own.or(below);
    }
    None
}

/// Places of which many lie on borders, in corners, in the gap, in the overlap, in the stairwells and outside.
fn places() -> impl Strategy<Value = Vec<Coord>> {
    let step = prop_oneof![
        (-3..45_i32).prop_map(|n| f64::from(n) / 20.0),
        -0.2..2.2_f64,
        Just(1.45),
        Just(1.01),
        Just(1.95),
    ];
    prop::collection::vec(
        (step.clone(), step).prop_map(|(east, north)| at(east, north)),
        0..60,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_feature_counts_once_where_a_look_at_every_polygon_finds_it(places in places()) {
        let snapshot = town_with(hydrants(&places));
        for time in [PRESENT, before()] {
            for (depth, level) in ["base.county", "base.community", "base.grid"].into_iter().enumerate() {
                let told = ask(&snapshot, count_of(level, "hydrant"), time);
                let mut expected: BTreeMap<String, f64> = by_code(&told).into_keys().map(|code| (code, 0.0)).collect();
                let mut outside = 0.0;
                let mut all = 0.0;
                for place in &places {
                    all += 1.0;
                    match owner(&snapshot, depth, *place, time) {
                        Some(code) => *expected.get_mut(&code).unwrap() += 1.0,
                        None => outside += 1.0,
                    }
                }
                prop_assert_eq!(by_code(&told), expected, "{}", level);
                prop_assert_eq!(told.outside.value, Some(outside));
                prop_assert_eq!(told.total.value, Some(all));
            }
        }
    }

    #[test]
    fn sums_of_all_grids_and_of_outside_come_to_the_sum_of_the_layer(places in places()) {
        let snapshot = town_with(hydrants(&places));
        let sum = |field| StatsQuestion { measure: Some("sum"), field: Some(field), ..count_of("base.grid", "hydrant") };
        let numbers: i32 = (0..).zip(&places).map(|(n, _)| if n % 3 == 0 { 0 } else { n }).sum();
        let told = ask(&snapshot, sum("capacity"), PRESENT);
        let grids: f64 = told.values.iter().filter_map(|value| value.share.value).sum();
        prop_assert_eq!(Some(grids + told.outside.value.unwrap()), told.total.value);
        prop_assert_eq!(told.total.value, Some(f64::from(numbers)));
        let told = ask(&snapshot, sum("pressure"), PRESENT);
        let grids: f64 = told.values.iter().filter_map(|value| value.share.value).sum();
        prop_assert!((grids + told.outside.value.unwrap() - told.total.value.unwrap()).abs() < 1e-9);
    }
}

#[test]
fn a_share_tells_how_many_of_how_many_and_a_filter_narrows_what_is_counted() {
    let places: Vec<Coord> = (0..5).map(|n| at(0.1 * f64::from(n + 1), 0.5)).collect();
    let snapshot = town_with(hydrants(&places));
    let filter = Some("kind = 'tall'");
    let counted = ask(
        &snapshot,
        StatsQuestion {
            filter,
            ..count_of("base.grid", "hydrant")
        },
        PRESENT,
    );
    assert_eq!(by_code(&counted).get("5115260101"), Some(&3.0));
    let share = StatsQuestion {
        measure: Some("share"),
        filter,
        ..count_of("base.grid", "hydrant")
    };
    let shares = ask(&snapshot, share, PRESENT);
    let full = shares
        .values
        .iter()
        .find(|value| value.grid.code.as_deref() == Some("5115260101"))
        .unwrap();
    assert_eq!(
        (full.share.value, full.share.part, full.share.whole),
        (Some(60.0), 3, 5)
    );
    // Nothing of nothing is no share.
    assert!(
        shares
            .values
            .iter()
            .filter(|value| value.share.value.is_none())
            .count()
            > 0
    );
    assert_eq!(shares.total.value, Some(60.0));
    assert_eq!(shares.outside.value, None);
}

#[test]
fn a_mean_is_of_those_that_have_a_number_and_a_density_of_the_ground_of_grids() {
    let places = [at(0.5, 0.5), at(0.6, 0.5), at(0.7, 0.5), at(9.0, 9.0)];
    let snapshot = town_with(hydrants(&places));
    let mean = StatsQuestion {
        measure: Some("mean"),
        field: Some("capacity"),
        ..count_of("base.grid", "hydrant")
    };
    let means = ask(&snapshot, mean, PRESENT);
    let value = |stats: &Stats<'_>, code: &str| {
        let mut values = stats.values.iter();
        values
            .find(|value| value.grid.code.as_deref() == Some(code))
            .unwrap()
            .share
            .value
    };
    // Of 0, 1, 2 the first has none.
    assert_eq!(value(&means, "5115260101"), Some(1.5));
    assert_eq!(value(&means, "5115260102"), None);
    let area = StatsQuestion {
        level: "base.county",
        measure: Some("area"),
        ..StatsQuestion::default()
    };
    let areas = ask(&snapshot, area, PRESENT);
    let ground = value(&areas, "511526").unwrap();
    let density = StatsQuestion {
        measure: Some("density"),
        ..count_of("base.county", "hydrant")
    };
    let densities = ask(&snapshot, density, PRESENT);
    assert_eq!(value(&densities, "511526"), Some(3.0 / ground));
    assert_eq!(
        (densities.total.value, densities.outside.value),
        (Some(3.0 / ground), None)
    );
    assert_eq!(
        (areas.total.value, areas.outside.value),
        (Some(ground), None)
    );
}

#[test]
fn each_grid_counts_in_itself_also_one_whose_box_has_its_middle_elsewhere() {
    // A frame open to the east around a square.
    let ring = [
        (0.0, 0.0),
        (1.0, 0.0),
        (1.0, 0.2),
        (0.2, 0.2),
        (0.2, 0.8),
        (1.0, 0.8),
        (1.0, 1.0),
        (0.0, 1.0),
    ];
    let frame =
        Geometry::polygons([vec![ring.map(|(east, north)| at(east, north)).to_vec()]]).unwrap();
    let mut town = Town::new();
    let (_, grids) = town
        .layers
        .iter_mut()
        .find(|(layer, _)| layer.name.as_str() == "base.grid")
        .unwrap();
    *grids = vec![
        grid("G1", None, frame),
        grid("G2", None, rectangle(0.2, 0.2, 1.0, 0.8)),
    ];
    let snapshot = town.snapshot();
    let told = ask(&snapshot, count_of("base.grid", "base.grid"), PRESENT);
    assert_eq!(
        by_code(&told),
        BTreeMap::from([("G1".to_owned(), 1.0), ("G2".to_owned(), 1.0)])
    );
}

#[test]
fn lanes_count_what_lies_within_their_reach() {
    let snapshot = town_with(hydrants(&[at(0.5, 0.5), at(1.5, 0.5)]));
    let told = ask(&snapshot, count_of("lanes.lane", "hydrant"), PRESENT);
    assert_eq!(
        by_code(&told),
        BTreeMap::from([("L1".to_owned(), 1.0), ("L2".to_owned(), 0.0)])
    );
    assert_eq!(told.outside.value, Some(1.0));
}

#[test]
fn a_field_that_the_reader_may_not_see_is_not_there_neither_summed_nor_in_a_filter() {
    let snapshot = town_with(hydrants(&[at(0.5, 0.5)]));
    let public = Access::up_to(Sensitivity::Public);
    let sum = StatsQuestion {
        measure: Some("sum"),
        field: Some("secret"),
        ..count_of("base.grid", "hydrant")
    };
    assert!(sum.check(&snapshot, Access::LOCAL).is_ok());
    let refused = sum.check(&snapshot, public).unwrap_err();
    assert!(
        !refused
            .to_string()
            .contains("it has capacity, pressure, secret"),
        "{refused}"
    );
    assert!(
        refused.to_string().contains("it has capacity, pressure"),
        "{refused}"
    );
    let filter = StatsQuestion {
        filter: Some("secret = 1"),
        ..count_of("base.grid", "hydrant")
    };
    assert!(filter.check(&snapshot, Access::LOCAL).is_ok());
    assert!(matches!(
        filter.check(&snapshot, public),
        Err(StatsError::Filter { .. })
    ));
}

#[test]
fn a_store_without_anything_says_that_there_is_none() {
    let nothing = Snapshot::default();
    let refused = count_of("base.grid", "hydrant").check(&nothing, Access::LOCAL);
    let words = refused.unwrap_err().to_string();
    assert_eq!(words, "there is no grid level base.grid; there are: none");
}

#[test]
fn every_measure_is_found_by_its_name() {
    for measure in Measure::ALL {
        assert_eq!(Measure::named(measure.name()), Some(measure));
    }
    assert_eq!(Measure::named("median"), None);
}
