//! Pieces on their way from the input to the output: the next one is read and located while the last one is written.

use std::panic::resume_unwind;
use std::sync::mpsc::sync_channel;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::PointsError;

/// How pieces go from one thread to the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// Pieces that are made and written in turns before a thread is begun for the others: most questions are not longer.
    pub in_turns: usize,
    /// Pieces that may wait to be written.
    pub waiting: usize,
    /// Bytes that all those together may hold; one alone may hold more.
    pub waiting_bytes: usize,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            in_turns: 2,
            waiting: 1,
            waiting_bytes: usize::MAX,
        }
    }
}

/// Makes pieces until there are none, and writes them in their order at the usual pace. Both stop at the first error.
pub(super) fn carry<P: Send>(
    make: impl FnMut() -> Result<Option<P>, PointsError>,
    write: impl FnMut(P) -> Result<(), PointsError> + Send,
) -> Result<(), PointsError> {
    carry_at(Pace::default(), |_| 0, make, write)
}

/// As [`carry`], at another pace; `bytes` tells about how many a piece holds.
pub(super) fn carry_at<P: Send>(
    pace: Pace,
    bytes: impl Fn(&P) -> usize,
    mut make: impl FnMut() -> Result<Option<P>, PointsError>,
    mut write: impl FnMut(P) -> Result<(), PointsError> + Send,
) -> Result<(), PointsError> {
    for _ in 0..pace.in_turns {
        match make()? {
            Some(piece) => write(piece)?,
            None => return Ok(()),
        }
    }
    let load = Load::default();
    thread::scope(|scope| {
        let (sender, pieces) = sync_channel::<(P, usize)>(pace.waiting);
        let unloading = Unloading(&load);
        let writing = scope.spawn(move || {
            pieces.into_iter().try_for_each(|(piece, bytes)| {
                unloading.take_off(bytes);
                write(piece)
            })
        });
        let made = loop {
            match make() {
                Ok(Some(piece)) => {
                    let bytes = bytes(&piece);
                    load.put_on(bytes, pace.waiting_bytes);
                    // Where writing has failed, it says why.
                    if sender.send((piece, bytes)).is_err() {
                        break Ok(());
                    }
                }
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        drop(sender);
        let written = writing.join().unwrap_or_else(|panic| resume_unwind(panic));
        written.and(made)
    })
}

/// What the pieces that wait hold together.
#[derive(Default)]
struct Load {
    weight: Mutex<Weight>,
    is_lighter: Condvar,
}

#[derive(Default)]
struct Weight {
    bytes: usize,
    /// Nobody takes anything off any more.
    is_over: bool,
}

impl Load {
    fn weight(&self) -> MutexGuard<'_, Weight> {
        self.weight.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until there is room beside the others, or there are no others.
    fn put_on(&self, bytes: usize, most: usize) {
        let is_full = |weight: &mut Weight| {
            !weight.is_over && weight.bytes > 0 && weight.bytes.saturating_add(bytes) > most
        };
        let weight = self.is_lighter.wait_while(self.weight(), is_full);
        weight.unwrap_or_else(PoisonError::into_inner).bytes += bytes;
    }
}

/// Who takes pieces off. Lets whoever waits go on when writing has ended, however it did.
struct Unloading<'a>(&'a Load);

impl Unloading<'_> {
    fn take_off(&self, bytes: usize) {
        self.0.weight().bytes -= bytes;
        self.0.is_lighter.notify_one();
    }
}

