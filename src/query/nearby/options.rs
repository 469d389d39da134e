//! What is wanted of the features nearby.

use crate::query::filter::Filter;

use super::NearbyError;

/// How many features are answered at most.
pub const MOST_NEARBY: usize = 1_000;

/// What is wanted of the features nearby.
#[derive(Clone, Debug)]
pub struct NearbyOptions {
    /// How many at most, 1 to [`MOST_NEARBY`]; 5, what a screen lists without scrolling.
    pub k: usize,
    /// Metres, none farther; no limit where `None`.
    pub max_m: Option<f64>,
    /// Only features that meet it; made for the same layer.
    pub filter: Option<Filter>,
    /// Only features in the grid of this level (`LEVEL` or `SCHEME.LEVEL`) in which the point lies.
    pub within: Option<String>,
    /// Features in the point's own grid of this level come before all others.
    pub prefer: Option<String>,
    /// Only features that reach the point: by their sector, their radius or their service area.
    pub covers: bool,
}

impl Default for NearbyOptions {
    fn default() -> Self {
        Self {
            k: 5,
            max_m: None,
            filter: None,
            within: None,
            prefer: None,
            covers: false,
        }
    }
}

impl NearbyOptions {
    /// Whether they can be.
    pub(super) fn check(&self) -> Result<(), NearbyError> {
        if !(1..=MOST_NEARBY).contains(&self.k) {
            return Err(NearbyError::Count { given: self.k });
        }
        match self.max_m {
            Some(given) if given.is_nan() || given < 0.0 => Err(NearbyError::Distance { given }),
            _ => Ok(()),
        }
    }
}
