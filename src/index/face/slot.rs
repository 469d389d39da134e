//! What a cell holds: its edges as chains of vertices, and the face that lies before all of them.
//!
//! A cell has a slot, one line of the cache, at a place that follows from its number. Words of a slot: the base value; the ends
//! of its chains as 16 bits, with the scale, the kind and a bit for each word of a link; at most 16 vertices of three bytes each;
//! and from the last word backwards, in a part, the link to where more edges of the cell are and the ground that these can matter
//! to, and then the step of each chain. The face value at a point of the cell is the base value plus the steps of the edges that
//! a way from the far west to the point crosses. Nothing is searched, the order does not matter.
//!
//! A vertex is kept in coarse steps of 2^n of its tile's numbers ([`cell`](super::cell)) from the middle of the cell, 12 bits
//! along each axis, so it is moved by less than a coarse step from where it is. The face at a point stays the same while edges
//! move, unless one moves over the point: who is too near an edge is told that there is doubt, and asks the exact test of grids.
//! All others are told the truth.

use super::cell::{COARSE, Scale};

/// Words of a slot.
pub(super) const WORDS: usize = 16;
/// Most vertices of a slot, as lanes of a vector and bits of its ends.
pub(super) const MOST_VERTICES: usize = 16;
/// Words before the vertices.
pub(super) const HEAD: usize = 2;

/// Places in the second word; the ends are at 0.
const SCALE_X: u32 = 16;
const SCALE_Y: u32 = 24;
const KIND: u32 = 30;
/// There, in a part: a bit for each word of its link, which are beyond those of the steps.
pub(super) const LINKED: u32 = 3 << 22;

/// What is in a slot, or behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    /// All edges of the cell.
    Whole = 0,
    /// Some edges of the cell, a link to the others and the ground that these matter to.
    Part = 1,
    /// In the third word the place of four slots for smaller cells: south-west, south-east, north-west, north-east.
    Quarters = 2,
    /// More edges than a cell may hold: whoever asks is sent to the exact test.
    Crowded = 3,
}

impl Kind {
    /// The second word of a slot of this kind without edges.
    pub(super) fn meta(self) -> u32 {
        let linked = if self == Self::Part { LINKED } else { 0 };
        (self as u32) << KIND | linked
    }

    /// The second word of a slot of this kind whose chains end so.
    pub(super) fn meta_of(self, ends: u32, scale: Scale) -> u32 {
        // By so much a point's 2^-32ths of a side become 8ths of coarse steps.
        let shift = |steps: u8| 32 - EIGHTHS - u32::from(steps);
        self.meta() | ends | shift(scale.x) << SCALE_X | shift(scale.y) << SCALE_Y
    }
}

/// The numbers of a point or a vertex are in 8ths of a coarse step: 12 bits and these.
pub(super) const EIGHTHS: u32 = 3;
/// A vertex is taken to be in the middle of its coarse step, so it is moved by at most a half of one along each axis.
pub(super) const MIDDLE: i32 = 4;
/// With the 8th of the point, a vertex is off by at most 5/8 along each axis, and so is each place of an edge. So a point that an
/// edge may have been moved over lies within so many 8ths of the box around the edge, and the turn of the edge around it is at
/// most so many times the sum of the edge's width and height.
pub(super) const REACH: i16 = 5;

/// A slot, or a part that a link leads to, as it lies in its tile.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot<'a> {
    /// The words of a line; those beyond the size mean nothing.
    pub words: &'a [u32; WORDS],
    pub size: usize,
}

/// A point of a cell, from its middle, in 2^-32ths of the cell's sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Within {
    pub x: i32,
    pub y: i32,
}

/// What lanes tell about the edges of a slot, by the number of the vertex that an edge begins at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Crossed {
    /// The way from the far west crosses the edge.
    pub edges: u32,
    /// The edge begins below the point.
    pub up: u32,
    /// The point is near the edge.
    pub near: u32,
}

/// The rest of a cell's edges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Link {
    /// Where it begins in the tile: below 2^27.
    pub place: u32,
    pub size: u8,
}

impl Link {
    pub(super) fn word(self) -> u32 {
        self.place << 5 | u32::from(self.size)
    }
}

/// The ground of a cell that edges can matter to: at their heights, not west of all of them. In 128ths of the farthest point from
/// the middle, rounded outward.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reached {
    pub west: i8,
    pub south: i8,
    pub north: i8,
}

/// From 8ths of coarse steps to the numbers of [`Reached`]: those of points of the cell are all of an `i8`.
#[inline(always)]
pub(super) fn rough(eighths: i32) -> i32 {
    eighths >> (u32::from(COARSE) + EIGHTHS - 7)
}

impl Reached {
    pub(super) fn word(self) -> u32 {
        let Self { west, south, north } = self;
        u32::from_ne_bytes([west, south, north, 0].map(i8::cast_unsigned))
    }

    /// That in one of the words.
    #[inline(always)]
    fn of(words: &[u32; WORDS], at: usize) -> Self {
        // Byte by byte, as each is a number of its own.
        let bytes: &[[i8; 4]; WORDS] = bytemuck::cast_ref(words);
        let [west, south, north, _] = bytes[at];
        Self { west, south, north }
    }

    /// Less than 0 beside this ground.
    #[inline(always)]
    fn beside(self, (x, y): (i32, i32)) -> i32 {
        let (x, y) = (rough(x), rough(y));
        (x - i32::from(self.west)) | (y - i32::from(self.south)) | (i32::from(self.north) - y)
    }
}

