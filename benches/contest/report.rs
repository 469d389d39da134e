//! Lines of a bench's table.
#![expect(clippy::print_stdout, reason = "a bench reports")]

use super::rounds::Result;
use super::{Contestant, differing};

/// What must be, and what would be good.
#[derive(Clone, Copy)]
pub(crate) struct Mark {
    pub must: f64,
    pub aim: f64,
}

impl Mark {
    pub(crate) const fn new(must: f64, aim: f64) -> Self {
        Self { must, aim }
    }

    /// Larger than these is better where the aim is above the must.
    fn verdict(self, value: f64) -> &'static str {
        let reaches = |mark: f64| {
            if self.aim > self.must {
                value >= mark
            } else {
                value <= mark
            }
        };
        match (reaches(self.aim), reaches(self.must)) {
            (true, _) => "aim reached",
            (_, true) => "must reached",
            _ => "missed",
        }
    }
}

/// A measured value beside its mark.
pub(crate) fn line(what: &str, value: f64, unit: &str, mark: Mark) {
    let (Mark { must, aim }, verdict) = (mark, mark.verdict(value));
    println!("{what:<62} {value:>10.2} {unit:<3} must {must}, aim {aim}: {verdict}");
}

/// How many times as fast one contestant is as another, by their places.
pub(crate) type Ratio = (&'static str, usize, usize, Mark);

/// Prints the ratios whose contestants took part: (what, the slow one, the fast one, mark).
pub(crate) fn ratios(results: &[Result], ratios: &[Ratio]) {
    for &(what, slow, fast, mark) in ratios {
        if let (Some(slow), Some(fast)) = (results.get(slow), results.get(fast)) {
            line(what, slow.nanos / fast.nanos, "x", mark);
        }
    }
}

/// Prints the time of each contestant.
pub(crate) fn times(title: &str, contestants: &[Contestant], results: &[Result], points: usize) {
    println!("\n{title}, one thread, medians:");
    for (
        Contestant {
            name, points: most, ..
        },
        result,
    ) in contestants.iter().zip(results)
    {
        let asked = most.min(&points);
        println!(
            "{name:<62} {:>10.1} ns a point ({asked} points)",
            result.nanos
        );
    }
}

/// Compares all with the first: the same answers, or the bench has no result.
pub(crate) fn compare(contestants: &[Contestant], results: &[Result]) {
    let first = &contestants[0];
    for (contestant, result) in contestants.iter().zip(results).skip(1) {
        let (ours, theirs) = (&results[0].answers, &result.answers);
        let differ = differing(ours, first.width, theirs, contestant.width);
        let (rows, name) = (theirs.len() / contestant.width, contestant.name);
        assert!(differ == 0, "{differ} of {rows} answers of {name} differ");
    }
    println!("all answers are equal");
}

#[expect(clippy::cast_precision_loss, reason = "for print")]
pub(crate) fn real(count: usize) -> f64 {
    count as f64
}
