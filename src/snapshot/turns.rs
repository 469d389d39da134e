//! When what a layer holds changes by itself: the times at which features begin or end to hold.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{Feature, Time, Validity};

use super::features::is_withdrawn;

/// All times at which a feature begins or ends to hold, each once, in order, with how many do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Turns(Arc<[(Time, u32)]>);

/// Beginnings and ends that come and go.
#[derive(Debug, Default)]
pub(super) struct Shift(BTreeMap<Time, i64>);

impl Shift {
    pub(super) fn add(&mut self, feature: &Feature) {
        self.count(feature, 1);
    }

    pub(super) fn remove(&mut self, feature: &Feature) {
        self.count(feature, -1);
    }

    fn count(&mut self, feature: &Feature, one: i64) {
        if is_withdrawn(feature) {
            return;
        }
        for time in [feature.validity.from, feature.validity.to]
            .into_iter()
            .flatten()
        {
            *self.0.entry(time).or_default() += one;
        }
    }
}

impl Turns {
    /// How many turns lie at or before a time.
    pub(super) fn before(&self, at: Time) -> usize {
        self.0.partition_point(|&(turn, _)| turn <= at)
    }

    /// The period in which a time lies.
    pub(super) fn span(&self, at: Time) -> Validity {
        let next = self.before(at);
        let turn = |place: usize| self.0.get(place).map(|&(turn, _)| turn);
        Validity {
            from: next.checked_sub(1).and_then(turn),
            to: turn(next),
        }
    }

    /// These turns after a shift; shared where it changes nothing.
    pub(super) fn shifted(&self, shift: Shift) -> Self {
        let mut shift = shift.0;
        shift.retain(|_, count| *count != 0);
        if shift.is_empty() {
            return self.clone();
        }
        for &(time, count) in &*self.0 {
            *shift.entry(time).or_default() += i64::from(count);
        }
        let counted = shift
            .into_iter()
            .map(|(time, count)| (time, u32::try_from(count).unwrap_or_default()));
        Self(counted.filter(|&(_, count)| count > 0).collect())
    }
}
