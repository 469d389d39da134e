//! A layer that was changed answers as one that is built anew of the same features.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use wangge::app::{App, load, now};
use wangge::index::{BoundsTree, ZCell};
use wangge::model::{
    Bounds, Coord, Feature, FeatureId, FieldKind, Geometry, GeometryKind, LayerName, Time, Validity,
};
use wangge::query::{Batch, Found};
use wangge::snapshot::{LayerSnapshot, Snapshot};
use wangge::store::{Mode, Store};

use crate::national_coverage::{Dice, LEAF, LEVELS, National};
use crate::support::{county_store, duty, field, grid, layer, name, put, rectangle};

/// A square with its corner on a small board.
fn square(at: (i32, i32), side: i32) -> Geometry {
    let corner = |east, north| Coord {
        lon: at.0 + east,
        lat: at.1 + north,
    };
    let ring = vec![
        corner(0, 0),
        corner(side, 0),
        corner(side, side),
        corner(0, side),
    ];
    Geometry::polygons([vec![ring]]).unwrap()
}

/// What happens to one feature of a layer.
#[derive(Clone, Debug)]
enum Step {
    /// Redraws one of those that are there or were there, by number.
    Redraw(usize, Feature),
    Add(Feature),
    Remove(usize),
    /// Adds one with an id, also below the last.
    Insert(i64, Feature),
}

fn step() -> impl Strategy<Value = Step> {
    let time = || prop::option::weighted(0.3, (0..10_i64).prop_map(Time::from_millis));
    let shape = ((0..100, 0..100), 1..20, time(), time());
    let feature = shape.prop_map(|(corner, side, from, to)| Feature {
        validity: Validity { from, to },
        ..grid("1", None, square(corner, side))
    });
    let kind = prop_oneof![500 => Just(0), 300 => Just(1), 200 => Just(2), 1 => Just(3)];
    (kind, 0..10_000_usize, feature).prop_map(|(kind, number, feature)| match kind {
        0 => Step::Redraw(number, feature),
        1 => Step::Add(feature),
        2 => Step::Remove(number),
        _ => Step::Insert(i64::try_from(number).unwrap(), feature),
    })
}

/// The ids that a step puts and removes.
fn effect(step: Step, ids: &[i64], last: &mut i64) -> (Option<(i64, Feature)>, Option<i64>) {
    let known = |number: usize| ids.get(number % ids.len().max(1)).copied();
    match step {
        Step::Redraw(number, feature) => (known(number).map(|id| (id, feature)), None),
        Step::Remove(number) => (None, known(number)),
        Step::Insert(id, feature) => (Some((id, feature)), None),
        Step::Add(feature) => {
            // Ids are given in order, with gaps.
            *last += 2;
            (Some((*last, feature)), None)
        }
    }
}

fn is_present(feature: &Feature) -> bool {
    feature.validity != Validity::NEVER
}

fn meeting(layer: &LayerSnapshot, bounds: Bounds) -> Vec<i64> {
    let found = layer.tree().meeting(bounds);
    let mut ids: Vec<i64> = found.map(|at| layer.features()[at].id.0).collect();
    ids.sort_unstable();
    ids
}

/// Where features count, and how large they are.
fn anchors(layer: &LayerSnapshot) -> Vec<(u64, i64, u8, bool)> {
    let anchors = layer.anchored().anchors().in_cell(ZCell::new(0, 0, 0));
    let anchors = anchors.flatten().map(|anchor| {
        let (position, number) = (anchor.position as usize, anchor.place.number());
        assert_eq!(layer.anchored().from_zoom(position), anchor.from_zoom);
        let id = layer.features()[position].id.0;
        (number, id, anchor.from_zoom, anchor.is_always)
    });
    let mut anchors: Vec<_> = anchors.collect();
    anchors.sort_unstable();
    anchors
}

