//! Many points on many grounds against brute force: tens of thousands always, 20 million by `make exact`.
//!
//! Half of the points lie anywhere, half exactly on vertices and edges. Every ground is loaded in two orders, with the coverage of
//! each time that is asked, and once without any.

use std::thread;

use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::*;
use crate::national_coverage::points::on_edge;
use crate::national_coverage::{Dice, LEAF, National};
use wangge::model::Bounds;

/// Times around the turns, one for each share of the points.
const TIMES: [i64; 6] = [0, TURN - 1, TURN, TURN + 1, 2 * TURN - 1, 2 * TURN];

/// A lattice point of the box, widened by a tenth.
fn anywhere(dice: &mut Dice, Bounds { min, max }: Bounds) -> Coord {
    let mut place = |low: i32, high: i32, edge: i64| {
        let margin = low.abs_diff(high) / 10;
        let step = dice.below(low.abs_diff(high) + 2 * margin + 1);
        let place = i64::from(low) - i64::from(margin) + i64::from(step);
        i32::try_from(place.clamp(-edge, edge)).unwrap()
    };
    Coord {
        lon: place(min.lon, max.lon, 1_800_000_000),
        lat: place(min.lat, max.lat, 900_000_000),
    }
}

/// A vertex, or a lattice point of an edge.
fn on_border(dice: &mut Dice, features: &[&Feature]) -> Coord {
    let pick = |dice: &mut Dice, count: usize| dice.below(u32::try_from(count).unwrap()) as usize;
    let shape = &features[pick(dice, features.len())].geometry;
    let rings: Vec<Vec<Coord>> = shape.runs().map(Iterator::collect).collect();
    let ring = &rings[pick(dice, rings.len())];
    let first = pick(dice, ring.len());
    if dice.below(3) == 0 {
        return ring[first];
    }
    on_edge(dice, ring[first], ring[(first + 1) % ring.len()])
}

/// Points of one ground, anywhere and on borders by turns.
pub(super) fn points(dice: &mut Dice, ground: &Ground, count: usize) -> Vec<Coord> {
    let features: Vec<&Feature> = ground.levels.iter().flatten().collect();
    let bounds = features.iter().map(|feature| feature.geometry.bounds());
    let Some(bounds) = bounds.reduce(Bounds::union) else {
        return Vec::new();
    };
    let point = |n: usize| {
        if n.is_multiple_of(2) {
            anywhere(dice, bounds)
        } else {
            on_border(dice, &features)
        }
    };
    (0..count).map(point).collect()
}

/// Compares what the batch and a single question answer in both orders, and without any index, with brute force.
pub(super) fn check(ground: &Ground, other: &Ground, points: &[Coord]) {
    let (slow, bare) = (Slow::of(ground), [base(ground), base(other)]);
    for (points, millis) in points
        .chunks(points.len().div_ceil(TIMES.len()).max(1))
        .zip(TIMES)
    {
        let time = Time::from_millis(millis);
        let expected: Vec<Expected> = points.iter().map(|&at| slow.answer(at, time)).collect();
        let indexed = bare.clone().map(|bare| covered(bare, time));
        for snapshot in indexed.iter().chain(&bare[..1]) {
            let scheme = &snapshot.schemes[0];
            let found = batched(snapshot, points, time);
            for ((&at, expected), found) in points.iter().zip(&expected).zip(found) {
                let answer = answered(&locate_in(snapshot, scheme, at, time));
                assert_eq!(answer, *expected, "{at:?} {time:?} {ground:?}");
                let expected = (expected.outcome, expected.codes.clone());
                assert_eq!(found, expected, "{at:?} {time:?} {ground:?}");
            }
        }
    }
}

/// Random grounds, the same in every run of one `stream`.
fn random_grounds(stream: u8, grounds: usize, points_of_each: usize) {
    let seed = [stream; 32];
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &seed);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut dice = Dice::new(stream.into());
    let strategy = scale().prop_flat_map(ground).prop_flat_map(|ground| {
        let other = shuffled(&ground);
        (Just(ground), other)
    });
    for _ in 0..grounds {
        let (ground, other) = strategy.new_tree(&mut runner).unwrap().current();
        check(&ground, &other, &points(&mut dice, &ground, points_of_each));
    }
}

/// Clean ground: three nested levels of crooked cells.
fn nested_ground(stream: u8, count: usize) {
    let national = National::of_lattice(24, 16);
    let level = |level| national.features(level).collect::<Vec<Feature>>();
    let ground = Ground {
        levels: [level(LEAF - 2), level(LEAF - 1), level(LEAF)],
    };
    let mut other = ground.clone();
    other.levels.iter_mut().for_each(|level| level.reverse());
    let mut dice = Dice::new(stream.into());
    check(&ground, &other, &points(&mut dice, &ground, count));
}

#[test]
fn thousands_of_points_anywhere_and_on_borders_are_answered_as_by_brute_force() {
    random_grounds(0, 24, 600);
    nested_ground(0, 300);
}

/// Run by `make exact`: minutes with optimisation, hours without.
#[test]
#[ignore = "20 million points; make exact"]
fn ten_million_points_anywhere_and_ten_on_borders_are_answered_as_by_brute_force() {
    thread::scope(|scope| {
        for stream in 1..=2 {
            scope.spawn(move || {
                random_grounds(stream, 2500, 3960);
                nested_ground(stream, 100_000);
            });
        }
    });
}
