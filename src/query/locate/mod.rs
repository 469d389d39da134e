//! Who is responsible for this point: candidates from each level's R-tree, then an exact test on the lattice.
//!
//! One point has one owner by a fixed rule: of several grids that hold it on a border or in an overlap, the one that the
//! level below hangs on, else the one with the lowest code. So the answer depends on nothing but the grids themselves.

mod batch;

use crate::model::{Coord, Feature, Level, Scheme, Side, Staff, Time};
use crate::snapshot::{LayerSnapshot, Snapshot};

pub use batch::{Batch, Found, NO_GRID};

/// Names of the level that territorial fallback means.
const COMMUNITY_LEVELS: [&str; 4] = ["community", "village", "社区", "村"];

/// How a point lies in a scheme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Inside exactly one grid of the lowest level.
    Inside,
    /// On the border of the owner.
    Boundary,
    /// In several grids of the owner's level at once.
    Overlap,
    /// In no grid of the lowest level; the owner is of a level above.
    Fallback,
    /// In no grid of any level.
    #[default]
    Outside,
}

impl Outcome {
    /// As the API and the tables name it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Inside => "inside",
            Self::Boundary => "boundary",
            Self::Overlap => "overlap",
            Self::Fallback => "fallback",
            Self::Outside => "outside",
        }
    }
}

/// A grid that holds the point.
#[derive(Clone, Copy, Debug)]
pub struct Owner<'a> {
    pub level: &'a Level,
    pub grid: &'a Feature,
}

/// What one scheme answers.
#[derive(Clone, Debug)]
pub struct SchemeAnswer<'a> {
    pub scheme: &'a Scheme,
    pub outcome: Outcome,
    /// For each level, top first, its grid here; `None` where the level has none.
    pub levels: Vec<Option<Owner<'a>>>,
    /// All grids of the owner's level that hold the point, lowest code first; more than one only on borders and overlaps.
    pub holders: Vec<Owner<'a>>,
}

impl<'a> SchemeAnswer<'a> {
    /// The grids here from the top down to the owner.
    #[must_use]
    pub fn chain(&self) -> impl DoubleEndedIterator<Item = Owner<'a>> {
        self.levels.iter().flatten().copied()
    }

    /// The grid that is responsible: the lowest that is here.
    #[must_use]
    pub fn owner(&self) -> Option<Owner<'a>> {
        self.chain().next_back()
    }

    /// The community that the point belongs to, of whichever level is named so.
    #[must_use]
    pub fn community(&self) -> Option<Owner<'a>> {
        self.chain()
            .find(|owner| COMMUNITY_LEVELS.contains(&&*owner.level.name))
    }

    /// The code of each level's grid, top first.
    pub fn codes(&self) -> impl Iterator<Item = Option<&'a str>> {
        self.levels
            .iter()
            .map(|owner| owner.and_then(|owner| owner.grid.code.as_deref()))
    }

    /// Whether one grid of the lowest level surely owns the point.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.outcome == Outcome::Inside
    }
}

/// Something that the asker should know about the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Warning {
    /// Nothing can answer.
    NoScheme,
}

impl Warning {
    /// As the API says it.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::NoScheme => "no grid scheme is declared; declare one with `wangge scheme add`",
        }
    }
}

/// What all schemes answer for one point.
#[derive(Clone, Debug)]
pub struct Answer<'a> {
    pub at: Coord,
    pub time: Time,
    pub base: Option<SchemeAnswer<'a>>,
    /// The other schemes, the higher priority first, then by name.
    pub overlays: Vec<SchemeAnswer<'a>>,
    pub warnings: Vec<Warning>,
}

/// The schemes in the order in which they answer: the one asked for (else the base scheme) where there is one, then the
/// others, the higher priority first, then by name.
#[must_use]
pub fn schemes_in_order<'a>(
    snapshot: &'a Snapshot,
    asked: Option<&'a Scheme>,
) -> (Option<&'a Scheme>, Vec<&'a Scheme>) {
    let base = asked.or_else(|| snapshot.base_scheme());
    let is_other = |scheme: &&Scheme| base.is_none_or(|base| base.name() != scheme.name());
    let mut others: Vec<&Scheme> = snapshot.schemes.iter().filter(is_other).collect();
    others.sort_by(|a, b| {
        b.priority()
            .cmp(&a.priority())
            .then_with(|| a.name().cmp(b.name()))
    });
    (base, others)
}

