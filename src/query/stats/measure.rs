//! What can be measured.

/// What a number by grid tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Features of a layer.
    Count,
    /// All numbers of a field together.
    Sum,
    /// The mean of the numbers of a field.
    Mean,
    /// The ground of the grid.
    Area,
    /// Features for each square kilometre.
    Density,
    /// Features that pass a filter, of all.
    Share,
}

impl Measure {
    pub const ALL: [Self; 6] = [
        Self::Count,
        Self::Sum,
        Self::Mean,
        Self::Area,
        Self::Density,
        Self::Share,
    ];

    /// Its name in a question.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Sum => "sum",
            Self::Mean => "mean",
            Self::Area => "area",
            Self::Density => "density",
            Self::Share => "share",
        }
    }

    /// The measure of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|measure| measure.name() == name)
    }

    /// `None` for plain numbers, and those of a field, which has its own.
    #[must_use]
    pub fn unit(self) -> Option<&'static str> {
        match self {
            Self::Count | Self::Sum | Self::Mean => None,
            Self::Area => Some("km²"),
            Self::Density => Some("1/km²"),
            Self::Share => Some("%"),
        }
    }

    /// Whether it is of a layer's features.
    pub(super) fn needs_layer(self) -> bool {
        self != Self::Area
    }

    /// Whether it is of the numbers of a field.
    pub(super) fn needs_field(self) -> bool {
        matches!(self, Self::Sum | Self::Mean)
    }

    pub(super) fn needs_area(self) -> bool {
        matches!(self, Self::Area | Self::Density)
    }
}
