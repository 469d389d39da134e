//! Pure questions to a snapshot.

mod features;
pub mod filter;
mod inner;
mod listed;
mod locate;
mod nearby;
mod stats;

pub use features::features_within;
pub use locate::{
    Answer, Batch, Candidate, Duty, Found, NO_GRID, Outcome, Owner, Question, SchemeAnswer,
    Warning, level_names, locate, locate_in, responsible, schemes_in_order, staff_of,
};
pub use nearby::{
    MOST_NEARBY, Near, NearbyAnswer, NearbyError, NearbyOptions, NearbyWarning, nearby,
};
pub use stats::{
    Class, GridValue, Measure, Share, Stats, StatsError, StatsOptions, StatsQuestion, stats,
};
