//! How the grids of a scheme's level are found at once, at the times of one period, and which grids above surely hold them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::index::face::MOST_GRIDS;
use crate::index::{Face, FaceIndex, Grids};
use crate::model::{Coord, GeometryKind, LayerName, Scheme, Time, Validity};

use super::lineage::Lineage;
use super::parents::Parents;
use super::step::{Held, Step};
use super::{LayerSnapshot, Snapshot};

/// A level's way from a point to its grid.
#[derive(Clone, Debug)]
enum Way {
    /// By the index of its own grids.
    Faces(Arc<FaceIndex>),
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

    /// As [`Self::find`] for a point of the lowest level, and what follows from the face.
    #[inline]
    pub fn find_then<R>(&self, at: Coord, then: impl FnOnce(Face) -> R) -> R {
        match &self.way {
            Way::Faces(index) => index.find_then(at, then),
            Way::Below | Way::Later | Way::Tree => then(Face::ASK),
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

/// What a coverage is made of.
struct Making<'a> {
    before: &'a Snapshot,
    changes: &'a Changes,
    at: Time,
    threads: usize,
}

/// A level's grids and those above, of which its coverage is made.
#[derive(Clone, Copy)]
struct Level<'a> {
    own: &'a Arc<LayerSnapshot>,
    above: Option<&'a Arc<LayerSnapshot>>,
    /// When the level below fills all grids of this one, if it does now.
    filled: Option<Validity>,
}

/// The coverage of the same level before, and what changed since, where it is little.
struct Known<'a> {
    coverage: &'a Arc<Coverage>,
    own: Option<Step<'a>>,
    above: Option<Step<'a>>,
}

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
        let mut filled = None;
        for depth in (0..layers.len()).rev() {
            let Some(own) = layers[depth] else {
                filled = None;
                continue;
            };
            let above = depth.checked_sub(1).and_then(|above| layers[above]);
            let level = Level { own, above, filled };
            let before = is_same_scheme.then(|| making.known(level)).flatten();
            let coverage = making.coverage(level, before.as_ref());
            let fills = coverage.parents.as_ref().is_some_and(Parents::fill_all);
            filled = fills.then_some(coverage.validity);
            made.insert(own.layer().name.clone(), coverage);
        }
    }
}

fn is_grounded(layer: &LayerSnapshot) -> bool {
    layer.layer().geometry == GeometryKind::Polygon
}

impl<'a> Making<'a> {
    fn held(&self, layer: &'a LayerSnapshot) -> Held<'a> {
        let at = self.at;
        Held { layer, at }
    }

    fn known(&self, level: Level<'a>) -> Option<Known<'a>> {
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

    /// The coverage of a level: the one before where nothing of it changed.
    fn coverage(&self, level: Level<'a>, known: Option<&Known<'a>>) -> Arc<Coverage> {
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
            parents: level
                .above
                .map(|above| self.parents(level.own, above, known)),
        })
    }

    fn way(&self, level: Level<'a>, known: Option<&Known<'a>>) -> Way {
        if level.filled.is_some() {
            return Way::Below;
        }
        let held = self.held(level.own);
        let geometry = |grid: usize| Some(&held.get(grid)?.geometry);
        let grids = Grids::new(level.own.tree(), &geometry, held.len());
        let before = known.and_then(|known| Some((&known.coverage.way, known.own.as_ref()?)));
        match before {
            Some((Way::Faces(index), step)) if held.len() <= MOST_GRIDS => {
                let boxes = step.boxes();
                Way::Faces(if boxes.is_empty() {
                    Arc::clone(index)
                } else {
                    Arc::new(index.changed(&grids, &boxes, self.threads))
                })
            }
            // The change is visible before the index is there.
            Some((Way::Below, _)) => Way::Later,
            _ => {
                let index = FaceIndex::build(&grids, self.threads);
                index.map_or(Way::Tree, |index| Way::Faces(Arc::new(index)))
            }
        }
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
            Way::Faces(_) | Way::Tree => level.filled.is_none(),
            Way::Later => false,
        };
        let has_parents = match (&self.coverage.parents, level.above) {
            (Some(_), Some(_)) => is_same(&self.above),
            (None, None) => true,
            _ => false,
        };
        has_way && has_parents && is_same(&self.own)
    }
}
