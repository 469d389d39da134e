//! The faces of many points: while some wait for memory, others go on.

use crate::model::Coord;

use super::overview::{Entry, Overview};
use super::seek::{Lanes, Said, Spot};
use super::slot::Link;
use super::{Face, FaceIndex};

/// Points that are looked over together.
const LOOKED_OVER: usize = 256;
/// Of those whose cells are asked, how many wait for memory at the same time.
const IN_FLIGHT: usize = 64;

impl FaceIndex {
    #[inline(always)]
    pub(super) fn find_all_with<L: Lanes>(&self, points: &[Coord], faces: &mut [Face], lanes: L) {
        let mut seen = Seen::NOTHING;
        let mut spots = [(0, Spot::NOWHERE); IN_FLIGHT];
        let mut waiting = [(0, Spot::NOWHERE, 0, Link::default()); IN_FLIGHT];
        for (points, faces) in points
            .chunks(LOOKED_OVER)
            .zip(faces.chunks_mut(LOOKED_OVER))
        {
            let kept = seen.look_over(&self.overview, points, faces);
            for numbers in seen.kept[..kept].chunks(IN_FLIGHT) {
                let mut count = 0;
                for number in numbers.iter().map(|&number| usize::from(number)) {
                    let at = points[number];
                    let entry = self.overview.below(seen.entries[number], at);
                    faces[number] = entry.face();
                    if !entry.is_face() {
                        let spot = self.spot(at, entry);
                        spot.fetch();
                        spots[count] = (number, spot);
                        count += 1;
                    }
                }
                let asked = &spots[..count];
                let mut count = 0;
                for &(number, spot) in asked {
                    faces[number] = match spot.ask(self, lanes) {
                        Said::Face(face) => face,
                        Said::Sum(sum, link) => {
                            spot.fetch_link(self, link);
                            waiting[count] = (number, spot, sum, link);
                            count += 1;
                            Face::ASK
                        }
                    };
                }
                for &(number, spot, sum, link) in &waiting[..count] {
                    faces[number] = spot.follow(self, sum, link, lanes);
                }
            }
        }
    }
}

/// What is seen of points that are looked over together.
struct Seen {
    /// Of their cells.
    entries: [Entry; LOOKED_OVER],
    /// The numbers of those that are told no face.
    kept: [u16; LOOKED_OVER],
}

impl Seen {
    const NOTHING: Self = Self {
        entries: [Entry::NOWHERE; LOOKED_OVER],
        kept: [0; LOOKED_OVER],
    };

    /// Writes the faces that entries tell; keeps the other points, and counts them.
    #[inline(always)]
    fn look_over(&mut self, overview: &Overview, points: &[Coord], faces: &mut [Face]) -> usize {
        let mut cells = [0; LOOKED_OVER];
        for (&at, cell) in points.iter().zip(&mut cells) {
            *cell = overview.cell(at);
        }
        let mut count = 0;
        let places = cells.iter().zip(&mut self.entries).zip(faces);
        for (number, ((&cell, entry), face)) in (0..).zip(places) {
            *entry = overview.of_cell(cell);
            *face = entry.face();
            // Whether it is one cannot be foretold: no branch.
            self.kept[count % LOOKED_OVER] = number;
            count += usize::from(!entry.is_face());
        }
        count
    }
}
