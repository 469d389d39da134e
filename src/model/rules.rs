//! What a deployment may choose about locating.

use super::{Bounds, LevelName, Metres};

/// The choices of a deployment about who owns a point.
#[derive(Clone, Debug, PartialEq)]
pub struct LocateRules {
    /// Names of the level that territorial fallback and `community` mean. Default: community, village, 社区, 村, the words for
    /// the lowest level of the division codes.
    pub community_levels: Vec<LevelName>,
    /// How far the nearest grid may be for a point in a gap. Default 100 m: half of the widest gap that drawing leaves along a
    /// river or an expressway; across more the community knows better.
    pub gap_limit: Metres,
    /// How far from a line its leader is found, where the line's field `buffer_m` does not say. Default 15 m: half a lane and
    /// the typical error of GPS.
    pub line_buffer: Metres,
    /// The widest `buffer_m` that counts; wider ones are cut to it. Default 100 m: it bounds the search around every point.
    pub largest_line_buffer: Metres,
    /// The largest accuracy, or gap limit of one question, that is weighed. Default 10 km: a wider disc holds thousands of
    /// grids and says nothing about one.
    pub largest_accuracy: Metres,
    /// How many candidates an answer names. Default 50: more than anybody chooses from.
    pub most_candidates: usize,
    /// Where this deployment's points lie, to tell swapped coordinates by. Default: the bounds of the base scheme.
    pub extent: Option<Bounds>,
}

impl Default for LocateRules {
    fn default() -> Self {
        Self {
            community_levels: ["community", "village", "社区", "村"]
                .map(LevelName::from)
                .to_vec(),
            gap_limit: Metres::whole(100),
            line_buffer: Metres::whole(15),
            largest_line_buffer: Metres::whole(100),
            largest_accuracy: Metres::whole(10_000),
            most_candidates: 50,
            extent: None,
        }
    }
}
