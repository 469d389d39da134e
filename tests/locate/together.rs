//! Schemes of any number of levels, alone and together, one point and many: what the index tells against the rules alone.

use super::*;
use crate::national_coverage::{LEVELS, National};

const NOW: Time = Time::from_millis(0);

/// Above the levels of the national coverage, with the grids of its highest.
const HIGHER: [&str; 2] = ["nation", "province"];

/// Schemes of one to seven levels, each of them the lowest ones of the same ground, without an index.
fn bare(national: National) -> Snapshot {
    let mut levels = national.feature_levels();
    for _ in HIGHER {
        let highest = levels[0].clone();
        for grid in &mut levels[0] {
            grid.parent = grid.code.clone();
        }
        levels.insert(0, highest);
    }
    let names: Vec<&str> = HIGHER.into_iter().chain(LEVELS).collect();
    let mut snapshot = Snapshot {
        version: 1,
        ..Snapshot::default()
    };
    let mut schemes = Vec::new();
    for count in 1..=names.len() {
        let names = names[names.len() - count..].iter().copied();
        let scheme = Scheme::new(&format!("of{count}"), names, count > 1, 0).unwrap();
        for (level, features) in scheme.levels().iter().rev().zip(levels.iter().rev()) {
            let definition = layer(level.layer.as_str(), GeometryKind::Polygon, vec![]);
            let built = LayerSnapshot::build(definition, 1, features.clone());
            snapshot.layers.insert(level.layer.clone(), Arc::new(built));
        }
        schemes.push(scheme);
    }
    snapshot.schemes = schemes.into();
    snapshot
}

/// Points anywhere, some beyond all grids, and on borders.
fn points(national: National, count: usize) -> Vec<Coord> {
    let mut points = national.uniform(count / 2, 1);
    points.extend(national.on_vertices(count / 4, 2));
    points.extend(national.on_edges(count / 8, 3));
    let beyond = |n: usize| Coord {
        lon: i32::try_from(n).unwrap(),
        lat: 0,
    };
    points.extend((points.len()..count).map(beyond));
    points
}

/// Asks all points of these schemes, in a batch and one by one.
fn check(indexed: &Snapshot, bare: &Snapshot, schemes: &[&Scheme], points: &[Coord]) {
    let batch = Batch::new(indexed, schemes, NOW);
    let (mut found, mut grids) = (Vec::new(), Vec::new());
    batch.locate(points, &mut found, &mut grids);
    assert_eq!(found.len(), points.len());
    assert_eq!(grids.len(), points.len() * batch.width());
    let mut row = vec![0; batch.width()];
    for (n, (&at, &found)) in points.iter().zip(&found).enumerate() {
        assert_eq!(batch.locate_one(at, &mut row), found, "{at:?}");
        assert_eq!(row, grids[n * row.len()..][..row.len()], "{at:?}");
        let answers = schemes
            .iter()
            .map(|scheme| locate_in(bare, scheme, at, NOW));
        let answers: Vec<SchemeAnswer> = answers.collect();
        let codes = (0..)
            .zip(&row)
            .map(|(level, &grid)| batch.code(level, grid));
        let expected = answers.iter().flat_map(SchemeAnswer::codes);
        assert_eq!(
            codes.collect::<Vec<_>>(),
            expected.collect::<Vec<_>>(),
            "{at:?}"
        );
        let first = answers
            .first()
            .map(|first| (first.outcome, first.is_certain()));
        let first = first.unwrap_or((Outcome::Outside, false));
        assert_eq!((found.outcome, found.certain), first, "{at:?}");
    }
}

#[test]
fn schemes_of_one_to_seven_levels_are_answered_alone_and_together_as_without_an_index() {
    let national = National::of_lattice(48, 32);
    let bare = bare(national);
    let indexed = covered(bare.clone(), NOW);
    let all: Vec<&Scheme> = indexed.schemes.iter().collect();
    let points = points(national, 700);
    for scheme in &all {
        check(&indexed, &bare, &[scheme], &points);
    }
    let backward: Vec<&Scheme> = all.iter().rev().copied().collect();
    for schemes in [&all[..], &backward, &all[1..3], &[]] {
        for count in [0, 1, 255, 256, 257, 700] {
            check(&indexed, &bare, schemes, &points[..count]);
        }
    }
}
