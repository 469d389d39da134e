//! How the ground is cut into squares of about equally many vertices, a tile for each.

use crate::model::{Bounds, Coord, Run, parted};

use super::Grids;
use super::plane::unsigned;
use super::tile::Square;

/// Most vertices of the grids of a tile; it has about half as many edges, since neighbours share theirs.
const VERTICES_PER_TILE: usize = 8192;
/// A tile has more where there would be more than about so many tiles: what a lookup reads of all of them stays in the second
/// cache.
const TILES: usize = 1 << 13;
/// No tile is smaller, as a logarithm of lattice steps: what is denser than that on 3 m is one place.
pub(super) const SMALLEST: u8 = 8;
/// Vertices that are counted as one place.
const TOGETHER: usize = 64;

/// The squares of the tiles.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub squares: Vec<Square>,
    /// The box around all grids; `None` without any.
    pub bounds: Option<Bounds>,
    /// How many vertices all grids have, and where they are.
    pub vertices: usize,
    pub spots: Vec<Spot>,
}

impl Plan {
    /// Cuts the ground of these grids.
    pub(super) fn new(grids: &Grids<'_>) -> Self {
        let (mut spots, Some(bounds)) = spots(grids) else {
            return Self::default();
        };
        // No larger than the ground, so that a few grids do not lie in one corner of a tile.
        let wide = unsigned(bounds.max.lon) - unsigned(bounds.min.lon);
        let high = unsigned(bounds.max.lat) - unsigned(bounds.min.lat);
        let largest = wide.max(high).checked_ilog2().map_or(0, |log| log + 1);
        let limits = Limits {
            bounds,
            largest: u8::try_from(largest).unwrap_or(31).clamp(SMALLEST, 31),
            vertices: VERTICES_PER_TILE.max(count(&spots) / TILES),
        };
        let whole = Square {
            x: 0,
            y: 0,
            log: 32,
        };
        let mut squares = Vec::new();
        limits.split(&mut spots, whole, &mut squares);
        Self {
            squares,
            bounds: Some(bounds),
            vertices: count(&spots),
            spots,
        }
    }
}

/// How many vertices are about these spots.
fn count(spots: &[Spot]) -> usize {
    spots.iter().map(|spot| spot.vertices as usize).sum()
}

/// So many vertices about one place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    pub x: u32,
    pub y: u32,
    vertices: u32,
}

/// Where the vertices of all grids are, and the box around them.
fn spots(grids: &Grids<'_>) -> (Vec<Spot>, Option<Bounds>) {
    let mut spots = Vec::with_capacity(grids.count);
    let mut around: Option<Bounds> = None;
    for (grid, bounds) in grids.tree.entries() {
        let Some(geometry) = (grids.geometry)(grid) else {
            continue;
        };
        around = Some(around.map_or(bounds, |around| around.union(bounds)));
        let vertices = geometry.vertex_count();
        // Parts may be far from each other.
        let is_one = geometry.runs().nth(1).is_none();
        if is_one && vertices <= TOGETHER {
            let middle = Coord {
                lon: bounds.min.lon.midpoint(bounds.max.lon),
                lat: bounds.min.lat.midpoint(bounds.max.lat),
            };
            spots.push(Spot::new(middle, vertices));
        } else {
            geometry.runs().for_each(|run| spots.extend(along(run)));
        }
    }
    (spots, around)
}

/// The spots along a run.
fn along(run: Run<'_>) -> impl Iterator<Item = Spot> {
    let vertices = run.len();
    let (mut run, mut passed) = (run, 0);
    (0..vertices).step_by(TOGETHER).filter_map(move |start| {
        let count = TOGETHER.min(vertices - start);
        // The middle one of those that are counted together.
        let middle = start + count / 2;
        let at = run.nth(middle - passed)?;
        passed = middle + 1;
        Some(Spot::new(at, count))
    })
}

impl Spot {
    fn new(at: Coord, vertices: usize) -> Self {
        Self {
            x: unsigned(at.lon),
            y: unsigned(at.lat),
            vertices: u32::try_from(vertices).unwrap_or(u32::MAX),
        }
    }
}

/// What squares must keep to.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// Squares beside it are left out.
    bounds: Bounds,
    /// The largest square, as a logarithm.
    largest: u8,
    /// Most vertices of a square.
    vertices: usize,
}

impl Limits {
    /// Splits a square into quarters until each has few vertices.
    fn split(self, spots: &mut [Spot], square: Square, squares: &mut Vec<Square>) {
        if !square.bounds().meets(self.bounds) {
            return;
        }
        let is_small = square.log <= self.largest && count(spots) <= self.vertices;
        if is_small || square.log <= SMALLEST {
            squares.push(square);
            return;
        }
        let log = square.log - 1;
        let (south, north) = parted(spots, |spot| spot.y >> log & 1 == 1);
        for (half, y) in [(south, 0), (north, 1)] {
            let (west, east) = parted(half, |spot| spot.x >> log & 1 == 1);
            for (quarter, x) in [(west, 0), (east, 1)] {
                let (x, y) = (square.x | x << log, square.y | y << log);
                self.split(quarter, Square { x, y, log }, squares);
            }
        }
    }
}
