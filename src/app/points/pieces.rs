//! Pieces on their way from the input to the output: the next one is read and located while the last one is written.

use std::panic::resume_unwind;
use std::sync::mpsc::sync_channel;
use std::thread;

use super::PointsError;

/// How pieces go from one thread to the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// Pieces that are made and written in turns before a thread is begun for the others: most questions are not longer.
    pub in_turns: usize,
    /// Pieces that may wait to be written.
    pub waiting: usize,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            in_turns: 2,
            waiting: 1,
        }
    }
}

/// Makes pieces until there are none, and writes them in their order. Both stop at the first error.
pub(super) fn carry<P: Send>(
    pace: Pace,
    mut make: impl FnMut() -> Result<Option<P>, PointsError>,
    mut write: impl FnMut(P) -> Result<(), PointsError> + Send,
) -> Result<(), PointsError> {
    for _ in 0..pace.in_turns {
        match make()? {
            Some(piece) => write(piece)?,
            None => return Ok(()),
        }
    }
    thread::scope(|scope| {
        let (sender, pieces) = sync_channel(pace.waiting);
        let writing = scope.spawn(move || pieces.into_iter().try_for_each(write));
        let made = loop {
            match make() {
                Ok(Some(piece)) => {
                    // Where writing has failed, it says why.
                    if sender.send(piece).is_err() {
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

#[cfg(test)]
mod tests {
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
        let ended = carry(pace, make, |piece| {
            if piece == stop {
                return Err(gone());
            }
            written.push(piece);
            Ok(())
        });
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
                Pace::default(),
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
}
