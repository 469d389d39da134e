//! The tree of bounds finds what looking at every box finds.

use std::collections::BTreeMap;

use proptest::prelude::*;
use wangge::index::BoundsTree;
use wangge::model::{Bounds, Coord};

/// From a corner of the board on; a side of nothing makes a point or a line.
fn bounds((lon, lat): (i32, i32), (east, north): (i32, i32)) -> Bounds {
    let max = Coord {
        lon: lon.saturating_add(east),
        lat: lat.saturating_add(north),
    };
    Bounds {
        min: Coord { lon, lat },
        max,
    }
}

/// Crowded and sparse places, many boxes in the same place, and the ends of all numbers.
fn any_bounds() -> impl Strategy<Value = Bounds> {
    let ends = prop_oneof![Just(i32::MIN), Just(i32::MAX), Just(0), any::<i32>()];
    let corner = prop_oneof![
        6 => (0..60, 0..60),
        6 => (0..5000, 0..3),
        1 => (any::<i32>(), any::<i32>()),
    ];
    let side = prop_oneof![2 => Just(0), 6 => 1..9, 1 => 0..3000];
    prop_oneof![
        40 => (corner, (side.clone(), side)).prop_map(|(corner, sides)| bounds(corner, sides)),
        1 => (ends.clone(), ends.clone(), ends.clone(), ends).prop_map(|(a, b, c, d)| Bounds {
            min: Coord { lon: a.min(b), lat: c.min(d) },
            max: Coord { lon: a.max(b), lat: c.max(d) },
        }),
    ]
}

/// What happens to the tree at some positions, one time after the other.
fn changes() -> impl Strategy<Value = Vec<BTreeMap<usize, Option<Bounds>>>> {
    let some = prop::option::weighted(0.9, any_bounds());
    prop::collection::vec(
        prop::collection::btree_map(0..700_usize, some, 1..150),
        0..8,
    )
}

/// A tree of some boxes after some changes, and what it knows by position.
fn grown(
    first: &[Bounds],
    changes: Vec<BTreeMap<usize, Option<Bounds>>>,
) -> (BoundsTree, BTreeMap<usize, Bounds>) {
    let mut tree = BoundsTree::build(first.iter().copied());
    let mut known: BTreeMap<usize, Bounds> = (0..).zip(first.iter().copied()).collect();
    for change in changes {
        for (&at, bounds) in &change {
            match bounds {
                Some(bounds) => known.insert(at, *bounds),
                None => known.remove(&at),
            };
        }
        tree = tree.changed(change);
    }
    (tree, known)
}

fn found(tree: &BoundsTree, asked: Bounds) -> Vec<usize> {
    let mut found: Vec<usize> = tree.meeting(asked).collect();
    found.sort_unstable();
    found
}

fn meeting(known: &BTreeMap<usize, Bounds>, asked: Bounds) -> Vec<usize> {
    let met = known.iter().filter(|(_, bounds)| bounds.meets(asked));
    met.map(|(at, _)| *at).collect()
}

/// How far a box is from a point in either direction, whichever is more.
fn away(bounds: Bounds, from: Coord) -> f64 {
    let gap = |low: i32, at: i32, high: i32| {
        let (low, at, high) = (i64::from(low), i64::from(at), i64::from(high));
        (low - at).max(at - high).max(0)
    };
    let lon = gap(bounds.min.lon, from.lon, bounds.max.lon);
    let lat = gap(bounds.min.lat, from.lat, bounds.max.lat);
    // Less than 2^33: exact.
    f64::from(u32::try_from(lon.max(lat)).unwrap_or(u32::MAX))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn boxes_and_points_meet_what_a_look_at_each_box_says_also_after_changes(
        first in prop::collection::vec(any_bounds(), 0..600),
        changes in changes(),
        asked in prop::collection::vec(any_bounds(), 20),
    ) {
        let (tree, known) = grown(&first, changes);
        for asked in asked {
            prop_assert_eq!(found(&tree, asked), meeting(&known, asked));
            let mut held: Vec<usize> = tree.holding(asked.min).collect();
            held.sort_unstable();
            prop_assert_eq!(held, meeting(&known, Bounds::of(asked.min)));
        }
    }

    #[test]
    fn the_nearest_come_first_and_each_once_up_to_the_distance_that_was_asked_for(
        first in prop::collection::vec(any_bounds(), 0..600),
        changes in changes(),
        from in any_bounds(),
        reach in prop_oneof![0..20, 0..5000, Just(i32::MAX)],
    ) {
        let (tree, known) = grown(&first, changes);
        let (from, reach) = (from.min, f64::from(reach));
        let bound = |bounds| Some(away(bounds, from)).filter(|away| *away <= reach);
        let mut walked: Vec<(f64, usize)> = tree.nearest_first(bound).collect();
        prop_assert!(walked.is_sorted_by(|a, b| a.0 <= b.0));
        walked.sort_by_key(|(_, at)| *at);
        let each = known.iter().filter_map(|(at, bounds)| Some((bound(*bounds)?, *at)));
        prop_assert_eq!(walked, each.collect::<Vec<_>>());
    }
}

#[test]
fn a_tree_of_any_size_has_each_box_once() {
    for count in [0, 1, 2, 15, 16, 17, 255, 256, 257, 4095, 4096, 4097, 70_000] {
        let each = (0..count).map(|n| bounds((n % 263 * 5, n / 263 * 7), (3, 0)));
        let tree = BoundsTree::build(each);
        let all = bounds((i32::MIN, i32::MIN), (0, 0)).union(bounds((i32::MAX, i32::MAX), (0, 0)));
        let count = usize::try_from(count).unwrap();
        assert!(found(&tree, all).into_iter().eq(0..count), "{count}");
        let some = count / 2;
        let at = Coord {
            lon: i32::try_from(some % 263 * 5 + 2).unwrap(),
            lat: i32::try_from(some / 263 * 7).unwrap(),
        };
        let held: Vec<usize> = tree.holding(at).collect();
        assert_eq!(held, if count == 0 { vec![] } else { vec![some] });
    }
}

#[test]
fn boxes_that_all_lie_in_one_place_are_all_found_there() {
    let place = bounds((3, 4), (2, 2));
    let tree = BoundsTree::build(std::iter::repeat_n(place, 5000));
    assert!(found(&tree, Bounds::of(place.max)).into_iter().eq(0..5000));
    assert_eq!(found(&tree, bounds((6, 4), (0, 0))), [0; 0]);
}

#[test]
fn a_large_tree_takes_little_more_than_its_boxes_and_their_numbers() {
    let tree = BoundsTree::build((0..100_000).map(|n| bounds((n % 317, n / 317), (1, 1))));
    assert!(
        (2_000_000..2_200_000).contains(&tree.size()),
        "{}",
        tree.size()
    );
}
