//! Who is responsible for many points: the question is prepared once, the answers are numbers in flat rows.

use std::slice;

use crate::index::{Face, Then};
use crate::model::{Coord, GeometryKind, Scheme, Time};
use crate::snapshot::{Coverage, LayerSnapshot, Lineage, Parents, Snapshot};

use super::ask::Ask;
use super::holders::{Holder, Tested, test};
use super::{Outcome, Question, SchemeAnswer};

/// Stands in a row of [`Batch::locate`] where a level has no grid.
pub const NO_GRID: u32 = u32::MAX;

/// How one of many points lies in the first scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    pub outcome: Outcome,
    pub certain: bool,
}

impl Found {
    const INSIDE: Self = Self {
        outcome: Outcome::Inside,
        certain: true,
    };
    const OUTSIDE: Self = Self {
        outcome: Outcome::Outside,
        certain: false,
    };
}

/// One question to several schemes at one time, for many points.
#[derive(Debug)]
pub struct Batch<'a> {
    schemes: Vec<InScheme<'a>>,
    /// Of all levels of all schemes.
    layers: Vec<Option<&'a LayerSnapshot>>,
    time: Time,
}

/// The question to one scheme.
#[derive(Debug)]
struct InScheme<'a> {
    snapshot: &'a Snapshot,
    scheme: &'a Scheme,
    time: Time,
    /// Top level first; `None` for one that has no grids yet.
    layers: Vec<Option<&'a LayerSnapshot>>,
    /// Of the same levels; `None` for one without a coverage at the time.
    coverages: Vec<Option<&'a Coverage>>,
    lowest: Option<&'a Coverage>,
    /// `None` where the way up is not whole.
    chain: Option<Chain<'a>>,
}

/// The way from a grid of the lowest level up.
#[derive(Debug)]
struct Chain<'a> {
    /// The level above the lowest.
    nearest: &'a Parents,
    /// All levels above that one.
    lineage: &'a Lineage,
    /// Each of them by the one below, from below.
    further: Vec<&'a Parents>,
}

impl<'a> Chain<'a> {
    fn new(
        snapshot: &'a Snapshot,
        scheme: &Scheme,
        coverages: &[Option<&'a Coverage>],
    ) -> Option<Self> {
        let below = coverages.iter().skip(1).rev();
        let mut parents = below.map(|level| (*level)?.parents());
        let (_, above) = scheme.levels().split_last()?;
        Some(Self {
            nearest: parents.next()??,
            lineage: snapshot.lineages.get(&above.last()?.layer)?,
            further: parents.collect::<Option<_>>()?,
        })
    }

    /// Writes the grids above one of the lowest level, top first; `false` where one of them is not sure.
    #[expect(clippy::inline_always, reason = "compiled with the search of a point")]
    #[inline(always)]
    fn write(&self, grid: u32, above: &mut [u32]) -> bool {
        let (Some(parent), Some((place, further))) =
            (self.nearest.of(grid), above.split_last_mut())
        else {
            return false;
        };
        *place = parent;
        self.lineage.write(parent, further) || self.write_further(parent, further)
    }

    #[cold]
    fn write_further(&self, grid: u32, above: &mut [u32]) -> bool {
        let mut below = grid;
        for (place, parents) in above.iter_mut().rev().zip(&self.further) {
            let Some(parent) = parents.of(below) else {
                return false;
            };
            *place = parent;
            below = parent;
        }
        true
    }
}

/// Points that go through all schemes together: their rows stay in the first cache.
const TOGETHER: usize = 256;

impl<'a> Batch<'a> {
    #[must_use]
    pub fn new(snapshot: &'a Snapshot, schemes: &[&'a Scheme], time: Time) -> Self {
        let in_scheme = |scheme: &&'a Scheme| InScheme::new(snapshot, scheme, time);
        let schemes: Vec<InScheme> = schemes.iter().map(in_scheme).collect();
        let layers = schemes.iter().flat_map(|scheme| &scheme.layers).copied();
        Self {
            layers: layers.collect(),
            schemes,
            time,
        }
    }

