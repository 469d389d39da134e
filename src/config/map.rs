//! `[map]`: what the map is drawn with beyond the layers.

use std::path::PathBuf;

use serde::Deserialize;

use super::ConfigError;

/// What the map is drawn with beyond the layers; by default nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MapChoices {
    /// A folder of `{fontstack}/{range}.pbf`.
    pub glyphs: Option<PathBuf>,
    pub tianditu: Option<Tianditu>,
}

/// 天地图 as the base map; asked only where configured.
#[derive(Clone, PartialEq, Eq)]
pub struct Tianditu {
    /// Never leaves the service but to 天地图 itself.
    pub key: String,
    /// Layers of its WMTS, from below.
    pub layers: Vec<String>,
    /// Where it answers: `{s}` is one of 0 to 7.
    pub address: String,
}

impl std::fmt::Debug for Tianditu {
    /// Without the key, which no log is to hold.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Tianditu")
            .field("layers", &self.layers)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

/// The layers of 天地图 in web mercator: vector, imagery, terrain, each with its names, and borders.
const LAYERS: [&str; 7] = ["vec", "cva", "img", "cia", "ter", "cta", "ibo"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenMap {
    glyphs: Option<PathBuf>,
    tianditu: Option<WrittenTianditu>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenTianditu {
    key: String,
    layers: Option<Vec<String>>,
    address: Option<String>,
}

impl WrittenMap {
    pub(super) fn checked(self) -> Result<MapChoices, ConfigError> {
        Ok(MapChoices {
            glyphs: self.glyphs,
            tianditu: self.tianditu.map(WrittenTianditu::checked).transpose()?,
        })
    }
}

impl WrittenTianditu {
    fn checked(self) -> Result<Tianditu, ConfigError> {
        let refuse = |field, reason: String| Err(ConfigError::Map { field, reason });
        let is_key = |key: &str| !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric());
        if !is_key(&self.key) {
            let reason = "it is letters and digits, as the console of 天地图 shows it";
            return refuse("tianditu.key", reason.to_owned());
        }
        let layers = self
            .layers
            .unwrap_or_else(|| vec!["vec".to_owned(), "cva".to_owned()]);
        let unknown = |layer: &&String| !LAYERS.contains(&layer.as_str());
        if let Some(unknown) = layers.iter().find(unknown) {
            let reason = format!(
                "{unknown:?} is no layer; the layers are {}",
                LAYERS.join(", ")
            );
            return refuse("tianditu.layers", reason);
        }
        if layers.is_empty() {
            return refuse("tianditu.layers", "it names no layer".to_owned());
        }
        if let Some(repeated) = layers
            .iter()
            .enumerate()
            .find_map(|(i, layer)| layers[..i].contains(layer).then_some(layer))
        {
            return refuse(
                "tianditu.layers",
                format!("{repeated} stands twice; keep one"),
            );
        }
        let address = self
            .address
            .unwrap_or_else(|| "https://t{s}.tianditu.gov.cn".to_owned());
        if !address.starts_with("https://") && !address.starts_with("http://") {
            let reason = format!("{address:?} begins with neither https:// nor http://");
            return refuse("tianditu.address", reason);
        }
        Ok(Tianditu {
            key: self.key,
            layers,
            address: address.trim_end_matches('/').to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::config::Configuration;

    const MAP: &str = "[map]\nglyphs = \"fonts\"\n[map.tianditu]\nkey = \"abc123\"\nlayers = [\"img\", \"cia\"]\n";

    #[test]
    fn the_base_map_is_kept_as_written_and_its_key_is_in_no_log() {
        let map = Configuration::parse(MAP).unwrap().map;
        let tianditu = map.tianditu.as_ref().unwrap();
        assert_eq!(tianditu.layers, ["img", "cia"]);
        assert_eq!(tianditu.address, "https://t{s}.tianditu.gov.cn");
        assert!(!format!("{map:?}").contains("abc123"));
    }

    #[test]
    fn a_base_map_that_cannot_be_is_refused_with_the_key_and_the_reason() {
        for (from, to, words) in [
            (
                "abc123",
                "",
                "[map] tianditu.key is refused: it is letters and digits",
            ),
            ("abc123", "a&b", "tianditu.key"),
            (
                "\"cia\"",
                "\"cva_c\"",
                "\"cva_c\" is no layer; the layers are vec, cva",
            ),
            ("\"cia\"", "\"img\"", "img stands twice"),
            ("\"img\", \"cia\"", "", "it names no layer"),
            (
                "key = ",
                "address = \"ftp://x\"\nkey = ",
                "begins with neither",
            ),
        ] {
            let error = Configuration::parse(&MAP.replace(from, to)).unwrap_err();
            assert!(error.to_string().contains(words), "{error}");
        }
    }
}
