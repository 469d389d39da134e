//! Why numbers by grid cannot be given.

use crate::model::LayerName;
use crate::query::filter::FilterError;

/// Why a question for numbers by grid cannot be answered: what was given, and what can be.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum StatsError {
    #[error("there is no grid level {given}; there are: {known}")]
    Level { given: String, known: String },
    #[error("measure is missing; it is one of {known}")]
    NoMeasure { known: String },
    #[error("measure is {given:?}; it is one of {known}")]
    Measure { given: String, known: String },
    #[error("layer is missing; there are: {known}")]
    NoLayer { known: String },
    #[error("there is no layer {given}; there are: {known}")]
    Layer { given: String, known: String },
    #[error("field is missing; layer {layer} has {known}")]
    NoField { layer: LayerName, known: String },
    #[error("layer {layer} has no field {given:?} that holds numbers; it has {known}")]
    Field {
        layer: LayerName,
        given: String,
        known: String,
    },
    #[error(
        "filter is missing; a share is of the features that pass it among all of the layer, as in filter=name IS NOT NULL"
    )]
    NoFilter,
    #[error("of layer {layer}, {fault}")]
    Filter {
        layer: LayerName,
        given: String,
        fault: FilterError,
    },
    #[error("{field} says nothing of measure {measure}; leave it out")]
    Needless {
        field: &'static str,
        given: String,
        measure: &'static str,
    },
    #[error("the grids of level {level} are no polygons, so that they have no area; ask for count")]
    NoArea {
        level: LayerName,
        measure: &'static str,
    },
}

impl StatsError {
    /// The name of the field that is wrong, and its value where it was given.
    #[must_use]
    pub fn field(&self) -> (&'static str, Option<&str>) {
        match self {
            Self::Level { given, .. } => ("level", Some(given)),
            Self::NoMeasure { .. } => ("measure", None),
            Self::Measure { given, .. } => ("measure", Some(given)),
            Self::NoLayer { .. } => ("layer", None),
            Self::Layer { given, .. } => ("layer", Some(given)),
            Self::NoField { .. } => ("field", None),
            Self::Field { given, .. } => ("field", Some(given)),
            Self::NoFilter => ("filter", None),
            Self::Filter { given, .. } => ("filter", Some(given)),
            Self::Needless { field, given, .. } => (field, Some(given)),
            Self::NoArea { measure, .. } => ("measure", Some(measure)),
        }
    }

    /// Whether what is asked about is not there.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Level { .. } | Self::Layer { .. })
    }
}
