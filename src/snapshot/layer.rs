//! One layer with its indexes, built whole or from the one before.

use std::sync::Arc;

use crate::index::BoundsTree;
use crate::model::{Arcs, Bounds, Feature, FeatureId, Geometry, Layer, Time, Validity};
use crate::topology;

use super::anchored::Anchored;
use super::features::{Features, is_withdrawn};
use super::turns::{Shift, Turns};

/// Above this share of places without feature a layer is built anew: one in so many, and a thousand.
const SPARSE: usize = 16;

/// One layer as readers see it.
#[derive(Debug)]
pub struct LayerSnapshot {
    layer: Layer,
    version: u64,
    features: Features,
    tree: BoundsTree,
    anchored: Anchored,
    bounds: Option<Bounds>,
    turns: Turns,
    /// The borders that its polygons share.
    borders: Option<Arc<Arcs>>,
}

/// A layer after a change of few features.
#[derive(Debug)]
pub struct Redrawn {
    pub layer: LayerSnapshot,
    /// Positions whose features differ from those before, ascending: redrawn, new, or taken out. New ones lie from the
    /// former length on.
    pub positions: Vec<usize>,
}

impl LayerSnapshot {
    /// Indexes a layer's features, which come in the order of their ids. `version` is the snapshot in which it last changed.
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
            tree: BoundsTree::build_by(boxes, threads),
            bounds: features.bounds(),
            turns: Turns::default().shifted(shift),
            borders: None,
            features,
        }
    }

    /// Keeps the borders that grids of these layers share once, by so many threads: neighbours', and parents' with their
    /// children. The geometries stay what they are, vertex by vertex. What is changed later has vertices of its own until its
    /// layer is built anew.
    pub fn share(layers: &mut [Self], threads: usize) {
        let geometries: Vec<(&Geometry, Bounds)> = layers.iter().flat_map(Self::boxed).collect();
        let mut shared = topology::share(&geometries, threads).into_iter();
        drop(geometries);
        for layer in layers {
            layer.features.redraw(&mut shared);
            let mut arcs = layer.features.iter().map(|feature| feature.geometry.arcs());
            layer.borders = arcs.find_map(Option::<&Arc<Arcs>>::cloned);
        }
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

    /// This layer with some features redrawn or added and others taken out; all others are shared and keep their positions.
    /// The answers are those of a layer that is built anew.
    ///
    /// `None` where it must be built anew: a new id lies between the known ones, or too many places are without feature.
    #[must_use]
    pub fn changed(
        &self,
        version: u64,
        mut changed: Vec<Feature>,
        removed: &[FeatureId],
    ) -> Option<Redrawn> {
        changed.sort_by_key(|feature| feature.id);
        changed.dedup_by_key(|feature| feature.id);
        let mut placed = self.placed(changed)?;
        self.withdraw(removed, &mut placed);
        placed.sort_by_key(|&(position, _)| position);
        let positions: Vec<usize> = placed.iter().map(|&(position, _)| position).collect();
        let mut shift = Shift::default();
        for (position, feature) in &placed {
            shift.add(feature);
            if let Some(former) = self.features.get(*position) {
                shift.remove(former);
            }
        }
        let bounds =
            |feature: &Feature| (!is_withdrawn(feature)).then(|| feature.geometry.bounds());
        let moved = placed.iter().filter_map(|(position, feature)| {
            let (was, is) = (
                self.features.get(*position).and_then(bounds),
                bounds(feature),
            );
            (was != is).then_some((*position, is))
        });
        let tree = self.tree.changed(moved);
        let placed_anew = placed.iter().map(|(position, feature)| {
            let former = self.features.get(*position);
            (*position, former, feature)
        });
        let anchored = self.anchored.changed(&self.layer, placed_anew);
        let features = self.features.with(placed);
        if features.withdrawn() > 1024 + features.len() / SPARSE {
            return None;
        }
        let layer = Self {
            layer: self.layer.clone(),
            version,
            tree,
            anchored,
            bounds: features.bounds(),
            turns: self.turns.shifted(shift),
            borders: self.borders.clone(),
            features,
        };
        Some(Redrawn { layer, positions })
    }

    /// The positions that features take; new ones go to the end.
    fn placed(&self, changed: Vec<Feature>) -> Option<Vec<(usize, Feature)>> {
        let mut end = self.features.len();
        let place = |feature: Feature| match self.features.position(feature.id) {
            Ok(position) => Some((position, feature)),
            Err(position) if position == self.features.len() => {
                end += 1;
                Some((end - 1, feature))
            }
            Err(_) => None,
        };
        changed.into_iter().map(place).collect()
    }

    /// Adds what is taken out to what is placed, by position: the former features, which hold at no time from now on.
    fn withdraw(&self, removed: &[FeatureId], placed: &mut Vec<(usize, Feature)>) {
        let is_placed = |position: usize| {
            let same = placed.binary_search_by_key(&position, |&(position, _)| position);
            same.is_ok()
        };
        let known = removed
            .iter()
            .filter_map(|id| self.features.position(*id).ok());
        let mut gone: Vec<usize> = known
            .filter(|at| !is_withdrawn(&self.features[*at]) && !is_placed(*at))
            .collect();
        gone.sort_unstable();
        gone.dedup();
        let withdrawn = gone.into_iter().map(|position| {
            let former = self.features[position].clone();
            let validity = Validity::NEVER;
            (position, Feature { validity, ..former })
        });
        placed.extend(withdrawn);
    }

    #[must_use]
    pub fn layer(&self) -> &Layer {
        &self.layer
    }

    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
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
