//! Which unit squares of a tile have a vertex of a polygon, and by which of them an edge passes.

use super::mercator::{FINE, Place};
use super::outlines::Outlines;
use super::ring::Rect;

/// A bit for each unit square, eight by eight squares together.
pub(super) struct Vertices {
    /// The place of the first square.
    corner: Place,
    /// Blocks in a row.
    columns: usize,
    blocks: Vec<u64>,
}

/// Logarithm of a block's side.
const BLOCK: u32 = 3;
/// A bit in each row of a block.
const COLUMN: u64 = 0x0101_0101_0101_0101;
/// An edge is short that has no more blocks beside its first one, along either side.
const SHORT: i64 = 3;
/// All bits of the rows of a block that a number has the bits of.
const ROWS: [u64; 256] = {
    let mut all = [0; 256];
    let mut rows = 0;
    while rows < 256 {
        let mut row = 0;
        while row < 8 {
            if rows >> row & 1 == 1 {
                all[rows] |= 0xff << (8 * row);
            }
            row += 1;
        }
        rows += 1;
    }
    all
};

impl Vertices {
    /// Of polygons in fine units; `None` where there are none.
    pub(super) fn of(shapes: &[Outlines]) -> Option<Self> {
        let all = shapes.iter().filter_map(|one| Rect::around(one.places()));
        let bounds = all.reduce(|one, other| one.with(other.min).with(other.max))?;
        let (corner, last) = (bounds.min.coarse(), bounds.max.coarse());
        let last = last.seen_from(corner);
        let count = |last: i64| index(last >> BLOCK) + 1;
        let mut vertices = Self {
            corner,
            columns: count(last.x),
            blocks: vec![0; count(last.x) * count(last.y)],
        };
        for at in shapes.iter().flat_map(Outlines::places) {
            let at = at.coarse().seen_from(corner);
            let block = vertices.number(at.x >> BLOCK, at.y >> BLOCK);
            vertices.blocks[block] |= bit(at);
        }
        Some(vertices)
    }

    /// The number of a block by its column and its row.
    #[inline]
    fn number(&self, column: i64, row: i64) -> usize {
        index(row) * self.columns + index(column)
    }

    /// Adds the squares with vertices that an edge from `a` to `b` passes on its way, but not those of its ends, by their middles in
    /// their order; ends in fine units.
    #[inline]
    pub(super) fn on_way(&self, a: Place, b: Place, out: &mut Vec<Place>) {
        let from = a.coarse().seen_from(self.corner);
        let to = b.coarse().seen_from(self.corner);
        if !self.are_alone(from, to) {
            self.passed(a, b, out);
        }
    }

    /// Whether the box of an edge surely holds no vertices but its two ends, which is quickly told of a short one.
    #[inline]
    fn are_alone(&self, from: Place, to: Place) -> bool {
        let (left, right) = (from.x.min(to.x), from.x.max(to.x));
        let (top, bottom) = (from.y.min(to.y), from.y.max(to.y));
        let (column, row) = (left >> BLOCK, top >> BLOCK);
        let columns = (right >> BLOCK) - column;
        let rows = (bottom >> BLOCK) - row;
        if columns > SHORT || rows > SHORT {
            return false;
        }
        // Which of the 32 columns and rows that begin with the first block are the box's.
        let span = |from: i64, to: i64| {
            (u32::MAX << (from & 7)) & (u32::MAX >> (31 - (to - from + (from & 7))))
        };
        let (wide, tall) = (span(left, right), span(top, bottom));
        let first = self.number(column, row);
        let ends = [from, to].map(|end| (self.number(end.x >> BLOCK, end.y >> BLOCK), !bit(end)));
        let mut others = 0;
        for down in 0..=rows {
            let of_row = ROWS[(tall >> (8 * down) & 0xff) as usize];
            let first = first + index(down) * self.columns;
            for (number, block) in (first..).zip(&self.blocks[first..=first + index(columns)]) {
                let of_column = u64::from(wide >> (8 * (number - first)) & 0xff) * COLUMN;
                let mut bits = block & of_row & of_column;
                for (end, mask) in ends {
                    bits &= if end == number { mask } else { u64::MAX };
                }
                others |= bits;
            }
        }
        others == 0
    }

