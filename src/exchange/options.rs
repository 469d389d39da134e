//! How a file is to be read.

use std::str::FromStr;

use crate::model::{Crs, Validity};

/// What the person who imports says about a file; each default is the reading that needs no words.
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The datum or projection of the coordinates, over what the file says. `None`: what the file says, else WGS 84 with a note,
    /// because most files that say nothing are; refused where the numbers cannot be degrees.
    pub crs: Option<Crs>,
    /// Which source field becomes what. Empty: fields of the usual names (code, 编码, 代码; name, 名称; parent, 上级编码).
    /// For a table, lon and lat or wkt name the columns of the place.
    pub fields: FieldMap,
    /// Takes only the features whose source fields have these values, as text. Empty: all.
    pub only: Vec<Only>,
    /// The layer, table, sheet or packed file to take. `None`: the only one; several are refused with their names.
    pub source_layer: Option<String>,
    /// The encoding of text in Shapefile and CSV, a label such as `GBK`. `None`: what the file says, else guessed with a note.
    pub encoding: Option<String>,
    /// When the features hold, where the file has no such columns. Default: always.
    pub validity: Validity,
    /// Refuses invalid polygons instead of repairing them; off, because a tiny self-crossing should not cost a grid.
    pub strict: bool,
    /// The features are grids: a code and a polygon are required. Off: any layer.
    pub is_grid: bool,
    /// Grids may be lines too: lanes and roads of an overlay scheme, whose leaders are found beside them. Off: polygons only.
    pub takes_lines: bool,
    /// Refuses a code that an earlier feature of the file has. Off: codes of a plain layer may repeat.
    pub unique_codes: bool,
}

/// A source field and the value that it must have, written `level=市`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Only {
    pub field: String,
    pub value: String,
}

/// A text that chooses no features.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{given:?} is no FIELD=VALUE; write level=市")]
pub struct OnlyError {
    pub given: String,
}

impl FromStr for Only {
    type Err = OnlyError;

    fn from_str(text: &str) -> Result<Self, OnlyError> {
        match text.split_once('=') {
            Some((field, value)) if !field.trim().is_empty() => Ok(Self {
                field: field.trim().to_owned(),
                value: value.trim().to_owned(),
            }),
            _ => Err(OnlyError {
                given: text.to_owned(),
            }),
        }
    }
}

/// Which source field becomes which target, in the order given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldMap(Vec<(String, String)>);

/// A text that maps no fields.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FieldMapError {
    #[error("fields: {given:?} is no TARGET=SOURCE; write code=A,name=B,parent=C,height=H")]
    Form { given: String },
    #[error("fields: {target} is given twice")]
    Twice { target: String },
}

impl FieldMap {
    /// The source field for a target.
    #[must_use]
    pub fn source(&self, target: &str) -> Option<&str> {
        self.pairs()
            .find_map(|(known, source)| (known == target).then_some(source))
    }

    /// The same map without a target.
    #[must_use]
    pub fn without(mut self, target: &str) -> Self {
        self.0.retain(|(known, _)| known != target);
        self
    }

    /// Target and source of each mapping.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(target, source)| (target.as_str(), source.as_str()))
    }
}

impl FromStr for FieldMap {
    type Err = FieldMapError;

    fn from_str(text: &str) -> Result<Self, FieldMapError> {
        let mut map = Self::default();
        for pair in text
            .split([',', '，'])
            .filter(|pair| !pair.trim().is_empty())
        {
            let form = || FieldMapError::Form {
                given: pair.to_owned(),
            };
            let (target, source) = pair.split_once('=').ok_or_else(form)?;
            let (target, source) = (target.trim(), source.trim());
            if target.is_empty() || source.is_empty() {
                return Err(form());
            }
            if map.source(target).is_some() {
                return Err(FieldMapError::Twice {
                    target: target.to_owned(),
                });
            }
            map.0.push((target.to_owned(), source.to_owned()));
        }
        Ok(map)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_map_is_target_equals_source_with_spaces_allowed() {
        let map: FieldMap = "code = OA11CD, name=名称,height=H".parse().unwrap();
        assert_eq!(map.source("code"), Some("OA11CD"));
        assert_eq!(map.source("name"), Some("名称"));
        assert_eq!(map.source("parent"), None);
    }

    #[test]
    fn a_field_map_that_is_no_map_is_refused_with_the_piece_that_is_wrong() {
        for given in ["code", "=A", "code="] {
            let error = given.parse::<FieldMap>().unwrap_err();
            assert!(error.to_string().contains(&format!("{given:?}")), "{error}");
        }
        let twice = "code=A,code=B".parse::<FieldMap>().unwrap_err();
        assert_eq!(twice.to_string(), "fields: code is given twice");
    }
}
