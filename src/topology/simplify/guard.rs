//! Chords that would cross another border, or lie on one, are taken back.
//!
//! Zoom by zoom, from the deepest: what is drawn one zoom deeper does not cross. A chord in place of some vertices is kept where
//! no vertex of another border lies between it and them, on it neither: then no edge can come across, as it would have to end
//! there or cross what did not cross. All chords can be looked at by themselves, since for each of two that crossed there would be
//! such a vertex. Else the vertex farthest from the chord stays.

mod cells;

use std::collections::{HashMap, HashSet};

use crate::model::{Bounds, Coord, FirstZooms, each, turn};

use super::Borders;
use super::path::Path;
use super::peel::farthest;
use super::scale::Scale;
use cells::{Cell, Cells};

/// Chords that a thread looks at at once.
const BLOCK: usize = 256;

/// A chord: the first and the last of the places that it stands for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chord {
    from: usize,
    to: usize,
}

/// Memory that is used for chord after chord.
#[derive(Default)]
struct Bench {
    /// Ends of what is yet to be looked at, the next one last.
    open: Vec<usize>,
    ring: Vec<Coord>,
    cells: Vec<Cell>,
}

/// Lowers zooms until no border crosses another at any zoom, or lies on it.
pub(super) fn keep_apart(borders: &mut Borders, threads: usize) {
    for zoom in (0..FirstZooms::DEEP).rev() {
        let mut chords = Drawn { borders, zoom }.chords();
        let doubled = Drawn { borders, zoom }.doubled(&chords);
        if !doubled.is_empty() {
            for place in doubled {
                borders.zooms[place] = zoom;
            }
            chords = Drawn { borders, zoom }.chords();
        }
        for place in (Drawn { borders, zoom }).crossed(&chords.shorter, threads) {
            borders.zooms[place] = zoom;
        }
    }
}

/// The chords of a zoom that matter.
#[derive(Default)]
struct Chords {
    /// Those that stand for more than one edge of what is drawn one zoom deeper.
    shorter: Vec<Chord>,
    /// All of a path, or half of one that goes around.
    whole: Vec<Chord>,
}

/// What is drawn at a zoom.
pub(super) struct Drawn<'a> {
    borders: &'a Borders,
    zoom: u8,
}

