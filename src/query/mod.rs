//! Pure questions to a snapshot.

mod features;
pub mod filter;
mod locate;
mod nearby;

pub use features::features_within;
pub use locate::{
    Answer, Batch, Found, NO_GRID, Outcome, Owner, SchemeAnswer, Warning, level_names, locate,
    locate_in, schemes_in_order, staff_of,
};
pub use nearby::{
    MOST_NEARBY, Near, NearbyAnswer, NearbyError, NearbyOptions, NearbyWarning, nearby,
};
