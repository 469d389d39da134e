//! One tile: a square of ground as a directory of cells, each with the block of edges that touch it.
//!
//! The words of a tile: the directory, two places to a word, row by row from the south-west; then the blocks. A place is where a
//! block begins, counted from the first one.

use std::collections::HashMap;

use crate::model::{Bounds, Coord};

use super::Grids;
use super::block::{Cell, Chains, Kind, MOST_VERTICES};
use super::gather::Gathered;
use super::plane::{Area, Edge, from_south, from_west, signed, unsigned};

/// A square whose sides are 2^`log` lattice steps, in unsigned lattice numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Square {
    pub x: u32,
    pub y: u32,
    pub log: u8,
}

/// How a tile is cut into cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    /// Logarithm of the columns.
    pub columns: u8,
    /// Logarithm of the rows.
    pub rows: u8,
    /// Whether the directory needs a whole word for a place, not half of one.
    pub is_long: bool,
}

impl Cut {
    /// Words of the directory.
    #[inline]
    pub(super) fn words(self) -> u32 {
        let cells = 1u32 << (self.columns + self.rows);
        if self.is_long {
            cells
        } else {
            cells.div_ceil(2)
        }
    }
}

/// A tile that was built.
#[derive(Debug)]
pub(super) struct Built {
    pub cut: Cut,
    pub words: Vec<u32>,
}

impl Built {
    /// How many words it has.
    pub(super) fn length(&self) -> u32 {
        u32::try_from(self.words.len()).expect("a tile has fewer than 2^32 words")
    }
}

/// Edges that a cell has on average: a block of 15 edges takes two lines of the cache.
const EDGES_PER_CELL: usize = 11;
/// Cells of this logarithm have room for vertices as far outside as half a cell in 16 bits.
const NEAR: u8 = 15;
/// Cells are not made small for near blocks where so few edges would be left to them.
const FEWEST_EDGES: usize = 4;
/// Most columns and rows, as a logarithm.
const FINEST_CUT: u8 = 7;
/// A block of more vertices is cut into quarters, where its cell is not too small for that.
const FULL: usize = 48;
/// No smaller cell is cut, as a logarithm: what is crowded on 3 m is asked.
const SMALLEST_CELL: u8 = 8;
/// Nor is one smaller than this (700 m) where only too many grids lie over each other.
const DEEP: u8 = 16;
/// Nor is one smaller than this (2 degrees) where it is only a vertex that is far away.
const NEARBY: u8 = 24;
/// More grids than this may not lie over each other in a block, since six bits count them.
const DEEPEST: i32 = 31;

/// Memory that is used for tile after tile.
#[derive(Debug, Default)]
pub(super) struct Bench {
    gathered: Gathered,
    /// Edge numbers by cell: the end of each cell's run, the runs.
    ends: Vec<u32>,
    runs: Vec<u32>,
}

/// What a cell is built from.
#[derive(Clone, Copy)]
struct Ground {
    cell: Cell,
    /// The face value and the number of grids just west of the south-west corner.
    value: i32,
    cover: i32,
}

impl Area {
    /// The box around a cell, one step wider on each side.
    fn around(x: u32, y: u32, wide: u8, high: u8) -> Self {
        let (west, south) = (i64::from(signed(x)), i64::from(signed(y)));
        Self {
            west: west - 1,
            south: south - 1,
            east: west + (1i64 << wide),
            north: south + (1i64 << high),
        }
    }

    /// The lattice points of the box, grown by some steps on each side.
    pub(super) fn bounds(&self, by: i64) -> Bounds {
        let clamp = |number: i64| {
            i32::try_from(number).unwrap_or(if number < 0 { i32::MIN } else { i32::MAX })
        };
        Bounds {
            min: Coord {
                lon: clamp(self.west - by),
                lat: clamp(self.south - by),
            },
            max: Coord {
                lon: clamp(self.east + by),
                lat: clamp(self.north + by),
            },
        }
    }

