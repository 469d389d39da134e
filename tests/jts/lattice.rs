//! Decimal numbers → lattice steps without loss: moved and multiplied alike, so that all are whole.

use wangge::model::Coord;

/// Digits after the point that a case may have.
const MOST_DIGITS: usize = 15;
/// How far from the middle a coordinate should lie at most, so that shapes are kilometres large: 8 degrees.
const SIZE: i128 = 80_000_000;
/// Half of the lattice's height.
const EDGE: i128 = 900_000_000;

/// How decimals become whole: moved so that the middle is 0, and multiplied.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fit {
    digits: usize,
    middle: [i128; 2],
    factor: i128,
}

/// The decimal as the shortest text that reads back as the number, as a whole number of its last place.
fn whole(value: f64, digits: usize) -> i128 {
    let text = format!("{value:.digits$}");
    text.replace('.', "").parse().unwrap()
}

fn digits_of(value: f64) -> usize {
    let text = format!("{value}");
    text.split_once('.')
        .map_or(0, |(_, fraction)| fraction.len())
}

impl Fit {
    /// `None` where no factor makes all numbers whole and keeps them on the Earth.
    pub(crate) fn of(spots: &[[f64; 2]]) -> Option<Self> {
        let values = || spots.iter().flatten();
        if values().any(|value| !value.is_finite() || value.abs() > 1e17) {
            return None;
        }
        let digits = values().map(|value| digits_of(*value)).max().unwrap_or(0);
        if digits > MOST_DIGITS {
            return None;
        }
        let span = |axis: usize| {
            let all = || spots.iter().map(|spot| whole(spot[axis], digits));
            (all().min().unwrap_or(0), all().max().unwrap_or(0))
        };
        let (x, y) = (span(0), span(1));
        let middle = [i128::midpoint(x.0, x.1), i128::midpoint(y.0, y.1)];
        let reach = (x.1 - x.0).max(y.1 - y.0) / 2 + 1;
        let factor = (SIZE / reach).max(1);
        (reach * factor <= EDGE).then_some(Self {
            digits,
            middle,
            factor,
        })
    }

    pub(crate) fn coord(self, spot: [f64; 2]) -> Coord {
        let place = |axis: usize| {
            let steps = (whole(spot[axis], self.digits) - self.middle[axis]) * self.factor;
            i32::try_from(steps).unwrap()
        };
        Coord {
            lon: place(0),
            lat: place(1),
        }
    }
}
