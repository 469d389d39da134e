//! A snapshot's layers and a tile's address → the tile's bytes (Mapbox Vector Tile 2.1).
//!
//! A row of verbs, one a file: `select` the features that can touch the tile, `quantize` their vertices to places, `clip`
//! them to the tile and its buffer, let polygons `meet` (`route` their edges by the vertices near them, `knot` and `clean` what
//! touches itself), `encode` all. Everything after `quantize` is exact in integers.
//! Beside them, `cluster` gathers points that lie close and what is smaller than a pixel, and `label` puts names.
//!
//! Invariants: a vertex has one place at a zoom, whichever tile or feature asks; an edge is cut at one place by one line,
//! whichever tile or feature cuts it; it passes each vertex on the same side as on the ground, or goes through it. Hence adjacent
//! polygons stay adjacent, the grids of a level fill the one above, and adjacent tiles meet without a seam. A tile of one level alone
//! knows nothing of the vertices of another: there the same border may be off by a unit (1/16 pixel).
//!
//! Shared borders come with the vertices of their zoom ([`crate::topology`]). Deliberately absent: I/O, caches, compression, and a
//! buffer across the antimeridian.

mod address;
mod clean;
mod clip;
mod cluster;
mod crowd;
mod encode;
mod footprint;
mod inside;
mod knot;
mod label;
mod matrix_set;
mod meet;
mod mercator;
mod mlt;
mod outlines;
mod passing;
mod pyramid;
mod quantize;
mod ring;
mod route;
mod select;
mod shape;
mod sheet;
mod shown;
mod southing;
mod thread;
mod tilejson;
mod touch;
mod vertices;
mod writer;

pub use address::{AddressError, DEEPEST, TileAddress};
pub use footprint::{Block, Footprint};
pub use label::LABEL_SUFFIX;
pub use matrix_set::{MATRIX_SET, MATRIX_SET_CRS, MATRIX_SET_URI, matrix_limits, matrix_set};
pub use mercator::EXTENT;
pub use mlt::mlt;
pub use passing::Filter;
pub use pyramid::Pyramid;
pub use shown::{NotShown, Shown};
pub use tilejson::{Tileset, tile_json};

use encode::{LabelSheet, Sheet};
use passing::Passing;
use sheet::sheet;

use crate::model::{Access, LayerName, Time};
use crate::snapshot::LayerSnapshot;

/// Features of a layer that a tile draws singly, at most, where nobody says otherwise: those of a nation's smallest grids at the zoom
/// at which each is a pixel and a half fit into half a megabyte.
pub const MOST_FEATURES: usize = 30_000;

/// How a tile is drawn.
#[derive(Clone, Copy, Debug)]
pub struct TileOptions<'a> {
    /// How far beyond its sides a tile holds what it draws, in tile units (4096 a side); at most 4096. Default 64: 8 pixels
    /// of MapLibre's 512-pixel tiles, so strokes up to 16 pixels wide end outside; martin's default too.
    pub buffer: u32,
    /// Layers whose labels are in the tile, each as a layer of its own beside the others. Default none.
    pub labels: &'a [&'a LayerSnapshot],
    /// What features must be to be drawn, counted and labelled. Default: all are.
    pub filter: Option<Filter<'a>>,
    /// Features of a layer that are drawn singly, at most, and labels, and points in the place of others as far as those that stand
    /// for a whole tile allow. Default [`MOST_FEATURES`].
    pub most: usize,
}

impl Default for TileOptions<'_> {
    fn default() -> Self {
        Self {
            buffer: 64,
            labels: &[],
            filter: None,
            most: MOST_FEATURES,
        }
    }
}

/// A tile that cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum TileError {
    #[error("the tile buffer is {given} units; it can be 0 to 4096, one tile's side")]
    Buffer { given: u32 },
    #[error("layer {layer} is asked for twice in one tile; name it once")]
    RepeatedLayer { layer: LayerName },
    #[error("the tile could not be written as MapLibre Tile: {0}")]
    Mlt(mlt_core::MltError),
}

