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
use super::outlines::Runs;
use super::ring::{Polygon, doubled_area};
use super::touch::Sweep;

/// The same ground as valid polygons: the outer ring first and positive, then its holes, negative; nothing crosses, folds or
/// is without area.
pub(super) fn clean(rings: Runs<'_>, sweep: &mut Sweep) -> Vec<Polygon> {
    if sweep.finds_clean(rings) {
        return rings.polygons();
    }
    overlay(rings)
}

/// The long way, by i_overlay's integer sweep.
pub(super) fn overlay(rings: Runs<'_>) -> Vec<Polygon> {
    let options = IntOverlayOptions {
        preserve_input_collinear: true,
        output_direction: ContourDirection::CounterClockwise,
        preserve_output_collinear: true,
        min_output_area: 0,
        ogc: true,
    };
    let mut solver = Solver::with_strategy_and_precision(Strategy::Auto, Precision::HIGH);
    solver.multithreading = None;
    let mut overlay = Overlay::new_custom(rings.place_count(), options, solver);
    for ring in rings.iter() {
        overlay.add_path_iter(ring.places.iter().copied().map(point), ShapeType::Subject);
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
    use geo::algorithm::Validation;
    use proptest::collection::vec;
    use proptest::prelude::{ProptestConfig, Strategy, TestCaseError};
    use proptest::{prop_assert_eq, proptest};

    use super::super::outlines::Outlines;
    use super::super::touch::winding;
    use super::*;

    /// Side of the small square in which random rings cross, touch and fold often.
    const SIDE: i64 = 8;

    fn ring(places: &[(i64, i64)]) -> Vec<Place> {
        places.iter().map(|&(x, y)| Place { x, y }).collect()
    }

    fn cleaned_of(polygons: Vec<Polygon>) -> Vec<Polygon> {
        clean(Outlines::of(&[polygons]).shape(0), &mut Sweep::default())
    }

    fn areas(polygons: &[Polygon]) -> Vec<Vec<i128>> {
        let of = |rings: &Polygon| rings.iter().map(|ring| doubled_area(ring)).collect();
        polygons.iter().map(of).collect()
    }

    #[test]
    fn of_a_bow_tie_the_lobe_that_winds_the_right_way_stays() {
        let bow_tie = ring(&[(0, 0), (10, 10), (10, 0), (0, 10)]);
        assert_eq!(areas(&cleaned_of(vec![vec![bow_tie]])), [[50]]);
    }

    #[test]
    fn a_spike_goes_and_a_vertex_on_a_straight_line_stays() {
        let spiked = ring(&[(0, 0), (5, 0), (9, 0), (9, 20), (9, 9), (0, 9)]);
        let cleaned = cleaned_of(vec![vec![spiked]]);
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
        assert_eq!(areas(&cleaned_of(vec![vec![comb]])), [[20], [20]]);
    }

    #[test]
    fn a_hole_that_touches_its_outer_ring_stays_a_hole_or_becomes_a_bay_with_the_same_area() {
        let outer = ring(&[(0, 0), (10, 0), (10, 10), (0, 10)]);
        for hole in [
            ring(&[(0, 5), (4, 7), (4, 3)]),
            ring(&[(0, 3), (0, 7), (4, 7), (4, 3)]),
        ] {
            let inside = doubled_area(&hole);
            let cleaned = cleaned_of(vec![vec![outer.clone(), hole]]);
            let sum: i128 = areas(&cleaned).into_iter().flatten().sum();
            assert_eq!(sum, 200 + inside);
        }
    }

    #[test]
    fn rings_without_area_leave_nothing() {
        let flat = ring(&[(0, 0), (0, 9), (0, 4)]);
        assert_eq!(cleaned_of(vec![vec![flat]]), Vec::<Polygon>::new());
    }

    /// Rings of edges along the axes alone, any way round: what they cross at are whole places, so that nothing is rounded.
    fn stairs() -> impl Strategy<Value = Vec<Place>> {
        vec((0..SIDE, 0..SIDE), 2..9).prop_map(|corners| {
            let after = corners.iter().cycle().skip(1);
            let steps = corners
                .iter()
                .zip(after)
                .flat_map(|(&(x, y), &(to, _))| [(x, y), (to, y)]);
            ring(&steps.collect::<Vec<_>>())
        })
    }

    /// Rings of any edges.
    fn tangle() -> impl Strategy<Value = Vec<Place>> {
        vec((0..2 * SIDE, 0..2 * SIDE), 3..12).prop_map(|corners| ring(&corners))
    }

    /// As geo has it: simple rings, holes within their outer ring, interiors in one piece that do not overlap.
    fn check_valid(polygons: &[Polygon]) -> Result<(), TestCaseError> {
        let line = |ring: &Vec<Place>| -> geo::LineString<f64> {
            let exact = |value: i64| f64::from(i32::try_from(value).unwrap());
            ring.iter().map(|at| (exact(at.x), exact(at.y))).collect()
        };
        let polygon = |rings: &Polygon| {
            geo::Polygon::new(line(&rings[0]), rings[1..].iter().map(line).collect())
        };
        let shape: geo::MultiPolygon<f64> = polygons.iter().map(polygon).collect();
        if let Err(error) = shape.check_validation() {
            return Err(TestCaseError::fail(format!("{error}: {polygons:?}")));
        }
        for (index, ring) in polygons.iter().flat_map(|rings| rings.iter().enumerate()) {
            prop_assert_eq!(doubled_area(ring) > 0, index == 0);
        }
        Ok(())
    }

    /// How often rings wind around the middle of a cell one unit wide.
    fn around_cell<'a>(rings: impl Iterator<Item = &'a Vec<Place>>, (x, y): (i64, i64)) -> i64 {
        let middle = Place {
            x: 2 * x + 1,
            y: 2 * y + 1,
        };
        let twice = |at: &Place| Place {
            x: 2 * at.x,
            y: 2 * at.y,
        };
        rings
            .map(|ring| winding(&ring.iter().map(twice).collect::<Vec<_>>(), middle))
            .sum()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn what_rings_that_touch_and_fold_wind_around_comes_out_valid_and_no_cell_is_lost_or_won(
            rings in vec(stairs(), 1..4),
        ) {
            let cleaned = overlay(Outlines::of(&[vec![rings.clone()]]).shape(0));
            check_valid(&cleaned)?;
            for cell in (0..SIDE * SIDE).map(|index| (index % SIDE, index / SIDE)) {
                let covered = i64::from(around_cell(rings.iter(), cell) > 0);
                prop_assert_eq!(around_cell(cleaned.iter().flatten(), cell), covered, "{:?}", cell);
            }
        }

        #[test]
        fn rings_that_cross_between_places_come_out_valid(rings in vec(tangle(), 1..4)) {
            check_valid(&overlay(Outlines::of(&[vec![rings]]).shape(0)))?;
        }
    }
}
