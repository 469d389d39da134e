//! From a point to its face: the tile, the slot of the cell, the parts that it links to.

use crate::index::fetch;
use crate::model::Coord;

use super::cell::Scale;
use super::overview::Entry;
use super::plane::unsigned;
use super::slab::{Line, Place};
use super::slot::{Crossed, Kind, Link, MOST_VERTICES, REACH, Slot, WORDS, Within};
use super::{Face, FaceIndex, Tile};

/// How the vertices of a slot are compared with a point.
pub(super) trait Lanes: Copy {
    /// The sum of a slot at a point, in 8ths of its coarse steps from the middle of the cell; `None` near an edge.
    fn sum(self, slot: &Slot<'_>, place: (i32, i32)) -> Option<u32>;
}

/// One edge after the other, on any machine.
#[derive(Clone, Copy, Debug)]
pub(super) struct One;

impl Lanes for One {
    fn sum(self, slot: &Slot<'_>, place: (i32, i32)) -> Option<u32> {
        slot.sum(Self::compare(slot, place))
    }
}

impl One {
    /// What the edges of a slot are to a point; bits at which no edge begins may say anything.
    pub(super) fn compare(slot: &Slot<'_>, (x, y): (i32, i32)) -> Crossed {
        let from = |at: usize| {
            let (lon, lat) = slot.vertex(at);
            (lon - x, lat - y)
        };
        let reach = i32::from(REACH);
        let mut crossed = Crossed::default();
        let mut a = from(0);
        for at in 0..MOST_VERTICES {
            let b = from(at + 1);
            // What begins at no edge may be anything.
            let turn = a.0.wrapping_mul(b.1).wrapping_sub(a.1.wrapping_mul(b.0));
            let size = a.0.abs_diff(b.0) + a.1.abs_diff(b.1);
            let (starts, ends) = (a.1 < 0, b.1 < 0);
            let is_beside = |a: i32, b: i32| a.min(b) > reach || a.max(b) < -reach;
            let is_near = turn.unsigned_abs() <= size * reach.unsigned_abs()
                && !is_beside(a.0, b.0)
                && !is_beside(a.1, b.1);
            crossed.edges |= u32::from(starts != ends && (turn < 0) == starts) << at;
            crossed.up |= u32::from(starts) << at;
            crossed.near |= u32::from(is_near) << at;
            a = b;
        }
        crossed
    }
}

/// A point, and the cell of a tile that holds it. Small, as many of them wait at the same time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot<'a> {
    /// The slot of the cell.
    line: &'a Line,
    tile: usize,
    at: Within,
}

/// What a cell's slot says of a point.
#[derive(Clone, Copy, Debug)]
pub(super) enum Said {
    Face(Face),
    /// The sum so far, and where the other edges are.
    Sum(u32, Link),
}

static NOWHERE: Line = Line([0; WORDS]);

impl FaceIndex {
    /// The cell that holds a point, by the entry that names its tile.
    #[inline(always)]
    pub(super) fn spot(&self, at: Coord, entry: Entry) -> Spot<'_> {
        let (x, y) = (unsigned(at.lon), unsigned(at.lat));
        let number = entry.tile();
        let tile = &self.tiles[number];
        let Place { slab, start } = tile.place;
        let slab = &self.slabs[slab as usize];
        let (column, x) = within(x, tile.cut.columns, tile.log);
        let (row, y) = within(y, tile.cut.rows, tile.log);
        let cell = row * u32::from(tile.cut.columns) + column;
        Spot {
            line: &slab.lines()[(start + cell) as usize],
            tile: number,
            at: Within { x, y },
        }
    }

    /// The words of a tile and all after it.
    fn words(&self, tile: usize) -> &[u32] {
        let Place { slab, start } = self.tiles[tile].place;
        bytemuck::cast_slice(&self.slabs[slab as usize].lines()[start as usize..])
    }
}

