//! What a cell holds: its edges as chains of vertices, and the face that lies before all of them.
//!
//! A block is a run of `u32` words in its tile: the base value, the numbers of vertices and chains with the kind, the ends of the
//! chains as 64 bits, the step of each chain, the vertices. The face value at a point of the cell is the base value plus the steps
//! of the edges that a way from the far west to the point crosses. Nothing is searched, the order does not matter.

use crate::model::Coord;

use super::plane::{Edge, from_west};

/// Most vertices of a block: one bit each.
pub(super) const MOST_VERTICES: usize = 64;

/// Words before the steps.
const HEAD: usize = 4;

/// How the words after the head are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    /// The same face everywhere; two words only.
    Plain = 0,
    /// Vertices as two `i16`, relative to the middle of the cell.
    Near = 1,
    /// Vertices as `i32`, relative to the middle of the cell: first all longitudes, then all latitudes.
    Far = 2,
    /// Four places of smaller cells: south-west, south-east, north-west, north-east.
    Quarters = 3,
    /// More edges than a block may hold, at one place: whoever asks is sent to the exact path.
    Crowded = 4,
}

impl Kind {
    pub(super) fn of(meta: u32) -> Self {
        match meta >> 24 {
            0 => Self::Plain,
            1 => Self::Near,
            2 => Self::Far,
            3 => Self::Quarters,
            _ => Self::Crowded,
        }
    }
}

/// What a point's place says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sum {
    Value(u32),
    /// On an edge.
    Border,
}

/// The cell that a block is for, in unsigned lattice numbers: a corner and the logarithms of its sides.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    pub x: u32,
    pub y: u32,
    pub wide: u8,
    pub high: u8,
}

impl Cell {
    /// The steps from the corner to the middle.
    pub(super) fn half(log: u8) -> i64 {
        (1i64 << log) >> 1
    }
}

/// A run of edges of the same step, each beginning where the one before ends.
#[derive(Debug, Default)]
pub(super) struct Chains {
    pub steps: Vec<i32>,
    /// The most that crossing the chains can add to the cover: one turn around a point takes three edges at least.
    pub cover: i32,
    /// Bit n: vertex n is the last one of its chain.
    pub ends: u64,
    pub vertices: Vec<Coord>,
}

impl Chains {
    /// Links edges in their order; `None` where they are too many for a block.
    ///
    /// `foot` closes a chain that begins or ends west of the cell at a height within it: an upright edge from there down to the
    /// foot, west of all points of the cell, so that the base value is one for all heights.
    pub(super) fn link(
        edges: impl Iterator<Item = Edge>,
        foot: impl Fn(Coord) -> Option<Coord>,
    ) -> Option<Self> {
        let mut chains = Self::default();
        let mut last: Option<Edge> = None;
        let mut length = 0;
        for edge in edges {
            let goes_on = last.is_some_and(|last| {
                last.b == edge.a && (last.step, last.cover) == (edge.step, edge.cover)
            });
            if !goes_on {
                if let Some(last) = last {
                    chains.close(foot(last.b))?;
                }
                chains.steps.push(edge.step);
                length = 0;
                chains.vertices.extend(foot(edge.a));
                chains.vertices.push(edge.a);
            }
            if length % 3 == 0 {
                chains.cover += edge.cover.abs();
            }
            length += 1;
            chains.vertices.push(edge.b);
            last = Some(edge);
        }
        if let Some(last) = last {
            chains.close(foot(last.b))?;
        }
        Some(chains)
    }

    fn close(&mut self, foot: Option<Coord>) -> Option<()> {
        self.vertices.extend(foot);
        if self.vertices.len() > MOST_VERTICES {
            return None;
        }
        self.ends |= 1 << (self.vertices.len() - 1);
        Some(())
    }

    /// What crossing the chains on the way from the far west to `p` adds to the value.
    pub(super) fn sum_from_west(&self, p: Coord) -> i32 {
        let (mut chain, mut sum) = (0, 0i32);
        for at in 0..self.vertices.len() {
            if self.ends >> at & 1 == 1 {
                chain += 1;
                continue;
            }
            let turns = from_west(self.vertices[at], self.vertices[at + 1], p);
            sum = sum.wrapping_add(self.steps[chain].wrapping_mul(turns));
        }
        sum
    }

