//! One tile: a square of ground, cut into cells, each with the edges that touch it.
//!
//! The words of a tile: a slot for each cell, row by row from the south-west; then what has no room in the slots.

use crate::model::Bounds;

use super::Grids;
use super::cell::Cell;
use super::gather::Gathered;
use super::plane::{Area, Edge, unsigned};
use super::slot::WORDS;
use super::writer::{Ground, Writer};

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

/// Edges that a cell has on average, at most: a slot has room for the ends of their chains too in two cases of three.
const EDGES_PER_CELL: usize = 6;
/// Most columns and rows, as a logarithm.
const FINEST_CUT: u8 = 7;
/// Memory that is used for tile after tile.
#[derive(Debug, Default)]
pub(super) struct Bench {
    gathered: Gathered,
    /// Cells, and edges that touch them.
    touched: Vec<(u32, u32)>,
    /// Edge numbers by cell: the end of each cell's run, the runs.
    ends: Vec<u32>,
    runs: Vec<u32>,
    /// The edges of a cell.
    edges: Vec<Edge>,
    writer: Writer,
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

/// Builds the tile of a square.
pub(super) fn build(grids: &Grids<'_>, square: Square, bench: &mut Bench) -> Built {
    bench.gathered.gather(grids, &square.area());
    let (columns, rows) = cut(bench.gathered.edges.len(), square.log);
    let cut = Cut { columns, rows };
    bench.sort(square, cut);
    bench.rows(square, cut);
    let words = &mut bench.writer.words;
    // The slots of the next tile begin with a line too.
    words.resize(words.len().next_multiple_of(WORDS), 0);
    let words = words.clone();
    Built { cut, words }
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
    (cut(cells.div_ceil(2)), cut(cells / 2))
}

impl Bench {
    /// Sorts the numbers of the edges by the cells that they touch.
    fn sort(&mut self, square: Square, cut: Cut) {
        let cells = 1usize << (cut.columns + cut.rows);
        let touched = &mut self.touched;
        touched.clear();
        for (number, edge) in (0..).zip(&self.gathered.edges) {
            for_each_cell(edge, square, cut, |cell| touched.push((cell, number)));
        }
        self.ends.clear();
        self.ends.resize(cells + 1, 0);
        for &(cell, _) in &*touched {
            self.ends[cell as usize + 1] += 1;
        }
        for cell in 0..cells {
            self.ends[cell + 1] += self.ends[cell];
        }
        self.runs.clear();
        self.runs.resize(touched.len(), 0);
        for &(cell, number) in &*touched {
            let end = &mut self.ends[cell as usize];
            self.runs[*end as usize] = number;
            *end += 1;
        }
    }

    /// Writes cell after cell, eastward and then northward, and knows the face before each by the edges of the one before.
    fn rows(&mut self, square: Square, cut: Cut) {
        let (wide, high) = (square.log - cut.columns, square.log - cut.rows);
        self.writer.begin(1 << (cut.columns + cut.rows));
        let mut first = (self.gathered.corner, self.gathered.cover);
        for row in 0..1u32 << cut.rows {
            let (mut value, mut cover) = first;
            for column in 0..1u32 << cut.columns {
                let cell = Cell {
                    x: square.x + shifted(column, wide),
                    y: square.y + shifted(row, high),
                    wide,
                    high,
                };
                let number = (row << cut.columns | column) as usize;
                let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
                let run = &self.runs[start as usize..self.ends[number] as usize];
                self.edges.clear();
                self.edges
                    .extend(run.iter().map(|&at| self.gathered.edges[at as usize]));
                let ground = Ground { cell, value, cover };
                self.writer.cell(number * WORDS, &self.edges, ground);
                if column == 0 {
                    first = ground.north_of(&self.edges);
                }
                (value, cover) = ground.east_of(&self.edges);
            }
        }
    }
}

/// `number` cells of 2^`log` steps; all of the lattice is one cell of 2^32.
fn shifted(number: u32, log: u8) -> u32 {
    number.checked_shl(log.into()).unwrap_or(0)
}

/// Calls `each` for all cells that an edge of the tile touches, those that it only comes within one step of too.
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
    // The span of the edge meets all of these, since it meets the tile.
    let is_straight = west == east || south == north;
    for row in south..=north {
        for column in west..=east {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "clamped to the tile's cells"
            )]
            let (column, row) = (column as u32, row as u32);
            let meets = || {
                let (x, y) = (shifted(column, wide), shifted(row, high));
                let area = Area::around(square.x + x, square.y + y, wide, high);
                area.meets(edge.a, edge.b)
            };
            if is_straight || meets() {
                each(row << cut.columns | column);
            }
        }
    }
}
