//! The walk from the nearest on: only what may be among the nearest gets its exact distance.

use std::collections::BinaryHeap;

use crate::model::{Bounds, Feature, FeatureId, Time};
use crate::query::filter::Filter;
use crate::snapshot::LayerSnapshot;

use super::Near;
use super::cover::Cover;
use super::distance::{Origin, Reach, millimetres};
use super::own::OwnGrid;

/// Distances count to the millimetre: a lattice step has eleven.
const PER_METRE: f64 = 1e3;
/// What rounding to the millimetre can hide, metres.
const SLACK: f64 = 1.0 / PER_METRE;

/// Which part of the layer is searched.
#[derive(Clone, Copy)]
pub(super) enum Share<'a> {
    All,
    In(&'a OwnGrid<'a>),
    NotIn(&'a OwnGrid<'a>),
}

impl Share<'_> {
    fn may_hold(self, bounds: Bounds) -> bool {
        match self {
            Self::In(grid) => grid.may_hold(bounds),
            Self::All | Self::NotIn(_) => true,
        }
    }

    fn holds(self, feature: &Feature) -> bool {
        match self {
            Self::All => true,
            Self::In(grid) => grid.holds(feature),
            Self::NotIn(grid) => !grid.holds(feature),
        }
    }
}

/// One question, ready to be asked.
pub(super) struct Search<'a, 'q> {
    pub(super) layer: &'a LayerSnapshot,
    pub(super) origin: Origin,
    pub(super) time: Time,
    pub(super) filter: Option<&'q Filter>,
    pub(super) within: Option<OwnGrid<'a>>,
    pub(super) cover: Option<Cover<'a>>,
    /// Metres.
    pub(super) limit: f64,
}

/// Rank of a feature in the answer, and its position in the layer.
type Rank = (u64, FeatureId, usize);

impl<'a> Search<'a, '_> {
    /// The nearest of the point's own grid, then the nearest of the others.
    pub(super) fn own_first(&self, k: usize, own: &OwnGrid<'_>) -> Vec<Near<'a>> {
        let mut found = self.nearest(k, Share::In(own));
        for near in &mut found {
            near.is_own = true;
        }
        if found.len() < k {
            found.extend(self.nearest(k - found.len(), Share::NotIn(own)));
        }
        found
    }

    pub(super) fn nearest(&self, k: usize, share: Share<'_>) -> Vec<Near<'a>> {
        let may_hold = |bounds| {
            share.may_hold(bounds) && self.within.as_ref().is_none_or(|own| own.may_hold(bounds))
        };
        let bound = |bounds| may_hold(bounds).then(|| self.origin.lower(bounds));
        let mut best: BinaryHeap<Rank> = BinaryHeap::with_capacity(k + 1);
        let mut ways = Vec::new();
        let mut limit = self.limit;
        for (lower, position) in self.layer.tree().nearest_first(bound) {
            if lower > limit + SLACK {
                break;
            }
            let Some((feature, reach)) = self.weigh(position, limit + SLACK, share) else {
                continue;
            };
            best.push((millimetres(reach.metres), feature.id, ways.len()));
            ways.push((feature, reach));
            if best.len() > k {
                best.pop();
            }
            if let Some((farthest, _, _)) = best.peek().filter(|_| best.len() == k) {
                limit = metres(*farthest).min(self.limit);
            }
        }
        let ranks = best.into_sorted_vec();
        let near = ranks.into_iter().filter_map(|(distance, _, place)| {
            let (feature, reach) = ways.get(place)?;
            Some(Near {
                feature,
                distance_m: metres(distance),
                bearing: reach.bearing.filter(|_| distance > 0),
                is_own: false,
            })
        });
        near.collect()
    }

    /// A feature with the way to it, where it is wanted; the cheap questions come first.
    fn weigh(&self, position: usize, limit: f64, share: Share<'_>) -> Option<(&'a Feature, Reach)> {
        let feature = self.layer.features().get(position)?;
        let is_wanted = feature.validity.holds_at(self.time)
            && self.filter.is_none_or(|filter| filter.matches(feature));
        if !is_wanted {
            return None;
        }
        let reach = self.origin.reach(&feature.geometry, limit)?;
        let is_in = millimetres(reach.metres) <= millimetres(self.limit)
            && self
                .cover
                .as_ref()
                .is_none_or(|cover| cover.covers(feature, &self.origin, reach))
            && self.within.as_ref().is_none_or(|own| own.holds(feature))
            && share.holds(feature);
        is_in.then_some((feature, reach))
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "no two places are 2^53 millimetres apart"
)]
fn metres(millimetres: u64) -> f64 {
    millimetres as f64 / PER_METRE
}
