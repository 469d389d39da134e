//! What is asked of runs of places. A ring is closed without repeating its first place.

use super::mercator::Place;

/// A polygon's outer ring, then its holes; the outer ring's area is positive, its holes' negative.
pub(super) type Polygon = Vec<Vec<Place>>;

/// A closed box of places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rect {
    pub(super) min: Place,
    pub(super) max: Place,
}

impl Rect {
    /// The smallest box around the places; `None` without any.
    pub(super) fn around(places: &[Place]) -> Option<Self> {
        let (&first, rest) = places.split_first()?;
        let start = Self {
            min: first,
            max: first,
        };
        Some(rest.iter().fold(start, |bounds, at| bounds.with(*at)))
    }

    /// The same with a place in it.
    pub(super) fn with(self, at: Place) -> Self {
        let Self { min, max } = self;
        Self {
            min: Place {
                x: min.x.min(at.x),
                y: min.y.min(at.y),
            },
            max: Place {
                x: max.x.max(at.x),
                y: max.y.max(at.y),
            },
        }
    }

    pub(super) fn width(self) -> i64 {
        self.max.x - self.min.x
    }

    pub(super) fn height(self) -> i64 {
        self.max.y - self.min.y
    }

    /// Of its longer side.
    pub(super) fn length(self) -> i64 {
        self.width().max(self.height())
    }
}

/// The directed edges of a ring, the closing one last.
pub(super) fn edges(ring: &[Place]) -> impl Iterator<Item = (Place, Place)> {
    ring.iter()
        .copied()
        .zip(ring.iter().copied().cycle().skip(1))
}

/// Twice the signed area of an edge and a place: the sign of the turn a → b → p. Clipped places are small, so it fits.
pub(super) fn turn(a: Place, b: Place, p: Place) -> i64 {
    (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x)
}

/// Twice the signed area by the surveyor's formula: positive for an outer ring of MVT 2. Exact: a world at zoom 24 needs
/// 75 bits.
pub(super) fn doubled_area(ring: &[Place]) -> i128 {
    edges(ring).map(|(a, b)| doubled(a, b)).sum()
}

/// What an edge adds to that.
pub(super) fn doubled(a: Place, b: Place) -> i128 {
    i128::from(a.x) * i128::from(b.y) - i128::from(b.x) * i128::from(a.y)
}

/// Drops places that repeat the one before, the closing one too.
pub(super) fn drop_repeats(ring: &mut Vec<Place>) {
    ring.dedup();
    while ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
}
