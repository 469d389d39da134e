//! Random ground: a mesh of cells that share their borders, and stars with holes and islands that lie across it.
//!
//! Shapes are drawn in whole units and carried to the lattice by a [`Scale`] of many steps a unit, so that edges pass through
//! lattice points that are no vertices.

use proptest::prelude::*;
use proptest::sample::Index;
use wangge::model::{Coord, Feature, FeatureId, Geometry, Time, Validity};

/// A vertex in units.
type Spot = (i32, i32);
/// A polygon in units: its rings, the outer one first.
pub(crate) type Rings = Vec<Vec<Spot>>;

/// Width and height of the ground, units.
const WIDTH: i32 = 60;
/// Cells of the mesh in a row and in a column.
const CELLS: usize = 4;
/// Units between two nodes of the mesh.
const SPACING: i32 = 8;
/// When grids begin, end or are redrawn.
pub(crate) const TURN: i64 = 1000;

/// Where the ground lies on the Earth, and how large a unit is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scale {
    origin: Coord,
    /// Lattice steps in a unit, a multiple of 12.
    unit: i32,
}

const fn at_scale(lon: i32, lat: i32, unit: i32) -> Scale {
    Scale {
        origin: Coord { lon, lat },
        unit,
    }
}

/// A hamlet of a few metres.
pub(crate) fn hamlet() -> Scale {
    at_scale(1_047_092_000, 284_386_000, 12)
}

/// A village of some 800 m.
pub(crate) fn village() -> Scale {
    at_scale(1_047_092_005, 284_386_007, 1_200)
}

/// A province of some 2,000 km.
pub(crate) fn province() -> Scale {
    at_scale(-1_047_092_005, 84_386_007, 3_600_000)
}

/// A city of some 50 km.
pub(crate) fn city() -> Scale {
    at_scale(1_047_092_001, -284_386_003, 119_676)
}

/// From a hamlet to half of the Earth.
pub(crate) fn scale() -> impl Strategy<Value = Scale> {
    let half = at_scale(-1_700_000_000, -890_000_000, 27_600_000);
    prop::sample::select(vec![hamlet(), city(), half])
}

impl Scale {
    /// Lattice steps in a unit.
    pub(crate) fn unit(self) -> i32 {
        self.unit
    }

    fn coord(self, (x, y): Spot) -> Coord {
        Coord {
            lon: self.origin.lon + x * self.unit,
            lat: self.origin.lat + y * self.unit,
        }
    }

    fn ring(self, ring: &[Spot]) -> Vec<Coord> {
        ring.iter().map(|&spot| self.coord(spot)).collect()
    }

    /// A triangle of one unit.
    pub(crate) fn triangle(self, (x, y): Spot) -> Geometry {
        self.geometry(&[vec![vec![(x, y), (x + 1, y), (x, y + 1)]]])
    }

    pub(crate) fn geometry(self, polygons: &[Rings]) -> Geometry {
        let polygon = |rings: &Rings| rings.iter().map(|ring| self.ring(ring)).collect();
        Geometry::polygons(polygons.iter().map(polygon)).unwrap()
    }
}

/// The quarter of the plane, counter-clockwise from the east, that a direction lies in; each owns its first axis.
fn quarter((x, y): Spot) -> u8 {
    match (x.signum(), y.signum()) {
        (1, 0 | 1) => 0,
        (_, 1) => 1,
        (-1, _) => 2,
        _ => 3,
    }
}

/// A ring around its centre with a vertex on each axis; `reach` bounds |x| + |y| of its vertices. Within a quarter |x| + |y| is
/// linear, so edges keep these bounds too: rings whose bounds do not meet do not meet.
fn star(reach: std::ops::RangeInclusive<i32>) -> impl Strategy<Value = Vec<Spot>> {
    let along = (reach.clone(), -10..=10_i32).prop_map(|(far, aside)| {
        let x = aside.clamp(-far, far);
        (x, far - x.abs())
    });
    let spot = (along, any::<bool>()).prop_map(|((x, y), south)| (x, if south { -y } else { y }));
    let axes = prop::collection::vec(reach, 4);
    (axes, prop::collection::vec(spot, 0..8)).prop_map(|(axes, mut spots)| {
        spots.retain(|&(x, y)| x != 0 && y != 0);
        spots.extend([(axes[0], 0), (0, axes[1]), (-axes[2], 0), (0, -axes[3])]);
        let turn = |a: Spot, b: Spot| a.0 * b.1 - a.1 * b.0;
        spots.sort_by(|&a, &b| quarter(a).cmp(&quarter(b)).then(0.cmp(&turn(a, b))));
        spots.dedup_by(|b, a| quarter(*a) == quarter(*b) && turn(*a, *b) == 0);
        spots
    })
}

