//! From which zoom on the vertices of shared borders are drawn: said once for all layers that share them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::Arcs;
use crate::topology::{self, Drawn};

use super::Snapshot;

impl Snapshot {
    /// Whether it is known of all layers from which zoom on the vertices of their borders are drawn.
    #[must_use]
    pub fn is_simplified(&self) -> bool {
        self.layers.values().all(|layer| layer.is_simplified())
    }

    /// Says from which zoom on each vertex of shared borders is drawn, where nobody has said it, by so many threads; answers
    /// whether there was such a border. Until then all are drawn at all zooms. Takes seconds for a nation.
    #[expect(
        clippy::must_use_candidate,
        reason = "called for what it does; few ask whether anything was left to do"
    )]
    pub fn simplify(&self, threads: usize) -> bool {
        let mut groups: BTreeMap<*const Arcs, (&Arc<Arcs>, Vec<Drawn<'_>>)> = BTreeMap::new();
        for polygon in self.layers.values().flat_map(|layer| layer.drawn()) {
            let Some(arcs) = polygon.0.arcs() else {
                continue;
            };
            if arcs.first_zooms().is_none() {
                let group = groups.entry(Arc::as_ptr(arcs));
                group.or_insert((arcs, Vec::new())).1.push(polygon);
            }
        }
        let is_new = !groups.is_empty();
        for (arcs, polygons) in groups.into_values() {
            arcs.draw_from(topology::first_zooms(arcs, &polygons, threads));
        }
        is_new
    }
}
