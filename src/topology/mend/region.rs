//! The polygons near fresh ones, as far as they were looked at.

use std::collections::BTreeSet;

use crate::model::{Bounds, Coord, FirstZooms, Geometry};

use super::super::simplify::drawn_from;
use super::{Around, Number, Words};

/// A vertex of a ring.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    pub at: Coord,
    /// From which zoom on it is drawn.
    pub zoom: u8,
    /// Whether an edge that nobody drew before ends there.
    pub is_new: bool,
}

/// A polygon, vertex by vertex.
#[derive(Debug)]
pub(super) struct Track<'a> {
    number: Number,
    geometry: &'a Geometry,
    /// From which zoom on it is drawn.
    pub zoom: u8,
    is_fresh: bool,
    /// Whether it draws other vertices than before.
    is_changed: bool,
    /// The vertices that are drawn at the zoom that is looked at, or one deeper; all of them at first.
    pub rings: Vec<Vec<Spot>>,
}

impl<'a> Track<'a> {
    /// A polygon that is drawn from a zoom on.
    pub(super) fn new(number: Number, geometry: &'a Geometry, zoom: u8) -> Self {
        let first = geometry.first_zooms();
        let rings = geometry.runs().map(|run| {
            let mut ring = Vec::with_capacity(run.len());
            run.for_each_first(first, |at, zoom| {
                let is_new = false;
                ring.push(Spot { at, zoom, is_new });
            });
            ring
        });
        Self {
            number,
            geometry,
            zoom,
            is_fresh: false,
            is_changed: false,
            rings: rings.collect(),
        }
    }

    /// One that is fresh: what is said of its vertices alone counts.
    pub(super) fn fresh(number: Number, geometry: &'a Geometry, zoom: u8) -> Self {
        let mut track = Self::new(number, geometry, zoom);
        for spot in track.rings.iter_mut().flatten() {
            spot.zoom = FirstZooms::DEEP;
        }
        (track.is_fresh, track.is_changed) = (true, true);
        track
    }

    fn hear(&mut self, words: &Words, bounds: Bounds) {
        for spot in self.rings.iter_mut().flatten() {
            if !bounds.holds(spot.at) {
                continue;
            }
            if let Some(word) = words.get(&spot.at) {
                self.is_changed |= word.zoom < spot.zoom;
                spot.zoom = spot.zoom.min(word.zoom);
                spot.is_new |= word.is_new;
            }
        }
    }

    /// Forgets the vertices that are drawn deeper only, and begins each ring with one that is drawn at the zoom before, where
    /// it has one.
    fn shorten(&mut self, zoom: u8) {
        for ring in &mut self.rings {
            ring.retain(|spot| spot.zoom <= zoom);
            let start = ring.iter().position(|spot| spot.zoom < zoom);
            ring.rotate_left(start.unwrap_or(0));
        }
    }
}

/// What was looked at so far.
pub(super) struct Region<'a, 'f> {
    around: Around<'a, 'f>,
    pub tracks: Vec<Track<'a>>,
    known: BTreeSet<Number>,
    asked: Vec<Bounds>,
    words: Words,
    /// Vertices that are drawn deeper are not looked at any more.
    zoom: u8,
}

impl<'a, 'f> Region<'a, 'f> {
    /// Nothing, among polygons of which these are fresh.
    pub(super) fn new(around: Around<'a, 'f>, fresh: impl Iterator<Item = Number>) -> Self {
        Self {
            around,
            tracks: Vec::new(),
            known: fresh.collect(),
            asked: Vec::new(),
            words: Words::new(),
            zoom: FirstZooms::DEEP,
        }
    }

    /// Looks at the polygons whose edges come near to a box.
    pub(super) fn ask(&mut self, bounds: Bounds) {
        let holds = |asked: &Bounds| asked.holds(bounds.min) && asked.holds(bounds.max);
        if self.asked.iter().any(holds) {
            return;
        }
        self.asked.push(bounds);
        for number in (self.around.near)(bounds) {
            if self.known.contains(&number) {
                continue;
            }
            let Some((geometry, around, from)) = (self.around.polygon)(number) else {
                continue;
            };
            if geometry.edges_near(bounds).next().is_some() {
                self.known.insert(number);
                self.add(Track::new(number, geometry, drawn_from(around, from)));
            }
        }
    }

    /// Adds a polygon.
    pub(super) fn add(&mut self, mut track: Track<'a>) {
        if let Some(bounds) = bounds_of(&self.words) {
            track.hear(&self.words, bounds);
        }
        track.shorten(self.zoom);
        self.tracks.push(track);
    }

    /// Tells all who run through these vertices, and those that come later.
    pub(super) fn say(&mut self, words: &Words) {
        let Some(bounds) = bounds_of(words) else {
            return;
        };
        for track in &mut self.tracks {
            track.hear(words, bounds);
        }
        for (&at, &word) in words {
            let known = self.words.entry(at).or_insert(word);
            known.zoom = known.zoom.min(word.zoom);
            known.is_new |= word.is_new;
        }
    }

    /// Forgets the vertices that are drawn deeper than at a zoom.
    pub(super) fn shorten(&mut self, zoom: u8) {
        self.zoom = zoom;
        self.tracks.iter_mut().for_each(|track| track.shorten(zoom));
    }

    /// The polygons that are drawn otherwise than before.
    pub(super) fn finish(self) -> Vec<(Number, Geometry)> {
        let words = self.words;
        let bounds = bounds_of(&words);
        let changed = self.tracks.iter().filter(|track| track.is_changed);
        let drawn = changed.filter_map(|track| {
            let first = |at: Coord, known: u8| {
                let is_near = bounds.is_some_and(|bounds| bounds.holds(at));
                let word = is_near.then(|| words.get(&at)).flatten();
                match word {
                    Some(word) if track.is_fresh => word.zoom,
                    Some(word) => word.zoom.min(known),
                    None => known,
                }
            };
            Some((track.number, track.geometry.drawn_from(first)?))
        });
        drawn.collect()
    }
}

fn bounds_of(words: &Words) -> Option<Bounds> {
    Bounds::around(words.keys().copied())
}
