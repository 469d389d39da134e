//! Who owns a point, against brute force over all polygons by `geo`, whose predicates are exact on whole numbers.

pub(crate) mod ground;
mod many;
mod measures;
mod outcomes;
mod past;
mod repaired;
mod rules;
mod shapes;
pub(crate) mod slips;
mod together;

use std::collections::BTreeMap;
use std::sync::Arc;

use geo::{Contains, Intersects, Validation};
use proptest::prelude::*;
use proptest::sample::Index;
use wangge::model::{
    Coord, Feature, FeatureId, Geometry, GeometryKind, LayerName, LocateRules, Metres, Run, Scheme,
    Side, Time, Validity,
};
use wangge::query::{Batch, Outcome, Question, SchemeAnswer, locate, locate_in};
use wangge::snapshot::{Changes, LayerSnapshot, Snapshot, Waiting};

use crate::support::{base_scheme, covered, layer};
use ground::{Ground, Probe, Scale, TURN, ground, probe, scale};
use slips::slipped_ground;

const LEVELS: [&str; 3] = ["county", "community", "grid"];

/// A snapshot of these schemes, each with its ground; ids are given in the order of loading, as the store gives them.
fn snapshot_of(grounds: &[(Scheme, Ground)]) -> Snapshot {
    // Gaps have tests of their own.
    let rules = LocateRules {
        gap_limit: Metres::ZERO,
        ..LocateRules::default()
    };
    let mut layers: BTreeMap<LayerName, Arc<LayerSnapshot>> = BTreeMap::new();
    for (scheme, ground) in grounds {
        for (level, features) in scheme.levels().iter().zip(&ground.levels) {
            let mut features = features.clone();
            for (id, feature) in (1..).zip(&mut features) {
                feature.id = FeatureId(id);
            }
            let definition = layer(level.layer.as_str(), GeometryKind::Polygon, vec![]);
            let built = LayerSnapshot::build(definition, 1, features);
            layers.insert(level.layer.clone(), Arc::new(built));
        }
    }
    Snapshot {
        version: 1,
        schemes: grounds.iter().map(|(scheme, _)| scheme.clone()).collect(),
        layers,
        rules: Arc::new(rules),
        ..Snapshot::default()
    }
}

/// What a batch answers for one of many points.
fn batched(
    snapshot: &Snapshot,
    points: &[Coord],
    time: Time,
) -> Vec<(Outcome, Vec<Option<String>>)> {
    let batch = Batch::new(snapshot, &[&snapshot.schemes[0]], time);
    let (mut found, mut grids) = (Vec::new(), Vec::new());
    batch.locate(points, &mut found, &mut grids);
    // One by one they are answered alike.
    let mut alone = vec![0; batch.width()];
    for ((&at, found), row) in points.iter().zip(&found).zip(grids.chunks(batch.width())) {
        assert_eq!(batch.locate_one(at, &mut alone), *found, "{at:?}");
        assert_eq!(alone, row, "{at:?}");
    }
    let codes = |row: &[u32]| {
        let codes = row.iter().enumerate();
        codes
            .map(|(level, &grid)| batch.code(level, grid).map(str::to_owned))
            .collect()
    };
    let rows = grids.chunks(batch.width()).map(codes);
    found.iter().map(|found| found.outcome).zip(rows).collect()
}

fn base(ground: &Ground) -> Snapshot {
    snapshot_of(&[(base_scheme(), ground.clone())])
}

/// A lattice point in whole steps, which `f64` holds exactly; degrees would be rounded.
fn exact(at: Coord) -> geo::Point {
    geo::Point::new(at.lon.into(), at.lat.into())
}

fn exact_polygons(geometry: &Geometry) -> geo::MultiPolygon {
    let line = |ring: Run<'_>| ring.map(|at| exact(at).0).collect();
    let polygon = |mut rings: Vec<geo::LineString>| {
        let outer = rings.remove(0);
        geo::Polygon::new(outer, rings)
    };
    let parts = geometry.parts();
    parts
        .map(|rings| polygon(rings.map(line).collect()))
        .collect()
}

