//! The parents of grids that follow one another, in short.

use std::array::from_fn;

/// Grids of a span.
pub(super) const SPAN: usize = 64;

/// In place of the first parent: there is no telling.
const NONE: u32 = u32::MAX;

/// Grids that follow one another. Mostly the next one has the same parent or the next one: then the span tells all parents in few
/// bytes, and those of a nation stay in the second cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    /// Bit n: the n-th grid has the parent after that of the grid before.
    steps: u64,
    /// The parent of the first grid; [`NONE`] where not all parents follow so or are known.
    first: u32,
}

impl Span {
    pub(super) const UNTOLD: Self = Self {
        steps: 0,
        first: NONE,
    };

    /// By the parents of its grids, of those that are there; one that is `None` makes the whole span untold.
    pub(super) fn new(mut parents: impl Iterator<Item = Option<u32>>) -> Self {
        let Some(Some(first)) = parents.next() else {
            return Self::UNTOLD;
        };
        let (mut last, mut steps) = (first, 0);
        for (grid, parent) in (1..SPAN).zip(parents) {
            match parent.and_then(|parent| parent.checked_sub(last)) {
                Some(step @ (0 | 1)) => {
                    steps |= u64::from(step) << grid;
                    last += step;
                }
                _ => return Self::UNTOLD,
            }
        }
        Self { steps, first }
    }

    /// Whether it tells the parents of its grids.
    #[expect(clippy::inline_always, reason = "compiled with the search of a point")]
    #[inline(always)]
    pub(super) fn is_told(self) -> bool {
        self.first != NONE
    }

    /// The parent of a grid, where it is told.
    #[expect(clippy::inline_always, reason = "compiled with the search of a point")]
    #[inline(always)]
    pub(super) fn of(self, grid: u32) -> u32 {
        // The grid's own bit and those before it.
        self.first
            .wrapping_add((self.steps << others(grid)).count_ones())
    }
}

/// How many grids of a span come after one.
#[expect(clippy::inline_always, reason = "compiled with the search of a point")]
#[inline(always)]
fn others(grid: u32) -> u32 {
    !grid % 64
}

/// Spans that lie side by side.
pub(super) const FOUR: usize = 4;

/// Four spans of the same grids, in a line of the cache: what they tell is computed together.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub struct Four {
    steps: [u64; FOUR],
    first: [u32; FOUR],
    is_told: bool,
}

impl Four {
    /// At most four, all told or none; what there is beyond them means nothing.
    pub(super) fn new(spans: &[Span]) -> Self {
        let of = |at: usize| spans.get(at).copied().unwrap_or(Span::UNTOLD);
        Self {
            steps: from_fn(|at| of(at).steps),
            first: from_fn(|at| of(at).first),
            is_told: of(0).is_told(),
        }
    }

    /// What the one of a grid tells, among all that follow one another.
    #[must_use]
    #[expect(clippy::inline_always, reason = "compiled with the search of a point")]
    #[inline(always)]
    pub fn of_grid(all: &[Self], grid: u32) -> Option<[u32; FOUR]> {
        all.get(grid as usize / SPAN)?.of(grid)
    }

    /// What each tells of a grid.
    #[expect(clippy::inline_always, reason = "compiled with the search of a point")]
    #[inline(always)]
    pub(super) fn of(&self, grid: u32) -> Option<[u32; FOUR]> {
        let others = others(grid);
        let told = |at: usize| {
            let before = self.steps[at] << others;
            self.first[at].wrapping_add(before.count_ones())
        };
        self.is_told.then(|| from_fn(told))
    }
}
