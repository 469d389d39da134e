//! The slots of a tile, cell by cell: from the edges that touch a cell to its words.

use crate::model::Coord;

use super::cell::Cell;
use super::chains::Chains;
use super::part::{Part, Rest, Spanned};
use super::plane::{Edge, from_south, from_west, spans_height, spans_width};
use super::slot::{Kind, Link, WORDS};

/// A cell of more vertices is cut into quarters, where it is not too small for that.
const FULL: usize = 48;
/// One of more vertices that is too small is asked.
const FULLEST: usize = 128;
/// No cell of so few lattice steps is cut: what is crowded on 3 m is asked.
const SMALLEST_CELL: u64 = 1 << 8;
/// Nor is one smaller than this (700 m) where only too many grids lie over each other.
const DEEP: u64 = 1 << 16;
/// Words of a tile beyond which no cell is cut, and beyond which all cells are asked. Those of a dense town have some 2^14; only
/// many long edges that cross each other come near.
const MOST_WORDS: [usize; 2] = [1 << 19, 1 << 20];
/// More grids than this may not lie over each other in a cell, since six bits count them.
const DEEPEST: i32 = 31;

/// What a cell is built from.
#[derive(Clone, Copy)]
pub(super) struct Ground {
    pub cell: Cell,
    /// The face value and the number of grids just west of the south-west corner.
    pub value: i32,
    pub cover: i32,
}

impl Cell {
    /// The foot under a chain's end that lies west of the cell at a height within it.
    fn foot(self, at: Coord) -> Option<Coord> {
        let area = self.area;
        let is_west = i64::from(at.lon) <= area.west;
        let is_level = area.south < i64::from(at.lat) && i64::from(at.lat) < area.north;
        (is_west && is_level).then(|| Coord {
            lon: at.lon,
            lat: i32::try_from(area.south).unwrap_or(i32::MIN),
        })
    }
}

impl Ground {
    /// Where the way to the cell begins: one step west of its south-west corner.
    fn start(&self) -> Coord {
        self.cell.area.corner()
    }

    /// The face and the cover one step west of the cell to the east.
    pub(super) fn east_of(&self, edges: &[Edge]) -> (i32, i32) {
        let start = self.start();
        // From the true west of the cell: the start of one at the very edge of the numbers is its own corner.
        let lon = i32::try_from(self.cell.area.east - 1).unwrap_or(i32::MAX);
        let to = Coord { lon, ..start };
        let crossed = edges
            .iter()
            .filter(|edge| spans_height(edge.a, edge.b, start));
        self.moved(crossed, |a, b| from_west(a, b, to) - from_west(a, b, start))
    }

    /// The face and the cover west of the cell to the north.
    pub(super) fn north_of(&self, edges: &[Edge]) -> (i32, i32) {
        let start = self.start();
        let lat = i32::try_from(self.cell.area.north).unwrap_or(i32::MAX);
        let to = Coord { lat, ..start };
        let crossed = edges
            .iter()
            .filter(|edge| spans_width(edge.a, edge.b, start));
        self.moved(crossed, |a, b| {
            from_south(a, b, to) - from_south(a, b, start)
        })
    }

    fn moved<'a>(
        &self,
        crossed: impl Iterator<Item = &'a Edge>,
        turns: impl Fn(Coord, Coord) -> i32,
    ) -> (i32, i32) {
        let mut ground = (self.value, self.cover);
        for edge in crossed {
            let turns = turns(edge.a, edge.b);
            ground.0 = ground.0.wrapping_add(edge.step.wrapping_mul(turns));
            ground.1 += edge.cover * turns;
        }
        ground
    }
}

/// The words of a tile while it is built.
#[derive(Debug, Default)]
pub(super) struct Writer {
    pub words: Vec<u32>,
    /// Memory that is used for cell after cell, and tile after tile.
    chains: Chains,
    coarse: Vec<(i32, i32)>,
    spans: Vec<Spanned>,
    orders: [Vec<(i64, usize)>; 2],
    parts: Vec<Part>,
}

