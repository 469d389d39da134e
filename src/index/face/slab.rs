//! The memory that tiles lie in: large, of huge pages where the system has them, shared between snapshots.

use std::fmt;
use std::ptr::NonNull;
use std::sync::Arc;

use bytemuck::{Pod, Zeroable};
use memmap2::{Advice, MmapMut};

use crate::model::each;

use super::slot::WORDS;

/// A line of the cache.
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
#[repr(C, align(64))]
pub(super) struct Line(pub [u32; WORDS]);

/// Lines of many tiles, one after the other.
#[derive(Clone)]
pub(super) struct Slab {
    /// At hand, since each lookup goes through it.
    lines: NonNull<[Line]>,
    /// What they lie in; nobody writes there any more.
    _memory: Arc<dyn Send + Sync>,
}

#[expect(
    unsafe_code,
    reason = "a slice that its owner keeps, one step of memory nearer than through the owner"
)]
// SAFETY: the lines are only read, and what keeps them where they are may go between threads itself.
unsafe impl Send for Slab {}
#[expect(unsafe_code, reason = "as above")]
// SAFETY: as above.
unsafe impl Sync for Slab {}

impl fmt::Debug for Slab {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "a slab of {} lines", self.lines.len())
    }
}

/// Lines after the last tile that may be read but mean nothing.
const MARGIN: usize = 1;

/// Bytes of a huge page.
const HUGE: usize = 1 << 21;

/// Slabs of fewer lines lie on the heap. Larger ones fill much of the second cache, and small pages, which lie anywhere, would
/// share it badly.
const LARGE: usize = HUGE / 4 * 3 / size_of::<Line>();

/// Lines of the largest slab: 64 MiB. What a change leaves of a slab is copied when much of it is dead, and that is bounded.
const LARGEST: usize = 1 << 20;

/// Where the lines of a tile begin: in which slab, and where in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub slab: u32,
    pub start: u32,
}

/// Copies tiles into as many slabs as they need, in their order, by so many threads, and tells where each is.
pub(super) fn pack(tiles: &[&[Line]], threads: usize) -> (Vec<Slab>, Vec<Place>) {
    let (mut parts, mut places) = (Vec::new(), Vec::with_capacity(tiles.len()));
    let (mut first, mut end) = (0, 0);
    for (number, tile) in tiles.iter().enumerate() {
        if end > 0 && end + tile.len() > LARGEST {
            parts.push(&tiles[first..number]);
            (first, end) = (number, 0);
        }
        places.push(Place {
            slab: u32::try_from(parts.len()).expect("fewer slabs than tiles"),
            start: u32::try_from(end).expect("no more than the largest slab"),
        });
        end += tile.len();
    }
    if first < tiles.len() {
        parts.push(&tiles[first..]);
    }
    let slabs = each(parts.len(), threads, |(): &mut (), part| {
        Slab::of(parts[part])
    });
    (slabs, places)
}

/// How many of so many bytes lie in huge pages: the last one counts where no more than a quarter of it is left empty.
fn huge_part(bytes: usize) -> usize {
    (bytes + HUGE / 4) / HUGE * HUGE
}

impl Slab {
    /// Copies tiles into one slab.
    fn of(tiles: &[&[Line]]) -> Self {
        let count = tiles.iter().map(|tile| tile.len()).sum::<usize>() + MARGIN;
        // Whole pages begin where huge ones may.
        let bytes = count * size_of::<Line>();
        let mapped = (count >= LARGE).then(|| MmapMut::map_anon(bytes.next_multiple_of(HUGE)));
        let Some(Ok(mut map)) = mapped else {
            let margin = [Line::zeroed(); MARGIN];
            let lines = tiles.iter().copied().chain([&margin[..]]).flatten();
            let lines: Arc<Vec<Line>> = Arc::new(lines.copied().collect());
            return Self {
                lines: NonNull::from(lines.as_slice()),
                _memory: lines,
            };
        };
        // Before the pages are touched; without huge ones it is only slower.
        let (huge, all) = (huge_part(bytes), map.len());
        let _ = map.advise_range(Advice::HugePage, 0, huge);
        if huge < all {
            // What is not touched of these takes nothing.
            let _ = map.advise_range(Advice::NoHugePage, huge, all - huge);
        }
        let lines: &mut [Line] = &mut bytemuck::cast_slice_mut(&mut map)[..count];
        let mut at = 0;
        for tile in tiles {
            lines[at..at + tile.len()].copy_from_slice(tile);
            at += tile.len();
        }
        Self {
            lines: NonNull::from(lines),
            _memory: Arc::new(map),
        }
    }

    #[inline(always)]
    pub(super) fn lines(&self) -> &[Line] {
        #[expect(unsafe_code, reason = "as above")]
        // SAFETY: they lie in the memory that is held, which does not move, and nobody writes there.
        unsafe {
            self.lines.as_ref()
        }
    }

    /// Whether it is large enough to lie beside the heap, as it does unless the system refuses.
    pub(super) fn is_mapped(&self) -> bool {
        self.lines.len() >= LARGE
    }

    /// Bytes of memory.
    pub(super) fn size(&self) -> usize {
        let bytes = size_of_val(self.lines());
        let least = if self.is_mapped() {
            huge_part(bytes)
        } else {
            0
        };
        bytes.max(least)
    }

    /// Lines of all tiles that were copied into it.
    pub(super) fn filled(&self) -> usize {
        self.lines.len() - MARGIN
    }
}
