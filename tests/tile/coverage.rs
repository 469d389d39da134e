//! Grids that share borders: no gap, no overlap, the same vertices on both sides.

use std::collections::HashMap;
use std::ops::Range;

use geo::MultiPolygon;
use geo::algorithm::{Area, unary_union};
use proptest::prelude::*;
use wangge::model::Geometry;
use wangge::tile::TileAddress;

use super::support::{BUFFER, SIDE, Shape, addresses, area, checked, geometry, snapshot};

/// Cells along a side of the coverage.
const CELLS: usize = 4;
/// The coverage reaches from -800 to 4896 in both directions, beyond the tile and its buffer.
const CELL: f64 = 1424.0;

type Run = Vec<(f64, f64)>;

/// The borders of a 4 × 4 coverage: each a path from one corner to the next, with 1 to 5 vertices that swing to both sides.
fn borders() -> impl Strategy<Value = Vec<Run>> {
    let swing = prop_oneof![-0.12..-0.04f64, 0.04..0.12f64];
    let swings = prop::collection::vec(swing, 1..6);
    prop::collection::vec(swings, 2 * CELLS * (CELLS + 1)).prop_map(|all| {
        let path = |(index, swings): (usize, Vec<f64>)| {
            let upright = index >= CELLS * (CELLS + 1);
            let (line, cell) = (index / CELLS % (CELLS + 1), index % CELLS);
            let step = 0.6 / swings.len().max(1) as f64;
            let inner = swings.iter().enumerate();
            let inner = inner.map(|(n, swing)| (0.2 + step * (n as f64 + 0.5), *swing));
            std::iter::once((0.0, 0.0))
                .chain(inner)
                .chain([(1.0, 0.0)])
                .map(|(along, aside)| {
                    let (along, aside) = (cell as f64 + along, line as f64 + aside);
                    let (x, y) = if upright {
                        (aside, along)
                    } else {
                        (along, aside)
                    };
                    (x * CELL - 800.0, y * CELL - 800.0)
                })
                .collect()
        };
        all.into_iter().enumerate().map(path).collect()
    })
}

/// The borders that go round a square of cells, joined to a ring.
fn around(borders: &[Run], rows: Range<usize>, columns: Range<usize>) -> Run {
    let level = |line: usize, cell: usize| borders[line * CELLS + cell].clone();
    let upright = |line: usize, cell: usize| borders[(CELLS + 1 + line) * CELLS + cell].clone();
    let back = |run: Run| run.into_iter().rev().collect::<Run>();
    let north = columns.clone().map(|column| level(rows.start, column));
    let east = rows.clone().map(|row| upright(columns.end, row));
    let south = columns
        .clone()
        .rev()
        .map(|column| back(level(rows.end, column)));
    let west = rows
        .clone()
        .rev()
        .map(|row| back(upright(columns.start, row)));
    let mut ring: Run = north
        .chain(east)
        .chain(south)
        .chain(west)
        .flatten()
        .collect();
    ring.dedup();
    ring.pop();
    ring
}

/// The cells of the coverage; a border that two cells share comes from one path. Their rings begin anywhere.
fn cells(borders: &[Run]) -> Vec<Shape> {
    let cell = |(row, column): (usize, usize)| {
        let mut ring = around(borders, row..row + 1, column..column + 1);
        ring.rotate_left((row * 3 + column) % 4);
        vec![vec![ring]]
    };
    let places = (0..CELLS).flat_map(|row| (0..CELLS).map(move |column| (row, column)));
    places.map(cell).collect()
}

/// How often each edge occurs, in either direction, without vertices in the middle of level or upright lines.
fn edge_counts(shown: &[MultiPolygon<f64>]) -> HashMap<[(i32, i32); 2], usize> {
    let mut counts = HashMap::new();
    for ring in shown.iter().flatten().map(geo::Polygon::exterior) {
        let mut places: Vec<(i32, i32)> =
            ring.0.iter().map(|at| (at.x as i32, at.y as i32)).collect();
        places.pop();
        let around = |index: usize| places[index % places.len()];
        let corners: Vec<(i32, i32)> = (0..places.len())
            .filter(|&index| {
                let (a, b, c) = (
                    around(index + places.len() - 1),
                    around(index),
                    around(index + 1),
                );
                !(a.0 == b.0 && b.0 == c.0 || a.1 == b.1 && b.1 == c.1)
            })
            .map(around)
            .collect();
        for (index, &a) in corners.iter().enumerate() {
            let b = corners[(index + 1) % corners.len()];
            *counts.entry([a.min(b), a.max(b)]).or_insert(0) += 1;
        }
    }
    counts
}

fn on_frame([a, b]: [(i32, i32); 2]) -> bool {
    let ends = [-BUFFER as i32, (SIDE + BUFFER) as i32];
    ends.iter()
        .any(|end| a.0 == *end && b.0 == *end || a.1 == *end && b.1 == *end)
}

/// The tile that is `up` zooms above.
fn above(address: TileAddress, up: u8) -> TileAddress {
    TileAddress::new(address.z() - up, address.x() >> up, address.y() >> up).unwrap()
}

fn placed(address: TileAddress, borders: &[Run]) -> Vec<Geometry> {
    let cells = cells(borders);
    cells
        .iter()
        .map(|cell| geometry(address, cell).unwrap())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn a_coverage_beyond_the_tile_fills_it_with_its_buffer_to_the_unit(
        address in addresses(), borders in borders(),
    ) {
        let shown = checked(&snapshot(placed(address, &borders)), address);
        prop_assert_eq!(area(&shown), (SIDE + 2.0 * BUFFER).powi(2));
        let union = unary_union(&shown);
        prop_assert_eq!(union.unsigned_area(), area(&shown));
    }

    #[test]
    fn two_grids_have_the_same_vertices_on_their_common_border_at_every_zoom(
        address in addresses().prop_filter("room above", |address| address.z() > 9), borders in borders(),
    ) {
        let cells = snapshot(placed(address, &borders));
        let whole = vec![vec![around(&borders, 0..CELLS, 0..CELLS)]];
        let whole = snapshot(vec![geometry(address, &whole).unwrap()]);
        for up in 0..=4 {
            let tile = above(address, up);
            // The outermost borders belong to one cell only.
            let outermost = edge_counts(&checked(&whole, tile));
            for (edge, count) in edge_counts(&checked(&cells, tile)) {
                let alone = on_frame(edge) || outermost.contains_key(&edge);
                prop_assert_eq!(count, if alone { 1 } else { 2 }, "{:?} in {:?}", edge, tile);
            }
        }
    }
}
