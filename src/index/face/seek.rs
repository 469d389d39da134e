//! From a point to its face: the tile, the slot of the cell, the parts that it links to.

use crate::index::fetch;
use crate::model::Coord;

use super::plane::unsigned;
use super::root::NO_TILE;
use super::slot::{Crossed, Kind, Link, MOST_VERTICES, REACH, Slot, WORDS};
use super::tile::Cut;
use super::{Face, FaceIndex};

/// How the vertices of a slot are compared with a point.
pub(super) trait Lanes: Copy {
    /// What the edges of a slot are to a point at a place from the middle of the cell; bits at which no edge begins may say
    /// anything.
    fn compare(self, slot: &Slot<'_>, place: (i32, i32)) -> Crossed;

    /// The sum of the steps of crossed edges.
    #[inline(always)]
    fn steps(self, slot: &Slot<'_>, crossed: Crossed) -> u32 {
        slot.steps(crossed)
    }
}

/// One edge after the other, on any machine.
#[derive(Clone, Copy, Debug)]
pub(super) struct One;

impl Lanes for One {
    fn compare(self, slot: &Slot<'_>, (x, y): (i32, i32)) -> Crossed {
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
    /// The words of the tile and all after it.
    words: &'a [u32],
    /// Where the slot of the cell begins in them.
    slot: u32,
    /// Logarithms of the sides of the cell.
    wide: u8,
    high: u8,
    /// The point from the middle of the cell.
    at: (i32, i32),
}

/// What a cell's slot says of a point.
#[derive(Clone, Copy, Debug)]
pub(super) enum Said {
    Face(Face),
    /// The sum so far, and where the other edges are.
    Sum(u32, Link),
}

impl FaceIndex {
    /// The cell that holds a point; `None` where there is no tile.
    #[inline(always)]
    pub(super) fn spot(&self, at: Coord) -> Option<Spot<'_>> {
        let (x, y) = (unsigned(at.lon), unsigned(at.lat));
        let tile = self.root.tile(x, y);
        if tile == NO_TILE {
            return None;
        }
        let tile = &self.tiles[tile as usize];
        let Cut { columns, rows } = tile.cut;
        let (wide, high) = (tile.square.log - columns, tile.square.log - rows);
        let (x, y) = (x - tile.square.x, y - tile.square.y);
        let cell = (y >> high) << columns | x >> wide;
        Some(Spot {
            words: &self.slabs[tile.place.slab as usize].words()[tile.place.start as usize..],
            slot: cell << WORDS.ilog2(),
            wide,
            high,
            at: (in_cell(x, wide), in_cell(y, high)),
        })
    }
}

/// A number from the middle of the cell that holds it.
#[inline(always)]
fn in_cell(number: u32, log: u8) -> i32 {
    let within = number & ((1 << log) - 1);
    within.wrapping_sub((1 << log) >> 1).cast_signed()
}

impl<'a> Spot<'a> {
    /// Fetches the slot.
    #[inline(always)]
    pub(super) fn fetch(&self) {
        fetch(self.words, self.slot as usize);
    }

    /// Fetches what a link leads to.
    #[inline(always)]
    pub(super) fn fetch_link(&self, link: Link) {
        let place = link.place as usize;
        fetch(self.words, place);
        fetch(self.words, place + usize::from(link.size));
    }

    /// What the slot says of the point.
    #[inline(always)]
    pub(super) fn ask<L: Lanes>(&self, lanes: L) -> Said {
        let slot = Slot::at(self.words, self.slot as usize, WORDS);
        let kind = slot.kind();
        if matches!(kind, Kind::Quarters | Kind::Crowded) {
            return self.ask_quarter(slot, lanes);
        }
        said(&slot, self.at, lanes)
    }

