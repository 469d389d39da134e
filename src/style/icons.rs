//! The drawings of `styles/icons/`, and which one stands for what.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use rust_embed::RustEmbed;

use crate::model::{ICONS, Layer};

/// Icons of one colour; part of the program.
#[derive(RustEmbed)]
#[folder = "styles/icons"]
struct Icons;

/// The pattern over what has no height; it repeats without a seam.
const HATCH: &str = include_str!("../../styles/patterns/hatch.svg");

/// Values of a field `kind` and their icons.
static KINDS: LazyLock<BTreeMap<String, String>> =
    LazyLock::new(|| toml::from_str(include_str!("../../styles/kinds.toml")).unwrap_or_default());

/// The icon of a layer; `None` where it has none, or one that this version does not know.
pub(super) fn default_icon(layer: &Layer) -> Option<&str> {
    let icon = layer.look.icon.as_deref();
    icon.filter(|icon| ICONS.contains(icon))
}

/// The kinds of features that have an icon of their own.
pub(super) fn icons_of_kinds() -> Vec<(&'static str, &'static str)> {
    let kinds = KINDS.iter();
    kinds
        .map(|(kind, icon)| (kind.as_str(), icon.as_str()))
        .collect()
}

/// A drawing of a sheet: a square of some pixels at ratio 1.
pub(super) struct Drawing {
    pub(super) name: &'static str,
    pub(super) side: u32,
    pub(super) svg: Cow<'static, [u8]>,
}

/// Pixels of an icon's side, and of the pattern's.
const ICON: u32 = 15;
const PATTERN: u32 = 8;

/// All drawings of a sheet; none is left out but one whose file is missing, which a test excludes.
pub(super) fn drawings() -> Vec<Drawing> {
    let icon = |name: &'static str| {
        let svg = Icons::get(&format!("{name}.svg"))?.data;
        let side = ICON;
        Some(Drawing { name, side, svg })
    };
    let mut drawings: Vec<_> = ICONS.into_iter().filter_map(icon).collect();
    drawings.push(Drawing {
        name: "hatch",
        side: PATTERN,
        svg: Cow::Borrowed(HATCH.as_bytes()),
    });
    drawings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_its_drawing_and_every_drawing_its_name() {
        let mut files: Vec<String> = Icons::iter().map(|file| file.to_string()).collect();
        files.sort();
        let names: Vec<String> = ICONS.iter().map(|name| format!("{name}.svg")).collect();
        assert_eq!(files, names);
        assert_eq!(drawings().len(), ICONS.len() + 1);
    }

    #[test]
    fn every_kind_has_a_known_icon() {
        assert!(icons_of_kinds().len() > 20, "styles/kinds.toml is not read");
        for (kind, icon) in icons_of_kinds() {
            assert!(ICONS.contains(&icon), "{kind}: {icon}");
        }
    }
}
