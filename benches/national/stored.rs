//! The coverage as the service has it: features with codes, layers, a snapshot, a store.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use wangge::model::{
    Clustering, Feature, FeatureId, GeometryKind, Layer, LayerName, Look, Scheme, Time, Title,
    Validity, Zooms,
};
use wangge::snapshot::{Changes, LayerSnapshot, Snapshot};
use wangge::store::{Mode, Put, Store, StoreError};

use super::{BLOCKS, Cell, LEVELS, National, children};

/// Features that are written at once.
const CHUNK: usize = 50_000;

/// The scheme of the coverage, the only one of its snapshot.
pub(crate) fn scheme() -> Scheme {
    Scheme::new("national", LEVELS, false, 0).expect("plain names")
}

fn layer(name: LayerName) -> Layer {
    Layer {
        name,
        title: Title::default(),
        geometry: GeometryKind::Polygon,
        fields: Vec::new(),
        zooms: Zooms::default(),
        color: None,
        clustering: Clustering::default(),
        look: Look::default(),
        is_configured: false,
    }
}

impl National {
    /// The code of a polygon: 6 digits for its county, 3 for each level below; it begins with its parent's.
    fn code(self, level: usize, (column, row): Cell) -> String {
        if level == 0 {
            return format!("{:06}", 100_001 + row * self.extent(0).0 + column);
        }
        let (width, height) = children(level);
        let above = self.code(level - 1, (column / width, row / height));
        format!("{above}{:03}", row % height * width + column % width + 1)
    }

    /// The features of a level in the order of their codes, numbered from 1.
    pub(crate) fn features(self, level: usize) -> impl Iterator<Item = Feature> {
        (1..).zip(self.cells(level)).map(move |(id, cell)| {
            let code = self.code(level, cell);
            let above = &code[..code.len().saturating_sub(3)];
            Feature {
                id: FeatureId(id),
                parent: (level > 0).then(|| above.into()),
                code: Some(code.into()),
                name: None,
                validity: Validity::ALWAYS,
                geometry: self.geometry(level, cell),
                values: Box::default(),
            }
        })
    }

    /// The features of all levels, top first.
    pub(crate) fn feature_levels(self) -> Vec<Vec<Feature>> {
        let level = |level| self.features(level).collect();
        (0..LEVELS.len()).map(level).collect()
    }

    /// Indexes the features of all levels: what readers see.
    pub(crate) fn snapshot_of(levels: Vec<Vec<Feature>>) -> Snapshot {
        let scheme = scheme();
        let names = scheme.levels().iter().map(|level| level.layer.clone());
        let built = names
            .zip(levels)
            .map(|(name, features)| LayerSnapshot::build_by(layer(name), 1, features, 2));
        let mut built: Vec<LayerSnapshot> = built.collect();
        LayerSnapshot::share(&mut built, 2);
        let named = |layer: LayerSnapshot| (layer.layer().name.clone(), Arc::new(layer));
        let layers: BTreeMap<LayerName, Arc<LayerSnapshot>> =
            built.into_iter().map(named).collect();
        let mut snapshot = Snapshot {
            version: 1,
            schemes: [scheme].into(),
            layers,
            ..Snapshot::default()
        };
        let now = Time::from_millis(1_767_225_600_000);
        snapshot.cover(&Snapshot::default(), &Changes::new(), now, 2);
        snapshot
    }

    /// All of it as readers see it.
    pub(crate) fn snapshot(self) -> Snapshot {
        Self::snapshot_of(self.feature_levels())
    }

    /// Writes all of it to a new store, as one change.
    pub(crate) fn write(self, path: &Path) -> Result<(), StoreError> {
        let mut store = Store::open_or_create(path)?;
        let change = store.change()?;
        change.add_scheme(&scheme())?;
        let put = Put {
            mode: Mode::Append,
            now: Time::from_millis(0),
            absent: Vec::new(),
        };
        for (level, of) in scheme().levels().iter().enumerate() {
            let layer = layer(of.layer.clone());
            change.define_layer(&layer)?;
            let mut features = self.features(level);
            loop {
                let chunk: Vec<Feature> = features.by_ref().take(CHUNK).collect();
                if chunk.is_empty() {
                    break;
                }
                change.put_features(&layer, &put, &chunk)?;
            }
        }
        change.commit()?;
        Ok(())
    }

    /// How many leaves a polygon of a level has where the lattice comes out even.
    pub(crate) fn leaves_of(level: usize) -> u32 {
        BLOCKS[level].0 * BLOCKS[level].1
    }
}
