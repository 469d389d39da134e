//! Work that threads share.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Does some work for each number below a count, by so many threads, each with a bench of its own; whoever is done with one takes
/// the next. The results are in the order of the numbers.
pub fn each<B: Default, T: Send>(
    count: usize,
    threads: usize,
    work: impl Fn(&mut B, usize) -> T + Sync,
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let run = || {
        let (mut bench, mut done) = (B::default(), Vec::new());
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                return done;
            }
            done.push((number, work(&mut bench, number)));
        }
    };
    let mut done: Vec<(usize, T)> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads.min(count)).map(|_| scope.spawn(run)).collect();
        let mine = run();
        let joined = others.into_iter().flat_map(|other| {
            let done = other.join();
            done.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        joined.chain(mine).collect()
    });
    done.sort_unstable_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_in_the_order_of_the_numbers_whoever_did_the_work() {
        let square = |(): &mut (), number: usize| number * number;
        let squares: Vec<usize> = (0..100).map(|number| number * number).collect();
        for threads in 0..4 {
            assert_eq!(each(100, threads, square), squares);
        }
        assert!(each(0, 2, square).is_empty());
    }

    #[test]
    fn each_thread_keeps_its_bench_from_one_number_to_the_next() {
        let count = |bench: &mut usize, _| {
            *bench += 1;
            *bench
        };
        assert_eq!(each(3, 1, count), [1, 2, 3]);
    }
}
