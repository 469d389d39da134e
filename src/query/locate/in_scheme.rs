//! The question to one scheme: what the index tells at once, and all rules for the rest.

use crate::index::{Face, Then};
use crate::model::{Coord, GeometryKind, Metres, Scheme, Time};
use crate::snapshot::{Coverage, LayerSnapshot, Snapshot};

use super::ask::Ask;
use super::chain::Chain;
use super::found::{Found, NO_GRID};
use super::holders::{Holder, Tested, test};
use super::{Question, SchemeAnswer};

/// The question to one scheme.
#[derive(Debug)]
pub(super) struct InScheme<'a> {
    snapshot: &'a Snapshot,
    scheme: &'a Scheme,
    time: Time,
    /// Top level first; `None` for one that has no grids yet.
    pub(super) layers: Vec<Option<&'a LayerSnapshot>>,
    /// Of the same levels; `None` for one without a coverage at the time.
    coverages: Vec<Option<&'a Coverage>>,
    lowest: Option<&'a Coverage>,
    /// `None` where the way up is not whole.
    chain: Option<Chain<'a>>,
    /// How far the nearest grid may be from a point in a gap; the deployment's limit where `None`.
    pub(super) gap_limit: Option<Metres>,
}

impl<'a> InScheme<'a> {
    pub(super) fn new(snapshot: &'a Snapshot, scheme: &'a Scheme, time: Time) -> Self {
        let names = scheme.levels().iter().map(|level| &level.layer);
        let layers = names
            .clone()
            .map(|name| snapshot.layers.get(name).map(AsRef::as_ref))
            .collect();
        let coverages: Vec<Option<&Coverage>> =
            names.map(|name| snapshot.coverage(name, time)).collect();
        Self {
            snapshot,
            scheme,
            time,
            lowest: coverages.last().copied().flatten(),
            chain: Chain::new(snapshot, scheme, &coverages),
            gap_limit: None,
            layers,
            coverages,
        }
    }

    /// Writes the grids at a point into its row.
    #[expect(clippy::inline_always, reason = "the one call for each point")]
    #[inline(always)]
    pub(super) fn locate(&self, at: Coord, row: &mut [u32]) -> Found {
        match self.lowest {
            Some(lowest) => lowest.find_then(at, self, row),
            None => self.by_rules(at, Face::ASK, row),
        }
    }

    pub(super) fn find_all(&self, points: &[Coord], faces: &mut [Face]) {
        match self.lowest {
            Some(lowest) => lowest.find_all(points, faces),
            None => faces.fill(Face::ASK),
        }
        if let Some(chain) = &self.chain {
            let grids = faces.iter().filter_map(|face| face.grid());
            grids.for_each(|grid| chain.fetch(grid));
        }
    }

