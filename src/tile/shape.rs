//! What is drawn of a feature in a tile.

use super::mercator::Place;
use super::outlines::Runs;

/// Places in tile units.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape<'a> {
    Point(Place),
    Points(Runs<'a>),
    Lines(Runs<'a>),
    Polygons(Runs<'a>),
}

impl Shape<'_> {
    /// Whether nothing is drawn.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Point(_) => false,
            Self::Points(runs) | Self::Lines(runs) | Self::Polygons(runs) => runs.is_empty(),
        }
    }
}
