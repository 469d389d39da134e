//! How the grids of a scheme's level are found at once, at the times of one period, and which grids above surely hold them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::index::{Face, FaceIndex, Grids};
use crate::model::{Bounds, Coord, Feature, GeometryKind, LayerName, Scheme, Time, Validity};

use super::parents::Parents;
use super::{LayerSnapshot, Snapshot};

/// A level's way from a point to its grid.
#[derive(Clone, Debug)]
enum Way {
    /// By the index of its own grids.
    Faces(FaceIndex),
    /// The grids below fill each grid exactly: where they have none, this level has none either.
    Below,
    /// Only grid by grid: it was filled from below until a change, and waits for its own index.
    Later,
    /// Only grid by grid: there are more grids than an index takes.
    Tree,
}

/// The grids of one level that hold in one period.
#[derive(Clone, Debug)]
pub struct Coverage {
    /// A time of the period.
    at: Time,
    /// The period.
    validity: Validity,
    way: Way,
    /// The grids of the level above.
    parents: Option<Parents>,
}

impl Coverage {
    /// What the level has at a point; [`Face::ASK`] where each grid near it must be asked. `is_empty_below`: the level below
    /// has nothing there.
    #[must_use]
    pub fn find(&self, at: Coord, is_empty_below: bool) -> Face {
        match &self.way {
            Way::Faces(index) => index.find(at),
            Way::Below if is_empty_below => Face::NONE,
            Way::Below | Way::Later | Way::Tree => Face::ASK,
        }
    }

    /// As [`Self::find`], for many points of the lowest level.
    ///
    /// # Panics
    /// Where there are not as many faces as points.
    pub fn find_all(&self, points: &[Coord], faces: &mut [Face]) {
        match &self.way {
            Way::Faces(index) => index.find_all(points, faces),
            Way::Below | Way::Later | Way::Tree => faces.fill(Face::ASK),
        }
    }

    /// The position of the grid of the level above that a grid names as its parent, where all of the grid surely lies in it.
    #[must_use]
    #[inline]
    pub fn parent(&self, grid: u32) -> Option<u32> {
        self.parents.as_ref()?.of(grid)
    }

    /// Bytes of memory.
    #[must_use]
    pub fn size(&self) -> usize {
        let index = match &self.way {
            Way::Faces(index) => index.size(),
            Way::Below | Way::Later | Way::Tree => 0,
        };
        index + self.parents.as_ref().map_or(0, Parents::size)
    }
}

/// Positions of the features that differ from those before, by layer; all of a layer that is not named.
pub type Changes = BTreeMap<LayerName, Vec<usize>>;

/// What a coverage is made of.
struct Making<'a> {
    before: &'a Snapshot,
    changes: &'a Changes,
    at: Time,
    threads: usize,
}

/// A layer before and now, with the positions at which it differs at two times.
struct Step<'a> {
    before: &'a LayerSnapshot,
    positions: Vec<usize>,
}

/// A change of more than one in so many grids makes a level anew.
const SHARE: usize = 16;

impl Snapshot {
    /// The coverage of a level, where it has one for this time.
    #[must_use]
    pub fn coverage(&self, layer: &LayerName, time: Time) -> Option<&Coverage> {
        let coverage = self.coverages.get(layer)?;
        coverage.validity.holds_at(time).then_some(coverage)
    }

    /// Whether all levels have their coverage for this time, and none waits for its index.
    #[must_use]
    pub fn is_covered(&self, time: Time) -> bool {
        let holds = |coverage: &Arc<Coverage>| {
            coverage.validity.holds_at(time) && !matches!(coverage.way, Way::Later)
        };
        self.coverages.values().all(holds)
    }

    /// Makes the coverages of all levels for the period of `at`, from those before with what changed, or anew with so many
    /// threads.
    pub fn cover(&mut self, before: &Self, changes: &Changes, at: Time, threads: usize) {
        let making = Making {
            before,
            changes,
            at,
            threads,
        };
        let mut made = BTreeMap::new();
        for scheme in Arc::clone(&self.schemes).iter() {
            self.cover_scheme(scheme, &making, &mut made);
        }
        self.coverages = made;
    }

    fn cover_scheme(
        &self,
        scheme: &Scheme,
        making: &Making<'_>,
        made: &mut BTreeMap<LayerName, Arc<Coverage>>,
    ) {
        let is_same_scheme = making.before.schemes.contains(scheme);
        let names = scheme.levels().iter().map(|level| &level.layer);
        let layers: Vec<Option<&Arc<LayerSnapshot>>> = names
            .map(|name| self.layers.get(name).filter(|layer| is_grounded(layer)))
            .collect();
        // When the level below fills all grids of this one, if it does now.
        let mut filled: Option<Validity> = None;
        for depth in (0..layers.len()).rev() {
            let Some(layer) = layers[depth] else {
                filled = None;
                continue;
            };
            let above = depth.checked_sub(1).and_then(|above| layers[above]);
            let before = is_same_scheme.then(|| making.of(layer)).flatten();
            let parents = above.map(|above| making.parents(layer, above, before.as_deref()));
            let fills = parents.as_ref().is_some_and(Parents::fill_all);
            let spans = [Some(layer), above].into_iter().flatten();
            let validity = spans
                .map(|layer| layer.span(making.at))
                .fold(filled.unwrap_or(Validity::ALWAYS), Validity::meet);
            let coverage = Coverage {
                at: making.at,
                validity,
                way: making.way(layer, filled.is_some(), before.as_deref()),
                parents,
            };
            filled = fills.then_some(validity);
            made.insert(layer.layer().name.clone(), Arc::new(coverage));
        }
    }
}

