//! Configuration as operators write it.

use std::collections::HashSet;

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use wangge::config::Configuration;
use wangge::model::{Layer, LayerName, Scheme};

use super::{damage, damaged, text_of};

/// The configuration of the demo places.
const REAL: &str = include_str!("../../data/layers.toml");

/// What a checked configuration promises to whoever uses it.
fn check(text: &str) -> Result<(), TestCaseError> {
    let Ok(checked) = Configuration::parse(text) else {
        return Ok(());
    };
    let schemes: HashSet<&str> = checked.schemes.iter().map(Scheme::name).collect();
    prop_assert_eq!(schemes.len(), checked.schemes.len());
    let layers: HashSet<&LayerName> = checked.layers.iter().map(|layer| &layer.name).collect();
    prop_assert_eq!(layers.len(), checked.layers.len());
    for layer in &checked.layers {
        prop_assert!(
            layer.zooms.min <= layer.zooms.max && layer.zooms.max <= wangge::model::DEEPEST_ZOOM
        );
        let fields: HashSet<&str> = layer
            .fields
            .iter()
            .map(|field| field.name.as_str())
            .collect();
        prop_assert_eq!(fields.len(), layer.fields.len());
        for reserved in [
            "",
            "fid",
            "geom",
            "id",
            "code",
            "name",
            "parent",
            "valid_from",
            "valid_to",
        ] {
            prop_assert!(!fields.contains(reserved));
        }
        if let Some(color) = &layer.color {
            let is_hex = u32::from_str_radix(&color[1..], 16).is_ok();
            prop_assert!(
                color.starts_with('#') && color.len() == 7 && is_hex,
                "{}",
                color
            );
        }
        // The store keeps definitions in this form.
        let written = serde_json::to_string(layer).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Layer>(&written).unwrap(), layer);
    }
    Ok(())
}

/// A few tables of the real one, so that a damage meets what is left.
fn excerpt() -> impl Strategy<Value = String> {
    let tables: Vec<String> = REAL
        .split("\n[[")
        .skip(1)
        .map(|table| format!("[[{table}\n"))
        .collect();
    prop::sample::subsequence(tables, 1..4).prop_map(|tables| tables.concat())
}

/// A table of a layer, whole but for what may be wrong in its optional lines.
fn table() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec!["camera", "base.grid", "摄像头", "gpkg_x"]);
    let lines = vec![
        "min_zoom = 0",
        "max_zoom = 22",
        "max_zoom = 23",
        "max_zoom = 5",
        "min_zoom = 6",
        "color = \"#12aBcf\"",
        "color = \"#é12345\"",
        "color = \"#+12345\"",
        "fields = [{ name = \"f\", type = \"text\" }, { name = \"F\", type = \"real\", tile = true }]",
        "fields = [{ name = \"f\", type = \"text\" }, { name = \"f\", type = \"time\" }]",
        "fields = [{ name = \"geom\", type = \"text\" }]",
        "fields = [{ name = \"高度\", type = \"real\", sensitivity = \"public\" }]",
        "title = \"层\"",
    ];
    (name, prop::sample::subsequence(lines, 0..4)).prop_map(|(name, lines)| {
        let lines = lines.join("\n");
        format!("[[layer]]\nname = \"{name}\"\ngeometry = \"point\"\n{lines}\n")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn text_like_a_configuration_is_checked_or_refused(
        text in text_of(&[
            "[[scheme]]\n", "[[layer]]\n", "name = \"a\"\n", "name = \"b.c\"\n", "levels = [\"x\", \"y\"]\n", "overlay = true\n",
            "priority = 3\n", "geometry = \"point\"\n", "geometry = \"polygon\"\n", "min_zoom = 3\n", "max_zoom = 9\n",
            "color = \"#12aBcf\"\n", "color = \"#é1234\"\n", "fields = [{ name = \"f\", type = \"real\", tile = true }]\n",
            "fields = [{ name = \"f\", type = \"text\" }, { name = \"f\", type = \"time\" }]\n", "=", "[", "\"", "\n", "#",
        ]),
    ) {
        check(&text)?;
    }

    #[test]
    fn tables_of_layers_are_checked_or_refused(tables in prop::collection::vec(table(), 1..4)) {
        check(&tables.concat())?;
    }

    #[test]
    fn the_demo_configuration_with_any_damage_is_checked_or_refused(
        text in excerpt(),
        damages in prop::collection::vec(damage(), 0..4),
    ) {
        check(&String::from_utf8_lossy(&damaged(text.as_bytes(), &damages)))?;
    }
}

#[test]
fn the_demo_configuration_keeps_what_a_checked_one_promises() {
    assert!(!Configuration::parse(REAL).unwrap().layers.is_empty());
    check(REAL).unwrap();
}