    /// Appends the block to a tile; `to_middle` gives a vertex relative to the middle of the cell. False, and nothing is
    /// appended, where a vertex is too far away.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the halves of a mask, and numbers within their bounds"
    )]
    pub(super) fn write(
        &self,
        base: i32,
        words: &mut Vec<u32>,
        to_middle: impl Fn(Coord) -> (i64, i64),
    ) -> bool {
        let places: Vec<(i64, i64)> = self.vertices.iter().map(|&at| to_middle(at)).collect();
        let is_within = |most: i64| {
            places
                .iter()
                .all(|at| at.0.abs() <= most && at.1.abs() <= most)
        };
        let kind = match () {
            () if is_within(i16::MAX.into()) => Kind::Near,
            () if is_within(FAR) => Kind::Far,
            () => return false,
        };
        let count = |of: usize| u32::try_from(of).expect("at most 64 of a block");
        words.extend([
            base.cast_unsigned(),
            count(places.len()) | count(self.steps.len()) << 8 | (kind as u32) << 24,
        ]);
        words.extend([self.ends as u32, (self.ends >> 32) as u32]);
        words.extend(self.steps.iter().map(|step| step.cast_unsigned()));
        if kind == Kind::Near {
            let half = |number: i64| number as u32 & 0xffff;
            words.extend(places.iter().map(|at| half(at.0) | half(at.1) << 16));
        } else {
            words.extend(places.iter().map(|at| at.0 as u32));
            words.extend(places.iter().map(|at| at.1 as u32));
        }
        true
    }
}

/// Farthest that a vertex may be from the middle of a cell, along each axis: products of differences then fit an `i64`.
const FAR: i64 = 1 << 29;

/// A block as it lies in its tile.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block<'a> {
    pub base: u32,
    pub ends: u64,
    /// All words from the steps on, those after the block too.
    pub words: &'a [u32],
    pub chains: usize,
    /// How many vertices it has.
    pub count: usize,
}

impl<'a> Block<'a> {
    /// Reads a block of kind `Near` or `Far`, whose words begin at `place`.
    #[inline(always)]
    pub(super) fn at(words: &'a [u32], place: usize) -> Self {
        let (head, words) = words[place..].split_at(HEAD);
        Self {
            base: head[0],
            ends: u64::from(head[2]) | u64::from(head[3]) << 32,
            words,
            chains: (head[1] >> 8 & 0xff) as usize,
            count: (head[1] & 0xff) as usize,
        }
    }

    /// All words from the vertices on.
    #[inline(always)]
    pub(super) fn vertices(&self) -> &'a [u32] {
        &self.words[self.chains..]
    }

    /// The value at a point relative to the middle of the cell, of a `Near` block, in whole numbers.
    pub(super) fn sum_near(&self, x: i32, y: i32) -> Sum {
        self.sum((i64::from(x), i64::from(y)), |at| {
            let word = self.vertices()[at];
            #[expect(
                clippy::cast_possible_truncation,
                reason = "the two halves of the word"
            )]
            let halves = (word as u16, (word >> 16) as u16);
            (
                i64::from(halves.0.cast_signed()),
                i64::from(halves.1.cast_signed()),
            )
        })
    }

    /// As [`Self::sum_near`], of a `Far` block.
    pub(super) fn sum_far(&self, x: i32, y: i32) -> Sum {
        self.sum((i64::from(x), i64::from(y)), |at| {
            let (x, y) = (self.vertices()[at], self.vertices()[self.count + at]);
            (i64::from(x.cast_signed()), i64::from(y.cast_signed()))
        })
    }

    fn sum(&self, p: (i64, i64), vertex: impl Fn(usize) -> (i64, i64)) -> Sum {
        let mut value = self.base;
        let mut chain = 0;
        for at in 0..self.count {
            if self.ends >> at & 1 == 1 {
                chain += 1;
                continue;
            }
            let (a, b) = (vertex(at), vertex(at + 1));
            let (low, high) = (a.1.min(b.1), a.1.max(b.1));
            if p.1 < low || high < p.1 {
                continue;
            }
            // Vertices are within 2^29 of the middle, the point within 2^30: each product is below 2^61.
            let turn = (b.0 - a.0) * (p.1 - a.1) - (b.1 - a.1) * (p.0 - a.0);
            if turn == 0 {
                // On the edge, or beside one that is level with the point.
                if a.0.min(b.0) <= p.0 && p.0 <= a.0.max(b.0) {
                    return Sum::Border;
                }
                continue;
            }
            let step = self.words[chain];
            match (a.1 <= p.1, b.1 <= p.1) {
                (true, false) if turn < 0 => value = value.wrapping_sub(step),
                (false, true) if turn > 0 => value = value.wrapping_add(step),
                _ => {}
            }
        }
        Sum::Value(value)
    }
}
