//! Everything that readers see at one version: layers with their indexes, schemes, staff. Immutable; a change makes a new
//! snapshot that shares what did not change.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::index::BoundsTree;
use crate::model::{Bounds, Feature, Layer, LayerName, LocateRules, Scheme, Staff, Time};

/// One layer as readers see it.
#[derive(Debug)]
pub struct LayerSnapshot {
    layer: Layer,
    version: u64,
    features: Box<[Feature]>,
    tree: BoundsTree,
    bounds: Option<Bounds>,
    /// All times at which a feature begins or ends to hold, each once, in order.
    turns: Box<[Time]>,
}

impl LayerSnapshot {
    /// Indexes a layer's features. `version` is the snapshot in which it last changed.
    #[must_use]
    pub fn build(layer: Layer, version: u64, features: Vec<Feature>) -> Self {
        let all: Vec<Bounds> = features.iter().map(|f| f.geometry.bounds()).collect();
        let bounds = all.iter().copied().reduce(Bounds::union);
        let ends = features
            .iter()
            .flat_map(|f| [f.validity.from, f.validity.to]);
        let turns: BTreeSet<Time> = ends.flatten().collect();
        Self {
            layer,
            version,
            features: features.into(),
            tree: BoundsTree::build(all),
            bounds,
            turns: turns.into_iter().collect(),
        }
    }

    #[must_use]
    pub fn layer(&self) -> &Layer {
        &self.layer
    }

    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// All features, in the order of their ids.
    #[must_use]
    pub fn features(&self) -> &[Feature] {
        &self.features
    }

    /// The position of one of this layer's features: those whose ids are lower come before it.
    ///
    /// # Panics
    /// With more than 4,294,967,295 features.
    #[must_use]
    pub fn position(&self, feature: &Feature) -> u32 {
        let position = self.features.partition_point(|other| other.id < feature.id);
        u32::try_from(position).expect("fewer than 2^32 features in a layer")
    }

    #[must_use]
    pub fn tree(&self) -> &BoundsTree {
        &self.tree
    }

    /// The number of the period in which `at` lies: within one period the same features hold.
    #[must_use]
    pub fn period(&self, at: Time) -> usize {
        self.turns.partition_point(|turn| *turn <= at)
    }

    /// The box around all features; `None` where there are none.
    #[must_use]
    pub fn bounds(&self) -> Option<Bounds> {
        self.bounds
    }
}

/// The staff of all grids, found by level and code.
#[derive(Debug, Default)]
pub struct StaffRoster(HashMap<LayerName, HashMap<Box<str>, Vec<Staff>>>);

impl StaffRoster {
    #[must_use]
    pub fn build(staff: impl IntoIterator<Item = Staff>) -> Self {
        let mut roster = Self::default();
        for duty in staff {
            let grids = roster.0.entry(duty.layer.clone()).or_default();
            grids.entry(duty.code.clone()).or_default().push(duty);
        }
        roster
    }

    /// All duties for one grid, past and future ones too.
    #[must_use]
    pub fn of(&self, layer: &LayerName, code: &str) -> &[Staff] {
        self.0
            .get(layer)
            .and_then(|grids| grids.get(code))
            .map_or(&[], Vec::as_slice)
    }
}

/// What readers see at one version.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    pub version: u64,
    /// Grows where the content changed and the version could not tell.
    pub edition: u64,
    /// In the order of the store: the first one that is no overlay is the base scheme.
    pub schemes: Arc<[Scheme]>,
    pub layers: BTreeMap<LayerName, Arc<LayerSnapshot>>,
    pub staff: Arc<StaffRoster>,
    /// The deployment's choices; not from the store, so that they outlive its changes.
    pub rules: Arc<LocateRules>,
}

impl Snapshot {
    /// One without content, where these rules hold.
    #[must_use]
    pub fn empty(rules: Arc<LocateRules>) -> Self {
        Self {
            rules,
            ..Self::default()
        }
    }

    /// The scheme that answers as `grid` and `chain`; the others answer as overlays.
    #[must_use]
    pub fn base_scheme(&self) -> Option<&Scheme> {
        self.schemes.iter().find(|scheme| !scheme.is_overlay())
    }
}
