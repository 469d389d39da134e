//! Which grid of a coverage holds a point: exactly, by sums of signed edges, at the cost of two or three lines of memory.
//!
//! Every ring is oriented with its interior on the left. A directed edge of grid `i` steps the face value by `ONE + i` from its
//! right to its left; where two grids share a border, their two edges merge into one. The face value at a point is the sum of the
//! steps on any way to it from where the value is known: each cell of the index keeps one such value and the edges that touch
//! it. The count in the upper bits tells how many grids cover the point; where it is one, the lower bits are its number. What is
//! covered twice, and what lies exactly on an edge, is not answered here: [`Face::ASK`] sends to the exact test of each grid.
//!
//! The ground is cut into tiles that know nothing of each other ([`tile`]), found by a small root ([`root`]): they are built in
//! parallel, and a grid that is redrawn makes only the tiles anew that it touches or touched; all others are shared. A lookup sees
//! the root through its [`overview`], which knows the face where no edge comes near.
//!
//! A crooked polygon, whose rings wind around some point otherwise than once or not at all, is walked as all others are: what it
//! winds around twice is asked as any other overlap. What it winds around backward would bring wrong numbers into the sums: there
//! boxes are covered so often that they are asked ([`gather`]), all of its own box where it is too crooked.

#![expect(
    clippy::inline_always,
    reason = "the steps of a lookup are inlined into loops that are compiled for what the machine has"
)]

mod beside;
mod cell;
mod chains;
mod change;
mod crooked;
#[cfg(target_arch = "x86_64")]
mod door;
mod gather;
#[cfg(target_arch = "x86_64")]
mod lanes;
mod legs;
mod many;
mod overview;
mod part;
mod plan;
mod plane;
mod root;
mod seek;
#[cfg(target_arch = "x86_64")]
mod sixteen;
mod slab;
mod slot;
mod tile;
mod writer;

use std::sync::Arc;

use crate::model::{Backward, Coord, Geometry, each};

use super::BoundsTree;
pub use beside::{Doubt, Holders};
use crooked::Crooked;
#[cfg(target_arch = "x86_64")]
use lanes::Eight;
use overview::Overview;
use plan::Plan;
use root::{Frame, Root};
use seek::{Lanes, One, Said};
#[cfg(target_arch = "x86_64")]
use sixteen::Sixteen;
use slab::{Place, Slab};
use tile::{Bench, Built, Cut, Square};

/// One grid more, in a face value; below it is the sum of the numbers of the grids.
const ONE: u32 = 1 << 26;

/// Most grids of a coverage.
pub const MOST_GRIDS: usize = ONE as usize;

/// What the index says of a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub struct Face(u32);

impl Face {
    /// No grid holds the point, nor its border.
    pub const NONE: Self = Self(u32::MAX);
    /// On a border or in several grids, or too crowded to tell: ask each grid near the point.
    pub const ASK: Self = Self(u32::MAX - 1);

    fn of(value: u32) -> Self {
        let other = if value == 0 { Self::NONE } else { Self::ASK };
        Self::of_one(value).unwrap_or(other)
    }

    /// That of one grid.
    #[inline(always)]
    fn of_one(value: u32) -> Option<Self> {
        let grid = value.wrapping_sub(ONE);
        (grid < ONE).then_some(Self(grid))
    }

    /// Inside of one grid.
    ///
    /// # Panics
    /// With a number that no coverage has.
    #[must_use]
    pub fn of_grid(grid: u32) -> Self {
        assert!(grid < ONE, "a coverage has fewer grids than {grid}");
        Self(grid)
    }

    /// The number of the one grid that the point lies inside of.
    #[must_use]
    pub fn grid(self) -> Option<u32> {
        (self.0 < ONE).then_some(self.0)
    }
}

/// Tells what follows from the face at a point. A trait, since no closure can be made to be compiled together with what calls it.
pub trait Then {
    type Told;
    /// What is written beside that.
    type Row: ?Sized;

    /// To be inlined always.
    fn tell(&self, at: Coord, face: Face, row: &mut Self::Row) -> Self::Told;
}

/// The face.
struct Itself;

impl Then for Itself {
    type Told = Face;
    type Row = ();

    #[inline(always)]
    fn tell(&self, _: Coord, face: Face, (): &mut ()) -> Face {
        face
    }
}

/// The grids of one coverage, numbered as in their layer.
pub struct Grids<'a> {
    tree: &'a BoundsTree,
    geometry: &'a (dyn Fn(usize) -> Option<&'a Geometry> + Sync),
    count: usize,
    crooked: Crooked,
}

impl<'a> Grids<'a> {
    /// So many grids: the tree of their bounds, and the geometry of each; `None` for one that is not of the coverage.
    #[must_use]
    pub fn new(
        tree: &'a BoundsTree,
        geometry: &'a (dyn Fn(usize) -> Option<&'a Geometry> + Sync),
        count: usize,
    ) -> Self {
        Self {
            tree,
            geometry,
            count,
            crooked: Crooked::default(),
        }
    }

    /// Where a crooked grid winds backward: looked for once, by the first who asks.
    fn backward(&self, grid: usize, geometry: &Geometry) -> Option<Arc<[Backward]>> {
        self.crooked.backward(grid, geometry)
    }
}

/// Where a tile's lines are, and how its ground is cut. Small, so that those of a nation stay in the second cache.
#[derive(Clone, Copy, Debug)]
struct Tile {
    place: Place,
    cut: Cut,
    /// Logarithm of its side.
    log: u8,
}

/// Stands for the slab of a tile that has none: its ground has one face.
const NO_SLAB: u32 = u32::MAX;