    /// One step west of the lowest row of the cell that this box is around. At the very edge of the numbers, where no ground
    /// is, the cell's own corner.
    pub(super) fn corner(&self) -> Coord {
        let clamp = |number: i64| i32::try_from(number).unwrap_or(i32::MIN);
        Coord {
            lon: clamp(self.west),
            lat: clamp(self.south + 1),
        }
    }
}

impl Square {
    pub(super) fn area(self) -> Area {
        Area::around(self.x, self.y, self.log, self.log)
    }

    /// All lattice points of the square.
    pub(super) fn bounds(self) -> Bounds {
        self.area().bounds(-1)
    }
}

impl Cell {
    fn area(self) -> Area {
        Area::around(self.x, self.y, self.wide, self.high)
    }

    /// The foot under a chain's end that lies west of the cell at a height within it.
    fn foot(self, at: Coord) -> Option<Coord> {
        let area = self.area();
        let is_west = i64::from(at.lon) <= area.west;
        let is_level = area.south + 1 < i64::from(at.lat) && i64::from(at.lat) < area.north;
        (is_west && is_level).then(|| Coord {
            lon: at.lon,
            lat: area.corner().lat,
        })
    }

    fn quarter(self, east: u32, north: u32) -> Self {
        let (wide, high) = (self.wide - 1, self.high - 1);
        Self {
            x: self.x + (east << wide),
            y: self.y + (north << high),
            wide,
            high,
        }
    }
}

/// Builds the tile of a square.
pub(super) fn build(grids: &Grids<'_>, square: Square, bench: &mut Bench) -> Built {
    let mut gathered = std::mem::take(&mut bench.gathered);
    gathered.gather(grids, &square.area());
    let (columns, rows) = cut(gathered.edges.len(), square.log);
    let is_long = false;
    let cut = Cut {
        columns,
        rows,
        is_long,
    };
    bench.sort(&gathered.edges, square, cut);
    let mut writer = Writer::default();
    let places = bench.rows(&gathered, square, cut, &mut writer);
    bench.gathered = gathered;
    writer.finish(cut, &places)
}

/// Logarithms of the columns and rows of a tile for so many edges.
fn cut(edges: usize, log: u8) -> (u8, u8) {
    let cells = (edges / EDGES_PER_CELL).max(1).ilog2();
    let cut = |cells: u32| {
        u8::try_from(cells)
            .unwrap_or(FINEST_CUT)
            .min(FINEST_CUT)
            .min(log)
    };
    let (columns, rows) = (cut(cells.div_ceil(2)), cut(cells / 2));
    // Cells of this size have near blocks, which are half as large as far ones.
    let near = log.saturating_sub(NEAR).min(FINEST_CUT);
    let is_worth_it = edges >> (2 * near) >= FEWEST_EDGES;
    if is_worth_it {
        (columns.max(near), rows.max(near))
    } else {
        (columns, rows)
    }
}

impl Bench {
    /// Sorts the numbers of the edges by the cells that they touch.
    fn sort(&mut self, edges: &[Edge], square: Square, cut: Cut) {
        let cells = 1usize << (cut.columns + cut.rows);
        let mut touched: Vec<(u32, u32)> = Vec::with_capacity(edges.len() * 2);
        for (number, edge) in (0..).zip(edges) {
            for_each_cell(edge, square, cut, |cell| touched.push((cell, number)));
        }
        self.ends.clear();
        self.ends.resize(cells + 1, 0);
        for &(cell, _) in &touched {
            self.ends[cell as usize + 1] += 1;
        }
        for cell in 0..cells {
            self.ends[cell + 1] += self.ends[cell];
        }
        self.runs.clear();
        self.runs.resize(touched.len(), 0);
        for &(cell, number) in &touched {
            let end = &mut self.ends[cell as usize];
            self.runs[*end as usize] = number;
            *end += 1;
        }
    }

    fn run(&self, cell: usize) -> &[u32] {
        let start = if cell == 0 { 0 } else { self.ends[cell - 1] };
        &self.runs[start as usize..self.ends[cell] as usize]
    }

