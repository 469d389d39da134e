//! Fine units → tile units, by snap rounding (Hobby 1999): an edge that passes through the unit square of a vertex, of whichever
//! polygon, goes through the middle of that square, as the vertex does.
//!
//! So no vertex changes sides with an edge by rounding: what was a narrow strip between borders may close, and never turns over to
//! lie on both of its neighbours. Edges come to meet at their ends only, as far as they did before. What an edge becomes depends on
//! its ends and the vertices near it: neighbours, and levels of a scheme that share it, get the same.

use super::mercator::{FINE, Place};
use super::outlines::Outlines;
use super::ring::{Rect, edges};

/// Which unit squares have a vertex: a bit each, eight by eight squares together.
struct Vertices {
    /// The place of the first square.
    corner: Place,
    /// Blocks in a row.
    columns: i64,
    blocks: Vec<u64>,
}

/// Logarithm of a block's side.
const BLOCK: u32 = 3;
/// An edge is short whose box is no longer, squares.
const SHORT: i64 = 15;
/// A bit in each row of a block.
const COLUMN: u64 = 0x0101_0101_0101_0101;

impl Vertices {
    /// Of polygons in fine units; `None` where there are none.
    fn of(shapes: &[Outlines]) -> Option<Self> {
        let all = || shapes.iter().flat_map(Outlines::places);
        let first = *all().next()?;
        let start = Rect {
            min: first,
            max: first,
        };
        let bounds = all().fold(start, |bounds, at| bounds.with(*at));
        let (corner, last) = (bounds.min.coarse(), bounds.max.coarse());
        let along = |from: i64, to: i64| ((to - from) >> BLOCK) + 1;
        let columns = along(corner.x, last.x);
        let count = columns * along(corner.y, last.y);
        let mut vertices = Self {
            corner,
            columns,
            blocks: vec![0; usize::try_from(count).ok()?],
        };
        for at in all() {
            let (block, bit) = vertices.find(at.coarse());
            vertices.blocks[block] |= 1 << bit;
        }
        Some(vertices)
    }

    /// The block of a square within the bounds, and its bit there.
    fn find(&self, at: Place) -> (usize, u64) {
        let Place { x, y } = at.seen_from(self.corner);
        let bit = ((y & 7) << BLOCK | x & 7).cast_unsigned();
        (self.number(x >> BLOCK, y >> BLOCK), bit)
    }

    /// The number of a block by its column and its row.
    fn number(&self, column: i64, row: i64) -> usize {
        let number = row * self.columns + column;
        usize::try_from(number).unwrap_or_default()
    }

    /// Whether a square within the bounds has a vertex.
    fn holds(&self, at: Place) -> bool {
        let (block, bit) = self.find(at);
        self.blocks[block] >> bit & 1 == 1
    }

    /// Whether the blocks that an edge passes, from its western end `a` on, surely hold no vertices but its two ends.
    fn are_alone_on_the_way(&self, a: Place, b: Place) -> bool {
        let corner = self.corner.fine();
        let origin = Place {
            x: corner.x - FINE / 2,
            y: corner.y - FINE / 2,
        };
        let mut count = 0;
        cells(
            a.seen_from(origin),
            b.seen_from(origin),
            FINE << BLOCK,
            |at| {
                count += self.blocks[self.number(at.x, at.y)].count_ones();
            },
        );
        count == 2
    }

    /// Whether the box of an edge surely holds no vertices but its two ends, which is quickly told of a short one.
    fn are_alone(&self, a: Place, b: Place) -> bool {
        let (a, b) = (a.seen_from(self.corner), b.seen_from(self.corner));
        let (left, right) = (a.x.min(b.x), a.x.max(b.x));
        let (top, bottom) = (a.y.min(b.y), a.y.max(b.y));
        if right - left > SHORT || bottom - top > SHORT {
            return false;
        }
        let mut count = 0;
        for row in top >> BLOCK..=bottom >> BLOCK {
            let (first, last) = part(top, bottom, row);
            let rows = (u64::MAX << (8 * first)) & (u64::MAX >> (8 * (7 - last)));
            for column in left >> BLOCK..=right >> BLOCK {
                let (first, last) = part(left, right, column);
                let columns = ((0xff << first) & (0xff >> (7 - last))) * COLUMN;
                let block = self.blocks[self.number(column, row)];
                count += (block & rows & columns).count_ones();
            }
        }
        count == 2
    }
}

