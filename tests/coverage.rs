//! Coverages that followed changes say what those say that are made anew.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::Index;
use wangge::index::Face;
use wangge::model::{Coord, Feature, FeatureId, Geometry, GeometryKind, LayerName, Time, Validity};
use wangge::snapshot::{Changes, LayerSnapshot, Snapshot, Waiting};

use crate::support::{base_scheme, grid, layer, name};

/// Squares of the board's side: one county of 3 × 3 communities, each of 4 × 4 grids.
const SIDE: i32 = 12;
const LEVELS: [&str; 3] = ["base.county", "base.community", "base.grid"];

/// West, south, east and north, in squares.
type Area = [i32; 4];

/// Corners that were moved, and the features of each level with the areas that they are meant to have.
struct Board {
    moved: BTreeMap<(i32, i32), (i32, i32)>,
    levels: [Vec<(Area, Feature)>; 3],
}

/// The areas of so many squares a side.
fn areas(side: i32) -> impl Iterator<Item = Area> {
    let count = SIDE / side;
    let corners = (0..count * count).map(move |n| (n % count * side, n / count * side));
    corners.map(move |(west, south)| [west, south, west + side, south + side])
}

/// The code of the community around an area.
fn community([west, south, ..]: Area) -> String {
    format!("{}{}", west / 4, south / 4)
}

impl Board {
    fn new() -> Self {
        let mut board = Self {
            moved: BTreeMap::new(),
            levels: [const { Vec::new() }; 3],
        };
        board.add(0, [0, 0, SIDE, SIDE], "1", None);
        for area in areas(4) {
            board.add(1, area, &community(area), Some("1"));
        }
        for (number, area) in areas(1).enumerate() {
            board.add(2, area, &number.to_string(), Some(&community(area)));
        }
        board
    }

    fn add(&mut self, level: usize, area: Area, code: &str, parent: Option<&str>) {
        let id = FeatureId(i64::try_from(self.levels[level].len()).unwrap() + 1);
        let feature = Feature {
            id,
            ..grid(code, parent, self.ground(area))
        };
        self.levels[level].push((area, feature));
    }

    /// The polygon of an area, with a vertex at each corner of a square.
    fn ground(&self, [west, south, east, north]: Area) -> Geometry {
        let bottom = (west..east).map(|x| (x, south));
        let right = (south..north).map(|y| (east, y));
        let top = (west + 1..=east).rev().map(|x| (x, north));
        let left = (south + 1..=north).rev().map(|y| (west, y));
        let corner = |at: (i32, i32)| {
            let (east, north) = self.moved.get(&at).copied().unwrap_or_default();
            Coord {
                lon: at.0 * 100 + east,
                lat: at.1 * 100 + north,
            }
        };
        let ring = bottom.chain(right).chain(top).chain(left).map(corner);
        Geometry::polygons([vec![ring.collect()]]).unwrap()
    }

    fn layer(&self, level: usize) -> LayerSnapshot {
        let features = self.levels[level].iter();
        let definition = layer(LEVELS[level], GeometryKind::Polygon, vec![]);
        LayerSnapshot::build(definition, 1, features.map(|(_, feature)| feature.clone()))
    }

    fn snapshot(&self) -> Snapshot {
        let layers = (0..3).map(|level| (name(LEVELS[level]), Arc::new(self.layer(level))));
        let snapshot = Snapshot {
            schemes: [base_scheme()].into(),
            layers: layers.collect(),
            ..Snapshot::default()
        };
        anew(&snapshot, 0)
    }

