//! Where the edges of a long ring are: groups of them, each with its box, so that a look at one place passes over the others.
//!
//! A group begins with a chunk. It is kept in 32 bytes: its first vertex, the south-west and the north-east corner of its box,
//! how many steps it has, and how many bytes after those of the first chunk, or of the first reference, it begins.

use super::super::{Bounds, Coord};
use super::record::{put, take_bytes};

/// Rings of more vertices have groups.
pub(super) const LONG: usize = 512;
/// Steps of a group at least, but for the last.
const STEPS: usize = 128;
/// Bytes of a group.
pub(super) const BYTES: usize = 32;

/// Some edges of a ring.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group {
    pub first: Coord,
    pub bounds: Bounds,
    pub steps: usize,
    pub offset: usize,
}

/// Writes the groups of a ring, where it is long: before what leads to its other vertices. `chunks` says for each chunk how
/// many bytes after the first one, or after the first reference, it or its reference begins, and how many steps it has.
pub(super) fn write(
    ring: impl ExactSizeIterator<Item = Coord> + Clone,
    chunks: impl Iterator<Item = (usize, usize)>,
    out: &mut Vec<u8>,
) {
    if ring.len() > LONG {
        let groups = groups(ring, chunks);
        put(groups.len(), out);
        for group in groups {
            group.write(out);
        }
    }
}

fn groups(
    ring: impl Iterator<Item = Coord> + Clone,
    chunks: impl Iterator<Item = (usize, usize)>,
) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let closing = ring.clone().take(1);
    let mut ring = ring.chain(closing);
    let Some(mut at) = ring.next() else {
        return groups;
    };
    for (offset, steps) in chunks {
        if groups.last().is_none_or(|group| group.steps >= STEPS) {
            groups.push(Group {
                first: at,
                bounds: Bounds::of(at),
                steps: 0,
                offset,
            });
        }
        if let Some(group) = groups.last_mut() {
            for to in ring.by_ref().take(steps) {
                group.bounds = group.bounds.union(Bounds::of(to));
                at = to;
            }
            group.steps += steps;
        }
    }
    // The closing edge, where no chunk has it.
    if let Some(group) = groups.last_mut() {
        group.bounds = ring.map(Bounds::of).fold(group.bounds, Bounds::union);
    }
    groups
}

impl Group {
    fn write(self, out: &mut Vec<u8>) {
        for at in [self.first, self.bounds.min, self.bounds.max] {
            out.extend(at.lon.to_le_bytes());
            out.extend(at.lat.to_le_bytes());
        }
        for number in [self.steps, self.offset] {
            // A record has fewer than 2^32 bytes, and so has a ring fewer steps.
            out.extend(u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes());
        }
    }

    /// Takes a group from the front of the bytes.
    #[inline]
    pub(super) fn take(bytes: &mut &[u8]) -> Self {
        let mut coord = || Coord {
            lon: i32::from_le_bytes(take_bytes(bytes)),
            lat: i32::from_le_bytes(take_bytes(bytes)),
        };
        let [first, min, max] = [coord(), coord(), coord()];
        Self {
            first,
            bounds: Bounds { min, max },
            steps: u32::from_le_bytes(take_bytes(bytes)) as usize,
            offset: u32::from_le_bytes(take_bytes(bytes)) as usize,
        }
    }
}
