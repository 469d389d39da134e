//! Rules 6 and 7: points that only another reading brings inside.

use std::sync::Arc;

use wangge::model::{Bounds, Coord, Crs, Geometry, LocateRules, LonLat};
use wangge::query::{Outcome, Question, locate};
use wangge::snapshot::Snapshot;

use super::{TODAY, away, codes_of, first, town};
use crate::support::at;
use crate::support::town::Town;

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
    let shift = |geometry: &Geometry| {
        let moved = geometry.runs().map(|ring| {
            let moved = ring.map(|at| Coord {
                lon: at.lon - 1_047_000_000 + 876_000_000,
                lat: at.lat - 284_000_000 + 438_000_000,
            });
            vec![moved.collect::<Vec<_>>()]
        });
        Geometry::polygons(moved).unwrap()
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
