//! Features that are too close or too small to be told apart → one point a cell, with how many it stands for.
//!
//! Invariant: cells lie in tiles, and a feature counts in the cell of its anchor. So over all tiles of a zoom the counts within
//! [0, 4096)², together with what is drawn singly, come to the number of features. For the buffer the cells around the tile
//! are gathered as well: exactly what the tiles beside hold, as long as neither has more than it may draw singly. What is too many
//! for a tile is gathered where its anchor lies in it, and is a point without its properties even where it is alone: they may be what
//! makes the tile too large.

use std::ops::Range;

use super::TileAddress;
use super::clip::Frame;
use super::crowd::Crowd;
use super::mercator::{Place, SIDE};
use super::passing::Passing;
use crate::index::{Anchor, ZCell, ZPlace};
use crate::model::{Access, Feature};
use crate::snapshot::LayerSnapshot;

/// Clusters have this bit in their ids, and features have not; JavaScript tells whole numbers apart up to twice that.
const ID_BIT: u64 = 1 << 52;
/// Categories of a layer, and the rest.
const SLOTS: usize = 17;

/// A point in the place of several features.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cluster {
    /// The same as long as it lies in the same cell of the same zoom.
    pub(super) id: u64,
    /// The mean of its members' anchors.
    pub(super) at: Place,
    pub(super) count: u32,
    /// The first zoom at which it comes apart, or its members are drawn as what they are.
    pub(super) expansion: u8,
    /// How many members it has of each category, by its number; the last are all others.
    pub(super) categories: [u32; SLOTS],
}

/// What a tile shows of the features that were gathered.
#[derive(Debug, Default)]
pub(super) struct Gathered<'a> {
    /// Those that are alone in their cells.
    pub(super) singles: Vec<(&'a Feature, Place)>,
    pub(super) clusters: Vec<Cluster>,
}

impl Gathered<'_> {
    pub(super) fn len(&self) -> usize {
        self.singles.len() + self.clusters.len()
    }
}

/// The keys of a layer's categories in clusters, by their numbers, `other` at the end; none where it counts by no field or by
/// one that the reader may not see.
pub(super) fn keys(layer: &LayerSnapshot, access: Access) -> Vec<String> {
    let categories = layer.anchored().categories();
    let field = categories
        .field()
        .and_then(|field| layer.layer().fields.get(field));
    let Some(field) = field.filter(|field| access.sees(field)) else {
        return Vec::new();
    };
    let mut keys: Vec<String> = (categories.values().iter())
        .map(|value| format!("{}={value}", field.name))
        .collect();
    keys.resize(SLOTS - 1, String::new());
    keys.push("other".to_owned());
    keys
}

/// Gathers what a layer has in a tile and its buffer, and those of the features at the positions `dropped`, ascending, that count in
/// the tile.
pub(super) fn gather<'a>(
    layer: &'a LayerSnapshot,
    crowd: Crowd,
    address: TileAddress,
    frame: Frame,
    passing: Passing<'_>,
    dropped: &[u32],
) -> Gathered<'a> {
    let mut gathering = Gathering {
        layer,
        crowd,
        address,
        passing,
        dropped,
        gathered: Gathered::default(),
    };
    gathering.cell(ZCell::new(address.z(), address.x(), address.y()));
    gathering.dropped = &[];
    for cell in around(address, crowd, frame.buffer()) {
        gathering.cell(cell);
    }
    let mut gathered = gathering.gathered;
    gathered.singles.retain(|(_, at)| frame.holds(*at));
    gathered.clusters.retain(|cluster| frame.holds(cluster.at));
    gathered
}

/// The cells outside of a tile that its buffer reaches.
pub(super) fn around(
    address: TileAddress,
    crowd: Crowd,
    buffer: i64,
) -> impl Iterator<Item = ZCell> {
    let count = crowd.along();
    let reach = buffer.div_euclid(SIDE / count) + 1;
    let reach = if buffer == 0 { 0 } else { reach };
    let own = |index: u32| i64::from(index) * count..(i64::from(index) + 1) * count;
    let (columns, rows) = (own(address.x()), own(address.y()));
    let world = 0..1_i64 << crowd.level();
    let wider = move |own: &Range<i64>| {
        (own.start - reach).max(world.start)..(own.end + reach).min(world.end)
    };
    let (all_columns, all_rows) = (wider(&columns), wider(&rows));
    let level = crowd.level();
    all_rows.flat_map(move |row| {
        let (columns, rows) = (columns.clone(), rows.clone());
        let outside = move |column: &i64| !(rows.contains(&row) && columns.contains(column));
        let cells = all_columns.clone().filter(outside);
        cells.filter_map(move |column| {
            Some(ZCell::new(
                level,
                column.try_into().ok()?,
                row.try_into().ok()?,
            ))
        })
    })
}

