//! The coverage that benches ask: valid polygons that share their borders, nest, and leave neither gap nor overlap.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use wangge::app::load;
use wangge::model::{Arcs, Coord, Geometry, Side, Time, doubled_area};
use wangge::query::{Batch, Outcome, locate_in};
use wangge::snapshot::{Four, Snapshot};
use wangge::store::Store;

use crate::jts::geos;
use crate::national_coverage::past::Past;
use crate::national_coverage::{LEAF, LEVELS, National};

/// 2 × 2 counties, those in the east and north cut short.
fn small() -> National {
    National::of_lattice(100, 70)
}

fn shapes(level: usize) -> Vec<Geometry> {
    small().geometries(level).collect()
}

fn edges(shape: &Geometry) -> impl Iterator<Item = (Coord, Coord)> {
    let ring: Vec<Coord> = shape.coords().collect();
    (0..ring.len()).map(move |n| (ring[n], ring[(n + 1) % ring.len()]))
}

#[test]
fn the_whole_coverage_has_1011096_polygons_in_5_nested_levels() {
    let whole = National::whole();
    let counts: Vec<usize> = (0..LEVELS.len()).map(|level| whole.count(level)).collect();
    assert_eq!(counts, [216, 1728, 13_824, 110_592, 884_736]);
    assert_eq!(whole.count_of_all(), 1_011_096);
    for level in 0..LEVELS.len() {
        let leaves = National::leaves_of(level) as usize;
        assert_eq!(counts[level] * leaves, counts[LEAF]);
    }
}

#[test]
fn leaves_have_40_vertices_in_the_mean_and_every_polygon_is_valid() {
    for shape in (0..LEVELS.len()).flat_map(shapes) {
        assert!(geos(&shape).is_valid(), "{shape:?}");
    }
    let leaves = shapes(LEAF);
    let vertices: usize = leaves.iter().map(Geometry::vertex_count).sum();
    assert!((39..=41).contains(&(vertices / leaves.len())));
}

#[test]
fn a_coverage_has_about_as_many_leaves_as_were_asked_for() {
    for count in [1, 1000, 100_000, 10_000_000] {
        let got = National::of_leaves(count)
            .count(LEAF)
            .abs_diff(count as usize);
        assert!(got * 50 <= count as usize, "{count} {got}");
    }
}

/// In a planar coverage each edge between two polygons is there once in each direction; the others are the outer border,
/// which all levels have in common.
#[test]
fn neighbours_share_their_borders_and_all_levels_fill_the_same_ground() {
    let mut outlines = Vec::new();
    for level in 0..LEVELS.len() {
        let mut sides: HashMap<(Coord, Coord), i32> = HashMap::new();
        let mut area = 0;
        for shape in shapes(level) {
            area += doubled_area(shape.coords());
            for (a, b) in edges(&shape) {
                let (key, sign) = if a < b { ((a, b), 1) } else { ((b, a), -1) };
                let sum = sides.entry(key).or_insert(0);
                *sum += sign;
                assert!(sum.abs() <= 1, "an edge is there twice in one direction");
            }
        }
        sides.retain(|_, sum| *sum != 0);
        let mut outline: Vec<_> = sides.into_iter().collect();
        outline.sort_unstable();
        outlines.push((area, outline));
    }
    assert!(outlines.iter().all(|outline| *outline == outlines[0]));
}

#[test]
fn a_code_begins_with_that_of_the_level_above_and_is_given_once() {
    let mut above = vec![String::new()];
    for level in 0..LEVELS.len() {
        let features: Vec<_> = small().features(level).collect();
        let codes: Vec<String> = features
            .iter()
            .map(|f| f.code.as_deref().unwrap().to_owned())
            .collect();
        assert_eq!(codes.len(), small().count(level));
        assert!(codes.is_sorted() && codes.windows(2).all(|two| two[0] != two[1]));
        for feature in &features {
            let parent = feature.parent.as_deref().unwrap_or_default();
            assert!(above.iter().any(|code| code == parent), "{parent}");
            assert!(feature.code.as_deref().unwrap().starts_with(parent));
        }
        above = codes;
    }
}