/// A name for each level of these schemes: the level's own, or `SCHEME.LEVEL` where two schemes share it or it is taken.
#[must_use]
pub fn level_names(schemes: &[&Scheme], taken: &[String]) -> Vec<String> {
    let levels = || schemes.iter().flat_map(|scheme| scheme.levels());
    let name = |level: &Level| {
        let is_shared = levels().filter(|other| other.name == level.name).count() > 1;
        let is_taken = taken.iter().any(|name| **name == *level.name);
        if is_shared || is_taken {
            level.layer.to_string()
        } else {
            level.name.to_string()
        }
    };
    levels().map(name).collect()
}

/// Asks all schemes for the owner of a point at a time; `asked` answers first, where not the base scheme.
#[must_use]
pub fn locate<'a>(
    snapshot: &'a Snapshot,
    asked: Option<&'a Scheme>,
    at: Coord,
    time: Time,
) -> Answer<'a> {
    let (base, others) = schemes_in_order(snapshot, asked);
    let warnings = if snapshot.schemes.is_empty() {
        vec![Warning::NoScheme]
    } else {
        Vec::new()
    };
    let base = base.map(|scheme| locate_in(snapshot, scheme, at, time));
    let overlays = others
        .into_iter()
        .map(|scheme| locate_in(snapshot, scheme, at, time))
        .collect();
    Answer {
        at,
        time,
        base,
        overlays,
        warnings,
    }
}

/// The duties for a grid that hold at a time.
#[must_use]
pub fn staff_of<'a>(snapshot: &'a Snapshot, owner: Owner<'a>, time: Time) -> Vec<&'a Staff> {
    let Some(code) = &owner.grid.code else {
        return Vec::new();
    };
    let duties = snapshot.staff.of(&owner.level.layer, code);
    duties
        .iter()
        .filter(|duty| duty.validity.holds_at(time))
        .collect()
}

/// Asks one scheme for the owner of a point at a time.
#[must_use]
pub fn locate_in<'a>(
    snapshot: &'a Snapshot,
    scheme: &'a Scheme,
    at: Coord,
    time: Time,
) -> SchemeAnswer<'a> {
    let mut levels = vec![None; scheme.levels().len()];
    let mut outcome = Outcome::Outside;
    let mut holders = Vec::new();
    let mut below: Option<&Feature> = None;
    for (depth, level) in scheme.levels().iter().enumerate().rev() {
        let Some(layer) = snapshot.layers.get(&level.layer) else {
            continue;
        };
        let found = holding(layer, at, time);
        let Some(owner) = choose(&found, below) else {
            continue;
        };
        if below.is_none() {
            let is_lowest = depth + 1 == scheme.levels().len();
            outcome = outcome_of(&found, is_lowest);
            holders = found
                .iter()
                .map(|&(grid, _)| Owner { level, grid })
                .collect();
        }
        below = Some(owner);
        levels[depth] = Some(Owner { level, grid: owner });
    }
    SchemeAnswer {
        scheme,
        outcome,
        levels,
        holders,
    }
}

/// The grids of a level that hold the point, lowest code first, then the lower id; one without code goes last, since nobody
/// could name it as the owner.
fn holding<'a>(layer: &'a LayerSnapshot, at: Coord, time: Time) -> Vec<(&'a Feature, Side)> {
    let mut found: Vec<(&Feature, Side)> = layer
        .tree()
        .holding(at)
        .map(|position| &layer.features()[position])
        .filter(|grid| grid.validity.holds_at(time))
        .map(|grid| (grid, grid.geometry.side(at)))
        .filter(|(_, side)| *side != Side::Outside)
        .collect();
    let rank = |grid: &'a Feature| (grid.code.is_none(), &grid.code, grid.id);
    found.sort_by(|(a, _), (b, _)| rank(a).cmp(&rank(b)));
    found
}

/// The one that the grid below hangs on, else the first.
fn choose<'a>(found: &[(&'a Feature, Side)], below: Option<&Feature>) -> Option<&'a Feature> {
    let parent = below.and_then(|grid| grid.parent.as_ref());
    let hung = parent.and_then(|parent| {
        found
            .iter()
            .find(|(grid, _)| grid.code.as_ref() == Some(parent))
    });
    hung.or(found.first()).map(|&(grid, _)| grid)
}

fn outcome_of(found: &[(&Feature, Side)], is_lowest: bool) -> Outcome {
    let inside = found
        .iter()
        .filter(|(_, side)| *side == Side::Inside)
        .count();
    match (inside, found.len()) {
        (0, _) => Outcome::Boundary,
        (1, 1) if is_lowest => Outcome::Inside,
        (1, 1) => Outcome::Fallback,
        _ => Outcome::Overlap,
    }
}
