//! Rules 10 and 11: dedicated grids and lanes.

use wangge::app::{ImportJob, import, load};
use wangge::exchange::ReadOptions;
use wangge::model::{Coord, Geometry, LonLat, Scheme};
use wangge::query::{Outcome, Question, locate, responsible};
use wangge::store::{Mode, Store};

use super::super::{code, holders};
use super::{TODAY, asked, away, first, grid_of, metres, overlay, staff, town};
use crate::support::town::Town;
use crate::support::{at, name};

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
    let here = Question::new(away(at(0.6, 0.5), 90.0, 20.0), TODAY);
    let answer = locate(&town, &here);
    let metres = overlay(&answer, "lanes").candidates[0].distance_m;
    assert!((metres - 20.0).abs() < 0.02, "{metres}");
    let mut near = Town::new();
    let lanes = &mut near.layers[4].1;
    lanes[1].geometry = Geometry::lines([vec![
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
fn rule_11_lanes_come_in_as_a_level_of_an_overlay_scheme_and_not_of_the_base_scheme() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open_or_create(&folder.path().join("lanes.gpkg")).unwrap();
    let change = store.change().unwrap();
    for (name, is_overlay) in [("base", false), ("lanes", true)] {
        let scheme = Scheme::new(name, ["lane"], is_overlay, 0).unwrap();
        change.add_scheme(&scheme).unwrap();
    }
    change.commit().unwrap();
    let path = folder.path().join("lanes.csv");
    let lane = "code,buffer_m,wkt\nL1,40,\"LINESTRING(104.7 28.4,104.7 28.41)\"\n";
    std::fs::write(&path, lane).unwrap();
    let mut imported = |layer: &str| {
        let job = ImportJob {
            path: path.clone(),
            layer: name(layer),
            options: ReadOptions::default(),
            mode: Mode::Upsert,
            configured: None,
            dry_run: false,
        };
        import(&mut store, job, &mut |_, _| {}).unwrap()
    };
    let refused = imported("base.lane");
    assert_eq!((refused.accepted, refused.refused), (0, 1));
    assert!(refused.remarks[0].reason.contains("a grid is a polygon"));
    assert_eq!(imported("lanes.lane").accepted, 1);
    let snapshot = load(&mut store, std::sync::Arc::default()).unwrap();
    let beside = |metres: f64| {
        let at = Coord::snap(LonLat::new(104.7, 28.405)).unwrap();
        let question = Question::new(away(at, 90.0, metres), TODAY);
        overlay(&locate(&snapshot, &question), "lanes").outcome
    };
    assert_eq!(
        (beside(39.0), beside(41.0)),
        (Outcome::Inside, Outcome::Outside)
    );
}
