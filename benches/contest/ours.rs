//! How wangge answers: in batches and one at a time.

use std::sync::Arc;

use wangge::model::{Coord, Feature, Geometry, Time};
use wangge::query::Batch;
use wangge::snapshot::{Changes, LayerSnapshot, Snapshot};

use super::{Contestant, NONE};

/// The present of the benches.
pub(crate) const NOW: Time = Time::from_millis(1_767_225_600_000);

/// How many levels the first scheme has.
pub(crate) fn width(snapshot: &Snapshot) -> usize {
    snapshot.schemes[0].levels().len()
}

/// The owners of each level in the first scheme, top first.
pub(crate) fn batch<'a>(
    snapshot: &'a Snapshot,
    name: &'static str,
    points: usize,
) -> Contestant<'a> {
    let answer = move |points: &[Coord], answers: &mut Vec<u32>| {
        let mut found = Vec::with_capacity(points.len());
        Batch::new(snapshot, &[&snapshot.schemes[0]], NOW).locate(points, &mut found, answers);
        assert_eq!(found.len(), points.len());
    };
    Contestant {
        name,
        width: width(snapshot),
        points,
        answer: Box::new(answer),
    }
}

/// The same, one point after the other.
pub(crate) fn single<'a>(
    snapshot: &'a Snapshot,
    name: &'static str,
    points: usize,
) -> Contestant<'a> {
    let question = Batch::new(snapshot, &[&snapshot.schemes[0]], NOW);
    let answer = move |points: &[Coord], answers: &mut Vec<u32>| {
        let width = question.width();
        let first = answers.len();
        answers.resize(first + points.len() * width, NONE);
        for (&at, row) in points.iter().zip(answers[first..].chunks_exact_mut(width)) {
            question.locate_one(at, row);
        }
    };
    Contestant {
        name,
        width: width(snapshot),
        points,
        answer: Box::new(answer),
    }
}

/// A leaf as it is redrawn: without its first vertex. Each `n` is another one.
pub(crate) fn redrawn(snapshot: &Snapshot, n: usize) -> Feature {
    let leaves = leaves(snapshot).features();
    let feature = &leaves[(n * 7919 + leaves.len() / 2) % leaves.len()];
    Feature {
        geometry: cut(&feature.geometry),
        ..feature.clone()
    }
}

/// The polygon without its first vertex.
pub(crate) fn cut(geometry: &Geometry) -> Geometry {
    let rest = geometry.coords().skip(1).collect();
    Geometry::polygons([vec![rest]]).expect("a leaf has many vertices")
}

/// The layer of the lowest level of the first scheme.
pub(crate) fn leaves(snapshot: &Snapshot) -> &LayerSnapshot {
    let level = snapshot.schemes[0]
        .levels()
        .last()
        .expect("a scheme has levels");
    &snapshot.layers[&level.layer]
}

/// The next snapshot, in which a grid of the lowest level has changed.
pub(crate) fn with_grid(snapshot: &Snapshot, changed: &Feature) -> Snapshot {
    let before = leaves(snapshot);
    let after = before
        .changed(snapshot.version + 1, vec![changed.clone()], &[])
        .expect("a feature of the layer");
    let name = before.layer().name.clone();
    let mut next = snapshot.clone();
    next.version += 1;
    let nothing = snapshot
        .layers
        .keys()
        .map(|name| (name.clone(), Vec::new()));
    let mut changes: Changes = nothing.collect();
    changes.insert(name.clone(), after.positions);
    next.layers.insert(name, Arc::new(after.layer));
    next.cover(snapshot, &changes, NOW, 1);
    next
}