    /// Does what a step says; the level and the place of each feature that is another now.
    fn take(&mut self, step: Step) -> Vec<(usize, usize)> {
        match step {
            Step::Move { corner, by, leave } => {
                self.moved.insert(corner, by);
                let mut redrawn = self.around(corner);
                if let Some(leave) = leave {
                    redrawn.swap_remove(leave.index(redrawn.len()));
                }
                for &(level, place) in &redrawn {
                    let ground = self.ground(self.levels[level][place].0);
                    self.levels[level][place].1.geometry = ground;
                }
                redrawn
            }
            Step::Adopt { level, at, parent } => {
                self.alter(level, at, |feature| feature.parent = Some(parent.into()))
            }
            Step::Recode { level, at, code } => {
                self.alter(level, at, |feature| feature.code = Some(code.into()))
            }
            Step::Succeed(places) => succeed(self, &places, 2),
            Step::Rename { level, at } => self.alter(level, at, |feature| feature.name = None),
            Step::Hold {
                level,
                at,
                validity,
            } => self.alter(level, at, |feature| feature.validity = validity),
            Step::Add {
                level,
                at,
                has_parent,
            } => {
                let place = at.index(self.levels[level].len());
                let (area, Feature { parent, .. }) = self.levels[level][place].clone();
                let code = self.levels[level].len().to_string();
                self.add(level, area, &code, parent.as_deref().filter(|_| has_parent));
                vec![(level, self.levels[level].len() - 1)]
            }
        }
    }

    /// The features whose areas have a corner on their outlines.
    fn around(&self, (x, y): (i32, i32)) -> Vec<(usize, usize)> {
        let has = |[west, south, east, north]: Area| {
            let is_in = (west..=east).contains(&x) && (south..=north).contains(&y);
            is_in && (x == west || x == east || y == south || y == north)
        };
        let level = |level: usize| {
            let places = self.levels[level].iter().enumerate();
            places
                .filter(move |(_, (area, _))| has(*area))
                .map(move |(place, _)| (level, place))
        };
        (0..3).flat_map(level).collect()
    }

    fn alter(
        &mut self,
        level: usize,
        at: Index,
        change: impl FnOnce(&mut Feature),
    ) -> Vec<(usize, usize)> {
        let place = at.index(self.levels[level].len());
        change(&mut self.levels[level][place].1);
        vec![(level, place)]
    }

    /// The snapshot after a change of these features, covered for a time.
    fn next(&self, before: &Snapshot, changed: &[(usize, usize)], at: i64) -> Snapshot {
        let mut next = before.clone();
        let mut changes: Changes = before
            .layers
            .keys()
            .map(|name| (name.clone(), vec![]))
            .collect();
        for (level, text) in LEVELS.iter().enumerate() {
            let here = changed.iter().filter(|(other, _)| *other == level);
            let features: Vec<Feature> = here
                .map(|&(_, place)| self.levels[level][place].1.clone())
                .collect();
            if features.is_empty() {
                continue;
            }
            let name = name(text);
            let redrawn = before.layers[&name].changed(2, features, &[]).unwrap();
            changes.insert(name.clone(), redrawn.positions);
            next.layers.insert(name, Arc::new(redrawn.layer));
        }
        next.cover(before, &changes, Time::from_millis(at), 2);
        next
    }
}

/// The same layers with coverages that know of none before.
fn anew(snapshot: &Snapshot, at: i64) -> Snapshot {
    let mut anew = snapshot.clone();
    anew.cover(
        &Snapshot::default(),
        &Changes::new(),
        Time::from_millis(at),
        2,
    );
    anew
}

/// What happens to the board.
#[derive(Clone, Debug)]
enum Step {
    /// Moves a corner with all that it belongs to; one of them may be left as it is.
    Move {
        corner: (i32, i32),
        by: (i32, i32),
        leave: Option<Index>,
    },
    Adopt {
        level: usize,
        at: Index,
        parent: String,
    },
    Recode {
        level: usize,
        at: Index,
        code: String,
    },
    Rename {
        level: usize,
        at: Index,
    },
    Hold {
        level: usize,
        at: Index,
        validity: Validity,
    },
    /// Adds a grid in the place of another.
    Add {
        level: usize,
        at: Index,
        has_parent: bool,
    },
    /// Some of the first grids end in the middle of time, and others follow.
    Succeed(Vec<usize>),
}

