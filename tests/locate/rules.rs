//! The rules of the field, each on a town that one can draw on paper.

use std::sync::Arc;

use geo::{Destination, Geodesic, Point};
use wangge::model::{Bounds, Coord, Crs, LocateRules, LonLat, Metres, Scheme, Time, Validity};
use wangge::query::{Answer, Batch, Outcome, Question, SchemeAnswer, Warning, locate, responsible};
use wangge::snapshot::Snapshot;

use super::{code, holders};
use crate::support::town::{REDRAWN, Town};
use crate::support::{at, duty, grid, rectangle, time};

const TODAY: Time = Time::from_millis(1_780_000_000_000);

fn town() -> Snapshot {
    Town::new().snapshot()
}

fn asked(east: f64, north: f64) -> Question<'static> {
    Question::new(at(east, north), TODAY)
}

fn metres(number: f64) -> Metres {
    Metres::up_to(Metres::LONGEST, number).unwrap()
}

/// A point some metres to the east (bearing 90) or elsewhere.
fn away(from: Coord, bearing: f64, metres: f64) -> Coord {
    let LonLat { lon, lat } = from.degrees();
    let there = Geodesic.destination(Point::new(lon, lat), bearing, metres);
    Coord::snap(LonLat::new(there.x(), there.y())).unwrap()
}

fn grid_of(answer: &SchemeAnswer) -> Option<String> {
    answer.lowest().map(|owner| code(owner.grid))
}

fn first<'b, 'a>(answer: &'b Answer<'a>) -> &'b SchemeAnswer<'a> {
    answer.first.as_ref().unwrap()
}

fn overlay<'b, 'a>(answer: &'b Answer<'a>, name: &str) -> &'b SchemeAnswer<'a> {
    let mut overlays = answer.overlays.iter();
    overlays.find(|each| each.scheme.name() == name).unwrap()
}

fn codes_of(answer: &Answer) -> Vec<&'static str> {
    answer.warnings.iter().map(Warning::code).collect()
}

/// Role, name and code of whoever is responsible.
fn staff(town: &Snapshot, answer: &Answer) -> Vec<(String, String)> {
    let duties = responsible(town, first(answer).owner(), answer.community(), answer.time);
    let duty = |duty: &wangge::query::Duty| (duty.staff.name.to_string(), code(duty.owner.grid));
    duties.iter().map(duty).collect()
}

#[test]
fn rule_1_boundary_a_point_on_a_border_has_one_owner_and_names_all_whatever_the_load_order() {
    for reversed in [false, true] {
        let mut town = Town::new();
        if reversed {
            for (_, features) in &mut town.layers {
                features.reverse();
            }
        }
        let town = town.snapshot();
        let answer = locate(&town, &asked(1.0, 0.5));
        let base = first(&answer);
        assert_eq!(base.outcome, Outcome::Boundary);
        assert_eq!(grid_of(base).as_deref(), Some("5115260101"));
        assert_eq!(holders(base), ["5115260101", "5115260201"]);
        assert!(!base.is_certain());
        assert!(base.candidates.iter().all(|each| each.distance_m == 0.0));
    }
}

#[test]
fn rule_2_accuracy_a_disc_that_lies_in_one_grid_is_certain_and_one_that_crosses_a_border_is_not() {
    let town = town();
    // 98 m west of the border of two grids.
    let here = away(at(1.0, 0.5), 270.0, 98.0);
    let ask = |accuracy: f64| Question {
        accuracy: metres(accuracy),
        ..Question::new(here, TODAY)
    };
    for accuracy in [0.0, 10.0, 24.0, 97.9] {
        let answer = locate(&town, &ask(accuracy));
        let base = first(&answer);
        assert!(
            base.is_certain() && base.candidates.is_empty(),
            "{accuracy}"
        );
    }
    let answer = locate(&town, &ask(210.0));
    let base = first(&answer);
    assert_eq!(base.outcome, Outcome::NearBoundary);
    assert_eq!(grid_of(base).as_deref(), Some("5115260101"));
    assert_eq!(holders(base), ["5115260101", "5115260201"]);
    // A segment of a circle that is cut at 98 of 210 m.
    let part = 98.0_f64 / 210.0;
    let segment = (part.acos() - part * (1.0 - part * part).sqrt()) / std::f64::consts::PI;
    let share = base.candidates[1].share.unwrap();
    assert!((share - segment).abs() < 1e-3, "{share} is not {segment}");
    assert!((base.candidates[1].distance_m - 98.0).abs() < 0.02);
}

