//! One condition for all layers of a tile.

use std::sync::Arc;

use crate::model::{Access, Feature, Layer, LayerName};
use crate::query::filter::{Filter, FilterError};
use crate::tile::Shown;

/// Longest text of a tile's filter, bytes: tiles are kept under it.
pub const LONGEST_TILE_FILTER: usize = 4096;

/// A filter, read for each layer that it is asked of.
#[derive(Clone, Debug)]
pub struct TileFilter {
    text: Arc<str>,
    layers: Vec<(LayerName, Filter)>,
}

/// Why a text is no filter of a tile.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TileFilterError {
    #[error("the filter is {bytes} bytes long; of tiles {most} are read at most")]
    TooLong { bytes: usize, most: usize },
    #[error("of layer {layer}, {fault}")]
    Fault {
        layer: LayerName,
        fault: FilterError,
    },
}

impl TileFilter {
    /// Reads CQL2 text for all layers of a tile, those of labels too: it must say something of each.
    ///
    /// # Errors
    /// Where it is too long, or no filter of one of the layers.
    pub fn parse(text: &str, shown: &Shown<'_>, access: Access) -> Result<Self, TileFilterError> {
        let text = text.trim();
        if text.len() > LONGEST_TILE_FILTER {
            return Err(TileFilterError::TooLong {
                bytes: text.len(),
                most: LONGEST_TILE_FILTER,
            });
        }
        let read = |layer: &Layer| match Filter::parse(text, layer, access) {
            Ok(filter) => Ok((layer.name.clone(), filter)),
            Err(fault) => Err(TileFilterError::Fault {
                layer: layer.name.clone(),
                fault,
            }),
        };
        let layers = shown.all().map(|layer| read(layer.layer()));
        Ok(Self {
            text: text.into(),
            layers: layers.collect::<Result<_, _>>()?,
        })
    }

    /// The text that it was read from.
    #[must_use]
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    pub(super) fn passes(&self, layer: &Layer, feature: &Feature) -> bool {
        let mut layers = self.layers.iter();
        let found = layers.find(|(name, _)| *name == layer.name);
        found.is_some_and(|(_, filter)| filter.matches(feature))
    }
}
