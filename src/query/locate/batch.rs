//! Who is responsible for many points: the question is prepared once, the answers are numbers in flat rows.

use crate::index::Face;
use crate::model::{Coord, Level as LevelOfScheme, Scheme, Side, Time};
use crate::snapshot::{Coverage, LayerSnapshot, Snapshot};

use super::{Outcome, SchemeAnswer, locate_in};

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
    snapshot: &'a Snapshot,
    schemes: Vec<&'a Scheme>,
    levels: Vec<Level<'a>>,
    time: Time,
}

/// One level of one scheme.
#[derive(Clone, Copy, Debug)]
struct Level<'a> {
    /// Its grids; `None` where it has none yet.
    layer: Option<&'a LayerSnapshot>,
    coverage: Option<&'a Coverage>,
}

impl Level<'_> {
    /// The position of the grid that alone holds a point, of one that is too near an edge for the coverage to tell.
    fn sole(&self, face: Face, at: Coord, time: Time) -> Option<u32> {
        let layer = self.layer.filter(|_| face == Face::ASK)?;
        let mut sole = None;
        for position in layer.tree().holding(at) {
            let grid = &layer.features()[position];
            if !grid.validity.holds_at(time) {
                continue;
            }
            match grid.geometry.side(at) {
                Side::Outside => {}
                Side::Inside if sole.is_none() => sole = u32::try_from(position).ok(),
                Side::Inside | Side::Border => return None,
            }
        }
        sole
    }
}

/// Points that go through all levels together: their rows stay in the first cache.
const TOGETHER: usize = 256;

impl<'a> Batch<'a> {
    #[must_use]
    pub fn new(snapshot: &'a Snapshot, schemes: &[&'a Scheme], time: Time) -> Self {
        let levels = schemes.iter().flat_map(|scheme| scheme.levels());
        let level = |level: &'a LevelOfScheme| Level {
            layer: snapshot.layers.get(&level.layer).map(AsRef::as_ref),
            coverage: snapshot.coverage(&level.layer, time),
        };
        Self {
            snapshot,
            schemes: schemes.to_vec(),
            levels: levels.map(level).collect(),
            time,
        }
    }

    /// How many levels all schemes have: the length of a row, in the order of [`super::level_names`].
    #[must_use]
    pub fn width(&self) -> usize {
        self.levels.len()
    }

    /// Appends for each point how it lies in the first scheme, and a row with the position of each level's grid in its layer.
    pub fn locate(&self, points: &[Coord], found: &mut Vec<Found>, grids: &mut Vec<u32>) {
        for points in points.chunks(TOGETHER) {
            let (first, row) = (found.len(), grids.len());
            found.resize(first + points.len(), Found::OUTSIDE);
            grids.resize(row + points.len() * self.width(), NO_GRID);
            let (found, grids) = (&mut found[first..], &mut grids[row..]);
            let mut begin = 0;
            for (index, scheme) in self.schemes.iter().enumerate() {
                let end = begin + scheme.levels().len();
                let mut in_scheme = InScheme {
                    scheme,
                    levels: &self.levels[begin..end],
                    begin,
                    width: self.width(),
                    found: (index == 0).then_some(&mut *found),
                    grids,
                };
                in_scheme.locate(self, points);
                begin = end;
            }
        }
    }

    /// As [`Self::locate`], for one point and its row.
    ///
    /// # Panics
    /// Where the row is not [`Self::width`] long.
    pub fn locate_one(&self, at: Coord, row: &mut [u32]) -> Found {
        assert_eq!(row.len(), self.width(), "a place for each level");
        let mut first = None;
        let mut begin = 0;
        for scheme in &self.schemes {
            let end = begin + scheme.levels().len();
            let (levels, row) = (&self.levels[begin..end], &mut row[begin..end]);
            let found = inside(levels, at, self.time, row).unwrap_or_else(|| {
                let answer = locate_in(self.snapshot, scheme, at, self.time);
                write(&answer, levels, row)
            });
            first.get_or_insert(found);
            begin = end;
        }
        first.unwrap_or(Found::OUTSIDE)
    }

    /// The code of the grid at a position of the `level`-th level of all schemes; `None` where the grid has none, or for
    /// [`NO_GRID`].
    #[must_use]
    pub fn code(&self, level: usize, position: u32) -> Option<&'a str> {
        let layer = self.levels.get(level)?.layer?;
        layer.features().get(position as usize)?.code.as_deref()
    }

    /// How many positions the `level`-th level of all schemes has, those of other times too.
    #[must_use]
    pub fn count(&self, level: usize) -> usize {
        let layer = self.levels.get(level).and_then(|level| level.layer);
        layer.map_or(0, |layer| layer.features().len())
    }

    /// The positions and the codes of all grids of the `level`-th level that may be found, in order; no code is there twice.
    pub fn codes(&self, level: usize) -> impl Iterator<Item = (u32, &'a str)> {
        let layer = self.levels.get(level).and_then(|level| level.layer);
        let grids = layer.into_iter().flat_map(LayerSnapshot::features);
        let there = (0..)
            .zip(grids)
            .filter(|(_, grid)| grid.validity.holds_at(self.time));
        there.filter_map(|(position, grid)| Some((position, grid.code.as_deref()?)))
    }
}

