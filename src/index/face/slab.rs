//! The memory that tiles lie in: large, of huge pages where the system has them, shared between snapshots.

use std::sync::Arc;

use memmap2::{Advice, MmapMut};

use super::slot::WORDS;

/// Words after the last tile that may be read but mean nothing.
const MARGIN: usize = WORDS;

/// The words of many tiles, one after the other.
#[derive(Debug)]
pub(super) enum Slab {
    /// A few tiles.
    Small(Box<[u32]>),
    /// Whole pages: with huge ones a lookup asks the page tables far less often.
    Large(MmapMut),
}

/// Slabs of fewer words lie on the heap.
const LARGE: usize = 1 << 20;

/// Words of the largest slab: 64 MiB. What a change leaves of a slab is copied when much of it is dead, and that is bounded.
const LARGEST: usize = 1 << 24;

/// Where the words of a tile begin: in which slab, and where in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub slab: u32,
    pub start: u32,
}

impl Slab {
    /// Copies tiles into as many slabs as they need, in their order, and tells where each is.
    pub(super) fn pack(tiles: &[&[u32]]) -> (Vec<Arc<Self>>, Vec<Place>) {
        let (mut slabs, mut places) = (Vec::new(), Vec::with_capacity(tiles.len()));
        let mut tiles = tiles;
        while !tiles.is_empty() {
            let slab = u32::try_from(slabs.len()).expect("fewer slabs than tiles");
            let mut end = 0;
            let fitting = tiles.iter().take_while(|tile| {
                let start = end;
                end += tile.len();
                let is_fitting = start == 0 || end <= LARGEST;
                if is_fitting {
                    let start = u32::try_from(start).expect("no more than the largest slab");
                    places.push(Place { slab, start });
                }
                is_fitting
            });
            let (these, rest) = tiles.split_at(fitting.count());
            slabs.push(Arc::new(Self::of(these.iter().copied())));
            tiles = rest;
        }
        (slabs, places)
    }

    /// Bytes of it that are not on the heap.
    pub(super) fn mapped(&self) -> usize {
        match self {
            Self::Small(_) => 0,
            Self::Large(map) => map.len(),
        }
    }

    /// Words of all tiles that were copied into it.
    pub(super) fn filled(&self) -> usize {
        self.words().len() - MARGIN
    }

    /// Copies tiles into one slab.
    fn of<'a>(tiles: impl Iterator<Item = &'a [u32]> + Clone) -> Self {
        let count = tiles.clone().map(<[u32]>::len).sum::<usize>() + MARGIN;
        let mapped = (count >= LARGE).then(|| MmapMut::map_anon(count * size_of::<u32>()));
        let Some(Ok(mut map)) = mapped else {
            let words = tiles.flatten().copied().chain([0; MARGIN]);
            return Self::Small(words.collect());
        };
        // Without huge pages it is only slower.
        let _ = map.advise(Advice::HugePage);
        let words: &mut [u32] = bytemuck::cast_slice_mut(&mut map);
        let mut at = 0;
        for tile in tiles {
            words[at..at + tile.len()].copy_from_slice(tile);
            at += tile.len();
        }
        Self::Large(map)
    }

    #[inline]
    pub(super) fn words(&self) -> &[u32] {
        match self {
            Self::Small(words) => words,
            Self::Large(map) => bytemuck::cast_slice(map),
        }
    }
}