/// The first and the last of the eight squares of a block that lie in a range.
fn part(from: i64, to: i64, block: i64) -> (i64, i64) {
    let begin = block << BLOCK;
    ((from - begin).max(0), (to - begin).min(7))
}

/// Polygons of fine units, which border on each other, in tile units; rings of which less than a triangle is left go.
pub(super) fn route(shapes: &[Outlines]) -> Vec<Outlines> {
    let Some(vertices) = Vertices::of(shapes) else {
        return shapes.to_vec();
    };
    let mut way = Vec::new();
    let all = shapes.iter().map(|outlines| {
        let mut out = Outlines::default();
        for shape in outlines.shapes() {
            for ring in shape.iter() {
                draw(ring.places, &vertices, &mut way, &mut out);
                out.end_ring(ring.is_outer);
            }
            out.end_shape();
        }
        out
    });
    all.collect()
}

/// Draws a ring in tile units.
fn draw(ring: &[Place], vertices: &Vertices, way: &mut Vec<Place>, out: &mut Outlines) {
    for (a, b) in edges(ring) {
        let (from, to) = (a.coarse(), b.coarse());
        out.draw_to(from);
        if from == to || vertices.are_alone(from, to) {
            continue;
        }
        let (west, east) = (a.min(b), a.max(b));
        if vertices.are_alone_on_the_way(west, east) {
            continue;
        }
        way.clear();
        squares(west, east, |at| {
            if vertices.holds(at) {
                way.push(at);
            }
        });
        if a < b {
            for at in way.iter() {
                out.draw_to(*at);
            }
        } else {
            for at in way.iter().rev() {
                out.draw_to(*at);
            }
        }
    }
}

/// Visits the unit squares, by their middles, that the edge from `a`, its western end, to `b` passes on its way, both its ends' too.
fn squares(a: Place, b: Place, visit: impl FnMut(Place)) {
    let origin = Place {
        x: -FINE / 2,
        y: -FINE / 2,
    };
    cells(a.seen_from(origin), b.seen_from(origin), FINE, visit);
}

