//! The coverage as a snapshot holds it: how long that takes to build, and how much memory it is.

use std::time::Duration;

use wangge::model::{Coord, Feature, Geometry};
use wangge::snapshot::Snapshot;

use super::memory::grown;
use super::rounds::timed;
use crate::national::{LEVELS, National};

/// A snapshot with what it took.
pub(crate) struct Built {
    pub snapshot: Snapshot,
    /// From the features of all levels to the snapshot.
    pub time: Duration,
    /// Bytes on the heap, codes and all else of the features included.
    pub all: usize,
    /// Of these geometry and index: all but what the features hold beside their shapes.
    pub geometry_and_index: usize,
}

/// Builds the snapshot. What lives on the heap when it is there is all that counts: the features that it was built from are in
/// it, or gone.
pub(crate) fn built(national: National) -> Built {
    let (_, beside) = grown(|| without_shapes(national));
    let beside = beside - size_of::<Geometry>() * national.count_of_all();
    let ((snapshot, time), all) = grown(|| {
        let levels = national.feature_levels();
        timed(|| National::snapshot_of(levels))
    });
    // Large slabs of the face index are mapped, which the heap does not see.
    let mapped: usize = snapshot
        .coverages
        .values()
        .map(|coverage| coverage.mapped_size())
        .sum();
    let all = all + mapped;
    Built {
        snapshot,
        time,
        all,
        geometry_and_index: all - beside,
    }
}

/// The features of all levels, all at one point, which needs no heap.
fn without_shapes(national: National) -> Vec<Vec<Feature>> {
    let nowhere = Geometry::points([Coord { lon: 0, lat: 0 }]).expect("a point");
    let moved = |feature| Feature {
        geometry: nowhere.clone(),
        ..feature
    };
    let level = |level| national.features(level).map(moved).collect();
    (0..LEVELS.len()).map(level).collect()
}
