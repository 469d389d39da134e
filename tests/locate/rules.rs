//! The rules of the field, each on a town that one can draw on paper.

mod accuracy;
mod gaps;
mod overlays;
mod readings;
mod units;

use std::sync::Arc;

use geo::{Destination, Geodesic, Point};
use wangge::model::{Coord, LocateRules, LonLat, Metres, Scheme, Time, Validity};
use wangge::query::{Answer, Batch, Outcome, Question, SchemeAnswer, Warning, locate, responsible};
use wangge::snapshot::Snapshot;

use super::{code, holders};
use crate::support::town::{PRESENT as TODAY, REDRAWN, Town};
use crate::support::{at, duty, time};

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
