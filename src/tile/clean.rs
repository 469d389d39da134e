//! Rounding and clipping can make rings cross, touch or fold: polygons come out valid again.
//!
//! What is covered is what the rings wind around at least once, outer rings counting 1 and holes -1. A lobe that rounding
//! turned inside out counts -1 and goes: it is the neighbour's ground. Vertices on a straight line stay, because a neighbour
//! may have a corner there.

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::{ContourDirection, IntOverlayOptions, Overlay, ShapeType};
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::core::solver::{Precision, Solver, Strategy};
use i_overlay::i_float::int::point::IntPoint;

use super::mercator::Place;
use super::ring::{Polygon, doubled_area};
use super::touch::is_clean;

/// The same ground as valid polygons: the outer ring first and positive, then its holes, negative; nothing crosses, folds or
/// is without area.
pub(super) fn clean(polygons: Vec<Polygon>) -> Vec<Polygon> {
    if is_clean(&polygons) {
        return polygons;
    }
    overlay(&polygons)
}

/// The long way, by i_overlay's integer sweep.
fn overlay(polygons: &[Polygon]) -> Vec<Polygon> {
    let options = IntOverlayOptions {
        preserve_input_collinear: true,
        output_direction: ContourDirection::CounterClockwise,
        preserve_output_collinear: true,
        min_output_area: 0,
        ogc: true,
    };
    let mut solver = Solver::with_strategy_and_precision(Strategy::Auto, Precision::HIGH);
    solver.multithreading = None;
    let vertices = polygons.iter().flatten().map(Vec::len).sum();
    let mut overlay = Overlay::new_custom(vertices, options, solver);
    for ring in polygons.iter().flatten() {
        overlay.add_path_iter(ring.iter().copied().map(point), ShapeType::Subject);
    }
    overlay
        .overlay(OverlayRule::Subject, FillRule::Positive)
        .into_iter()
        .map(|contours| {
            let rings = contours.into_iter().enumerate();
            rings
                .map(|(index, contour)| turned(contour, index == 0))
                .collect()
        })
        .collect()
}

/// Clipped places lie within two sides of the tile's corner.
fn point(at: Place) -> IntPoint {
    let fit = |value: i64| i32::try_from(value).unwrap_or_default();
    IntPoint::new(fit(at.x), fit(at.y))
}

/// A contour as a ring that is positive where it is an outer one, negative where not.
fn turned(contour: Vec<IntPoint>, outer: bool) -> Vec<Place> {
    let mut ring: Vec<Place> = contour
        .into_iter()
        .map(|at| Place {
            x: i64::from(at.x),
            y: i64::from(at.y),
        })
        .collect();
    if (doubled_area(&ring) > 0) != outer {
        ring.reverse();
    }
    ring
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(places: &[(i64, i64)]) -> Vec<Place> {
        places.iter().map(|&(x, y)| Place { x, y }).collect()
    }

    fn areas(polygons: &[Polygon]) -> Vec<Vec<i128>> {
        let of = |rings: &Polygon| rings.iter().map(|ring| doubled_area(ring)).collect();
        polygons.iter().map(of).collect()
    }

    #[test]
    fn of_a_bow_tie_the_lobe_that_winds_the_right_way_stays() {
        let bow_tie = ring(&[(0, 0), (10, 10), (10, 0), (0, 10)]);
        assert_eq!(areas(&clean(vec![vec![bow_tie]])), [[50]]);
    }

    #[test]
    fn a_spike_goes_and_a_vertex_on_a_straight_line_stays() {
        let spiked = ring(&[(0, 0), (5, 0), (9, 0), (9, 20), (9, 9), (0, 9)]);
        let cleaned = clean(vec![vec![spiked]]);
        assert_eq!(areas(&cleaned), [[162]]);
        assert!(cleaned[0][0].contains(&Place { x: 5, y: 0 }), "{cleaned:?}");
    }

    #[test]
    fn a_ring_joined_along_the_frame_comes_apart() {
        // A comb whose teeth were joined along x = 0 by clipping.
        let comb = ring(&[
            (0, 0),
            (5, 0),
            (5, 2),
            (0, 2),
            (0, 4),
            (5, 4),
            (5, 6),
            (0, 6),
        ]);
        assert_eq!(areas(&clean(vec![vec![comb]])), [[20], [20]]);
    }

    #[test]
    fn a_hole_that_touches_its_outer_ring_stays_a_hole_or_becomes_a_bay_with_the_same_area() {
        let outer = ring(&[(0, 0), (10, 0), (10, 10), (0, 10)]);
        for hole in [
            ring(&[(0, 5), (4, 7), (4, 3)]),
            ring(&[(0, 3), (0, 7), (4, 7), (4, 3)]),
        ] {
            let inside = doubled_area(&hole);
            let cleaned = clean(vec![vec![outer.clone(), hole]]);
            let sum: i128 = areas(&cleaned).into_iter().flatten().sum();
            assert_eq!(sum, 200 + inside);
        }
    }

    #[test]
    fn rings_without_area_leave_nothing() {
        let flat = ring(&[(0, 0), (0, 9), (0, 4)]);
        assert_eq!(clean(vec![vec![flat]]), Vec::<Polygon>::new());
    }
}