#[test]
fn rule_2_accuracy_a_disc_around_a_point_outside_names_the_grids_that_it_reaches() {
    let town = town();
    let outside = away(at(0.0, 0.5), 270.0, 20.0);
    let ask = |accuracy: f64| Question {
        accuracy: metres(accuracy),
        ..Question::new(outside, TODAY)
    };
    let near = locate(&town, &ask(50.0));
    assert_eq!(first(&near).outcome, Outcome::NearBoundary);
    assert_eq!(grid_of(first(&near)), None);
    assert_eq!(holders(first(&near)), ["5115260101"]);
    let far = locate(&town, &ask(19.0));
    assert_eq!(first(&far).outcome, Outcome::Outside);
}

#[test]
fn rule_2_accuracy_a_disc_in_a_grid_that_another_overlaps_is_not_certain() {
    let mut town = Town::new();
    let spot = grid(
        "5115260109",
        Some("51152601"),
        rectangle(0.52, 0.5, 0.53, 0.51),
    );
    town.layers[2].1.push(spot);
    let town = town.snapshot();
    let question = Question {
        accuracy: metres(30.0),
        ..asked(0.5, 0.505)
    };
    let answer = locate(&town, &question);
    let base = first(&answer);
    assert_eq!(base.outcome, Outcome::NearBoundary);
    let shares: f64 = base.candidates.iter().filter_map(|each| each.share).sum();
    assert!(shares <= 1.0 + 1e-12, "{shares}");
}

#[test]
fn rule_2_accuracy_no_number_breaks_the_answer_nor_does_the_pole_or_the_antimeridian() {
    for given in [f64::NAN, f64::INFINITY, -1.0, 1e300, -0.5, 100_000.1] {
        assert!(Metres::up_to(Metres::LONGEST, given).is_err(), "{given}");
    }
    let mut town = Town::new();
    let (pole, edge) = (900_000_000, 1_800_000_000);
    let world = |west, east| {
        let corners = [(west, -pole), (east, -pole), (east, pole), (west, pole)];
        let ring = corners.map(|(lon, lat)| Coord { lon, lat }).to_vec();
        wangge::model::Geometry::polygons([vec![ring]]).unwrap()
    };
    town.layers[2].1 = vec![
        grid("W", None, world(-edge, 0)),
        grid("E", None, world(0, edge)),
    ];
    let town = town.snapshot();
    for lon in [-edge, -edge + 1, -1, 0, 1, edge - 1, edge] {
        for lat in [
            -pole,
            1 - pole,
            -890_000_000,
            0,
            899_999_000,
            pole - 1,
            pole,
        ] {
            for accuracy in [0.0, 1e-9, 0.01, 10.0, 10_000.0, 100_000.0] {
                let question = Question {
                    accuracy: metres(accuracy),
                    gap_limit: Some(metres(100_000.0)),
                    ..Question::new(Coord { lon, lat }, TODAY)
                };
                let answer = locate(&town, &question);
                let shares = first(&answer)
                    .candidates
                    .iter()
                    .filter_map(|each| each.share);
                let all: f64 = shares.sum();
                assert!((0.0..=1.0 + 1e-12).contains(&all), "{lon} {lat} {accuracy}");
            }
        }
    }
    let across = |lon| Question {
        accuracy: metres(1000.0),
        ..Question::new(Coord { lon, lat: 1 }, TODAY)
    };
    for (lon, codes) in [(edge - 1, ["E", "W"]), (1 - edge, ["W", "E"])] {
        let answer = locate(&town, &across(lon));
        assert_eq!(holders(first(&answer)), codes, "{lon}");
        for candidate in &first(&answer).candidates {
            assert!((candidate.share.unwrap() - 0.5).abs() < 1e-3);
        }
    }
}

