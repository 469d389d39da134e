//! Lines or polygons of many features, run after run: a few long lists in the place of many short ones, which would take as long to be
//! found and given back as what is drawn with them.

use super::mercator::Place;
use super::ring::Polygon;

/// Where a run of places ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct End {
    /// Behind its last place.
    place: usize,
    /// Whether a polygon begins with it.
    is_outer: bool,
}

/// Shapes, each of some runs of places: lines, or rings, of which a polygon's outer one comes first and then its holes. A ring is
/// closed without repeating its first place; outer rings' areas are positive, holes' negative.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Outlines {
    places: Vec<Place>,
    runs: Vec<End>,
    /// Behind the last run of each.
    shapes: Vec<usize>,
}

/// One line or ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outline<'a> {
    pub(super) places: &'a [Place],
    pub(super) is_outer: bool,
}

/// The runs of a shape.
#[derive(Clone, Copy, Debug)]
pub(super) struct Runs<'a> {
    places: &'a [Place],
    ends: &'a [End],
    /// Where the first begins.
    start: usize,
}

impl Outlines {
    /// Of polygons, a shape each.
    pub(super) fn of(shapes: &[Vec<Polygon>]) -> Self {
        let mut outlines = Self::default();
        for polygons in shapes {
            outlines.add_polygons(polygons);
            outlines.end_shape();
        }
        outlines
    }

    /// Nothing yet, with room for as many places as others have.
    pub(super) fn like(others: &Self) -> Self {
        Self {
            places: Vec::with_capacity(others.places.len()),
            runs: Vec::with_capacity(others.runs.len()),
            shapes: Vec::with_capacity(others.shapes.len()),
        }
    }

    /// Makes room for so many places.
    pub(super) fn expect(&mut self, places: usize) {
        self.places.reserve(places);
    }

    pub(super) fn clear(&mut self) {
        self.places.clear();
        self.runs.clear();
        self.shapes.clear();
    }

    /// The places of all runs.
    pub(super) fn places(&self) -> &[Place] {
        &self.places
    }

    /// How many runs have ended.
    pub(super) fn run_count(&self) -> usize {
        self.runs.len()
    }

    fn start_of(&self, run: usize) -> usize {
        run.checked_sub(1)
            .map_or(0, |before| self.runs[before].place)
    }

    /// The places of the run that has not ended.
    fn open(&mut self) -> &mut [Place] {
        let start = self.start_of(self.runs.len());
        &mut self.places[start..]
    }

    /// Draws on to a place, unless it is there.
    #[inline]
    pub(super) fn draw_to(&mut self, at: Place) {
        let start = self.start_of(self.runs.len());
        if self.places.len() == start || self.places.last() != Some(&at) {
            self.places.push(at);
        }
    }

    /// Ends a line.
    pub(super) fn end_line(&mut self) {
        self.end(false);
    }

    /// Ends a ring, however little it is, turned round.
    pub(super) fn end_turned(&mut self, is_outer: bool) {
        self.open().reverse();
        self.drop_closing();
        self.end(is_outer);
    }

    /// Ends a ring, which is nothing with less than three places.
    pub(super) fn end_ring(&mut self, is_outer: bool) {
        self.drop_closing();
        let start = self.start_of(self.runs.len());
        if self.places.len() < start + 3 {
            self.places.truncate(start);
        } else {
            self.end(is_outer);
        }
    }

    fn drop_closing(&mut self) {
        while let [first, .., last] = self.open()
            && first == last
        {
            self.places.pop();
        }
    }

    fn end(&mut self, is_outer: bool) {
        let place = self.places.len();
        self.runs.push(End { place, is_outer });
    }

    pub(super) fn end_shape(&mut self) {
        self.shapes.push(self.runs.len());
    }

    /// Adds a run as it is.
    pub(super) fn add_run(&mut self, places: &[Place], is_outer: bool) {
        self.places.extend_from_slice(places);
        self.end(is_outer);
    }

    /// Adds runs as they are.
    pub(super) fn add_runs(&mut self, runs: Runs<'_>) {
        for Outline { places, is_outer } in runs.iter() {
            self.add_run(places, is_outer);
        }
    }

    /// Adds the rings of polygons as they are.
    pub(super) fn add_polygons(&mut self, polygons: &[Polygon]) {
        for (index, ring) in polygons.iter().flat_map(|rings| rings.iter().enumerate()) {
            self.add_run(ring, index == 0);
        }
    }

    /// Takes away the runs from one on.
    pub(super) fn take_from(&mut self, run: usize) -> Polygon {
        let rings = self.runs_from(run).iter();
        let rings = rings.map(|ring| ring.places.to_vec()).collect();
        self.drop_from(run);
        rings
    }

    /// Drops the runs from one on.
    pub(super) fn drop_from(&mut self, run: usize) {
        self.places.truncate(self.start_of(run));
        self.runs.truncate(run);
    }

    /// The runs from one on.
    pub(super) fn runs_from(&self, run: usize) -> Runs<'_> {
        self.runs_between(run, self.runs.len())
    }

    /// The places of a run, which may be moved.
    pub(super) fn run_mut(&mut self, run: usize) -> &mut [Place] {
        let start = self.start_of(run);
        &mut self.places[start..self.runs[run].place]
    }

    /// How many shapes there are.
    pub(super) fn len(&self) -> usize {
        self.shapes.len()
    }

    pub(super) fn shape(&self, number: usize) -> Runs<'_> {
        let start = number
            .checked_sub(1)
            .map_or(0, |before| self.shapes[before]);
        self.runs_between(start, self.shapes[number])
    }

    pub(super) fn shapes(&self) -> impl Iterator<Item = Runs<'_>> {
        (0..self.len()).map(|number| self.shape(number))
    }

    fn runs_between(&self, first: usize, end: usize) -> Runs<'_> {
        Runs {
            places: &self.places,
            ends: &self.runs[first..end],
            start: self.start_of(first),
        }
    }
}

impl<'a> Runs<'a> {
    pub(super) fn is_empty(self) -> bool {
        self.ends.is_empty()
    }

    pub(super) fn len(self) -> usize {
        self.ends.len()
    }

    pub(super) fn iter(self) -> impl Iterator<Item = Outline<'a>> + Clone {
        let starts = self.ends.iter().map(|run| run.place);
        let starts = std::iter::once(self.start).chain(starts);
        starts.zip(self.ends).map(move |(start, run)| Outline {
            places: &self.places[start..run.place],
            is_outer: run.is_outer,
        })
    }

    /// The same as polygons by themselves.
    pub(super) fn polygons(self) -> Vec<Polygon> {
        let mut polygons: Vec<Polygon> = Vec::new();
        for Outline { places, is_outer } in self.iter() {
            match polygons.last_mut() {
                Some(rings) if !is_outer => rings.push(places.to_vec()),
                _ => polygons.push(vec![places.to_vec()]),
            }
        }
        polygons
    }

    /// The outer rings.
    pub(super) fn outer(self) -> impl Iterator<Item = &'a [Place]> {
        let outer = self.iter().filter(|ring| ring.is_outer);
        outer.map(|ring| ring.places)
    }

    /// How many places they have.
    pub(super) fn place_count(self) -> usize {
        self.ends.last().map_or(0, |run| run.place - self.start)
    }
}
