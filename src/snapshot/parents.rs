//! Which grid above holds each grid, where that needs no test: where the grids that name a parent fill it exactly.
//!
//! A grid's outline is one number: the sum over its directed edges of a hash that changes its sign with the direction. Borders
//! between the grids of one parent cancel out, so that their sum is the parent's outline if, and but for a chance of 2^-64 only
//! if, they fill it exactly, edge by edge.

use std::sync::Arc;

use super::outline::{outline, outline_of, outlines};
use super::pages::Pages;
use super::span::{Parent, SPAN, Span};
use super::step::{Held, Step};

/// No parent.
const NONE: u32 = u32::MAX;
/// The grid does not hold.
const UNASKED: u32 = NONE - 1;
/// Beside the position of a parent: it is not filled.
const OPEN: u32 = 1 << 31;

/// The grids above the grids of a level.
#[derive(Clone, Debug)]
pub struct Parents {
    /// For each grid the position of the one that it names, with [`OPEN`]; [`NONE`] where there is not one alone, [`UNASKED`]
    /// where it does not hold.
    named: Pages<u32>,
    /// The same in short: what a [`Lineage`](super::Lineage) is made of.
    spans: Arc<[Span]>,
    /// For each grid above its outline less those of the grids that name it: 0 where they fill it.
    rest: Pages<u64>,
    /// How many grids above are not filled.
    open: usize,
    /// The grids above that have a code of their own, in the order of the codes.
    coded: Arc<[u32]>,
}

impl Parents {
    pub(super) fn build<'a>(own: Held<'a>, above: Held<'a>, threads: usize) -> Self {
        let coded = coded(above);
        let (outlines, mut rest) = (outlines(own, threads), outlines(above, threads));
        let mut named = named(own, &coded);
        for (&parent, outline) in named.iter().zip(outlines) {
            if let Some(rest) = rest.get_mut(parent as usize) {
                *rest = rest.wrapping_sub(outline);
            }
        }
        for parent in &mut named {
            let is_open = rest.get(*parent as usize).is_some_and(|rest| *rest != 0);
            *parent |= if is_open { OPEN } else { 0 };
        }
        let spans = named
            .chunks(SPAN)
            .map(|grids| Span::new(grids.iter().map(|&word| known(word))));
        Self {
            spans: spans.collect(),
            named: Pages::new(&named, UNASKED),
            open: rest.iter().filter(|rest| **rest != 0).count(),
            rest: Pages::new(&rest, 0),
            coded: coded.into_iter().map(|(_, parent)| parent).collect(),
        }
    }

    /// The position of the grid above that surely holds all of a grid, which holds itself.
    #[must_use]
    #[inline]
    pub fn of(&self, grid: u32) -> Option<u32> {
        let span = self.spans.get(grid as usize / SPAN)?;
        if span.is_told() {
            Some(span.of(grid))
        } else {
            sure(self.named.at(grid as usize))
        }
    }

    /// Whether the same is said of all grids as by others, of which these are a copy that was changed.
    pub(super) fn say_as(&self, others: &Self) -> bool {
        Arc::ptr_eq(&self.spans, &others.spans)
    }

    /// What is said in short of the `number`-th span of grids.
    pub(super) fn span(&self, number: usize) -> Option<Span> {
        self.spans.get(number).copied()
    }

    /// Whether what is said of each grid of the `number`-th span lies where others have it, of which these are a copy that was
    /// changed: then it is the same.
    pub(super) fn share(&self, others: &Self, number: usize) -> bool {
        self.named.share(&others.named, number * SPAN)
    }

    /// What is known of the grid above a grid.
    pub(super) fn known(&self, grid: u32) -> Parent {
        known(self.named.at(grid as usize))
    }

    /// Whether every grid above is filled.
    pub(super) fn fill_all(&self) -> bool {
        self.open == 0
    }

    /// The parents after a change of grids and of those above; `None` where they must be built anew: a parent that comes, goes
    /// or takes another code changes what its children hang on.
    pub(super) fn changed(&self, own: &Step<'_>, above: &Step<'_>) -> Option<Self> {
        let mut next = self.clone();
        for &parent in &above.positions {
            let (was, is) = (above.was.get(parent)?, above.is.get(parent)?);
            if was.code != is.code {
                return None;
            }
            let outlines = outline(&is.geometry).wrapping_sub(outline(&was.geometry));
            next.add(parent, outlines);
        }
        let mut named = Vec::with_capacity(own.positions.len());
        for &child in &own.positions {
            if let Some(parent) = position(self.named.at(child)) {
                next.add(parent as usize, outline_of(own.was, child));
            }
            let parent = match own.is.get(child) {
                Some(is) => is
                    .parent
                    .as_deref()
                    .and_then(|code| next.coded(above.is, code)),
                None => Some(UNASKED),
            };
            if let Some(parent) = parent.and_then(position) {
                let outline = outline_of(own.is, child).wrapping_neg();
                next.add(parent as usize, outline);
            }
            named.push(parent.unwrap_or(NONE));
        }
        for (&child, parent) in own.positions.iter().zip(named) {
            let word = position(parent).map_or(parent, |parent| word(&next.rest, parent));
            next.named.set(child, word);
        }
        next.turn(self);
        next.note_spans(self, own.was.len(), own.is.len());
        Some(next)
    }

    /// Makes those spans anew in which numbers may differ from before, and those of new grids: one that does not hold changes no
    /// number.
    fn note_spans(&mut self, before: &Self, were: usize, are: usize) {
        let unshared = self.named.unshared(&before.named).step_by(SPAN);
        let unshared = unshared.take_while(|first| *first < are);
        let new = if were == are { are } else { were / SPAN * SPAN };
        let firsts: Vec<usize> = unshared.chain((new..are).step_by(SPAN)).collect();
        if firsts.is_empty() {
            return;
        }
        let mut spans = self.spans.to_vec();
        spans.resize(are.div_ceil(SPAN), Span::UNTOLD);
        for first in firsts {
            let grids = first..are.min(first + SPAN);
            spans[first / SPAN] = Span::new(grids.map(|grid| known(self.named.at(grid))));
        }
        self.spans = spans.into();
    }

    /// The grid above that alone has a code.
    fn coded(&self, above: Held<'_>, code: &str) -> Option<u32> {
        let code_of = |at: u32| above.get(at as usize).and_then(|grid| grid.code.as_deref());
        let found = self
            .coded
            .binary_search_by(|&at| code_of(at).cmp(&Some(code)));
        found.ok().map(|place| self.coded[place])
    }

    fn add(&mut self, parent: usize, outline: u64) {
        let before = self.rest.at(parent);
        let rest = before.wrapping_add(outline);
        self.rest.set(parent, rest);
        self.open -= usize::from(before != 0);
        self.open += usize::from(rest != 0);
    }

    /// Notes anew with all grids below the parents that were filled before and are not now, or the other way round.
    fn turn(&mut self, before: &Self) {
        let Self { named, rest, .. } = self;
        let is_turned = |at: &usize| (rest.at(*at) == 0) != (before.rest.at(*at) == 0);
        let turned = rest.unshared(&before.rest).filter(is_turned);
        let turned: Vec<u32> = turned.filter_map(|at| u32::try_from(at).ok()).collect();
        let (Some(&first), Some(&last)) = (turned.first(), turned.last()) else {
            return;
        };
        let may = |noted: u32| (noted & !OPEN).wrapping_sub(first) <= last - first;
        named.replace(may, |noted| {
            let parent = noted & !OPEN;
            let is_turned = turned.binary_search(&parent).is_ok();
            if is_turned { word(rest, parent) } else { noted }
        });
    }
}