#[test]
fn rule_3_gap_the_nearest_grid_of_the_same_community_within_the_limit_owns_a_point_in_a_gap() {
    let town = town();
    let here = away(at(0.5, 1.0), 0.0, 8.0);
    let answer = locate(&town, &Question::new(here, TODAY));
    let base = first(&answer);
    assert_eq!(base.outcome, Outcome::Gap);
    assert!(!base.is_certain());
    assert_eq!(grid_of(base).as_deref(), Some("5115260101"));
    let chain: Vec<String> = base.chain().map(|owner| code(owner.grid)).collect();
    assert_eq!(chain, ["511526", "51152601", "5115260101"]);
    assert_eq!(holders(base), ["5115260101", "5115260102"]);
    assert!((base.candidates[0].distance_m - 8.0).abs() < 0.01);
    assert_eq!(
        staff(&town, &answer),
        [("李娜".to_owned(), "5115260101".to_owned())]
    );
}

#[test]
fn rule_3_gap_a_grid_of_another_community_is_not_taken_though_it_is_nearer() {
    let town = town();
    // In the east, 5 m from the border to the west and 300 m from any grid of its own.
    let here = away(at(1.0, 1.3), 90.0, 5.0);
    let answer = locate(&town, &Question::new(here, TODAY));
    assert_eq!(first(&answer).outcome, Outcome::Fallback);
    assert_eq!(grid_of(first(&answer)), None);
    let community = first(&answer).community.unwrap();
    assert_eq!(code(community.grid), "51152602");
}

#[test]
fn rule_3_gap_beyond_the_limit_the_community_answers_and_the_question_may_set_the_limit() {
    let town = town();
    let here = away(at(1.5, 1.0), 0.0, 150.0);
    for (limit, outcome) in [
        (None, Outcome::Fallback),
        (Some(149.0), Outcome::Fallback),
        (Some(151.0), Outcome::Gap),
        (Some(0.0), Outcome::Fallback),
    ] {
        let question = Question {
            gap_limit: limit.map(metres),
            ..Question::new(here, TODAY)
        };
        assert_eq!(
            first(&locate(&town, &question)).outcome,
            outcome,
            "{limit:?}"
        );
    }
}

#[test]
fn rule_3_gap_a_grid_that_names_no_parent_belongs_where_it_lies() {
    let mut town = Town::new();
    for grid in &mut town.layers[2].1 {
        grid.parent = None;
    }
    let town = town.snapshot();
    let here = away(at(0.999, 1.0), 0.0, 3.0);
    let answer = locate(&town, &Question::new(here, TODAY));
    let base = first(&answer);
    assert_eq!(base.outcome, Outcome::Gap);
    assert_eq!(holders(base), ["5115260101", "5115260102"]);
}

#[test]
fn rule_3_gap_between_levels_the_chain_of_the_nearest_grid_is_its_own() {
    let levels = ["county", "community", "grid", "micro_grid"];
    let scheme = Scheme::new("base", levels, false, 0).unwrap();
    let mut town = Town::new();
    let micro =
        |code: &str, parent, west, east| grid(code, Some(parent), rectangle(west, 0.0, east, 1.0));
    let micros = vec![
        micro("M1", "5115260101", 0.0, 0.49),
        micro("M2", "5115260101", 0.5, 0.97),
        micro("M3", "5115260201", 1.0, 2.0),
    ];
    town.schemes[0] = scheme;
    let layer = wangge::model::Layer {
        name: crate::support::name("base.micro_grid"),
        ..town.layers[2].0.clone()
    };
    town.layers.push((layer, micros));
    let town = town.snapshot();
    // 5 m west of the border of the grids; M3 is nearer than M2 and belongs to the other grid.
    let here = away(at(1.0, 0.5), 270.0, 5.0);
    let answer = locate(&town, &Question::new(here, TODAY));
    let base = first(&answer);
    assert_eq!(base.outcome, Outcome::Gap);
    let chain: Vec<String> = base.chain().map(|owner| code(owner.grid)).collect();
    assert_eq!(chain, ["511526", "51152601", "5115260101", "M2"]);
    // Where the grid itself is missing too, the micro-grid brings it along.
    let strip = away(at(0.7, 1.0), 0.0, 4.0);
    let answer = locate(&town, &Question::new(strip, TODAY));
    let chain: Vec<String> = first(&answer)
        .chain()
        .map(|owner| code(owner.grid))
        .collect();
    assert_eq!(chain, ["511526", "51152601", "5115260101", "M2"]);
}

