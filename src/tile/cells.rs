//! Edges by the cells of a tile that they pass, so that only those near each other are compared.

use super::mercator::Place;
use super::ring::Rect;

/// Logarithm of the side of a cell, tile units.
const CELL: u32 = 5;

/// The numbers of edges, cell by cell.
pub(super) struct Cells {
    numbers: Vec<u32>,
    /// Where each cell ends.
    ends: Vec<usize>,
}

/// The cells that cover all edges.
#[derive(Clone, Copy)]
struct Lattice {
    west: i64,
    north: i64,
    columns: usize,
    rows: usize,
}

impl Lattice {
    fn around(edges: &[(Place, Place)]) -> Self {
        let ends: Vec<Place> = edges.iter().flat_map(|&(a, b)| [a, b]).collect();
        let origin = Place { x: 0, y: 0 };
        let bounds = Rect::around(&ends).unwrap_or(Rect {
            min: origin,
            max: origin,
        });
        let count = |low: i64, high: i64| {
            usize::try_from((high >> CELL) - (low >> CELL) + 1).unwrap_or_default()
        };
        Self {
            west: bounds.min.x >> CELL,
            north: bounds.min.y >> CELL,
            columns: count(bounds.min.x, bounds.max.x),
            rows: count(bounds.min.y, bounds.max.y),
        }
    }

    fn count(self) -> usize {
        self.columns * self.rows
    }

    /// Those that the box of an edge touches.
    fn touched(self, (a, b): (Place, Place)) -> impl Iterator<Item = usize> {
        let part = |at: i64, first: i64| usize::try_from((at >> CELL) - first).unwrap_or_default();
        let (north, south) = (a.y.min(b.y), a.y.max(b.y));
        let (top, bottom) = (part(north, self.north), part(south, self.north));
        let columns = part(a.x, self.west)..=part(b.x, self.west);
        columns.flat_map(move |column| (top..=bottom).map(move |row| column * self.rows + row))
    }
}

impl Cells {
    /// Cells without an edge that is new stay empty. The first end of an edge is its western one.
    pub(super) fn of(edges: &[(Place, Place)], is_new: &[bool]) -> Self {
        let lattice = Lattice::around(edges);
        let mut ends = vec![0; lattice.count()];
        let mut has_new = vec![false; lattice.count()];
        for (edge, is_new) in edges.iter().zip(is_new) {
            for cell in lattice.touched(*edge) {
                ends[cell] += 1;
                has_new[cell] |= is_new;
            }
        }
        let mut total = 0;
        for (end, has_new) in ends.iter_mut().zip(&has_new) {
            let count = if *has_new { *end } else { 0 };
            *end = total;
            total += count;
        }
        let mut numbers = vec![0; total];
        for (number, edge) in (0..).zip(edges) {
            for cell in lattice.touched(*edge).filter(|cell| has_new[*cell]) {
                numbers[ends[cell]] = number;
                ends[cell] += 1;
            }
        }
        Self { numbers, ends }
    }

    /// The numbers in each cell, ascending.
    pub(super) fn each(&self) -> impl Iterator<Item = &[u32]> {
        let mut begin = 0;
        self.ends.iter().map(move |&end| {
            let from = std::mem::replace(&mut begin, end);
            &self.numbers[from..end]
        })
    }
}
