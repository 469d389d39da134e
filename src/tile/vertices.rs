//! Which unit squares of a tile have a vertex of a polygon, and by which of them an edge passes.

use super::mercator::{FINE, Place};
use super::outlines::Outlines;
use super::ring::Rect;

/// A bit for each unit square, eight by eight squares together in a block, and eight by eight blocks in a page; where nothing is there is
/// no page.
pub(super) struct Vertices {
    /// The place of the first square.
    corner: Place,
    /// Pages in a row.
    columns: usize,
    /// Which page is where; those that are not there are the first one, which is empty.
    numbers: Vec<u32>,
    pages: Vec<Page>,
}

#[derive(Clone, Debug)]
struct Page {
    /// Which of the blocks have a vertex.
    occupied: u64,
    blocks: [u64; 64],
}

/// Logarithms of a block's side, and a page's.
const BLOCK: u32 = 3;
const PAGE: u32 = 6;
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

impl Page {
    const EMPTY: Self = Self {
        occupied: 0,
        blocks: [0; 64],
    };
}

impl Vertices {
    /// Of polygons in fine units; `None` where there are none.
    pub(super) fn of(shapes: &[Outlines]) -> Option<Self> {
        let all = shapes.iter().filter_map(|one| Rect::around(one.places()));
        let bounds = all.reduce(|one, other| one.with(other.min).with(other.max))?;
        let corner = bounds.min.coarse();
        let last = bounds.max.coarse().seen_from(corner);
        let count = |last: i64| index(last >> PAGE) + 1;
        let mut vertices = Self {
            corner,
            columns: count(last.x),
            numbers: vec![0; count(last.x) * count(last.y)],
            pages: vec![Page::EMPTY],
        };
        for at in shapes.iter().flat_map(Outlines::places) {
            vertices.add(at.coarse().seen_from(corner));
        }
        Some(vertices)
    }

    #[inline]
    fn add(&mut self, at: Place) {
        let number = &mut self.numbers[index(at.y >> PAGE) * self.columns + index(at.x >> PAGE)];
        if *number == 0 {
            *number = u32::try_from(self.pages.len()).expect("fewer pages than bytes of memory");
            self.pages.push(Page::EMPTY);
        }
        let page = &mut self.pages[*number as usize];
        let block = block(at);
        page.occupied |= 1 << block;
        page.blocks[block] |= bit(at);
    }

    /// The page with a square, by the column and the row of it.
    #[inline]
    fn page(&self, column: i64, row: i64) -> &Page {
        let number = self.numbers[index(row) * self.columns + index(column)];
        &self.pages[number as usize]
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
        let (columns, rows) = (
            left >> BLOCK..=right >> BLOCK,
            top >> BLOCK..=bottom >> BLOCK,
        );
        if columns.end() - columns.start() > SHORT || rows.end() - rows.start() > SHORT {
            return false;
        }
        // Which of the 32 columns and rows that begin with the first block are the box's.
        let (wide, tall) = (span(left, right), span(top, bottom));
        let ends = [from, to].map(|end| (end.x >> BLOCK, end.y >> BLOCK, !bit(end)));
        let mut others = 0;
        for row in rows {
            let of_row = ROWS[(tall >> (8 * (row - (top >> BLOCK))) & 0xff) as usize];
            for column in columns.clone() {
                let of_column = u64::from(wide >> (8 * (column - (left >> BLOCK))) & 0xff) * COLUMN;
                let page = self.page(column >> BLOCK, row >> BLOCK);
                let mut bits = page.blocks[index((row & 7) << BLOCK | column & 7)];
                bits &= of_row & of_column;
                for (x, y, mask) in ends {
                    bits &= if (x, y) == (column, row) {
                        mask
                    } else {
                        u64::MAX
                    };
                }
                others |= bits;
            }
        }
        others == 0
    }