impl Drop for Unloading<'_> {
    fn drop(&mut self) {
        self.0.weight().is_over = true;
        self.0.is_lighter.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use std::io;

    fn gone() -> PointsError {
        PointsError::Write(io::ErrorKind::BrokenPipe.into())
    }

    fn lost() -> PointsError {
        PointsError::Spool(io::ErrorKind::UnexpectedEof.into())
    }

    /// Each number at the usual pace, and at that of who begins with a thread and runs ahead.
    fn paces<const N: usize>(numbers: [usize; N]) -> impl Iterator<Item = (Pace, usize)> {
        let ahead = Pace {
            in_turns: 0,
            waiting: 5,
            waiting_bytes: 100,
        };
        let paces = [Pace::default(), ahead].into_iter();
        paces.flat_map(move |pace| numbers.map(|number| (pace, number)))
    }

    /// Makes `count` pieces, then fails if it shall; writing fails at `stop`.
    fn run(
        pace: Pace,
        count: usize,
        fails: bool,
        stop: usize,
    ) -> (Vec<usize>, Result<(), PointsError>) {
        let (mut next, mut written) = (0, Vec::new());
        let make = || {
            next += 1;
            match next {
                _ if next <= count => Ok(Some(next - 1)),
                _ if fails => Err(lost()),
                _ => Ok(None),
            }
        };
        let ended = carry_at(
            pace,
            |_| 40,
            make,
            |piece| {
                if piece == stop {
                    return Err(gone());
                }
                written.push(piece);
                Ok(())
            },
        );
        (written, ended)
    }

    #[test]
    fn all_pieces_are_written_in_the_order_in_which_they_were_made() {
        for (pace, count) in paces([0, 1, 2, 3, 4, 100]) {
            let (written, ended) = run(pace, count, false, usize::MAX);
            assert!(ended.is_ok());
            assert!(written.into_iter().eq(0..count), "{count}");
        }
    }

    #[test]
    fn what_was_made_before_an_error_is_written_and_the_error_told() {
        for (pace, count) in paces([0, 1, 2, 3, 100]) {
            let (written, ended) = run(pace, count, true, usize::MAX);
            assert!(matches!(ended, Err(PointsError::Spool(_))));
            assert!(written.into_iter().eq(0..count), "{count}");
        }
    }

    #[test]
    fn nothing_is_made_for_ever_when_writing_has_failed() {
        for (pace, stop) in paces([0, 1, 2, 50]) {
            let (written, ended) = run(pace, usize::MAX, false, stop);
            assert!(matches!(ended, Err(PointsError::Write(_))));
            assert!(written.into_iter().eq(0..stop), "{stop}");
        }
    }

    #[test]
    fn a_panic_while_writing_is_no_silent_end() {
        let made = std::panic::catch_unwind(|| {
            let mut next = 0;
            carry(
                || {
                    next += 1;
                    Ok(Some(next))
                },
                |piece| {
                    assert!(piece < 9, "broken");
                    Ok(())
                },
            )
        });
        assert!(made.is_err());
    }

    /// Makes pieces of these many bytes, far faster than they are written; for each that is written the most that were made by
    /// then and were not written.
    fn most_made(pace: Pace, sizes: &[usize]) -> Vec<usize> {
        let made = AtomicUsize::new(0);
        let mut most = Vec::new();
        let make = || {
            let number = made.fetch_add(1, Ordering::SeqCst);
            Ok(sizes.get(number).map(|size| (number, *size)))
        };
        let ended = carry_at(
            pace,
            |(_, size)| *size,
            make,
            |(number, _)| {
                (0..100).for_each(|_| thread::yield_now());
                most.push(made.load(Ordering::SeqCst).min(sizes.len()) - number);
                Ok(())
            },
        );
        assert!(ended.is_ok());
        most
    }

    #[test]
    fn no_more_pieces_wait_than_the_bytes_that_may_wait() {
        let pace = Pace {
            in_turns: 0,
            waiting: 50,
            waiting_bytes: 100,
        };
        // Of 40 bytes each two wait beside the one that is written and the one that was made last.
        let most = most_made(pace, &[40; 300]);
        assert_eq!(most.len(), 300);
        assert!(most.iter().all(|made| *made <= 4), "{most:?}");
        // One that is too large alone waits alone.
        let most = most_made(pace, &[1000; 300]);
        assert_eq!(most.len(), 300);
        assert!(most.iter().all(|made| *made <= 3), "{most:?}");
    }
}