    #[inline(always)]
    fn ask_quarter<L: Lanes>(&self, mut slot: Slot<'a>, lanes: L) -> Said {
        let from_corner =
            |number: i32, log: u8| number.cast_unsigned().wrapping_add((1 << log) >> 1);
        let (mut wide, mut high) = (self.wide, self.high);
        let (x, y) = (from_corner(self.at.0, wide), from_corner(self.at.1, high));
        while slot.kind() == Kind::Quarters {
            (wide, high) = (wide - 1, high - 1);
            let quarter = (y >> high & 1) << 1 | x >> wide & 1;
            let place = (slot.words[2] as usize) + quarter as usize * WORDS;
            slot = Slot::at(self.words, place, WORDS);
        }
        if slot.kind() == Kind::Crowded {
            return Said::Face(Face::ASK);
        }
        let at = (in_cell(x, wide), in_cell(y, high));
        match said(&slot, at, lanes) {
            Said::Sum(first, link) => Said::Face(self.follow_from(first, link, at, lanes)),
            face @ Said::Face(_) => face,
        }
    }

    /// Calls `each` with all parts that matter to the point, and the point in 8ths of their coarse steps; `false` where the cell is
    /// crowded.
    pub(super) fn walk(&self, mut each: impl FnMut(&Slot<'_>, (i32, i32))) -> bool {
        let mut part = Slot::at(self.words, self.slot as usize, WORDS);
        let from_corner =
            |number: i32, log: u8| number.cast_unsigned().wrapping_add((1 << log) >> 1);
        let (mut wide, mut high) = (self.wide, self.high);
        let (x, y) = (from_corner(self.at.0, wide), from_corner(self.at.1, high));
        while part.kind() == Kind::Quarters {
            (wide, high) = (wide - 1, high - 1);
            let quarter = (y >> high & 1) << 1 | x >> wide & 1;
            let place = (part.words[2] as usize) + quarter as usize * WORDS;
            part = Slot::at(self.words, place, WORDS);
        }
        if part.kind() == Kind::Crowded {
            return false;
        }
        let (x, y) = (in_cell(x, wide), in_cell(y, high));
        loop {
            let place = part.place(x, y);
            each(&part, place);
            if part.is_all(place) {
                return true;
            }
            let link = part.link();
            part = Slot::at(self.words, link.place as usize, link.size.into());
        }
    }

    /// The face after the parts that a link leads to.
    #[inline(always)]
    pub(super) fn follow<L: Lanes>(&self, first: u32, link: Link, lanes: L) -> Face {
        self.follow_from(first, link, self.at, lanes)
    }

    #[inline(always)]
    fn follow_from<L: Lanes>(&self, first: u32, mut link: Link, at: (i32, i32), lanes: L) -> Face {
        let mut value = first;
        loop {
            let part = Slot::at(self.words, link.place as usize, link.size.into());
            match sum(&part, part.place(at.0, at.1), lanes) {
                Some(sum) => value = value.wrapping_add(sum),
                None => return Face::ASK,
            }
            if part.is_all(part.place(at.0, at.1)) {
                return Face::of(value);
            }
            link = part.link();
        }
    }
}

/// What a slot says of a point from the middle of its cell.
#[inline(always)]
fn said<L: Lanes>(slot: &Slot<'_>, (x, y): (i32, i32), lanes: L) -> Said {
    let place = slot.place(x, y);
    match sum(slot, place, lanes) {
        Some(sum) if slot.is_all(place) => Said::Face(Face::of(sum)),
        Some(sum) => Said::Sum(sum, slot.link()),
        None => Said::Face(Face::ASK),
    }
}

/// The sum of a slot at a point, in 8ths of its coarse steps; `None` near an edge.
#[inline(always)]
fn sum<L: Lanes>(slot: &Slot<'_>, place: (i32, i32), lanes: L) -> Option<u32> {
    let mut crossed = lanes.compare(slot, place);
    let edges = slot.edges();
    crossed.edges &= edges;
    let sum = lanes.steps(slot, crossed).wrapping_add(slot.words[0]);
    (crossed.near & edges == 0).then_some(sum)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::cell::Scale;
    use super::super::part::{Part, Rest};
    use super::*;

    fn number() -> impl Strategy<Value = i32> {
        prop_oneof![-2048..2048, -1100..1100, -3..3]
    }

    /// A point of a cell, in 8ths.
    fn place() -> impl Strategy<Value = i32> {
        prop_oneof![-8_196..8_188, Just(-8_196), Just(8_187), -60..60]
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
                    prop_assert_eq!(sum(&part, place, One), Some(0), "{:?}", place);
                }
            }
        }
    }
}