    /// The same as [`Self::on_way`], of any edge.
    fn passed(&self, a: Place, b: Place, out: &mut Vec<Place>) {
        let (west, east) = (a.min(b), a.max(b));
        let ends = [west, east].map(|end| end.coarse().seen_from(self.corner));
        let [from, to] = ends;
        let start = out.len();
        // In blocks.
        let (left, right) = (from.x >> BLOCK, to.x >> BLOCK);
        let (top, bottom) = (from.y.min(to.y) >> BLOCK, from.y.max(to.y) >> BLOCK);
        for row in top >> BLOCK..=bottom >> BLOCK {
            let of_rows = ROWS[part(top, bottom, row)];
            for column in left >> BLOCK..=right >> BLOCK {
                let page = self.page(column, row);
                let of_columns = part(left, right, column) as u64 * COLUMN;
                for block in bits(page.occupied & of_rows & of_columns) {
                    let first = Place {
                        x: (column << PAGE) + ((block & 7) << BLOCK),
                        y: (row << PAGE) + (block >> BLOCK << BLOCK),
                    };
                    let others = without(ends, first, page.blocks[index(block)]);
                    if others != 0 {
                        self.add_passed(others, first, west, east, out);
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

    /// Adds those squares of a block that an edge passes.
    #[inline]
    fn add_passed(
        &self,
        squares: u64,
        first: Place,
        west: Place,
        east: Place,
        out: &mut Vec<Place>,
    ) {
        let first = Place {
            x: self.corner.x + first.x,
            y: self.corner.y + first.y,
        };
        if !passes(west, east, Square::of(first, BLOCK)) {
            return;
        }
        let squares = bits(squares).map(|square| Place {
            x: first.x + (square & 7),
            y: first.y + (square >> BLOCK),
        });
        out.extend(squares.filter(|at| passes(west, east, Square::of(*at, 0))));
    }
}

/// The bits of a block, which begins with a square, without those of an edge's ends.
#[inline]
fn without(ends: [Place; 2], first: Place, block: u64) -> u64 {
    let is_within = |end: Place| (end.x & !7, end.y & !7) == (first.x, first.y);
    let others = ends.map(|end| if is_within(end) { !bit(end) } else { u64::MAX });
    block & others[0] & others[1]
}

/// The numbers of the bits that are set.
fn bits(mut left: u64) -> impl Iterator<Item = i64> {
    std::iter::from_fn(move || {
        let first = (left != 0).then(|| i64::from(left.trailing_zeros()))?;
        left &= left - 1;
        Some(first)
    })
}

/// The bits from one number to another, as they are counted from the eight that hold the first.
#[inline]
fn span(from: i64, to: i64) -> u32 {
    (u32::MAX << (from & 7)) & (u32::MAX >> (31 - (to - (from & !7))))
}

/// Which of the eight with such a number, together, lie between two.
#[inline]
fn part(from: i64, to: i64, eight: i64) -> usize {
    let begin = eight << BLOCK;
    let (first, last) = ((from - begin).max(0), (to - begin).min(7));
    0xff << first & 0xff >> (7 - last)
}

/// Some unit squares together, in fine units.
#[derive(Clone, Copy)]
struct Square {
    left: i64,
    top: i64,
    side: i64,
}

impl Square {
    /// That with a first unit square at a place and so many along each side.
    #[inline]
    fn of(first: Place, logarithm: u32) -> Self {
        let middle = first.fine();
        Self {
            left: middle.x - FINE / 2,
            top: middle.y - FINE / 2,
            side: FINE << logarithm,
        }
    }
}

/// Whether an edge from west to east passes a square, which has its northern and its western side, and not the others.
///
/// They have no point in common where the boxes around them have none, or the square lies on one side of the line through the edge:
/// beyond it with the corner that is the last to leave it (separating axes, Gottschalk 1996).
#[inline]
fn passes(west: Place, east: Place, square: Square) -> bool {
    let Square { left, top, side } = square;
    let (right, bottom) = (left + side, top + side);
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

/// The number of a square's block in its page.
#[inline]
fn block(at: Place) -> usize {
    index((at.y >> BLOCK & 7) << BLOCK | at.x >> BLOCK & 7)
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
            prop_assert_eq!(passes(west, east, Square::of(at(x, y), 0)), shares_a_point(west, east, at(x, y)));
        }

        #[test]
        fn all_vertices_that_an_edge_passes_are_on_its_way_in_their_order(
            places in prop::collection::vec(place(60_000), 3..60), scale in 1..200i64,
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