fn step() -> impl Strategy<Value = Step> {
    let corner = (0..=SIDE, 0..=SIDE);
    let (by, leave) = (
        (-30..30, -30..30),
        prop::option::weighted(0.2, any::<Index>()),
    );
    let code = (0..3, 0..3).prop_map(|(x, y)| format!("{x}{y}"));
    let end = || prop::option::of((0..4_i64).prop_map(Time::from_millis));
    let validity = (end(), end()).prop_map(|(from, to)| Validity { from, to });
    let feature = || (0..3_usize, any::<Index>());
    prop_oneof![
        8 => (corner, by, leave).prop_map(|(corner, by, leave)| Step::Move { corner, by, leave }),
        2 => (feature(), code.clone())
            .prop_map(|((level, at), parent)| Step::Adopt { level, at, parent }),
        1 => (feature(), code).prop_map(|((level, at), code)| Step::Recode { level, at, code }),
        1 => feature().prop_map(|(level, at)| Step::Rename { level, at }),
        1 => (feature(), prop_oneof![validity, Just(Validity::ALWAYS)])
            .prop_map(|((level, at), validity)| Step::Hold { level, at, validity }),
        2 => prop::collection::vec(0..144_usize, 1..6).prop_map(Step::Succeed),
        1 => (feature(), any::<bool>())
            .prop_map(|((level, at), has_parent)| Step::Add { level, at, has_parent }),
    ]
}

/// The parents that a coverage names for the grids of a layer.
fn parents(snapshot: &Snapshot, name: &LayerName) -> Vec<Option<u32>> {
    let coverage = &snapshot.coverages[name];
    let count = u32::try_from(snapshot.layers[name].features().len()).unwrap();
    (0..count + 2).map(|grid| coverage.parent(grid)).collect()
}

/// The grids above those of the lowest level, as they are told.
fn lineage(snapshot: &Snapshot) -> Vec<(bool, [u32; 2])> {
    let lowest = name(LEVELS[2]);
    let count = u32::try_from(snapshot.layers[&lowest].features().len()).unwrap();
    let told = |grid: u32| {
        let mut row = [0; 2];
        let is_told = snapshot.lineages[&lowest].write(grid, &mut row);
        (is_told, row)
    };
    (0..count).map(told).collect()
}

/// Asserts that of each grid of the lowest level that holds at a time those above are told just where all of them are sure.
fn assert_told(snapshot: &Snapshot, at: i64) {
    let [_, community, lowest] = LEVELS.map(name);
    let grids = snapshot.layers[&lowest].features();
    for ((grid, feature), told) in (0..).zip(grids).zip(lineage(snapshot)) {
        if !feature.validity.holds_at(Time::from_millis(at)) {
            continue;
        }
        let parent = snapshot.coverages[&lowest].parent(grid);
        let top = parent.and_then(|parent| snapshot.coverages[&community].parent(parent));
        let row = top.map(|top| [top, parent.unwrap_or_default()]);
        assert_eq!(told.0.then_some(told.1), row, "{grid} {feature:?}");
    }
}

/// What happens where grids are drawn anew from a time on: their versions end, and others follow at the end of the layer.
fn succeed(board: &mut Board, places: &[usize], at: i64) -> Vec<(usize, usize)> {
    let turn = Some(Time::from_millis(at));
    let mut changed = Vec::new();
    for &place in places {
        let (area, former) = &mut board.levels[2][place];
        let (area, code) = (*area, former.code.clone().unwrap());
        former.validity.to = turn;
        board.add(2, area, &code, Some(&community(area)));
        let last = board.levels[2].len() - 1;
        board.levels[2][last].1.validity.from = turn;
        changed.extend([(2, place), (2, last)]);
    }
    changed
}

#[test]
fn a_version_that_ended_takes_the_way_up_from_no_other_grid() {
    let mut board = Board::new();
    let before = board.snapshot();
    // Not in the order of the communities.
    let changed = succeed(&mut board, &[0, 9, 5, 70, 64, 143, 30], 2);
    for at in [0, 2] {
        let followed = board.next(&before, &changed, at);
        for snapshot in [&followed, &anew(&followed, at)] {
            assert_told(snapshot, at);
            let holds = |feature: &Feature| feature.validity.holds_at(Time::from_millis(at));
            let grids = snapshot.layers[&name(LEVELS[2])].features().iter();
            let held = grids.zip(lineage(snapshot)).filter(|(grid, _)| holds(grid));
            assert_eq!(held.filter(|(_, (is_told, _))| *is_told).count(), 144);
        }
    }
}

