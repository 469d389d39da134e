//! How far south a latitude lies on the map, from a table.
//!
//! Between two borders of the table a polynomial takes the place of the mercator formula, from which it differs by less than 2^-48 of
//! the world's side, 1/16 of a fine unit at zoom 24: one vertex of a tile needs some multiplications in the place of a tangent and a
//! logarithm.

use std::f64::consts::PI;
use std::sync::LazyLock;

/// Logarithm of what a polynomial is for: lattice steps of latitude.
const SPAN: u32 = 20;
/// Lattice steps beyond the world's edges, north and south.
const LIMIT: i32 = 851_000_000;
/// The first polynomial's number, as latitudes are counted from the equator.
const FIRST: i32 = -LIMIT >> SPAN;
/// A polynomial's coefficients, the constant first.
type Coefficients = [f64; 6];

/// The polynomials, from south to north.
static TABLE: LazyLock<Box<[Coefficients]>> = LazyLock::new(|| {
    let all = FIRST..=LIMIT >> SPAN;
    all.map(polynomial).collect()
});

/// Shares of the world's side that lattice latitudes lie south of its edge.
#[derive(Clone, Copy, Debug)]
pub(super) struct Southing(&'static [Coefficients]);

impl Southing {
    pub(super) fn new() -> Self {
        Self(&TABLE)
    }

    /// That of a lattice latitude; those beyond ±85.0511° lie on the edge, 0 or 1.
    #[inline]
    pub(super) fn of(self, lat: i32) -> f64 {
        let lat = lat.clamp(-LIMIT, LIMIT);
        let number = (lat >> SPAN) - FIRST;
        let powers = self.0[number.cast_unsigned() as usize];
        // From -1 to 1 within the span.
        let half = 1 << (SPAN - 1);
        let t = f64::from((lat & (2 * half - 1)) - half) / f64::from(half);
        let south = powers
            .into_iter()
            .rev()
            .reduce(|sum, power| sum * t + power);
        south.unwrap_or_default().clamp(0.0, 1.0)
    }
}

/// The polynomial through the formula's values at six Chebyshev points (Lobatto's, which hold both ends, so that one polynomial
/// begins where another ended).
fn polynomial(number: i32) -> Coefficients {
    let half = 2f64.powi(SPAN.cast_signed() - 1);
    let middle = (f64::from(number) + 0.5) * 2.0 * half;
    let points = [0, 1, 2, 3, 4, 5].map(|point| (PI * f64::from(point) / 5.0).cos());
    let mut slopes = points.map(|t| formula(middle + t * half));
    // Newton's divided differences, and from them the powers of t.
    for order in 1..slopes.len() {
        for at in (order..slopes.len()).rev() {
            slopes[at] = (slopes[at] - slopes[at - 1]) / (points[at] - points[at - order]);
        }
    }
    let mut powers = [0.0; 6];
    for (slope, point) in slopes.iter().zip(points).rev() {
        for power in (1..powers.len()).rev() {
            powers[power] = powers[power - 1] - point * powers[power];
        }
        powers[0] = slope - point * powers[0];
    }
    powers
}

/// The same by the formula, of lattice steps of latitude; beyond the world's edges less than 0 or more than 1.
fn formula(lat: f64) -> f64 {
    let lat = lat / 180e7 * PI;
    0.5 - lat.tan().asinh() / (2.0 * PI)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_equator_is_the_middle_and_the_poles_lie_on_the_edges() {
        let all = [0, 900_000_000, -900_000_000].map(|lat| Southing::new().of(lat).to_bits());
        assert_eq!(all, [0.5_f64, 0.0, 1.0].map(f64::to_bits));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn every_latitude_is_where_the_formula_says(lat in -900_000_000..=900_000_000i32) {
            let exact = formula(f64::from(lat)).clamp(0.0, 1.0);
            prop_assert!((Southing::new().of(lat) - exact).abs() < 2f64.powi(-48));
        }

        #[test]
        fn what_is_north_of_another_is_so_where_two_polynomials_meet(number in FIRST + 1..LIMIT >> SPAN) {
            let border = number << SPAN;
            let all = [border - 1, border, border + 1].map(|lat| Southing::new().of(lat));
            prop_assert!(all.is_sorted_by(|south, north| north < south || *north <= 0.0 || *south >= 1.0));
        }
    }
}
