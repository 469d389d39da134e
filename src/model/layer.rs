//! A layer is configuration: name, title, geometry, typed fields, zooms.

use std::fmt;
use std::str::FromStr;

use super::{Clustering, GeometryKind, Look, Sensitivity};

/// A layer's id: letters, digits, `_` and `-`, at most 64 characters; a grid level's is `SCHEME.LEVEL`.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(try_from = "String", into = "String")]
pub struct LayerName(Box<str>);

/// A name that cannot be a layer's, a scheme's or a level's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} name {given:?} is refused: {reason}")]
pub struct NameError {
    pub what: &'static str,
    pub given: String,
    pub reason: &'static str,
}

/// Longest name, characters.
const LONGEST: usize = 64;

/// Checks one dotless name: letters of any script, digits, `_`, `-`; a letter first.
pub(super) fn check_name(what: &'static str, given: &str) -> Result<Box<str>, NameError> {
    let refuse = |reason| {
        Err(NameError {
            what,
            given: given.to_owned(),
            reason,
        })
    };
    match given.chars().next() {
        None => return refuse("it is empty"),
        Some(first) if !first.is_alphabetic() => return refuse("it must begin with a letter"),
        Some(_) => {}
    }
    if !given
        .chars()
        .all(|c| c.is_alphanumeric() || c == '_' || c == '-')
    {
        return refuse("only letters, digits, _ and - are allowed");
    }
    if given.chars().count() > LONGEST {
        return refuse("it is longer than 64 characters");
    }
    if what == "layer" && given.eq_ignore_ascii_case("staff") {
        return refuse("staff is the table of duties");
    }
    for reserved in ["gpkg_", "rtree_", "sqlite_", "wangge_"] {
        if given
            .get(..reserved.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(reserved))
        {
            return refuse(
                "names that begin with gpkg_, rtree_, sqlite_ or wangge_ belong to the store",
            );
        }
    }
    Ok(given.into())
}

impl LayerName {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The scheme and the level that the name points to, if it has the form of a grid level's.
    #[must_use]
    pub fn scheme_and_level(&self) -> Option<(&str, &str)> {
        self.0.split_once('.')
    }
}

impl FromStr for LayerName {
    type Err = NameError;

    fn from_str(given: &str) -> Result<Self, NameError> {
        for part in given.splitn(2, '.') {
            check_name("layer", part).map_err(|error| NameError {
                given: given.to_owned(),
                ..error
            })?;
        }
        Ok(Self(given.into()))
    }
}

impl TryFrom<String> for LayerName {
    type Error = NameError;

    fn try_from(given: String) -> Result<Self, NameError> {
        given.parse()
    }
}

impl From<LayerName> for String {
    fn from(name: LayerName) -> Self {
        name.0.into()
    }
}

impl fmt::Display for LayerName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// What people read: Chinese first, English beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Title {
    pub zh: String,
    pub en: String,
}

/// The deepest zoom of tiles: there a tile unit is 0.6 mm on the equator, finer than the lattice.
pub const DEEPEST_ZOOM: u8 = 24;

/// The type of a field's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    Text,
    Integer,
    Real,
    Boolean,
    Time,
}

/// The names of what every feature has, in the order of the store's columns; no field of a layer may be called so.
pub const OWN_FIELDS: [&str; 7] = [
    "fid",
    "geom",
    "code",
    "name",
    "parent",
    "valid_from",
    "valid_to",
];

/// One field of a layer, beside code, name, parent and validity, which every layer has.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Field {
    pub name: String,
    pub title: Title,
    pub kind: FieldKind,
    pub sensitivity: Sensitivity,
    /// Whether tiles carry it.
    pub in_tiles: bool,
}

/// The zooms at which tiles hold a layer, both ends included; clients draw deeper zooms from the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Zooms {
    pub min: u8,
    pub max: u8,
}

impl Default for Zooms {
    fn default() -> Self {
        Self { min: 0, max: 14 }
    }
}

/// A set of features of one geometry with the same fields.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Layer {
    pub name: LayerName,
    pub title: Title,
    pub geometry: GeometryKind,
    pub fields: Vec<Field>,
    pub zooms: Zooms,
    /// What the screen paints it with, `#rrggbb`; chosen by the screen where `None`.
    pub color: Option<String>,
    /// How points are drawn at low zooms; means nothing for lines and polygons.
    #[serde(default)]
    pub clustering: Clustering,
    /// How a map shows it beyond that; a store of before has none.
    #[serde(default)]
    pub look: Look,
    /// Declared by a configuration, so that no file changes its form; else made from the first file's fields.
    #[serde(default)]
    pub is_configured: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layer_name_may_be_chinese_and_a_grid_level_has_one_dot() {
        assert_eq!("摄像头".parse::<LayerName>().unwrap().as_str(), "摄像头");
        let level: LayerName = "base.micro_grid".parse().unwrap();
        assert_eq!(level.scheme_and_level(), Some(("base", "micro_grid")));
    }

    #[test]
    fn a_definition_that_was_written_before_there_were_clusters_is_still_read() {
        let written = r#"{"name":"camera","title":{"zh":"摄像头","en":"Camera"},"geometry":"point","fields":[],
            "zooms":{"min":11,"max":14},"color":null,"is_configured":true}"#;
        let layer: Layer = serde_json::from_str(written).unwrap();
        assert_eq!(layer.clustering, Clustering::WhereCrowded);
    }

    #[test]
    fn a_name_that_could_break_a_path_or_a_statement_is_refused_with_the_reason() {
        for given in [
            "",
            "a.b.c",
            "a,b",
            "a\"b",
            "../x",
            "1a",
            "gpkg_contents",
            "base.",
            ".x",
            "a b",
        ] {
            let error = given.parse::<LayerName>().unwrap_err();
            assert!(error.to_string().contains(&format!("{given:?}")), "{error}");
        }
    }

    #[test]
    fn a_layer_that_was_written_before_looks_existed_is_read_without_one() {
        let before = r#"{"name":"camera","title":{"zh":"","en":""},"geometry":"point","fields":[],"zooms":{"min":0,"max":14},"color":null}"#;
        let layer: Layer = serde_json::from_str(before).unwrap();
        assert_eq!(layer.look, Look::default());
        let later = before.replace(
            "\"color\":null",
            "\"color\":null,\"look\":{\"icon\":\"drone\",\"shine\":1}",
        );
        let layer: Layer = serde_json::from_str(&later).unwrap();
        assert_eq!(layer.look.icon.as_deref(), Some("drone"));
    }
}