#[test]
fn rule_4_overlap_has_one_owner_and_is_flagged_and_every_scheme_answers() {
    let town = town();
    let answer = locate(&town, &asked(1.95, 0.5));
    let base = first(&answer);
    assert_eq!(base.outcome, Outcome::Overlap);
    assert_eq!(grid_of(base).as_deref(), Some("5115260201"));
    assert_eq!(holders(base), ["5115260201", "5115260202"]);
    let names: Vec<&str> = answer
        .overlays
        .iter()
        .map(|each| each.scheme.name())
        .collect();
    assert_eq!(names, ["dedicated", "lanes"]);
}

#[test]
fn rule_5_outside_is_an_answer_without_owner() {
    let town = town();
    let answer = locate(&town, &asked(5.0, 5.0));
    let base = first(&answer);
    assert_eq!(base.outcome, Outcome::Outside);
    assert!(base.owner().is_none() && base.candidates.is_empty() && !base.is_certain());
    assert_eq!(staff(&town, &answer), []);
    assert_eq!(answer.warnings, []);
}

#[test]
fn rule_6_datum_a_point_that_only_another_datum_brings_inside_gets_a_warning() {
    let town = town();
    // What lies a little inside the eastern border is carried over it by the shift, and taken as WGS 84.
    let home = away(at(2.0, 0.5), 270.0, 100.0).degrees();
    for (written, warning) in [
        (Crs::Gcj02, "looks_like_gcj02"),
        (Crs::Bd09, "looks_like_bd09"),
    ] {
        let given = written.from_wgs84(home).unwrap();
        let question = Question {
            given,
            ..Question::new(Coord::snap(given).unwrap(), TODAY)
        };
        let answer = locate(&town, &question);
        assert_eq!(first(&answer).outcome, Outcome::Outside);
        assert!(
            codes_of(&answer).contains(&warning),
            "{:?}",
            answer.warnings
        );
        let declared = Question::new(Coord::snap(home).unwrap(), TODAY);
        assert_eq!(locate(&town, &declared).warnings, []);
    }
    // And the other way: WGS 84 that is declared to be GCJ-02.
    let inside = away(at(0.0, 0.5), 90.0, 50.0).degrees();
    let question = Question {
        given: inside,
        crs: Crs::Gcj02,
        ..Question::new(
            Coord::snap(Crs::Gcj02.to_wgs84(inside).unwrap()).unwrap(),
            TODAY,
        )
    };
    assert_eq!(codes_of(&locate(&town, &question)), ["looks_like_wgs84"]);
}

#[test]
fn rule_7_swapped_coordinates_that_both_can_be_get_a_warning_by_the_ground_or_the_extent() {
    // A town at 87.6 E, 43.8 N: both numbers can be a latitude.
    let shift = |geometry: &wangge::model::Geometry| {
        let moved = geometry.runs().map(|ring| {
            let moved = ring.iter().map(|at| Coord {
                lon: at.lon - 1_047_000_000 + 876_000_000,
                lat: at.lat - 284_000_000 + 438_000_000,
            });
            vec![moved.collect::<Vec<_>>()]
        });
        wangge::model::Geometry::polygons(moved).unwrap()
    };
    let mut far = Town::new();
    far.schemes.truncate(1);
    far.layers.truncate(3);
    for (_, features) in &mut far.layers {
        for feature in features {
            feature.geometry = shift(&feature.geometry);
        }
    }
    let town = far.snapshot();
    let ask = |town: &Snapshot, lon: f64, lat: f64| {
        let given = LonLat::new(lon, lat);
        let answer = locate(town, &Question::new(Coord::snap(given).unwrap(), TODAY));
        codes_of(&answer)
    };
    assert_eq!(ask(&town, 87.605, 43.805), [""; 0]);
    assert_eq!(ask(&town, 43.805, 87.605), ["looks_swapped"]);
    assert_eq!(ask(&town, 43.605, 86.605), [""; 0]);
    let wider = Snapshot {
        rules: Arc::new(LocateRules {
            extent: Some(Bounds {
                min: Coord {
                    lon: 860_000_000,
                    lat: 430_000_000,
                },
                max: Coord {
                    lon: 880_000_000,
                    lat: 440_000_000,
                },
            }),
            ..LocateRules::default()
        }),
        ..town
    };
    assert_eq!(ask(&wider, 43.605, 86.605), ["looks_swapped"]);
    assert_eq!(ask(&wider, 86.605, 43.605), [""; 0]);
    assert!(
        Coord::snap(LonLat::new(28.4, 104.7))
            .is_err_and(|error| error.to_string().contains("swapped"))
    );
}

