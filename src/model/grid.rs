//! Grid schemes: the ways in which one ground is divided, each with its levels from the top down.

use super::layer::check_name;
use super::{LayerName, NameError};

/// The name of one level of a scheme, as in `SCHEME.LEVEL`.
pub type LevelName = Box<str>;

/// One level of a scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    pub name: LevelName,
    /// The layer that holds its grids.
    pub layer: LayerName,
}

/// One way to divide the ground.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheme {
    name: Box<str>,
    levels: Box<[Level]>,
    overlay: bool,
    priority: i32,
}

/// Why a scheme cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SchemeError {
    #[error(transparent)]
    Name(#[from] NameError),
    #[error(
        "scheme {scheme} has no levels; name them top first, as in --levels county,street,community,grid"
    )]
    NoLevels { scheme: Box<str> },
    #[error("scheme {scheme} names level {level} twice")]
    RepeatedLevel { scheme: Box<str>, level: LevelName },
}

impl Scheme {
    /// Declares a scheme; `levels` run top down.
    ///
    /// # Errors
    /// Where a name is refused, a level repeated, or there is none.
    pub fn new<'a>(
        name: &str,
        levels: impl IntoIterator<Item = &'a str>,
        overlay: bool,
        priority: i32,
    ) -> Result<Self, SchemeError> {
        let name = check_name("scheme", name)?;
        let mut checked: Vec<Level> = Vec::new();
        for level in levels {
            let level = check_name("level", level)?;
            if checked.iter().any(|other| other.name == level) {
                return Err(SchemeError::RepeatedLevel {
                    scheme: name,
                    level,
                });
            }
            let layer = format!("{name}.{level}").parse()?;
            checked.push(Level { name: level, layer });
        }
        if checked.is_empty() {
            return Err(SchemeError::NoLevels { scheme: name });
        }
        Ok(Self {
            name,
            levels: checked.into(),
            overlay,
            priority,
        })
    }

    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The levels, top first.
    #[must_use]
    pub fn levels(&self) -> &[Level] {
        &self.levels
    }

    /// Whether it answers beside the base scheme.
    #[must_use]
    pub fn is_overlay(&self) -> bool {
        self.overlay
    }

    /// Order among the schemes that answer one question; the higher number comes first.
    #[must_use]
    pub fn priority(&self) -> i32 {
        self.priority
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scheme_names_the_layer_of_each_level() {
        let scheme = Scheme::new("base", ["county", "grid"], false, 0).unwrap();
        let layers: Vec<&str> = scheme
            .levels()
            .iter()
            .map(|level| level.layer.as_str())
            .collect();
        assert_eq!(layers, ["base.county", "base.grid"]);
    }

    #[test]
    fn a_scheme_without_levels_or_with_one_twice_is_refused() {
        assert!(matches!(
            Scheme::new("base", [], false, 0),
            Err(SchemeError::NoLevels { .. })
        ));
        assert!(matches!(
            Scheme::new("base", ["a", "a"], false, 0),
            Err(SchemeError::RepeatedLevel { .. })
        ));
    }
}
