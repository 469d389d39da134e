//! Fine units → tile units, by snap rounding (Hobby 1999): an edge that passes through the unit square of a vertex, of whichever
//! polygon, goes through the middle of that square, as the vertex does.
//!
//! So no vertex changes sides with an edge by rounding: what was a narrow strip between borders may close, and never turns over to
//! lie on both of its neighbours. Edges come to meet at their ends only, as far as they did before. What an edge becomes depends on
//! its ends and the vertices near it: neighbours, and levels of a scheme that share it, get the same.

use super::mercator::Place;
use super::outlines::Outlines;
use super::vertices::Vertices;

/// Polygons of fine units, which border on each other, in tile units; rings of which less than a triangle is left go.
pub(super) fn route(shapes: &[Outlines]) -> Vec<Outlines> {
    let Some(vertices) = Vertices::of(shapes) else {
        return shapes.to_vec();
    };
    let mut way = Vec::new();
    let all = shapes.iter().map(|outlines| {
        let mut out = Outlines::like(outlines);
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

/// Draws a ring in tile units; `way` is room that is used again.
fn draw(ring: &[Place], vertices: &Vertices, way: &mut Vec<Place>, out: &mut Outlines) {
    let Some(&last) = ring.last() else {
        return;
    };
    let (mut a, mut from) = (last, last.coarse());
    for &b in ring {
        let to = b.coarse();
        if from != to {
            way.clear();
            vertices.on_way(a, b, way);
            for at in way.iter() {
                out.draw_to(*at);
            }
            out.draw_to(to);
        }
        (a, from) = (b, to);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use spade::{DelaunayTriangulation, Point2, Triangulation};

    use super::super::knot::knot;
    use super::super::mercator::FINE;
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
