//! The coverage of one level as it is made: from the one before and what changed since, or anew.

use std::sync::Arc;

use crate::index::face::MOST_GRIDS;
use crate::index::{FaceIndex, Grids};
use crate::model::{Time, Validity};

use super::coverage::{Changes, Coverage, Way};
use super::parents::Parents;
use super::step::{Held, Step};
use super::{LayerSnapshot, Snapshot};

/// What a coverage is made of.
pub(super) struct Making<'a> {
    pub before: &'a Snapshot,
    pub changes: &'a Changes,
    pub at: Time,
    pub threads: usize,
}

/// A level's grids and those above, of which its coverage is made.
#[derive(Clone, Copy)]
pub(super) struct Level<'a> {
    pub own: &'a Arc<LayerSnapshot>,
    pub above: Option<&'a Arc<LayerSnapshot>>,
    /// When the level below fills all grids of this one, if it does now.
    pub filled: Option<Validity>,
}

/// The coverage of the same level before, and what changed since, where it is little.
pub(super) struct Known<'a> {
    coverage: &'a Arc<Coverage>,
    own: Option<Step<'a>>,
    above: Option<Step<'a>>,
}

impl<'a> Making<'a> {
    fn held(&self, layer: &'a LayerSnapshot) -> Held<'a> {
        let at = self.at;
        Held { layer, at }
    }

    pub(super) fn known(&self, level: Level<'a>) -> Option<Known<'a>> {
        let coverage = self.before.coverages.get(&level.own.layer().name)?;
        let step = |layer| self.step(layer, coverage.at);
        Some(Known {
            coverage,
            own: step(level.own),
            above: level.above.and_then(step),
        })
    }

    /// What changed in a layer since a coverage for a time was made; `None` where that is not known, or not little.
    fn step(&self, layer: &'a Arc<LayerSnapshot>, at: Time) -> Option<Step<'a>> {
        let name = &layer.layer().name;
        let before = self.before.layers.get(name)?;
        let was = Held { layer: before, at };
        let changed = match self.changes.get(name) {
            _ if Arc::ptr_eq(before, layer) => &[][..],
            Some(positions) => positions,
            None => return None,
        };
        Step::new(was, self.held(layer), changed)
    }

    /// The coverage of a level: the one before where nothing of it changed. `parents`: those that were built ahead.
    pub(super) fn coverage(
        &self,
        level: Level<'a>,
        known: Option<&Known<'a>>,
        parents: impl FnOnce() -> Option<Parents>,
    ) -> Arc<Coverage> {
        let validity = [Some(level.own), level.above]
            .into_iter()
            .flatten()
            .map(|layer| layer.span(self.at))
            .fold(level.filled.unwrap_or(Validity::ALWAYS), Validity::meet);
        if let Some(known) = known
            && known.stays(level)
            && known.coverage.validity == validity
        {
            return Arc::clone(known.coverage);
        }
        Arc::new(Coverage {
            at: self.at,
            validity,
            way: self.way(level, known),
            parents: parents().or_else(|| {
                let above = level.above?;
                Some(self.parents(level.own, above, known))
            }),
        })
    }

    fn way(&self, level: Level<'a>, known: Option<&Known<'a>>) -> Way {
        if level.filled.is_some() {
            return Way::Below;
        }
        let held = self.held(level.own);
        let before = known.and_then(|known| Some((&known.coverage.way, known.own.as_ref()?)));
        match before {
            Some((Way::Faces(index), step)) if held.len() <= MOST_GRIDS => {
                let boxes = step.boxes();
                Way::Faces(if boxes.is_empty() {
                    Arc::clone(index)
                } else {
                    let change = |grids: &Grids<'_>| index.changed(grids, &boxes, self.threads);
                    Arc::new(held.with_grids(change))
                })
            }
            // The change is visible before the index is there, and so are those that follow.
            Some((Way::Below | Way::Later, _)) if held.len() <= MOST_GRIDS => Way::Later,
            _ => {
                let index = held.with_grids(|grids| FaceIndex::build(grids, self.threads));
                index.map_or(Way::Tree, |index| Way::Faces(Arc::new(index)))
            }
        }
    }

    /// The parents of all levels that have a level above, built anew.
    pub(super) fn all_parents(
        &self,
        layers: &[Option<&'a Arc<LayerSnapshot>>],
    ) -> Vec<Option<Parents>> {
        let pairs = std::iter::once(&None).chain(layers).zip(layers);
        let build = |(above, own): (&Option<_>, &Option<_>)| {
            let (above, own): (&'a Arc<LayerSnapshot>, &'a Arc<LayerSnapshot>) =
                ((*above)?, (*own)?);
            Some(Parents::build(
                self.held(own),
                self.held(above),
                self.threads,
            ))
        };
        pairs.map(build).collect()
    }

    fn parents(
        &self,
        own: &'a LayerSnapshot,
        above: &'a LayerSnapshot,
        known: Option<&Known<'a>>,
    ) -> Parents {
        let changed = known.and_then(|known| {
            let parents = known.coverage.parents.as_ref()?;
            parents.changed(known.own.as_ref()?, known.above.as_ref()?)
        });
        changed.unwrap_or_else(|| Parents::build(self.held(own), self.held(above), self.threads))
    }
}

impl Known<'_> {
    /// Whether what the coverage says of the level still holds.
    fn stays(&self, level: Level<'_>) -> bool {
        let is_same = |step: &Option<Step>| step.as_ref().is_some_and(Step::is_empty);
        let has_way = match self.coverage.way {
            Way::Below => level.filled.is_some(),
            Way::Faces(_) | Way::Later | Way::Tree => level.filled.is_none(),
        };
        let has_parents = match (&self.coverage.parents, level.above) {
            (Some(_), Some(_)) => is_same(&self.above),
            (None, None) => true,
            _ => false,
        };
        has_way && has_parents && is_same(&self.own)
    }
}