#[test]
fn rule_8_units_of_one_footprint_are_ambiguous_until_the_unit_is_named() {
    let town = town();
    let units = ["51152602-3-1", "51152602-3-2", "51152602-3-3"];
    let answer = locate(&town, &asked(1.45, 1.45));
    let base = first(&answer);
    assert_eq!(base.outcome, Outcome::AmbiguousUnit);
    assert_eq!(holders(base), units);
    assert_eq!(grid_of(base), None);
    assert_eq!(code(base.owner().unwrap().grid), "51152602");
    for unit in ["51152602-3-2", "3号楼2单元", " 3号楼2单元 "] {
        let question = Question {
            unit: Some(unit),
            ..asked(1.45, 1.45)
        };
        let answer = locate(&town, &question);
        let base = first(&answer);
        assert!(base.is_certain() && base.candidates.is_empty(), "{unit}");
        assert_eq!(grid_of(base).as_deref(), Some("51152602-3-2"));
        assert_eq!(answer.warnings, []);
        let sharp = Question {
            accuracy: metres(10.0),
            ..question
        };
        assert!(first(&locate(&town, &sharp)).is_certain());
        let blurred = Question {
            accuracy: metres(100.0),
            ..question
        };
        assert_eq!(
            first(&locate(&town, &blurred)).outcome,
            Outcome::NearBoundary
        );
    }
    let question = Question {
        unit: Some("9单元"),
        ..asked(1.45, 1.45)
    };
    let answer = locate(&town, &question);
    assert_eq!(first(&answer).outcome, Outcome::AmbiguousUnit);
    assert_eq!(codes_of(&answer), ["unknown_unit"]);
}

#[test]
fn rule_8_units_are_the_same_footprint_wherever_their_rings_begin() {
    let mut town = Town::new();
    let corners = [(1.5, 1.4), (1.5, 1.5), (1.4, 1.5), (1.4, 1.4)];
    let ring = corners.map(|(east, north)| at(east, north)).to_vec();
    let turned = wangge::model::Geometry::polygons([vec![ring]]).unwrap();
    let last = town.layers[2].1.last_mut().unwrap();
    assert_ne!(last.geometry, turned);
    last.geometry = turned;
    let town = town.snapshot();
    let answer = locate(&town, &asked(1.45, 1.45));
    assert_eq!(first(&answer).outcome, Outcome::AmbiguousUnit);
}

#[test]
fn rule_9_time_grids_and_staff_hold_from_their_first_instant_to_just_before_their_end() {
    let town = town();
    let turn = time(REDRAWN).millis();
    for (millis, grid, person) in [
        (turn - 1, "5115260100", "张伟"),
        (turn, "5115260101", "李娜"),
        (0, "5115260100", "张伟"),
    ] {
        let question = Question::new(at(0.05, 0.05), Time::from_millis(millis));
        let answer = locate(&town, &question);
        assert_eq!(grid_of(first(&answer)).as_deref(), Some(grid));
        assert_eq!(
            staff(&town, &answer),
            [(person.to_owned(), grid.to_owned())]
        );
    }
}