/// A polygon, perhaps with a hole (which may touch the outer ring in one vertex), an island in the hole, and a second part
/// (which may touch the first in one vertex).
pub(crate) fn shape() -> impl Strategy<Value = Vec<Rings>> {
    let rings = (star(6..=10), star(3..=5), star(1..=2), star(6..=10));
    let center = (12..WIDTH - 32, 12..WIDTH - 12);
    (rings, center, 0..4_u8, any::<[bool; 2]>()).prop_map(
        |((mut outer, mut hole, island, mut second), (x, y), pieces, [pinched, touching])| {
            let on_east = |ring: &mut Vec<Spot>, far| ring[0] = (far, 0);
            if pinched {
                on_east(&mut outer, 6);
                on_east(&mut hole, 6);
            } else if touching {
                on_east(&mut outer, 10);
                let west = second.iter_mut().find(|spot| spot.0 < 0 && spot.1 == 0);
                *west.unwrap() = (-10, 0);
            }
            let at = |ring: &[Spot], east: i32| -> Vec<Spot> {
                ring.iter()
                    .map(|spot| (x + east + spot.0, y + spot.1))
                    .collect()
            };
            let mut polygons = vec![vec![at(&outer, 0)]];
            if pieces > 0 {
                polygons[0].push(at(&hole, 0));
            }
            if pieces > 1 {
                polygons.push(vec![at(&island, 0)]);
            }
            if pieces > 2 || touching {
                polygons.push(vec![at(&second, 20)]);
            }
            polygons
        },
    )
}

/// Cells that share crooked borders: each node, and the middle of each edge, a little out of its place.
#[derive(Clone, Debug)]
struct Mesh(Vec<Spot>);

const NODES: usize = (2 * CELLS + 1) * (2 * CELLS + 1);

fn mesh() -> impl Strategy<Value = Mesh> {
    prop::collection::vec((-1..=1, -1..=1), NODES).prop_map(Mesh)
}

impl Mesh {
    /// The node of a half column and a half row.
    fn node(&self, column: usize, row: usize) -> Spot {
        let (dx, dy) = self.0[row * (2 * CELLS + 1) + column];
        let place = |half: usize| 14 + i32::try_from(half).unwrap() * SPACING / 2;
        (place(column) + dx, place(row) + dy)
    }

    /// The border of a block of cells, by columns and rows.
    fn block(&self, columns: std::ops::Range<usize>, rows: std::ops::Range<usize>) -> Vec<Rings> {
        let (west, east) = (2 * columns.start, 2 * columns.end);
        let (south, north) = (2 * rows.start, 2 * rows.end);
        let mut ring = Vec::new();
        ring.extend((west..east).map(|column| self.node(column, south)));
        ring.extend((south..north).map(|row| self.node(east, row)));
        ring.extend(
            (west + 1..=east)
                .rev()
                .map(|column| self.node(column, north)),
        );
        ring.extend((south + 1..=north).rev().map(|row| self.node(west, row)));
        vec![vec![ring]]
    }
}

/// What a grid is like beside its shape.
#[derive(Clone, Copy, Debug)]
struct Trait {
    is_there: bool,
    /// Which community it names as its parent.
    parent: Option<usize>,
    /// Whether the parent is the one that it lies in.
    is_home: bool,
    validity: Validity,
}

fn traits() -> impl Strategy<Value = Trait> {
    let turn = Some(Time::from_millis(TURN));
    let later = Some(Time::from_millis(2 * TURN));
    let validity = |from, to| Validity { from, to };
    let validity = prop_oneof![
        6 => Just(Validity::ALWAYS),
        1 => Just(validity(None, turn)),
        1 => Just(validity(turn, None)),
        1 => Just(validity(turn, later)),
    ];
    // So that in many grounds all children of a community are there and name it.
    let parent = prop::option::weighted(0.9, 0..CELLS);
    let is_home = prop::bool::weighted(0.9);
    let parts = (prop::bool::weighted(0.95), parent, is_home, validity);
    parts.prop_map(|(is_there, parent, is_home, validity)| Trait {
        is_there,
        parent,
        is_home,
        validity,
    })
}

/// A scheme's ground: the features of each level, the top first.
#[derive(Clone, Debug)]
pub(crate) struct Ground {
    pub levels: [Vec<Feature>; 3],
}

fn feature(code: &str, parent: Option<String>, what: Trait, geometry: Geometry) -> Feature {
    Feature {
        id: FeatureId(0),
        code: Some(code.into()),
        name: None,
        parent: parent.map(Into::into),
        validity: what.validity,
        geometry,
        values: Box::new([]),
    }
}

/// Codes in no order of place; each is one grid's.
fn codes(count: usize) -> impl Strategy<Value = Vec<String>> {
    let codes: Vec<String> = (0..count).map(|n| format!("{n:02}")).collect();
    Just(codes).prop_shuffle()
}

