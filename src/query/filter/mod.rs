//! Filters: the text form of CQL2 (OGC 21-065r2), checked against a layer before any feature is looked at.
//!
//! A row of verbs, one a file: [`lexer`] cuts, [`parser`] reads conditions, [`value`], [`shape`] and [`time`] read what stands
//! in them, [`names`] finds fields; what comes out is a [`condition`] whose parts fit each other. What a filter cannot say is
//! refused; nothing is taken for something else.

mod condition;
mod error;
mod fold;
mod lexer;
mod names;
mod number;
mod parser;
mod pattern;
mod scalar;
mod shape;
mod spatial;
mod temporal;
mod time;
mod value;

use std::sync::Arc;

use crate::model::{Access, Feature, Layer};

use condition::Condition;

pub use error::{FilterError, FilterFault};
pub use scalar::Kind;

/// Longest text of a filter, bytes: what fits into an address, and bounds the time that one feature takes.
pub const LONGEST_FILTER: usize = 16 << 10;

/// A condition on the features of one layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    text: Arc<str>,
    condition: Arc<Condition>,
}

impl Filter {
    /// Reads CQL2 text for a layer. A field that the reader may not see is not there: an answer that depends on it would tell
    /// its values.
    ///
    /// # Errors
    /// Says at which character, what is wrong there, and what to write instead.
    pub fn parse(text: &str, layer: &Layer, access: Access) -> Result<Self, FilterError> {
        if text.len() > LONGEST_FILTER {
            let (bytes, most) = (text.len(), LONGEST_FILTER);
            let fault = FilterFault::TooLong { bytes, most };
            return Err(FilterError { at: 1, fault });
        }
        let condition = parser::parse(text, layer, access)?;
        Ok(Self {
            text: text.into(),
            condition: condition.into(),
        })
    }

    /// The text that it was read from.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether a feature of the layer meets the condition; `false` also where that is not known for want of a value.
    #[must_use]
    pub fn matches(&self, feature: &Feature) -> bool {
        self.condition.holds(feature) == Some(true)
    }
}