#[test]
fn rule_10_a_dedicated_grid_wins_for_the_categories_that_it_names_and_the_base_grid_stands_beside()
{
    let town = town();
    let ask = |category, east, north| Question {
        category,
        ..asked(east, north)
    };
    let plain = locate(&town, &ask(None, 0.22, 0.22));
    assert_eq!(first(&plain).scheme.name(), "base");
    assert_eq!(grid_of(overlay(&plain, "dedicated")).as_deref(), Some("S1"));
    for category in ["校园安全", " 消防 "] {
        let answer = locate(&town, &ask(Some(category), 0.22, 0.22));
        assert_eq!(first(&answer).scheme.name(), "dedicated");
        assert_eq!(grid_of(first(&answer)).as_deref(), Some("S1"));
        assert!(first(&answer).is_certain());
        assert_eq!(answer.overlays[0].scheme.name(), "base");
        assert_eq!(grid_of(&answer.overlays[0]).as_deref(), Some("5115260101"));
        assert_eq!(answer.overlays.len(), 2);
        assert_eq!(code(answer.community().unwrap().grid), "51152601");
        assert_eq!(
            staff(&town, &answer),
            [("孙丽".to_owned(), "S1".to_owned())]
        );
    }
    for category in ["市场监管", "校园", "", "噪音"] {
        let answer = locate(&town, &ask(Some(category), 0.22, 0.22));
        assert_eq!(first(&answer).scheme.name(), "base", "{category}");
    }
    // Where two overlap, only those count that name the category.
    let market = locate(&town, &ask(Some("市场监管"), 0.27, 0.27));
    assert_eq!(grid_of(first(&market)).as_deref(), Some("S2"));
    assert_eq!(first(&market).outcome, Outcome::Inside);
    let fire = locate(&town, &ask(Some("消防"), 0.27, 0.27));
    assert_eq!(first(&fire).outcome, Outcome::Overlap);
    assert_eq!(holders(first(&fire)), ["S1", "S2"]);
    // The market has nobody: its community answers.
    assert_eq!(
        staff(&town, &market),
        [("赵敏".to_owned(), "51152601".to_owned())]
    );
    let asked_base = Question {
        scheme: town.base_scheme(),
        ..ask(Some("消防"), 0.27, 0.27)
    };
    assert_eq!(first(&locate(&town, &asked_base)).scheme.name(), "base");
}

