//! Lanes and roads: their leader is found within a buffer of the line.

use crate::model::{Coord, Feature, LocateRules, Metres, Side, Time, Value};
use crate::snapshot::LayerSnapshot;

use super::holders::{Holder, rank};
use super::near::near;

/// The field of a line that says how wide its buffer is, metres.
const BUFFER_FIELD: &str = "buffer_m";

/// Metres from a line of this layer within which its leader is found.
pub(super) fn buffer(rules: &LocateRules, layer: &LayerSnapshot, line: &Feature) -> Metres {
    let fields = &layer.layer().fields;
    let field = fields.iter().position(|field| field.name == BUFFER_FIELD);
    let given = match field.and_then(|field| line.values.get(field)) {
        Some(Value::Real(metres)) => *metres,
        #[expect(
            clippy::cast_precision_loss,
            reason = "a number of metres that is cut to the largest anyway"
        )]
        Some(Value::Integer(metres)) => *metres as f64,
        Some(Value::Text(text)) => text.trim().parse().unwrap_or(f64::NAN),
        _ => return rules.line_buffer,
    };
    let cut = given.min(rules.largest_line_buffer.value());
    if given.is_nan() {
        return rules.line_buffer;
    }
    Metres::up_to(rules.largest_line_buffer, cut).unwrap_or(rules.line_buffer)
}

/// The lines whose buffer holds the point, the nearest first.
pub(super) fn holders<'a>(
    rules: &LocateRules,
    layer: &'a LayerSnapshot,
    at: Coord,
    time: Time,
) -> Vec<Holder<'a>> {
    reached(rules, layer, at, Metres::ZERO, time)
}

/// The lines whose buffer a disc around the point meets, the nearest first.
pub(super) fn reached<'a>(
    rules: &LocateRules,
    layer: &'a LayerSnapshot,
    at: Coord,
    disc: Metres,
    time: Time,
) -> Vec<Holder<'a>> {
    let widest = rules.largest_line_buffer.longer(rules.line_buffer);
    let mut found: Vec<Holder> = near(layer, at, widest + disc, time)
        .into_iter()
        .filter(|(line, metres)| *metres <= (buffer(rules, layer, line) + disc).value())
        .map(|(grid, distance_m)| Holder {
            grid,
            position: None,
            side: Side::Inside,
            distance_m,
        })
        .collect();
    found.sort_by(|a, b| {
        let nearer = a.distance_m.total_cmp(&b.distance_m);
        nearer.then_with(|| rank(a.grid).cmp(&rank(b.grid)))
    });
    found
}