#[test]
fn a_new_grid_without_a_parent_has_none() {
    let mut board = Board::new();
    let before = board.snapshot();
    let count = board.levels[1].len();
    assert_ne!(count % 64, 0, "the last of the former ones are a few");
    let area = board.levels[1][count - 1].0;
    board.add(1, area, "new", None);
    let next = board.next(&before, &[(1, count)], 0);
    let parents = parents(&next, &name(LEVELS[1]));
    assert_eq!(parents[count - 1..=count], [Some(0), None]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn after_many_changes_parents_and_faces_are_those_of_coverages_made_anew(
        changes in prop::collection::vec((prop::collection::vec(step(), 0..6), 0..4_i64, any::<bool>()), 1..8),
    ) {
        let mut board = Board::new();
        let mut followed = board.snapshot();
        let mut building: Vec<Waiting> = Vec::new();
        for (steps, at, is_ready) in changes {
            let changed: Vec<(usize, usize)> =
                steps.into_iter().flat_map(|step| board.take(step)).collect();
            followed = board.next(&followed, &changed, at);
            if is_ready {
                // Begun some changes ago.
                let built = building.drain(..).filter_map(|level| level.build(1));
                built.for_each(|index| { followed.take(index, 1); });
            }
            if building.is_empty() {
                building.extend(followed.waiting());
            }
            let made = anew(&followed, at);
            prop_assert_eq!(lineage(&followed), lineage(&made));
            assert_told(&followed, at);
            for name in LEVELS.map(name) {
                prop_assert_eq!(parents(&followed, &name), parents(&made, &name), "{}", name);
                for time in (-1..5).map(Time::from_millis) {
                    let held = [&followed, &made].map(|all| all.coverage(&name, time).is_some());
                    prop_assert_eq!(held[0], held[1], "{} {:?}", name, time);
                }
                for place in 0..(SIDE + 1) * (SIDE + 1) {
                    let (x, y) = (place % (SIDE + 1), place / (SIDE + 1));
                    let at = Coord { lon: x * 100 - 40, lat: y * 100 - 20 };
                    let faces = [&followed, &made].map(|all| all.coverages[&name].find(at, false));
                    let is_asked = faces.contains(&Face::ASK);
                    prop_assert!(is_asked || faces[0] == faces[1], "{} {:?}", name, at);
                }
            }
        }
    }
}

fn is_same(one: &Snapshot, other: &Snapshot) -> [bool; 3] {
    let coverages =
        LEVELS.map(|level| (&one.coverages[&name(level)], &other.coverages[&name(level)]));
    coverages.map(|(one, other)| Arc::ptr_eq(one, other))
}

#[test]
fn a_moved_border_within_a_community_leaves_the_coverages_of_the_levels_above_as_they_are() {
    let mut board = Board::new();
    let before = board.snapshot();
    let corner = Step::Move {
        corner: (5, 6),
        by: (20, -10),
        leave: None,
    };
    let changed = board.take(corner);
    assert_eq!(changed.len(), 4);
    let after = board.next(&before, &changed, 0);
    assert_eq!(is_same(&before, &after), [true, true, false]);
    // All four are sure of their community, and the levels above are still found by those below.
    let level = name(LEVELS[2]);
    assert!(parents(&before, &level)[..144].iter().all(Option::is_some));
    assert_eq!(parents(&after, &level), parents(&before, &level));
    assert!(after.waiting().next().is_none());
}

#[test]
fn a_new_name_leaves_every_coverage_as_it_is() {
    let mut board = Board::new();
    let before = board.snapshot();
    let mut changed = Vec::new();
    for (level, features) in board.levels.iter_mut().enumerate() {
        features[0].1.name = Some("新".into());
        changed.push((level, 0));
    }
    let after = board.next(&before, &changed, 0);
    assert_eq!(is_same(&before, &after), [true; 3]);
    let twice = board.next(&after, &[], 0);
    assert_eq!(is_same(&before, &twice), [true; 3]);
}

#[test]
fn a_grid_that_is_redrawn_alone_takes_the_parent_from_its_siblings_until_they_fit_again() {
    let mut board = Board::new();
    let before = board.snapshot();
    let mut changed = board.take(Step::Move {
        corner: (5, 6),
        by: (20, -10),
        leave: None,
    });
    let rest = changed.split_off(1);
    let level = name(LEVELS[2]);
    let open = board.next(&before, &changed, 0);
    let sure = |snapshot| parents(snapshot, &level).iter().flatten().count();
    assert_eq!((sure(&before), sure(&open)), (144, 128));
    let mended = board.next(&open, &rest, 0);
    assert_eq!(parents(&mended, &level), parents(&before, &level));
}

/// Moves a corner with all that it belongs to.
fn moved(corner: (i32, i32)) -> Step {
    Step::Move {
        corner,
        by: (20, -10),
        leave: None,
    }
}

#[test]
fn changes_go_on_while_a_level_waits_for_its_index_which_is_brought_up_to_them() {
    let mut board = Board::new();
    let (whole, level) = (board.snapshot(), name(LEVELS[1]));
    assert_eq!(whole.waiting().count(), 0);
    let changed = board.take(moved((5, 6)));
    let first = board.next(&whole, &changed[..1], 0);
    let waiting: Vec<Waiting> = first.waiting().collect();
    assert_eq!(waiting.len(), 1);
    // A corner between four communities: their ground is another now.
    let changed = board.take(moved((8, 4)));
    let mut second = board.next(&first, &changed, 0);
    assert!(second.coverages[&level].index().is_none());
    let built = waiting.into_iter().next().unwrap().build(2).unwrap();
    assert!(second.take(built, 2));
    assert_eq!(second.waiting().count(), 0);
    let made = anew(&second, 0);
    assert!(second.coverages[&level].index().is_some());
    let mut told = 0;
    for lon in (0..SIDE * 100).step_by(7) {
        for lat in (0..SIDE * 100).step_by(11) {
            let at = Coord { lon, lat };
            let faces = [&second, &made].map(|all| all.coverages[&level].find(at, false));
            let is_asked = faces.contains(&Face::ASK);
            assert!(is_asked || faces[0] == faces[1], "{at:?} {faces:?}");
            told += usize::from(!is_asked);
        }
    }
    assert!(told > 10_000, "{told}");
}

#[test]
fn an_index_that_was_built_for_other_grids_is_not_taken() {
    let mut board = Board::new();
    let whole = board.snapshot();
    let changed = board.take(moved((5, 6)));
    let waits = board.next(&whole, &changed[..1], 0);
    let built = || waits.waiting().next().unwrap().build(1).unwrap();
    // The siblings fit again: nobody waits.
    let mut mended = board.next(&waits, &changed[1..], 0);
    assert_eq!(
        (mended.waiting().count(), mended.take(built(), 1)),
        (0, false)
    );
    assert!(mended.coverages[&name(LEVELS[1])].index().is_none());
    // Another scheme's levels.
    assert!(!Snapshot::default().take(built(), 1));
    // All grids of the level are others.
    let mut other = waits.clone();
    let shifted = board.levels[1].iter().map(|(_, grid)| Feature {
        geometry: board.levels[2][0].1.geometry.clone(),
        ..grid.clone()
    });
    let definition = layer(LEVELS[1], GeometryKind::Polygon, vec![]);
    let many = shifted
        .clone()
        .chain(shifted)
        .chain(board.levels[2].iter().map(|(_, grid)| grid.clone()));
    let many = (1..).zip(many).map(|(id, grid)| Feature {
        id: FeatureId(id),
        ..grid
    });
    let replaced = LayerSnapshot::build(definition, 2, many);
    other.layers.insert(name(LEVELS[1]), Arc::new(replaced));
    assert!(!other.take(built(), 1));
    assert_eq!(other.waiting().count(), 1);
}
