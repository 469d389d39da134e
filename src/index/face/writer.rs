//! The blocks of a tile, cell by cell: from the edges that touch a cell to its words.

use std::collections::HashMap;

use crate::model::Coord;

use super::block::{Cell, Chains, Kind, MOST_VERTICES};
use super::plane::{Area, Edge, from_south, from_west, signed};
use super::tile::{Built, Cut};

/// A block of more vertices is cut into quarters, where its cell is not too small for that.
const FULL: usize = 48;
/// No smaller cell is cut, as a logarithm: what is crowded on 3 m is asked.
const SMALLEST_CELL: u8 = 8;
/// Nor is one smaller than this (700 m) where only too many grids lie over each other.
const DEEP: u8 = 16;
/// Nor is one smaller than this (2 degrees) where it is only a vertex that is far away.
const NEARBY: u8 = 24;
/// Words of a tile beyond which no cell is cut, and beyond which all cells are asked. Those of a dense town have some 2^14; only
/// many long edges that cross each other come near.
const MOST_WORDS: [usize; 2] = [1 << 18, 1 << 19];
/// More grids than this may not lie over each other in a block, since six bits count them.
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
    pub(super) fn east_of(&self, edges: &[Edge]) -> (i32, i32) {
        let start = self.start();
        let lon = i64::from(start.lon) + (1i64 << self.cell.wide);
        let lon = i32::try_from(lon).unwrap_or(i32::MAX);
        self.moved(edges, from_west, Coord { lon, ..start })
    }

    /// The face and the cover west of the cell to the north.
    pub(super) fn north_of(&self, edges: &[Edge]) -> (i32, i32) {
        let start = self.start();
        let lat = i64::from(start.lat) + (1i64 << self.cell.high);
        let lat = i32::try_from(lat).unwrap_or(i32::MAX);
        self.moved(edges, from_south, Coord { lat, ..start })
    }
}

/// The words of a tile while it is built.
#[derive(Debug, Default)]
pub(super) struct Writer {
    words: Vec<u32>,
    /// Places of the blocks without edges, by value.
    plain: HashMap<i32, usize>,
}

impl Writer {
    /// Writes a cell's block, or those of its quarters; answers where it begins.
    pub(super) fn cell(&mut self, edges: &[Edge], ground: Ground) -> usize {
        let cell = ground.cell;
        let crowded = [0, (Kind::Crowded as u32) << 24];
        let [has_room, is_open] = MOST_WORDS.map(|most| self.words.len() < most);
        if !is_open {
            return self.place(crowded);
        }
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
        // Many grids beside each other are told apart in smaller cells; a stack of them is not.
        let is_high = |cover: i32| cover.abs() > DEEPEST / 2;
        let is_stack = || is_high(ground.cover) || edges.iter().any(|edge| is_high(edge.cover));
        let smallest = match (is_deep, is_full) {
            (true, _) if is_stack() => DEEP,
            (_, true) => SMALLEST_CELL,
            (_, false) => NEARBY,
        };
        if has_room && cell.wide.min(cell.high) > smallest {
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
    pub(super) fn finish(self, mut cut: Cut, places: &[usize]) -> Built {
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