fn is_grounded(layer: &LayerSnapshot) -> bool {
    layer.layer().geometry == GeometryKind::Polygon
}

impl Making<'_> {
    /// The coverage of the same level before.
    fn of(&self, layer: &LayerSnapshot) -> Option<Arc<Coverage>> {
        self.before.coverages.get(&layer.layer().name).cloned()
    }

    /// A layer as it was at the time of a coverage, and where it differs from what it is now; `None` where that is not known,
    /// or not little.
    fn step(&self, layer: &Arc<LayerSnapshot>, coverage: &Coverage) -> Option<Step<'_>> {
        let name = &layer.layer().name;
        let before = self.before.layers.get(name)?;
        let mut positions = match self.changes.get(name) {
            _ if Arc::ptr_eq(before, layer) => Vec::new(),
            Some(positions) => positions.clone(),
            None => return None,
        };
        if !before.span(coverage.at).holds_at(self.at) {
            let turned = |feature: &Feature| {
                feature.validity.holds_at(coverage.at) != feature.validity.holds_at(self.at)
            };
            let features = before.features().iter().enumerate();
            positions.extend(
                features
                    .filter(|(_, feature)| turned(feature))
                    .map(|(at, _)| at),
            );
            positions.sort_unstable();
            positions.dedup();
        }
        let is_little = positions.len() <= 16 + layer.features().len() / SHARE;
        is_little.then_some(Step { before, positions })
    }

    fn way(&self, layer: &Arc<LayerSnapshot>, is_filled: bool, before: Option<&Coverage>) -> Way {
        if is_filled {
            return Way::Below;
        }
        let features = layer.features();
        let geometry = |grid: usize| {
            let feature = features.get(grid)?;
            feature
                .validity
                .holds_at(self.at)
                .then_some(&feature.geometry)
        };
        let grids = Grids {
            tree: layer.tree(),
            geometry: &geometry,
            count: features.len(),
        };
        let known = before.and_then(|before| Some((before, self.step(layer, before)?)));
        match known {
            Some((
                Coverage {
                    way: Way::Faces(index),
                    ..
                },
                step,
            )) => {
                let boxes = step.boxes(layer);
                Way::Faces(if boxes.is_empty() {
                    index.clone()
                } else {
                    index.changed(&grids, &boxes)
                })
            }
            // The change is visible before the index is there.
            Some((
                Coverage {
                    way: Way::Below, ..
                },
                _,
            )) => Way::Later,
            _ => FaceIndex::build(&grids, self.threads).map_or(Way::Tree, Way::Faces),
        }
    }

    fn parents(
        &self,
        layer: &Arc<LayerSnapshot>,
        above: &Arc<LayerSnapshot>,
        before: Option<&Coverage>,
    ) -> Parents {
        let known = before.and_then(|before| {
            let parents = before.parents.as_ref()?;
            let (children, steps) = (self.step(layer, before)?, self.step(above, before)?);
            let times = (before.at, self.at);
            if children.positions.is_empty() && steps.positions.is_empty() {
                return Some(parents.clone());
            }
            // A parent that comes, goes or takes another code changes what its children hang on.
            let is_kept = steps.positions.iter().all(|&at| {
                let (was, is) = (steps.before.features().get(at), above.features().get(at));
                was.zip(is).is_some_and(|(was, is)| {
                    was.code == is.code
                        && was.validity.holds_at(times.0) == is.validity.holds_at(times.1)
                })
            });
            is_kept.then(|| {
                let mut next = parents.clone();
                for &at in &steps.positions {
                    next.redraw(at, steps.before, above, times);
                }
                for &at in &children.positions {
                    next.take(at, children.before, times.0);
                }
                for &at in &children.positions {
                    next.put(at, layer, above, times.1);
                }
                next.settle(parents);
                next
            })
        });
        known.unwrap_or_else(|| Parents::build(layer, above, self.at, self.threads))
    }
}

impl Step<'_> {
    /// The boxes of what differs, as it was and as it is.
    fn boxes(&self, layer: &LayerSnapshot) -> Vec<Bounds> {
        let both = |&at: &usize| [self.before.features().get(at), layer.features().get(at)];
        let features = self.positions.iter().flat_map(both).flatten();
        features.map(|feature| feature.geometry.bounds()).collect()
    }
}
