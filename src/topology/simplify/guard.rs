//! Chords that would cross another border, or lie on one, are taken back.
//!
//! Zoom by zoom, from the deepest: what is drawn one zoom deeper does not cross. A chord in place of some vertices is kept where
//! no vertex of another border lies between it and them, on it neither: then no edge can come across, as it would have to end
//! there or cross what did not cross. All chords can be looked at by themselves, since for each of two that crossed there would be
//! such a vertex. Else the vertex farthest from the chord stays.

mod cells;

use std::collections::HashMap;

use crate::model::{Bounds, Coord, FirstZooms, each, turn};

use super::Borders;
use super::path::Path;
use super::peel::farthest;
use super::scale::Scale;
use cells::{Cells, Marked};

/// Chords that a thread looks at at once.
const BLOCK: usize = 256;

/// A chord: the first and the last of the places that it stands for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chord {
    from: usize,
    to: usize,
}

/// Lowers zooms until no border crosses another at any zoom, or lies on it.
pub(super) fn keep_apart(borders: &mut Borders, threads: usize) {
    for zoom in (0..FirstZooms::DEEP).rev() {
        let drawn = Drawn { borders, zoom };
        let doubled = drawn.doubled();
        doubled
            .into_iter()
            .for_each(|place| borders.zooms[place] = zoom);
        let drawn = Drawn { borders, zoom };
        let chords = drawn.chords();
        if chords.is_empty() {
            continue;
        }
        let marked = Marked::of(&drawn, &chords, zoom);
        let cells = Cells::of(&drawn, &marked);
        let blocks: Vec<&[Chord]> = chords.chunks(BLOCK).collect();
        let kept = each(blocks.len(), threads, |bench: &mut Vec<usize>, block| {
            let chords = blocks[block].iter();
            chords
                .flat_map(|chord| drawn.kept(*chord, &cells, &marked, bench))
                .collect::<Vec<usize>>()
        });
        for place in kept.into_iter().flatten() {
            borders.zooms[place] = zoom;
        }
    }
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

    /// All chords that stand for more than one edge of what is drawn one zoom deeper.
    fn chords(&self) -> Vec<Chord> {
        let mut chords = Vec::new();
        for path in self.paths() {
            let (mut from, mut is_shorter) = (path.places().start, false);
            for place in path.places().skip(1) {
                let first = self.borders.zooms[place];
                if first <= self.zoom {
                    if is_shorter {
                        chords.push(Chord { from, to: place });
                    }
                    (from, is_shorter) = (place, false);
                } else {
                    is_shorter |= first == self.zoom + 1;
                }
            }
        }
        chords
    }

    /// Places that must stay since else two paths, or the two halves of one that goes around, would be the same chord.
    fn doubled(&self) -> Vec<usize> {
        let mut known: HashMap<(Coord, Coord), Chord> = HashMap::new();
        let mut stay = Vec::new();
        for path in self.paths() {
            let places = path.places();
            let is_drawn = |&place: &usize| self.borders.zooms[place] <= self.zoom;
            let ends: Vec<usize> = places.clone().filter(is_drawn).take(4).collect();
            let around = self.borders.places[places.start] == self.borders.places[places.end - 1];
            let chords = match (around, &*ends) {
                (false, [_, _]) | (true, [_, _] | [_, _, _]) => ends.array_windows(),
                _ => continue,
            };
            for &[from, to] in chords {
                let chord = Chord { from, to };
                let (a, b) = (self.borders.places[from], self.borders.places[to]);
                let Some(other) = known.insert((a.min(b), a.max(b)), chord) else {
                    continue;
                };
                stay.extend(self.farthest(chord).or_else(|| self.farthest(other)));
            }
        }
        stay
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

    /// The places that must stay lest a chord goes to the other side of a vertex.
    fn kept(
        &self,
        chord: Chord,
        cells: &Cells,
        marked: &Marked,
        open: &mut Vec<usize>,
    ) -> Vec<usize> {
        let mut kept = Vec::new();
        let (mut from, mut ring) = (chord.from, Vec::new());
        open.clear();
        open.push(chord.to);
        while let Some(&to) = open.last() {
            let part = Chord { from, to };
            ring.clear();
            ring.extend(self.between(part).map(|place| self.borders.places[place]));
            let is_free = ring.len() < 3 || self.is_free(part, &ring, cells, marked);
            match self.farthest(part).filter(|_| !is_free) {
                Some(middle) => {
                    kept.push(middle);
                    open.push(middle);
                }
                None => {
                    from = to;
                    open.pop();
                }
            }
        }
        kept
    }

    /// Whether no other vertex lies between a chord and the vertices that it stands for; `ring`: these, with both ends.
    fn is_free(&self, chord: Chord, ring: &[Coord], cells: &Cells, marked: &Marked) -> bool {
        let Some(bounds) = Bounds::around(ring.iter().copied()) else {
            return true;
        };
        let mut near = marked.cells(ring, bounds);
        near.all(|cell| {
            cells.places(cell).iter().all(|&(_, place)| {
                let at = self.borders.places[place as usize];
                (chord.from..=chord.to).contains(&(place as usize))
                    || !bounds.holds(at)
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
