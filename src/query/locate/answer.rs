//! What is answered.

use std::slice;

use crate::index::fetch;
use crate::model::{Coord, Feature, Level, LocateRules, Scheme, Time};

use super::outcome::Outcome;
use super::warnings::Warning;

/// A grid that answers for the point.
#[derive(Clone, Copy, Debug)]
pub struct Owner<'a> {
    pub level: &'a Level,
    pub grid: &'a Feature,
}

/// Asks the memory for where the code of a grid lies, and goes on.
pub(super) fn fetch_names(grid: &Feature) {
    fetch(slice::from_ref(&grid.code), 0);
}

/// A grid that may be the one.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    pub owner: Owner<'a>,
    /// The part of the disc of the given accuracy that lies in it, 0 to 1; of all candidates at most 1. `None` without a
    /// disc, for lines, and for discs around a pole.
    pub share: Option<f64>,
    /// Metres from the point to the grid on the ellipsoid; 0 where the grid holds it.
    pub distance_m: f64,
}

/// What one scheme answers.
#[derive(Clone, Debug)]
pub struct SchemeAnswer<'a> {
    pub scheme: &'a Scheme,
    pub outcome: Outcome,
    /// For each level, top first, its grid here; `None` where the level has none. In a gap the lowest is the nearest grid.
    pub levels: Vec<Option<Owner<'a>>>,
    /// The community that the point belongs to, of whichever level is named so.
    pub community: Option<Owner<'a>>,
    /// All grids that may be the one, where it is not one grid alone: the most likely first.
    pub candidates: Vec<Candidate<'a>>,
    /// How many candidates were left off the end.
    pub left_off: usize,
}

impl<'a> SchemeAnswer<'a> {
    pub(super) fn outside(scheme: &'a Scheme) -> Self {
        Self {
            scheme,
            outcome: Outcome::Outside,
            levels: vec![None; scheme.levels().len()],
            community: None,
            candidates: Vec::new(),
            left_off: 0,
        }
    }

    /// Finds the community among the levels.
    pub(super) fn settle(&mut self, rules: &LocateRules) {
        let is_community = |owner: &Owner| rules.community_levels.contains(&owner.level.name);
        let community = self.chain().find(is_community);
        self.community = community;
    }

    /// Keeps the first candidates.
    pub(super) fn cut(&mut self, most: usize) {
        self.left_off = self.candidates.len().saturating_sub(most);
        self.candidates.truncate(most);
    }

    /// The grids here from the top down to the owner.
    #[must_use]
    pub fn chain(&self) -> impl DoubleEndedIterator<Item = Owner<'a>> {
        self.levels.iter().flatten().copied()
    }

    /// Asks the memory for the texts that name the grids, all at once, and goes on; who reads them one by one waits for each
    /// in turn.
    pub fn fetch_texts(&self) {
        for Owner { grid, .. } in self.chain() {
            for text in [&grid.code, &grid.name].into_iter().flatten() {
                fetch(text.as_bytes(), 0);
            }
        }
    }

    /// The grid that is responsible: the lowest that is here.
    #[must_use]
    pub fn owner(&self) -> Option<Owner<'a>> {
        self.chain().next_back()
    }

    /// The grid of the lowest level.
    #[must_use]
    pub fn lowest(&self) -> Option<Owner<'a>> {
        self.levels.last().copied().flatten()
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

/// What all schemes answer for one point.
#[derive(Clone, Debug)]
pub struct Answer<'a> {
    pub at: Coord,
    pub time: Time,
    /// The scheme that was asked for; else a dedicated grid for the category; else the base scheme.
    pub first: Option<SchemeAnswer<'a>>,
    /// The other schemes: the base scheme where it is not the first, then the higher priority first, then by name.
    pub overlays: Vec<SchemeAnswer<'a>>,
    pub warnings: Vec<Warning>,
}