    /// The same as [`Self::on_way`], of any edge.
    fn passed(&self, a: Place, b: Place, out: &mut Vec<Place>) {
        let (west, east) = (a.min(b), a.max(b));
        let from = west.coarse().seen_from(self.corner);
        let to = east.coarse().seen_from(self.corner);
        let start = out.len();
        let (top, bottom) = (from.y.min(to.y) >> BLOCK, from.y.max(to.y) >> BLOCK);
        for row in top..=bottom {
            let (left, right) = if top == bottom {
                (from.x >> BLOCK, to.x >> BLOCK)
            } else {
                self.columns_passed(west, east, row)
            };
            for column in left..=right {
                let mut bits = self.blocks[self.number(column, row)];
                while bits != 0 {
                    let place = i64::from(bits.trailing_zeros());
                    bits &= bits - 1;
                    let at = Place {
                        x: (column << BLOCK) + (place & 7),
                        y: (row << BLOCK) + (place >> BLOCK),
                    };
                    let square = Place {
                        x: self.corner.x + at.x,
                        y: self.corner.y + at.y,
                    };
                    if at != from && at != to && passes(west, east, square) {
                        out.push(square);
                    }
                }
            }
        }
        if out.len() > start + 1 {
            // Both ways go on and on in one direction.
            let (right, down) = ((b.x - a.x).signum(), (b.y - a.y).signum());
            out[start..].sort_unstable_by_key(|at| (at.x * right, at.y * down));
        }
    }

    /// The first and the last column of the blocks of a row that an edge can pass, which is no level one.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        reason = "clipped places are small"
    )]
    fn columns_passed(&self, west: Place, east: Place, row: i64) -> (i64, i64) {
        let north = ((row << BLOCK) + self.corner.y) * FINE - FINE / 2;
        let south = north + (FINE << BLOCK);
        let run = (east.x - west.x) as f64 / (east.y - west.y) as f64;
        let at = |y: i64| west.x + ((y - west.y) as f64 * run) as i64;
        let (one, other) = (at(north), at(south));
        // A unit more on each side makes up for the rounding.
        let first = (one.min(other) - FINE).max(west.x);
        let last = (one.max(other) + FINE).min(east.x);
        let column = |x: i64| (Place { x, y: 0 }.coarse().x - self.corner.x) >> BLOCK;
        (column(first), column(last))
    }
}

/// Whether an edge from west to east passes a unit square, which has its northern and its western side, and not the others.
///
/// They have no point in common where the boxes around them have none, or the square lies on one side of the line through the edge:
/// beyond it with the corner that is the last to leave it (separating axes, Gottschalk 1996).
#[inline]
fn passes(west: Place, east: Place, square: Place) -> bool {
    let middle = square.fine();
    let (left, right) = (middle.x - FINE / 2, middle.x + FINE / 2);
    let (top, bottom) = (middle.y - FINE / 2, middle.y + FINE / 2);
    let (dx, dy) = (east.x - west.x, east.y - west.y);
    if east.x < left || west.x >= right || west.y.max(east.y) < top || west.y.min(east.y) >= bottom
    {
        return false;
    }
    // On which side of the edge a corner lies: positive to the south of one that runs east.
    let side = |x: i64, y: i64| dx * (y - west.y) - dy * (x - west.x);
    if dy < 0 {
        return side(right, bottom) > 0 && side(left, top) <= 0;
    }
    // What a side that is not the square's has in common with an edge along it is nothing.
    let (south_west, north_east) = (side(left, bottom), side(right, top));
    let is_beyond_south = if dx == 0 {
        south_west >= 0
    } else {
        south_west > 0
    };
    let is_beyond_north = if dy == 0 {
        north_east <= 0
    } else {
        north_east < 0
    };
    is_beyond_south && is_beyond_north
}

