//! The anchor points of a layer's features in Z-order: what lies in a tile or a cell of any zoom lies side by side.

use std::sync::Arc;

use super::zorder::{ZCell, ZPlace};

/// Changed anchors that are kept beside the others before all are put in order anew: copying so many costs microseconds.
const LOOSE: usize = 4096;

/// Where a feature counts, and what a count asks of it. 16 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Anchor {
    pub place: ZPlace,
    /// Of the feature in its layer.
    pub position: u32,
    /// The first zoom at which it is as large as a pixel.
    pub from_zoom: u8,
    /// What it counts as, where its layer counts by a field.
    pub category: u8,
    /// Whether it holds at all times.
    pub is_always: bool,
}

impl Anchor {
    /// What tells it from others, in their order: one number, which is compared without a branch.
    fn key(&self) -> u128 {
        u128::from(self.place.number()) << 32 | u128::from(self.position)
    }
}

/// All anchors of a layer. A change shares the row that was put in order and keeps beside it what differs.
#[derive(Clone, Debug)]
pub struct Anchors {
    /// In Z-order, then by position.
    settled: Arc<[Anchor]>,
    /// Those of `settled` that count no more, by their number there, ascending.
    void: Vec<u32>,
    /// The youngest, in the same order.
    loose: Vec<Anchor>,
}

impl Anchors {
    /// Puts anchors in order, by so many threads.
    #[must_use]
    pub fn build(mut anchors: Vec<Anchor>, threads: usize) -> Self {
        let share = anchors.len().div_ceil(threads.max(1)).max(1);
        std::thread::scope(|scope| {
            for piece in anchors.chunks_mut(share) {
                scope.spawn(|| piece.sort_unstable_by_key(Anchor::key));
            }
        });
        Self::settled(anchors)
    }

    /// A stable sort finds the ascending rows and merges them.
    fn settled(mut anchors: Vec<Anchor>) -> Self {
        anchors.sort_by_key(Anchor::key);
        Self {
            settled: anchors.into(),
            void: Vec::new(),
            loose: Vec::new(),
        }
    }

    /// These without some and with others. It costs a copy of what changed since all were put in order; now and then all are
    /// put in order anew.
    #[must_use]
    pub fn changed(&self, gone: &[Anchor], fresh: Vec<Anchor>) -> Self {
        let mut next = self.clone();
        for anchor in gone {
            let key = anchor.key();
            if let Ok(at) = next.loose.binary_search_by_key(&key, Anchor::key) {
                next.loose.remove(at);
            } else if let Ok(at) = next.settled.binary_search_by_key(&key, Anchor::key) {
                next.void.extend(u32::try_from(at).ok());
            }
        }
        next.void.sort_unstable();
        next.void.dedup();
        next.loose.extend(fresh);
        next.loose.sort_unstable_by_key(Anchor::key);
        if next.void.len() + next.loose.len() > LOOSE {
            next = Self::settled(
                next.in_cell(ZCell::new(0, 0, 0))
                    .flatten()
                    .copied()
                    .collect(),
            );
        }
        next
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.settled.len() - self.void.len() + self.loose.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of memory.
    #[must_use]
    pub fn size(&self) -> usize {
        size_of_val(&*self.settled) + size_of_val(&*self.void) + size_of_val(&*self.loose)
    }

    /// Those in a cell, in Z-order, in rows that follow one another.
    #[must_use]
    pub fn in_cell(&self, cell: ZCell) -> Rows<'_> {
        let (settled, offset) = within(&self.settled, cell);
        let numbers = offset..offset + settled.len();
        let from = self
            .void
            .partition_point(|&at| (at as usize) < numbers.start);
        let to = self.void.partition_point(|&at| (at as usize) < numbers.end);
        Rows {
            settled,
            offset,
            void: &self.void[from..to],
            loose: within(&self.loose, cell).0,
        }
    }

    /// Whether all are in order, none beside.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.void.is_empty() && self.loose.is_empty()
    }

    /// How many lie in a cell, without looking at each.
    #[must_use]
    pub fn count(&self, cell: ZCell) -> usize {
        let rows = self.in_cell(cell);
        rows.settled.len() - rows.void.len() + rows.loose.len()
    }

    /// The deepest level of cells of which one holds more than `count`; `None` where not even the world does. What changed
    /// since all were put in order does not count.
    #[must_use]
    pub fn crowded_level(&self, count: usize) -> Option<u8> {
        let ends = self.settled.iter().zip(self.settled.get(count..)?);
        let shared = ends.map(|(first, last)| first.place.shared_level(last.place));
        shared.max()
    }
}

/// Those of a row in Z-order that lie in a cell, and how many come before them.
fn within(row: &[Anchor], cell: ZCell) -> (&[Anchor], usize) {
    let from = row.partition_point(|anchor| anchor.place < cell.first());
    let rest = &row[from..];
    let count = rest.partition_point(|anchor| anchor.place <= cell.last());
    (&rest[..count], from)
}

