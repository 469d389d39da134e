//! Rounds in which all contestants take their turn, so that a noisy moment falls on all of them; medians.

use std::hint::black_box;
use std::time::{Duration, Instant};

use wangge::model::Coord;

use super::Contestant;

/// The middle of some times.
pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// How long something took.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let done = black_box(work());
    (done, start.elapsed())
}

/// What a contestant answered, and the median time of one point, nanoseconds.
pub(crate) struct Result {
    pub answers: Vec<u32>,
    pub nanos: f64,
}

/// Lets each contestant answer the points so many times.
pub(crate) fn run(contestants: &[Contestant], points: &[Coord], rounds: usize) -> Vec<Result> {
    let mut answers: Vec<Vec<u32>> = contestants.iter().map(|_| Vec::new()).collect();
    let mut times: Vec<Vec<Duration>> = contestants.iter().map(|_| Vec::new()).collect();
    for _ in 0..rounds {
        for (n, contestant) in contestants.iter().enumerate() {
            let points = &points[..contestant.points.min(points.len())];
            answers[n].clear();
            answers[n].reserve(points.len() * contestant.width);
            let ((), time) = timed(|| (contestant.answer)(black_box(points), &mut answers[n]));
            times[n].push(time);
        }
    }
    let result = |((answers, times), contestant): ((Vec<u32>, Vec<Duration>), &Contestant)| {
        let count = u32::try_from(contestant.points.min(points.len())).unwrap_or(u32::MAX);
        let nanos = median(times).as_secs_f64() * 1e9 / f64::from(count.max(1));
        Result { answers, nanos }
    };
    let asked = answers.into_iter().zip(times).zip(contestants);
    asked.map(result).collect()
}
