//! The faces of many points: while some wait for memory, others go on.

use crate::model::Coord;

use super::overview::Entry;
use super::plane::unsigned;
use super::seek::{Lanes, Said, Spot};
use super::slot::Link;
use super::{Face, FaceIndex};

/// Points that wait for memory at the same time.
const IN_FLIGHT: usize = 48;

impl FaceIndex {
    #[inline(always)]
    pub(super) fn find_all_with<L: Lanes>(&self, points: &[Coord], faces: &mut [Face], lanes: L) {
        let mut entries = [(0, Entry::NOWHERE); IN_FLIGHT];
        let mut spots = [(0, Spot::NOWHERE); IN_FLIGHT];
        let mut waiting = [(0, Spot::NOWHERE, 0, Link::default()); IN_FLIGHT];
        for (points, faces) in points.chunks(IN_FLIGHT).zip(faces.chunks_mut(IN_FLIGHT)) {
            let count = self.look_over_all(points, faces, &mut entries);
            let (entries, spots) = (&entries[..count], &mut spots[..count]);
            for (&(index, entry), asked) in entries.iter().zip(&mut *spots) {
                let spot = self.spot(points[index], entry);
                spot.fetch();
                *asked = (index, spot);
            }
            let mut count = 0;
            for &mut (index, spot) in spots {
                faces[index] = match spot.ask(self, lanes) {
                    Said::Face(face) => face,
                    Said::Sum(sum, link) => {
                        spot.fetch_link(self, link);
                        waiting[count] = (index, spot, sum, link);
                        count += 1;
                        Face::ASK
                    }
                };
            }
            for &(index, spot, sum, link) in &waiting[..count] {
                faces[index] = spot.follow(self, sum, link, lanes);
            }
        }
    }

    /// Writes the faces that entries tell; the others are kept, with the numbers of their points, and counted.
    #[inline(always)]
    fn look_over_all(
        &self,
        points: &[Coord],
        faces: &mut [Face],
        kept: &mut [(usize, Entry); IN_FLIGHT],
    ) -> usize {
        let overview = &*self.overview;
        let mut cells = [0; IN_FLIGHT];
        for (&at, cell) in points.iter().zip(&mut cells) {
            *cell = overview.cell(unsigned(at.lon), unsigned(at.lat));
        }
        let mut count = 0;
        for (index, (&at, face)) in points.iter().zip(&mut *faces).enumerate() {
            let entry = overview.entry(cells[index], unsigned(at.lon), unsigned(at.lat));
            *face = entry.face();
            // Whether it is one cannot be foretold: no branch.
            kept[count] = (index, entry);
            count += usize::from(!entry.is_face());
        }
        count
    }
}
