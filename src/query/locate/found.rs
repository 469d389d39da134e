//! What is found of one of many points.

use super::Outcome;

/// Stands in a row of [`Batch::locate`](super::Batch::locate) where a level has no grid.
pub const NO_GRID: u32 = u32::MAX;

/// How one of many points lies in the first scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    pub outcome: Outcome,
    pub certain: bool,
}

impl Found {
    pub(super) const INSIDE: Self = Self {
        outcome: Outcome::Inside,
        certain: true,
    };
    pub(super) const OUTSIDE: Self = Self {
        outcome: Outcome::Outside,
        certain: false,
    };
}
