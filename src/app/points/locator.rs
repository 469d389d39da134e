//! Pieces of points → how each lies and in which grids.

use std::borrow::Cow;
use std::hint::black_box;

use super::{PointsError, PointsTally};
use crate::exchange::{Code, RowPoint, TextList, Transform};
use crate::model::{Coord, Crs, LonLat};
use crate::query::{Batch, Found, NO_GRID, Outcome};

/// Points whose codes are looked up together: enough to fetch at once, few enough that they stay in the second cache.
const CODES_AT_ONCE: usize = 512;

/// A question prepared for many points. It is bound to its thread; the answers are not.
pub(super) struct Locator<'a> {
    batch: &'a Batch<'a>,
    to_wgs84: Transform,
    /// Points are given in degrees of a datum.
    is_degrees: bool,
    pub tally: PointsTally,
}

/// The answers to a piece of points.
pub(super) struct Located {
    lines: Lines,
    found: Vec<Found>,
    /// For each point a row with the position of each level's grid.
    grids: Vec<u32>,
    /// How many levels there are.
    width: usize,
}

/// What is known of the rows.
enum Lines {
    /// Each has its point, as nearly all pieces are.
    Points,
    Mixed(Vec<Line>),
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
    /// `batch` asks what is asked of points in `crs`.
    pub(super) fn new(batch: &'a Batch<'a>, crs: Crs) -> Result<Self, PointsError> {
        Ok(Self {
            batch,
            is_degrees: !matches!(crs, Crs::Epsg(_)),
            to_wgs84: Transform::to_wgs84(crs).map_err(|error| PointsError::crs(crs, &error))?,
            tally: PointsTally::default(),
        })
    }

    /// Asks for the points of all rows at once.
    pub(super) fn locate(&mut self, points: &[RowPoint]) -> Located {
        let all = points.iter().map(|point| match point {
            RowPoint::At(at) => Some(*at),
            RowPoint::None | RowPoint::Bad(_) => None,
        });
        match all.collect::<Option<Vec<_>>>() {
            Some(all) => self.locate_all(&all),
            None => self.locate_mixed(points),
        }
    }

    /// As [`Self::locate`], where every row has a point.
    pub(super) fn locate_all(&mut self, given: &[LonLat]) -> Located {
        if let Some(places) = self.snap_all(given) {
            return self.found(Lines::Points, &places);
        }
        let points: Vec<RowPoint> = given.iter().map(|at| RowPoint::At(*at)).collect();
        self.locate_mixed(&points)
    }

    fn locate_mixed(&mut self, points: &[RowPoint]) -> Located {
        let mut lines = Vec::with_capacity(points.len());
        let mut given = Vec::with_capacity(points.len());
        for point in points {
            lines.push(match point {
                RowPoint::At(at) => {
                    given.push(*at);
                    Line::Point(0)
                }
                RowPoint::None => Line::None,
                RowPoint::Bad(reason) => Line::Bad(reason.clone()),
            });
        }
        let places = self.snap(&given, &mut lines);
        self.found(Lines::Mixed(lines), &places)
    }

    fn found(&mut self, lines: Lines, places: &[Coord]) -> Located {
        let width = self.batch.width();
        let mut found = Vec::with_capacity(places.len());
        let mut grids = Vec::with_capacity(places.len() * width);
        self.batch.locate(places, &mut found, &mut grids);
        let located = Located {
            lines,
            found,
            grids,
            width,
        };
        located.count(&mut self.tally);
        located
    }

    /// Brings the points home and onto the lattice; `None` where one of them cannot be there.
    fn snap_all(&self, given: &[LonLat]) -> Option<Vec<Coord>> {
        let mut home = Cow::Borrowed(given);
        if !self.to_wgs84.keeps() {
            let mut given = given.iter();
            if given.any(|at| self.to_wgs84.check_lengths(*at).is_err()) {
                return None;
            }
            self.to_wgs84.apply_all(home.to_mut()).ok()?;
        }
        let mut places = Vec::with_capacity(given.len());
        for at in &*home {
            places.push(Coord::snap(*at).ok()?);
        }
        Some(places)
    }

    /// The lattice point of one; where it has none, degrees are told as they were given. Many points have no warnings, so
    /// degrees that are declared to be lengths are an error.
    fn place(&self, given: LonLat, home: LonLat) -> Result<Coord, String> {
        let checked = self.to_wgs84.check_lengths(given);
        checked.map_err(|error| error.to_string())?;
        let told = if self.is_degrees && Coord::snap(given).is_err() {
            given
        } else {
            home
        };
        Coord::snap(told).map_err(|error| error.to_string())
    }

    /// Brings the points home and onto the lattice; one that cannot be there says why in its line.
    fn snap(&self, given: &[LonLat], lines: &mut [Line]) -> Vec<Coord> {
        let mut home = given.to_vec();
        // PROJ names the first point only that it cannot carry over.
        let is_one_by_one = self.to_wgs84.apply_all(&mut home).is_err();
        let mut places = Vec::with_capacity(given.len());
        let points = lines
            .iter_mut()
            .filter(|line| matches!(line, Line::Point(_)));
        for (line, (given, home)) in points.zip(given.iter().zip(home)) {
            let at = if is_one_by_one {
                self.to_wgs84
                    .apply(*given)
                    .map_err(|error| error.to_string())
            } else {
                Ok(home)
            };
            match at.and_then(|at| self.place(*given, at)) {
                Ok(place) => {
                    *line = Line::Point(places.len());
                    places.push(place);
                }
                Err(reason) => *line = Line::Bad(reason.into()),
            }
        }
        places
    }
}