impl<'a> Slot<'a> {
    /// The line of words from a place on.
    #[inline(always)]
    pub(super) fn at(words: &'a [u32], place: usize, size: usize) -> Self {
        let words = words[place..].first_chunk();
        Self {
            words: words.expect("a line of words after each tile"),
            size,
        }
    }

    #[inline(always)]
    fn meta(&self) -> u32 {
        self.words[1]
    }

    #[inline(always)]
    pub(super) fn kind(&self) -> Kind {
        match self.meta() >> KIND {
            0 => Kind::Whole,
            1 => Kind::Part,
            2 => Kind::Quarters,
            _ => Kind::Crowded,
        }
    }

    /// Whether it is one of edges: [`Kind::Whole`] or [`Kind::Part`].
    #[inline(always)]
    pub(super) fn has_edges(&self) -> bool {
        self.meta() >> (KIND + 1) == 0
    }

    /// Bit n: vertex n is the last one of its chain, or beyond all.
    #[inline(always)]
    pub(super) fn ends(&self) -> u32 {
        self.meta() & 0xffff
    }

    /// The value all over its cell, where no edge touches it.
    pub(super) fn even_value(&self) -> Option<u32> {
        let is_even = self.kind() == Kind::Whole && self.edges() == 0;
        is_even.then_some(self.words[0])
    }

    /// Where the other edges of the cell are, of a part.
    #[inline(always)]
    pub(super) fn link(&self) -> Link {
        let word = self.words[(self.size - 1) % WORDS];
        let size = (word & 31) as u8;
        Link {
            place: word >> 5,
            size,
        }
    }

    /// Whether no other edges of the cell matter to a point, given in 8ths of coarse steps. As one number, since no branch could
    /// be foretold but the last one: most slots are whole or say so.
    #[inline(always)]
    pub(super) fn is_all(&self, place: (i32, i32)) -> bool {
        let reached = Reached::of(self.words, self.size.wrapping_sub(2) % WORDS);
        let is_whole = self.meta().wrapping_sub(1 << KIND).cast_signed();
        is_whole | reached.beside(place) < 0
    }

    /// A point from the middle of the cell, in 8ths of the coarse steps of this slot.
    #[inline(always)]
    pub(super) fn place(&self, at: Within) -> (i32, i32) {
        let coarse = |number: i32, shift: u32| number >> (shift & 31);
        let meta = self.meta();
        (coarse(at.x, meta >> SCALE_X), coarse(at.y, meta >> SCALE_Y))
    }

    /// How many coarse steps the sides of its cell have.
    pub(super) fn scale(&self) -> Scale {
        #[expect(clippy::cast_possible_truncation, reason = "at most 29")]
        let steps = |shift: u32| (32 - EIGHTHS).saturating_sub(shift & 31) as u8;
        let meta = self.meta();
        Scale {
            x: steps(meta >> SCALE_X),
            y: steps(meta >> SCALE_Y),
        }
    }

    /// Which bits are those of edges: all but the ends.
    #[inline(always)]
    pub(super) fn edges(&self) -> u32 {
        !self.ends() & 0xffff
    }

    /// Where the step of the first chain is; those of the others are before it.
    #[inline(always)]
    pub(super) fn first_step(&self) -> usize {
        let link = 2 * (self.meta() >> KIND & 1) as usize;
        self.size.wrapping_sub(1 + link)
    }

    /// The base value and the steps of the crossed edges; `None` near an edge. Bits at which no edge begins may say anything.
    #[inline(always)]
    pub(super) fn sum(&self, mut crossed: Crossed) -> Option<u32> {
        let edges = self.edges();
        crossed.edges &= edges;
        let sum = self.steps(crossed).wrapping_add(self.words[0]);
        (crossed.near & edges == 0).then_some(sum)
    }

    /// The sum of the steps of crossed edges.
    #[inline(always)]
    pub(super) fn steps(&self, crossed: Crossed) -> u32 {
        let mut left = crossed.edges;
        let mut sum = 0u32;
        // Few slots have more than three edges west of a point; that there are fewer is not worth a branch that is often missed.
        for _ in 0..3 {
            let bit = left & left.wrapping_neg();
            let step = self.step(bit, crossed.up);
            sum = sum.wrapping_add(if bit == 0 { 0 } else { step });
            left ^= bit;
        }
        while left != 0 {
            let bit = left & left.wrapping_neg();
            sum = sum.wrapping_add(self.step(bit, crossed.up));
            left ^= bit;
        }
        sum
    }

    /// What crossing the edge of this bit adds.
    #[inline(always)]
    pub(super) fn step(&self, bit: u32, up: u32) -> u32 {
        let chain = (self.ends() & bit.wrapping_sub(1)).count_ones() as usize;
        let step = self.words[self.first_step().wrapping_sub(chain) % WORDS];
        if up & bit == 0 {
            step
        } else {
            step.wrapping_neg()
        }
    }

    /// A vertex, in 8ths of coarse steps; the one after the last vertex means nothing.
    pub(super) fn vertex(&self, at: usize) -> (i32, i32) {
        let byte = |at: usize| self.words[HEAD + at / 4] >> (at % 4 * 8) & 0xff;
        let [low, middle, high] = [0, 1, 2].map(|index| byte(3 * at + index));
        let signed = |number: u32| ((number << 20).cast_signed() >> (20 - EIGHTHS)) + MIDDLE;
        (
            signed(low | (middle & 15) << 8),
            signed(middle >> 4 | high << 4),
        )
    }
}
