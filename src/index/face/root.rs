//! From a place to its tile: equal cells over the ground, quartered where the ground is dense.

use std::ops::Range;

use crate::model::{Bounds, Coord, Run};

use super::Grids;
use super::plane::unsigned;
use super::tile::Square;

/// A tile has about half as many edges as this, since neighbours share theirs.
const VERTICES_PER_TILE: usize = 8192;
/// No tile is smaller, as a logarithm of lattice steps: what is denser than that on 3 m is one place.
const SMALLEST: u8 = 8;
/// Most cells of the root: they lie in the second cache.
const MOST_CELLS: u64 = 1 << 16;
/// Vertices that are counted as one place.
const TOGETHER: usize = 64;

/// In an entry: there is no tile.
pub(super) const NO_TILE: u32 = u32::MAX;
/// In an entry: the place of four entries for the quarters.
const QUARTERED: u32 = 1 << 31;

/// Which tile holds a place.
#[derive(Clone, Debug, Default)]
pub(super) struct Root {
    x: u32,
    y: u32,
    /// Logarithm of the side of a cell.
    log: u8,
    columns: u32,
    rows: u32,
    entries: Vec<u32>,
    /// The ground that all tiles together cover.
    planned: Option<Bounds>,
}

impl Root {
    /// The number of the tile that holds a point; [`NO_TILE`] where there is none.
    #[inline]
    pub(super) fn tile(&self, x: u32, y: u32) -> u32 {
        let column = x.wrapping_sub(self.x) >> self.log;
        let row = y.wrapping_sub(self.y) >> self.log;
        if column >= self.columns || row >= self.rows {
            return NO_TILE;
        }
        let mut entry = self.entries[(row * self.columns + column) as usize];
        if entry < QUARTERED {
            return entry;
        }
        let mut log = self.log;
        while entry & QUARTERED != 0 && entry != NO_TILE {
            log -= 1;
            let quarter = (y >> log & 1) << 1 | x >> log & 1;
            entry = self.entries[((entry & !QUARTERED) + quarter) as usize];
        }
        entry
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

    /// The cells, by columns and rows, whose ground or the step around it a box meets.
    fn span(&self, bounds: Bounds) -> [Range<u32>; 2] {
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

    /// How many cells [`Self::each_tile`] looks at for a box.
    pub(super) fn cells(&self, bounds: Bounds) -> usize {
        self.span(bounds)
            .into_iter()
            .map(|span| span.len())
            .product()
    }

    /// Calls `each` with the tiles whose ground or the step around it a box meets, some more than once.
    pub(super) fn each_tile(&self, bounds: Bounds, mut each: impl FnMut(u32)) {
        let [columns, rows] = self.span(bounds);
        let mut waiting = Vec::new();
        for (row, column) in rows.flat_map(|row| columns.clone().map(move |column| (row, column))) {
            let square = Square {
                x: self.x + (column << self.log),
                y: self.y + (row << self.log),
                log: self.log,
            };
            waiting.push((self.entries[(row * self.columns + column) as usize], square));
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

    /// Cuts the ground into squares of about equally many vertices, and the root that finds them.
    pub(super) fn plan(grids: &Grids<'_>) -> (Self, Vec<Square>) {
        let (mut spots, Some(bounds)) = spots(grids) else {
            return Default::default();
        };
        let mut squares = Vec::new();
        let whole = Square {
            x: 0,
            y: 0,
            log: 32,
        };
        // No larger than the ground, so that a few grids do not lie in one corner of a tile.
        let wide = unsigned(bounds.max.lon) - unsigned(bounds.min.lon);
        let high = unsigned(bounds.max.lat) - unsigned(bounds.min.lat);
        let largest = wide.max(high).checked_ilog2().map_or(0, |log| log + 1);
        let plan = Plan {
            bounds,
            largest: u8::try_from(largest).unwrap_or(31).clamp(SMALLEST, 31),
        };
        plan.split(&mut spots, whole, &mut squares);
        let finest = squares.iter().map(|square| square.log).min().unwrap_or(32);
        let mut root = Self::over(bounds, finest);
        for (number, &square) in (0..).zip(&squares) {
            root.enter(square, number);
        }
        (root, squares)
    }

    /// An empty root over a box, of cells as small as the number of cells allows.
    fn over(bounds: Bounds, finest: u8) -> Self {
        let (west, south) = (unsigned(bounds.min.lon), unsigned(bounds.min.lat));
        let (east, north) = (unsigned(bounds.max.lon), unsigned(bounds.max.lat));
        let count = |low: u32, high: u32, log: u8| u64::from((high >> log) - (low >> log)) + 1;
        // All of the lattice is four cells of 2^31.
        let log = (finest.min(31)..31)
            .find(|&log| count(west, east, log) * count(south, north, log) <= MOST_CELLS)
            .unwrap_or(31);
        let cells = |low, high| u32::try_from(count(low, high, log)).expect("at most 2^16 cells");
        let (columns, rows) = (cells(west, east), cells(south, north));
        Self {
            x: west >> log << log,
            y: south >> log << log,
            log,
            columns,
            rows,
            entries: vec![NO_TILE; (columns * rows) as usize],
            planned: Some(bounds),
        }
    }

    /// Enters a tile in all cells that its square covers, or in the quarter that it is.
    fn enter(&mut self, square: Square, tile: u32) {
        if square.log >= self.log {
            let span = |from: u32, origin: u32, count: u32| {
                let from = i64::from(from) - i64::from(origin);
                let to = from + (1i64 << square.log);
                let cell = |at: i64| u32::try_from((at >> self.log).clamp(0, i64::from(count)));
                cell(from).unwrap_or(0)..cell(to).unwrap_or(count)
            };
            let columns = span(square.x, self.x, self.columns);
            for row in span(square.y, self.y, self.rows) {
                let row = row * self.columns;
                self.entries[(row + columns.start) as usize..(row + columns.end) as usize]
                    .fill(tile);
            }
            return;
        }
        let column = square.x.wrapping_sub(self.x) >> self.log;
        let row = square.y.wrapping_sub(self.y) >> self.log;
        let mut at = (row * self.columns + column) as usize;
        for log in (square.log..self.log).rev() {
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

/// So many vertices about one place.
#[derive(Clone, Copy, Debug)]
struct Spot {
    x: u32,
    y: u32,
    vertices: u32,
}

/// Where the vertices of all grids are, and the box around them.
fn spots(grids: &Grids<'_>) -> (Vec<Spot>, Option<Bounds>) {
    let mut spots = Vec::with_capacity(grids.count);
    let mut around: Option<Bounds> = None;
    for (grid, bounds) in grids.tree.entries() {
        let Some(geometry) = (grids.geometry)(grid) else {
            continue;
        };
        around = Some(around.map_or(bounds, |around| around.union(bounds)));
        let vertices = geometry.vertex_count();
        // Parts may be far from each other.
        let is_one = geometry.runs().nth(1).is_none();
        if is_one && vertices <= TOGETHER {
            let middle = Coord {
                lon: bounds.min.lon.midpoint(bounds.max.lon),
                lat: bounds.min.lat.midpoint(bounds.max.lat),
            };
            spots.push(Spot::new(middle, vertices));
        } else {
            geometry.runs().for_each(|run| spots.extend(along(run)));
        }
    }
    (spots, around)
}

/// The spots along a run.
fn along(run: Run<'_>) -> impl Iterator<Item = Spot> {
    let vertices = run.len();
    // The middle one of those that are counted together.
    let middles = run.skip(TOGETHER.min(vertices) / 2).step_by(TOGETHER);
    let starts = (0..vertices).step_by(TOGETHER);
    let spot = move |(start, middle)| Spot::new(middle, TOGETHER.min(vertices - start));
    starts.zip(middles).map(spot)
}

impl Spot {
    fn new(at: Coord, vertices: usize) -> Self {
        Self {
            x: unsigned(at.lon),
            y: unsigned(at.lat),
            vertices: u32::try_from(vertices).unwrap_or(u32::MAX),
        }
    }
}

/// What squares must keep to.
#[derive(Clone, Copy, Debug)]
struct Plan {
    /// Squares beside it are left out.
    bounds: Bounds,
    /// The largest square, as a logarithm.
    largest: u8,
}

impl Plan {
    /// Splits a square into quarters until each has few vertices.
    fn split(self, spots: &mut [Spot], square: Square, squares: &mut Vec<Square>) {
        if !square.bounds().meets(self.bounds) {
            return;
        }
        let vertices: usize = spots.iter().map(|spot| spot.vertices as usize).sum();
        let is_small = square.log <= self.largest && vertices <= VERTICES_PER_TILE;
        if is_small || square.log <= SMALLEST {
            squares.push(square);
            return;
        }
        let log = square.log - 1;
        let (south, north) = parted(spots, |spot| spot.y >> log & 1 == 1);
        for (half, y) in [(south, 0), (north, 1)] {
            let (west, east) = parted(half, |spot| spot.x >> log & 1 == 1);
            for (quarter, x) in [(west, 0), (east, 1)] {
                let (x, y) = (square.x | x << log, square.y | y << log);
                self.split(quarter, Square { x, y, log }, squares);
            }
        }
    }
}

/// Moves those for which `is_second` holds behind the others.
fn parted(spots: &mut [Spot], is_second: impl Fn(&Spot) -> bool) -> (&mut [Spot], &mut [Spot]) {
    let mut first = 0;
    for at in 0..spots.len() {
        if !is_second(&spots[at]) {
            spots.swap(first, at);
            first += 1;
        }
    }
    spots.split_at_mut(first)
}
