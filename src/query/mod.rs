//! Pure questions to a snapshot.

mod features;
mod locate;

pub use features::features_within;
pub use locate::{
    Answer, Batch, Candidate, Duty, Found, NO_GRID, Outcome, Owner, Question, SchemeAnswer,
    Warning, level_names, locate, locate_in, responsible, schemes_in_order, staff_of,
};
