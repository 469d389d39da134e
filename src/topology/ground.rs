//! The ground in squares with about equally many vertices each.

use crate::model::{Coord, parted};

use super::Boxed;

/// No square is smaller, as a logarithm of lattice steps.
const SMALLEST: u8 = 8;
/// Of so many geometries about so many are looked at.
const SAMPLE: usize = 1 << 16;
/// Vertices that are counted as one place.
const TOGETHER: usize = 64;

/// In an entry: four more follow, for the quarters.
const QUARTERED: u32 = 1 << 31;

/// A square of ground whose sides are 2^`log` lattice steps, in unsigned lattice numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Square {
    x: u32,
    y: u32,
    log: u8,
    /// Its number among the squares.
    pub number: u32,
}

fn unsigned(at: Coord) -> (u32, u32) {
    let shifted = |number: i32| number.cast_unsigned() ^ 1 << 31;
    (shifted(at.lon), shifted(at.lat))
}

impl Square {
    #[inline]
    pub(super) fn holds(&self, at: Coord) -> bool {
        let (x, y) = unsigned(at);
        ((x ^ self.x) | (y ^ self.y)).unbounded_shr(self.log.into()) == 0
    }
}

/// All squares. Each place on the lattice is in one of them.
#[derive(Debug)]
pub(super) struct Squares {
    /// By fours: the numbers of squares, or where the next four are.
    entries: Vec<u32>,
    pub count: u32,
}

/// So many vertices about one place.
type Spot = (u32, u32, usize);

impl Squares {
    /// Squares of so many vertices at most, where their sides have 256 steps at least.
    pub(super) fn over(geometries: &[Boxed<'_>], most: usize) -> Self {
        let stride = geometries.len() / SAMPLE + 1;
        let mut spots: Vec<Spot> = Vec::new();
        for run in geometries
            .iter()
            .step_by(stride)
            .flat_map(|(geometry, _)| geometry.runs())
        {
            let vertices = run.len();
            let starts = (0..vertices).step_by(TOGETHER);
            spots.extend(starts.zip(run.step_by(TOGETHER)).map(|(start, at)| {
                let (x, y) = unsigned(at);
                (x, y, TOGETHER.min(vertices - start) * stride)
            }));
        }
        let mut squares = Self {
            entries: vec![0],
            count: 0,
        };
        squares.split(0, 32, most, &mut spots);
        squares
    }

    /// Makes an entry one square, or four entries where it has many vertices.
    fn split(&mut self, entry: usize, log: u8, most: usize, spots: &mut [Spot]) {
        let vertices: usize = spots.iter().map(|spot| spot.2).sum();
        if vertices <= most || log <= SMALLEST {
            self.entries[entry] = self.count;
            self.count += 1;
            return;
        }
        let first = self.entries.len();
        self.entries[entry] = QUARTERED | u32::try_from(first).expect("fewer than 2^31 entries");
        self.entries.extend([0; 4]);
        let log = log - 1;
        let (south, north) = parted(spots, |spot| spot.1 >> log & 1 == 1);
        for (half, quarter) in [(south, first), (north, first + 2)] {
            let (west, east) = parted(half, |spot| spot.0 >> log & 1 == 1);
            self.split(quarter, log, most, west);
            self.split(quarter + 1, log, most, east);
        }
    }

    /// The square in which a place lies.
    pub(super) fn find(&self, at: Coord) -> Square {
        let (x, y) = unsigned(at);
        let (mut entry, mut log) = (self.entries[0], 32);
        while entry & QUARTERED != 0 {
            log -= 1;
            let quarter = (y >> log & 1) << 1 | x >> log & 1;
            entry = self.entries[((entry & !QUARTERED) + quarter) as usize];
        }
        Square {
            x,
            y,
            log,
            number: entry,
        }
    }
}
