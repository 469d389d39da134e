//! Schemes, layers and rules as an operator writes them in TOML, and as the service trusts them.

mod clusters;
mod look;
mod map;
mod rules;

use std::collections::HashSet;

use serde::Deserialize;

use crate::model::{
    DEEPEST_ZOOM, Field, FieldKind, GeometryKind, Layer, LayerName, LocateRules, NameError,
    OWN_FIELDS, Scheme, SchemeError, Sensitivity, Title, Zooms,
};

use clusters::{Drawn, WrittenClusters};
use look::WrittenLook;
use map::WrittenMap;
pub use map::{MapChoices, Tianditu};
use rules::WrittenRules;

/// The checked schemes and layers of a configuration, in the order written, and its rules.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Configuration {
    pub schemes: Vec<Scheme>,
    pub layers: Vec<Layer>,
    /// How points are located, where it says.
    pub locate: Option<LocateRules>,
    /// What the map is drawn with beyond the layers.
    pub map: MapChoices,
}

/// Why a configuration is refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ConfigError {
    #[error("the configuration is no valid TOML of schemes and layers: {0}")]
    Syntax(#[from] toml::de::Error),
    #[error(transparent)]
    Scheme(#[from] SchemeError),
    #[error(transparent)]
    LayerName(#[from] NameError),
    #[error("scheme {scheme} is declared twice; keep one")]
    RepeatedScheme { scheme: String },
    #[error("layer {layer} is declared twice; keep one")]
    RepeatedLayer { layer: LayerName },
    #[error("layer {layer} names field {field} twice; keep one")]
    RepeatedField { layer: LayerName, field: String },
    #[error("layer {layer}, field {field:?} is refused: {reason}")]
    FieldName {
        layer: LayerName,
        field: String,
        reason: &'static str,
    },
    #[error(
        "layer {layer}: min_zoom {min}, max_zoom {max} is no range within 0 to {DEEPEST_ZOOM}; swap or lower them"
    )]
    Zooms { layer: LayerName, min: u8, max: u8 },
    #[error("[locate] {field} is refused: {reason}")]
    Rule { field: &'static str, reason: String },
    #[error("layer {layer}: color {given:?} is no #rrggbb")]
    Color { layer: LayerName, given: String },
    #[error("layer {layer}: {field} is refused: {reason}")]
    Cluster {
        layer: LayerName,
        field: &'static str,
        reason: String,
    },
    #[error("layer {layer}: {key} {given:?} is refused: {reason}")]
    Look {
        layer: LayerName,
        key: &'static str,
        given: String,
        reason: String,
    },
    #[error("[map] {field} is refused: {reason}")]
    Map { field: &'static str, reason: String },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenConfiguration {
    #[serde(default)]
    scheme: Vec<WrittenScheme>,
    #[serde(default)]
    layer: Vec<WrittenLayer>,
    locate: Option<WrittenRules>,
    map: Option<WrittenMap>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenScheme {
    name: String,
    /// Top first.
    levels: Vec<String>,
    #[serde(default)]
    overlay: bool,
    #[serde(default)]
    priority: i32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenLayer {
    name: LayerName,
    #[serde(default)]
    title: String,
    #[serde(default)]
    title_en: String,
    geometry: GeometryKind,
    /// 0 where not written, as API.md says of a layer without configured zooms.
    min_zoom: Option<u8>,
    /// 14 where not written.
    max_zoom: Option<u8>,
    color: Option<String>,
    cluster: Option<bool>,
    /// One less than `max_zoom` where not written.
    cluster_to: Option<u8>,
    /// 64 where not written.
    cluster_px: Option<u16>,
    cluster_by: Option<String>,
    icon: Option<String>,
    role: Option<String>,
    /// Metres of a floor; heights are estimated only where it is written.
    storey_m: Option<f64>,
    #[serde(default)]
    fields: Vec<WrittenField>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenField {
    name: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    title_en: String,
    #[serde(rename = "type")]
    kind: FieldKind,
    #[serde(default)]
    sensitivity: Sensitivity,
    /// Not in tiles unless written, so that a field nobody thought of stays small and at home.
    #[serde(default)]
    tile: bool,
}

impl Configuration {
    /// Reads and checks a configuration.
    ///
    /// # Errors
    /// Where the text is no TOML of this form, or names the layer, field and value that cannot be.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let written: WrittenConfiguration = toml::from_str(text)?;
        let schemes = checked_schemes(&written.scheme)?;
        let mut seen = HashSet::new();
        let mut layers = Vec::new();
        for layer in written.layer {
            if !seen.insert(layer.name.clone()) {
                return Err(ConfigError::RepeatedLayer { layer: layer.name });
            }
            layers.push(layer.checked()?);
        }
        let locate = written.locate.map(WrittenRules::checked).transpose()?;
        let map = written.map.map(WrittenMap::checked).transpose()?;
        Ok(Self {
            schemes,
            layers,
            locate,
            map: map.unwrap_or_default(),
        })
    }
}

fn checked_schemes(written: &[WrittenScheme]) -> Result<Vec<Scheme>, ConfigError> {
    let mut schemes: Vec<Scheme> = Vec::new();
    for scheme in written {
        if schemes.iter().any(|other| other.name() == scheme.name) {
            return Err(ConfigError::RepeatedScheme {
                scheme: scheme.name.clone(),
            });
        }
        schemes.push(Scheme::new(
            &scheme.name,
            scheme.levels.iter().map(String::as_str),
            scheme.overlay,
            scheme.priority,
        )?);
    }
    Ok(schemes)
}

impl WrittenLayer {
    fn checked(self) -> Result<Layer, ConfigError> {
        let zooms = self.zooms()?;
        let clusters = WrittenClusters {
            cluster: self.cluster,
            to: self.cluster_to,
            px: self.cluster_px,
            by: self.cluster_by,
        };
        let layer = self.name;
        if let Some(given) = self.color.as_ref().filter(|color| !is_color(color)) {
            return Err(ConfigError::Color {
                layer,
                given: given.clone(),
            });
        }
        let mut fields: Vec<Field> = Vec::new();
        for field in self.fields {
            if fields.iter().any(|other| other.name == field.name) {
                return Err(ConfigError::RepeatedField {
                    layer,
                    field: field.name,
                });
            }
            fields.push(field.checked(&layer)?);
        }
        let drawn = Drawn {
            layer: &layer,
            geometry: self.geometry,
            zooms,
            fields: &fields,
        };
        let clustering = clusters.checked(&drawn)?;
        let look = WrittenLook {
            icon: self.icon,
            role: self.role,
            storey_m: self.storey_m,
        };
        Ok(Layer {
            look: look.checked(&layer, self.geometry, &fields)?,
            name: layer,
            title: Title {
                zh: self.title,
                en: self.title_en,
            },
            geometry: self.geometry,
            fields,
            zooms,
            color: self.color,
            clustering,
            is_configured: true,
        })
    }

    fn zooms(&self) -> Result<Zooms, ConfigError> {
        let default = Zooms::default();
        let zooms = Zooms {
            min: self.min_zoom.unwrap_or(default.min),
            max: self.max_zoom.unwrap_or(default.max),
        };
        if zooms.min > zooms.max || zooms.max > DEEPEST_ZOOM {
            return Err(ConfigError::Zooms {
                layer: self.name.clone(),
                min: zooms.min,
                max: zooms.max,
            });
        }
        Ok(zooms)
    }
}

impl WrittenField {
    fn checked(self, layer: &LayerName) -> Result<Field, ConfigError> {
        let lower = self.name.to_ascii_lowercase();
        let reason = if self.name.is_empty() {
            Some("it is empty")
        } else if self.name.chars().any(|c| !c.is_alphanumeric() && c != '_') {
            Some("only letters, digits and _ are allowed")
        } else if lower == "id" || OWN_FIELDS.contains(&lower.as_str()) {
            Some("every layer has it already")
        } else {
            None
        };
        if let Some(reason) = reason {
            return Err(ConfigError::FieldName {
                layer: layer.clone(),
                field: self.name,
                reason,
            });
        }
        Ok(Field {
            name: self.name,
            title: Title {
                zh: self.title,
                en: self.title_en,
            },
            kind: self.kind,
            sensitivity: self.sensitivity,
            in_tiles: self.tile,
        })
    }
}

fn is_color(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAMERA: &str = r##"
        [[scheme]]
        name = "base"
        levels = ["county", "grid"]

        [[layer]]
        name = "camera"
        title = "摄像头"
        title_en = "Camera"
        geometry = "point"
        min_zoom = 11
        max_zoom = 14
        color = "#56c2f0"
        fields = [
            { name = "bearing", title = "方位角", title_en = "Bearing", type = "real", sensitivity = "internal", tile = true },
            { name = "stream", type = "text" },
        ]
    "##;

    #[test]
    fn a_layer_keeps_its_fields_and_what_is_not_written_stays_at_home() {
        let checked = Configuration::parse(CAMERA).unwrap();
        assert_eq!(checked.schemes[0].name(), "base");
        let layer = &checked.layers[0];
        assert_eq!(layer.zooms, Zooms { min: 11, max: 14 });
        assert_eq!(layer.title.zh, "摄像头");
        let stream = &layer.fields[1];
        assert!(!stream.in_tiles && stream.sensitivity == Sensitivity::Internal);
        assert!(layer.fields[0].in_tiles);
    }

    #[test]
    fn a_refusal_names_the_layer_the_field_and_the_value() {
        for (from, to, words) in [
            ("\"bearing\"", "\"geom\"", "field \"geom\""),
            ("\"stream\"", "\"bearing\"", "field bearing twice"),
            ("\"stream\"", "\"st ream\"", "field \"st ream\""),
            ("#56c2f0", "blue", "color \"blue\""),
            ("min_zoom = 11", "min_zoom = 15", "min_zoom 15, max_zoom 14"),
            ("max_zoom = 14", "max_zoom = 40", "max_zoom 40"),
        ] {
            let error = Configuration::parse(&CAMERA.replace(from, to)).unwrap_err();
            let text = error.to_string();
            assert!(text.contains(words) && text.contains("camera"), "{text}");
        }
    }

    #[test]
    fn a_layer_may_go_as_deep_as_tiles_go_and_no_deeper() {
        let with = |zoom: u8| CAMERA.replace("max_zoom = 14", &format!("max_zoom = {zoom}"));
        let deepest = Configuration::parse(&with(DEEPEST_ZOOM)).unwrap();
        assert_eq!(deepest.layers[0].zooms.max, 24);
        let error = Configuration::parse(&with(DEEPEST_ZOOM + 1)).unwrap_err();
        assert!(error.to_string().contains("within 0 to 24"), "{error}");
    }

    #[test]
    fn an_unknown_key_is_refused_rather_than_ignored() {
        let text = CAMERA.replace("min_zoom", "minzoom");
        let error = Configuration::parse(&text).unwrap_err();
        assert!(error.to_string().contains("minzoom"), "{error}");
    }

    #[test]
    fn a_layer_or_a_scheme_declared_twice_is_refused() {
        let text = format!("{CAMERA}{CAMERA}");
        assert!(matches!(
            Configuration::parse(&text),
            Err(ConfigError::RepeatedScheme { .. })
        ));
        let layers = CAMERA.split("[[layer]]").nth(1).unwrap();
        let text = format!("{CAMERA}[[layer]]{layers}");
        assert!(matches!(
            Configuration::parse(&text),
            Err(ConfigError::RepeatedLayer { .. })
        ));
    }
}
