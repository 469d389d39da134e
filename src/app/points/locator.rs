//! Pieces of points → how each lies and in which grids.

use super::{PointsError, PointsQuestion, PointsTally};
use crate::exchange::{Code, RowPoint, Transform};
use crate::model::{Coord, LonLat, Scheme};
use crate::query::{Batch, Found, NO_GRID, Outcome};
use crate::snapshot::Snapshot;

/// Points whose codes are looked up together: enough to fetch at once, few enough that they stay in the second cache.
const TOGETHER: usize = 512;

/// A question prepared for many points, and the answers to the last piece of them.
pub(super) struct Locator<'a> {
    pub batch: Batch<'a>,
    pub schemes: Vec<&'a Scheme>,
    pub tally: PointsTally,
    to_wgs84: Transform,
    lines: Vec<Line>,
    given: Vec<LonLat>,
    places: Vec<Coord>,
    found: Vec<Found>,
    grids: Vec<u32>,
}

/// What is known of a row.
enum Line {
    /// Its place among the points that were asked for.
    Point(usize),
    None,
    Bad(Box<str>),
}

/// What is answered to a row.
#[derive(Clone, Copy)]
pub(super) enum RowAnswer<'a> {
    /// How its point lies.
    Found(Found),
    None,
    Bad(&'a str),
}

impl<'a> Locator<'a> {
    pub(super) fn new(
        snapshot: &'a Snapshot,
        question: &PointsQuestion,
    ) -> Result<Self, PointsError> {
        let crs = question.crs;
        let schemes = question.schemes(snapshot)?;
        Ok(Self {
            batch: Batch::new(snapshot, &schemes, question.time),
            schemes,
            tally: PointsTally::default(),
            to_wgs84: Transform::to_wgs84(crs).map_err(|error| PointsError::crs(crs, &error))?,
            lines: Vec::new(),
            given: Vec::new(),
            places: Vec::new(),
            found: Vec::new(),
            grids: Vec::new(),
        })
    }

    /// Asks for all points at once.
    pub(super) fn locate(&mut self, points: &[RowPoint]) {
        self.lines.clear();
        self.given.clear();
        for point in points {
            self.lines.push(match point {
                RowPoint::At(at) => {
                    self.given.push(*at);
                    Line::Point(0)
                }
                RowPoint::None => Line::None,
                RowPoint::Bad(reason) => Line::Bad(reason.clone()),
            });
        }
        self.snap();
        self.found.clear();
        self.grids.clear();
        self.batch
            .locate(&self.places, &mut self.found, &mut self.grids);
        self.count();
    }

    /// Brings the points home and onto the lattice; one that cannot be there says why in its line.
    fn snap(&mut self) {
        let mut home = self.given.clone();
        // PROJ names the first point only that it cannot carry over.
        let is_one_by_one = self.to_wgs84.apply_all(&mut home).is_err();
        self.places.clear();
        let points = self
            .lines
            .iter_mut()
            .filter(|line| matches!(line, Line::Point(_)));
        for (line, (given, home)) in points.zip(self.given.iter().zip(home)) {
            let at = if is_one_by_one {
                self.to_wgs84
                    .apply(*given)
                    .map_err(|error| error.to_string())
            } else {
                Ok(home)
            };
            match at.and_then(|at| Coord::snap(at).map_err(|error| error.to_string())) {
                Ok(place) => {
                    *line = Line::Point(self.places.len());
                    self.places.push(place);
                }
                Err(reason) => *line = Line::Bad(reason.into()),
            }
        }
    }

    fn count(&mut self) {
        let tally = &mut self.tally;
        tally.rows += self.lines.len() as u64;
        for line in &self.lines {
            match line {
                Line::None => tally.without += 1,
                Line::Bad(_) => tally.bad += 1,
                Line::Point(_) => {}
            }
        }
        let is_outside = |found: &&Found| found.outcome == Outcome::Outside;
        let outside = self.found.iter().filter(is_outside).count() as u64;
        tally.outside += outside;
        tally.located += self.found.len() as u64 - outside;
    }

    /// What is answered to a row of the last piece.
    pub(super) fn answer(&self, row: usize) -> RowAnswer<'_> {
        match &self.lines[row] {
            Line::Point(place) => RowAnswer::Found(self.found[*place]),
            Line::None => RowAnswer::None,
            Line::Bad(reason) => RowAnswer::Bad(reason),
        }
    }

    /// Hands over each row of the last piece, in order, with the code of each level's grid.
    pub(super) fn each_row(&self, mut take: impl FnMut(usize, RowAnswer<'_>, &[Option<Code<'a>>])) {
        let width = self.batch.width();
        let nothing = vec![None; width];
        let mut codes = Vec::new();
        for row in 0..self.lines.len() {
            let answer = self.answer(row);
            let codes = match self.lines[row] {
                Line::Point(place) => {
                    if place % TOGETHER == 0 {
                        self.look_up(place, &mut codes);
                    }
                    &codes[place % TOGETHER * width..][..width]
                }
                Line::None | Line::Bad(_) => &nothing,
            };
            take(row, answer, codes);
        }
    }

    /// The position of the level's grid of each row of the last piece.
    pub(super) fn grids_of(&self, level: usize) -> impl Iterator<Item = Option<u32>> {
        let width = self.batch.width();
        self.lines.iter().map(move |line| match line {
            Line::Point(place) => {
                let grid = self.grids[place * width + level];
                (grid != NO_GRID).then_some(grid)
            }
            Line::None | Line::Bad(_) => None,
        })
    }

    /// The codes of some points' grids, from the `first` on. Each lies elsewhere in memory, so that the processor must be given
    /// many to fetch at once: first all that leads to the texts of a level, then the texts.
    fn look_up(&self, first: usize, codes: &mut Vec<Option<Code<'a>>>) {
        let width = self.batch.width();
        let grids = &self.grids[first * width..];
        let grids = &grids[..grids.len().min(TOGETHER * width)];
        codes.clear();
        codes.resize(grids.len(), None);
        let mut texts = [None; TOGETHER];
        for level in 0..width {
            for (text, row) in texts.iter_mut().zip(grids.chunks_exact(width)) {
                *text = self.batch.code(level, row[level]);
            }
            for (row, text) in codes.chunks_exact_mut(width).zip(texts) {
                row[level] = text.map(Code::new);
            }
        }
    }
}
