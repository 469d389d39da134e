//! A layer from the one before and few features that changed.

use crate::model::{Bounds, Feature, FeatureId, GeometryKind, Validity};

use super::LayerSnapshot;
use super::features::{Features, is_withdrawn};
use super::turns::Shift;

/// Above this share of places without feature a layer is built anew: one in so many, and a thousand.
const SPARSE: usize = 16;

/// A layer after a change of few features.
#[derive(Debug)]
pub struct Redrawn {
    pub layer: LayerSnapshot,
    /// Positions whose features differ from those before, ascending: redrawn, new, or taken out. New ones lie from the
    /// former length on.
    pub positions: Vec<usize>,
}

/// Whether a polygon does not say yet from which zoom on its vertices are drawn.
fn is_fresh(feature: &Feature) -> bool {
    let geometry = &feature.geometry;
    let is_polygon = geometry.kind() == GeometryKind::Polygon;
    is_polygon && geometry.arcs().is_none() && !is_withdrawn(feature)
}

/// A feature and the position that it takes.
type Placed = (usize, Feature);

impl LayerSnapshot {
    /// This layer with some features redrawn or added and others taken out; all others are shared and keep their positions.
    /// The answers are those of a layer that is built anew.
    ///
    /// `None` where it must be built anew: a new id lies between the known ones, or too many places are without feature.
    #[must_use]
    pub fn changed(
        &self,
        version: u64,
        mut changed: Vec<Feature>,
        removed: &[FeatureId],
    ) -> Option<Redrawn> {
        changed.sort_by_key(|feature| feature.id);
        changed.dedup_by_key(|feature| feature.id);
        let mut placed = self.placed(changed)?;
        self.withdraw(removed, &mut placed);
        placed.sort_by_key(|&(position, _)| position);
        let positions: Vec<usize> = placed.iter().map(|&(position, _)| position).collect();
        let (shift, tree) = (self.shift(&placed), self.tree.changed(self.boxes(&placed)));
        let placed_anew = placed.iter().map(|(position, feature)| {
            let former = self.features.get(*position);
            (*position, former, feature)
        });
        let anchored = self.anchored.changed(&self.layer, placed_anew);
        let features = self.features.with(placed);
        if features.withdrawn() > 1024 + features.len() / SPARSE {
            return None;
        }
        let layer = Self {
            layer: self.layer.clone(),
            version,
            stored_version: version,
            tree,
            anchored,
            bounds: features.bounds(),
            turns: self.turns.shifted(shift),
            borders: self.borders.clone(),
            fresh: self.fresh_with(&positions, &features),
            features,
        };
        Some(Redrawn { layer, positions })
    }

    /// The positions of fresh polygons after a change at some.
    fn fresh_with(&self, positions: &[usize], features: &Features) -> Vec<usize> {
        let all = self.fresh.iter().chain(positions).copied();
        let mut fresh: Vec<usize> = all
            .filter(|at| features.get(*at).is_some_and(is_fresh))
            .collect();
        fresh.sort_unstable();
        fresh.dedup();
        fresh
    }

    /// What begins and ends to hold otherwise.
    fn shift(&self, placed: &[Placed]) -> Shift {
        let mut shift = Shift::default();
        for (position, feature) in placed {
            shift.add(feature);
            if let Some(former) = self.features.get(*position) {
                shift.remove(former);
            }
        }
        shift
    }

    /// The boxes that are others, `None` of what is taken out.
    fn boxes(&self, placed: &[Placed]) -> impl Iterator<Item = (usize, Option<Bounds>)> {
        let bounds =
            |feature: &Feature| (!is_withdrawn(feature)).then(|| feature.geometry.bounds());
        placed.iter().filter_map(move |(position, feature)| {
            let (was, is) = (
                self.features.get(*position).and_then(bounds),
                bounds(feature),
            );
            (was != is).then_some((*position, is))
        })
    }

    /// The positions that features take; new ones go to the end.
    fn placed(&self, changed: Vec<Feature>) -> Option<Vec<Placed>> {
        let mut end = self.features.len();
        let place = |mut feature: Feature| match self.features.position(feature.id) {
            Ok(position) => {
                let former = &self.features[position].geometry;
                // It says from which zoom on its vertices are drawn.
                if feature.geometry == *former {
                    feature.geometry = former.clone();
                }
                Some((position, feature))
            }
            Err(position) if position == self.features.len() => {
                end += 1;
                Some((end - 1, feature))
            }
            Err(_) => None,
        };
        changed.into_iter().map(place).collect()
    }

    /// Adds what is taken out to what is placed, by position: the former features, which hold at no time from now on.
    fn withdraw(&self, removed: &[FeatureId], placed: &mut Vec<Placed>) {
        let is_placed = |position: usize| {
            let same = placed.binary_search_by_key(&position, |&(position, _)| position);
            same.is_ok()
        };
        let known = removed
            .iter()
            .filter_map(|id| self.features.position(*id).ok());
        let mut gone: Vec<usize> = known
            .filter(|at| !is_withdrawn(&self.features[*at]) && !is_placed(*at))
            .collect();
        gone.sort_unstable();
        gone.dedup();
        let withdrawn = gone.into_iter().map(|position| {
            let former = self.features[position].clone();
            let validity = Validity::NEVER;
            (position, Feature { validity, ..former })
        });
        placed.extend(withdrawn);
    }
}
