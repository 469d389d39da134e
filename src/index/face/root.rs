//! Which tiles there are on some ground: equal cells over all of it, quartered where tiles are smaller than that. Lookups go
//! through the [`overview`](super::overview) of it.

use std::ops::Range;

use crate::model::{Bounds, Coord};

use super::Grids;
use super::plan::{Plan, SMALLEST};
use super::plane::unsigned;
use super::tile::Square;

/// Most cells that are as large as a tile: what is looked up in them lies in the second cache, beside the tiles.
const MOST_CELLS: usize = 1 << 16;
/// Most cells that are smaller.
const MOST_SMALL: usize = 1 << 17;
/// Fewest vertices of the whole ground for each of these.
const VERTICES_PER_CELL: usize = 8;
/// Cells are smaller than all tiles where no more than one in so many has a vertex: most of the others have one face then.
const SPARSE: usize = 3;

/// In an entry: there is no tile.
pub(super) const NO_TILE: u32 = u32::MAX;
/// In an entry: the place of four entries for the quarters.
pub(super) const QUARTERED: u32 = 1 << 31;

/// Equal cells over some ground.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Frame {
    /// Where they begin.
    x: u32,
    y: u32,
    /// Logarithm of the side of a cell.
    pub log: u8,
    columns: u32,
    rows: u32,
}

/// Which tile holds a place.
#[derive(Clone, Debug)]
pub(super) struct Root {
    pub frame: Frame,
    /// Of the cells; one for all ground beyond them; the quarters.
    pub entries: Vec<u32>,
    /// The ground that all tiles together cover.
    planned: Option<Bounds>,
}

impl Frame {
    /// Cells for the squares of a plan.
    fn of(plan: &Plan, bounds: Bounds) -> Self {
        let smallest = plan.squares.iter().map(|square| square.log).min();
        let by_tiles = Self::over(bounds, MOST_CELLS, smallest.unwrap_or(31));
        let most = MOST_SMALL.min(plan.vertices / VERTICES_PER_CELL);
        let finest = Self::over(bounds, most, SMALLEST);
        let finer = (finest.log..by_tiles.log).map(|log| Self::over(bounds, most, log));
        let is_sparse = |frame: &Self| {
            let mut is_taken = vec![false; frame.cells() as usize + 1];
            for spot in &plan.spots {
                is_taken[frame.cell(spot.x, spot.y) as usize] = true;
            }
            let taken = is_taken.iter().filter(|is_taken| **is_taken).count();
            taken * SPARSE <= is_taken.len()
        };
        finer.into_iter().find(is_sparse).unwrap_or(by_tiles)
    }

    /// Cells of at least 2^`least` over a box, as small as their number allows.
    fn over(bounds: Bounds, most: usize, least: u8) -> Self {
        let (west, south) = (unsigned(bounds.min.lon), unsigned(bounds.min.lat));
        let (east, north) = (unsigned(bounds.max.lon), unsigned(bounds.max.lat));
        let count =
            |low: u32, high: u32, log: u8| (high >> log) as usize - (low >> log) as usize + 1;
        // All of the lattice is four cells of 2^31.
        let log = (least.min(31)..31)
            .find(|&log| count(west, east, log) * count(south, north, log) <= most)
            .unwrap_or(31);
        let cells = |low, high| u32::try_from(count(low, high, log)).expect("at most 2^17 cells");
        Self {
            x: west >> log << log,
            y: south >> log << log,
            log,
            columns: cells(west, east),
            rows: cells(south, north),
        }
    }

    /// The number of the cell that holds a place; their count beside all of them. Without a branch, for many at once.
    #[inline(always)]
    pub(super) fn cell(self, x: u32, y: u32) -> u32 {
        let [column, row] = self.place(x, y);
        let is_beyond = column >= self.columns || row >= self.rows;
        let cell = row.wrapping_mul(self.columns).wrapping_add(column);
        if is_beyond { self.cells() } else { cell }
    }

    /// As [`Self::cell`], for one place; `None` beside all cells.
    #[inline(always)]
    pub(super) fn cell_within(self, x: u32, y: u32) -> Option<u32> {
        let [column, row] = self.place(x, y);
        if column >= self.columns {
            return None;
        }
        if row >= self.rows {
            return None;
        }
        Some(row * self.columns + column)
    }

    /// The column and the row of a place; beyond all of them where the place is.
    #[inline(always)]
    fn place(self, x: u32, y: u32) -> [u32; 2] {
        [
            x.wrapping_sub(self.x) >> self.log,
            y.wrapping_sub(self.y) >> self.log,
        ]
    }

    pub(super) fn cells(self) -> u32 {
        self.columns * self.rows
    }

    /// How many cells a square has room for, unless most of them are beyond the frame: then four for each one that is not. None
    /// where it is smaller than one.
    pub(super) fn cells_for(self, square: Square) -> usize {
        let [columns, rows] = self.spans_within(square);
        let all = 1 << (2 * u32::from(square.log.saturating_sub(self.log)));
        (4 * columns.len() * rows.len()).min(all)
    }

    /// The squares of so many columns and rows, and their numbers.
    fn squares(self, [columns, rows]: [Range<u32>; 2]) -> impl Iterator<Item = (Square, usize)> {
        let places = rows.flat_map(move |row| columns.clone().map(move |column| (column, row)));
        places.map(move |(column, row)| {
            let square = Square {
                x: self.x + (column << self.log),
                y: self.y + (row << self.log),
                log: self.log,
            };
            (square, (row * self.columns + column) as usize)
        })
    }

    /// The cells, with their numbers, of a square; none where it is smaller than one.
    pub(super) fn within(self, square: Square) -> impl Iterator<Item = (Square, usize)> {
        self.squares(self.spans_within(square))
    }

