//! What is known of a point that must be asked: how many grids hold it, which these may be, and a place beside it at which the
//! index is sure.
//!
//! Only the edges that are near the point are in doubt, each by one crossing at most; the rest of the sum is true. Where the sum
//! is that of one grid whatever they do, one grid holds the point, unless it lies on a border: the first that is found to hold it
//! is the only one.

use crate::model::Coord;

use super::seek::One;
use super::slot::Slot;
use super::{Face, FaceIndex, ONE};

/// Grids that a point which is held once is looked for in.
const LIKELY: usize = 4;
/// Coarse steps to the places beside a point that are tried, across the edges near it and along them.
const ACROSS: [i32; 6] = [2, -2, 4, -4, 9, -9];
const ALONG: [i32; 4] = [3, -3, 9, -9];

/// What is known of a point at which the index tells no face.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doubt {
    pub holders: Holders,
    /// Lattice steps of a coarse step along each axis; 0 where the cell has no edges.
    steps: (u32, u32),
    /// The edges near the point go rather east or west than north or south.
    is_level: bool,
}

/// How many grids hold a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holders {
    /// One alone, or the point lies on a border: most likely one of these numbers, which may be of no grid at all.
    One([Option<u32>; LIKELY]),
    /// Two, whose numbers have this sum; or one that winds twice, with half of it. The point lies on none of their borders.
    Two(u32),
    /// Any number of them.
    Any,
}

impl Doubt {
    const NOTHING: Self = Self {
        holders: Holders::Any,
        steps: (0, 0),
        is_level: false,
    };
}

impl FaceIndex {
    /// What is known of a point at which [`Self::find`] tells no face.
    #[must_use]
    pub fn doubt(&self, at: Coord) -> Doubt {
        let entry = self.overview.entry(at);
        if entry.is_face() {
            return Doubt::NOTHING;
        }
        let spot = self.spot(at, entry);
        let mut seen = Seen::default();
        match spot.walk(self, |part, place| seen.add(part, place)) {
            Some(steps) => seen.doubt(steps),
            None => Doubt::NOTHING,
        }
    }

    /// A place near a point, on its meridian or its parallel, at which the index is sure, and the face there: one grid or none.
    #[must_use]
    pub fn beside(&self, at: Coord, doubt: &Doubt) -> Option<(Coord, Face)> {
        let to_the_east = |by: i32| Coord {
            lon: moved(at.lon, by, doubt.steps.0),
            ..at
        };
        let to_the_north = |by: i32| Coord {
            lat: moved(at.lat, by, doubt.steps.1),
            ..at
        };
        let places = |east: &'static [i32], north: &'static [i32]| {
            let east = east.iter().map(move |&by| to_the_east(by));
            (east, north.iter().map(move |&by| to_the_north(by)))
        };
        let face = |at: Coord| (at, self.find(at));
        let is_sure = |(_, face): &(Coord, Face)| *face != Face::ASK;
        if doubt.steps == (0, 0) {
            None
        } else if doubt.is_level {
            let (along, across) = places(&ALONG, &ACROSS);
            across.chain(along).map(face).find(is_sure)
        } else {
            let (across, along) = places(&ACROSS, &ALONG);
            across.chain(along).map(face).find(is_sure)
        }
    }
}

/// So many coarse steps from a number.
fn moved(number: i32, by: i32, step: u32) -> i32 {
    let step = i32::try_from(step).unwrap_or(i32::MAX);
    number.saturating_add(by.saturating_mul(step))
}

/// What the parts of a cell say of a point.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    /// The face value with the vertices where the slots have them.
    value: u32,
    /// By how much it may be wrong: twice what all near edges step.
    doubt: u64,
    /// What is added to the value beyond each near edge.
    beyond: [Option<u32>; LIKELY - 1],
    /// The spans of the near edges, in 8ths of coarse steps.
    spans: (u32, u32),
    /// Somebody walks to and fro on a near edge: it does not change the value, and is a border.
    has_spike: bool,
}

impl Seen {
    fn add(&mut self, part: &Slot<'_>, place: (i32, i32)) {
        let edges = part.edges();
        if edges == 0 {
            self.value = self.value.wrapping_add(part.words[0]);
            return;
        }
        let mut crossed = One::compare(part, place);
        crossed.edges &= edges;
        let sum = part.steps(crossed).wrapping_add(part.words[0]);
        self.value = self.value.wrapping_add(sum);
        let mut near = crossed.near & edges;
        while near != 0 {
            self.add_near(part, near.trailing_zeros(), place);
            near &= near - 1;
        }
    }

    fn add_near(&mut self, part: &Slot<'_>, edge: u32, place: (i32, i32)) {
        let from = |vertex: u32| {
            let (x, y) = part.vertex(vertex as usize);
            (i64::from(x - place.0), i64::from(y - place.1))
        };
        let (a, b) = (from(edge), from(edge + 1));
        let span = |a: i64, b: i64| u32::try_from(a.abs_diff(b)).unwrap_or(u32::MAX);
        self.spans.0 = self.spans.0.saturating_add(span(a.0, b.0));
        self.spans.1 = self.spans.1.saturating_add(span(a.1, b.1));
        let step = part.step(1 << edge, 0);
        self.has_spike |= step == 0;
        self.doubt += 2 * u64::from(step.cast_signed().unsigned_abs());
        // To the left of the edge the value is larger by its step.
        let is_left = a.0 * b.1 > a.1 * b.0;
        let beyond = if is_left { step.wrapping_neg() } else { step };
        if !self.beyond.contains(&Some(beyond))
            && let Some(free) = self.beyond.iter_mut().find(|free| free.is_none())
        {
            *free = Some(beyond);
        }
    }

    fn doubt(&self, steps: (u32, u32)) -> Doubt {
        Doubt {
            holders: self.holders(),
            steps,
            is_level: self.spans.0 > self.spans.1,
        }
    }

    fn holders(&self) -> Holders {
        let (value, one) = (u64::from(self.value), u64::from(ONE));
        let is_near = self.doubt > 0 || self.has_spike;
        if !is_near && (2 * one..3 * one).contains(&value) {
            // The sums of three grids and more begin where these end.
            return Holders::Two(self.value - 2 * ONE);
        }
        // No face has a value between that of no grid and that of the first.
        let is_one = value > self.doubt && value + self.doubt < 2 * one;
        if !is_one || self.has_spike {
            return Holders::Any;
        }
        let mut likely = [None; LIKELY];
        let beyond = self.beyond.into_iter().flatten();
        let values = std::iter::once(0).chain(beyond);
        let faces = values.map(|by| Face::of(self.value.wrapping_add(by)));
        for (place, face) in likely.iter_mut().zip(faces) {
            *place = face.grid();
        }
        Holders::One(likely)
    }
}
