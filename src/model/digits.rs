//! Numbers in messages.

use std::fmt;

/// A number in few digits: one of hundreds of digits is written with an exponent.
#[derive(Clone, Copy, Debug)]
pub struct Digits(pub f64);

/// From here on a number has an exponent.
const LONG: f64 = 1e15;

impl fmt::Display for Digits {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_finite() && self.0.abs() >= LONG {
            write!(out, "{:e}", self.0)
        } else {
            self.0.fmt(out)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_many_digits_is_written_with_an_exponent() {
        let text = |number| Digits(number).to_string();
        assert_eq!([text(104.7), text(-200.0)], ["104.7", "-200"]);
        assert_eq!([text(1e300), text(-1.5e15)], ["1e300", "-1.5e15"]);
        assert_eq!(text(f64::NAN), "NaN");
    }
}