/// What is noted of a grid with this parent.
fn word(rest: &Pages<u64>, parent: u32) -> u32 {
    let is_open = rest.at(parent as usize) != 0;
    if is_open { parent | OPEN } else { parent }
}

/// The parent in what is noted of a grid, where it surely holds all of the grid.
fn sure(word: u32) -> Option<u32> {
    (word < OPEN).then_some(word)
}

/// What is noted of a grid, as it is told.
fn known(word: u32) -> Parent {
    match sure(word) {
        Some(parent) => Parent::Sure(parent),
        None if word == UNASKED => Parent::Unasked,
        None => Parent::Unsure,
    }
}

/// The parent in what is noted of a grid.
fn position(word: u32) -> Option<u32> {
    (word < UNASKED).then_some(word & !OPEN)
}

/// The grids that have a code of their own, in the order of the codes.
fn coded(grids: Held<'_>) -> Vec<(&str, u32)> {
    let all = (0..).zip(0..grids.len());
    let code = |(number, position)| Some((grids.get(position)?.code.as_deref()?, number));
    let mut coded: Vec<(&str, u32)> = all.filter_map(code).collect();
    // Mostly they are in that order.
    coded.sort_unstable();
    let same = coded.chunk_by(|one, other| one.0 == other.0);
    let own = same.filter_map(|same| (same.len() == 1).then_some(same[0]));
    own.collect()
}

/// For each grid the position of the one that it names; [`NONE`] where there is not one alone, [`UNASKED`] where it does not
/// hold.
fn named(own: Held<'_>, coded: &[(&str, u32)]) -> Vec<u32> {
    // Grids that follow one another often name the same parent, or the one after it.
    let mut last = 0;
    let mut find = |code: &str| {
        let is_at = |place: usize| coded.get(place).is_some_and(|(known, _)| *known == code);
        last = (last..last + 2).find(|&place| is_at(place)).or_else(|| {
            let found = coded.binary_search_by(|(known, _)| known.cmp(&code));
            found.ok()
        })?;
        Some(coded[last].1)
    };
    let parent = |child| match own.get(child) {
        Some(grid) => grid.parent.as_deref().and_then(&mut find).unwrap_or(NONE),
        None => UNASKED,
    };
    (0..own.len()).map(parent).collect()
}