#[test]
fn rule_11_a_lane_is_found_within_its_buffer_the_nearest_first() {
    let town = town();
    let lane = |metres: f64, from: f64| {
        let answer = locate(
            &town,
            &Question::new(away(at(from, 0.5), 90.0, metres), TODAY),
        );
        let lanes = overlay(&answer, "lanes").clone();
        (lanes.outcome, holders(&lanes))
    };
    let found = |codes: &[&str]| {
        codes
            .iter()
            .map(|&code| code.to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(lane(14.9, 0.5), (Outcome::Inside, found(&["L1"])));
    assert_eq!(lane(15.1, 0.5), (Outcome::Outside, found(&[])));
    assert_eq!(lane(-39.9, 0.6), (Outcome::Inside, found(&["L2"])));
    assert_eq!(lane(-40.1, 0.6), (Outcome::Outside, found(&[])));
    let mut near = Town::new();
    let lanes = &mut near.layers[4].1;
    lanes[1].geometry = lanes[0].geometry.clone();
    lanes[1].geometry = wangge::model::Geometry::lines([vec![
        away(at(0.5, 0.1), 90.0, 12.0),
        away(at(0.5, 0.9), 90.0, 12.0),
    ]])
    .unwrap();
    let near = near.snapshot();
    let here = away(at(0.5, 0.5), 90.0, 9.0);
    let answer = locate(&near, &Question::new(here, TODAY));
    let lanes = overlay(&answer, "lanes");
    assert_eq!(lanes.outcome, Outcome::Overlap);
    assert_eq!(holders(lanes), ["L2", "L1"]);
    assert_eq!(grid_of(lanes).as_deref(), Some("L2"));
    assert!((lanes.candidates[0].distance_m - 3.0).abs() < 0.02);
    let duties = responsible(&near, lanes.owner(), lanes.community, TODAY);
    assert_eq!(&*duties[0].staff.name, "郑洁");
}

#[test]
fn rule_11_a_disc_must_lie_in_the_buffer_of_one_lane_to_be_certain() {
    let town = town();
    let ask = |away_m: f64, accuracy: f64| {
        let question = Question {
            accuracy: metres(accuracy),
            ..Question::new(away(at(0.6, 0.5), 90.0, away_m), TODAY)
        };
        overlay(&locate(&town, &question), "lanes").outcome
    };
    assert_eq!(ask(10.0, 29.0), Outcome::Inside);
    assert_eq!(ask(10.0, 31.0), Outcome::NearBoundary);
    assert_eq!(ask(60.0, 21.0), Outcome::NearBoundary);
    assert_eq!(ask(60.0, 19.0), Outcome::Outside);
}

#[test]
fn rule_12_a_moving_reporter_is_routed_by_where_and_when_the_event_was() {
    let town = town();
    let turn = time(REDRAWN).millis();
    // Reported on the way home to the east in the new year, seen in the west in the old.
    let seen = Question::new(at(0.05, 0.05), Time::from_millis(turn - 60_000));
    let home = Question::new(at(1.5, 0.5), Time::from_millis(turn + 60_000));
    let before = locate(&town, &seen);
    let _ = locate(&town, &home);
    let after = locate(&town, &seen);
    assert_eq!(grid_of(first(&before)).as_deref(), Some("5115260100"));
    assert_eq!(grid_of(first(&after)), grid_of(first(&before)));
    assert_eq!(
        staff(&town, &after),
        [("张伟".to_owned(), "5115260100".to_owned())]
    );
}

#[test]
fn rule_13_without_staff_of_its_own_at_that_time_the_communitys_staff_answers() {
    let town = town();
    let answer = locate(&town, &asked(1.5, 0.5));
    assert_eq!(grid_of(first(&answer)).as_deref(), Some("5115260201"));
    assert_eq!(
        staff(&town, &answer),
        [("周强".to_owned(), "51152602".to_owned())]
    );
    let ended = Validity {
        from: None,
        to: Some(TODAY),
    };
    let mut past = Town::new();
    past.staff.push(duty("5115260201", "钱进", ended));
    let past = past.snapshot();
    for (millis, person) in [(TODAY.millis() - 1, "钱进"), (TODAY.millis(), "周强")] {
        let question = Question::new(at(1.5, 0.5), Time::from_millis(millis));
        let answer = locate(&past, &question);
        assert_eq!(staff(&past, &answer)[0].0, person);
    }
}

#[test]
fn the_level_that_is_the_community_is_the_deployments_choice() {
    let town = Snapshot {
        rules: Arc::new(LocateRules {
            community_levels: vec!["county".into()],
            ..LocateRules::default()
        }),
        ..town()
    };
    let answer = locate(&town, &asked(1.5, 0.5));
    assert_eq!(code(answer.community().unwrap().grid), "511526");
}

#[test]
fn many_points_have_the_outcomes_of_single_ones() {
    let town = town();
    let schemes: Vec<&Scheme> = town.schemes.iter().collect();
    let batch = Batch::new(&town, &schemes, TODAY);
    let steps = |n: i32| f64::from(n) * 0.1 - 0.25;
    let mut points: Vec<Coord> = (0..625).map(|n| at(steps(n % 25), steps(n / 25))).collect();
    points.extend((0..25).map(|n| at(1.0, steps(n))));
    points.extend((0..25).map(|n| away(at(steps(n), 1.0), 0.0, 5.0)));
    points.push(at(1.45, 1.45));
    let (mut found, mut rows) = (Vec::new(), Vec::new());
    batch.locate(&points, &mut found, &mut rows);
    let mut seen = std::collections::HashSet::new();
    for ((&point, found), row) in points.iter().zip(&found).zip(rows.chunks(batch.width())) {
        let answer = locate(&town, &Question::new(point, TODAY));
        assert_eq!(found.outcome, first(&answer).outcome, "{point:?}");
        assert_eq!(found.certain, first(&answer).is_certain());
        let all = std::iter::once(first(&answer))
            .chain([overlay(&answer, "dedicated"), overlay(&answer, "lanes")]);
        let codes: Vec<_> = all.flat_map(SchemeAnswer::codes).collect();
        let batched: Vec<_> = (0..)
            .zip(row)
            .map(|(level, &grid)| batch.code(level, grid))
            .collect();
        assert_eq!(batched, codes, "{point:?}");
        seen.insert(found.outcome);
    }
    assert_eq!(seen.len(), 7, "{seen:?}");
}
