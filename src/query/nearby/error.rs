//! Why a question for what is nearby cannot be answered.

use crate::model::LayerName;

use super::MOST_NEARBY;

/// Why the question cannot be answered.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NearbyError {
    #[error("k is {given}; ask for 1 to {MOST_NEARBY} features")]
    Count { given: usize },
    #[error("max_m is {given}; give metres, 0 or more")]
    Distance { given: f64 },
    #[error("{field} is {given:?}, which is no level of a grid scheme; there are: {known}")]
    Level {
        field: &'static str,
        given: String,
        known: String,
    },
    #[error(
        "layer {layer} does not say what its features cover; it needs the number fields bearing, angle and range_m (of points), or radius_m, or the field service_area with codes of grids"
    )]
    NoReach { layer: LayerName },
}

impl NearbyError {
    /// The name and the value of the field that is wrong.
    #[must_use]
    pub fn field(&self) -> (&'static str, String) {
        match self {
            Self::Count { given } => ("k", given.to_string()),
            Self::Distance { given } => ("max_m", given.to_string()),
            Self::Level { field, given, .. } => (field, given.clone()),
            Self::NoReach { .. } => ("covers", "true".to_owned()),
        }
    }
}
