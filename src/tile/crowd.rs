//! Which features of a layer are gathered at a zoom, and in which cells.

use super::outlines::Outlines;
use super::{TileAddress, quantize};
use crate::index::{Anchor, ZCell, ZPlace};
use crate::model::{ClusterCell, Clustering, Geometry, GeometryKind, Run};
use crate::snapshot::LayerSnapshot;

/// How often a tile is halved into the cells of what is smaller than a pixel: 64 a side, of 64 tile units.
const SMALL_HALVINGS: u8 = 6;

/// What is gathered at a zoom, in which cells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Crowd {
    zoom: u8,
    /// Cells are tiles that were halved so often.
    halvings: u8,
    takes: Takes,
}

/// Which features are gathered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    /// All, until they are drawn singly from a zoom on.
    All { to: u8 },
    /// What is smaller than a pixel.
    Small,
    /// What leaves nothing in tile units. At a layer's last zoom, which clients enlarge, all else is drawn as what it is.
    Vanishing,
    /// Nothing of itself: only what is too many for a tile.
    Surplus,
}

impl Crowd {
    /// `None` where a layer draws each of its features at a zoom.
    pub(super) fn of(layer: &LayerSnapshot, zoom: u8) -> Option<Self> {
        let (definition, anchored) = (layer.layer(), layer.anchored());
        if definition.geometry != GeometryKind::Point {
            let has_small = anchored.large_at(zoom) < layer.count();
            return has_small.then(|| Self::of_small(layer, zoom));
        }
        let (cell, to) = match &definition.clustering {
            Clustering::Never => return None,
            Clustering::Below(clusters) => (clusters.cell, clusters.to),
            Clustering::WhereCrowded => {
                let crowded = anchored.crowded_zoom()?;
                let last = definition.zooms.max.saturating_sub(1);
                (ClusterCell::default(), last.min(crowded + 1))
            }
        };
        (zoom < to).then_some(Self {
            zoom,
            halvings: cell.halvings(),
            takes: Takes::All { to },
        })
    }

    /// The same, whether or not a layer of lines or polygons has something small now.
    pub(super) fn whatever_is_small(layer: &LayerSnapshot, zoom: u8) -> Option<Self> {
        match layer.layer().geometry {
            GeometryKind::Point => Self::of(layer, zoom),
            GeometryKind::Line | GeometryKind::Polygon => Some(Self::of_small(layer, zoom)),
        }
    }

    fn of_small(layer: &LayerSnapshot, zoom: u8) -> Self {
        let is_last = zoom == layer.layer().zooms.max;
        Self {
            zoom,
            halvings: SMALL_HALVINGS,
            takes: if is_last {
                Takes::Vanishing
            } else {
                Takes::Small
            },
        }
    }

    /// Cells for what is too many for a tile, of a layer that draws each of its features at a zoom.
    pub(super) fn of_surplus(zoom: u8) -> Self {
        Self {
            zoom,
            halvings: SMALL_HALVINGS,
            takes: Takes::Surplus,
        }
    }

    /// The same in cells twice as wide; `None` where a tile is one cell.
    pub(super) fn coarser(self) -> Option<Self> {
        let halvings = self.halvings.checked_sub(1)?;
        Some(Self { halvings, ..self })
    }

    /// The level of the cells.
    pub(super) fn level(self) -> u8 {
        self.zoom + self.halvings
    }

    /// Whether all that a layer has is gathered.
    pub(super) fn takes_all(self) -> bool {
        matches!(self.takes, Takes::All { .. })
    }

    /// The zoom at which what is drawn by itself is as large as a pixel.
    pub(super) fn draws_from(self) -> u8 {
        match self.takes {
            Takes::All { .. } | Takes::Small => self.zoom,
            Takes::Vanishing | Takes::Surplus => u8::MAX,
        }
    }

    /// The first zoom at which members whose anchors share a level of cells come apart or may be drawn singly; the first of them
    /// is as large as a pixel from `from_zoom` on.
    pub(super) fn expansion(self, shared_level: u8, from_zoom: u8) -> u8 {
        let singly = match self.takes {
            Takes::All { to } => to,
            // What is large and too many here may find room at the next zoom.
            Takes::Small | Takes::Vanishing | Takes::Surplus => from_zoom.max(self.zoom + 1),
        };
        singly.min(shared_level + 1 - self.halvings)
    }

    /// How many cells lie along a tile's side.
    pub(super) fn along(self) -> i64 {
        1 << self.halvings
    }

    /// Whether it takes in the feature of an anchor, as far as the anchor tells.
    pub(super) fn may_take(self, anchor: &Anchor) -> bool {
        match self.takes {
            Takes::All { .. } => true,
            Takes::Small | Takes::Vanishing => anchor.from_zoom > self.zoom,
            Takes::Surplus => false,
        }
    }

    /// Whether it takes in the feature of an anchor.
    pub(super) fn takes(self, anchor: &Anchor, layer: &LayerSnapshot) -> bool {
        match self.takes {
            Takes::All { .. } => true,
            Takes::Small => anchor.from_zoom > self.zoom,
            Takes::Surplus => false,
            Takes::Vanishing => {
                let feature = || layer.features().get(anchor.position as usize);
                anchor.from_zoom > self.zoom
                    && feature().is_some_and(|feature| vanishes(&feature.geometry, self.zoom))
            }
        }
    }
}

/// Whether a shape whose parts are all smaller than a pixel leaves nothing of itself in any tile of a zoom.
fn vanishes(geometry: &Geometry, zoom: u8) -> bool {
    // Each part as the tile shows it in which it begins: nothing of it is cut away.
    let tile = |run: &Run<'_>| {
        let (x, y) = ZCell::around(ZPlace::of(run.first()?), zoom).column_and_row();
        TileAddress::new(zoom, x, y).ok()
    };
    match geometry.kind() {
        GeometryKind::Point => false,
        GeometryKind::Line => geometry.runs().all(|run| {
            let places = tile(&run).map(|address| quantize::line(run, address));
            places.is_none_or(|places| places.len() < 2)
        }),
        GeometryKind::Polygon => {
            let address = geometry.runs().next().and_then(|outer| tile(&outer));
            address.is_none_or(|address| {
                let mut left = Outlines::default();
                quantize::polygons(geometry, address, &mut left);
                left.run_count() == 0
            })
        }
    }
}
