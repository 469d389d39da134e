//! The layers as they fill up.

use std::collections::BTreeMap;

use crate::model::{Feature, FeatureId, FieldKind, Geometry, Layer, Validity, Value};

use super::DemoError;

/// A feature before its values are put in the order of the layer's fields.
pub(super) struct Draft {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) parent: Option<String>,
    pub(super) geometry: Geometry,
    pub(super) values: BTreeMap<String, Value>,
}

/// All layers with the features so far.
pub(super) struct Sheets(Vec<(Layer, Vec<Feature>)>);

impl Sheets {
    pub(super) fn new(layers: Vec<Layer>) -> Self {
        Self(
            layers
                .into_iter()
                .map(|layer| (layer, Vec::new()))
                .collect(),
        )
    }

    pub(super) fn finish(self) -> Vec<(Layer, Vec<Feature>)> {
        self.0
    }

    fn place_of(&self, name: &str) -> Result<usize, DemoError> {
        let place = self
            .0
            .iter()
            .position(|(layer, _)| layer.name.as_str() == name);
        place.ok_or_else(|| DemoError::NoLayer {
            layer: name.to_owned(),
        })
    }

    pub(super) fn layer(&self, name: &str) -> Result<&Layer, DemoError> {
        Ok(&self.0[self.place_of(name)?].0)
    }

    pub(super) fn features(&self, name: &str) -> Result<&[Feature], DemoError> {
        Ok(&self.0[self.place_of(name)?].1)
    }

    /// Adds a feature; fields without a value are null.
    pub(super) fn add(&mut self, name: &str, mut draft: Draft) -> Result<(), DemoError> {
        let place = self.place_of(name)?;
        let (layer, features) = &mut self.0[place];
        let values = layer
            .fields
            .iter()
            .map(|field| draft.values.remove(&field.name).unwrap_or(Value::Null))
            .collect();
        if let Some((field, _)) = draft.values.pop_first() {
            return Err(DemoError::NoField {
                layer: name.to_owned(),
                field,
            });
        }
        features.push(Feature {
            id: FeatureId(0),
            code: Some(draft.code.into()),
            name: Some(draft.name.into()),
            parent: draft.parent.map(Into::into),
            validity: Validity::ALWAYS,
            geometry: draft.geometry,
            values,
        });
        Ok(())
    }
}

/// A written value as a field's; `None` where it is of another type.
pub(super) fn typed(written: &toml::Value, kind: FieldKind) -> Option<Value> {
    match (kind, written) {
        (FieldKind::Text, toml::Value::String(text)) => Some(text_value(text)),
        (FieldKind::Integer, toml::Value::Integer(number)) => Some(Value::Integer(*number)),
        (FieldKind::Real, toml::Value::Float(number)) => Some(Value::Real(*number)),
        (FieldKind::Real, toml::Value::Integer(number)) => i32::try_from(*number)
            .ok()
            .map(|n| Value::Real(f64::from(n))),
        (FieldKind::Boolean, toml::Value::Boolean(truth)) => Some(Value::Boolean(*truth)),
        (FieldKind::Time, toml::Value::String(text)) => text.parse().ok().map(Value::Time),
        _ => None,
    }
}

pub(super) fn text_value(text: &str) -> Value {
    Value::Text(text.into())
}
