//! What is asked of one point.

use crate::model::{Coord, Crs, LonLat, Metres, Scheme, Time};

/// A question about one point. Beside place and time everything may be left out; who asks or reports is no part of it.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    pub at: Coord,
    pub time: Time,
    /// The point as it was given, and in which CRS: what warnings read in other ways.
    pub given: LonLat,
    pub crs: Crs,
    /// Where the point is when its numbers change places, in a CRS that takes more than a formula; reckoned by who asks.
    pub turned: Option<Coord>,
    /// Radius of the disc in which the point surely lies; zero where the point is taken as exact.
    pub accuracy: Metres,
    /// How far the nearest grid may be from a point in a gap; the deployment's limit where `None`.
    pub gap_limit: Option<Metres>,
    /// The scheme that answers first, where not the base scheme.
    pub scheme: Option<&'a Scheme>,
    /// Code or name of the unit that is meant, of several that share a footprint.
    pub unit: Option<&'a str>,
    /// What the event is about: dedicated grids win for the categories that they name.
    pub category: Option<&'a str>,
}

impl Question<'_> {
    /// Who owns this point at this time?
    #[must_use]
    pub fn new(at: Coord, time: Time) -> Self {
        Self {
            at,
            time,
            given: at.degrees(),
            crs: Crs::default(),
            turned: None,
            accuracy: Metres::ZERO,
            gap_limit: None,
            scheme: None,
            unit: None,
            category: None,
        }
    }
}