    /// Writes cell after cell, eastward and then northward, and knows the face before each by the edges of the one before.
    fn rows(
        &self,
        gathered: &Gathered,
        square: Square,
        cut: Cut,
        writer: &mut Writer,
    ) -> Vec<usize> {
        let (wide, high) = (square.log - cut.columns, square.log - cut.rows);
        let mut first = (gathered.corner, gathered.cover);
        let mut places = Vec::with_capacity(1 << (cut.columns + cut.rows));
        for row in 0..1u32 << cut.rows {
            let (mut value, mut cover) = first;
            for column in 0..1u32 << cut.columns {
                let cell = Cell {
                    x: square.x + shifted(column, wide),
                    y: square.y + shifted(row, high),
                    wide,
                    high,
                };
                let run = self.run((row << cut.columns | column) as usize);
                let edges: Vec<Edge> = run.iter().map(|&at| gathered.edges[at as usize]).collect();
                let ground = Ground { cell, value, cover };
                places.push(writer.cell(&edges, ground));
                if column == 0 {
                    first = ground.north_of(&edges);
                }
                (value, cover) = ground.east_of(&edges);
            }
        }
        places
    }
}

/// `number` cells of 2^`log` steps; all of the lattice is one cell of 2^32.
fn shifted(number: u32, log: u8) -> u32 {
    number.checked_shl(log.into()).unwrap_or(0)
}

/// Calls `each` for all cells that an edge touches, those that it only comes within one step of too.
fn for_each_cell(edge: &Edge, square: Square, cut: Cut, mut each: impl FnMut(u32)) {
    let (wide, high) = (square.log - cut.columns, square.log - cut.rows);
    let span = |a: i32, b: i32, origin: u32, log: u8, count: u8| {
        let from = i64::from(unsigned(a.min(b))) - 1 - i64::from(origin);
        let to = i64::from(unsigned(a.max(b))) + 1 - i64::from(origin);
        let last = i64::from(1u32 << count) - 1;
        ((from >> log).clamp(0, last), (to >> log).clamp(0, last))
    };
    let (west, east) = span(edge.a.lon, edge.b.lon, square.x, wide, cut.columns);
    let (south, north) = span(edge.a.lat, edge.b.lat, square.y, high, cut.rows);
    let is_straight = west == east || south == north;
    for row in south..=north {
        for column in west..=east {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "clamped to the tile's cells"
            )]
            let (column, row) = (column as u32, row as u32);
            let area = Area::around(
                square.x + shifted(column, wide),
                square.y + shifted(row, high),
                wide,
                high,
            );
            if is_straight && area.may_meet(edge.a, edge.b) || area.meets(edge.a, edge.b) {
                each(row << cut.columns | column);
            }
        }
    }
}

impl Ground {
    /// Where the way to the cell begins: one step west of its south-west corner.
    fn start(&self) -> Coord {
        self.cell.area().corner()
    }

    fn moved(&self, edges: &[Edge], from: fn(Coord, Coord, Coord) -> i32, to: Coord) -> (i32, i32) {
        let start = self.start();
        let mut ground = (self.value, self.cover);
        for edge in edges {
            let turns = from(edge.a, edge.b, to) - from(edge.a, edge.b, start);
            ground.0 = ground.0.wrapping_add(edge.step.wrapping_mul(turns));
            ground.1 += edge.cover * turns;
        }
        ground
    }

    /// The face and the cover one step west of the cell to the east.
    fn east_of(&self, edges: &[Edge]) -> (i32, i32) {
        let start = self.start();
        let lon = i64::from(start.lon) + (1i64 << self.cell.wide);
        let lon = i32::try_from(lon).unwrap_or(i32::MAX);
        self.moved(edges, from_west, Coord { lon, ..start })
    }

    /// The face and the cover west of the cell to the north.
    fn north_of(&self, edges: &[Edge]) -> (i32, i32) {
        let start = self.start();
        let lat = i64::from(start.lat) + (1i64 << self.cell.high);
        let lat = i32::try_from(lat).unwrap_or(i32::MAX);
        self.moved(edges, from_south, Coord { lat, ..start })
    }
}

/// The words of a tile while it is built.
#[derive(Debug, Default)]
struct Writer {
    words: Vec<u32>,
    /// Places of the blocks without edges, by value.
    plain: HashMap<i32, usize>,
}

