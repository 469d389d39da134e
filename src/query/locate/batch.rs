//! Who is responsible for many points: the question is prepared once, the answers are numbers in flat rows.

use std::slice;

use crate::index::Face;
use crate::model::{Coord, Metres, Scheme, Time};
use crate::snapshot::{LayerSnapshot, Snapshot};

use super::found::{Found, NO_GRID};
use super::in_scheme::InScheme;

/// Points that go through all schemes together: their rows stay in the first cache.
const ROWS_AT_ONCE: usize = 256;

/// One question to several schemes at one time, for many points.
#[derive(Debug)]
pub struct Batch<'a> {
    schemes: Vec<InScheme<'a>>,
    /// Of all levels of all schemes.
    layers: Vec<Option<&'a LayerSnapshot>>,
    time: Time,
}

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

    /// The same, where only a grid that holds a point is its owner: in a gap none is.
    #[must_use]
    pub fn of_holders_only(mut self) -> Self {
        for scheme in &mut self.schemes {
            scheme.gap_limit = Some(Metres::ZERO);
        }
        self
    }

    /// How many levels all schemes have: the length of a row, in the order of [`super::level_names`].
    #[must_use]
    pub fn width(&self) -> usize {
        self.layers.len()
    }

    /// Appends for each point how it lies in the first scheme, and a row with the position of each level's grid in its layer.
    pub fn locate(&self, points: &[Coord], found: &mut Vec<Found>, grids: &mut Vec<u32>) {
        for points in points.chunks(ROWS_AT_ONCE) {
            let (first, row) = (found.len(), grids.len());
            found.resize(first + points.len(), Found::OUTSIDE);
            grids.resize(row + points.len() * self.width(), NO_GRID);
            self.locate_few(points, &mut found[first..], &mut grids[row..]);
        }
    }

    /// At most [`ROWS_AT_ONCE`] points with their places in the answer.
    fn locate_few(&self, points: &[Coord], found: &mut [Found], grids: &mut [u32]) {
        let mut faces = [Face::ASK; ROWS_AT_ONCE];
        let faces = &mut faces[..points.len()];
        let width = self.width();
        let mut begin = 0;
        for (number, scheme) in self.schemes.iter().enumerate() {
            let own = begin..begin + scheme.layers.len();
            scheme.find_all(points, faces);
            let mut rest = [0; ROWS_AT_ONCE];
            let count = if width == 1 {
                scheme.by_faces(faces, grids.iter_mut().map(slice::from_mut), &mut rest)
            } else {
                let rows = grids.chunks_exact_mut(width);
                scheme.by_faces(faces, rows.map(|row| &mut row[own.clone()]), &mut rest)
            };
            if number == 0 {
                found.fill(Found::INSIDE);
            }
            for place in rest[..count].iter().map(|&place| usize::from(place)) {
                let row = &mut grids[place * width..][own.clone()];
                let answer = scheme.by_face_or_rules(points[place], faces[place], row);
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
        assert!(row.len() == self.width(), "a place for each level");
        match &self.schemes[..] {
            [only] => only.locate(at, row),
            several => locate_in_all(several, at, row),
        }
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

/// As [`Batch::locate_one`], for several schemes or none: not in the middle of the way of one.
#[inline(never)]
fn locate_in_all(schemes: &[InScheme<'_>], at: Coord, row: &mut [u32]) -> Found {
    let mut first = None;
    let mut rest = row;
    for scheme in schemes {
        let (own, others) = rest.split_at_mut(scheme.layers.len());
        let found = scheme.locate(at, own);
        first.get_or_insert(found);
        rest = others;
    }
    first.unwrap_or(Found::OUTSIDE)
}
