//! Work of many threads whose results are taken one after the other, in the order in which the work was dealt out.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Items for each thread that may be under way or wait to be taken.
const AHEAD: u64 = 16;

/// Makes something of each item by so many threads, and hands what was made to `take`, here and in the items' order. A bounded
/// number of items is under way. The first error of `take` ends all.
///
/// # Errors
/// What `take` answers.
pub(super) fn in_order<I, T, E>(
    items: I,
    threads: usize,
    make: impl Fn(I::Item) -> T + Sync,
    mut take: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E>
where
    I: Iterator + Send,
    T: Send,
{
    let threads = threads.max(1);
    let line = Line {
        state: Mutex::new(State {
            items,
            dealt: 0,
            taken: 0,
            made: BTreeMap::new(),
            is_over: false,
            is_broken: false,
        }),
        changed: Condvar::new(),
        ahead: AHEAD * threads as u64,
    };
    thread::scope(|scope| {
        let _end = End(&line);
        for _ in 0..threads {
            scope.spawn(|| {
                let _end = End(&line);
                while let Some((number, item)) = line.deal() {
                    line.put(number, make(item));
                }
            });
        }
        while let Some(made) = line.next_made() {
            take(made)?;
        }
        Ok(())
    })
}

/// What the threads share.
struct Line<I, T> {
    state: Mutex<State<I, T>>,
    changed: Condvar,
    /// Items that may be dealt out and not yet taken.
    ahead: u64,
}

struct State<I, T> {
    items: I,
    dealt: u64,
    taken: u64,
    made: BTreeMap<u64, T>,
    /// Nothing more is dealt out.
    is_over: bool,
    /// A thread panicked: what it was making will not come.
    is_broken: bool,
}

impl<I: Iterator, T> Line<I, T> {
    fn state(&self) -> MutexGuard<'_, State<I, T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_while(&self, is_early: impl Fn(&State<I, T>) -> bool) -> MutexGuard<'_, State<I, T>> {
        self.changed
            .wait_while(self.state(), |state| is_early(state))
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The next item and its number, when there is room for it; `None` when there is none.
    fn deal(&self) -> Option<(u64, I::Item)> {
        let mut state =
            self.wait_while(|state| !state.is_over && state.dealt >= state.taken + self.ahead);
        let item = if state.is_over {
            None
        } else {
            state.items.next()
        };
        let Some(item) = item else {
            state.is_over = true;
            self.changed.notify_all();
            return None;
        };
        state.dealt += 1;
        Some((state.dealt - 1, item))
    }

    fn put(&self, number: u64, made: T) {
        self.state().made.insert(number, made);
        self.changed.notify_all();
    }

    /// What was made of the item whose turn it is, when it is there; `None` after the last.
    fn next_made(&self) -> Option<T> {
        let mut state = self.wait_while(|state| {
            let is_done = state.is_over && state.taken == state.dealt;
            !is_done && !state.is_broken && !state.made.contains_key(&state.taken)
        });
        let taken = state.taken;
        let made = state.made.remove(&taken)?;
        state.taken += 1;
        self.changed.notify_all();
        Some(made)
    }
}

/// Ends the work when a thread ends, however it does, so that no other waits for it.
struct End<'a, I: Iterator, T>(&'a Line<I, T>);

impl<I: Iterator, T> Drop for End<'_, I, T> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.is_over = true;
        state.is_broken |= thread::panicking();
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_is_made_comes_in_order_and_never_runs_far_ahead() {
        let dealt = AtomicU64::new(0);
        let items = (0..2000_u64).inspect(|_| {
            dealt.fetch_add(1, Ordering::SeqCst);
        });
        let make = |item: u64| {
            // The first of each hundred is slow.
            if item.is_multiple_of(100) {
                thread::sleep(Duration::from_millis(3));
            }
            item * 2
        };
        let mut taken = 0;
        let ended: Result<(), ()> = in_order(items, 3, make, |made| {
            assert_eq!(made, taken * 2);
            taken += 1;
            assert!(dealt.load(Ordering::SeqCst) <= taken + 3 * AHEAD);
            Ok(())
        });
        assert_eq!((ended, taken), (Ok(()), 2000));
    }

    #[test]
    fn the_first_error_ends_all() {
        let ended = in_order(
            0..,
            2,
            |item: u64| item,
            |made| {
                if made < 70 { Ok(()) } else { Err(made) }
            },
        );
        assert_eq!(ended, Err(70));
    }

    #[test]
    #[should_panic(expected = "a scoped thread panicked")]
    fn a_panic_is_passed_on_and_nobody_waits_for_ever() {
        let make = |item: u64| assert!(item != 50, "this one cannot be made");
        let _: Result<(), ()> = in_order(0..100, 2, make, |()| Ok(()));
    }
}