    fn spans_within(self, square: Square) -> [Range<u32>; 2] {
        if square.log < self.log {
            return [0..0, 0..0];
        }
        let along = |from: u32, origin: u32, count: u32| {
            let from = i64::from(from) - i64::from(origin);
            let to = from + (1i64 << square.log);
            let cell = |at: i64| u32::try_from((at >> self.log).clamp(0, count.into()));
            cell(from).unwrap_or(0)..cell(to).unwrap_or(count)
        };
        [
            along(square.x, self.x, self.columns),
            along(square.y, self.y, self.rows),
        ]
    }

    /// The cells, by columns and rows, whose ground or the step around it a box meets.
    fn span(self, bounds: Bounds) -> [Range<u32>; 2] {
        let along = |low: i32, high: i32, origin: u32, count: u32| {
            let from = unsigned(low).saturating_sub(1).saturating_sub(origin) >> self.log;
            let to = unsigned(high).saturating_add(1).checked_sub(origin);
            let end = to.map_or(0, |to| (to >> self.log).saturating_add(1).min(count));
            from..end
        };
        [
            along(bounds.min.lon, bounds.max.lon, self.x, self.columns),
            along(bounds.min.lat, bounds.max.lat, self.y, self.rows),
        ]
    }
}

impl Root {
    /// The squares of a plan, by their order.
    pub(super) fn new(plan: &Plan) -> Self {
        let frame = plan.bounds.map(|bounds| Frame::of(plan, bounds));
        let frame = frame.unwrap_or_default();
        let mut root = Self {
            frame,
            // One more for all ground beyond.
            entries: vec![NO_TILE; frame.cells() as usize + 1],
            planned: plan.bounds,
        };
        for (number, &square) in (0..).zip(&plan.squares) {
            root.enter(square, number);
        }
        root
    }

    /// Whether all of the box lies in the ground that was planned for: beyond it there may be no tiles.
    pub(super) fn holds(&self, bounds: Bounds) -> bool {
        let planned = self.planned;
        planned.is_some_and(|planned| planned.holds(bounds.min) && planned.holds(bounds.max))
    }

    /// Whether a grid reaches beyond the ground that was planned for.
    pub(super) fn is_left_by(&self, grids: &Grids<'_>) -> bool {
        let (least, most) = (i32::MIN, i32::MAX);
        let strip = |west, south, east, north| Bounds {
            min: Coord {
                lon: west,
                lat: south,
            },
            max: Coord {
                lon: east,
                lat: north,
            },
        };
        let strips = match self.planned {
            None => vec![strip(least, least, most, most)],
            Some(Bounds { min, max }) => {
                let before = |number: i32| number.checked_sub(1);
                let after = |number: i32| number.checked_add(1);
                let beside = [
                    before(min.lon).map(|east| strip(least, least, east, most)),
                    after(max.lon).map(|west| strip(west, least, most, most)),
                    before(min.lat).map(|north| strip(least, least, most, north)),
                    after(max.lat).map(|south| strip(least, south, most, most)),
                ];
                beside.into_iter().flatten().collect()
            }
        };
        let mut beyond = strips
            .into_iter()
            .flat_map(|strip| grids.tree.meeting(strip));
        beyond.any(|grid| (grids.geometry)(grid).is_some())
    }

    /// How many cells [`Self::each_tile`] looks at for a box.
    pub(super) fn cells_near(&self, bounds: Bounds) -> usize {
        let span = self.frame.span(bounds);
        span.into_iter().map(|span| span.len()).product()
    }

    /// Calls `each` with the tiles whose ground or the step around it a box meets, some more than once.
    pub(super) fn each_tile(&self, bounds: Bounds, mut each: impl FnMut(u32)) {
        let mut waiting = Vec::new();
        for (square, cell) in self.frame.squares(self.frame.span(bounds)) {
            waiting.push((self.entries[cell], square));
            while let Some((entry, square)) = waiting.pop() {
                match entry {
                    NO_TILE => {}
                    tile if tile & QUARTERED == 0 => each(tile),
                    place => {
                        let quarters = square.quarters().into_iter().zip(place & !QUARTERED..);
                        let met =
                            quarters.filter(|(quarter, _)| quarter.area().bounds(0).meets(bounds));
                        waiting
                            .extend(met.map(|(quarter, at)| (self.entries[at as usize], quarter)));
                    }
                }
            }
        }
    }

    /// Enters a tile in all cells that its square covers, or in the quarter that it is.
    fn enter(&mut self, square: Square, tile: u32) {
        if square.log >= self.frame.log {
            for (_, cell) in self.frame.within(square) {
                self.entries[cell] = tile;
            }
            return;
        }
        let mut at = self.frame.cell(square.x, square.y) as usize;
        for log in (square.log..self.frame.log).rev() {
            if self.entries[at] == NO_TILE || self.entries[at] & QUARTERED == 0 {
                let place = u32::try_from(self.entries.len()).expect("fewer than 2^31 entries");
                self.entries[at] = QUARTERED | place;
                self.entries.extend([NO_TILE; 4]);
            }
            let quarter = (square.y >> log & 1) << 1 | square.x >> log & 1;
            at = ((self.entries[at] & !QUARTERED) + quarter) as usize;
        }
        self.entries[at] = tile;
    }

    /// Bytes of memory.
    pub(super) fn size(&self) -> usize {
        self.entries.capacity() * size_of::<u32>()
    }
}

impl Square {
    /// Its south-west, south-east, north-west and north-east quarter.
    fn quarters(self) -> [Self; 4] {
        let log = self.log - 1;
        [(0, 0), (1, 0), (0, 1), (1, 1)].map(|(x, y)| Self {
            x: self.x | x << log,
            y: self.y | y << log,
            log,
        })
    }
}
