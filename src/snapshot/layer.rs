//! One layer with its indexes, built whole or from the one before.

use std::sync::Arc;

use crate::index::BoundsTree;
use crate::model::{Arcs, Bounds, Feature, Geometry, Layer, Time, Validity};
use crate::topology;

use super::anchored::Anchored;
use super::features::{Features, is_withdrawn};
use super::turns::{Shift, Turns};

/// One layer as readers see it.
#[derive(Clone, Debug)]
pub struct LayerSnapshot {
    pub(super) layer: Layer,
    pub(super) version: u64,
    pub(super) stored_version: u64,
    pub(super) features: Features,
    pub(super) tree: BoundsTree,
    pub(super) anchored: Anchored,
    pub(super) bounds: Option<Bounds>,
    pub(super) turns: Turns,
    /// The borders that its polygons share.
    pub(super) borders: Option<Arc<Arcs>>,
    /// Positions of polygons that came in since, and were not brought to the others by [`super::Snapshot::mend`].
    /// Ascending.
    pub(super) fresh: Vec<usize>,
}

impl LayerSnapshot {
    /// Indexes a layer's features, which come in the order of their ids. `version` is that of the store in which it last changed.
    #[must_use]
    pub fn build(layer: Layer, version: u64, features: impl IntoIterator<Item = Feature>) -> Self {
        Self::build_by(layer, version, features, 1)
    }

    /// As [`Self::build`], by so many threads.
    #[must_use]
    pub fn build_by(
        layer: Layer,
        version: u64,
        features: impl IntoIterator<Item = Feature>,
        threads: usize,
    ) -> Self {
        let present = features
            .into_iter()
            .filter(|feature| !is_withdrawn(feature));
        let (features, boxes) = Features::present(present, threads);
        let mut shift = Shift::default();
        features.iter().for_each(|feature| shift.add(feature));
        Self {
            anchored: Anchored::build(&layer, &features, &boxes, threads),
            layer,
            version,
            stored_version: version,
            tree: BoundsTree::build_by(boxes, threads),
            bounds: features.bounds(),
            turns: Turns::default().shifted(shift),
            borders: None,
            fresh: Vec::new(),
            features,
        }
    }

    /// Keeps the borders that grids of these layers share once, by so many threads: neighbours', and parents' with their
    /// children. The geometries stay what they are, vertex by vertex. What is changed later has arcs of its own until they are
    /// shared again.
    pub fn share(layers: &mut [Self], threads: usize) {
        let geometries: Vec<(&Geometry, Bounds)> = layers.iter().flat_map(Self::boxed).collect();
        let mut shared = topology::share(&geometries, threads).into_iter();
        drop(geometries);
        for layer in layers {
            layer.features.redraw(&mut shared);
            let mut arcs = layer.features.iter().map(|feature| feature.geometry.arcs());
            layer.borders = arcs.find_map(Option::<&Arc<Arcs>>::cloned);
            layer.fresh.clear();
        }
    }

    /// The same features, some of which are drawn by other geometries of the same vertices, as a snapshot of this version shows
    /// them first.
    pub(super) fn redrawn(&self, version: u64, drawn: Vec<(usize, Geometry)>) -> Self {
        Self {
            version,
            features: self.features.redrawn(drawn),
            fresh: Vec::new(),
            ..self.clone()
        }
    }

    /// The same layer as one that a snapshot of this version shows first.
    #[must_use]
    pub fn shown_from(self, version: u64) -> Self {
        Self { version, ..self }
    }

    /// The geometries of all features, by position, each with its box.
    fn boxed(&self) -> impl Iterator<Item = (&Geometry, Bounds)> {
        let mut boxes = vec![None; self.features.len()];
        for (position, bounds) in self.tree.entries() {
            boxes[position] = Some(bounds);
        }
        self.features.iter().zip(boxes).map(|(feature, bounds)| {
            let geometry = &feature.geometry;
            (geometry, bounds.unwrap_or_else(|| geometry.bounds()))
        })
    }

    /// The same, each with the first zoom at which the layer is drawn.
    pub(super) fn drawn(&self) -> impl Iterator<Item = topology::Drawn<'_>> {
        let from = self.layer.zooms.min;
        let boxed = self.boxed();
        boxed.map(move |(geometry, bounds)| (geometry, bounds, from))
    }

    #[must_use]
    pub fn layer(&self) -> &Layer {
        &self.layer
    }

    /// The version of the snapshot in which what it shows last changed, if only from which zoom on vertices are drawn.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The version of the store in which its features last changed.
    #[must_use]
    pub fn stored_version(&self) -> u64 {
        self.stored_version
    }

    /// The positions of polygons that were not brought to the others yet.
    pub(super) fn fresh(&self) -> &[usize] {
        &self.fresh
    }

    /// Whether it is known from which zoom on the vertices of its borders are drawn.
    #[must_use]
    pub fn is_simplified(&self) -> bool {
        let borders = self.borders.as_ref();
        borders.is_none_or(|arcs| arcs.first_zooms().is_some())
    }

    /// The borders that its polygons share.
    pub(super) fn borders(&self) -> Option<&Arc<Arcs>> {
        self.borders.as_ref()
    }

    /// All features, in the order of their ids.
    #[must_use]
    pub fn features(&self) -> &Features {
        &self.features
    }

    /// How many features the layer has.
    #[must_use]
    pub fn count(&self) -> usize {
        self.features.len() - self.features.withdrawn()
    }

    /// The position of one of this layer's features: those whose ids are lower come before it.
    ///
    /// # Panics
    /// With more than 4,294,967,295 features.
    #[must_use]
    pub fn position(&self, feature: &Feature) -> u32 {
        let (Ok(position) | Err(position)) = self.features.position(feature.id);
        u32::try_from(position).expect("fewer than 2^32 features in a layer")
    }

    #[must_use]
    pub fn tree(&self) -> &BoundsTree {
        &self.tree
    }

    /// Where its features count, and how large they are.
    #[must_use]
    pub fn anchored(&self) -> &Anchored {
        &self.anchored
    }

    /// The number of the period in which `at` lies: within one period the same features hold.
    #[must_use]
    pub fn period(&self, at: Time) -> usize {
        self.turns.before(at)
    }

    /// The period in which `at` lies: at all its times the same features hold.
    #[must_use]
    pub fn span(&self, at: Time) -> Validity {
        self.turns.span(at)
    }

    /// The box around all features; `None` where there are none.
    #[must_use]
    pub fn bounds(&self) -> Option<Bounds> {
        self.bounds
    }
}
