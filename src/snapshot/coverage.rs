//! How the grids of a scheme's level are found at once, at the times of one period, and which grids above surely hold them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::index::{Face, FaceIndex, Then};
use crate::model::{Coord, GeometryKind, LayerName, Scheme, Time, Validity};

use super::lineage::Lineage;
use super::making::{Level, Making};
use super::parents::Parents;
use super::{LayerSnapshot, Snapshot};

/// A level's way from a point to its grid.
#[derive(Clone, Debug)]
pub(super) enum Way {
    /// By the index of its own grids.
    Faces(Arc<FaceIndex>),
    /// The grids below fill each grid exactly: where they have none, this level has none either.
    Below,
    /// Only grid by grid: it was filled from below until a change, and waits for its own index
    /// ([`Waiting`](super::Waiting)).
    Later,
    /// Only grid by grid: there are more grids than an index takes.
    Tree,
}

/// The grids of one level that hold in one period.
#[derive(Clone, Debug)]
pub struct Coverage {
    /// A time of the period.
    pub(super) at: Time,
    /// The period.
    pub(super) validity: Validity,
    pub(super) way: Way,
    /// The grids of the level above.
    pub(super) parents: Option<Parents>,
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

    /// As [`Self::find`] for a point of the lowest level, and what follows from the face.
    #[expect(clippy::inline_always, reason = "compiled with the question")]
    #[inline(always)]
    pub fn find_then<T: Then>(&self, at: Coord, then: &T, row: &mut T::Row) -> T::Told {
        match &self.way {
            Way::Faces(index) => index.find_then(at, then, row),
            Way::Below | Way::Later | Way::Tree => then.tell(at, Face::ASK, row),
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

    /// The index of the level's own grids, which knows more of a point that must be asked.
    #[must_use]
    pub fn index(&self) -> Option<&FaceIndex> {
        match &self.way {
            Way::Faces(index) => Some(index),
            Way::Below | Way::Later | Way::Tree => None,
        }
    }

    /// The grids of the level above; `None` where that is no level of grids.
    #[must_use]
    pub fn parents(&self) -> Option<&Parents> {
        self.parents.as_ref()
    }

    /// The position of the grid of the level above that a grid names as its parent, where all of the grid surely lies in it.
    #[must_use]
    #[inline]
    pub fn parent(&self, grid: u32) -> Option<u32> {
        self.parents.as_ref()?.of(grid)
    }

    /// Whether it waits for an index of the level's own grids.
    pub(super) fn waits(&self) -> bool {
        matches!(self.way, Way::Later)
    }

    /// Bytes of it that are mapped, which no count of the heap sees.
    #[must_use]
    pub fn mapped_size(&self) -> usize {
        match &self.way {
            Way::Faces(index) => index.mapped_size(),
            Way::Below | Way::Later | Way::Tree => 0,
        }
    }
}

/// Positions of the features that differ from those before, by layer; all of a layer that is not named.
pub type Changes = BTreeMap<LayerName, Vec<usize>>;

impl Snapshot {
    /// The coverage of a level, where it has one for this time.
    #[must_use]
    pub fn coverage(&self, layer: &LayerName, time: Time) -> Option<&Coverage> {
        let coverage = self.coverages.get(layer)?;
        coverage.validity.holds_at(time).then_some(coverage)
    }

    /// Whether all levels have their coverage for this time.
    #[must_use]
    pub fn is_covered(&self, time: Time) -> bool {
        let mut levels = self.coverages.values();
        levels.all(|level| level.validity.holds_at(time))
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
        let lineages = self.schemes.iter().filter_map(|scheme| {
            let (name, lineage) = Lineage::of_scheme(scheme, self, before)?;
            Some((name.clone(), lineage))
        });
        self.lineages = lineages.collect();
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
        let is_new = !is_same_scheme
            || layers.iter().flatten().all(|layer| {
                let name = &layer.layer().name;
                !making.before.coverages.contains_key(name)
            });
        std::thread::scope(|scope| {
            // The index of the lowest level, which takes longest, does not ask for parents: they are built beside it.
            let beside = is_new && making.threads > 1;
            let mut ahead = beside.then(|| scope.spawn(|| making.all_parents(&layers)));
            let mut parents = Vec::new();
            let mut filled = None;
            for depth in (0..layers.len()).rev() {
                let Some(own) = layers[depth] else {
                    filled = None;
                    continue;
                };
                let above = depth.checked_sub(1).and_then(|above| layers[above]);
                let level = Level { own, above, filled };
                let before = is_same_scheme.then(|| making.known(level)).flatten();
                let coverage = making.coverage(level, before.as_ref(), || {
                    if let Some(ahead) = ahead.take() {
                        let built = ahead.join();
                        parents = built.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
                    }
                    parents.get_mut(depth).and_then(Option::take)
                });
                let fills = coverage.parents.as_ref().is_some_and(Parents::fill_all);
                filled = fills.then_some(coverage.validity);
                made.insert(own.layer().name.clone(), coverage);
            }
        });
    }
}

fn is_grounded(layer: &LayerSnapshot) -> bool {
    layer.layer().geometry == GeometryKind::Polygon
}
