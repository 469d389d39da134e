//! Crooked borders between the corners of the leaves: the same vertices for all who share one.
//!
//! No border meets another save at a corner: a corner moves by at most [`CORNER`] of the side, so that two borders there keep
//! an angle of 55 degrees, and a border leaves its straight line by less than half of that near its ends and by [`BAND`] of its
//! length between them. Along its line it only runs forward.

use wangge::model::Coord;

use super::dice::Dice;

/// How far a corner may lie from its place, of the side.
const CORNER: f64 = 0.12;
/// How far a border may leave its straight line, of its length.
const BAND: f64 = 0.13;
/// The same near its ends, of the distance to the end.
const WEDGE: f64 = 0.4;
/// Fewest vertices of a border, one corner counted.
const FEWEST: u32 = 6;
/// Most vertices of a border; the mean of 10 gives a leaf 40 vertices.
const MOST: u32 = 14;

/// Purposes of throws.
const CORNERS: u32 = 1;
const BORDERS: u32 = 2;

/// Which way a border runs from its corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    East,
    North,
}

/// Where the corners of the leaves are: the lattice of leaves without its extent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Corners {
    pub south_west: Coord,
    /// Lattice steps of a leaf's side.
    pub side: u32,
}

/// A number of lattice steps that is known to be small.
#[expect(
    clippy::cast_possible_truncation,
    reason = "within the Earth's lattice"
)]
pub(super) fn steps(value: f64) -> i32 {
    value.round() as i32
}

impl Corners {
    pub(super) fn corner(self, column: u32, row: u32) -> Coord {
        let mut dice = Dice::of_place(CORNERS, column, row);
        let side = f64::from(self.side);
        let mut place = |start: i32, index: u32| {
            start + steps((f64::from(index) + CORNER * dice.signed()) * side)
        };
        Coord {
            lon: place(self.south_west.lon, column),
            lat: place(self.south_west.lat, row),
        }
    }

    /// Appends the border from a corner to the next one without its last vertex; backwards where `reversed`, then without
    /// its first.
    pub(super) fn border(
        self,
        (column, row): (u32, u32),
        way: Way,
        reversed: bool,
        ring: &mut Vec<Coord>,
    ) {
        let start = self.corner(column, row);
        let end = match way {
            Way::East => self.corner(column + 1, row),
            Way::North => self.corner(column, row + 1),
        };
        let mut dice = Dice::of_place(BORDERS + u32::from(way == Way::North), column, row);
        let count = FEWEST + dice.below(MOST - FEWEST + 1);
        let mut offsets = [0.0; MOST as usize + 1];
        displace(&mut offsets[..=count as usize], 0.12, &mut dice);
        let (east, north) = (
            f64::from(end.lon - start.lon),
            f64::from(end.lat - start.lat),
        );
        let vertex = |index: u32| {
            let along = f64::from(index) / f64::from(count);
            let limit = BAND.min(WEDGE * along.min(1.0 - along));
            let aside = offsets[index as usize].clamp(-limit, limit);
            Coord {
                lon: start.lon + steps(along * east - aside * north),
                lat: start.lat + steps(along * north + aside * east),
            }
        };
        if reversed {
            ring.extend((1..=count).rev().map(vertex));
        } else {
            ring.extend((0..count).map(vertex));
        }
    }
}

/// Fractal midpoint displacement between the two ends; `reach` is how far the middle may move.
fn displace(offsets: &mut [f64], reach: f64, dice: &mut Dice) {
    let last = offsets.len() - 1;
    if last < 2 {
        return;
    }
    let middle = last / 2;
    offsets[middle] = f64::midpoint(offsets[0], offsets[last]) + reach * dice.signed();
    displace(&mut offsets[..=middle], reach * 0.6, dice);
    displace(&mut offsets[middle..], reach * 0.6, dice);
}
