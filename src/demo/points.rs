//! Points inside communities: stations, organisations, stores, providers, cameras.

use std::collections::BTreeMap;

use crate::model::{Coord, FieldKind, Geometry, Layer, Side, Value};

use super::DemoError;
use super::dice::Dice;
use super::ground::{Ground, Unit};
use super::plane::Spot;
use super::sheets::{Draft, Sheets, text_value, typed};
use super::staff::{person, phone};
use super::written::{Spread, WrittenPoints};

pub(super) fn write(ground: &Ground, sheets: &mut Sheets) -> Result<(), DemoError> {
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    for points in &ground.place.written.points {
        let number = numbers.entry(&points.layer).or_default();
        write_one(ground, points, number, sheets)?;
    }
    Ok(())
}

fn write_one(
    ground: &Ground,
    points: &WrittenPoints,
    number: &mut usize,
    sheets: &mut Sheets,
) -> Result<(), DemoError> {
    let place = ground.place;
    let words = format!("{}/{}/{}", place.code, points.layer, points.name);
    let mut dice = Dice::named(&words);
    let homes = homes(ground, points, &mut dice)?;
    let layer = sheets.layer(&points.layer)?.clone();
    for (index, (community, micro)) in homes.into_iter().enumerate() {
        *number += 1;
        let words = Words {
            ground,
            community,
            n: index + 1,
        };
        let draft = Draft {
            code: format!("{}-{}-{number:05}", place.code, points.layer),
            name: words.fill(&points.name, &mut dice),
            parent: None,
            geometry: Geometry::points([inside(ground, micro, &mut dice)])?,
            values: words.values(points, &layer, micro, &mut dice)?,
        };
        sheets.add(&points.layer, draft)?;
    }
    Ok(())
}

/// A community and one of its micro-grids for each point.
fn homes<'a>(
    ground: &'a Ground,
    points: &WrittenPoints,
    dice: &mut Dice,
) -> Result<Vec<(usize, &'a Unit)>, DemoError> {
    let mut communities = ground.among(&points.among);
    if matches!(points.spread, Spread::Streets) {
        communities.dedup_by_key(|&mut index| ground.communities[index].parent.clone());
    }
    if communities.is_empty() {
        return Err(DemoError::Nowhere {
            place: ground.place.code.clone(),
            what: points.layer.clone(),
        });
    }
    let pairs = |&community: &usize| {
        let micros = ground.micro_grids_of(community).iter();
        micros.map(move |micro| (community, micro))
    };
    let all: Vec<(usize, &Unit)> = communities.iter().flat_map(pairs).collect();
    let homes = (0..points.count).filter_map(|index| match points.spread {
        Spread::MicroGrids => dice.pick(&all).copied(),
        Spread::Communities | Spread::Streets => {
            let community = communities[index % communities.len()];
            let micro = dice.pick(ground.micro_grids_of(community))?;
            Some((community, micro))
        }
    });
    Ok(homes.collect())
}

/// Throws at the box of a micro-grid before its seed is taken.
const THROWS: usize = 200;

/// A point inside a micro-grid.
pub(super) fn inside(ground: &Ground, micro: &Unit, dice: &mut Dice) -> Coord {
    let bounds = micro.geometry.bounds();
    let (low, high) = (ground.plane.spot(bounds.min), ground.plane.spot(bounds.max));
    (0..THROWS)
        .map(|_| Spot::new(dice.between(low.x, high.x), dice.between(low.y, high.y)))
        .map(|spot| ground.plane.coord(spot))
        .find(|&at| micro.geometry.side(at) == Side::Inside)
        .unwrap_or_else(|| ground.plane.coord(micro.middle))
}

/// What the placeholders of a written text stand for.
struct Words<'a> {
    ground: &'a Ground<'a>,
    community: usize,
    n: usize,
}

impl Words<'_> {
    fn fill(&self, text: &str, dice: &mut Dice) -> String {
        let community = &self.ground.communities[self.community];
        let streets = &self.ground.streets;
        let street = streets
            .iter()
            .find(|street| Some(&street.code) == community.parent.as_ref());
        let mut text = text
            .replace("{place}", &self.ground.place.name)
            .replace("{street}", street.map_or("", |street| &street.name))
            .replace("{community}", &community.name)
            .replace("{n}", &self.n.to_string());
        if text.contains("{person}") {
            text = text.replace("{person}", &person(dice));
        }
        if text.contains("{phone}") {
            text = text.replace("{phone}", &phone(dice));
        }
        text
    }

    fn values(
        &self,
        points: &WrittenPoints,
        layer: &Layer,
        micro: &Unit,
        dice: &mut Dice,
    ) -> Result<BTreeMap<String, Value>, DemoError> {
        let mut values = BTreeMap::new();
        let community = &self.ground.communities[self.community].code;
        let grid = micro.parent.as_deref().unwrap_or_default();
        for (field, code) in [("community", community.as_str()), ("grid", grid)] {
            if layer.fields.iter().any(|other| other.name == field) {
                values.insert(field.to_owned(), text_value(code));
            }
        }
        for (name, written) in &points.values {
            let field = layer.fields.iter().find(|field| field.name == *name);
            let kind = field.map_or(FieldKind::Text, |field| field.kind);
            let value = self
                .thrown(written, kind, dice)
                .ok_or_else(|| DemoError::Value {
                    layer: points.layer.clone(),
                    field: name.clone(),
                    value: written.to_string(),
                })?;
            values.insert(name.clone(), value);
        }
        Ok(values)
    }

    /// A written value as thrown: one of a list, a number of `{ from, to, step }`, a text with placeholders, or as it is.
    fn thrown(&self, written: &toml::Value, kind: FieldKind, dice: &mut Dice) -> Option<Value> {
        match written {
            toml::Value::Array(choices) => {
                let choice = dice.pick(choices)?.clone();
                self.thrown(&choice, kind, dice)
            }
            toml::Value::Table(range) => {
                let number = |key: &str| range.get(key).and_then(toml::Value::as_integer);
                let (from, to, step) =
                    (number("from")?, number("to")?, number("step").unwrap_or(1));
                let steps = (to - from).checked_div(step)?;
                typed(
                    &toml::Value::Integer(from + step * dice.whole(0, steps)),
                    kind,
                )
            }
            toml::Value::String(text) => typed(&toml::Value::String(self.fill(text, dice)), kind),
            other => typed(other, kind),
        }
    }
}
