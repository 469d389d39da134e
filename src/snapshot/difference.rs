//! Where a layer is drawn otherwise than the one before.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::index::ZPlace;
use crate::model::{Arcs, Bounds, Feature, LayerName};

use super::anchored::counts_at;
use super::features::is_withdrawn;
use super::{LayerSnapshot, Snapshot};

/// Features that differ one by one at most; beyond, the whole layer does.
const MOST: usize = 1024;

/// Where a feature is drawn, as it was or as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub bounds: Bounds,
    /// Where it counts.
    pub anchor: ZPlace,
    /// The first zoom at which it is as large as a pixel.
    pub from_zoom: u8,
}

/// In what a layer differs from the one before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// In the features of these marks: where each was, and where each is. All else is drawn as before, at all zooms and times.
    /// `count` of them have changed, in the box `bounds`; the others' borders are drawn otherwise beside these.
    Features {
        count: usize,
        bounds: Option<Bounds>,
        marks: Vec<Mark>,
    },
    /// Anywhere.
    Whole,
}

impl Snapshot {
    /// The layers that differ from those of the one before, those that are new or gone too.
    #[must_use]
    pub fn differences(&self, before: &Self) -> BTreeMap<LayerName, Difference> {
        let changed = self.layers.iter().filter_map(|(name, layer)| {
            let known = before.layers.get(name);
            let difference = known.map_or(Some(Difference::Whole), |known| layer.difference(known));
            Some((name.clone(), difference?))
        });
        let gone = before.layers.keys();
        let gone = gone.filter(|name| !self.layers.contains_key(*name));
        let gone = gone.map(|name| (name.clone(), Difference::Whole));
        changed.chain(gone).collect()
    }
}

impl LayerSnapshot {
    /// In what it is drawn otherwise than the one before; `None` where in nothing.
    #[must_use]
    pub fn difference(self: &Arc<Self>, before: &Arc<Self>) -> Option<Difference> {
        if Arc::ptr_eq(self, before) {
            return None;
        }
        if !self.is_drawn_by_the_rules_of(before) {
            return Some(Difference::Whole);
        }
        let (mut count, mut bounds, mut marks) = (0, None::<Bounds>, Vec::new());
        let mut drawn = 0;
        for position in self.features().unshared(before.features()) {
            let (was, is) = (before.present(position), self.present(position));
            if is_drawn_alike(was, is) {
                continue;
            }
            drawn += 1;
            if drawn > MOST {
                return Some(Difference::Whole);
            }
            let both = || [was, is].into_iter().flatten().map(Mark::of);
            if was != is {
                count += 1;
                let around = both().map(|mark| mark.bounds).chain(bounds);
                bounds = around.reduce(Bounds::union);
            }
            marks.extend(both());
        }
        marks.dedup();
        (drawn > 0).then_some(Difference::Features {
            count,
            bounds,
            marks,
        })
    }

    /// The feature at a position, where it was not taken out.
    fn present(&self, position: usize) -> Option<&Feature> {
        let feature = self.features().get(position);
        feature.filter(|feature| !is_withdrawn(feature))
    }

    /// Whether a feature that both have is drawn alike: what does not hang on the feature alone is the same.
    fn is_drawn_by_the_rules_of(&self, before: &Self) -> bool {
        let (own, other) = (self.anchored(), before.anchored());
        // Whether a layer has anything smaller than a pixel is asked as well; where nothing is, nothing is gathered either way.
        self.layer() == before.layer()
            && is_same(self.borders(), before.borders())
            && own.crowded_zoom() == other.crowded_zoom()
            && own.categories().goes_on_from(other.categories())
    }
}

fn is_same(own: Option<&Arc<Arcs>>, other: Option<&Arc<Arcs>>) -> bool {
    own.map(Arc::as_ptr) == other.map(Arc::as_ptr)
}

/// Whether the same is drawn of two states of a feature. Equal vertices are not enough: those of shared borders have a zoom
/// from which on they are drawn.
fn is_drawn_alike(was: Option<&Feature>, is: Option<&Feature>) -> bool {
    let arcs = |feature: Option<&Feature>| feature?.geometry.arcs().map(Arc::as_ptr);
    arcs(was) == arcs(is) && was == is
}

impl Mark {
    fn of(feature: &Feature) -> Self {
        let bounds = feature.geometry.bounds();
        let (anchor, from_zoom) = counts_at(feature, bounds);
        Self {
            bounds,
            anchor,
            from_zoom,
        }
    }
}
