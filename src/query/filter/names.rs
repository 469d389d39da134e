//! Names of fields and functions.

use super::error::FilterFault;
use super::parser::Operand;
use super::scalar::{Form, Kind, Own, Scalar};
use super::spatial::{SPACE_RELATIONS, Shape};
use super::temporal::TIME_RELATIONS;
use crate::model::{Access, FieldKind, Layer};

/// What every feature has; the first name of each is the one that is told.
const OWN: [(&str, Kind, Own); 7] = [
    ("code", Kind::Text, Own::Code),
    ("name", Kind::Text, Own::Name),
    ("parent", Kind::Text, Own::Parent),
    ("valid_from", Kind::Time, Own::ValidFrom),
    ("valid_to", Kind::Time, Own::ValidTo),
    ("fid", Kind::Number, Own::Id),
    ("id", Kind::Number, Own::Id),
];
/// Names of a feature's shape.
const SHAPE: [&str; 2] = ["geometry", "geom"];
/// Words that are part of the language; a field of such a name is written in double quotes.
const RESERVED: [&str; 12] = [
    "AND", "OR", "NOT", "IS", "NULL", "LIKE", "IN", "BETWEEN", "DIV", "TRUE", "FALSE", "CASE",
];

pub(super) fn is_reserved(word: &str) -> bool {
    RESERVED
        .iter()
        .any(|other| other.eq_ignore_ascii_case(word))
}

/// What a name stands for: a field of the layer that the reader may see, else what every feature has.
pub(super) fn resolve(name: &str, layer: &Layer, access: Access) -> Result<Operand, FilterFault> {
    let mut fields = layer.fields.iter().zip(0..);
    if let Some((field, position)) =
        fields.find(|(field, _)| field.name == name && access.sees(field))
    {
        let kind = match field.kind {
            FieldKind::Text => Kind::Text,
            FieldKind::Integer | FieldKind::Real => Kind::Number,
            FieldKind::Boolean => Kind::Boolean,
            FieldKind::Time => Kind::Time,
        };
        let form = Form::Field(position);
        return Ok(Operand::Scalar(Scalar { kind, form }));
    }
    if let Some(&(_, kind, own)) = OWN.iter().find(|(own, ..)| *own == name) {
        let form = Form::Own(own);
        return Ok(Operand::Scalar(Scalar { kind, form }));
    }
    if SHAPE.contains(&name) {
        return Ok(Operand::Shape(Shape::Own));
    }
    Err(FilterFault::UnknownField {
        given: name.to_owned(),
        known: known_fields(layer, access),
    })
}

fn known_fields(layer: &Layer, access: Access) -> String {
    let fields = layer.fields.iter().filter(|field| access.sees(field));
    let fields = fields.map(|field| field.name.as_str());
    let own = OWN.iter().map(|(own, ..)| *own).filter(|own| *own != "id");
    let all: Vec<&str> = fields.chain(own).chain(SHAPE.into_iter().take(1)).collect();
    all.join(", ")
}

/// A function that is not there, with those that are.
pub(super) fn unknown_function(given: &str) -> FilterFault {
    if given.to_ascii_uppercase().starts_with("A_") {
        return FilterFault::Unsupported {
            what: given.to_owned(),
            instead: "no field holds a list; compare texts with LIKE",
        };
    }
    let times = TIME_RELATIONS.iter().map(|(name, _)| *name);
    let spaces = SPACE_RELATIONS.iter().map(|(name, _)| *name);
    let known: Vec<&str> = ["CASEI", "ACCENTI", "DATE", "TIMESTAMP", "INTERVAL", "BBOX"]
        .into_iter()
        .chain(spaces)
        .chain(times)
        .collect();
    FilterFault::UnknownFunction {
        given: given.to_owned(),
        known: known.join(", "),
    }
}