    /// Writes the rows of all points, at most so many, whose faces tell them at once; keeps the numbers of the others, and counts
    /// them. The memory is asked for what is to be read of these.
    #[expect(clippy::inline_always, reason = "compiled for rows of one level too")]
    #[inline(always)]
    pub(super) fn by_faces<'r, const MOST: usize>(
        &self,
        faces: &[Face],
        rows: impl Iterator<Item = &'r mut [u32]>,
        rest: &mut [u16; MOST],
    ) -> usize {
        let mut count = 0;
        for (number, (&face, row)) in (0..).zip(faces.iter().zip(rows)) {
            // No branch, as it is less than that always.
            rest[count % MOST] = number;
            count += usize::from(!self.by_told_face(face, row));
        }
        if let Some(chain) = &self.chain {
            let rest = rest[..count]
                .iter()
                .map(|&number| faces[usize::from(number)]);
            let grids = rest.filter_map(Face::grid);
            grids.for_each(|grid| chain.fetch_apart(grid));
        }
        count
    }

    /// As [`Self::by_face`], of chains that are told in short; `false` for others too.
    #[expect(clippy::inline_always, reason = "compiled with what asks many points")]
    #[inline(always)]
    fn by_told_face(&self, face: Face, row: &mut [u32]) -> bool {
        let told = |grid| self.by_short_chain(grid, row) || self.by_told_chain(grid, row);
        face.grid().is_some_and(told)
    }

    /// Writes the chain of the one grid whose face it is; `false` where there is none, or one of its parents is not sure.
    #[expect(clippy::inline_always, reason = "compiled with what asks many points")]
    #[inline(always)]
    fn by_face(&self, face: Face, row: &mut [u32]) -> bool {
        let grid = face.grid();
        grid.is_some_and(|grid| self.by_chain(grid, row))
    }

    /// Writes the chain of a grid of the lowest level: it and those above; `false` where one of them is not sure.
    #[expect(clippy::inline_always, reason = "compiled with what asks many points")]
    #[inline(always)]
    fn by_chain(&self, grid: u32, row: &mut [u32]) -> bool {
        self.by_short_chain(grid, row) || self.by_long_chain(grid, row)
    }

    /// As [`Self::by_chain`], where it is told in short: for one level or five; else `false`.
    #[expect(clippy::inline_always, reason = "compiled with the search of a point")]
    #[inline(always)]
    fn by_short_chain(&self, grid: u32, row: &mut [u32]) -> bool {
        if let [only] = row {
            *only = grid;
            return true;
        }
        let chain = self.chain.as_ref();
        chain.is_some_and(|chain| chain.write_five(grid, row))
    }

    /// As [`Self::by_short_chain`], for any number of levels: out of the way of the usual ones.
    #[inline(never)]
    fn by_told_chain(&self, grid: u32, row: &mut [u32]) -> bool {
        let chain = self.chain.as_ref();
        chain.is_some_and(|chain| chain.write_told(grid, row))
    }

    /// As [`Self::by_chain`], for any number of levels in any order: out of the way of the short ones.
    #[inline(never)]
    fn by_long_chain(&self, grid: u32, row: &mut [u32]) -> bool {
        let chain = self.chain.as_ref();
        chain.is_some_and(|chain| chain.write(grid, row))
    }

    /// From the face once more, all the way: what tells in short keeps nothing for later.
    #[inline(never)]
    pub(super) fn by_face_or_rules(&self, at: Coord, face: Face, row: &mut [u32]) -> Found {
        if self.by_face(face, row) {
            Found::INSIDE
        } else {
            self.by_rules(at, face, row)
        }
    }

    /// By all rules of the field: what is empty, on a border, in several grids or not sure of its chain.
    #[cold]
    pub(super) fn by_rules(&self, at: Coord, face: Face, row: &mut [u32]) -> Found {
        if face == Face::NONE && self.is_empty_above(at) {
            row.fill(NO_GRID);
            return Found::OUTSIDE;
        }
        let question = Question {
            gap_limit: self.gap_limit,
            ..Question::new(at, self.time)
        };
        let ask = Ask::new(self.snapshot, self.scheme, question);
        let answer = match self.test(at, face) {
            None => ask.answer(),
            Some((layer, Tested::Sole(grid))) => {
                if self.by_chain(grid, row) {
                    return Found::INSIDE;
                }
                ask.answer_from(Holder::sole(layer, grid).into_iter().collect())
            }
            Some((_, Tested::All(holders))) => ask.answer_from(holders),
        };
        write_answer(&answer, &self.layers, row)
    }

    /// The grids of the lowest level that hold a point, and that level, where the coverage does not tell.
    fn test(&self, at: Coord, face: Face) -> Option<(&'a LayerSnapshot, Tested<'a>)> {
        let lowest = self.layers.last().copied().flatten();
        let layer = lowest.filter(|layer| layer.layer().geometry == GeometryKind::Polygon)?;
        (face == Face::ASK).then(|| (layer, test(self.lowest, layer, at, self.time)))
    }

    /// Whether the levels above the lowest surely have nothing at a point at which it has nothing.
    fn is_empty_above(&self, at: Coord) -> bool {
        let levels = self.layers.iter().zip(&self.coverages).rev().skip(1);
        let mut above = levels.filter(|(layer, _)| layer.is_some());
        above.all(|(_, coverage)| {
            coverage.is_some_and(|coverage| coverage.find(at, true) == Face::NONE)
        })
    }
}

impl Then for InScheme<'_> {
    type Told = Found;
    type Row = [u32];

    #[expect(clippy::inline_always, reason = "compiled with the search of a point")]
    #[inline(always)]
    fn tell(&self, at: Coord, face: Face, row: &mut [u32]) -> Found {
        let told = face.grid().filter(|&grid| self.by_short_chain(grid, row));
        match told {
            Some(_) => Found::INSIDE,
            None => self.by_face_or_rules(at, face, row),
        }
    }
}

/// Writes an answer as a row of positions.
fn write_answer(
    answer: &SchemeAnswer<'_>,
    layers: &[Option<&LayerSnapshot>],
    row: &mut [u32],
) -> Found {
    for ((owner, layer), place) in answer.levels.iter().zip(layers).zip(row) {
        let grid = owner.zip(*layer);
        *place = grid.map_or(NO_GRID, |(owner, layer)| layer.position(owner.grid));
    }
    Found {
        outcome: answer.outcome,
        certain: answer.is_certain(),
    }
}