/// Which of so many bands of a tile of 2^`log` holds a number, and how far from its middle, in 2^-32ths of its width.
#[inline(always)]
fn within(number: u32, bands: u8, log: u8) -> (u32, i32) {
    // Of the tile.
    let part = number << (u32::from(log).wrapping_neg() & 31);
    let part = u64::from(part) * u64::from(bands);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the band above, the rest below"
    )]
    let (band, rest) = ((part >> 32) as u32, part as u32);
    (band, from_middle(rest))
}

/// From the corner to the middle, in 2^-32ths.
#[inline(always)]
fn from_middle(number: u32) -> i32 {
    (number ^ 1 << 31).cast_signed()
}

impl<'a> Spot<'a> {
    pub(super) const NOWHERE: Self = Self {
        line: &NOWHERE,
        tile: 0,
        at: Within { x: 0, y: 0 },
    };

    /// Fetches the slot.
    #[inline(always)]
    pub(super) fn fetch(&self) {
        fetch(&self.line.0, 0);
    }

    /// Fetches what a link leads to.
    #[inline(always)]
    pub(super) fn fetch_link(&self, index: &FaceIndex, link: Link) {
        let (words, place) = (index.words(self.tile), link.place as usize);
        fetch(words, place);
        fetch(words, place + usize::from(link.size));
    }

    /// What the slot says of the point.
    #[inline(always)]
    pub(super) fn ask<L: Lanes>(&self, index: &FaceIndex, lanes: L) -> Said {
        let slot = self.slot();
        if slot.has_edges() {
            return said(&slot, self.at, lanes);
        }
        self.ask_quarter(index, lanes)
    }

    /// As [`Self::ask`], where the slot alone tells one grid.
    #[inline(always)]
    pub(super) fn ask_at_once<L: Lanes>(&self, lanes: L) -> Option<Face> {
        let slot = self.slot();
        if !slot.has_edges() {
            return None;
        }
        let place = slot.place(self.at);
        let sum = lanes.sum(&slot, place)?;
        slot.is_all(place).then(|| Face::of_one(sum))?
    }

    #[inline(always)]
    fn ask_quarter<L: Lanes>(&self, index: &'a FaceIndex, lanes: L) -> Said {
        let words = index.words(self.tile);
        let (slot, at, _) = self.smallest(words);
        if slot.kind() == Kind::Crowded {
            return Said::Face(Face::ASK);
        }
        match said(&slot, at, lanes) {
            Said::Sum(first, link) => Said::Face(follow(words, first, link, at, lanes)),
            face @ Said::Face(_) => face,
        }
    }

    /// The slot of the smallest quarter that holds the point, the point in it, and how often its cell was halved; `words`: of the
    /// tile.
    #[inline(always)]
    fn smallest<'w>(&'w self, words: &'w [u32]) -> (Slot<'w>, Within, u8) {
        let mut slot = self.slot();
        let (Within { mut x, mut y }, mut depth) = (self.at, 0);
        while slot.kind() == Kind::Quarters {
            let quarter = usize::from(y >= 0) << 1 | usize::from(x >= 0);
            slot = Slot::at(words, slot.words[2] as usize + quarter * WORDS, WORDS);
            [x, y] = [x, y].map(|number| from_middle(number.cast_unsigned() << 1));
            depth += 1;
        }
        (slot, Within { x, y }, depth)
    }

    #[inline(always)]
    fn slot(&self) -> Slot<'a> {
        Slot {
            words: &self.line.0,
            size: WORDS,
        }
    }

    /// Calls `each` with all parts that matter to the point, and the point in 8ths of their coarse steps. Answers with the lattice
    /// steps of a coarse step along each axis, at least; `None` where the cell is crowded.
    pub(super) fn walk(
        &self,
        index: &FaceIndex,
        mut each: impl FnMut(&Slot<'_>, (i32, i32)),
    ) -> Option<(u32, u32)> {
        let words = index.words(self.tile);
        let (mut part, at, depth) = self.smallest(words);
        if part.kind() == Kind::Crowded {
            return None;
        }
        let Tile { cut, log, .. } = index.tiles[self.tile];
        let coarse = |bands: u8, steps: u8| {
            let side = (1u32 << log) / u32::from(bands);
            side >> (depth + steps).min(31)
        };
        let Scale { x, y } = part.scale();
        loop {
            let place = part.place(at);
            each(&part, place);
            if part.is_all(place) {
                return Some((coarse(cut.columns, x).max(1), coarse(cut.rows, y).max(1)));
            }
            let link = part.link();
            part = Slot::at(words, link.place as usize, link.size.into());
        }
    }

    /// The face after the parts that a link leads to.
    #[inline(always)]
    pub(super) fn follow<L: Lanes>(
        &self,
        index: &FaceIndex,
        first: u32,
        link: Link,
        lanes: L,
    ) -> Face {
        follow(index.words(self.tile), first, link, self.at, lanes)
    }
}

