//! A frozen R-tree in two flat arrays: 21 bytes a feature, and no allocation for a search.

use crate::model::{Bounds, Coord};

/// Boxes in a row: the children of one node.
const ROW: usize = 16;
/// Levels of a tree with as many entries as a `u32` can number.
const LEVELS: usize = 8;

/// Fewer entries are not worth a thread.
const ALONE: usize = 1 << 12;

/// The bounds of one feature, as the trees keep them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) bounds: Bounds,
    pub(super) position: u32,
}

/// A frozen R-tree.
#[derive(Debug)]
pub(super) struct Packed {
    /// The boxes of the entries, those of each row near each other; then the boxes around each row, in the same order; and so
    /// on, up to one row.
    boxes: Vec<Bounds>,
    /// Of the entries, in the order of their boxes.
    positions: Vec<u32>,
    /// Where each level begins in the boxes, from the entries up; the end of the boxes comes last.
    begins: Vec<usize>,
}

/// One row of a level; the n-th box of a level is around its n-th row of the level below.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    level: usize,
    number: usize,
}

/// What a box of a row is around.
#[derive(Clone, Copy, Debug)]
pub(super) enum Child {
    Row(Row),
    /// A feature, by its position.
    Feature(u32),
}

impl Packed {
    pub(super) fn build(entries: &[Entry], threads: usize) -> Self {
        let mut boxes = Vec::with_capacity(entries.len() + entries.len() / (ROW - 1) + LEVELS);
        let mut positions = Vec::with_capacity(entries.len());
        for middle in in_rows(entries, threads) {
            let Entry { bounds, position } = entries[middle.entry as usize];
            boxes.push(bounds);
            positions.push(position);
        }
        let mut begins = vec![0];
        let mut begin = 0;
        while boxes.len() - begin > ROW {
            let end = boxes.len();
            begins.push(end);
            for row in (begin..end).step_by(ROW) {
                let row = boxes[row..end.min(row + ROW)].iter().copied();
                boxes.extend(row.reduce(Bounds::union));
            }
            begin = end;
        }
        begins.push(boxes.len());
        Self {
            boxes,
            positions,
            begins,
        }
    }

    /// How many entries there are.
    pub(super) fn len(&self) -> usize {
        self.positions.len()
    }

    /// Bytes of memory.
    pub(super) fn size(&self) -> usize {
        size_of_val(&*self.boxes) + size_of_val(&*self.positions)
    }

    pub(super) fn entries(&self) -> impl Iterator<Item = Entry> {
        let boxes = self.boxes.iter().zip(&self.positions);
        boxes.map(|(&bounds, &position)| Entry { bounds, position })
    }

    /// The row of the highest level.
    pub(super) fn top(&self) -> Row {
        Row {
            level: self.begins.len() - 2,
            number: 0,
        }
    }

    fn boxes(&self, row: Row) -> &[Bounds] {
        let begin = self.begins[row.level] + row.number * ROW;
        let end = self.begins[row.level + 1].min(begin + ROW);
        &self.boxes[begin..end]
    }

    fn child(&self, row: Row, place: usize) -> Child {
        let number = row.number * ROW + place;
        match row.level.checked_sub(1) {
            Some(level) => Child::Row(Row { level, number }),
            None => Child::Feature(self.positions[number]),
        }
    }

    /// The boxes of a row, and what they are around.
    pub(super) fn children(&self, row: Row) -> impl Iterator<Item = (Bounds, Child)> {
        let boxes = self.boxes(row).iter().enumerate();
        boxes.map(move |(place, &bounds)| (bounds, self.child(row, place)))
    }

    /// The entries whose bounds meet the box, touching included.
    pub(super) fn meeting(&self, bounds: Bounds) -> Meeting<'_> {
        let mut meeting = Meeting {
            tree: self,
            bounds,
            level: 0,
            open: [Open::default(); LEVELS],
        };
        meeting.open(self.top());
        meeting
    }
}

