//! Lengths on the ground.

use super::Digits;

/// A length on the ground in metres: finite, and not below 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Metres(f64);

/// A number that is no length, or too long a one.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("{} is not between 0 and {limit} metres", Digits(*given))]
pub struct MetresError {
    pub given: f64,
    pub limit: f64,
}

impl Metres {
    pub const ZERO: Self = Self(0.0);
    /// The longest reach that anything is asked for: a grid farther away is nobody's neighbour.
    pub const LONGEST: Self = Self(100_000.0);

    /// A length of whole metres.
    #[must_use]
    pub const fn whole(metres: u16) -> Self {
        Self(metres as f64)
    }

    /// Checks a number of metres against the longest that makes sense there.
    ///
    /// # Errors
    /// Where it is not finite, below 0, or above `limit`.
    pub fn up_to(limit: Self, given: f64) -> Result<Self, MetresError> {
        if (0.0..=limit.0).contains(&given) {
            // Without the sign that a zero can have.
            Ok(Self(given.abs()))
        } else {
            Err(MetresError {
                given,
                limit: limit.0,
            })
        }
    }

    #[must_use]
    pub fn value(self) -> f64 {
        self.0
    }

    #[must_use]
    pub fn longer(self, other: Self) -> Self {
        Self(self.0.max(other.0))
    }

    #[must_use]
    pub fn is_zero(self) -> bool {
        self == Self::ZERO
    }
}

impl std::ops::Add for Metres {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_length_or_too_long_is_refused_with_the_range() {
        for given in [f64::NAN, f64::INFINITY, -f64::INFINITY, -0.1, 10.1] {
            let error = Metres::up_to(Metres::whole(10), given).unwrap_err();
            assert!(error.to_string().contains("0 and 10 metres"), "{error}");
        }
        for given in [0.0, -0.0, 0.5, 10.0] {
            let metres = Metres::up_to(Metres::whole(10), given).unwrap();
            assert!(metres.value() >= 0.0 && metres.value().is_sign_positive());
        }
    }
}
