//! The way around polygons as one number: the sum over their directed edges of a hash that changes its sign with the direction.
//!
//! Borders between polygons cancel out, so that the sum over some is the outline of another if, and but for a chance of 2^-64
//! only if, they fill it exactly, edge by edge.

use super::super::Coord;
use super::{Form, Geometry};

impl Geometry {
    /// The number of the way around polygons.
    #[must_use]
    pub fn outline(&self) -> u64 {
        self.known_outline().unwrap_or_else(|| {
            let edges = self.edges().map(|(a, b)| edge(a, b));
            edges.fold(0, u64::wrapping_add)
        })
    }

    /// The same where it is known without a walk.
    #[must_use]
    pub fn known_outline(&self) -> Option<u64> {
        match &self.0 {
            Form::Shared { outline, .. } => Some(*outline),
            Form::Point(_) | Form::Own(..) => None,
        }
    }
}

/// The sum over the edges from each vertex to the next.
pub(super) fn of_way(coords: &[Coord]) -> u64 {
    let edges = coords.array_windows().map(|&[a, b]| edge(a, b));
    edges.fold(0, u64::wrapping_add)
}

/// A number for a directed edge; that of the opposite edge is its negative.
fn edge(a: Coord, b: Coord) -> u64 {
    let word =
        |at: Coord| u64::from(at.lon.cast_unsigned()) << 32 | u64::from(at.lat.cast_unsigned());
    let (low, high) = (a.min(b), a.max(b));
    // Products of 128 bits, folded: each bit of both ends reaches each bit of the number.
    let fold = |a: u64, b: u64| {
        let product = u128::from(a) * u128::from(b);
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the two halves of the product"
        )]
        let halves = (product as u64, (product >> 64) as u64);
        halves.0 ^ halves.1
    };
    let mixed = fold(
        word(low) ^ 0x9e37_79b9_7f4a_7c15,
        word(high) ^ 0xd1b5_4a32_d192_ed03,
    );
    let mixed = fold(mixed ^ 0x8cb9_2ba7_2f3d_8dd7, 0xda94_2042_e4dd_58b5);
    if a < b { mixed } else { mixed.wrapping_neg() }
}