/// The side on which `geo` finds a point.
fn side(polygons: &geo::MultiPolygon, at: Coord) -> Side {
    let at = exact(at);
    match (polygons.contains(&at), polygons.intersects(&at)) {
        (true, _) => Side::Inside,
        (false, true) => Side::Border,
        (false, false) => Side::Outside,
    }
}

/// The polygons of each level as `geo` has them, made once for many questions; `None` where rings cross or go to and fro, which
/// `geo` does not take: there the even-odd rule tells.
struct Slow<'a>(Vec<Vec<(&'a Feature, Option<geo::MultiPolygon>)>>);

/// What a scheme must answer.
#[derive(Debug, PartialEq)]
struct Expected {
    outcome: Outcome,
    /// The code of each level, the top first.
    codes: Vec<Option<String>>,
    /// The codes of all that hold the point on the owner's level.
    holders: Vec<String>,
}

fn code(feature: &Feature) -> String {
    feature.code.as_deref().unwrap_or_default().to_owned()
}

impl<'a> Slow<'a> {
    fn of(ground: &'a Ground) -> Self {
        let level = |features: &'a Vec<Feature>| {
            let with_polygons = |feature: &'a Feature| {
                let polygons = exact_polygons(&feature.geometry);
                (feature, polygons.is_valid().then_some(polygons))
            };
            features.iter().map(with_polygons).collect()
        };
        Self(ground.levels.iter().map(level).collect())
    }

    /// All grids of a level that hold the point, the lowest code first, and whether it lies inside.
    fn holders(&self, level: usize, at: Coord, time: Time) -> Vec<(&'a Feature, bool)> {
        let mut found = Vec::new();
        for (feature, polygons) in &self.0[level] {
            let Validity { from, to } = feature.validity;
            let has_begun = from.is_none_or(|from| time.millis() >= from.millis());
            let has_ended = to.is_some_and(|to| time.millis() >= to.millis());
            let side = match polygons {
                Some(polygons) => side(polygons, at),
                None => feature.geometry.side(at),
            };
            if has_begun && !has_ended && side != Side::Outside {
                found.push((*feature, side == Side::Inside));
            }
        }
        found.sort_by_key(|(feature, _)| code(feature));
        found
    }

    fn answer(&self, at: Coord, time: Time) -> Expected {
        let levels: Vec<_> = (0..LEVELS.len())
            .map(|n| self.holders(n, at, time))
            .collect();
        let lowest = levels.iter().rposition(|holders| !holders.is_empty());
        let mut codes = vec![None; LEVELS.len()];
        let mut parent: Option<String> = None;
        for (level, holders) in levels.iter().enumerate().rev() {
            let named = |(grid, _): &&(&Feature, bool)| Some(code(grid)) == parent;
            if let Some((owner, _)) = holders.iter().find(named).or(holders.first()) {
                codes[level] = Some(code(owner));
                parent = owner.parent.as_deref().map(str::to_owned);
            }
        }
        let holders = lowest.map_or(&[][..], |level| &levels[level]);
        let inside = holders.iter().filter(|(_, is_inside)| *is_inside).count();
        let outcome = match (lowest, holders.len(), inside) {
            (None, ..) => Outcome::Outside,
            (_, _, 0) => Outcome::Boundary,
            (_, 2.., _) => Outcome::Overlap,
            (Some(level), ..) if level + 1 == LEVELS.len() => Outcome::Inside,
            _ => Outcome::Fallback,
        };
        Expected {
            outcome,
            codes,
            holders: holders.iter().map(|(grid, _)| code(grid)).collect(),
        }
    }
}

