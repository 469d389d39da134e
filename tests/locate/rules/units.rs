//! Rule 8: units of one footprint.

use wangge::model::Geometry;
use wangge::query::{Outcome, Question, locate};

use super::super::{code, holders};
use super::{asked, codes_of, first, grid_of, metres, town};
use crate::support::at;
use crate::support::town::Town;

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
    let turned = Geometry::polygons([vec![ring]]).unwrap();
    let last = town.layers[2].1.last_mut().unwrap();
    assert_ne!(last.geometry, turned);
    last.geometry = turned;
    let town = town.snapshot();
    let answer = locate(&town, &asked(1.45, 1.45));
    assert_eq!(first(&answer).outcome, Outcome::AmbiguousUnit);
}