/// A tile, and what it does not show by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drawn {
    /// Uncompressed; `None` where nothing is drawn.
    pub bytes: Option<Vec<u8>>,
    /// The layers of the tile, those of labels too, of which features were too many to be drawn singly.
    pub dropped: Vec<Dropped>,
    /// What each layer takes.
    pub shares: Vec<Share>,
}

/// What a layer of a tile takes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Features that are drawn singly, or labels.
    pub features: usize,
    pub bytes: usize,
}

/// How many features of a layer were too many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// As the layer is called in the tile.
    pub layer: String,
    pub count: usize,
}

/// The bytes of [`draw`].
///
/// # Errors
/// Where the buffer is larger than a tile or a layer is given twice.
pub fn tile(
    layers: &[&LayerSnapshot],
    address: TileAddress,
    at: Time,
    access: Access,
    options: &TileOptions<'_>,
) -> Result<Option<Vec<u8>>, TileError> {
    Ok(draw(layers, address, at, access, options)?.bytes)
}

/// One tile of some layers as `access` may see them at the time `at`.
///
/// Layers come in the order given, features in the order of their ids and clusters after them, then the layers of labels. A
/// layer is drawn at its zooms only. A tile holds every point in it and its buffer, edges included: one on a common side is in
/// both tiles. What counts lies in one tile only: points that stand for others, and labels.
///
/// Of more than `options.most` features of a layer the largest are drawn. The others are gathered, each in the tile in which its
/// anchor lies; in tiles that it only reaches into, nothing stands for it.
///
/// # Errors
/// Where the buffer is larger than a tile or a layer is given twice.
pub fn draw(
    layers: &[&LayerSnapshot],
    address: TileAddress,
    at: Time,
    access: Access,
    options: &TileOptions<'_>,
) -> Result<Drawn, TileError> {
    let TileOptions { buffer, labels, .. } = *options;
    if buffer > EXTENT {
        return Err(TileError::Buffer { given: buffer });
    }
    check_once(layers)?;
    check_once(labels)?;
    let passing = Passing {
        at,
        filter: options.filter,
    };
    let is_drawn = |layer: &&&LayerSnapshot| {
        let zooms = layer.layer().zooms;
        (zooms.min..=zooms.max).contains(&address.z())
    };
    let sheets = layers.iter().filter(is_drawn);
    let sheets = sheets.map(|layer| sheet(layer, address, options, passing, access));
    let (mut sheets, surplus): (Vec<Sheet>, Vec<usize>) = sheets.unzip();
    meet::meet(&mut sheets);
    let labels = labels.iter().filter(is_drawn);
    let labels = labels.map(|layer| label::sheet(layer, address, passing, options.most));
    let (labels, unlabelled): (Vec<LabelSheet>, Vec<usize>) = labels.unzip();
    let names = sheets.iter().map(Sheet::name);
    let names = names.chain(labels.iter().map(LabelSheet::name));
    let dropped = names.zip(surplus.into_iter().chain(unlabelled));
    let dropped = dropped.filter(|(_, count)| *count > 0);
    let (bytes, shares) = encode::encode(&sheets, &labels, access);
    Ok(Drawn {
        bytes: (!bytes.is_empty()).then_some(bytes),
        dropped: dropped
            .map(|(layer, count)| Dropped { layer, count })
            .collect(),
        shares,
    })
}

fn check_once(layers: &[&LayerSnapshot]) -> Result<(), TileError> {
    let name = |layer: &LayerSnapshot| layer.layer().name.clone();
    for (index, layer) in layers.iter().enumerate() {
        let mut before = layers[..index].iter();
        if before.any(|other| other.layer().name == layer.layer().name) {
            return Err(TileError::RepeatedLayer { layer: name(layer) });
        }
    }
    Ok(())
}
