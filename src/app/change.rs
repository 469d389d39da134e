//! What changed between two snapshots, as the tile cache and those who listen ask.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use crate::model::{Bounds, DEEPEST_ZOOM, LayerName};
use crate::snapshot::{Content, Difference, LayerSnapshot, Mark, Snapshot};
use crate::tile::{Block, Footprint, TileAddress, TileOptions};

/// What changed with one content.
#[derive(Debug)]
pub(super) struct Change {
    /// The content after it.
    pub(super) content: Content,
    layers: BTreeMap<LayerName, Touched>,
}

/// Where tiles show the change of a layer.
#[derive(Debug)]
enum Touched {
    Everywhere,
    Within(Footprint),
}

/// What changed of a layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerChange {
    pub layer: LayerName,
    /// Around all that changed, as it was and as it is, or that is drawn otherwise where nothing else is; `None` where that may be
    /// anywhere.
    pub bounds: Option<Bounds>,
    /// How many features changed; all that there are where that may be any.
    pub count: usize,
}

impl Change {
    /// From one snapshot to the next, and the same for those who listen.
    pub(super) fn between(before: &Snapshot, next: &Snapshot) -> (Self, Vec<LayerChange>) {
        let (mut layers, mut told) = (BTreeMap::new(), Vec::new());
        for (name, difference) in next.differences(before) {
            let layer = next.layers.get(&name);
            told.push(LayerChange::of(
                &name,
                layer.map(AsRef::as_ref),
                &difference,
            ));
            layers.insert(name, Touched::by(layer.map(AsRef::as_ref), difference));
        }
        let content = next.content();
        (Self { content, layers }, told)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.layers.is_empty()
    }

    /// Whether a tile with something of these layers may be another one now.
    pub(super) fn touches<'a>(
        &self,
        layers: impl IntoIterator<Item = &'a LayerName>,
        address: TileAddress,
    ) -> bool {
        let mut touched = layers
            .into_iter()
            .filter_map(|layer| self.layers.get(layer));
        touched.any(|touched| match touched {
            Touched::Everywhere => true,
            Touched::Within(footprint) => footprint.touches(address),
        })
    }

    /// The same for who asks of many tiles.
    pub(super) fn blocks(&self) -> Blocks<'_> {
        let layers = self.layers.iter();
        Blocks(
            layers
                .map(|(name, touched)| (name, (touched, Zoomed::default())))
                .collect(),
        )
    }
}

/// The tiles of each zoom, told when a zoom is asked for first.
type Zoomed = [OnceCell<Vec<Block>>; DEEPEST_ZOOM as usize + 1];

/// The tiles that a change touches.
pub(super) struct Blocks<'a>(BTreeMap<&'a LayerName, (&'a Touched, Zoomed)>);

impl Blocks<'_> {
    /// As [`Change::touches`].
    pub(super) fn touch<'a>(
        &self,
        layers: impl IntoIterator<Item = &'a LayerName>,
        address: TileAddress,
    ) -> bool {
        let mut touched = layers.into_iter().filter_map(|layer| self.0.get(layer));
        touched.any(|(touched, zoomed)| match touched {
            Touched::Everywhere => true,
            Touched::Within(footprint) => {
                let zoom = address.z();
                let blocks = zoomed[usize::from(zoom)].get_or_init(|| footprint.blocks(zoom));
                blocks.iter().any(|block| block.holds(address))
            }
        })
    }
}

impl Touched {
    fn by(layer: Option<&LayerSnapshot>, difference: Difference) -> Self {
        match (layer, difference) {
            (Some(layer), Difference::Features { marks, .. }) => {
                let buffer = TileOptions::default().buffer;
                Self::Within(Footprint::new(layer, marks, buffer))
            }
            (None, _) | (_, Difference::Whole) => Self::Everywhere,
        }
    }
}

impl LayerChange {
    fn of(name: &LayerName, layer: Option<&LayerSnapshot>, difference: &Difference) -> Self {
        let around = |marks: &[Mark]| {
            let boxes = marks.iter().map(|mark| mark.bounds);
            boxes.reduce(Bounds::union)
        };
        let (bounds, count) = match difference {
            Difference::Features {
                count,
                bounds,
                marks,
            } => (bounds.or_else(|| around(marks)), *count),
            Difference::Whole => (None, layer.map_or(0, LayerSnapshot::count)),
        };
        Self {
            layer: name.clone(),
            bounds,
            count,
        }
    }
}
