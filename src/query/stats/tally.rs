//! What was counted in one grid.

use crate::model::{Feature, Value};

use super::{Measure, Share, StatsOptions};

/// What a feature adds to a tally.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counted {
    is_part: bool,
    sum: Sum,
}

impl Counted {
    /// `None` where the feature is none of those that are asked about.
    pub(super) fn of(feature: &Feature, options: &StatsOptions<'_>) -> Option<Self> {
        let filter = options.filter.as_ref();
        let passes = filter.is_none_or(|filter| filter.matches(feature));
        if !passes {
            // A share is of all others too.
            return (options.measure == Measure::Share).then(Self::default);
        }
        let Some(field) = options.field else {
            let sum = Sum::default();
            return Some(Self { is_part: true, sum });
        };
        let sum = feature.values.get(field).and_then(Sum::of);
        Some(Self {
            is_part: sum.is_some(),
            sum: sum.unwrap_or_default(),
        })
    }
}

/// Features that were counted, and their numbers.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    part: u32,
    whole: u32,
    sum: Sum,
}

impl Tally {
    pub(super) fn add(&mut self, counted: Counted) {
        self.part += u32::from(counted.is_part);
        self.whole += 1;
        self.sum = self.sum.and(counted.sum);
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self {
            part: self.part + other.part,
            whole: self.whole + other.whole,
            sum: self.sum.and(other.sum),
        }
    }

    /// The measure of what was counted, on some square kilometres.
    pub(super) fn share(self, measure: Measure, square_km: Option<f64>) -> Share {
        let part = f64::from(self.part);
        let value = match measure {
            Measure::Count => Some(part),
            Measure::Sum => Some(self.sum.value()),
            Measure::Mean => (self.part > 0).then(|| self.sum.value() / part),
            Measure::Area => square_km,
            Measure::Density => square_km.filter(|area| *area > 0.0).map(|area| part / area),
            Measure::Share => (self.whole > 0).then(|| 100.0 * part / f64::from(self.whole)),
        };
        Share {
            value: value.filter(|value| value.is_finite()),
            part: self.part,
            whole: self.whole,
        }
    }
}

/// A sum whose integers are exact, and whose reals lose nothing on the way (Neumaier, 1974).
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    integers: i128,
    reals: f64,
    /// What did not fit into `reals`.
    lost: f64,
}

impl Sum {
    /// `None` for what is no number.
    fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Integer(number) => Some(Self {
                integers: i128::from(*number),
                ..Self::default()
            }),
            Value::Real(number) if number.is_finite() => Some(Self {
                reals: *number,
                ..Self::default()
            }),
            _ => None,
        }
    }

    fn and(self, other: Self) -> Self {
        let reals = self.reals + other.reals;
        let (large, small) = if self.reals.abs() >= other.reals.abs() {
            (self.reals, other.reals)
        } else {
            (other.reals, self.reals)
        };
        Self {
            integers: self.integers + other.integers,
            reals,
            lost: self.lost + other.lost + ((large - reals) + small),
        }
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "a number as JSON has it: exact to 2^53"
    )]
    fn value(self) -> f64 {
        self.integers as f64 + (self.reals + self.lost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As JSON has it.
    fn sum(values: &[Value]) -> String {
        let sums = values.iter().filter_map(Sum::of);
        sums.fold(Sum::default(), Sum::and).value().to_string()
    }

    #[test]
    fn integers_are_exact_and_reals_lose_nothing_on_the_way() {
        let real = Value::Real;
        assert_eq!(sum(&[real(1e16), real(1.0), real(1.0), real(-1e16)]), "2");
        assert_eq!(sum(&vec![real(0.1); 10]), "1");
        let large = Value::Integer(i64::MAX);
        let back = [
            large.clone(),
            large.clone(),
            Value::Integer(-i64::MAX),
            Value::Integer(-i64::MAX),
            Value::Integer(3),
        ];
        assert_eq!(sum(&back), "3");
    }

    #[test]
    fn a_sum_beyond_all_doubles_is_no_value() {
        let mut tally = Tally::default();
        for _ in 0..2 {
            let sum = Sum::of(&Value::Real(f64::MAX)).unwrap();
            tally.add(Counted { is_part: true, sum });
        }
        assert_eq!(tally.share(Measure::Sum, None).value, None);
        assert_eq!(tally.share(Measure::Count, None).value, Some(2.0));
    }

    #[test]
    fn what_is_no_number_is_not_counted() {
        for value in [
            Value::Null,
            Value::Text("3".into()),
            Value::Boolean(true),
            Value::Real(f64::INFINITY),
        ] {
            assert!(Sum::of(&value).is_none(), "{value:?}");
        }
    }
}
