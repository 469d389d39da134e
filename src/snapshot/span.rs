//! The parents of grids that follow one another, in short.

use std::array::from_fn;

/// Grids of a span.
pub(super) const SPAN: usize = 64;

/// In place of the first parent: there is no telling.
const NONE: u32 = u32::MAX;

/// What is known of the parent of a grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parent {
    /// It holds all of the grid.
    Sure(u32),
    Unsure,
    /// The grid does not hold at the time: no point is in it, so that whatever is told of it does no harm.
    Unasked,
}

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

    /// By the parents of its grids, of those that are there. One that is not sure makes the whole span untold; one that nobody
    /// asks for goes along with those before it.
    pub(super) fn new(parents: impl Iterator<Item = Parent>) -> Self {
        let (mut first, mut last, mut steps) = (NONE, NONE, 0);
        for (grid, parent) in (0..SPAN).zip(parents) {
            let parent = match parent {
                Parent::Sure(parent) => parent,
                Parent::Unsure => return Self::UNTOLD,
                Parent::Unasked => continue,
            };
            if first == NONE {
                (first, last) = (parent, parent);
            }
            let Some(step @ (0 | 1)) = parent.checked_sub(last) else {
                return Self::UNTOLD;
            };
            steps |= u64::from(step) << grid;
            last = parent;
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
    /// Where nothing is told, the first is the number under which it is written grid by grid, if it is.
    first: [u32; FOUR],
    is_told: bool,
}

impl Four {
    /// At most four, all told; what there is beyond them means nothing.
    pub(super) fn told(spans: &[Span]) -> Self {
        let of = |at: usize| spans.get(at).copied().unwrap_or(Span::UNTOLD);
        Self {
            steps: from_fn(|at| of(at).steps),
            first: from_fn(|at| of(at).first),
            is_told: true,
        }
    }

    /// They tell nothing; what they would is written grid by grid under a number, if one is given.
    pub(super) fn untold(number: Option<u32>) -> Self {
        Self {
            steps: [0; FOUR],
            first: [number.unwrap_or(NONE); FOUR],
            is_told: false,
        }
    }

    pub(super) fn is_told(&self) -> bool {
        self.is_told
    }

    /// The number under which it is written grid by grid, where it is.
    pub(super) fn elsewhere(&self) -> Option<u32> {
        let number = self.first[0];
        (!self.is_told && number != NONE).then_some(number)
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parent() -> impl Strategy<Value = Parent> {
        prop_oneof![
            8 => (0..3_u32).prop_map(Parent::Sure),
            4 => Just(Parent::Unasked),
        ]
    }

    #[test]
    fn grids_that_do_not_hold_leave_a_span_told_wherever_they_are() {
        use Parent::{Sure, Unasked, Unsure};
        let span = |parents: &[Parent]| Span::new(parents.iter().copied());
        for (parents, told) in [
            (&[Unasked, Sure(5), Unasked, Sure(6)][..], [5, 5, 5, 6]),
            (&[Sure(5), Unasked, Unasked, Sure(5)], [5; 4]),
            (&[Sure(7), Sure(8), Unasked, Unasked], [7, 8, 8, 8]),
        ] {
            let all = [0, 1, 2, 3].map(|grid| span(parents).of(grid));
            assert_eq!((span(parents).is_told(), all), (true, told));
        }
        assert_eq!(span(&[Unasked, Unsure]), Span::UNTOLD);
        assert_eq!(span(&[Unasked, Unasked]), Span::UNTOLD);
        assert_eq!(span(&[Sure(6), Unasked, Sure(5)]), Span::UNTOLD);
    }

    proptest! {
        #[test]
        fn a_span_that_is_told_tells_the_parent_of_each_grid_that_holds(
            mut parents in prop::collection::vec(parent(), 1..SPAN),
            sorts in any::<bool>(),
        ) {
            if sorts {
                let mut sure: Vec<Parent> = parents.clone();
                sure.retain(|parent| *parent != Parent::Unasked);
                sure.sort_by_key(|parent| match parent {
                    Parent::Sure(parent) => *parent,
                    _ => 0,
                });
                let mut sure = sure.into_iter();
                parents = parents
                    .into_iter()
                    .map(|parent| match parent {
                        Parent::Sure(_) => sure.next().unwrap(),
                        other => other,
                    })
                    .collect();
            }
            let span = Span::new(parents.iter().copied());
            for (grid, parent) in (0..).zip(parents) {
                if let (Parent::Sure(parent), true) = (parent, span.is_told()) {
                    prop_assert_eq!(span.of(grid), parent);
                }
            }
        }
    }
}
