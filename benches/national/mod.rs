//! A made-up coverage of a nation's size: nested levels of polygons that share crooked borders vertex by vertex, the same on
//! every machine.
//!
//! The ground is a lattice of leaves (micro-grids). Eight leaves, 4 × 2, are a grid, eight grids, 2 × 4, a community, and so
//! on by turns; where the lattice does not come out even, the last ones in a row or column are smaller. A parent traces
//! exactly the vertices of its children.
//!
//! Include it by `#[path = "national/mod.rs"] mod national;`.

mod border;
pub(crate) mod dice;
pub(crate) mod past;
pub(crate) mod points;
mod stored;

use wangge::model::{Bounds, Coord, Geometry};

use border::{Corners, Way, steps};
pub(crate) use dice::Dice;

/// The levels, top first.
pub(crate) const LEVELS: [&str; 5] = ["county", "street", "community", "grid", "micro_grid"];
/// The level of the leaves.
pub(crate) const LEAF: usize = LEVELS.len() - 1;
/// Columns and rows of leaves in one polygon of each level.
const BLOCKS: [(u32, u32); 5] = [(64, 64), (16, 32), (8, 8), (4, 2), (1, 1)];
/// Lattice steps of a leaf's side: 500 m of latitude.
const SIDE: u32 = 45_000;
/// West of the Sichuan basin.
const SOUTH_WEST: Coord = Coord {
    lon: 1_000_000_000,
    lat: 260_000_000,
};

/// A polygon of a level by its column and row among those of its level.
type Cell = (u32, u32);

/// The coverage: how many leaves, and where.
#[derive(Clone, Copy, Debug)]
pub(crate) struct National {
    columns: u32,
    rows: u32,
    corners: Corners,
}

impl National {
    /// 1,011,096 polygons: 884,736 leaves, 110,592 grids, 13,824 communities, 1,728 streets, 216 counties.
    pub(crate) fn whole() -> Self {
        Self::of_lattice(1152, 768)
    }

    /// About so many leaves of the same size.
    pub(crate) fn of_leaves(count: u32) -> Self {
        let rows = steps((f64::from(count) / 1.6).sqrt()).unsigned_abs().max(1);
        Self::of_lattice((count / rows).max(1), rows)
    }

    pub(crate) fn of_lattice(columns: u32, rows: u32) -> Self {
        let corners = Corners {
            south_west: SOUTH_WEST,
            side: SIDE,
        };
        Self {
            columns,
            rows,
            corners,
        }
    }

    /// Columns and rows of polygons on a level.
    fn extent(self, level: usize) -> (u32, u32) {
        let (width, height) = BLOCKS[level];
        (self.columns.div_ceil(width), self.rows.div_ceil(height))
    }

    /// How many polygons a level has.
    pub(crate) fn count(self, level: usize) -> usize {
        let (columns, rows) = self.extent(level);
        columns as usize * rows as usize
    }

    /// How many polygons all levels have.
    pub(crate) fn count_of_all(self) -> usize {
        (0..LEVELS.len()).map(|level| self.count(level)).sum()
    }

    /// The box of the lattice; the outermost borders swing a little across it.
    pub(crate) fn bounds(self) -> Bounds {
        let Corners { south_west, side } = self.corners;
        let end = |start: i32, count: u32| start.saturating_add_unsigned(count * side);
        Bounds {
            min: south_west,
            max: Coord {
                lon: end(south_west.lon, self.columns),
                lat: end(south_west.lat, self.rows),
            },
        }
    }

    /// The polygons of a level in the order of their codes: parent by parent.
    fn cells(self, level: usize) -> Vec<Cell> {
        let (columns, rows) = self.extent(level);
        if level == 0 {
            let row = |row| (0..columns).map(move |column| (column, row));
            return (0..rows).flat_map(row).collect();
        }
        let (width, height) = children(level);
        let mut cells = Vec::with_capacity(self.count(level));
        for (column, row) in self.cells(level - 1) {
            for row in row * height..rows.min((row + 1) * height) {
                let from = column * width;
                cells.extend((from..columns.min(from + width)).map(|column| (column, row)));
            }
        }
        cells
    }

    /// The shapes of a level, in the order of the codes.
    pub(crate) fn geometries(self, level: usize) -> impl ExactSizeIterator<Item = Geometry> {
        let cells = self.cells(level).into_iter();
        cells.map(move |cell| self.geometry(level, cell))
    }

    fn geometry(self, level: usize, cell: Cell) -> Geometry {
        Geometry::polygons([vec![self.ring(level, cell)]]).expect("a ring with area")
    }

    fn ring(self, level: usize, (column, row): Cell) -> Vec<Coord> {
        let (width, height) = BLOCKS[level];
        let (west, south) = (column * width, row * height);
        let (east, north) = (
            self.columns.min(west + width),
            self.rows.min(south + height),
        );
        let mut ring = Vec::with_capacity(12 * 2 * (east - west + north - south) as usize);
        let mut border = |at, way, reversed| self.corners.border(at, way, reversed, &mut ring);
        (west..east).for_each(|column| border((column, south), Way::East, false));
        (south..north).for_each(|row| border((east, row), Way::North, false));
        (west..east)
            .rev()
            .for_each(|column| border((column, north), Way::East, true));
        (south..north)
            .rev()
            .for_each(|row| border((west, row), Way::North, true));
        ring
    }
}

/// Columns and rows of polygons of a level within one of the level above.
fn children(level: usize) -> (u32, u32) {
    let ((width, height), above) = (BLOCKS[level], BLOCKS[level - 1]);
    (above.0 / width, above.1 / height)
}
