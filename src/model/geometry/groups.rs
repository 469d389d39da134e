//! Where the edges of a long ring are: groups of them, each with its box, so that a look at one place passes over the others.
//!
//! A group begins with a chunk. It is kept in 32 bytes: its first vertex, the south-west and the north-east corner of its box,
//! how many steps it has, and how many bytes after those of the first chunk, or of the first reference, it begins. Before all
//! groups stands the box around each row of them.

use super::super::{Bounds, Coord};
use super::record::{put, take, take_bytes};

/// Rings of more vertices have groups.
pub(super) const LONG: usize = 512;
/// Steps of a group at least, but for the last.
const STEPS: usize = 48;
/// Bytes of a group, and where its box begins in them.
const BYTES: usize = 32;
const BOX: usize = 8;
/// Bytes of a box.
pub(super) const BOX_BYTES: usize = 16;
/// Groups of a row.
const ROW: usize = 16;

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
        for row in groups.chunks(ROW) {
            let boxes = row.iter().map(|group| group.bounds);
            boxes
                .reduce(Bounds::union)
                .into_iter()
                .for_each(|bounds| write_box(bounds, out));
        }
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
        out.extend(self.first.lon.to_le_bytes());
        out.extend(self.first.lat.to_le_bytes());
        write_box(self.bounds, out);
        for number in [self.steps, self.offset] {
            // A record has fewer than 2^32 bytes, and so has a ring fewer steps.
            out.extend(u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes());
        }
    }

    fn read(mut bytes: &[u8]) -> Self {
        let first = Coord {
            lon: i32::from_le_bytes(take_bytes(&mut bytes)),
            lat: i32::from_le_bytes(take_bytes(&mut bytes)),
        };
        Self {
            first,
            bounds: take_box(&mut bytes),
            steps: u32::from_le_bytes(take_bytes(&mut bytes)) as usize,
            offset: u32::from_le_bytes(take_bytes(&mut bytes)) as usize,
        }
    }
}

pub(super) fn write_box(bounds: Bounds, out: &mut Vec<u8>) {
    for at in [bounds.min, bounds.max] {
        out.extend(at.lon.to_le_bytes());
        out.extend(at.lat.to_le_bytes());
    }
}

/// Takes a box from the front of the bytes.
#[inline]
pub(super) fn take_box(bytes: &mut &[u8]) -> Bounds {
    let mut coord = || Coord {
        lon: i32::from_le_bytes(take_bytes(bytes)),
        lat: i32::from_le_bytes(take_bytes(bytes)),
    };
    let [min, max] = [coord(), coord()];
    Bounds { min, max }
}

/// The groups of a ring that are left; none of a short one.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Groups<'a> {
    /// The boxes around the rows that were not begun.
    boxes: &'a [u8],
    /// The rest of the row that was begun, and all rows after it.
    row: &'a [u8],
    rows: &'a [u8],
}

impl<'a> Groups<'a> {
    /// Takes the groups of a long ring from the front of the bytes.
    pub(super) fn take(bytes: &mut &'a [u8]) -> Self {
        let count = take(bytes);
        let lengths = [
            count.div_ceil(ROW).saturating_mul(BOX_BYTES),
            count.saturating_mul(BYTES),
        ];
        let [boxes, rows] = lengths.map(|length| {
            let (taken, rest) = bytes.split_at_checked(length).unwrap_or_default();
            *bytes = rest;
            taken
        });
        let row = &[];
        Self { boxes, row, rows }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.row.is_empty() && self.rows.is_empty()
    }

    /// The box around all groups, of which none was taken yet.
    pub(super) fn bounds(mut self) -> Option<Bounds> {
        let rows = std::iter::from_fn(|| {
            let is_left = !self.boxes.is_empty();
            is_left.then(|| take_box(&mut self.boxes))
        });
        rows.reduce(Bounds::union)
    }

    /// The next group whose box meets one.
    #[inline]
    pub(super) fn next_near(&mut self, bounds: Bounds) -> Option<Group> {
        loop {
            while let Some((group, rest)) = self.row.split_at_checked(BYTES) {
                self.row = rest;
                if take_box(&mut &group[BOX..]).meets(bounds) {
                    return Some(Group::read(group));
                }
            }
            self.next_row(bounds)?;
        }
    }

    /// Begins the next row whose box meets one.
    fn next_row(&mut self, bounds: Bounds) -> Option<()> {
        loop {
            if self.boxes.is_empty() {
                (self.row, self.rows) = (&[], &[]);
                return None;
            }
            let around = take_box(&mut self.boxes);
            (self.row, self.rows) = self.rows.split_at(self.rows.len().min(ROW * BYTES));
            if around.meets(bounds) {
                return Some(());
            }
        }
    }
}