/// Grids of one level as they are drawn: what they are like, and their codes.
type Drawn = (Vec<Trait>, Vec<String>);

fn drawn(count: usize) -> impl Strategy<Value = Drawn> {
    (prop::collection::vec(traits(), count), codes(count))
}

/// The grids of a level that are there; `make` answers the shape and the parent of the n-th.
fn level(
    scale: Scale,
    (traits, codes): &Drawn,
    make: impl Fn(usize, Trait) -> (Vec<Rings>, Option<String>),
) -> Vec<Feature> {
    let all = traits.iter().zip(codes).enumerate();
    all.filter(|(_, (what, _))| what.is_there)
        .map(|(n, (&what, code))| {
            let (polygons, parent) = make(n, what);
            feature(code, parent, what, scale.geometry(&polygons))
        })
        .collect()
}

/// Communities of the mesh, and those across it.
const COMMUNITIES: usize = 4 + 2;
/// Cells of the mesh, and grids across it.
const GRIDS: usize = CELLS * CELLS + 3;

/// A county of 2 × 2 communities of 2 × 2 cells, where some are missing, begin or end, name no parent or the wrong one; two
/// more communities and three more grids lie across them and poke out of the county.
pub(crate) fn ground(scale: Scale) -> impl Strategy<Value = Ground> {
    let shapes = prop::collection::vec(shape(), 2 + 3);
    let parts = (mesh(), shapes, drawn(1), drawn(COMMUNITIES), drawn(GRIDS));
    parts.prop_map(move |(mesh, shapes, county, communities, grids)| {
        let county = level(scale, &county, |_, _| {
            (mesh.block(0..CELLS, 0..CELLS), None)
        });
        let cells = level(scale, &grids, |n, what| {
            let (column, row) = (n % CELLS, n / CELLS);
            let polygons = match n.checked_sub(CELLS * CELLS) {
                None => mesh.block(column..column + 1, row..row + 1),
                Some(across) => shapes[2 + across].clone(),
            };
            let home = column / 2 + row.min(CELLS - 1) / 2 * 2;
            let parent = what
                .parent
                .map(|other| if what.is_home { home } else { other });
            (polygons, parent.map(|n| communities.1[n].clone()))
        });
        let blocks = level(scale, &communities, |n, what| {
            let (column, row) = (n % 2 * 2, n / 2 * 2);
            let polygons = match n.checked_sub(4) {
                None => mesh.block(column..column + 2, row..row + 2),
                Some(across) => shapes[across].clone(),
            };
            (polygons, what.parent.map(|_| "00".to_owned()))
        });
        Ground {
            levels: [county, blocks, cells],
        }
    })
}

/// A place to ask about.
#[derive(Clone, Debug)]
pub(crate) enum Probe {
    /// Anywhere on the ground or a little off it, in 12ths of a unit.
    Anywhere(i32, i32),
    /// A lattice point of an edge, its ends included, and a few steps from there: mostly none, so that it is exactly on it.
    Edge {
        edge: Index,
        along: Index,
        off: (i32, i32),
    },
}

pub(crate) fn probe() -> impl Strategy<Value = Probe> {
    let off = prop_oneof![2 => Just((0, 0)), 1 => (-1..=1, -1..=1)];
    let edge = (any::<Index>(), any::<Index>(), off);
    prop_oneof![
        1 => (-12..=12 * WIDTH, -12..=12 * WIDTH).prop_map(|(x, y)| Probe::Anywhere(x, y)),
        2 => edge.prop_map(|(edge, along, off)| Probe::Edge { edge, along, off }),
    ]
}

impl Probe {
    /// The lattice point, where edges are those of `shapes`.
    pub(crate) fn coord(&self, scale: Scale, shapes: &[&Geometry]) -> Coord {
        let (edge, along, off) = match self {
            Self::Anywhere(x, y) => {
                return Coord {
                    lon: scale.origin.lon + x * (scale.unit / 12),
                    lat: scale.origin.lat + y * (scale.unit / 12),
                };
            }
            Self::Edge { edge, along, off } => (edge, along, off),
        };
        let edges: Vec<(Coord, Coord)> = shapes
            .iter()
            .flat_map(|shape| shape.runs())
            .flat_map(|ring| {
                let ring: Vec<Coord> = ring.collect();
                (0..ring.len()).map(move |n| (ring[n], ring[(n + 1) % ring.len()]))
            })
            .collect();
        if edges.is_empty() {
            return scale.origin;
        }
        let (a, b) = edges[edge.index(edges.len())];
        // A unit has 12 steps at least, so that every edge has a lattice point at each 12th.
        let n = i32::try_from(along.index(13)).unwrap();
        Coord {
            lon: a.lon + (b.lon - a.lon) / 12 * n + off.0,
            lat: a.lat + (b.lat - a.lat) / 12 * n + off.1,
        }
    }
}