/// Visits the square cells with such a side, by column and row, that the edge from `a`, its western end, to `b` passes on its way. A
/// cell has its northern and its western side, and not the others.
fn cells(a: Place, b: Place, side: i64, mut visit: impl FnMut(Place)) {
    let cell = |at: Place| Place {
        x: at.x.div_euclid(side),
        y: at.y.div_euclid(side),
    };
    let (mut at, last) = (cell(a), cell(b));
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let south = dy >= 0;
    let row = if south { 1 } else { -1 };
    // How far it is to the next cell's side in x and in y, each times the other's whole way: what is less comes first. Clipped
    // edges are short, so it fits.
    let to_column = (at.x + 1) * side - a.x;
    let to_row = if south {
        (at.y + 1) * side - a.y
    } else {
        a.y - at.y * side
    };
    let (mut across, mut along) = (to_column * dy.abs(), to_row * dx);
    let (column_step, row_step) = (side * dy.abs(), side * dx);
    visit(at);
    while at != last {
        let is_corner = across == along;
        let takes_column = at.y == last.y || at.x != last.x && across <= along;
        let takes_row = !takes_column || is_corner && south && at.y != last.y;
        if takes_column {
            at.x += 1;
            across += column_step;
        }
        if takes_row {
            at.y += row;
            along += row_step;
        }
        visit(at);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use spade::{DelaunayTriangulation, Point2, Triangulation};

    use super::super::knot::knot;
    use super::super::outlines::Runs;
    use super::super::ring::{Polygon, doubled_area};
    use super::*;

    fn at(x: i64, y: i64) -> Place {
        Place { x, y }
    }

    #[expect(clippy::cast_possible_truncation, reason = "small whole numbers")]
    fn whole(at: Point2<f64>) -> Place {
        Place {
            x: at.x as i64,
            y: at.y as i64,
        }
    }

    fn routed(shapes: &[Vec<Polygon>]) -> Vec<Vec<Polygon>> {
        let routed = route(&[Outlines::of(shapes)]);
        routed[0].shapes().map(Runs::polygons).collect()
    }

    /// Whether an edge and a square have a point in common, by the part of the edge that lies in its rows and that in its columns.
    fn passes(a: Place, b: Place, square: Place) -> bool {
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

    #[test]
    fn an_edge_goes_through_a_vertex_that_it_passes_by_less_than_half_a_unit() {
        let wide = vec![at(0, 0), at(20 * FINE, 100), at(10 * FINE, 9 * FINE)];
        let tall = vec![
            at(10 * FINE, -90),
            at(11 * FINE, -5 * FINE),
            at(12 * FINE, -5 * FINE),
        ];
        let shapes = vec![vec![vec![wide]], vec![vec![tall]]];
        let shapes = routed(&shapes);
        assert_eq!(shapes[0][0][0], [at(0, 0), at(10, 0), at(20, 0), at(10, 9)]);
        assert_eq!(shapes[1][0][0], [at(10, 0), at(11, -5), at(12, -5)]);
    }

    proptest! {
        #[test]
        fn the_squares_on_an_edges_way_are_those_that_it_has_a_point_in(
            ends in prop::array::uniform4(prop_oneof![-1500..1500i64, (-12..12i64).prop_map(|n| n * FINE / 2)]),
        ) {
            let [ax, ay, bx, by] = ends;
            let (a, b) = (at(ax, ay).min(at(bx, by)), at(ax, ay).max(at(bx, by)));
            let mut way = Vec::new();
            squares(a, b, |square| way.push(square));
            let around = |from: i64, to: i64| from.min(to).div_euclid(FINE) - 1..=from.max(to).div_euclid(FINE) + 2;
            let all = around(a.x, b.x).flat_map(|x| around(a.y, b.y).map(move |y| at(x, y)));
            let mut wanted: Vec<Place> = all.filter(|square| passes(a, b, *square)).collect();
            let last = way.last().copied();
            prop_assert_eq!((way[0], last), (a.coarse(), Some(b.coarse())));
            way.sort_unstable();
            wanted.sort_unstable();
            prop_assert_eq!(way, wanted);
        }

        #[test]
        fn no_triangle_of_a_coverage_turns_over_and_no_edge_comes_to_cross_another(
            points in prop::collection::vec((-2000..2000i32, -2000..2000i32), 3..60),
        ) {
            let mut net = DelaunayTriangulation::<Point2<f64>>::new();
            for (x, y) in points {
                net.insert(Point2::new(x.into(), y.into())).unwrap();
            }
            let mut shapes: Vec<Vec<Polygon>> = net.inner_faces().map(|face| {
                let corners = face.vertices().map(|corner| corner.position());
                vec![vec![corners.map(whole).to_vec()]]
            }).collect();
            let hull: Vec<Place> = net.convex_hull().map(|edge| whole(edge.from().position())).collect();
            shapes.push(vec![vec![hull]]);
            let mut shapes = routed(&shapes);
            let hull = shapes.pop().unwrap();
            let area = |polygons: &Vec<Polygon>| -> i128 {
                polygons.iter().flatten().map(|ring| doubled_area(ring)).sum()
            };
            let areas: Vec<i128> = shapes.iter().map(area).collect();
            prop_assert!(areas.iter().all(|area| *area >= 0), "{areas:?}");
            prop_assert_eq!(areas.iter().sum::<i128>(), area(&hull).abs());
            let together = Outlines::of(&[shapes.into_iter().flatten().collect()]);
            prop_assert!(!knot(&mut [together], &[vec![false]]));
        }
    }
}