impl Tile {
    /// One whose lines are not placed yet.
    fn of(square: Square, built: &Built) -> Self {
        let whole = Cut {
            columns: 1,
            rows: 1,
        };
        Self {
            place: Place {
                slab: NO_SLAB,
                start: 0,
            },
            cut: match *built {
                Built::Even(_) => whole,
                Built::Cut { cut, .. } => cut,
            },
            log: square.log,
        }
    }
}

/// Answers which grid of a coverage holds a point.
#[derive(Clone, Debug)]
pub struct FaceIndex {
    root: Arc<Root>,
    overview: Arc<Overview>,
    squares: Arc<[Square]>,
    /// Of these squares.
    tiles: Vec<Tile>,
    /// How many lines each has.
    lengths: Vec<u32>,
    slabs: Vec<Slab>,
    /// How many edges the machine compares at once.
    #[cfg(target_arch = "x86_64")]
    width: (Option<Sixteen>, Option<Eight>),
}

impl FaceIndex {
    /// Indexes a coverage with so many threads; `None` with more than [`MOST_GRIDS`] grids.
    #[must_use]
    pub fn build(grids: &Grids<'_>, threads: usize) -> Option<Self> {
        if grids.count > MOST_GRIDS {
            return None;
        }
        let (root, squares) = {
            let plan = Plan::new(grids);
            (Root::new(&plan), plan.squares)
        };
        let mut index = Self {
            overview: Arc::new(Overview::new(&root)),
            root: Arc::new(root),
            tiles: Vec::new(),
            lengths: vec![0; squares.len()],
            squares: squares.into(),
            slabs: Vec::new(),
            #[cfg(target_arch = "x86_64")]
            width: (Sixteen::here(), Eight::here()),
        };
        let even = Built::Even(Face::NONE);
        index.tiles = index
            .squares
            .iter()
            .map(|&square| Tile::of(square, &even))
            .collect();
        let built = build_tiles(grids, &index.squares, index.root.frame, threads);
        let all: Vec<usize> = (0..built.len()).collect();
        index.replace(&all, &built, threads);
        Some(index)
    }

    /// Bytes of memory.
    #[must_use]
    pub fn size(&self) -> usize {
        let slabs = self.slabs.iter().map(Slab::size);
        let tiles = size_of::<(Tile, u32, Square)>() * self.tiles.len();
        self.root.size() + self.overview.size() + tiles + slabs.sum::<usize>()
    }

    /// Bytes of it that may be mapped, which no count of the heap sees.
    #[must_use]
    pub fn mapped_size(&self) -> usize {
        let mapped = self.slabs.iter().filter(|slab| slab.is_mapped());
        mapped.map(Slab::size).sum()
    }

    /// The face at a point.
    #[must_use]
    pub fn find(&self, at: Coord) -> Face {
        self.find_then(at, &Itself, &mut ())
    }

    /// What follows from the face at a point. It is compiled together with the search, for what the machine has.
    #[inline(always)]
    pub fn find_then<T: Then>(&self, at: Coord, then: &T, row: &mut T::Row) -> T::Told {
        #[cfg(target_arch = "x86_64")]
        match self.width {
            (Some(sixteen), _) => return sixteen.find_then(self, at, then, row),
            (_, Some(eight)) => return eight.find_then(self, at, then, row),
            _ => {}
        }
        self.find_portably_then(at, then, row)
    }

    /// Beside the ways of most machines, not in the middle of them.
    #[cfg_attr(target_arch = "x86_64", inline(never))]
    fn find_portably_then<T: Then>(&self, at: Coord, then: &T, row: &mut T::Row) -> T::Told {
        then.tell(at, self.find_with(at, One), row)
    }

    /// The face at a point, where what is looked up first tells it; else [`Self::find_with`] does, from the beginning: what most
    /// points go through keeps nothing for later.
    #[inline(always)]
    fn find_at_once<L: Lanes>(&self, at: Coord, lanes: L) -> Option<Face> {
        let entry = self.overview.entry(at);
        if entry.is_tile() {
            return self.spot(at, entry).ask_at_once(lanes);
        }
        Some(entry.face())
    }

    #[inline(always)]
    fn find_with<L: Lanes>(&self, at: Coord, lanes: L) -> Face {
        let entry = self.overview.entry(at);
        if entry.is_face() {
            return entry.face();
        }
        let spot = self.spot(at, entry);
        match spot.ask(self, lanes) {
            Said::Face(face) => face,
            Said::Sum(sum, link) => spot.follow(self, sum, link, lanes),
        }
    }

    /// The face at each point, many at a time: while one waits for memory, others go on.
    ///
    /// # Panics
    /// Where there are not as many faces as points.
    pub fn find_all(&self, points: &[Coord], faces: &mut [Face]) {
        assert_eq!(points.len(), faces.len(), "a face for each point");
        #[cfg(target_arch = "x86_64")]
        match self.width {
            (Some(sixteen), _) => return sixteen.find_all(self, points, faces),
            (_, Some(eight)) => return eight.find_all(self, points, faces),
            _ => {}
        }
        self.find_all_with(points, faces, One);
    }

    /// As [`Self::find_all`], without what only some machines have: the same answers, slower.
    ///
    /// # Panics
    /// Where there are not as many faces as points.
    pub fn find_all_portably(&self, points: &[Coord], faces: &mut [Face]) {
        assert_eq!(points.len(), faces.len(), "a face for each point");
        self.find_all_with(points, faces, One);
    }
}

/// Builds the tiles of these squares, in their order.
fn build_tiles(grids: &Grids<'_>, squares: &[Square], frame: Frame, threads: usize) -> Vec<Built> {
    each(squares.len(), threads, |bench: &mut Bench, at| {
        tile::build(grids, squares[at], frame, bench)
    })
}
