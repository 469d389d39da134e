//! Who may see what. Every read takes the reader's [`Access`]; nothing else decides.

use super::Field;

/// How far a field may travel.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Sensitivity {
    Public,
    /// The default, so that a field nobody thought of does not leave the house.
    #[default]
    Internal,
    Restricted,
}

/// What a reader may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Access {
    ceiling: Sensitivity,
}

impl Access {
    /// The reader on the same machine, before access keys are configured: sees all.
    pub const LOCAL: Self = Self {
        ceiling: Sensitivity::Restricted,
    };

    /// A reader of fields up to `ceiling`.
    #[must_use]
    pub fn up_to(ceiling: Sensitivity) -> Self {
        Self { ceiling }
    }

    /// Whether the reader may see the values of a field.
    #[must_use]
    pub fn sees(self, field: &Field) -> bool {
        field.sensitivity <= self.ceiling
    }
}