/// The candidates; where there are none, it is the owner alone.
fn holders(answer: &SchemeAnswer) -> Vec<String> {
    if answer.candidates.is_empty() {
        return answer
            .owner()
            .iter()
            .map(|owner| code(owner.grid))
            .collect();
    }
    let candidates = answer.candidates.iter();
    candidates
        .map(|candidate| code(candidate.owner.grid))
        .collect()
}

fn answered(answer: &SchemeAnswer) -> Expected {
    Expected {
        outcome: answer.outcome,
        codes: answer.codes().map(|code| code.map(str::to_owned)).collect(),
        holders: holders(answer),
    }
}

/// Times around the turns: before, at, after.
fn time() -> impl Strategy<Value = Time> {
    let times = [0, TURN - 1, TURN, TURN + 1, 2 * TURN - 1, 2 * TURN];
    prop::sample::select(times.map(Time::from_millis).to_vec())
}

/// Questions about one ground.
type Questions = Vec<(Probe, Time)>;

fn questions() -> impl Strategy<Value = Questions> {
    prop::collection::vec((probe(), time()), 24)
}

fn places(scale: Scale, ground: &Ground, questions: &Questions) -> Vec<(Coord, Time)> {
    let features = ground.levels.iter().flatten();
    let shapes: Vec<&Geometry> = features.map(|feature| &feature.geometry).collect();
    let place = |(probe, time): &(Probe, Time)| (probe.coord(scale, &shapes), *time);
    questions.iter().map(place).collect()
}

/// A ground, and questions about it.
fn asked() -> impl Strategy<Value = (Ground, Vec<(Coord, Time)>)> {
    let parts = scale().prop_flat_map(|scale| {
        let ground = prop_oneof![ground(scale), slipped_ground(scale)];
        (Just(scale), ground, questions())
    });
    parts.prop_map(|(scale, ground, questions)| {
        let places = places(scale, &ground, &questions);
        (ground, places)
    })
}

