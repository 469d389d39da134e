//! What changed lately, for tiles that are being made meanwhile.

use std::collections::VecDeque;
use std::sync::Arc;

use super::change::Change;
use crate::model::LayerName;
use crate::snapshot::Content;
use crate::tile::TileAddress;

/// Changes that are noted. The store is looked at fifty times a second: a tile that takes longer than so many of them is not kept.
const NOTED: usize = 64;

/// What changed lately.
#[derive(Debug, Default)]
pub(super) struct Notes {
    changes: VecDeque<Arc<Change>>,
    /// All that changed after this content is noted.
    since: Content,
}

impl Notes {
    pub(super) fn add(&mut self, change: Arc<Change>) {
        self.changes.push_back(change);
        if self.changes.len() > NOTED
            && let Some(first) = self.changes.pop_front()
        {
            self.since = first.content;
        }
    }

    /// Whether a tile of some layers that was made from some content may be another one since, as far as is known.
    pub(super) fn outdate<'a>(
        &self,
        layers: &(impl Iterator<Item = &'a LayerName> + Clone),
        address: TileAddress,
        made_from: Content,
    ) -> bool {
        let later = self.changes.iter().rev();
        let mut later = later.take_while(|change| change.content > made_from);
        made_from < self.since || later.any(|change| change.touches(layers.clone(), address))
    }
}
