//! What is shared comes back vertex by vertex, and no edge is kept twice.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::model::{Bounds, Coord};

type Ring = Vec<Coord>;

/// Columns and rows of cells.
const SIDE: i32 = 6;

/// A made-up coverage: cells whose borders have vertices of their own, and what goes wrong with them.
#[derive(Clone, Debug)]
struct Mesh {
    /// How far each corner, and each vertex between corners, lies from its place, in parts of 16.
    shifts: Vec<(i32, i32)>,
    /// Vertices between two corners.
    between: i32,
    /// Lattice steps of a sixteenth of a cell's part of a side.
    unit: i32,
    south_west: Coord,
    /// Vertices that one cell leaves out, where they lie between corners.
    left_out: BTreeSet<(i32, usize)>,
}

fn mesh() -> impl Strategy<Value = Mesh> {
    let shift = || (-5..6, -5..6);
    let unit = prop_oneof![1..60, 100_000..700_000];
    let between = prop_oneof![4 => 0..5, 1 => 22..27];
    let left_out = proptest::collection::btree_set((0..SIDE * SIDE, 0_usize..20), 0..12);
    (
        vec(shift(), 97),
        between,
        unit,
        any::<(i32, i32)>(),
        left_out,
    )
        .prop_map(|(shifts, between, unit, (lon, lat), left_out)| Mesh {
            shifts,
            between,
            unit,
            south_west: Coord {
                lon: lon / 2 - 900_000_000,
                lat: lat / 2 - 900_000_000,
            },
            left_out,
        })
}

impl Mesh {
    /// The vertex in column and row of the finer lattice that has the vertices between corners as well.
    fn vertex(&self, column: i32, row: i32) -> Coord {
        let number = usize::try_from(column * 31 + row * 57).unwrap() % self.shifts.len();
        let (east, north) = self.shifts[number];
        Coord {
            lon: self.south_west.lon + (column * 16 + east) * self.unit,
            lat: self.south_west.lat + (row * 16 + north) * self.unit,
        }
    }

    /// The ring around columns and rows of cells, with all vertices on the way.
    fn ring(&self, columns: std::ops::Range<i32>, rows: std::ops::Range<i32>) -> Ring {
        let part = self.between + 1;
        let (west, east) = (columns.start * part, columns.end * part);
        let (south, north) = (rows.start * part, rows.end * part);
        let mut ring = Vec::new();
        ring.extend((west..east).map(|column| self.vertex(column, south)));
        ring.extend((south..north).map(|row| self.vertex(east, row)));
        ring.extend(
            (west + 1..=east)
                .rev()
                .map(|column| self.vertex(column, north)),
        );
        ring.extend((south + 1..=north).rev().map(|row| self.vertex(west, row)));
        ring
    }

    fn cell(&self, number: i32) -> Ring {
        let (column, row) = (number % SIDE, number / SIDE);
        let mut ring = self.ring(column..column + 1, row..row + 1);
        let part = usize::try_from(self.between).unwrap() + 1;
        let mut place = 0;
        ring.retain(|_| {
            place += 1;
            let is_corner = (place - 1) % part == 0;
            is_corner || !self.left_out.contains(&(number, place - 1))
        });
        ring
    }

    /// Cells, some of two parts, some cells with a hole and an island in it, blocks of cells above them, and some twice.
    fn polygons(&self) -> Vec<Vec<Vec<Ring>>> {
        let mut polygons = Vec::new();
        for number in 0..SIDE * SIDE {
            let ring = self.cell(number);
            match number % 7 {
                // Half of two parts that are no neighbours.
                0 => polygons.push(vec![
                    vec![ring],
                    vec![self.cell((number + 15) % (SIDE * SIDE))],
                ]),
                1 => {
                    let hole = shrunk(&ring);
                    polygons.push(vec![vec![ring, hole.clone()]]);
                    polygons.push(vec![vec![hole]]);
                }
                2 => {
                    polygons.push(vec![vec![ring.clone()]]);
                    polygons.push(vec![vec![ring]]);
                }
                _ => polygons.push(vec![vec![ring]]),
            }
        }
        for size in [2, 3, 6] {
            for column in (0..SIDE).step_by(size) {
                for row in (0..SIDE).step_by(size) {
                    let size = i32::try_from(size).unwrap();
                    polygons.push(vec![vec![
                        self.ring(column..column + size, row..row + size),
                    ]]);
                }
            }
        }
        polygons
    }
}

/// The ring half as large, about its first vertex's opposite.
fn shrunk(ring: &[Coord]) -> Ring {
    let middle = ring[ring.len() / 2];
    let nearer = |a: i32, b: i32| i32::midpoint(a, b);
    let mut ring: Ring = ring
        .iter()
        .map(|at| Coord {
            lon: nearer(at.lon, middle.lon),
            lat: nearer(at.lat, middle.lat),
        })
        .collect();
    ring.dedup();
    ring
}

