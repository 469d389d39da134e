//! Rule 3: points in a gap.

use wangge::model::{Layer, Scheme};
use wangge::query::{Outcome, Question, locate};

use super::super::{code, holders};
use super::{TODAY, away, first, grid_of, metres, staff, town};
use crate::support::town::Town;
use crate::support::{at, grid, name, rectangle};

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
    let layer = Layer {
        name: name("base.micro_grid"),
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
