//! Dedicated grids: a school, a mall or a park with a grid of its own, which wins for the categories that it names.

use crate::model::{Feature, Value};
use crate::query::listed::any_listed;
use crate::snapshot::{LayerSnapshot, Snapshot};

use super::answer::SchemeAnswer;
use super::ask::Ask;
use super::order::schemes_in_order;
use super::outcome::Outcome;
use super::question::Question;

/// The field of a grid that lists the categories for which it wins.
const CATEGORIES_FIELD: &str = "categories";

fn categories_field(layer: &LayerSnapshot) -> Option<usize> {
    let fields = &layer.layer().fields;
    fields
        .iter()
        .position(|field| field.name == CATEGORIES_FIELD)
}

/// Whether a grid of this layer names a category.
pub(super) fn names(layer: &LayerSnapshot, grid: &Feature, category: &str) -> bool {
    let list = categories_field(layer).and_then(|field| grid.values.get(field));
    let Some(Value::Text(list)) = list else {
        return false;
    };
    let category = category.trim();
    any_listed(list, |named| named == category)
}

/// The answer of the first overlay scheme with a grid here that names the question's category. Who asks for a scheme gets
/// that one.
pub(super) fn winner<'a>(
    snapshot: &'a Snapshot,
    question: &Question<'a>,
) -> Option<SchemeAnswer<'a>> {
    let category = question.category.filter(|_| question.scheme.is_none())?;
    let (_, others) = schemes_in_order(snapshot, None);
    others
        .into_iter()
        .filter(|scheme| scheme.is_overlay())
        .map(|scheme| Ask::new(snapshot, scheme, *question).dedicated_to(category))
        .filter(|ask| {
            ask.layer(ask.lowest())
                .is_some_and(|layer| categories_field(layer).is_some())
        })
        .map(|ask| ask.answer())
        .find(|answer| answer.lowest().is_some() || answer.outcome == Outcome::AmbiguousUnit)
}
