//! Pieces of points → how each lies and in which grids.

use super::{PointsError, PointsQuestion, PointsTally};
use crate::exchange::{RowPoint, Transform};
use crate::model::{Coord, LonLat, Scheme};
use crate::query::{Batch, Found, Outcome};
use crate::snapshot::Snapshot;

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
    /// How its point lies, and the position of each level's grid.
    Found(Found, &'a [u32]),
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
        let width = self.batch.width();
        match &self.lines[row] {
            Line::Point(place) => {
                let grids = &self.grids[place * width..(place + 1) * width];
                RowAnswer::Found(self.found[*place], grids)
            }
            Line::None => RowAnswer::None,
            Line::Bad(reason) => RowAnswer::Bad(reason),
        }
    }

    /// The code of each level's grid.
    pub(super) fn codes(&self, grids: &[u32]) -> impl Iterator<Item = Option<&'a str>> {
        (0..)
            .zip(grids)
            .map(|(level, &grid)| self.batch.code(level, grid))
    }
}
