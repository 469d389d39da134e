//! One tile: a square of ground, cut into cells, each with the edges that touch it.
//!
//! The words of a tile: a slot for each cell, row by row from the south-west; then what has no room in the slots. One that no edge
//! touches, in one grid or in none, has no words but a face.

use std::ops::RangeInclusive;

use crate::model::Bounds;

use super::cell::{Band, Cell};
use super::gather::Gathered;
use super::plane::{Area, Edge};
use super::root::Frame;
use super::slab::Line;
use super::slot::{Slot, WORDS};
use super::writer::{Ground, Writer};
use super::{Face, Grids};

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
    pub columns: u8,
    pub rows: u8,
}

/// A tile that was built.
#[derive(Debug)]
pub(super) enum Built {
    /// No edge touches it, and it lies in one grid or in none.
    Even(Face),
    Cut {
        cut: Cut,
        lines: Vec<Line>,
        /// The cells of the frame, ascending, that no edge touches, and their faces: one grid or none.
        even: Vec<(usize, Face)>,
    },
}

impl Built {
    /// How many lines it has.
    pub(super) fn length(&self) -> u32 {
        let lines = match self {
            Self::Even(_) => 0,
            Self::Cut { lines, .. } => lines.len(),
        };
        u32::try_from(lines).expect("a tile has fewer than 2^32 lines")
    }
}

/// Edges of a tile for each of its cells; one that crosses several cells is in the slots of all of them.
const EDGES_PER_CELL: usize = 8;
/// Most cells of a tile for each edge, where they are not to be larger than those of the root.
const CELLS_PER_EDGE: usize = 64;
/// Most columns and rows.
const FINEST_CUT: usize = 128;

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
    bands: [Vec<Band>; 2],
}

impl Square {
    pub(super) fn area(self) -> Area {
        let (west, south) = (i64::from(self.x), i64::from(self.y));
        let side = 1i64 << self.log;
        Area::between(west, south, west + side, south + side)
    }

    /// All lattice points of the square.
    pub(super) fn bounds(self) -> Bounds {
        self.area().bounds(-1)
    }
}

/// Builds the tile of a square, and tells the cells of a frame in it that no edge touches.
pub(super) fn build(grids: &Grids<'_>, square: Square, frame: Frame, bench: &mut Bench) -> Built {
    bench.gathered.gather(grids, &square.area());
    // What is to be asked has a cell all the same, which knows the sum of the grids there.
    if bench.gathered.edges.is_empty() && (0..=1).contains(&bench.gathered.cover) {
        let face = Face::of(bench.gathered.corner.cast_unsigned());
        return Built::Even(face);
    }
    let edges = bench.gathered.edges.len();
    // A long edge comes near to many.
    let least = frame.cells_for(square).min(CELLS_PER_EDGE * edges);
    let cut = Cut::of(edges, least);
    bench.rule(square, cut);
    bench.sort(cut);
    bench.rows(cut);
    let words = &mut bench.writer.words;
    words.resize(words.len().next_multiple_of(WORDS), 0);
    let (lines, _) = bench.writer.words.as_chunks();
    Built::Cut {
        cut,
        lines: lines.iter().copied().map(Line).collect(),
        even: bench.even(square, frame, lines),
    }
}

impl Cut {
    /// For so many edges, and no fewer cells than this where there may be as many.
    fn of(edges: usize, least: usize) -> Self {
        let cells = (edges / EDGES_PER_CELL).max(least).max(1);
        let columns = cells.isqrt().min(FINEST_CUT);
        let rows = (cells / columns).min(FINEST_CUT);
        let count = |number: usize| u8::try_from(number).expect("at most 128");
        Self {
            columns: count(columns),
            rows: count(rows),
        }
    }

    fn cells(self) -> usize {
        usize::from(self.columns) * usize::from(self.rows)
    }
}

impl Bench {
    /// Cuts the square into columns and rows.
    fn rule(&mut self, square: Square, cut: Cut) {
        let axes = [(square.x, cut.columns), (square.y, cut.rows)];
        for (bands, (origin, count)) in self.bands.iter_mut().zip(axes) {
            bands.clear();
            bands.extend((0..count).map(|n| Band::new(origin, square.log, count, n)));
        }
    }

