//! Rule 2: discs of a given accuracy.

use wangge::model::{Coord, Geometry, Metres};
use wangge::query::{Outcome, Question, locate};

use super::super::holders;
use super::{TODAY, asked, away, first, grid_of, metres, town};
use crate::support::town::Town;
use crate::support::{at, grid, rectangle};

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
        Geometry::polygons([vec![ring]]).unwrap()
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