/// Gathering while it goes on.
struct Gathering<'a, 'b> {
    layer: &'a LayerSnapshot,
    crowd: Crowd,
    address: TileAddress,
    passing: Passing<'b>,
    /// Positions, ascending.
    dropped: &'b [u32],
    gathered: Gathered<'a>,
}

impl Gathering<'_, '_> {
    /// Gathers all cells in a tile, or a single one.
    fn cell(&mut self, cell: ZCell) {
        let mut tally: Option<Tally> = None;
        for anchor in self.layer.anchored().anchors().in_cell(cell).flatten() {
            let takes =
                self.crowd.takes(anchor, self.layer) && self.passing.passes_at(anchor, self.layer);
            // What was dropped had passed.
            if !takes && !self.is_dropped(anchor.position) {
                continue;
            }
            match &mut tally {
                Some(tally) if anchor.place <= tally.end => tally.add(anchor),
                _ => {
                    let next = Tally::new(anchor, self.crowd.level());
                    self.finish(tally.replace(next));
                }
            }
        }
        self.finish(tally);
    }

    fn is_dropped(&self, position: u32) -> bool {
        self.dropped.binary_search(&position).is_ok()
    }

    fn finish(&mut self, tally: Option<Tally>) {
        let Some(tally) = tally else { return };
        let at = place(tally.mean(), self.address);
        if tally.count > 1 || self.is_dropped(tally.position) {
            self.gathered.clusters.push(tally.cluster(at, self.crowd));
        } else if let Some(feature) = self.layer.features().get(tally.position as usize) {
            self.gathered.singles.push((feature, at));
        }
    }
}

/// The members of one cell, as far as they are known.
struct Tally {
    cell: ZCell,
    end: ZPlace,
    first: ZPlace,
    last: ZPlace,
    count: u32,
    x: u64,
    y: u64,
    /// The first zoom at which one of them is as large as a pixel.
    from_zoom: u8,
    /// Of the first.
    position: u32,
    categories: [u32; SLOTS],
}

impl Tally {
    fn new(anchor: &Anchor, level: u8) -> Self {
        let cell = ZCell::around(anchor.place, level);
        let mut tally = Self {
            cell,
            end: cell.last(),
            first: anchor.place,
            last: anchor.place,
            count: 0,
            x: 0,
            y: 0,
            from_zoom: u8::MAX,
            position: anchor.position,
            categories: [0; SLOTS],
        };
        tally.add(anchor);
        tally
    }

    fn add(&mut self, anchor: &Anchor) {
        self.last = anchor.place;
        self.count += 1;
        self.x += u64::from(anchor.place.x());
        self.y += u64::from(anchor.place.y());
        self.from_zoom = self.from_zoom.min(anchor.from_zoom);
        let slot = usize::from(anchor.category).min(SLOTS - 1);
        self.categories[slot] += 1;
    }

    fn mean(&self) -> ZPlace {
        let count = u64::from(self.count);
        let mean = |sum: u64| u32::try_from(sum / count).unwrap_or(u32::MAX);
        ZPlace::new(mean(self.x), mean(self.y))
    }

    fn cluster(self, at: Place, crowd: Crowd) -> Cluster {
        let shared = self.first.shared_level(self.last);
        Cluster {
            id: id(self.cell),
            at,
            count: self.count,
            expansion: crowd.expansion(shared, self.from_zoom),
            categories: self.categories,
        }
    }
}

/// A number for a cell: unlike those of all other cells down to level 25, and of those near it below.
fn id(cell: ZCell) -> u64 {
    let marked = 1_u64
        .checked_shl(2 * u32::from(cell.level()))
        .unwrap_or_default()
        | cell.number();
    ID_BIT | marked & (ID_BIT - 1)
}

/// The unit in which a place lies, seen from a tile's corner: not the nearest one, so that it is in the same tile.
pub(super) fn place(at: ZPlace, address: TileAddress) -> Place {
    let shift = 32 - u32::from(address.z());
    let unit = |at: u32, tile: u32| ((i64::from(at) - (i64::from(tile) << shift)) * SIDE) >> shift;
    Place {
        x: unit(at.x(), address.x()),
        y: unit(at.y(), address.y()),
    }
}