    /// Sorts the numbers of the edges by the cells that they touch.
    fn sort(&mut self, cut: Cut) {
        let cells = cut.cells();
        let (touched, ends) = (&mut self.touched, &mut self.ends);
        touched.clear();
        ends.clear();
        ends.resize(cells + 1, 0);
        for_each_cell(&self.gathered.edges, &self.bands, |cell, number| {
            ends[cell as usize + 1] += 1;
            touched.push((cell, number));
        });
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

    /// The cells of a frame in a square, written to these lines, that no edge touches, and their faces: one grid or none.
    fn even(&self, square: Square, frame: Frame, lines: &[[u32; WORDS]]) -> Vec<(usize, Face)> {
        let [columns, rows] = &self.bands;
        let face = |(cell, number): (Square, usize)| {
            let span = |bands: &[Band], from: u32| {
                let (holder, from) = (bands[0].holder(), i64::from(from));
                holder(from) as usize..=holder(from + (1 << cell.log) - 1) as usize
            };
            let cells = [span(columns, cell.x), span(rows, cell.y)];
            let face = Face::of(even_value(lines, cells, columns.len())?);
            (face != Face::ASK).then_some((number, face))
        };
        frame.within(square).filter_map(face).collect()
    }

    /// Writes cell after cell, eastward and then northward, and knows the face before each by the edges of the one before.
    fn rows(&mut self, cut: Cut) {
        self.writer.begin(cut.cells());
        let mut first = (self.gathered.corner, self.gathered.cover);
        let [columns, rows] = &self.bands;
        let mut number = 0usize;
        for &row in rows {
            let (mut value, mut cover) = first;
            for (n, &column) in columns.iter().enumerate() {
                let cell = Cell::new(column, row);
                let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
                let run = &self.runs[start as usize..self.ends[number] as usize];
                self.edges.clear();
                self.edges
                    .extend(run.iter().map(|&at| self.gathered.edges[at as usize]));
                let ground = Ground { cell, value, cover };
                self.writer.cell(number * WORDS, &self.edges, ground);
                if n == 0 {
                    first = ground.north_of(&self.edges);
                }
                (value, cover) = ground.east_of(&self.edges);
                number += 1;
            }
        }
    }
}

/// The value of a rectangle of cells of a tile, where no edge touches any of them.
fn even_value(
    lines: &[[u32; WORDS]],
    [columns, rows]: [RangeInclusive<usize>; 2],
    width: usize,
) -> Option<u32> {
    let mut values = rows.flat_map(|row| {
        let row = &lines[row * width..][..width];
        row[columns.clone()]
            .iter()
            .map(|words| Slot { words, size: WORDS }.even_value())
    });
    let first = values.next()??;
    values.all(|value| value == Some(first)).then_some(first)
}

/// Calls `each` for each edge of the tile and all cells that it touches, those that it only comes within one step of too.
fn for_each_cell(edges: &[Edge], [columns, rows]: &[Vec<Band>; 2], mut each: impl FnMut(u32, u32)) {
    let count = u32::try_from(columns.len()).expect("at most 128");
    let (column, row) = (columns[0].holders(), rows[0].holders());
    for (number, edge) in (0..).zip(edges) {
        let of_columns = column(edge.a.lon, edge.b.lon);
        let of_rows = row(edge.a.lat, edge.b.lat);
        // The span of the edge meets all of these, since it meets the tile.
        let is_straight = of_columns.0 == of_columns.1 || of_rows.0 == of_rows.1;
        for row in of_rows.0..=of_rows.1 {
            for column in of_columns.0..=of_columns.1 {
                let meets = || {
                    let cell = Cell::new(columns[column as usize], rows[row as usize]);
                    cell.area.meets(edge.a, edge.b)
                };
                if is_straight || meets() {
                    each(row * count + column, number);
                }
            }
        }
    }
}
