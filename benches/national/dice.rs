//! Chance by hashing: the same seed and the same words give the same throws on every machine.

/// Mixes the bits of a number (SplitMix64's finaliser).
fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// A stream of throws.
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(mix(seed))
    }

    /// The stream that belongs to a place of the lattice, for one purpose.
    pub(super) fn of_place(purpose: u32, column: u32, row: u32) -> Self {
        let place = u64::from(column) << 32 | u64::from(row);
        Self(mix(
            place ^ u64::from(purpose).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        ))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A number in `[0, 1)`.
    pub(crate) fn unit(&mut self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit an f64 exactly")]
        let bits = (self.next() >> 11) as f64;
        bits / 9_007_199_254_740_992.0
    }

    /// A number in `[-1, 1)`.
    pub(super) fn signed(&mut self) -> f64 {
        2.0 * self.unit() - 1.0
    }

    /// A whole number below `count`.
    pub(crate) fn below(&mut self, count: u32) -> u32 {
        let scaled = u64::from(count) * (self.next() >> 32);
        u32::try_from(scaled >> 32).unwrap_or(0)
    }

    /// A number of the standard normal distribution (Box and Muller).
    pub(super) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }
}
