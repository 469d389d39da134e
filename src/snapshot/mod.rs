//! Everything that readers see at one version: layers with their indexes, schemes, staff. Immutable; a change makes a new
//! snapshot that shares what did not change.

mod anchored;
mod borders;
mod changed;
mod coverage;
mod difference;
mod features;
mod layer;
mod lineage;
mod making;
mod mend;
mod outline;
mod pages;
mod parents;
mod span;
mod staff;
mod step;
mod turns;
mod waiting;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{Bounds, LayerName, LocateRules, Scheme};

pub use anchored::{Anchored, Categories};
pub use changed::Redrawn;
pub use coverage::{Changes, Coverage};
pub use difference::{Difference, Mark};
pub use features::{Features, Iter};
pub use layer::LayerSnapshot;
pub use lineage::Lineage;
pub use parents::Parents;
pub use span::Four;
pub use staff::StaffRoster;
pub use waiting::{Indexed, Waiting};

/// Which content a snapshot has: that of a later one is greater, and two with the same have the same layers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Content {
    pub edition: u64,
    pub version: u64,
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
    /// How the grids of each level are found at once; made by [`Snapshot::cover`].
    pub coverages: BTreeMap<LayerName, Arc<Coverage>>,
    /// Of each scheme's lowest level, by its layer: the grids of all levels above.
    pub lineages: BTreeMap<LayerName, Arc<Lineage>>,
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

    /// Which content it has.
    #[must_use]
    pub fn content(&self) -> Content {
        Content {
            edition: self.edition,
            version: self.version,
        }
    }

    /// Bytes of memory of the geometries of all layers; borders that are shared count once.
    #[must_use]
    pub fn geometry_size(&self) -> usize {
        let features = self.layers.values().flat_map(|layer| layer.features());
        let (mut own, mut shared) = (0, BTreeMap::new());
        for feature in features {
            own += feature.geometry.own_size();
            if let Some(arcs) = feature.geometry.arcs() {
                shared.insert(Arc::as_ptr(arcs), arcs.size());
            }
        }
        own + shared.values().sum::<usize>()
    }

    /// The scheme that answers as `grid` and `chain`; the others answer as overlays.
    #[must_use]
    pub fn base_scheme(&self) -> Option<&Scheme> {
        self.schemes.iter().find(|scheme| !scheme.is_overlay())
    }

    /// The ground that this deployment knows: as configured, else the bounds of the base scheme.
    #[must_use]
    pub fn known_ground(&self) -> Option<Bounds> {
        let levels = self.base_scheme().into_iter().flat_map(Scheme::levels);
        let layers = levels.filter_map(|level| self.layers.get(&level.layer));
        let bounds = || {
            layers
                .filter_map(|layer| layer.bounds())
                .reduce(Bounds::union)
        };
        self.rules.extent.or_else(bounds)
    }
}
