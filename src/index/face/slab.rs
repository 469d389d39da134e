//! The memory that tiles lie in: large, of huge pages where the system has them, shared between snapshots.

use memmap2::{Advice, MmapMut};

/// Words after the last tile that may be read but mean nothing: vertices are read eight at a time.
const MARGIN: usize = 64;

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

impl Slab {
    /// Copies tiles into one slab.
    pub(super) fn of<'a>(tiles: impl Iterator<Item = &'a [u32]> + Clone) -> Self {
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