    /// How many levels all schemes have: the length of a row, in the order of [`super::level_names`].
    #[must_use]
    pub fn width(&self) -> usize {
        self.layers.len()
    }

    /// Appends for each point how it lies in the first scheme, and a row with the position of each level's grid in its layer.
    pub fn locate(&self, points: &[Coord], found: &mut Vec<Found>, grids: &mut Vec<u32>) {
        for points in points.chunks(TOGETHER) {
            let (first, row) = (found.len(), grids.len());
            found.resize(first + points.len(), Found::OUTSIDE);
            grids.resize(row + points.len() * self.width(), NO_GRID);
            self.locate_few(points, &mut found[first..], &mut grids[row..]);
        }
    }

    /// At most [`TOGETHER`] points with their places in the answer.
    fn locate_few(&self, points: &[Coord], found: &mut [Found], grids: &mut [u32]) {
        let mut faces = [Face::ASK; TOGETHER];
        let faces = &mut faces[..points.len()];
        let width = self.width();
        let mut begin = 0;
        for (number, scheme) in self.schemes.iter().enumerate() {
            let own = begin..begin + scheme.layers.len();
            scheme.find_all(points, faces);
            let mut rest = [0; TOGETHER];
            let count = if width == 1 {
                scheme.tell(faces, grids.iter_mut().map(slice::from_mut), &mut rest)
            } else {
                let rows = grids.chunks_exact_mut(width);
                scheme.tell(faces, rows.map(|row| &mut row[own.clone()]), &mut rest)
            };
            if number == 0 {
                found.fill(Found::INSIDE);
            }
            for place in rest[..count].iter().map(|&place| usize::from(place)) {
                let row = &mut grids[place * width..][own.clone()];
                let answer = scheme.answer_slowly(points[place], faces[place], row);
                if number == 0 {
                    found[place] = answer;
                }
            }
            begin = own.end;
        }
    }

    /// As [`Self::locate`], for one point and its row.
    ///
    /// # Panics
    /// Where the row is not [`Self::width`] long.
    pub fn locate_one(&self, at: Coord, row: &mut [u32]) -> Found {
        assert_eq!(row.len(), self.width(), "a place for each level");
        if let [only] = &self.schemes[..] {
            return only.locate(at, row);
        }
        let mut first = None;
        let mut rest = row;
        for scheme in &self.schemes {
            let (own, others) = rest.split_at_mut(scheme.layers.len());
            let found = scheme.locate(at, own);
            first.get_or_insert(found);
            rest = others;
        }
        first.unwrap_or(Found::OUTSIDE)
    }

    /// The code of the grid at a position of the `level`-th level of all schemes; `None` where the grid has none, or for
    /// [`NO_GRID`].
    #[must_use]
    pub fn code(&self, level: usize, position: u32) -> Option<&'a str> {
        let features = self.layer(level)?.features();
        features.get(position as usize)?.code.as_deref()
    }

    fn layer(&self, level: usize) -> Option<&'a LayerSnapshot> {
        self.layers.get(level).copied().flatten()
    }

    /// How many positions the `level`-th level of all schemes has, those of other times too.
    #[must_use]
    pub fn count(&self, level: usize) -> usize {
        self.layer(level).map_or(0, |layer| layer.features().len())
    }

    /// The positions and the codes of all grids of the `level`-th level that may be found, in order; no code is there twice.
    pub fn codes(&self, level: usize) -> impl Iterator<Item = (u32, &'a str)> {
        let grids = self
            .layer(level)
            .into_iter()
            .flat_map(LayerSnapshot::features);
        let there = (0..)
            .zip(grids)
            .filter(|(_, grid)| grid.validity.holds_at(self.time));
        there.filter_map(|(position, grid)| Some((position, grid.code.as_deref()?)))
    }
}

