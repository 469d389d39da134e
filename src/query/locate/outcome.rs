//! The closed set of ways in which a point lies in a scheme.

use crate::model::Side;

use super::holders::Holder;
use super::units::share_one_footprint;

/// How a point lies in a scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Inside exactly one grid of the lowest level.
    Inside,
    /// On the border of the owner.
    Boundary,
    /// The disc of the given accuracy does not lie in one grid.
    NearBoundary,
    /// In several grids of the owner's level at once.
    Overlap,
    /// In no grid of the lowest level, and near one of the same grid above: that one owns it.
    Gap,
    /// In no grid of the lowest level; the owner is of a level above.
    Fallback,
    /// In several units of the lowest level that share one footprint; the owner is of a level above.
    AmbiguousUnit,
    /// In no grid of any level.
    Outside,
}

impl Outcome {
    /// As the API and the tables name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Inside => "inside",
            Self::Boundary => "boundary",
            Self::NearBoundary => "near_boundary",
            Self::Overlap => "overlap",
            Self::Gap => "gap",
            Self::Fallback => "fallback",
            Self::AmbiguousUnit => "ambiguous_unit",
            Self::Outside => "outside",
        }
    }
}

/// How a point lies in the lowest level that holds it; `is_picked` where the unit was named.
pub(super) fn judge(holders: &[Holder<'_>], is_lowest: bool, is_picked: bool) -> Outcome {
    let inside = holders
        .iter()
        .filter(|holder| holder.side == Side::Inside)
        .count();
    match (inside, holders.len()) {
        (0, _) => Outcome::Boundary,
        (1, 1) if is_lowest => Outcome::Inside,
        (1, 1) => Outcome::Fallback,
        _ if is_lowest && share_one_footprint(holders) => {
            if is_picked {
                Outcome::Inside
            } else {
                Outcome::AmbiguousUnit
            }
        }
        _ => Outcome::Overlap,
    }
}