impl Drawn<'_> {
    /// The paths that are drawn.
    fn paths(&self) -> impl Iterator<Item = &Path> {
        let paths = self.borders.paths.iter();
        paths.filter(|path| path.zoom <= self.zoom)
    }

    /// The places that are drawn one zoom deeper, of the paths that are drawn at this one.
    fn places(&self) -> impl Iterator<Item = (usize, Coord)> {
        let deeper = self.zoom + 1;
        let all = self.paths().flat_map(Path::places);
        let drawn = all.filter(move |&place| self.borders.zooms[place] <= deeper);
        drawn.map(|place| (place, self.borders.places[place]))
    }

    /// The places of a chord that are drawn one zoom deeper, both ends included.
    fn between(&self, chord: Chord) -> impl Iterator<Item = usize> + Clone {
        let deeper = self.zoom + 1;
        (chord.from..=chord.to).filter(move |&place| self.borders.zooms[place] <= deeper)
    }

    fn chords(&self) -> Chords {
        let mut chords = Chords::default();
        for path in self.paths() {
            let places = path.places();
            let first = chords.whole.len();
            let (mut from, mut is_shorter, mut count) = (places.start, false, 0);
            for place in places.clone().skip(1) {
                let first = self.borders.zooms[place];
                if first > self.zoom {
                    is_shorter |= first == self.zoom + 1;
                    continue;
                }
                let chord = Chord { from, to: place };
                count += 1;
                if is_shorter {
                    chords.shorter.push(chord);
                }
                if count < 3 {
                    chords.whole.push(chord);
                }
                (from, is_shorter) = (place, false);
            }
            let around = self.borders.places[places.start] == self.borders.places[places.end - 1];
            if count > 1 + usize::from(around) {
                chords.whole.truncate(first);
            }
        }
        chords
    }

    /// Places that must stay since else two paths, or the two halves of one that goes around, would be the same chord.
    fn doubled(&self, chords: &Chords) -> Vec<usize> {
        let ends = |chord: &Chord| {
            let (a, b) = (
                self.borders.places[chord.from],
                self.borders.places[chord.to],
            );
            (a.min(b), a.max(b))
        };
        let is_shorter = |chord: &Chord| self.between(*chord).nth(2).is_some();
        let shorter = chords.whole.iter().filter(|chord| is_shorter(chord));
        let suspect: HashSet<(Coord, Coord)> = shorter.map(ends).collect();
        let mut known: HashMap<(Coord, Coord), Chord> = HashMap::new();
        let mut stay = Vec::new();
        for &chord in &chords.whole {
            let ends = ends(&chord);
            if !suspect.contains(&ends) {
                continue;
            }
            if let Some(other) = known.insert(ends, chord) {
                stay.extend(self.farthest(chord).or_else(|| self.farthest(other)));
            }
        }
        stay
    }

    /// Places that must stay since else a chord would go to the other side of a vertex.
    fn crossed(&self, chords: &[Chord], threads: usize) -> Vec<usize> {
        if chords.is_empty() {
            return Vec::new();
        }
        let cells = Cells::of(self, chords);
        let blocks: Vec<&[Chord]> = chords.chunks(BLOCK).collect();
        let kept = each(blocks.len(), threads, |bench: &mut Bench, block| {
            let mut kept = Vec::new();
            for chord in blocks[block] {
                self.keep(*chord, &cells, bench, &mut kept);
            }
            kept
        });
        kept.concat()
    }

    /// The place that lies farthest from a chord, of those that are drawn one zoom deeper only.
    fn farthest(&self, chord: Chord) -> Option<usize> {
        let between: Vec<usize> = self.between(chord).collect();
        let places: Vec<Coord> = between
            .iter()
            .map(|&place| self.borders.places[place])
            .collect();
        let bounds = Bounds::around(places.iter().copied())?;
        let (at, _) = farthest(&places, 0, places.len() - 1, Scale::at(bounds))?;
        Some(between[at])
    }

    /// What a chord closes: the places that it stands for, of those drawn one zoom deeper, with both ends.
    fn ring(&self, chord: Chord, ring: &mut Vec<Coord>) {
        ring.clear();
        ring.extend(self.between(chord).map(|place| self.borders.places[place]));
    }

    /// The longer side of the box around its ends, lattice steps.
    fn length(&self, chord: Chord) -> u64 {
        let [from, to] = [chord.from, chord.to].map(|place| self.borders.places[place]);
        u64::from(from.lon.abs_diff(to.lon).max(from.lat.abs_diff(to.lat)))
    }

    /// Adds the places that must stay lest a chord goes to the other side of a vertex.
    fn keep(&self, chord: Chord, all: &Cells, bench: &mut Bench, kept: &mut Vec<usize>) {
        let mut from = chord.from;
        bench.open.push(chord.to);
        while let Some(&to) = bench.open.last() {
            let part = Chord { from, to };
            self.ring(part, &mut bench.ring);
            let is_free = bench.ring.len() < 3 || self.is_free(part, all, bench);
            let middle = if is_free { None } else { self.farthest(part) };
            if let Some(middle) = middle {
                kept.push(middle);
                bench.open.push(middle);
            } else {
                from = to;
                bench.open.pop();
            }
        }
    }

    /// Whether no other vertex lies between a chord and the vertices that it stands for, which the bench has as a ring.
    fn is_free(&self, chord: Chord, all: &Cells, bench: &mut Bench) -> bool {
        let Bench { ring, cells, .. } = bench;
        let Some(bounds) = Bounds::around(ring.iter().copied()) else {
            return true;
        };
        all.near(ring, cells);
        let own = chord.from..=chord.to;
        cells.iter().all(|&cell| {
            all.places(cell).iter().all(|&place| {
                let at = self.borders.places[place as usize];
                !bounds.holds(at)
                    || own.contains(&(place as usize))
                    || ring.first() == Some(&at)
                    || ring.last() == Some(&at)
                    || !holds(ring, at)
            })
        })
    }
}

/// Whether a place lies inside of a ring or on it, however it winds.
fn holds(ring: &[Coord], at: Coord) -> bool {
    let mut winding = 0;
    let ends = ring.iter().zip(ring.iter().cycle().skip(1));
    for (&a, &b) in ends {
        let side = turn(a, b, at);
        let bounds = Bounds::of(a).union(Bounds::of(b));
        if side == 0 && bounds.holds(at) {
            return true;
        }
        match (a.lat <= at.lat, b.lat <= at.lat) {
            (true, false) if side > 0 => winding += 1,
            (false, true) if side < 0 => winding -= 1,
            _ => {}
        }
    }
    winding != 0
}