/// The face at a point from the middle of its cell, after the parts that a link leads to.
#[inline(always)]
fn follow<L: Lanes>(words: &[u32], first: u32, mut link: Link, at: Within, lanes: L) -> Face {
    let mut value = first;
    loop {
        let part = Slot::at(words, link.place as usize, link.size.into());
        let place = part.place(at);
        match lanes.sum(&part, place) {
            Some(sum) => value = value.wrapping_add(sum),
            None => return Face::ASK,
        }
        if part.is_all(place) {
            return Face::of(value);
        }
        link = part.link();
    }
}

/// What a slot says of a point from the middle of its cell.
#[inline(always)]
fn said<L: Lanes>(slot: &Slot<'_>, at: Within, lanes: L) -> Said {
    let place = slot.place(at);
    match lanes.sum(slot, place) {
        Some(sum) if slot.is_all(place) => Said::Face(Face::of(sum)),
        Some(sum) => Said::Sum(sum, slot.link()),
        None => Said::Face(Face::ASK),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::part::{Part, Rest};
    use super::*;

    fn number() -> impl Strategy<Value = i32> {
        prop_oneof![-2048..2048, -1100..1100, -3..3]
    }

    /// A point of a cell, in 8ths.
    fn place() -> impl Strategy<Value = i32> {
        prop_oneof![-8_192..8_192, Just(-8_192), Just(8_191), -60..60]
    }

    proptest! {
        #[test]
        fn parts_that_a_slot_says_do_not_matter_to_a_point_change_nothing_there(
            chains in prop::collection::vec(
                (any::<i32>(), (number(), number()), prop::collection::vec((-300..300, -300..300), 1..9)),
                4..9,
            ),
            places in prop::collection::vec((place(), place()), 64),
        ) {
            let near = |from: i32, by: i32| (from + by).clamp(-2048, 2047);
            let chains: Vec<(i32, Vec<(i32, i32)>)> = chains
                .into_iter()
                .map(|(step, from, by)| {
                    let to = by.into_iter().map(|by| (near(from.0, by.0), near(from.1, by.1)));
                    (step, std::iter::once(from).chain(to).collect())
                })
                .collect();
            let mut parts = Vec::new();
            Part::deal(chains.iter().map(|(step, vertices)| (*step, &vertices[..])), &mut parts);
            let scale = Scale { x: 3, y: 4 };
            let link = Link { place: 0, size: 1 };
            let rest = parts[1..].iter().rev().fold(None, |rest, part| Some(Rest::of(part, link, rest)));
            let words = parts[0].words(7, scale, rest, WORDS);
            let slot = Slot { words: &words, size: WORDS };
            prop_assert_eq!(slot.kind() == Kind::Whole, parts.len() == 1);
            for &place in places.iter().filter(|place| slot.is_all(**place)) {
                for part in &parts[1..] {
                    let words = part.words(0, scale, None, WORDS);
                    let part = Slot { words: &words, size: WORDS };
                    prop_assert_eq!(One.sum(&part, place), Some(0), "{:?}", place);
                }
            }
        }
    }
}