impl Writer {
    /// Writes a cell's block, or those of its quarters; answers where it begins.
    fn cell(&mut self, edges: &[Edge], ground: Ground) -> usize {
        let cell = ground.cell;
        let crowded = [0, (Kind::Crowded as u32) << 24];
        if edges.is_empty() {
            return if ground.cover.abs() > DEEPEST {
                self.place(crowded)
            } else {
                self.plain(ground.value)
            };
        }
        let chains = Chains::link(edges.iter().copied(), |at| cell.foot(at));
        let added = chains.as_ref().map_or(0, |chains| chains.cover);
        let is_deep = ground.cover.abs() + added > DEEPEST;
        let may_split = cell.wide.min(cell.high) > SMALLEST_CELL;
        let most = if may_split { FULL } else { MOST_VERTICES };
        let fitting = chains.filter(|chains| !is_deep && chains.vertices.len() <= most);
        let is_full = fitting.is_none();
        if let Some(place) = fitting.and_then(|chains| self.block(&chains, ground)) {
            return place;
        }
        let smallest = match (is_deep, is_full) {
            (true, _) => DEEP,
            (false, true) => SMALLEST_CELL,
            (false, false) => NEARBY,
        };
        if cell.wide.min(cell.high) > smallest {
            self.quarters(edges, ground)
        } else {
            self.place(crowded)
        }
    }

    fn place<const N: usize>(&mut self, words: [u32; N]) -> usize {
        self.words.extend(words);
        self.words.len() - N
    }

    fn block(&mut self, chains: &Chains, ground: Ground) -> Option<usize> {
        let (place, cell) = (self.words.len(), ground.cell);
        let middle = (
            i64::from(signed(cell.x)) + Cell::half(cell.wide),
            i64::from(signed(cell.y)) + Cell::half(cell.high),
        );
        let base = ground
            .value
            .wrapping_sub(chains.sum_from_west(ground.start()));
        let is_written = chains.write(base, &mut self.words, |at| {
            (i64::from(at.lon) - middle.0, i64::from(at.lat) - middle.1)
        });
        is_written.then_some(place)
    }

    fn plain(&mut self, value: i32) -> usize {
        if let Some(&place) = self.plain.get(&value) {
            return place;
        }
        let place = self.place([value.cast_unsigned(), (Kind::Plain as u32) << 24]);
        self.plain.insert(value, place);
        place
    }

    fn quarters(&mut self, edges: &[Edge], ground: Ground) -> usize {
        let place = self.place([0, (Kind::Quarters as u32) << 24, 0, 0, 0, 0]);
        let mut first = (ground.value, ground.cover);
        for north in 0..2 {
            let (mut value, mut cover) = first;
            for east in 0..2 {
                let cell = ground.cell.quarter(east, north);
                let area = cell.area();
                let touching = edges.iter().filter(|edge| area.meets(edge.a, edge.b));
                let touching: Vec<Edge> = touching.copied().collect();
                let quarter = Ground { cell, value, cover };
                let at = self.cell(&touching, quarter);
                self.words[place + 2 + (north << 1 | east) as usize] =
                    u32::try_from(at).expect("a tile has fewer than 2^32 words");
                if east == 0 {
                    first = quarter.north_of(&touching);
                }
                (value, cover) = quarter.east_of(&touching);
            }
        }
        place
    }

    /// Puts the directory before the blocks.
    fn finish(self, mut cut: Cut, places: &[usize]) -> Built {
        let short: Option<Vec<u16>> = places
            .iter()
            .map(|&place| u16::try_from(place).ok())
            .collect();
        cut.is_long = short.is_none();
        let mut words: Vec<u32> = match short {
            Some(short) => short
                .chunks(2)
                .map(|pair| u32::from(pair[0]) | u32::from(*pair.last().unwrap_or(&0)) << 16)
                .collect(),
            None => places
                .iter()
                .map(|&place| u32::try_from(place).expect("a tile has fewer than 2^32 words"))
                .collect(),
        };
        words.extend(self.words);
        Built { cut, words }
    }
}