impl<'a> InScheme<'a> {
    fn new(snapshot: &'a Snapshot, scheme: &'a Scheme, time: Time) -> Self {
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
            layers,
            coverages,
        }
    }

    /// Answers a point.
    #[expect(clippy::inline_always, reason = "the one call for each point")]
    #[inline(always)]
    fn locate(&self, at: Coord, row: &mut [u32]) -> Found {
        let rest = match self.lowest {
            Some(lowest) => lowest.find_then(at, AtOnce { scheme: self, row }),
            None => Some(Face::ASK),
        };
        rest.map_or(Found::INSIDE, |face| self.answer_slowly(at, face, row))
    }

    fn find_all(&self, points: &[Coord], faces: &mut [Face]) {
        match self.lowest {
            Some(lowest) => lowest.find_all(points, faces),
            None => faces.fill(Face::ASK),
        }
        // The tables of the levels above are small; only the first one waits for memory.
        if let Some(Chain { nearest, .. }) = &self.chain {
            faces
                .iter()
                .filter_map(|face| face.grid())
                .for_each(|grid| nearest.fetch(grid));
        }
    }

    /// Answers all points that are told at once; keeps the numbers of the others, and counts them.
    #[expect(clippy::inline_always, reason = "compiled for rows of one level too")]
    #[inline(always)]
    fn tell<'r>(
        &self,
        faces: &[Face],
        rows: impl Iterator<Item = &'r mut [u32]>,
        rest: &mut [u16; TOGETHER],
    ) -> usize {
        let mut count = 0;
        for (number, (&face, row)) in (0..).zip(faces.iter().zip(rows)) {
            rest[count % TOGETHER] = number;
            count += usize::from(!self.answer_at_once(face, row));
        }
        count
    }

    /// Writes the chain of the one grid whose face it is; `false` where there is none, or one of its parents is not sure.
    #[expect(clippy::inline_always, reason = "compiled with the search of a point")]
    #[inline(always)]
    fn answer_at_once(&self, face: Face, row: &mut [u32]) -> bool {
        let grid = face.grid();
        grid.is_some_and(|grid| self.write_chain(grid, row))
    }

    /// Writes a grid of the lowest level and those above; `false` where one of them is not sure.
    #[expect(clippy::inline_always, reason = "compiled with the search of a point")]
    #[inline(always)]
    fn write_chain(&self, grid: u32, row: &mut [u32]) -> bool {
        let Some((lowest, above)) = row.split_last_mut() else {
            return false;
        };
        *lowest = grid;
        above.is_empty()
            || self
                .chain
                .as_ref()
                .is_some_and(|chain| chain.write(grid, above))
    }

    #[cold]
    fn answer_slowly(&self, at: Coord, face: Face, row: &mut [u32]) -> Found {
        if face == Face::NONE && self.is_empty_above(at) {
            row.fill(NO_GRID);
            return Found::OUTSIDE;
        }
        let ask = Ask::new(self.snapshot, self.scheme, Question::new(at, self.time));
        let answer = match self.test(at, face) {
            None => ask.answer(),
            Some((layer, Tested::Sole(grid))) => {
                if self.write_chain(grid, row) {
                    return Found::INSIDE;
                }
                ask.answer_from(Holder::sole(layer, grid).into_iter().collect())
            }
            Some((_, Tested::All(holders))) => ask.answer_from(holders),
        };
        write(&answer, &self.layers, row)
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

/// The chain of the grid of the lowest level, written where it is sure; else the face comes back.
struct AtOnce<'s, 'a, 'r> {
    scheme: &'s InScheme<'a>,
    row: &'r mut [u32],
}

impl Then for AtOnce<'_, '_, '_> {
    type Told = Option<Face>;

    #[expect(clippy::inline_always, reason = "compiled with the search of a point")]
    #[inline(always)]
    fn tell(self, face: Face) -> Option<Face> {
        (!self.scheme.answer_at_once(face, self.row)).then_some(face)
    }
}

/// Writes an answer as a row of positions.
fn write(answer: &SchemeAnswer<'_>, layers: &[Option<&LayerSnapshot>], row: &mut [u32]) -> Found {
    for ((owner, layer), place) in answer.levels.iter().zip(layers).zip(row) {
        let grid = owner.zip(*layer);
        *place = grid.map_or(NO_GRID, |(owner, layer)| layer.position(owner.grid));
    }
    Found {
        outcome: answer.outcome,
        certain: answer.is_certain(),
    }
}
