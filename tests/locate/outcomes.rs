//! Each outcome and each rule of ownership on a county that one can draw on paper.

use std::sync::Arc;

use wangge::model::{Feature, Scheme, Time, Validity};
use wangge::query::{Outcome, Question, locate, locate_in, staff_of};
use wangge::snapshot::{Snapshot, StaffRoster};

use super::ground::{Ground, TURN};
use super::{Expected, LEVELS, answered, base, code, snapshot_of};
use crate::support::{at, base_scheme, county, duty, grid, rectangle};

/// The small county of 2 × 2 sides, and more grids.
fn county_with(more: Vec<Feature>) -> Snapshot {
    let [counties, communities, mut grids] = county().try_into().unwrap();
    grids.1.extend(more);
    base(&Ground {
        levels: [counties.1, communities.1, grids.1],
    })
}

/// What the base scheme answers, in sides from the county's corner.
fn ask(snapshot: &Snapshot, east: f64, north: f64) -> Expected {
    let scheme = snapshot.base_scheme().unwrap();
    answered(&locate_in(
        snapshot,
        scheme,
        at(east, north),
        Time::from_millis(0),
    ))
}

fn expected(outcome: Outcome, codes: [&str; 3], holders: &[&str]) -> Expected {
    let code = |code: &str| Some(code.to_owned()).filter(|code| !code.is_empty());
    Expected {
        outcome,
        codes: codes.map(code).to_vec(),
        holders: holders.iter().map(|&code| code.to_owned()).collect(),
    }
}

#[test]
fn a_point_in_one_grid_is_inside() {
    let codes = ["511526", "51152601", "5115260101"];
    assert_eq!(
        ask(&county_with(vec![]), 0.5, 0.5),
        expected(Outcome::Inside, codes, &["5115260101"])
    );
}

#[test]
fn a_point_on_a_shared_border_is_the_lowest_codes_and_names_all() {
    let county = county_with(vec![]);
    let codes = ["511526", "51152601", "5115260101"];
    let two = ["5115260101", "5115260102"];
    assert_eq!(
        ask(&county, 0.5, 1.0),
        expected(Outcome::Boundary, codes, &two)
    );
    let three = ["5115260101", "5115260102", "5115260201"];
    assert_eq!(
        ask(&county, 1.0, 1.0),
        expected(Outcome::Boundary, codes, &three)
    );
}

#[test]
fn a_point_on_the_outer_border_of_one_grid_is_on_the_boundary_too() {
    let codes = ["511526", "51152601", "5115260101"];
    assert_eq!(
        ask(&county_with(vec![]), 0.0, 0.5),
        expected(Outcome::Boundary, codes, &["5115260101"])
    );
}

#[test]
fn a_point_in_two_grids_at_once_is_an_overlap_that_the_lowest_code_owns() {
    let school = grid(
        "5115260100",
        Some("51152601"),
        rectangle(0.4, 0.4, 0.6, 0.6),
    );
    let county = county_with(vec![school]);
    let codes = ["511526", "51152601", "5115260100"];
    let both = ["5115260100", "5115260101"];
    assert_eq!(
        ask(&county, 0.5, 0.5),
        expected(Outcome::Overlap, codes, &both)
    );
    // On the border of the one it is still inside the other.
    assert_eq!(
        ask(&county, 0.4, 0.5),
        expected(Outcome::Overlap, codes, &both)
    );
}

#[test]
fn a_point_in_a_community_without_grid_falls_back_to_the_community() {
    let codes = ["511526", "51152602", ""];
    assert_eq!(
        ask(&county_with(vec![]), 1.5, 1.5),
        expected(Outcome::Fallback, codes, &["51152602"])
    );
}

#[test]
fn a_point_in_nothing_is_outside() {
    assert_eq!(
        ask(&county_with(vec![]), 2.5, 0.5),
        expected(Outcome::Outside, ["", "", ""], &[])
    );
}

#[test]
fn a_point_on_the_border_of_two_communities_goes_to_the_one_that_its_grid_hangs_on() {
    // West of the communities' border, and yet of the eastern community: the grid says so.
    let enclave = grid(
        "5115260100",
        Some("51152602"),
        rectangle(0.9, 0.4, 1.0, 0.6),
    );
    let codes = ["511526", "51152602", "5115260100"];
    let holders = ["5115260100", "5115260101", "5115260201"];
    assert_eq!(
        ask(&county_with(vec![enclave]), 1.0, 0.5),
        expected(Outcome::Boundary, codes, &holders)
    );
}

