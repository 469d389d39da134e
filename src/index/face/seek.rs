//! From a point to its face: the tile, the cell, the block.

use crate::index::fetch;
use crate::model::Coord;

use super::block::{Block, Kind, Sum};
use super::plane::unsigned;
use super::root::NO_TILE;
use super::tile::Cut;
use super::{Face, FaceIndex};

/// How the vertices of a near block are compared with a point.
pub(super) trait Lanes {
    /// The value at a point relative to the middle of the cell, of a near block.
    fn near(block: &Block<'_>, x: i32, y: i32) -> Sum;
    /// The same, of a far block.
    fn far(block: &Block<'_>, x: i32, y: i32) -> Sum;
}

/// One edge after the other, in whole numbers, on any machine.
#[derive(Clone, Copy, Debug)]
pub(super) struct One;

impl Lanes for One {
    fn near(block: &Block<'_>, x: i32, y: i32) -> Sum {
        block.sum_near(x, y)
    }

    fn far(block: &Block<'_>, x: i32, y: i32) -> Sum {
        block.sum_far(x, y)
    }
}

/// A point, and the cell of a tile's directory that holds it. Small, as many of them wait at the same time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot<'a> {
    /// The words of the tile and all after it.
    words: &'a [u32],
    /// Where its blocks begin.
    blocks: u32,
    /// The number of the cell in the directory.
    cell: u32,
    /// The point from the tile's corner.
    x: u32,
    y: u32,
    /// Logarithms of the sides of the cell.
    wide: u8,
    high: u8,
    /// As in [`Cut`].
    is_long: bool,
}

impl FaceIndex {
    /// The directory's cell that holds a point; `None` where there is no tile.
    #[inline(always)]
    pub(super) fn spot(&self, at: Coord) -> Option<Spot<'_>> {
        let (x, y) = (unsigned(at.lon), unsigned(at.lat));
        let tile = self.root.tile(x, y);
        if tile == NO_TILE {
            return None;
        }
        let tile = &self.tiles[tile as usize];
        let Cut {
            columns,
            rows,
            is_long,
        } = tile.cut;
        let (wide, high) = (tile.square.log - columns, tile.square.log - rows);
        let (x, y) = (x - tile.square.x, y - tile.square.y);
        Some(Spot {
            words: &self.slabs[tile.place.slab as usize].words()[tile.place.start as usize..],
            blocks: tile.cut.words(),
            cell: (y >> high) << columns | x >> wide,
            is_long,
            x,
            y,
            wide,
            high,
        })
    }
}

impl Spot<'_> {
    /// The word of the directory that tells where the cell's block begins.
    #[inline(always)]
    fn entry(&self) -> usize {
        (if self.is_long {
            self.cell
        } else {
            self.cell / 2
        }) as usize
    }

    /// Fetches the line of the directory that is needed next.
    #[inline(always)]
    pub(super) fn fetch_entry(&self) {
        fetch(self.words, self.entry());
    }

    /// Where the cell's block begins.
    #[inline(always)]
    pub(super) fn place(&self) -> u32 {
        let word = self.words[self.entry()];
        let half = word >> (self.cell % 2 * 16) & 0xffff;
        self.blocks + if self.is_long { word } else { half }
    }

    /// Fetches the lines of the block at a place that are needed next.
    #[inline(always)]
    pub(super) fn fetch_block(&self, place: u32) {
        fetch(self.words, place as usize);
        fetch(self.words, place as usize + LINE);
        fetch(self.words, place as usize + 2 * LINE);
    }

    /// The face at the point, from the block at `place` on.
    #[inline(always)]
    pub(super) fn face<L: Lanes>(&self, place: u32) -> Face {
        let (mut place, mut wide, mut high) = (place as usize, self.wide, self.high);
        let words = self.words;
        let sum = loop {
            match Kind::of(words[place + 1]) {
                Kind::Plain => break Sum::Value(words[place]),
                Kind::Near => {
                    let (x, y) = (from_middle(self.x, wide), from_middle(self.y, high));
                    break L::near(&Block::at(words, place), x, y);
                }
                Kind::Far => {
                    let (x, y) = (from_middle(self.x, wide), from_middle(self.y, high));
                    break L::far(&Block::at(words, place), x, y);
                }
                Kind::Quarters => {
                    (wide, high) = (wide - 1, high - 1);
                    let quarter = (self.y >> high & 1) << 1 | self.x >> wide & 1;
                    place = (self.blocks + words[place + 2 + quarter as usize]) as usize;
                }
                Kind::Crowded => break Sum::Border,
            }
        };
        match sum {
            Sum::Value(value) => Face::of(value),
            Sum::Border => Face::ASK,
        }
    }
}

/// A number within a cell of 2^`log` steps, from the middle of the cell.
#[inline(always)]
fn from_middle(number: u32, log: u8) -> i32 {
    let (within, half) = (number & ((1 << log) - 1), (1 << log) >> 1);
    within.wrapping_sub(half).cast_signed()
}

/// Words in a line of the cache.
const LINE: usize = 16;
