//! Numbers as fields hold them: whole numbers stay exact where a double could not keep them.

use std::cmp::Ordering;

/// A whole or a real number; a real one is finite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    Whole(i64),
    Real(f64),
}

/// What joins two numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    /// Division without its fraction, towards zero.
    Div,
    /// What `Div` leaves, with the sign of the dividend.
    Remainder,
    Power,
}

/// 2^63, the first whole number beyond those that are kept.
const BEYOND: f64 = 9_223_372_036_854_775_808.0;

impl Number {
    /// Reads digits with at most one point and one exponent, without a sign.
    pub(super) fn parse(given: &str) -> Option<Self> {
        let is_whole = given.bytes().all(|byte| byte.is_ascii_digit());
        if let (true, Ok(number)) = (is_whole, given.parse()) {
            return Some(Self::Whole(number));
        }
        let is_decimal = given
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'));
        let real = given.parse().ok().filter(|_| is_decimal)?;
        Self::real(real)
    }

    /// A real number; none where it is not finite.
    pub(super) fn real(number: f64) -> Option<Self> {
        number.is_finite().then_some(Self::Real(number))
    }

    #[expect(clippy::cast_precision_loss, reason = "where no exact way is left")]
    pub(super) fn as_real(self) -> f64 {
        match self {
            Self::Whole(number) => number as f64,
            Self::Real(number) => number,
        }
    }

    /// Compares exactly, whole with real too.
    pub(super) fn compare(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Whole(a), Self::Whole(b)) => a.cmp(&b),
            (Self::Real(a), Self::Real(b)) => a.partial_cmp(&b).unwrap_or(Ordering::Equal),
            (Self::Whole(a), Self::Real(b)) => compare_mixed(a, b),
            (Self::Real(a), Self::Whole(b)) => compare_mixed(b, a).reverse(),
        }
    }

    pub(super) fn negated(self) -> Option<Self> {
        match self {
            Self::Whole(number) => number
                .checked_neg()
                .map(Self::Whole)
                .or_else(|| Self::real(-self.as_real())),
            Self::Real(number) => Some(Self::Real(-number)),
        }
    }

    /// Joins two numbers: exactly where both are whole and the outcome can be kept, else as doubles. Nothing where there is no
    /// outcome, as in a division by zero.
    pub(super) fn join(self, operator: Operator, other: Self) -> Option<Self> {
        if let (Self::Whole(a), Self::Whole(b)) = (self, other) {
            let exact = match operator {
                Operator::Add => a.checked_add(b),
                Operator::Subtract => a.checked_sub(b),
                Operator::Multiply => a.checked_mul(b),
                Operator::Div => a.checked_div(b),
                Operator::Remainder => a.checked_rem(b),
                Operator::Divide => a
                    .checked_rem(b)
                    .filter(|rest| *rest == 0)
                    .and_then(|_| a.checked_div(b)),
                Operator::Power => u32::try_from(b).ok().and_then(|b| a.checked_pow(b)),
            };
            if let Some(exact) = exact {
                return Some(Self::Whole(exact));
            }
        }
        let (a, b) = (self.as_real(), other.as_real());
        Self::real(match operator {
            Operator::Add => a + b,
            Operator::Subtract => a - b,
            Operator::Multiply => a * b,
            Operator::Divide => a / b,
            Operator::Div => (a / b).trunc(),
            Operator::Remainder => a % b,
            Operator::Power => a.powf(b),
        })
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the whole part is within the range, checked before"
)]
fn compare_mixed(whole: i64, real: f64) -> Ordering {
    if real >= BEYOND {
        return Ordering::Less;
    }
    if real < -BEYOND {
        return Ordering::Greater;
    }
    let rest = 0.0_f64.partial_cmp(&real.fract());
    whole
        .cmp(&(real.trunc() as i64))
        .then(rest.unwrap_or(Ordering::Equal))
}

impl std::fmt::Display for Number {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Whole(number) => write!(out, "{number}"),
            Self::Real(number) => write!(out, "{number}"),
        }
    }
}