/// Some points on their way through the levels of one scheme.
struct InScheme<'a, 'b> {
    scheme: &'a Scheme,
    levels: &'b [Level<'a>],
    /// Where the scheme's levels begin in a row.
    begin: usize,
    width: usize,
    /// `None` for schemes after the first.
    found: Option<&'b mut [Found]>,
    grids: &'b mut [u32],
}

impl<'a> InScheme<'a, '_> {
    fn locate(&mut self, batch: &Batch<'a>, points: &[Coord]) {
        let mut is_known = [false; TOGETHER];
        self.inside(batch.time, points, &mut is_known);
        for (place, (&at, is_known)) in points.iter().zip(is_known).enumerate() {
            if !is_known {
                self.one(batch, place, at);
            }
        }
    }

    /// Answers points that lie inside one grid of the lowest level whose parents are sure, and those that lie in no level.
    fn inside(&mut self, time: Time, points: &[Coord], is_known: &mut [bool; TOGETHER]) {
        let Some((level, above)) = self.levels.split_last() else {
            return;
        };
        let Some(lowest) = level.coverage else {
            return;
        };
        let mut faces = [Face::NONE; TOGETHER];
        let faces = &mut faces[..points.len()];
        lowest.find_all(points, faces);
        // The grid of each point on the level that was looked at last.
        let mut grids = [NO_GRID; TOGETHER];
        let grids = &mut grids[..points.len()];
        for (place, (face, grid)) in faces.iter().zip(&mut *grids).enumerate() {
            match face
                .grid()
                .or_else(|| level.sole(*face, points[place], time))
            {
                Some(number) => {
                    lowest.fetch_parent(number);
                    *grid = number;
                    is_known[place] = true;
                }
                None => is_known[place] = *face == Face::NONE && is_empty(above, points[place]),
            }
        }
        if let Some(found) = &mut self.found {
            for (found, grid) in found.iter_mut().zip(&*grids) {
                if *grid != NO_GRID {
                    *found = Found::INSIDE;
                }
            }
        }
        self.write(grids, above.len());
        // A level without a coverage for this time names no parents: its points are answered one by one.
        let mut below = Some(lowest);
        for (depth, level) in above.iter().enumerate().rev() {
            for (grid, is_known) in grids.iter_mut().zip(&mut *is_known) {
                if *grid != NO_GRID {
                    let parent = below.and_then(|below| below.parent(*grid));
                    *is_known &= parent.is_some();
                    *grid = parent.unwrap_or(NO_GRID);
                }
            }
            self.write(grids, depth);
            below = level.coverage;
        }
    }

    /// Writes the grids of one level into the rows.
    fn write(&mut self, grids: &[u32], depth: usize) {
        let rows = self.grids.chunks_exact_mut(self.width);
        for (row, grid) in rows.zip(grids) {
            row[self.begin + depth] = *grid;
        }
    }

    /// Answers one point by all rules.
    fn one(&mut self, batch: &Batch<'a>, place: usize, at: Coord) {
        let answer = locate_in(batch.snapshot, self.scheme, at, batch.time);
        let row = self.place(place, 0);
        let one = write(
            &answer,
            self.levels,
            &mut self.grids[row..][..self.levels.len()],
        );
        if let Some(found) = &mut self.found {
            found[place] = one;
        }
    }

    /// Where the grid of a level is in the row of a point.
    fn place(&self, point: usize, depth: usize) -> usize {
        point * self.width + self.begin + depth
    }
}

/// Whether these levels surely have nothing at a point at which the level below them has nothing.
fn is_empty(levels: &[Level<'_>], at: Coord) -> bool {
    levels.iter().rev().all(|level| {
        let face = level.coverage.map(|coverage| coverage.find(at, true));
        level.layer.is_none() || face == Some(Face::NONE)
    })
}

/// Writes an answer as a row of positions.
fn write(answer: &SchemeAnswer<'_>, levels: &[Level<'_>], row: &mut [u32]) -> Found {
    for ((owner, level), place) in answer.levels.iter().zip(levels).zip(row) {
        let grid = owner.zip(level.layer);
        *place = grid.map_or(NO_GRID, |(owner, layer)| layer.position(owner.grid));
    }
    Found {
        outcome: answer.outcome,
        certain: answer.is_certain(),
    }
}

/// Answers a point that lies inside one grid of the lowest level whose parents are sure; `None` for all others.
fn inside(levels: &[Level<'_>], at: Coord, time: Time, row: &mut [u32]) -> Option<Found> {
    let (lowest, above) = levels.split_last()?;
    let mut below = lowest.coverage?;
    let face = below.find(at, false);
    let mut grid = face.grid().or_else(|| lowest.sole(face, at, time))?;
    row[above.len()] = grid;
    for (depth, level) in above.iter().enumerate().rev() {
        grid = below.parent(grid)?;
        row[depth] = grid;
        if depth > 0 {
            below = level.coverage?;
        }
    }
    Some(Found::INSIDE)
}
