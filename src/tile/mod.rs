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
mod passing;
mod pyramid;
mod quantize;
mod ring;
mod route;
mod select;
mod shown;
mod tilejson;
mod touch;
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

use clip::Frame;
use cluster::Gathered;
use crowd::Crowd;
use encode::{LabelSheet, Sheet};
use mercator::Place;
use passing::Passing;
use ring::{Polygon, Shape};

use crate::model::{Access, Feature, Geometry, GeometryKind, LayerName, Time};
use crate::snapshot::LayerSnapshot;

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
}

impl Default for TileOptions<'_> {
    fn default() -> Self {
        Self {
            buffer: 64,
            labels: &[],
            filter: None,
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

/// One tile of some layers as `access` may see them at the time `at`, uncompressed; `None` where nothing is drawn.
///
/// Layers come in the order given, features in the order of their ids and clusters after them, then the layers of labels. A
/// layer is drawn at its zooms only. A tile holds every point in it and its buffer, edges included: one on a common side is in
/// both tiles. What counts lies in one tile only: points that stand for others, and labels.
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
    let TileOptions {
        buffer,
        labels,
        filter,
    } = *options;
    if buffer > EXTENT {
        return Err(TileError::Buffer { given: buffer });
    }
    check_once(layers)?;
    check_once(labels)?;
    let passing = Passing { at, filter };
    let is_drawn = |layer: &&&LayerSnapshot| {
        let zooms = layer.layer().zooms;
        (zooms.min..=zooms.max).contains(&address.z())
    };
    let sheets = layers.iter().filter(is_drawn);
    let mut sheets: Vec<Sheet> = sheets
        .map(|layer| sheet(layer, address, buffer, passing, access))
        .collect();
    meet::meet(&mut sheets);
    let labels = labels.iter().filter(is_drawn).map(|layer| LabelSheet {
        layer: layer.layer(),
        labels: label::labels(layer, address, passing),
    });
    let labels: Vec<LabelSheet> = labels.collect();
    Ok(encode::encode(&sheets, &labels, access))
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

/// What the tile shows of one layer, its polygons as they are cut.
fn sheet<'a>(
    layer: &'a LayerSnapshot,
    address: TileAddress,
    buffer: u32,
    passing: Passing<'_>,
    access: Access,
) -> Sheet<'a> {
    let frame = Frame::new(buffer);
    let crowd = Crowd::of(layer, address.z());
    let from = crowd.map_or(u8::MAX, Crowd::draws_from);
    let selected = if crowd.is_some_and(Crowd::takes_all) {
        Vec::new()
    } else {
        let bounds = mercator::lattice_bounds(address, buffer);
        select::select(layer, bounds, from, passing)
    };
    let mut features = shapes(layer.layer().geometry, &selected, address, frame);
    let Gathered { singles, clusters } = crowd.map_or_else(Gathered::default, |crowd| {
        cluster::gather(layer, crowd, address, frame, passing)
    });
    if !singles.is_empty() {
        let point = |(feature, at)| (feature, Shape::Points(vec![at]));
        features.extend(singles.into_iter().map(point));
        features.sort_by_key(|(feature, _)| feature.id);
    }
    let keys = if clusters.is_empty() {
        Vec::new()
    } else {
        cluster::keys(layer, access)
    };
    Sheet {
        layer: layer.layer(),
        features,
        clusters,
        keys,
    }
}

/// What the tile shows of some features of a layer, those left out of which that is nothing; polygons as they are cut.
fn shapes<'a>(
    kind: GeometryKind,
    features: &[&'a Feature],
    address: TileAddress,
    frame: Frame,
) -> Vec<(&'a Feature, Shape)> {
    let geometries = features.iter().map(|feature| &feature.geometry);
    let shapes: Vec<Shape> = match kind {
        GeometryKind::Point => geometries
            .map(|geometry| Shape::Points(points(geometry, address, frame)))
            .collect(),
        GeometryKind::Line => geometries
            .map(|geometry| Shape::Lines(lines(geometry, address, frame)))
            .collect(),
        GeometryKind::Polygon => geometries
            .map(|geometry| Shape::Polygons(polygons(geometry, address, frame)))
            .collect(),
    };
    let drawn = features.iter().copied().zip(shapes);
    drawn.filter(|(_, shape)| !shape.is_empty()).collect()
}

/// The points of a geometry in the frame.
fn points(geometry: &Geometry, address: TileAddress, frame: Frame) -> Vec<Place> {
    let places = geometry.coords().map(|at| quantize::place(at, address));
    let mut places: Vec<Place> = places.filter(|&at| frame.holds(at)).collect();
    places.dedup();
    places
}

/// The parts of a geometry's lines in the frame.
fn lines(geometry: &Geometry, address: TileAddress, frame: Frame) -> Vec<Vec<Place>> {
    let mut lines = Vec::new();
    for run in geometry.runs() {
        clip::line(&quantize::line(run, address), frame, &mut lines);
    }
    lines
}

/// The polygons of a geometry, quantized and clipped, in fine units.
fn polygons(geometry: &Geometry, address: TileAddress, frame: Frame) -> Vec<Polygon> {
    let mut polygons = Vec::with_capacity(1);
    for part in geometry.parts() {
        quantize::polygon(part, geometry.first_zooms(), address, &mut polygons);
    }
    for rings in &mut polygons {
        *rings = std::mem::take(rings)
            .into_iter()
            .map(|ring| clip::ring(ring, frame.fine()))
            .filter(|ring| !ring.is_empty())
            .collect();
    }
    polygons.retain(|rings| !rings.is_empty());
    polygons
}
