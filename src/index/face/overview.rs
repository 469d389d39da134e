//! What a lookup sees first: for most places in a cell of the root their tile, and where no edge comes near the cell its face.

use crate::model::Coord;

use super::plane::unsigned;
use super::root::{Frame, NO_TILE, QUARTERED, Root};
use super::tile::{Built, Square};
use super::{Face, ONE};

/// What is known of the ground of a cell: a face, the number of a tile, or where four entries for the quarters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry(u32);

/// In an entry: it is the number of a tile. Faces are below and at the very end, quarters between.
const TILE: u32 = 1 << 30;
const _: () = assert!(ONE <= TILE && TILE < QUARTERED && QUARTERED < Face::ASK.0);

/// The entries of all cells of a root.
#[derive(Clone, Debug)]
pub(super) struct Overview {
    frame: Frame,
    /// At the same places as those of the root: of the cells, one for all ground beyond them, the quarters.
    entries: Vec<Entry>,
}

impl Entry {
    pub(super) const NOWHERE: Self = Self(Face::NONE.0);

    fn of_face(face: Face) -> Self {
        Self(face.0)
    }

    fn of_tile(number: u32) -> Self {
        Self(TILE | number)
    }

    /// The face; anything where it is none.
    #[inline(always)]
    pub(super) fn face(self) -> Face {
        Face(self.0)
    }

    #[inline(always)]
    pub(super) fn is_face(self) -> bool {
        // The last two faces come before the first one.
        self.0.wrapping_sub(Face::ASK.0) < ONE.wrapping_sub(Face::ASK.0)
    }

    /// The number of the tile; anything where it is none.
    #[inline(always)]
    pub(super) fn tile(self) -> usize {
        (self.0 ^ TILE) as usize
    }

    /// Whether it is the number of a tile.
    #[inline(always)]
    pub(super) fn is_tile(self) -> bool {
        self.0 ^ TILE < TILE
    }

    /// Where the entries of the quarters are.
    #[inline(always)]
    fn quarters(self) -> Option<usize> {
        let place = self.0.wrapping_sub(QUARTERED);
        (place < Face::ASK.0 - QUARTERED).then_some(place as usize)
    }
}

impl Overview {
    /// That of a root none of whose tiles is built yet.
    pub(super) fn new(root: &Root) -> Self {
        let entry = |&entry: &u32| match entry {
            NO_TILE => Entry::of_face(Face::NONE),
            place if place & QUARTERED != 0 => Entry(place),
            tile => Entry::of_tile(tile),
        };
        Self {
            frame: root.frame,
            entries: root.entries.iter().map(entry).collect(),
        }
    }

    /// The cell that holds a place, or the one for all ground beyond.
    #[inline(always)]
    pub(super) fn cell(&self, at: Coord) -> u32 {
        self.frame.cell(unsigned(at.lon), unsigned(at.lat))
    }

    /// What is known of a cell.
    #[inline(always)]
    pub(super) fn of_cell(&self, cell: u32) -> Entry {
        self.entries[cell as usize]
    }

    /// What is known of a place in a cell of which this is known: no quarters.
    #[inline(always)]
    pub(super) fn below(&self, mut entry: Entry, at: Coord) -> Entry {
        let (x, y) = (unsigned(at.lon), unsigned(at.lat));
        let mut log = self.frame.log;
        // Most often it is a tile: that is asked first.
        while !entry.is_tile() {
            let Some(place) = entry.quarters() else {
                break;
            };
            log -= 1;
            entry = self.entries[place + ((y >> log & 1) << 1 | x >> log & 1) as usize];
        }
        entry
    }

    /// What is known of a place: no quarters.
    #[inline(always)]
    pub(super) fn entry(&self, at: Coord) -> Entry {
        let (x, y) = (unsigned(at.lon), unsigned(at.lat));
        match self.frame.cell_within(x, y) {
            Some(cell) => self.below(self.of_cell(cell), at),
            None => self.entry_beyond(),
        }
    }

    /// What is known of all ground beyond the cells. Beside the way of most points, not in the middle of it.
    #[cold]
    fn entry_beyond(&self) -> Entry {
        self.entries[self.frame.cells() as usize]
    }

    /// The places of entries that are to be others when the tile of a square was built anew, and what these then are.
    pub(super) fn changes(&self, square: Square, tile: u32, built: &Built) -> Vec<(usize, Entry)> {
        let (entry, even) = match built {
            Built::Even(face) => (Entry::of_face(*face), &[][..]),
            Built::Cut { even, .. } => (Entry::of_tile(tile), &even[..]),
        };
        let mut even = even.iter().peekable();
        let all = self.places(square).into_iter().map(|place| {
            let known = even.next_if(|(cell, _)| *cell == place);
            (
                place,
                known.map_or(entry, |(_, face)| Entry::of_face(*face)),
            )
        });
        all.filter(|&(place, entry)| self.entries[place] != entry)
            .collect()
    }

    /// Where the entries of a tile's square are.
    fn places(&self, square: Square) -> Vec<usize> {
        if square.log >= self.frame.log {
            return self.frame.within(square).map(|(_, cell)| cell).collect();
        }
        let mut place = self.frame.cell(square.x, square.y) as usize;
        for log in (square.log..self.frame.log).rev() {
            let quarter = (square.y >> log & 1) << 1 | square.x >> log & 1;
            let quarters = self.entries[place].quarters();
            place = quarters.expect("a smaller tile is in quarters") + quarter as usize;
        }
        vec![place]
    }

    pub(super) fn change(&mut self, changes: &[(usize, Entry)]) {
        for &(place, entry) in changes {
            self.entries[place] = entry;
        }
    }

    /// The face where the root has no tiles.
    pub(super) fn beyond(&self) -> Face {
        self.entry_beyond().face()
    }

    /// Says what the face is where the root has no tiles.
    pub(super) fn say_beyond(&mut self, root: &Root, face: Face) {
        for (entry, &tile) in self.entries.iter_mut().zip(&root.entries) {
            if tile == NO_TILE {
                *entry = Entry::of_face(face);
            }
        }
    }

    /// Bytes of memory.
    pub(super) fn size(&self) -> usize {
        size_of_val(&self.entries[..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_either_a_face_or_a_tile_or_quarters() {
        let faces = [Face::NONE, Face::ASK, Face(0), Face(ONE - 1)].map(Entry::of_face);
        let tiles = [0, 1, TILE - 1].map(Entry::of_tile);
        let quarters = [QUARTERED, QUARTERED | 1, Face::ASK.0 - 1].map(Entry);
        for entry in faces {
            assert!(entry.is_face() && entry.quarters().is_none(), "{entry:?}");
            assert!(!entry.is_tile(), "{entry:?}");
        }
        for (entry, number) in tiles.into_iter().zip([0, 1, TILE - 1]) {
            assert!(!entry.is_face() && entry.quarters().is_none(), "{entry:?}");
            assert!(entry.is_tile(), "{entry:?}");
            assert_eq!(entry.tile(), number as usize);
        }
        for entry in quarters {
            assert!(!entry.is_face() && !entry.is_tile(), "{entry:?}");
            assert_eq!(entry.quarters(), Some((entry.0 ^ QUARTERED) as usize));
        }
    }
}
