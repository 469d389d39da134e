//! Polygons that changes brought in are brought to those around them, so that borders meet at every zoom.

use std::sync::Arc;

use crate::model::{Bounds, GeometryKind, LayerName, Scheme};
use crate::topology::{self, Around, Drawn, Fresh, Number};

use super::{LayerSnapshot, Snapshot};

/// Fresh polygons of one scheme at most; with more of them all borders of the scheme are shared anew.
const MOST: usize = 512;

/// Layers that share their borders.
type Group = Vec<Arc<LayerSnapshot>>;

impl Snapshot {
    /// Says from which zoom on the vertices of polygons are drawn that changes brought in, and those of others that meet them.
    /// Answers whether there was something to say. `before`: what they came of. Where many came, all borders around are shared anew
    /// by so many threads; then, and where it is not known yet how the others are simplified, [`Self::simplify`] comes first.
    pub fn mend(&mut self, before: &Self, threads: usize) -> bool {
        let mut is_mended = false;
        for group in self.groups() {
            let count: usize = group.iter().map(|layer| layer.fresh().len()).sum();
            if count == 0 || !group.iter().all(|layer| layer.is_simplified()) {
                continue;
            }
            let layers = if count > MOST {
                shared(group, self.version, threads)
            } else {
                mended(&group, before, self.version)
            };
            let named = layers.into_iter().map(|layer| {
                let name = layer.layer().name.clone();
                (name, Arc::new(layer))
            });
            self.layers.extend(named);
            is_mended = true;
        }
        is_mended
    }

    /// The layers of polygons by who shares borders: the levels of a scheme, and each other layer by itself.
    fn groups(&self) -> Vec<Group> {
        let polygons = |layer: &&Arc<LayerSnapshot>| {
            let kind = layer.layer().geometry;
            kind == GeometryKind::Polygon
        };
        let layer = |name: &LayerName| self.layers.get(name).filter(polygons).cloned();
        let levels = |name: &&LayerName| {
            let mut levels = self.schemes.iter().flat_map(Scheme::levels);
            levels.any(|level| level.layer == **name)
        };
        let schemes = self.schemes.iter().map(|scheme| {
            let levels = scheme.levels().iter();
            levels.filter_map(|level| layer(&level.layer)).collect()
        });
        let others = self.layers.keys().filter(|name| !levels(name));
        let others = others.map(|name| layer(name).into_iter().collect());
        schemes.chain(others).collect()
    }
}

/// All layers of a group, with their borders shared anew.
fn shared(group: Group, version: u64, threads: usize) -> Vec<LayerSnapshot> {
    let layers = group.into_iter().map(Arc::unwrap_or_clone);
    let mut layers: Vec<_> = layers.map(|layer| layer.shown_from(version)).collect();
    LayerSnapshot::share(&mut layers, threads);
    layers
}

/// The layers of a group that are drawn otherwise once its fresh polygons are brought to the others.
fn mended(group: &Group, before: &Snapshot, version: u64) -> Vec<LayerSnapshot> {
    let near = |bounds: Bounds| {
        let layers = group.iter().enumerate();
        let near = layers.flat_map(|(number, layer)| {
            let positions = layer.tree().meeting(bounds);
            positions.map(move |position| (number, position))
        });
        near.collect()
    };
    let polygon = |(number, position): Number| drawn(group.get(number)?, position);
    let fresh = group.iter().enumerate().flat_map(|(number, layer)| {
        let before = before.layers.get(&layer.layer().name);
        layer.fresh().iter().filter_map(move |&position| {
            Some(Fresh {
                number: (number, position),
                is: drawn(layer, position)?,
                was: before.and_then(|before| drawn(before, position)),
            })
        })
    });
    let fresh: Vec<Fresh<'_>> = fresh.collect();
    let around = Around {
        near: &near,
        polygon: &polygon,
    };
    let mut changed = vec![Vec::new(); group.len()];
    for ((number, position), geometry) in topology::mend(&fresh, around) {
        changed[number].push((position, geometry));
    }
    let changed = group.iter().zip(changed);
    let changed = changed.filter(|(_, drawn)| !drawn.is_empty());
    changed
        .map(|(layer, drawn)| layer.redrawn(version, drawn))
        .collect()
}

/// How a polygon is drawn.
fn drawn(layer: &LayerSnapshot, position: usize) -> Option<Drawn<'_>> {
    let geometry = &layer.features().get(position)?.geometry;
    let is_polygon = geometry.kind() == GeometryKind::Polygon;
    is_polygon.then(|| (geometry, geometry.bounds(), layer.layer().zooms.min))
}
