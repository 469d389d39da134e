//! Vertices near chords, by cells of equal size.

use crate::model::{Bounds, Coord};

use super::super::scale;
use super::{Chord, Drawn};

/// Side of a cell, tile units.
const SIDE: f64 = 32.0;
/// A box of more cells is not looked at whole, but along its edges.
const MOST: u64 = 64;

/// A cell by its column and row.
pub(super) type Cell = u64;

/// The cells that some chords come near to.
pub(super) struct Marked {
    /// Logarithm of a cell's side in lattice steps.
    log: u32,
    /// Sorted.
    cells: Vec<Cell>,
    /// A bit for some hash of each, so that most others are told at once.
    bits: Vec<u64>,
}

impl Marked {
    pub(super) fn of(drawn: &Drawn<'_>, chords: &[Chord], zoom: u8) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a logarithm of 2 to 31"
        )]
        let log = scale::steps(SIDE, zoom).log2().clamp(2.0, 31.0) as u32;
        let mut marked = Self {
            log,
            cells: Vec::new(),
            bits: Vec::new(),
        };
        let mut ring = Vec::new();
        for chord in chords {
            ring.clear();
            ring.extend(
                drawn
                    .between(*chord)
                    .map(|place| drawn.borders.places[place]),
            );
            if let Some(bounds) = Bounds::around(ring.iter().copied()) {
                let near: Vec<Cell> = marked.cells(&ring, bounds).collect();
                marked.cells.extend(near);
            }
        }
        marked.cells.sort_unstable();
        marked.cells.dedup();
        marked.bits = vec![0; (marked.cells.len() / 8).next_power_of_two()];
        for at in 0..marked.cells.len() {
            let (word, bit) = marked.bit(marked.cells[at]);
            marked.bits[word] |= bit;
        }
        marked
    }

    fn bit(&self, cell: Cell) -> (usize, u64) {
        let hash = cell.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        #[expect(clippy::cast_possible_truncation, reason = "cut to the length")]
        let word = (hash >> 32) as usize & (self.bits.len() - 1);
        (word, 1 << (hash >> 26 & 63))
    }

    /// The number of the cell that holds a place, where some chord comes near to it.
    fn find(&self, at: Coord) -> Option<u32> {
        let (column, row) = self.place(at);
        let cell = cell(column, row);
        let (word, bit) = self.bit(cell);
        if self.bits[word] & bit == 0 {
            return None;
        }
        let found = self.cells.binary_search(&cell).ok()?;
        u32::try_from(found).ok()
    }

    fn place(&self, at: Coord) -> (u32, u32) {
        let of = |number: i32| (number.cast_unsigned() ^ 1 << 31) >> self.log;
        (of(at.lon), of(at.lat))
    }

    /// The cells that a ring in a box comes near to; some may be there twice.
    pub(super) fn cells(&self, ring: &[Coord], bounds: Bounds) -> impl Iterator<Item = Cell> {
        let (low, high) = (self.place(bounds.min), self.place(bounds.max));
        let count = u64::from(high.0 - low.0 + 1) * u64::from(high.1 - low.1 + 1);
        let mut cells = Vec::new();
        if count <= MOST {
            add(low, high, &mut cells);
        } else {
            let ends = ring.iter().zip(ring.iter().cycle().skip(1));
            ends.for_each(|(&a, &b)| self.add_along(a, b, &mut cells));
            cells.sort_unstable();
            cells.dedup();
        }
        cells.into_iter()
    }

    /// Adds the cells along an edge, and those beside them.
    fn add_along(&self, a: Coord, b: Coord, cells: &mut Vec<Cell>) {
        let (from, to) = (self.place(a), self.place(b));
        let pieces = from.0.abs_diff(to.0).max(from.1.abs_diff(to.1)) + 1;
        let between = |from: i32, to: i32, piece: u32| {
            let way = i64::from(to) - i64::from(from);
            let part = way * i64::from(piece) / i64::from(pieces);
            from.wrapping_add(i32::try_from(part).unwrap_or(0))
        };
        for piece in 0..pieces {
            let [one, next] = [piece, piece + 1].map(|piece| {
                self.place(Coord {
                    lon: between(a.lon, b.lon, piece),
                    lat: between(a.lat, b.lat, piece),
                })
            });
            let low = (
                one.0.min(next.0).saturating_sub(1),
                one.1.min(next.1).saturating_sub(1),
            );
            let high = (one.0.max(next.0) + 1, one.1.max(next.1) + 1);
            add(low, high, cells);
        }
    }
}

fn cell(column: u32, row: u32) -> Cell {
    u64::from(row) << 32 | u64::from(column)
}

fn add(low: (u32, u32), high: (u32, u32), cells: &mut Vec<Cell>) {
    for row in low.1..=high.1 {
        cells.extend((low.0..=high.0).map(|column| cell(column, row)));
    }
}

/// The vertices in the cells that some chords come near to.
pub(super) struct Cells {
    /// The cell of each, and its place among all; sorted.
    places: Vec<(Cell, u32)>,
}

impl Cells {
    pub(super) fn of(drawn: &Drawn<'_>, marked: &Marked) -> Self {
        let near = drawn.places().filter_map(|(place, at)| {
            let number = marked.find(at)?;
            Some((marked.cells[number as usize], u32::try_from(place).ok()?))
        });
        let mut places: Vec<(Cell, u32)> = near.collect();
        places.sort_unstable();
        Self { places }
    }

    /// The vertices in a cell.
    pub(super) fn places(&self, cell: Cell) -> &[(Cell, u32)] {
        let start = self.places.partition_point(|&(known, _)| known < cell);
        let end = start + self.places[start..].partition_point(|&(known, _)| known == cell);
        &self.places[start..end]
    }
}
