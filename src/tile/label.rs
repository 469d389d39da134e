//! The labels of a layer in a tile: each in the one tile that holds it, never in a buffer.

use super::TileAddress;
use super::cluster::place;
use super::crowd::Crowd;
use super::encode::LabelSheet;
use super::inside::inside;
use super::mercator::{Place, lattice_bounds};
use super::passing::Passing;
use super::select::{Selected, select};
use crate::index::{ZCell, ZPlace, longer_side};
use crate::model::{Bounds, Feature, GeometryKind};
use crate::snapshot::LayerSnapshot;

/// What the name of a layer's labels ends with.
pub const LABEL_SUFFIX: &str = ".label";

/// Zooms from where a feature is as large as a pixel to where it bears a label: then it is at least 17 pixels long.
const LATER: u8 = 4;

/// A point that bears the label of a feature.
pub(super) struct Label<'a> {
    pub(super) feature: &'a Feature,
    pub(super) at: Place,
    /// Which goes first where two collide: the lower, that is the larger feature, in quarters of a zoom.
    pub(super) rank: u32,
}

/// The labels in a tile, in the order of their features' ids, and how many features were too many to bear one. Features too small
/// for a label have none; at the layer's last zoom, from which clients draw all deeper ones, all have one.
pub(super) fn sheet<'a>(
    layer: &'a LayerSnapshot,
    address: TileAddress,
    passing: Passing<'_>,
    most: usize,
) -> (LabelSheet<'a>, usize) {
    let Selected { features, dropped } = match labelled_from(layer, address.z()) {
        Some(from) => select(layer, lattice_bounds(address, 0), from, passing, most),
        None => Selected::default(),
    };
    let tile = ZCell::new(address.z(), address.x(), address.y());
    let label = |feature: &'a Feature| {
        let (at, bounds) = inside(&feature.geometry)?;
        let at = ZPlace::of(at);
        (ZCell::around(at, address.z()) == tile).then(|| Label {
            feature,
            at: place(at, address),
            rank: rank(bounds),
        })
    };
    let sheet = LabelSheet {
        layer: layer.layer(),
        labels: features.into_iter().filter_map(label).collect(),
    };
    (sheet, dropped.len())
}

/// Where the labels of a layer stand, in Z-order, each with the zoom from which its feature is as large as a pixel.
pub(super) fn places(layer: &LayerSnapshot, passing: Passing<'_>) -> Vec<(ZPlace, u8)> {
    let place = |position: usize| {
        let feature = layer.features().get(position)?;
        let (at, _) = passing
            .passes(feature, layer)
            .then(|| inside(&feature.geometry))??;
        Some((ZPlace::of(at), layer.anchored().from_zoom(position)))
    };
    let all = layer.bounds().into_iter();
    let positions = all.flat_map(|bounds| layer.tree().meeting(bounds));
    let mut places: Vec<(ZPlace, u8)> = positions.filter_map(place).collect();
    places.sort_unstable();
    places
}

/// The zoom at which whatever bears a label at a zoom is as large as a pixel; `None` where nothing bears one.
pub(super) fn labelled_from(layer: &LayerSnapshot, zoom: u8) -> Option<u8> {
    let definition = layer.layer();
    if definition.geometry == GeometryKind::Point {
        let is_gathered = Crowd::of(layer, zoom).is_some();
        return (!is_gathered).then_some(zoom);
    }
    if zoom == definition.zooms.max {
        return Some(u8::MAX);
    }
    zoom.checked_sub(LATER)
}

fn rank(bounds: Bounds) -> u32 {
    let side = u128::from(longer_side(bounds));
    128 - side.pow(4).checked_ilog2().unwrap_or_default()
}