#[test]
fn a_grid_that_pokes_out_of_its_community_answers_there_and_the_levels_that_are_not_here_are_left_out()
 {
    let poking = grid(
        "5115260103",
        Some("51152601"),
        rectangle(-1.0, 0.0, 0.5, 1.0),
    );
    let county = county_with(vec![poking]);
    let codes = ["", "", "5115260103"];
    assert_eq!(
        ask(&county, -0.5, 0.5),
        expected(Outcome::Inside, codes, &["5115260103"])
    );
    let scheme = county.base_scheme().unwrap();
    let answer = locate_in(&county, scheme, at(-0.5, 0.5), Time::from_millis(0));
    let chain: Vec<&str> = answer.chain().map(|owner| &*owner.level.name).collect();
    assert_eq!(chain, ["grid"]);
    assert!(answer.community.is_none());
}

#[test]
fn a_grid_without_code_owns_nothing_that_a_grid_with_a_code_holds() {
    let nameless = Feature {
        code: None,
        ..grid("", Some("51152601"), rectangle(0.0, 0.0, 1.0, 0.9))
    };
    let codes = ["511526", "51152601", "5115260101"];
    assert_eq!(
        ask(&county_with(vec![nameless]), 0.5, 0.5),
        expected(Outcome::Overlap, codes, &["5115260101", ""])
    );
}

#[test]
fn a_grid_holds_from_its_first_instant_to_just_before_its_end() {
    let (from, to) = (Time::from_millis(TURN), Time::from_millis(2 * TURN));
    let school = Feature {
        validity: Validity {
            from: Some(from),
            to: Some(to),
        },
        ..grid(
            "5115260100",
            Some("51152601"),
            rectangle(0.4, 0.4, 0.6, 0.6),
        )
    };
    let county = county_with(vec![school]);
    for (millis, owner) in [
        (TURN - 1, "5115260101"),
        (TURN, "5115260100"),
        (2 * TURN - 1, "5115260100"),
        (2 * TURN, "5115260101"),
    ] {
        let answer = locate(
            &county,
            &Question::new(at(0.5, 0.5), Time::from_millis(millis)),
        );
        let grid = answer.first.unwrap().owner().unwrap().grid;
        assert_eq!(code(grid), owner, "{millis}");
    }
}

#[test]
fn the_staff_of_a_point_is_that_of_its_owner_at_that_time() {
    let until = Validity {
        from: None,
        to: Some(Time::from_millis(TURN)),
    };
    let since = Validity {
        from: until.to,
        to: None,
    };
    let duties = [
        duty("5115260101", "张伟", until),
        duty("5115260101", "李娜", since),
        duty("5115260102", "王芳", Validity::ALWAYS),
    ];
    let county = Snapshot {
        staff: Arc::new(StaffRoster::build(duties)),
        ..county_with(vec![])
    };
    for (millis, name) in [(TURN - 1, "张伟"), (TURN, "李娜")] {
        let time = Time::from_millis(millis);
        let answer = locate(&county, &Question::new(at(0.5, 1.0), time));
        let owner = answer.first.unwrap().owner().unwrap();
        let staff = staff_of(&county, owner, time);
        let names: Vec<&str> = staff.iter().map(|duty| &*duty.staff.name).collect();
        assert_eq!(names, [name]);
    }
}

#[test]
fn the_scheme_that_is_asked_for_answers_first_and_the_base_scheme_beside_it() {
    let [counties, communities, grids] = county().try_into().unwrap();
    let ground = Ground {
        levels: [counties.1, communities.1, grids.1],
    };
    let police = Scheme::new("police", LEVELS, true, 7).unwrap();
    let snapshot = snapshot_of(&[(police, ground.clone()), (base_scheme(), ground)]);
    let place = (at(0.5, 0.5), Time::from_millis(0));
    let names = |asked: Option<&Scheme>| {
        let question = Question {
            scheme: asked,
            ..Question::new(place.0, place.1)
        };
        let answer = locate(&snapshot, &question);
        let others = answer.overlays.iter().map(|overlay| overlay.scheme.name());
        let first = answer.first.as_ref().unwrap().scheme.name();
        std::iter::once(first)
            .chain(others)
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(names(None), ["base", "police"]);
    assert_eq!(names(Some(&snapshot.schemes[0])), ["police", "base"]);
}

#[test]
fn without_any_scheme_the_answer_says_that_there_is_none() {
    let nothing = Snapshot::default();
    let answer = locate(&nothing, &Question::new(at(0.5, 0.5), Time::from_millis(0)));
    assert!(answer.first.is_none() && answer.overlays.is_empty());
    assert!(answer.warnings[0].text().contains("no grid scheme"));
}