#[test]
fn points_said_to_be_on_borders_are_and_the_others_mostly_are_inside_one_leaf() {
    let snapshot = small().snapshot();
    let outcome = |at: Coord| {
        let time = wangge::model::Time::from_millis(0);
        let answer = locate_in(&snapshot, &snapshot.schemes[0], at, time);
        let owner = answer.owner();
        if let Some(owner) = owner {
            assert_ne!(owner.grid.geometry.side(at), Side::Outside);
        }
        let codes: Vec<&str> = answer.codes().flatten().collect();
        assert!(codes.windows(2).all(|two| two[1].starts_with(two[0])));
        answer.outcome
    };
    for at in small()
        .on_vertices(300, 1)
        .into_iter()
        .chain(small().on_edges(300, 2))
    {
        assert_eq!(outcome(at), Outcome::Boundary, "{at:?}");
    }
    for points in [small().uniform(1000, 3), small().clustered(1000, 4)] {
        let inside = points.iter().filter(|&&at| outcome(at) == Outcome::Inside);
        assert!(inside.count() > 970);
    }
}

#[test]
fn the_same_coverage_comes_out_every_time() {
    let digest = small()
        .geometries(LEAF)
        .flat_map(|shape| shape.coords().collect::<Vec<_>>())
        .fold(0u64, |digest, at| {
            let bits = u64::from(at.lon.cast_unsigned()) << 32 | u64::from(at.lat.cast_unsigned());
            (digest ^ bits).wrapping_mul(0x0000_0100_0000_01b3)
        });
    assert_eq!(digest, 10_778_284_650_415_663_611);
}

#[test]
fn the_stored_coverage_is_the_one_that_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("national.gpkg");
    let tiny = National::of_lattice(20, 10);
    tiny.write(&path).unwrap();
    let app = wangge::app::App::open(&path).unwrap();
    for (stored, made) in app
        .snapshot()
        .layers
        .values()
        .zip(tiny.snapshot().layers.values())
    {
        assert!(stored.features().iter().eq(made.features().iter()));
    }
    assert_eq!(app.snapshot().schemes, tiny.snapshot().schemes);
}

#[test]
fn a_store_of_nested_levels_is_loaded_with_each_edge_once_and_every_vertex_in_its_place() {
    let national = National::of_lattice(60, 40);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("national.gpkg");
    national.write(&path).unwrap();
    let mut store = Store::open_or_create(&path).unwrap();
    let snapshot = load(&mut store, Arc::default()).unwrap();
    let mut unique = HashSet::new();
    let mut shared: Option<Arc<Arcs>> = None;
    for (level, name) in LEVELS.iter().enumerate() {
        let layer = &snapshot.layers[&format!("national.{name}").parse().unwrap()];
        assert_eq!(layer.count(), national.count(level));
        for (feature, shape) in layer.features().iter().zip(national.geometries(level)) {
            assert_eq!(feature.geometry, shape);
            let arcs = feature.geometry.arcs().expect("a grid shares its borders");
            assert!(Arc::ptr_eq(
                arcs,
                shared.get_or_insert_with(|| Arc::clone(arcs))
            ));
            unique.extend(edges(&shape).map(|(a, b)| (a.min(b), a.max(b))));
        }
    }
    assert_eq!(shared.unwrap().edge_count(), unique.len());
    // 3.3 bytes for each of some 21 edges, and 4 for each of some 7 references.
    let bytes = snapshot.geometry_size() / national.count(LEAF);
    assert!(bytes < 160, "{bytes} bytes a leaf");
}

#[test]
fn leaves_with_a_past_are_answered_as_those_without_and_the_others_are_told_in_short() {
    let now = Time::from_millis(1_767_225_600_000);
    let past = Past::of(small(), Time::from_millis(1_750_000_000_000));
    let (plain, aged) = (
        small().snapshot(),
        National::snapshot_of(past.feature_levels(small())),
    );
    let lowest = &plain.schemes[0].levels()[LEAF].layer;
    let (fours, leaves) = (aged.lineages[lowest].fours(), small().count(LEAF));
    let count = aged.layers[lowest].count();
    assert!((leaves + 100..leaves + 200).contains(&count), "{count}");
    for grid in 0..u32::try_from(leaves / 64 * 64).unwrap() {
        assert!(Four::of_grid(fours, grid).is_some(), "{grid}");
    }
    let points = small().uniform(20_000, 5);
    let answers = |snapshot: &Snapshot| {
        let (mut found, mut rows) = (Vec::new(), Vec::new());
        let batch = Batch::new(snapshot, &[&snapshot.schemes[0]], now);
        batch.locate(&points, &mut found, &mut rows);
        (found, rows)
    };
    let mut with = answers(&aged);
    for row in with.1.chunks_exact_mut(LEVELS.len()) {
        row[LEAF] = past.without(row[LEAF]);
    }
    assert_eq!(with, answers(&plain));
}
