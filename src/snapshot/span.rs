//! The parents of grids that follow one another, in short.

/// Grids of a span.
pub(super) const SPAN: usize = 64;

/// In place of the first parent: there is no telling.
const NONE: u32 = u32::MAX;

/// Grids that follow one another. Mostly the next one has the same parent or the next one: then the span tells all parents, and
/// those of a nation stay in the second cache, which the numbers of all parents would not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, packed(4))]
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
        let before = self.steps << (63 - grid % 64);
        self.first.wrapping_add(before.count_ones())
    }
}