/// The bit of a square in its block.
#[inline]
fn bit(at: Place) -> u64 {
    1 << ((at.y & 7) << BLOCK | at.x & 7)
}

/// Of what lies within the bounds.
#[inline]
fn index(number: i64) -> usize {
    usize::try_from(number).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(x: i64, y: i64) -> Place {
        Place { x, y }
    }

    /// Whether an edge and a square have a point in common, by the part of the edge that lies in its rows and that in its columns.
    fn shares_a_point(a: Place, b: Place, square: Place) -> bool {
        // Shares of the way, as fractions over the whole of it in x times that in y; the far sides are not the square's.
        let (dx, dy) = (i128::from(b.x - a.x), i128::from(b.y - a.y));
        let whole = dx.abs().max(1) * dy.abs().max(1);
        let mut low = (0, true);
        let mut high = (whole, true);
        let axes = [(a.x, dx, square.x), (a.y, dy, square.y)];
        for (from, way, middle) in axes {
            let begin = i128::from(middle * FINE - FINE / 2 - from);
            let end = begin + i128::from(FINE);
            if way == 0 {
                if begin > 0 || end <= 0 {
                    return false;
                }
                continue;
            }
            let share = |distance: i128| distance * (whole / way.abs()) * way.signum();
            let (first, last) = ((share(begin), true), (share(end), false));
            let (first, last) = if way > 0 {
                (first, last)
            } else {
                (last, first)
            };
            if first.0 > low.0 || first.0 == low.0 && !first.1 {
                low = first;
            }
            if last.0 < high.0 || last.0 == high.0 && !last.1 {
                high = last;
            }
        }
        low.0 < high.0 || low.0 == high.0 && low.1 && high.1
    }

    fn coordinate(reach: i64) -> impl Strategy<Value = i64> {
        let halves = reach / 128;
        prop_oneof![-reach..reach, (-halves..halves).prop_map(|n| n * FINE / 2)]
    }

    fn place(reach: i64) -> impl Strategy<Value = Place> {
        (coordinate(reach), coordinate(reach)).prop_map(|(x, y)| at(x, y))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn an_edge_passes_the_squares_that_it_has_a_point_in(
            a in place(1500), b in place(1500), x in -8..8i64, y in -8..8i64,
        ) {
            let (west, east) = (a.min(b), a.max(b));
            prop_assert_eq!(passes(west, east, at(x, y)), shares_a_point(west, east, at(x, y)));
        }

        #[test]
        fn all_vertices_that_an_edge_passes_are_on_its_way_in_their_order(
            places in prop::collection::vec(place(12_000), 3..60), scale in 1..40i64,
        ) {
            // Short edges and long ones.
            let ring: Vec<Place> = places.iter().map(|&Place { x, y }| at(x / scale, y / scale)).collect();
            let mut outlines = Outlines::default();
            outlines.add_run(&ring, true);
            let vertices = Vertices::of(&[outlines]).unwrap();
            for pair in ring.windows(2) {
                let (west, east) = (pair[0].min(pair[1]), pair[0].max(pair[1]));
                let (a, b) = (pair[0].coarse(), pair[1].coarse());
                let mut wanted: Vec<Place> = ring.iter().map(|at| at.coarse()).collect();
                wanted.retain(|square| *square != a && *square != b && shares_a_point(west, east, *square));
                let (right, down) = ((b.x - a.x).signum(), (b.y - a.y).signum());
                wanted.sort_unstable_by_key(|at| (at.x * right, at.y * down));
                wanted.dedup();
                let mut way = Vec::new();
                vertices.on_way(pair[0], pair[1], &mut way);
                prop_assert_eq!(way, wanted);
            }
        }
    }
}