/// Anchors in Z-order, in rows.
#[derive(Clone, Debug)]
pub struct Rows<'a> {
    settled: &'a [Anchor],
    /// The number of the first of `settled` among all.
    offset: usize,
    void: &'a [u32],
    loose: &'a [Anchor],
}

impl<'a> Iterator for Rows<'a> {
    type Item = &'a [Anchor];

    fn next(&mut self) -> Option<&'a [Anchor]> {
        while self
            .void
            .first()
            .is_some_and(|&at| at as usize == self.offset)
        {
            self.void = &self.void[1..];
            self.settled = &self.settled[1..];
            self.offset += 1;
        }
        let end = self
            .void
            .first()
            .map_or(self.settled.len(), |&at| at as usize - self.offset);
        let row = &self.settled[..end];
        let (row, is_settled) = match (self.loose.first(), row.first()) {
            (None, _) => (row, true),
            (Some(loose), Some(settled)) if settled < loose => {
                (&row[..row.partition_point(|anchor| anchor < loose)], true)
            }
            (Some(_), Some(settled)) => {
                let count = self.loose.partition_point(|anchor| anchor < settled);
                (&self.loose[..count.max(1)], false)
            }
            (Some(_), None) => (self.loose, false),
        };
        if is_settled {
            self.settled = &self.settled[row.len()..];
            self.offset += row.len();
        } else {
            self.loose = &self.loose[row.len()..];
        }
        (!row.is_empty()).then_some(row)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn anchor(position: u32, (x, y): (u32, u32)) -> Anchor {
        Anchor {
            place: ZPlace::new(x, y),
            position,
            from_zoom: 0,
            category: 0,
            is_always: true,
        }
    }

    fn all(anchors: &Anchors, cell: ZCell) -> Vec<Anchor> {
        anchors.in_cell(cell).flatten().copied().collect()
    }

    /// Places in a corner of the world and all over it.
    fn place() -> impl Strategy<Value = (u32, u32)> {
        prop_oneof![(0..40u32, 0..40u32), any::<(u32, u32)>()]
    }

    #[test]
    fn an_anchor_takes_16_bytes() {
        assert_eq!(size_of::<Anchor>(), 16);
    }

    #[test]
    fn the_crowded_level_is_that_of_the_smallest_cell_with_more_than_so_many() {
        let near = (0..5).map(|n| anchor(n, (n, 0)));
        let anchors = Anchors::build(near.chain([anchor(9, (u32::MAX, 7))]).collect(), 2);
        // Four in a cell 4 wide, five in one 8 wide.
        assert_eq!(anchors.crowded_level(3), Some(30));
        assert_eq!(anchors.crowded_level(4), Some(29));
        assert_eq!(anchors.crowded_level(5), Some(0));
        assert_eq!(anchors.crowded_level(6), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn every_cell_holds_what_a_look_at_each_anchor_finds_whatever_changed(
            first in prop::collection::vec(place(), 0..300),
            changes in prop::collection::vec(
                prop::collection::btree_map(0..400_u32, prop::option::weighted(0.7, place()), 0..60),
                0..8,
            ),
            threads in 1..4_usize,
        ) {
            let mut known: BTreeMap<u32, (u32, u32)> = (0..).zip(first).collect();
            let built = known.iter().map(|(position, at)| anchor(*position, *at)).collect();
            let mut anchors = Anchors::build(built, threads);
            for change in changes {
                let gone = change.keys().filter_map(|position| Some(anchor(*position, *known.get(position)?)));
                let gone: Vec<Anchor> = gone.collect();
                let mut fresh = Vec::new();
                for (position, at) in change {
                    match at {
                        Some(at) => {
                            known.insert(position, at);
                            fresh.push(anchor(position, at));
                        }
                        None => { known.remove(&position); }
                    }
                }
                anchors = anchors.changed(&gone, fresh);
            }
            prop_assert_eq!(anchors.len(), known.len());
            for (level, x, y) in [(0, 0, 0), (1, 0, 0), (1, 1, 1), (27, 0, 0), (29, 1, 2), (32, 3, 3)] {
                let cell = ZCell::new(level, x, y);
                let is_in = |at: (u32, u32)| ZCell::around(ZPlace::new(at.0, at.1), level) == cell;
                let mut expected: Vec<Anchor> = known.iter()
                    .filter(|(_, at)| is_in(**at))
                    .map(|(position, at)| anchor(*position, *at))
                    .collect();
                expected.sort_unstable();
                prop_assert_eq!(anchors.count(cell), expected.len());
                prop_assert_eq!(all(&anchors, cell), expected);
            }
        }
    }

    #[test]
    fn changes_beyond_some_thousands_are_put_in_order_with_the_others() {
        let grown = (0..3).fold(Anchors::build(vec![], 1), |anchors, turn| {
            let fresh = (0..3000).map(|n| anchor(turn * 3000 + n, (n * 7919 % 3000, turn)));
            anchors.changed(&[], fresh.collect())
        });
        assert_eq!((grown.len(), grown.loose.len()), (9000, 3000));
        assert!(all(&grown, ZCell::new(0, 0, 0)).is_sorted());
    }
}
