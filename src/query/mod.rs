//! Pure questions to a snapshot.

mod features;
mod locate;

pub use features::features_within;
pub use locate::{
    Answer, Codes, Outcome, Owner, SchemeAnswer, Warning, level_names, locate, locate_codes,
    locate_in, schemes_in_order, staff_of,
};