impl Writer {
    /// Begins a tile, with an empty slot for each of so many cells.
    pub(super) fn begin(&mut self, cells: usize) {
        self.words.clear();
        self.words.resize(cells * WORDS, 0);
    }

    /// Writes a cell into the slot at a place, and what has no room there behind all slots.
    pub(super) fn cell(&mut self, place: usize, edges: &[Edge], ground: Ground) {
        let cell = ground.cell;
        let [has_room, is_open] = MOST_WORDS.map(|most| self.words.len() < most);
        if !is_open {
            self.words[place + 1] = Kind::Crowded.meta();
            return;
        }
        self.chains.link(edges, ground.start(), |at| cell.foot(at));
        let is_deep = ground.cover.abs() + self.chains.cover > DEEPEST;
        let may_split = cell.steps() > SMALLEST_CELL;
        let most = if may_split { FULL } else { FULLEST };
        let is_full = self.chains.vertices.len() > most;
        if !is_deep && !is_full {
            self.edges(place, ground);
            return;
        }
        // Many grids beside each other are told apart in smaller cells; a stack of them is not.
        let is_high = |cover: i32| cover.abs() > DEEPEST / 2;
        let is_stack = || is_high(ground.cover) || edges.iter().any(|edge| is_high(edge.cover));
        let smallest = if is_deep && is_stack() {
            DEEP
        } else {
            SMALLEST_CELL
        };
        if has_room && !edges.is_empty() && cell.steps() > smallest {
            self.quarters(place, edges, ground);
        } else {
            self.words[place + 1] = Kind::Crowded.meta();
        }
    }

    /// Writes the chains into a slot and the parts that it links to.
    fn edges(&mut self, place: usize, ground: Ground) {
        let Some(scale) = ground.cell.coarsen(&self.chains.vertices, &mut self.coarse) else {
            self.words[place + 1] = Kind::Crowded.meta();
            return;
        };
        self.spans.clear();
        let spans = self.chains.spans();
        let spanned = spans.map(|(step, span)| Spanned::new(step, span, &self.coarse));
        self.spans.extend(spanned);
        let parts = &mut self.parts;
        Part::deal_best(&self.spans, &self.coarse, &mut self.orders, parts);
        let base = ground.value.wrapping_sub(self.chains.from_west);
        let mut rest = None;
        for part in self.parts[1..].iter().rev() {
            let size = part.size(rest.is_some());
            let place = u32::try_from(self.words.len()).expect("within the most words of a tile");
            let words = part.words(0, scale, rest, size);
            self.words.extend(&words[..size]);
            let size = u8::try_from(size).expect("at most a line");
            rest = Some(Rest::of(part, Link { place, size }, rest));
        }
        // The steps of a slot end with its line.
        let words = self.parts[0].words(base, scale, rest, WORDS);
        self.words[place..][..WORDS].copy_from_slice(&words);
    }

    fn quarters(&mut self, place: usize, edges: &[Edge], ground: Ground) {
        let first = self.words.len().next_multiple_of(WORDS);
        self.words.resize(first + 4 * WORDS, 0);
        self.words[place + 1] = Kind::Quarters.meta();
        self.words[place + 2] = u32::try_from(first).expect("within the most words of a tile");
        let mut row = (ground.value, ground.cover);
        for north in [false, true] {
            let (mut value, mut cover) = row;
            for east in [false, true] {
                let cell = ground.cell.quarter(east, north);
                let touching = edges.iter().filter(|edge| cell.area.meets(edge.a, edge.b));
                let touching: Vec<Edge> = touching.copied().collect();
                let quarter = Ground { cell, value, cover };
                let number = usize::from(north) << 1 | usize::from(east);
                self.cell(first + number * WORDS, &touching, quarter);
                if !east {
                    row = quarter.north_of(&touching);
                }
                (value, cover) = quarter.east_of(&touching);
            }
        }
    }
}