fn edges(geometries: &[Geometry]) -> BTreeSet<(Coord, Coord)> {
    let edges = geometries.iter().flat_map(Geometry::edges);
    edges.map(|(a, b)| (a.min(b), a.max(b))).collect()
}

/// All rings begin elsewhere, and the polygons come in another order.
fn shuffled(mut polygons: Vec<Vec<Vec<Ring>>>, dice: &[usize]) -> Vec<Geometry> {
    let mut number = 0;
    for ring in polygons.iter_mut().flatten().flatten() {
        number += 1;
        let length = ring.len();
        ring.rotate_left(dice[number % dice.len()] % length);
    }
    for at in 1..polygons.len() {
        polygons.swap(at, dice[at % dice.len()] % (at + 1));
    }
    let drawn = polygons.into_iter().map(Geometry::polygons);
    drawn.filter_map(Result::ok).collect()
}

fn boxed(geometries: &[Geometry]) -> Vec<Boxed<'_>> {
    let boxed = |geometry| (geometry, Geometry::bounds(geometry));
    geometries.iter().map(boxed).collect()
}

/// The edges of a geometry, as its arcs tell them.
fn walked(geometry: &Geometry) -> impl Iterator<Item = (Coord, Coord)> {
    let arcs = geometry.arcs().unwrap();
    let mut edges = Vec::new();
    geometry.walk_arcs(geometry.bounds(), |step, from| {
        let way: Vec<Coord> = arcs.along(step, from).collect();
        edges.extend(way.array_windows().map(|&[a, b]| (a, b)));
        (way[way.len() - 1], way.len() - 1)
    });
    edges.into_iter()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn shared_polygons_have_the_vertices_that_they_had_and_each_edge_is_kept_once(
        mesh in mesh(),
        dice in vec(0_usize..1000, 23),
        most in prop_oneof![Just(1_usize << 15), 4_usize..200],
        threads in 1_usize..4,
    ) {
        let before = shuffled(mesh.polygons(), &dice);
        let all = boxed(&before);
        let after: Vec<Geometry> = share_in_squares(&all, threads, most)
            .into_iter()
            .map(Option::unwrap)
            .collect();
        prop_assert_eq!(&after, &before);
        let arcs = after[0].arcs().unwrap();
        prop_assert!(after.iter().all(|one| std::sync::Arc::ptr_eq(one.arcs().unwrap(), arcs)));
        for (after, before) in after.iter().zip(&before) {
            prop_assert!(after.edges().eq(before.edges()));
            prop_assert_eq!(after.bounds(), before.bounds());
            prop_assert_eq!(after.outline(), before.outline());
            prop_assert!(walked(after).eq(before.edges()));
            let near = Bounds::around(before.coords().take(2)).unwrap();
            let meets = |(a, b): &(Coord, Coord)| Bounds::of(*a).union(Bounds::of(*b)).meets(near);
            let found = after.edges_near(near).filter(meets);
            prop_assert!(found.eq(before.edges().filter(meets)));
        }
        prop_assert_eq!(arcs.edge_count(), edges(&before).len());
        // What is shared may be shared again.
        let again: Vec<Geometry> = share(&boxed(&after), 1).into_iter().map(Option::unwrap).collect();
        prop_assert_eq!(again, before);
    }

    #[test]
    fn any_rings_come_back_also_where_they_cross_themselves(
        rings in vec(vec((0..4, 0..4), 3..14), 1..8),
        unit in prop_oneof![Just(1), Just(1_000_000_000)],
    ) {
        let ring = |ring: &Vec<(i32, i32)>| {
            ring.iter().map(|&(x, y)| Coord { lon: (x - 2).wrapping_mul(unit), lat: (y - 2).wrapping_mul(unit) }).collect()
        };
        let drawn = rings.iter().map(|one| Geometry::polygons([vec![ring(one)]]));
        let before: Vec<Geometry> = drawn.filter_map(Result::ok).collect();
        let all = boxed(&before);
        for most in [3, 1000] {
            let after = share_in_squares(&all, 1, most);
            let after: Vec<Geometry> = after.into_iter().map(Option::unwrap).collect();
            prop_assert_eq!(&after, &before);
            let outlines = |all: &[Geometry]| all.iter().map(Geometry::outline).collect::<Vec<_>>();
            prop_assert_eq!(outlines(&after), outlines(&before));
        }
    }
}

#[test]
fn points_and_lines_keep_their_own_vertices() {
    let at = |lon| Coord { lon, lat: 7 };
    let line = Geometry::lines([vec![at(1), at(5)]]).unwrap();
    let point = Geometry::points([at(1)]).unwrap();
    assert_eq!(share(&boxed(&[line, point]), 2), [None, None]);
    assert_eq!(share(&[], 2), []);
}
