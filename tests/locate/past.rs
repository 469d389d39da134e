//! Grids of another time over the same ground, beside a node of grids where an index whose vertices are rounded is in doubt.

use proptest::prelude::*;
use wangge::model::{Coord, Feature, Geometry, Side, Time, Validity};
use wangge::query::{Outcome, locate_in};

use super::ground::{Ground, TURN};
use super::{base, batched, covered};
use crate::support::grid;

/// Steps from the node to the corners around it: a coarse step of the index is some hundred then.
const REACH: i32 = 9_000_000;
/// Positions of the grid layer; those of no grid of the fan held before, all over the ground.
const POSITIONS: usize = 16;

fn moved(from: Coord, (lon, lat): (i32, i32)) -> Coord {
    Coord {
        lon: from.lon + lon,
        lat: from.lat + lat,
    }
}

fn square(middle: Coord, reach: i32) -> Geometry {
    let corners = [(-1, -1), (1, -1), (1, 1), (-1, 1)];
    let ring = corners.map(|(lon, lat)| moved(middle, (lon * reach, lat * reach)));
    Geometry::polygons([vec![ring.to_vec()]]).unwrap()
}

/// Triangles around a node, between the corners of a ring around it.
fn fan(node: Coord, aside: &[f64]) -> Vec<Geometry> {
    #[expect(clippy::cast_possible_truncation, reason = "less than the reach")]
    let steps = |share: f64| (share * f64::from(REACH)) as i32;
    let sector = std::f64::consts::TAU / f64::from(u32::try_from(aside.len()).unwrap());
    let corners = (0_u32..).zip(aside).map(|(index, aside)| {
        let (sin, cos) = ((f64::from(index) + aside) * sector).sin_cos();
        moved(node, (steps(cos), steps(sin)))
    });
    let corners: Vec<Coord> = corners.collect();
    let next = corners.iter().cycle().skip(1);
    let triangles = corners.iter().zip(next);
    triangles
        .map(|(&a, &b)| Geometry::polygons([vec![vec![node, a, b]]]).unwrap())
        .collect()
}

/// The fan's grids at these positions now, and at all others grids that ended before, each over all of the ground.
fn ground(node: Coord, fan: Vec<Geometry>, positions: &[usize]) -> Ground {
    let ended = Validity {
        from: None,
        to: Some(Time::from_millis(TURN)),
    };
    let mut grids: Vec<Feature> = (0..POSITIONS)
        .map(|position| Feature {
            validity: ended,
            ..grid(&format!("{position:02}"), None, square(node, REACH))
        })
        .collect();
    for (geometry, &position) in fan.into_iter().zip(positions) {
        grids[position].geometry = geometry;
        grids[position].validity = Validity {
            from: ended.to,
            to: None,
        };
    }
    Ground {
        levels: [vec![], vec![], grids],
    }
}

/// Where the one grid that holds a point is, by a test of each; `None` where it lies on a border.
fn sole(ground: &Ground, at: Coord, time: Time) -> Option<String> {
    let now = ground.levels[2]
        .iter()
        .filter(|grid| grid.validity.holds_at(time));
    let mut inside = now.filter(|grid| grid.geometry.side(at) == Side::Inside);
    inside
        .next()
        .and_then(|grid| grid.code.as_deref().map(str::to_owned))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn where_the_index_is_in_doubt_no_grid_of_another_time_is_told_as_holder(
        aside in prop::collection::vec(0.0..0.9f64, 4..9),
        positions in Just((0..POSITIONS).collect::<Vec<_>>()).prop_shuffle(),
        corner in (0..1000, 0..1000),
        steps in prop::collection::vec((-1500..1500, -1500..1500), 64),
    ) {
        let node = moved(Coord { lon: 1_047_000_000, lat: 284_000_000 }, corner);
        let ground = ground(node, fan(node, &aside), &positions);
        let time = Time::from_millis(TURN);
        let snapshot = covered(base(&ground), time);
        let points: Vec<Coord> = steps.into_iter().map(|by| moved(node, by)).collect();
        for (&at, found) in points.iter().zip(batched(&snapshot, &points, time)) {
            let Some(code) = sole(&ground, at, time) else { continue };
            prop_assert_eq!(found, (Outcome::Inside, vec![None, None, Some(code.clone())]), "{:?}", at);
            let answer = locate_in(&snapshot, &snapshot.schemes[0], at, time);
            let owner = answer.owner().and_then(|owner| owner.grid.code.as_deref());
            prop_assert_eq!(owner, Some(code.as_str()), "{:?}", at);
        }
    }
}