/// The same ground with the features of each level in another order.
fn shuffled(ground: &Ground) -> impl Strategy<Value = Ground> + use<> {
    let levels = ground
        .levels
        .clone()
        .map(|features| Just(features).prop_shuffle());
    levels.prop_map(|levels| Ground { levels })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_owner_of_a_point_is_what_a_look_at_every_polygon_finds(
        (ground, places) in asked(),
        period in time(),
    ) {
        let (bare, slow) = (base(&ground), Slow::of(&ground));
        let snapshot = covered(bare.clone(), period);
        for (at, time) in places {
            let answer = locate_in(&snapshot, &snapshot.schemes[0], at, time);
            let expected = slow.answer(at, time);
            prop_assert_eq!(answer.is_certain(), answer.outcome == Outcome::Inside);
            let batched = &batched(&snapshot, &[at], time)[0];
            prop_assert_eq!(batched, &(expected.outcome, expected.codes.clone()));
            prop_assert_eq!(answered(&answer), expected, "{:?} {:?}", at, time);
            let bare = locate_in(&bare, &bare.schemes[0], at, time);
            prop_assert_eq!(answered(&answer), answered(&bare), "{:?} {:?}", at, time);
        }
    }

    #[test]
    fn after_any_change_and_at_any_time_the_owner_is_what_a_look_at_every_polygon_finds(
        (ground, places) in asked(),
        changes in prop::collection::vec((0..3_usize, any::<Index>(), any::<Index>(), any::<bool>(), time()), 1..5),
    ) {
        let mut ground = ground;
        // Ids as the snapshot gives them: in the order of the list.
        let mut snapshot = covered(base(&ground), Time::from_millis(0));
        let mut building = vec![].into_iter();
        for (level, at, other, is_redrawn, period) in changes {
            let features = &mut ground.levels[level];
            let mut changes: Changes = snapshot.layers.keys().map(|name| (name.clone(), vec![])).collect();
            let mut next = snapshot.clone();
            if !features.is_empty() && is_redrawn {
                let (at, other) = (at.index(features.len()), other.index(features.len()));
                // Two grids change their ground, their time and their parent.
                let mut redrawn = Vec::new();
                let twins = (features[at].clone(), features[other].clone());
                for (position, twin) in [(at, twins.1), (other, twins.0)] {
                    let feature = &mut features[position];
                    feature.geometry = twin.geometry;
                    feature.validity = twin.validity;
                    feature.parent = twin.parent;
                    let id = FeatureId(i64::try_from(position).unwrap() + 1);
                    redrawn.push(Feature { id, ..feature.clone() });
                }
                let name = &snapshot.schemes[0].levels()[level].layer;
                let changed = snapshot.layers[name].changed(2, redrawn, &[]).unwrap();
                changes.insert(name.clone(), changed.positions);
                next.layers.insert(name.clone(), Arc::new(changed.layer));
            }
            next.cover(&snapshot, &changes, period, 2);
            for index in building.filter_map(|level: Waiting| level.build(1)) {
                next.take(index, 1);
            }
            // Ready after the change that comes next.
            building = next.waiting().collect::<Vec<_>>().into_iter();
            snapshot = next;
            let slow = Slow::of(&ground);
            for &(at, time) in &places {
                let answer = locate_in(&snapshot, &snapshot.schemes[0], at, time);
                prop_assert_eq!(answered(&answer), slow.answer(at, time), "{:?} {:?}", at, time);
            }
            let points: Vec<Coord> = places.iter().map(|&(at, _)| at).collect();
            for time in [0, TURN, 2 * TURN].map(Time::from_millis) {
                let batched = batched(&snapshot, &points, time);
                for (&at, found) in points.iter().zip(batched) {
                    let expected = slow.answer(at, time);
                    prop_assert_eq!(found, (expected.outcome, expected.codes), "{:?}", at);
                }
            }
        }
    }

    #[test]
    fn the_owner_of_a_point_does_not_hang_on_the_order_in_which_grids_were_loaded(
        ((ground, places), other) in asked().prop_flat_map(|asked| {
            let other = shuffled(&asked.0);
            (Just(asked), other)
        }),
    ) {
        let (one, other) = (base(&ground), base(&other));
        for (at, time) in places {
            let ask = |snapshot: &Snapshot| {
                answered(&locate_in(snapshot, &snapshot.schemes[0], at, time))
            };
            prop_assert_eq!(ask(&one), ask(&other), "{:?} {:?}", at, time);
        }
    }

    #[test]
    fn every_scheme_answers_by_its_own_ground_in_order_of_priority_and_then_of_name(
        (grounds, places, priorities) in scale().prop_flat_map(|scale| {
            let grounds = [ground(scale), ground(scale), ground(scale)];
            (Just(scale), grounds, questions(), [0..2, 0..2, 0..2])
        }).prop_map(|(scale, grounds, questions, priorities)| {
            let places = places(scale, &grounds[0], &questions);
            (grounds, places, priorities)
        }),
    ) {
        let names = ["base", "b", "a"];
        let scheme = |n: usize| Scheme::new(names[n], LEVELS, n > 0, priorities[n]).unwrap();
        let grounds: Vec<_> = (0..).zip(grounds).map(|(n, ground)| (scheme(n), ground)).collect();
        let snapshot = snapshot_of(&grounds);
        let slow: Vec<Slow> = grounds.iter().map(|(_, ground)| Slow::of(ground)).collect();
        let overlays = if priorities[1] > priorities[2] { [1, 2] } else { [2, 1] };
        for (at, time) in places {
            let answer = locate(&snapshot, &Question::new(at, time));
            prop_assert_eq!(answered(answer.first.as_ref().unwrap()), slow[0].answer(at, time));
            for (overlay, n) in answer.overlays.iter().zip(overlays) {
                prop_assert_eq!(overlay.scheme.name(), names[n]);
                prop_assert_eq!(answered(overlay), slow[n].answer(at, time));
            }
            prop_assert_eq!(answer.overlays.len(), 2);
        }
    }
}
