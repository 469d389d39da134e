//! The vertices of one square of ground, numbered as they come.

use crate::model::Coord;

/// In place of the two vertices beside one: not known yet.
const UNKNOWN: u64 = u64::MAX;
/// In place of the two vertices beside one: it is a node.
pub(super) const NODE: u64 = u64::MAX - 1;

/// The vertices of a square, each with a number.
#[derive(Debug, Default)]
pub(super) struct Vertices {
    pub coords: Vec<Coord>,
    /// The two vertices beside each, the lower number first; [`UNKNOWN`], or [`NODE`].
    pub beside: Vec<u64>,
    /// By a hash of the place: 0 where free, else the number of a vertex, plus one.
    slots: Vec<u32>,
}

impl Vertices {
    /// Begins anew, for a square of so many edges.
    pub(super) fn clear(&mut self, edges: usize) {
        self.coords.clear();
        self.beside.clear();
        // Most vertices are on two edges at least; what is small stays in the cache.
        self.slots.clear();
        self.slots.resize(edges.next_power_of_two().max(1024), 0);
    }

    /// The number of a vertex that follows another one. Where that was numbered along an arc, it is one more or one less, as it
    /// was on the way before.
    #[inline]
    pub(super) fn number(&mut self, at: Coord, last: u32, way: &mut u32) -> u32 {
        let [next, other] = [last.wrapping_add(*way), last.wrapping_sub(*way)];
        if self.coords.get(next as usize) == Some(&at) {
            return next;
        }
        if self.coords.get(other as usize) == Some(&at) {
            *way = way.wrapping_neg();
            return other;
        }
        self.look_up(at)
    }

    /// Notes that two vertices are beside one; it is a node where others are too.
    #[inline]
    pub(super) fn note(&mut self, at: u32, before: u32, after: u32) {
        let sides = u64::from(before.min(after)) << 32 | u64::from(before.max(after));
        let known = &mut self.beside[at as usize];
        if *known != sides {
            *known = if *known == UNKNOWN { sides } else { NODE };
        }
    }

    fn look_up(&mut self, at: Coord) -> u32 {
        let mask = self.slots.len() - 1;
        let mut slot = hash(at) & mask;
        while let Some(known) = self.slots[slot].checked_sub(1) {
            if self.coords[known as usize] == at {
                return known;
            }
            slot = (slot + 1) & mask;
        }
        self.coords.push(at);
        self.beside.push(UNKNOWN);
        let count = u32::try_from(self.coords.len()).expect("fewer than 2^32 vertices in a square");
        self.slots[slot] = count;
        if self.coords.len() * 2 > self.slots.len() {
            self.grow();
        }
        count - 1
    }

    fn grow(&mut self) {
        let size = self.slots.len() * 4;
        self.slots.clear();
        self.slots.resize(size, 0);
        for (number, &at) in (1..).zip(&self.coords) {
            let mut slot = hash(at) & (size - 1);
            while self.slots[slot] != 0 {
                slot = (slot + 1) & (size - 1);
            }
            self.slots[slot] = number;
        }
    }
}

fn hash(at: Coord) -> usize {
    spread(u64::from(at.lon.cast_unsigned()) << 32 | u64::from(at.lat.cast_unsigned()))
}

/// Spreads words over slots; good in its low bits.
pub(super) fn spread(word: u64) -> usize {
    let mixed = word.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    usize::try_from(mixed >> 32).unwrap_or(0)
}