fn assert_equal(changed: &LayerSnapshot, built: &LayerSnapshot) {
    assert_eq!(anchors(changed), anchors(built));
    for zoom in 0..=25 {
        let large = |layer: &LayerSnapshot| layer.anchored().large_at(zoom);
        assert_eq!(large(changed), large(built));
    }
    let present: Vec<&Feature> = changed
        .features()
        .iter()
        .filter(|feature| is_present(feature))
        .collect();
    assert_eq!(present, built.features().iter().collect::<Vec<_>>());
    assert_eq!(changed.count(), built.count());
    assert_eq!(changed.bounds(), built.bounds());
    for at in -1..12 {
        let at = Time::from_millis(at);
        assert_eq!(changed.period(at), built.period(at), "{at:?}");
    }
    for lon in (0..120).step_by(13) {
        for lat in (0..120).step_by(17) {
            let min = Coord { lon, lat };
            let max = Coord {
                lon: lon + 9,
                lat: lat + 12,
            };
            let bounds = Bounds { min, max };
            assert_eq!(meeting(changed, bounds), meeting(built, bounds));
        }
    }
    for (position, feature) in changed.features().iter().enumerate() {
        assert_eq!(changed.position(feature) as usize, position);
        assert_eq!(changed.features().get(position), Some(feature));
    }
    assert_eq!(changed.features().get(changed.features().len()), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn a_changed_layer_answers_as_one_built_anew_and_every_feature_keeps_its_position(
        changes in prop::collection::vec(prop::collection::vec(step(), 0..120), 1..12),
    ) {
        let definition = layer("base.grid", GeometryKind::Polygon, vec![]);
        let mut known: BTreeMap<i64, Feature> = BTreeMap::new();
        let mut snapshot = LayerSnapshot::build(definition.clone(), 0, vec![]);
        for (version, steps) in (1..).zip(changes) {
            let ids: Vec<i64> = snapshot.features().iter().map(|feature| feature.id.0).collect();
            let last = ids.last().copied().unwrap_or_default();
            let (mut changed, mut removed) = (BTreeMap::new(), Vec::new());
            let mut given = last;
            for step in steps {
                let (put, gone) = effect(step, &ids, &mut given);
                if let Some((id, feature)) = put {
                    let feature = Feature { id: FeatureId(id), ..feature };
                    removed.retain(|other| *other != FeatureId(id));
                    changed.insert(id, feature.clone());
                    known.insert(id, feature);
                }
                if let Some(id) = gone {
                    changed.remove(&id);
                    known.remove(&id);
                    removed.push(FeatureId(id));
                }
            }
            let built = LayerSnapshot::build(definition.clone(), version, known.values().cloned());
            let is_between = changed.keys().any(|id| *id < last && ids.binary_search(id).is_err());
            let redrawn = snapshot.changed(version, changed.into_values().collect(), &removed);
            prop_assert_eq!(redrawn.is_none(), is_between);
            let Some(redrawn) = redrawn else {
                snapshot = built;
                continue;
            };
            assert_equal(&redrawn.layer, &built);
            for (position, before) in snapshot.features().iter().enumerate() {
                let after = &redrawn.layer.features()[position];
                prop_assert_eq!(after.id, before.id);
                let differs = redrawn.positions.binary_search(&position).is_ok();
                prop_assert!(differs || after == before);
            }
            for position in snapshot.features().len()..redrawn.layer.features().len() {
                prop_assert!(redrawn.positions.contains(&position));
            }
            snapshot = redrawn.layer;
        }
    }

    #[test]
    fn a_changed_tree_finds_what_a_new_one_finds(
        count in 0..3000_i32,
        changes in prop::collection::vec(
            prop::collection::btree_map(0..3300_usize, prop::option::weighted(0.9, ((0..1000, 0..1000), 0..30)), 1..200),
            1..12,
        ),
    ) {
        let bounds = |((lon, lat), side): ((i32, i32), i32)| Bounds {
            min: Coord { lon, lat },
            max: Coord { lon: lon + side, lat: lat + side },
        };
        let first = |n: i32| bounds(((n * 37 % 1000, n * 91 % 1000), 10));
        let mut known: BTreeMap<usize, Bounds> = (0..).zip((0..count).map(first)).collect();
        let mut tree = BoundsTree::build(known.values().copied());
        for change in changes {
            let change: Vec<_> = change.into_iter().map(|(at, shape)| (at, shape.map(bounds))).collect();
            for (position, bounds) in &change {
                match bounds {
                    Some(bounds) => { known.insert(*position, *bounds); }
                    None => { known.remove(position); }
                }
            }
            tree = tree.changed(change);
        }
        for corner in [(0, 0), (100, 700), (500, 500), (970, 3), (1029, 1029)] {
            for side in [0, 40, 300] {
                let asked = bounds((corner, side));
                let mut found: Vec<usize> = tree.meeting(asked).collect();
                found.sort_unstable();
                let met = known.iter().filter(|(_, bounds)| bounds.meets(asked));
                prop_assert_eq!(found, met.map(|(at, _)| *at).collect::<Vec<_>>());
            }
        }
    }
}

#[test]
fn a_layer_that_lost_most_of_its_features_is_built_anew() {
    let definition = layer("poi", GeometryKind::Polygon, vec![]);
    let feature = |id| Feature {
        id: FeatureId(id),
        ..grid("1", None, square((0, 0), 1))
    };
    let built = LayerSnapshot::build(definition, 1, (1..=2000).map(feature));
    let removed = |count| (1..=count).map(FeatureId).collect::<Vec<_>>();
    let few = built.changed(2, vec![], &removed(1000)).unwrap().layer;
    assert_eq!((few.count(), few.features().len()), (1000, 2000));
    assert!(built.changed(2, vec![], &removed(1500)).is_none());
}

/// What a program does to a store that a service follows.
#[derive(Clone, Copy, Debug)]
enum Write {
    /// A change with a version, of one grid or of all.
    Upsert(u8),
    Append(u8),
    Replace(u8),
    Widen,
    Staff(u8),
    /// Statements of a program that keeps no versions.
    Sql(u8),
}

const STATEMENTS: [&str; 6] = [
    "UPDATE \"base.grid\" SET name = random() WHERE fid = (SELECT min(fid) FROM \"base.grid\")",
    "DELETE FROM \"base.grid\" WHERE fid = (SELECT max(fid) FROM \"base.grid\")",
    "INSERT INTO \"base.grid\" (geom, code) SELECT geom, random() FROM \"base.county\"",
    "UPDATE \"base.grid\" SET geom = x'00' WHERE fid = (SELECT max(fid) FROM \"base.grid\")",
    "UPDATE staff SET name = random()",
    "INSERT INTO \"base.grid\" (fid, geom, code)
     SELECT (SELECT min(fid) FROM \"base.grid\") - 1, geom, random() FROM \"base.county\"",
];

fn write() -> impl Strategy<Value = Write> {
    let (number, statement) = (any::<u8>(), 0..u8::try_from(STATEMENTS.len()).unwrap());
    prop_oneof![
        3 => number.prop_map(Write::Upsert),
        1 => number.prop_map(Write::Append),
        1 => number.prop_map(Write::Replace),
        1 => Just(Write::Widen),
        1 => number.prop_map(Write::Staff),
        5 => statement.prop_map(Write::Sql),
    ]
}

fn perform(write: Write, store: &mut Store, other: &rusqlite::Connection) {
    let grids = |number: u8| {
        let side = 1.0 + f64::from(number % 7);
        grid(
            &(number % 5).to_string(),
            None,
            rectangle(0.0, 0.0, side, 1.0),
        )
    };
    let mut layer = layer("base.grid", GeometryKind::Polygon, vec![]);
    let change = store.change().unwrap();
    if let Some(stored) = change.stored(&layer.name).unwrap() {
        layer.fields = stored.fields;
    }
    let features = |layer: &wangge::model::Layer, number| {
        let values = vec![wangge::model::Value::Null; layer.fields.len()].into();
        [Feature {
            values,
            ..grids(number)
        }]
    };
    let bring = |mode, number| {
        let brought = features(&layer, number);
        change.put_features(&layer, &put(mode), &brought).unwrap();
    };
    match write {
        Write::Upsert(number) => bring(Mode::Upsert, number),
        Write::Append(number) => bring(Mode::Append, number),
        Write::Replace(number) => bring(Mode::Replace, number),
        Write::Widen => {
            let number = layer.fields.len();
            layer
                .fields
                .push(field(&format!("f{number}"), FieldKind::Integer));
            change.define_layer(&layer).unwrap();
        }
        Write::Staff(number) => {
            let duty = duty(&number.to_string(), "王芳", Validity::ALWAYS);
            change.put_staff(Mode::Append, &[duty]).unwrap();
        }
        Write::Sql(statement) => {
            drop(change);
            other
                .execute(STATEMENTS[usize::from(statement)], [])
                .unwrap();
            return;
        }
    }
    change.commit().unwrap();
}

fn assert_same(followed: &Snapshot, read: &Snapshot) {
    assert_eq!(followed.version, read.version);
    assert_eq!(followed.schemes, read.schemes);
    assert!(followed.layers.keys().eq(read.layers.keys()));
    for (followed, read) in followed.layers.values().zip(read.layers.values()) {
        assert_eq!(followed.layer(), read.layer());
        assert_eq!(followed.stored_version(), read.stored_version());
        assert_equal(followed, read);
    }
    let level = name("base.grid");
    for code in (0..256)
        .map(|n| n.to_string())
        .chain(["5115260101".to_owned()])
    {
        assert_eq!(
            followed.staff.of(&level, &code),
            read.staff.of(&level, &code)
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn what_a_service_followed_is_what_one_that_starts_now_reads(
        looks in prop::collection::vec(prop::collection::vec(write(), 1..4), 1..6),
    ) {
        let (_folder, path) = county_store();
        let app = App::open(&path).unwrap();
        let mut store = Store::open(&path).unwrap();
        let other = rusqlite::Connection::open(&path).unwrap();
        for writes in looks {
            let before = app.snapshot();
            for &write in &writes {
                perform(write, &mut store, &other);
            }
            app.follow().unwrap();
            let after = app.snapshot();
            assert_same(&after, &load(&mut store, Arc::default()).unwrap());
            for (name, layer) in &after.layers {
                let known = &before.layers[name];
                // What two snapshots are told apart by, where a tile is kept for one of them.
                let key = |snapshot: &Snapshot, layer: &LayerSnapshot| (snapshot.edition, layer.version());
                let is_shared = Arc::ptr_eq(layer, known);
                prop_assert!(is_shared || key(&after, layer) != key(&before, known));
                // Others may be drawn otherwise, where they meet what changed.
                let is_same = || layer.features().iter().eq(known.features());
                prop_assert!(is_shared || name.as_str() == "base.grid" || is_same());
            }
            prop_assert_eq!(app.follow().unwrap(), None);
        }
    }
}

#[test]
fn one_redrawn_grid_leaves_the_others_where_they_are_in_memory() {
    let (_folder, path) = county_store();
    let mut store = Store::open(&path).unwrap();
    let grids = layer("base.grid", GeometryKind::Polygon, vec![]);
    let many: Vec<Feature> = (0..2000)
        .map(|n| grid(&format!("G{n}"), None, square((n, n), 5)))
        .collect();
    let bring = |store: &mut Store, mode, features: &[Feature]| {
        let change = store.change().unwrap();
        change.put_features(&grids, &put(mode), features).unwrap();
        change.commit().unwrap()
    };
    bring(&mut store, Mode::Replace, &many);
    let app = App::open(&path).unwrap();
    let before = app.snapshot();
    let version = bring(
        &mut store,
        Mode::Upsert,
        &[grid("G1000", None, square((7, 7), 9))],
    );
    assert_eq!(app.follow().unwrap(), Some(version));
    let after = app.snapshot();
    let (before, after) = (&before.layers[&grids.name], &after.layers[&grids.name]);
    let moved = (0..2000)
        .filter(|&at| {
            !std::ptr::eq(
                &raw const before.features()[at],
                &raw const after.features()[at],
            )
        })
        .count();
    assert!((1..=256).contains(&moved), "{moved}");
    assert_eq!(after.features()[1000].geometry, square((7, 7), 9));
    // A version that changes nothing of a layer leaves it whole.
    let change = store.change().unwrap();
    change
        .put_staff(Mode::Append, &[duty("G1", "李娜", Validity::ALWAYS)])
        .unwrap();
    change.commit().unwrap();
    app.follow().unwrap();
    assert!(Arc::ptr_eq(after, &app.snapshot().layers[&grids.name]));
}

#[test]
fn a_write_that_changes_nothing_that_readers_see_is_no_change() {
    let (_folder, path) = county_store();
    let app = App::open(&path).unwrap();
    let other = rusqlite::Connection::open(&path).unwrap();
    other
        .execute_batch("CREATE TABLE notes (text); INSERT INTO notes VALUES ('x')")
        .unwrap();
    assert_eq!(app.follow().unwrap(), None);
    assert!(app.snapshot().layers.len() == 4);
}

/// A store of a national coverage, the service that follows it, and somebody who draws.
struct Drawn {
    _folder: tempfile::TempDir,
    national: National,
    store: Store,
    app: App,
    dice: Dice,
}

impl Drawn {
    fn new(national: National) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("national.gpkg");
        national.write(&path).unwrap();
        Self {
            store: Store::open(&path).unwrap(),
            app: App::open(&path).unwrap(),
            _folder: folder,
            national,
            dice: Dice::new(11),
        }
    }

    /// Redraws some grid of a level alone, without its first vertex; it fits no more. Answers the version.
    fn redraw(&mut self, level: usize) -> u64 {
        let layer = Arc::clone(&self.app.snapshot().layers[&level_name(level)]);
        let count = u32::try_from(layer.features().len()).unwrap();
        let mut grid = layer.features()[self.dice.below(count) as usize].clone();
        let rest = grid.geometry.coords().skip(1).collect();
        grid.geometry = Geometry::polygons([vec![rest]]).unwrap();
        let change = self.store.change().unwrap();
        change
            .put_features(layer.layer(), &put(Mode::Upsert), &[grid])
            .unwrap();
        change.commit().unwrap()
    }

    /// Asserts that what is followed answers as what is read now.
    fn assert_as_read(&mut self) {
        let followed = self.app.snapshot();
        let read = load(&mut self.store, Arc::default()).unwrap();
        assert_eq!(followed.version, read.version);
        let mut points = self.national.uniform(1500, followed.version);
        points.extend(self.national.on_vertices(100, followed.version));
        let [followed, read] = [&followed, &read].map(|snapshot| located(snapshot, &points));
        assert!(followed == read, "answers differ");
    }

    /// Follows until no level waits for its index.
    fn settle(&self) {
        while self.app.snapshot().waiting().next().is_some() {
            self.app.follow().unwrap();
            std::thread::yield_now();
        }
    }
}

fn level_name(level: usize) -> LayerName {
    name(&format!("national.{}", LEVELS[level]))
}

fn located(snapshot: &Snapshot, points: &[Coord]) -> (Vec<Found>, Vec<u32>) {
    let (mut found, mut rows) = (Vec::new(), Vec::new());
    let batch = Batch::new(snapshot, &[&snapshot.schemes[0]], now());
    batch.locate(points, &mut found, &mut rows);
    (found, rows)
}

#[test]
fn an_edit_that_follows_on_one_that_opens_a_fill_is_seen_and_the_index_comes_after() {
    let mut drawn = Drawn::new(National::of_lattice(40, 30));
    let above = level_name(LEAF - 1);
    let first = drawn.redraw(LEAF);
    assert_eq!(drawn.app.follow().unwrap(), Some(first));
    let opened = drawn.app.snapshot();
    assert_eq!((opened.version, opened.waiting().count()), (first, 1));
    assert!(opened.coverages[&above].index().is_none());
    let second = drawn.redraw(LEAF);
    assert_eq!(drawn.app.follow().unwrap(), Some(second));
    assert_eq!(drawn.app.snapshot().version, second);
    drawn.assert_as_read();
    drawn.settle();
    let settled = drawn.app.snapshot();
    assert_eq!(settled.version, second);
    assert!(settled.coverages[&above].index().is_some());
    drawn.assert_as_read();
    assert_eq!(drawn.app.follow().unwrap(), None);
}

#[test]
fn thousands_of_grids_that_are_edited_while_indexes_are_built_answer_as_a_store_read_anew() {
    let mut drawn = Drawn::new(National::of_lattice(80, 60));
    for round in 0..6 {
        // The levels one after the other, so that each is opened while indexes of others are built.
        for edit in 0..4 {
            let version = drawn.redraw(LEAF - (round + edit) % 3);
            assert_eq!(drawn.app.follow().unwrap(), Some(version));
        }
        drawn.assert_as_read();
    }
    drawn.settle();
    drawn.assert_as_read();
    let settled = drawn.app.snapshot();
    let is_indexed = |level| settled.coverages[&level_name(level)].index().is_some();
    assert!((1..LEVELS.len()).all(is_indexed));
}
