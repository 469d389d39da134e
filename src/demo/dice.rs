//! Seeded chance: the same words give the same throws on every machine.

use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};
use xxhash_rust::xxh3::xxh3_128;

/// A stream of throws.
pub(super) struct Dice(Pcg64Mcg);

impl Dice {
    /// The stream that belongs to some words, such as `511526/seeds`: one stream a purpose, so that a change of one count
    /// leaves all else as it was.
    pub(super) fn named(words: &str) -> Self {
        Self(Pcg64Mcg::from_seed(
            xxh3_128(words.as_bytes()).to_le_bytes(),
        ))
    }

    /// A number in `[0, 1)`.
    pub(super) fn unit(&mut self) -> f64 {
        #[expect(
            clippy::cast_precision_loss,
            reason = "53 bits are what an f64 holds exactly"
        )]
        let bits = (self.0.next_u64() >> 11) as f64;
        bits / 9_007_199_254_740_992.0
    }

    /// A number in `[low, high)`.
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A whole number in `[low, high]`.
    pub(super) fn whole(&mut self, low: i64, high: i64) -> i64 {
        let choices = usize::try_from(high - low + 1).unwrap_or(1);
        low + i64::try_from(self.below(choices)).unwrap_or(0)
    }

    /// A position below `count`, 0 where there is none.
    pub(super) fn below(&mut self, count: usize) -> usize {
        let scaled = (u128::from(self.0.next_u64()) * count as u128) >> 64;
        usize::try_from(scaled).unwrap_or(0)
    }

    /// One of several; `None` where there are none.
    pub(super) fn pick<'a, T>(&mut self, choices: &'a [T]) -> Option<&'a T> {
        choices.get(self.below(choices.len()))
    }

    /// Puts items in a random order (Fisher and Yates).
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}