/// The walk of [`Packed::meeting`], down into one row after the other.
#[derive(Clone, Debug)]
pub(super) struct Meeting<'a> {
    tree: &'a Packed,
    bounds: Bounds,
    /// Of the lowest open row.
    level: usize,
    /// The row that is open on each level.
    open: [Open; LEVELS],
}

/// A row that is being walked through.
#[derive(Clone, Copy, Debug, Default)]
struct Open {
    row: usize,
    /// One bit for each of its boxes that meets the one asked for and was not gone into yet.
    left: u16,
}

impl Meeting<'_> {
    fn open(&mut self, row: Row) {
        let mut left = 0;
        for (place, bounds) in self.tree.boxes(row).iter().enumerate() {
            left |= u16::from(meets(*bounds, self.bounds)) << place;
        }
        self.level = row.level;
        self.open[row.level] = Open {
            row: row.number,
            left,
        };
    }
}

impl Iterator for Meeting<'_> {
    type Item = Entry;

    #[inline]
    fn next(&mut self) -> Option<Entry> {
        loop {
            // Levels above the tree's have nothing open, so that the walk ends beyond the last.
            let open = self.open.get_mut(self.level)?;
            if open.left == 0 {
                self.level += 1;
                continue;
            }
            let row = Row {
                level: self.level,
                number: open.row,
            };
            let place = open.left.trailing_zeros() as usize;
            open.left &= open.left - 1;
            match self.tree.child(row, place) {
                Child::Row(row) => self.open(row),
                Child::Feature(position) => {
                    // Rows of the lowest level begin where all boxes do.
                    let bounds = self.tree.boxes[row.number * ROW + place];
                    return Some(Entry { bounds, position });
                }
            }
        }
    }
}

/// As [`Bounds::meets`].
#[expect(
    clippy::needless_bitwise_bool,
    reason = "all four at once: which of them fails cannot be foreseen"
)]
fn meets(a: Bounds, b: Bounds) -> bool {
    (a.min.lon <= b.max.lon)
        & (b.min.lon <= a.max.lon)
        & (a.min.lat <= b.max.lat)
        & (b.min.lat <= a.max.lat)
}

/// The middle of an entry's box.
#[derive(Clone, Copy)]
struct Middle {
    at: Coord,
    /// The number of the entry.
    entry: u32,
}

/// The middles in an order in which each row of each level lies close together.
fn in_rows(entries: &[Entry], threads: usize) -> Vec<Middle> {
    let middle = |(entry, &Entry { bounds, .. }): (u32, &Entry)| Middle {
        at: Coord {
            lon: bounds.min.lon.midpoint(bounds.max.lon),
            lat: bounds.min.lat.midpoint(bounds.max.lat),
        },
        entry,
    };
    let mut middles: Vec<Middle> = (0..).zip(entries).map(middle).collect();
    halve(&mut middles, threads);
    middles
}

/// Parts the middles across their longer side, between two rows of the highest level that they need, and then both parts, by so many
/// threads.
fn halve(middles: &mut [Middle], threads: usize) {
    if middles.len() <= ROW {
        return;
    }
    let mut row = ROW;
    while row * ROW < middles.len() {
        row *= ROW;
    }
    let half = middles.len().div_ceil(row) / 2 * row;
    if is_wide(middles) {
        middles.select_nth_unstable_by_key(half, |middle| middle.at.lon);
    } else {
        middles.select_nth_unstable_by_key(half, |middle| middle.at.lat);
    }
    let (low, high) = middles.split_at_mut(half);
    let others = threads / 2;
    if others == 0 || low.len() < ALONE {
        halve(low, 1);
        return halve(high, 1);
    }
    std::thread::scope(|scope| {
        scope.spawn(|| halve(low, others));
        halve(high, threads - others);
    });
}

fn is_wide(middles: &[Middle]) -> bool {
    let around = Bounds::around(middles.iter().map(|middle| middle.at));
    around.is_some_and(|Bounds { min, max }| max.lon.abs_diff(min.lon) > max.lat.abs_diff(min.lat))
}
