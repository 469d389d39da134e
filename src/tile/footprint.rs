//! Which tiles a change of some features can touch, at every zoom.
//!
//! Invariant: a tile outside of the footprint of all that differs between two states of a layer has the same bytes in both, at all
//! times, for all readers. A feature is in a tile only if its box comes into the tile's frame, or as one of a cell that does; it
//! knots its borders with others in the frame only; and its label stands in its box.

use std::ops::RangeInclusive;

use super::TileAddress;
use super::crowd::Crowd;
use super::mercator::{Place, SIDE, world};
use crate::index::ZCell;
use crate::model::{Bounds, Coord, Zooms};
use crate::snapshot::{LayerSnapshot, Mark};

/// Units by which a shape may leave the box of its vertices' places to the south-east, as a thread does, and by which rounding may
/// move the box itself.
const SLACK: (i64, i64) = (1, 2);

/// Where some features of a layer are drawn.
#[derive(Clone, Debug)]
pub struct Footprint {
    zooms: Zooms,
    /// How the layer gathers its features, from the first of its zooms on.
    crowds: Vec<Option<Crowd>>,
    marks: Vec<Mark>,
    /// Of the tiles, in tile units.
    buffer: i64,
}

/// Tiles of one zoom in columns and rows side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    zoom: u8,
    columns: RangeInclusive<u32>,
    rows: RangeInclusive<u32>,
}

impl Footprint {
    /// Of these marks in tiles with such a buffer, where the layer is drawn by the same rules as when they were taken.
    #[must_use]
    pub fn new(layer: &LayerSnapshot, marks: Vec<Mark>, buffer: u32) -> Self {
        let zooms = layer.layer().zooms;
        let crowds = (zooms.min..=zooms.max).map(|zoom| Crowd::whatever_is_small(layer, zoom));
        Self {
            zooms,
            crowds: crowds.collect(),
            marks,
            buffer: buffer.into(),
        }
    }

    /// Whether a tile may be another one.
    #[must_use]
    pub fn touches(&self, address: TileAddress) -> bool {
        let mut marks = self.marks.iter();
        marks.any(|mark| {
            let mut blocks = self.blocks_of(mark, address.z());
            blocks.any(|block| block.holds(address))
        })
    }

    /// The tiles of a zoom that may be other ones.
    #[must_use]
    pub fn blocks(&self, zoom: u8) -> Vec<Block> {
        let blocks = self
            .marks
            .iter()
            .flat_map(|mark| self.blocks_of(mark, zoom));
        let mut blocks: Vec<Block> = blocks.collect();
        let key = |block: &Block| {
            let (columns, rows) = (&block.columns, &block.rows);
            [*columns.start(), *columns.end(), *rows.start(), *rows.end()]
        };
        blocks.sort_unstable_by_key(key);
        blocks.dedup();
        blocks
    }

    fn blocks_of(&self, mark: &Mark, zoom: u8) -> impl Iterator<Item = Block> {
        let place = zoom.checked_sub(self.zooms.min).map(usize::from);
        let crowd = place.and_then(|place| self.crowds.get(place).copied());
        let singly = crowd.is_some_and(|crowd| {
            crowd.is_none_or(|crowd| !crowd.takes_all() && mark.from_zoom <= crowd.draws_from())
        });
        let gathering = crowd.flatten();
        let gathering = gathering.filter(|crowd| crowd.takes_all() || mark.from_zoom > zoom);
        let drawn = singly.then(|| drawn(mark.bounds, zoom));
        let gathered =
            gathering.map(|crowd| cell(ZCell::around(mark.anchor, crowd.level()), crowd));
        let both = drawn.into_iter().chain(gathered);
        both.map(move |(low, high)| Block::around(zoom, low, high, self.buffer))
    }
}

/// The box, in the world's units, of all that is drawn of a feature with these bounds.
fn drawn(bounds: Bounds, zoom: u8) -> (Place, Place) {
    let corner = |lon, lat| world(Coord { lon, lat }, zoom);
    let low = corner(bounds.min.lon, bounds.max.lat);
    let high = corner(bounds.max.lon, bounds.min.lat);
    let moved = |at: Place, by: i64| Place {
        x: at.x + by,
        y: at.y + by,
    };
    (moved(low, -SLACK.0), moved(high, SLACK.1))
}

/// The first and the last unit of a cell: what stands for its members lies between.
fn cell(cell: ZCell, crowd: Crowd) -> (Place, Place) {
    let side = SIDE / crowd.along();
    let (column, row) = cell.column_and_row();
    let low = Place {
        x: i64::from(column) * side,
        y: i64::from(row) * side,
    };
    let high = Place {
        x: low.x + side - 1,
        y: low.y + side - 1,
    };
    (low, high)
}

impl Block {
    /// The tiles whose frames hold a place between two of the world.
    fn around(zoom: u8, low: Place, high: Place, buffer: i64) -> Self {
        let last = (1_u32 << zoom) - 1;
        let clamp = |tile: i64| u32::try_from(tile.max(0)).map_or(last, |tile| tile.min(last));
        let tiles = |low: i64, high: i64| {
            // The frame of a tile ends with the unit `buffer` beyond its last side, included.
            let first = (low - buffer - 1).div_euclid(SIDE);
            clamp(first)..=clamp((high + buffer).div_euclid(SIDE))
        };
        Self {
            zoom,
            columns: tiles(low.x, high.x),
            rows: tiles(low.y, high.y),
        }
    }

    #[must_use]
    pub fn holds(&self, address: TileAddress) -> bool {
        self.zoom == address.z()
            && self.columns.contains(&address.x())
            && self.rows.contains(&address.y())
    }
}
