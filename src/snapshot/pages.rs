//! Numbers in shared pages: a copy with few numbers changed copies their pages and the list of pages.

use std::sync::Arc;

/// Numbers of a page: few enough that copying one takes microseconds, many enough that the list of a million numbers' pages
/// stays in the first cache.
const PAGE: usize = 4096;

/// A number for each place; the same one for all places that were never set.
#[derive(Clone, Debug)]
pub(super) struct Pages<T> {
    pages: Vec<Arc<[T; PAGE]>>,
    unset: T,
}

impl<T: Copy + PartialEq> Pages<T> {
    /// The n-th number belongs to place n.
    pub(super) fn new(numbers: &[T], unset: T) -> Self {
        let page = |numbers: &[T]| {
            let mut page = Arc::new([unset; PAGE]);
            Arc::make_mut(&mut page)[..numbers.len()].copy_from_slice(numbers);
            page
        };
        Self {
            pages: numbers.chunks(PAGE).map(page).collect(),
            unset,
        }
    }

    #[inline]
    pub(super) fn at(&self, place: usize) -> T {
        let page = self.pages.get(place / PAGE);
        page.map_or(self.unset, |page| page[place % PAGE])
    }

    pub(super) fn set(&mut self, place: usize, number: T) {
        if self.at(place) == number {
            return;
        }
        while self.pages.len() <= place / PAGE {
            self.pages.push(Arc::new([self.unset; PAGE]));
        }
        Arc::make_mut(&mut self.pages[place / PAGE])[place % PAGE] = number;
    }

    /// Puts another number for each of which `may` holds, wherever it is; a page where none is another stays shared.
    pub(super) fn replace(&mut self, may: impl Fn(T) -> bool, other: impl Fn(T) -> T) {
        let next = |number: T| if may(number) { other(number) } else { number };
        for page in &mut self.pages {
            // All numbers of the page, so that the machine compares several at once.
            let is_near = page.iter().fold(false, |any, &number| any | may(number));
            if is_near && page.iter().any(|&number| next(number) != number) {
                for number in Arc::make_mut(page) {
                    *number = next(*number);
                }
            }
        }
    }

    /// Whether the number of a place lies in a page that others have too, of which these are a copy that was changed.
    pub(super) fn share(&self, other: &Self, place: usize) -> bool {
        let pages = (self.pages.get(place / PAGE), other.pages.get(place / PAGE));
        matches!(pages, (Some(page), Some(other)) if Arc::ptr_eq(page, other))
    }

    /// The places at which other pages, of which these are a copy that was changed, may have other numbers.
    pub(super) fn unshared(&self, other: &Self) -> impl Iterator<Item = usize> {
        let is_shared = |number: &usize| self.share(other, number * PAGE);
        let unshared = (0..self.pages.len()).filter(move |number| !is_shared(number));
        unshared.flat_map(|number| number * PAGE..(number + 1) * PAGE)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_number_that_is_set_copies_its_page_alone() {
        let before = Pages::new(&vec![7_u32; 3 * PAGE], 0);
        let mut after = before.clone();
        after.set(PAGE + 5, 7);
        assert_eq!(after.unshared(&before).count(), 0);
        after.set(PAGE + 5, 8);
        assert!(after.unshared(&before).eq(PAGE..2 * PAGE));
        assert_eq!((before.at(PAGE + 5), after.at(PAGE + 5)), (7, 8));
        let mut replaced = after.clone();
        replaced.replace(|number| number == 8, |number| number + 1);
        assert!(replaced.unshared(&after).eq(PAGE..2 * PAGE));
        assert_eq!(replaced.at(PAGE + 5), 9);
        after.replace(|number| number > 6, |number| number);
        assert!(after.unshared(&before).eq(PAGE..2 * PAGE));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]
        #[test]
        fn pages_hold_what_a_plain_list_holds_and_copies_stay_what_they_were(
            count in 0..3 * PAGE,
            steps in prop::collection::vec((0..5 * PAGE, 0..9_u32), 0..12),
        ) {
            let mut plain: Vec<u32> = (0..).map(|number| number % 7).take(count).collect();
            let mut pages = Pages::new(&plain, 0);
            plain.resize(6 * PAGE, 0);
            for (place, number) in steps {
                let (before, was) = (pages.clone(), plain.clone());
                pages.set(place, number);
                plain[place] = number;
                prop_assert!((0..6 * PAGE).all(|place| pages.at(place) == plain[place]));
                prop_assert!((0..6 * PAGE).all(|place| before.at(place) == was[place]));
                let is_unshared = pages.unshared(&before).any(|other| other == place);
                prop_assert!(is_unshared || plain == was);
            }
        }
    }
}
