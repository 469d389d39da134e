//! Vertices near chords, by cells of equal size.

use crate::model::{Bounds, Coord};

use super::{Chord, Drawn};

/// A box of more cells is not looked at whole, but along its edges.
const MOST: u64 = 64;
/// Stands where no cell is.
const FREE: u64 = u64::MAX;

/// A cell by its column and row.
pub(super) type Cell = u64;

/// The cells that some chords come near to, and the vertices in each.
pub(super) struct Cells {
    /// Logarithm of a cell's side in lattice steps.
    log: u32,
    /// A bit for some hash of each, so that most others are told at once.
    bits: Vec<u64>,
    /// By a hash of the cell: the cell and its number.
    slots: Vec<(Cell, u32)>,
    count: u32,
    /// Where in `places` those of each cell end.
    ends: Vec<u32>,
    places: Vec<u32>,
}

impl Cells {
    pub(super) fn of(drawn: &Drawn<'_>, chords: &[Chord]) -> Self {
        let mut cells = Self {
            log: side_log(drawn, chords),
            bits: Vec::new(),
            slots: vec![(FREE, 0); 1024],
            count: 0,
            ends: Vec::new(),
            places: Vec::new(),
        };
        let (mut ring, mut near) = (Vec::new(), Vec::new());
        for &chord in chords {
            drawn.ring(chord, &mut ring);
            cells.near(&ring, &mut near);
            for &cell in &near {
                cells.enter(cell);
            }
        }
        cells.fill(drawn);
        cells
    }

    fn enter(&mut self, cell: Cell) {
        if (self.count as usize + 1) * 2 > self.slots.len() {
            let larger = vec![(FREE, 0); self.slots.len() * 4];
            let known = std::mem::replace(&mut self.slots, larger);
            for (cell, number) in known.into_iter().filter(|slot| slot.0 != FREE) {
                let slot = self.slot(cell);
                self.slots[slot] = (cell, number);
            }
        }
        let slot = self.slot(cell);
        if self.slots[slot].0 == FREE {
            self.slots[slot] = (cell, self.count);
            self.count += 1;
        }
    }

    /// Where a cell is, or would be.
    fn slot(&self, cell: Cell) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = hash(cell) & mask;
        while self.slots[slot].0 != cell && self.slots[slot].0 != FREE {
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn bit(&self, cell: Cell) -> (usize, u64) {
        let hash = hash(cell);
        ((hash >> 6) & (self.bits.len() - 1), 1 << (hash & 63))
    }

    /// Sorts the drawn vertices into the cells, those of none left out.
    fn fill(&mut self, drawn: &Drawn<'_>) {
        self.bits = vec![0; (self.count as usize / 8).next_power_of_two()];
        for at in 0..self.slots.len() {
            let (cell, _) = self.slots[at];
            if cell != FREE {
                let (word, bit) = self.bit(cell);
                self.bits[word] |= bit;
            }
        }
        let mut found: Vec<(u32, u32)> = Vec::new();
        let mut counts = vec![0_u32; self.count as usize];
        for (place, at) in drawn.places() {
            let (column, row) = self.place(at);
            let cell = cell(column, row);
            let (word, bit) = self.bit(cell);
            if self.bits[word] & bit == 0 {
                continue;
            }
            let (known, number) = self.slots[self.slot(cell)];
            if known == cell {
                counts[number as usize] += 1;
                found.push((
                    number,
                    u32::try_from(place).expect("fewer than 2^32 vertices"),
                ));
            }
        }
        let mut end = 0;
        for count in counts {
            self.ends.push(end);
            end += count;
        }
        self.places = vec![0; found.len()];
        for (number, place) in found {
            let end = &mut self.ends[number as usize];
            self.places[*end as usize] = place;
            *end += 1;
        }
    }

    /// The vertices in a cell.
    pub(super) fn places(&self, cell: Cell) -> &[u32] {
        let (known, number) = self.slots[self.slot(cell)];
        if known != cell {
            return &[];
        }
        let number = number as usize;
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.places[start as usize..self.ends[number] as usize]
    }

    fn place(&self, at: Coord) -> (u32, u32) {
        let of = |number: i32| (number.cast_unsigned() ^ 1 << 31) >> self.log;
        (of(at.lon), of(at.lat))
    }

    /// The cells that a ring comes near to, some perhaps twice.
    pub(super) fn near(&self, ring: &[Coord], cells: &mut Vec<Cell>) {
        cells.clear();
        let Some(bounds) = Bounds::around(ring.iter().copied()) else {
            return;
        };
        let (low, high) = (self.place(bounds.min), self.place(bounds.max));
        let count = u64::from(high.0 - low.0 + 1) * u64::from(high.1 - low.1 + 1);
        if count <= MOST {
            return add(low, high, cells);
        }
        let ends = ring.iter().zip(ring.iter().cycle().skip(1));
        ends.for_each(|(&a, &b)| self.add_along(a, b, cells));
        cells.sort_unstable();
        cells.dedup();
    }

    /// Adds the cells along an edge, and those beside them.
    fn add_along(&self, a: Coord, b: Coord, cells: &mut Vec<Cell>) {
        let (from, to) = (self.place(a), self.place(b));
        let pieces = from.0.abs_diff(to.0).max(from.1.abs_diff(to.1)) + 1;
        let between = |from: i32, to: i32, piece: u32| {
            let way = i64::from(to) - i64::from(from);
            let part = way * i64::from(piece) / i64::from(pieces);
            i32::try_from(i64::from(from) + part).unwrap_or(from)
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

/// The logarithm of a side of cells of which the box of a chord in the mean covers a few.
fn side_log(drawn: &Drawn<'_>, chords: &[Chord]) -> u32 {
    let sum: u64 = chords.iter().map(|&chord| drawn.length(chord)).sum();
    let mean = sum / chords.len().max(1) as u64;
    mean.max(4).ilog2().min(31)
}

fn cell(column: u32, row: u32) -> Cell {
    u64::from(row) << 32 | u64::from(column)
}

fn hash(cell: Cell) -> usize {
    (cell.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 24) as usize
}

fn add(low: (u32, u32), high: (u32, u32), cells: &mut Vec<Cell>) {
    for row in low.1..=high.1 {
        cells.extend((low.0..=high.0).map(|column| cell(column, row)));
    }
}
