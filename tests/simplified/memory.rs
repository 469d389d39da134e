//! What it takes to know from which zoom on vertices are drawn, in bytes.

use std::collections::BTreeMap;
use std::sync::Arc;

use wangge::model::{Arcs, FirstZooms};
use wangge::snapshot::Snapshot;

use crate::national_coverage::National;

/// All arcs of a snapshot, each once.
fn arcs(snapshot: &Snapshot) -> Vec<Arc<Arcs>> {
    let features = snapshot.layers.values().flat_map(|layer| layer.features());
    let arcs = features.filter_map(|feature| feature.geometry.arcs());
    let once: BTreeMap<*const Arcs, &Arc<Arcs>> =
        arcs.map(|arcs| (Arc::as_ptr(arcs), arcs)).collect();
    once.into_values().map(Arc::clone).collect()
}

/// The coverage as it is drawn at all zooms, and as it is simplified: five levels that share their borders.
#[test]
fn first_zooms_take_at_most_half_the_bytes_of_the_geometry_that_they_simplify() {
    let national = National::of_leaves(10_000);
    let snapshot = National::snapshot_of(national.feature_levels());
    let geometry = snapshot.geometry_size();
    assert!(snapshot.simplify(2));
    let zooms = snapshot.geometry_size() - geometry;
    let arcs = arcs(&snapshot);
    let said = arcs.iter().filter_map(|arcs| arcs.first_zooms());
    assert_eq!(said.map(FirstZooms::size).sum::<usize>(), zooms);
    let edges: usize = arcs.iter().map(|arcs| arcs.edge_count()).sum();
    // Half a byte a vertex, and what lies between chunks.
    assert!(zooms >= edges / 2, "{zooms} bytes for {edges} edges");
    assert!(zooms * 2 <= geometry, "{zooms} of {geometry} bytes");
}
