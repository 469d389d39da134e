//! What the asker should know about an answer.

/// Something that the asker should know about the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NearbyWarning {
    /// The point lies in no grid of the level that `within` or `prefer` names.
    NoOwnGrid { field: &'static str, level: String },
    /// Features that do not say what they cover.
    Silent { count: usize },
}

impl NearbyWarning {
    /// A word for programs, which stays.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoOwnGrid { .. } => "no_own_grid",
            Self::Silent { .. } => "no_reach",
        }
    }
}

/// As the API says it, the code first.
impl std::fmt::Display for NearbyWarning {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}: ", self.code())?;
        match self {
            Self::NoOwnGrid { field, level } => write!(
                out,
                "the point lies in no grid of level {level}, which {field} names"
            ),
            Self::Silent { count } => write!(
                out,
                "left out, since they do not say what they cover: {count} of the layer's features"
            ),
        }
    }
}