impl Located {
    /// How many rows there are.
    pub(super) fn len(&self) -> usize {
        match &self.lines {
            Lines::Points => self.found.len(),
            Lines::Mixed(lines) => lines.len(),
        }
    }

    /// About how many bytes they hold.
    pub(super) fn bytes(&self) -> usize {
        let lines = match &self.lines {
            Lines::Points => 0,
            Lines::Mixed(lines) => size_of_val(lines.as_slice()),
        };
        lines + size_of_val(self.found.as_slice()) + size_of_val(self.grids.as_slice())
    }

    fn count(&self, tally: &mut PointsTally) {
        tally.rows += self.len() as u64;
        if let Lines::Mixed(lines) = &self.lines {
            for line in lines {
                match line {
                    Line::None => tally.without += 1,
                    Line::Bad(_) => tally.bad += 1,
                    Line::Point(_) => {}
                }
            }
        }
        let is_outside = |found: &&Found| found.outcome == Outcome::Outside;
        let outside = self.found.iter().filter(is_outside).count() as u64;
        tally.outside += outside;
        tally.located += self.found.len() as u64 - outside;
    }

    /// The place of a row's point among those that were asked for.
    fn place(&self, row: usize) -> Option<usize> {
        match &self.lines {
            Lines::Points => Some(row),
            Lines::Mixed(lines) => match lines[row] {
                Line::Point(place) => Some(place),
                Line::None | Line::Bad(_) => None,
            },
        }
    }

    /// What is answered to a row.
    pub(super) fn answer(&self, row: usize) -> RowAnswer<'_> {
        match &self.lines {
            Lines::Points => RowAnswer::Found(self.found[row]),
            Lines::Mixed(lines) => match &lines[row] {
                Line::Point(place) => RowAnswer::Found(self.found[*place]),
                Line::None => RowAnswer::None,
                Line::Bad(reason) => RowAnswer::Bad(reason),
            },
        }
    }

    /// Hands over each row, in order, with the code of each level's grid.
    pub(super) fn each_row(
        &self,
        batch: &Batch<'_>,
        mut take: impl FnMut(usize, RowAnswer<'_>, &[Option<Code<'_>>]),
    ) {
        let width = self.width;
        let nothing = vec![None; width];
        let mut codes = Vec::new();
        for row in 0..self.len() {
            let answer = self.answer(row);
            let codes = match self.place(row) {
                Some(place) => {
                    if place % CODES_AT_ONCE == 0 {
                        self.look_up(batch, place, &mut codes);
                    }
                    &codes[place % CODES_AT_ONCE * width..][..width]
                }
                None => &nothing,
            };
            take(row, answer, codes);
        }
    }

    /// How each row's point lies, where all rows have one.
    pub(super) fn all_found(&self) -> Option<&[Found]> {
        matches!(self.lines, Lines::Points).then_some(&self.found)
    }

    /// What is made of the position of the level's grid of each row, or of [`NO_GRID`].
    pub(super) fn each_grid<T>(&self, level: usize, make: impl Fn(u32) -> T) -> Vec<T> {
        if let Lines::Points = self.lines {
            let rows = self.grids.chunks_exact(self.width);
            return rows.map(|row| make(row[level])).collect();
        }
        let grid = |place: usize| self.grids[place * self.width + level];
        let rows = (0..self.len()).map(|row| self.place(row).map_or(NO_GRID, grid));
        rows.map(make).collect()
    }

    /// The codes of some points' grids, from the `first` on. What leads to each lies elsewhere in memory, and so does its text.
    fn look_up<'a>(&self, batch: &Batch<'a>, first: usize, codes: &mut Vec<Option<Code<'a>>>) {
        let width = self.width;
        let grids = &self.grids[first * width..];
        let grids = &grids[..grids.len().min(CODES_AT_ONCE * width)];
        codes.clear();
        codes.resize(grids.len(), None);
        let mut texts = [None; CODES_AT_ONCE];
        for level in 0..width {
            for (text, row) in texts.iter_mut().zip(grids.chunks_exact(width)) {
                *text = batch.code(level, row[level]);
            }
            fetch(texts.into_iter().flatten());
            for (row, text) in codes.chunks_exact_mut(width).zip(texts) {
                row[level] = text.map(Code::new);
            }
        }
    }
}

/// Looks at the beginning of each text and at nothing else, so that the processor has many on their way from memory at once; who
/// reads them whole waits for each in turn.
pub(super) fn fetch<'a>(texts: impl Iterator<Item = &'a str>) {
    let first = |text: &str| text.as_bytes().first().copied().unwrap_or_default();
    black_box(texts.map(first).fold(0, |a, b| a ^ b));
}

/// The same texts as a list, each fetched with many others.
pub(super) fn gathered<'a>(texts: impl Iterator<Item = &'a str>, most: usize) -> TextList {
    let mut list = TextList::with_room(most);
    let mut together: Vec<&str> = Vec::with_capacity(CODES_AT_ONCE);
    let mut take = |together: &mut Vec<&str>| {
        fetch(together.iter().copied());
        together.drain(..).for_each(|text| list.push(text));
    };
    // Not by `for`: a walk through pages is faster from within.
    texts.for_each(|text| {
        together.push(text);
        if together.len() == CODES_AT_ONCE {
            take(&mut together);
        }
    });
    take(&mut together);
    list
}
