//! Points and boxes against shapes, as `geo` has them.

use geo::Intersects;
use proptest::prelude::*;
use wangge::model::{Bounds, Feature, FeatureId, Geometry, GeometryKind, Run};
use wangge::query::features_within;
use wangge::snapshot::LayerSnapshot;

use super::ground::{Probe, ground, probe, scale, shape};
use super::{exact, exact_polygons, side, time};
use crate::support::layer;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_polygon_with_holes_has_a_point_where_geo_has_it(
        (scale, shape, probes) in (scale(), shape(), prop::collection::vec(probe(), 24)),
    ) {
        let geometry = scale.geometry(&shape);
        let polygons = exact_polygons(&geometry);
        for probe in probes {
            let at = probe.coord(scale, &[&geometry]);
            prop_assert_eq!(geometry.side(at), side(&polygons, at), "{:?}", at);
        }
    }

    #[test]
    fn a_box_holds_the_features_that_geo_finds_to_share_a_point_with_it(
        (ground, corners, time) in scale().prop_flat_map(|scale| {
            (Just(scale), ground(scale), prop::collection::vec((probe(), probe()), 12), time())
        }).prop_map(|(scale, ground, probes, time)| {
            let grids = ground.levels[2].iter();
            let shapes: Vec<&Geometry> = grids.map(|feature| &feature.geometry).collect();
            let corner = |probe: &Probe| probe.coord(scale, &shapes);
            let corners: Vec<_> = probes.iter().map(|(a, b)| (corner(a), corner(b))).collect();
            (ground, corners, time)
        }),
        kind in prop::sample::select(vec![
            GeometryKind::Polygon, GeometryKind::Line, GeometryKind::Point,
        ]),
    ) {
        let features = of_kind(&ground.levels[2], kind);
        let all = LayerSnapshot::build(layer("base.grid", kind, vec![]), 1, features.clone());
        let holding = |feature: &&Feature| feature.validity.holds_at(time);
        for (a, b) in corners {
            // A box of no width touches what lies on it, too.
            for bounds in [Bounds::of(a).union(Bounds::of(b)), Bounds::of(a)] {
                let corners = geo::Rect::new(exact(bounds.min), exact(bounds.max));
                let touching = |feature: &&Feature| exact_shape(&feature.geometry).intersects(&corners);
                let expected: Vec<&Feature> = features.iter().filter(holding).filter(touching).collect();
                prop_assert_eq!(features_within(&all, Some(bounds), time), expected, "{:?}", bounds);
            }
        }
        let expected: Vec<&Feature> = features.iter().filter(holding).collect();
        prop_assert_eq!(features_within(&all, None, time), expected);
    }
}

/// The same features drawn as lines (their rings, open) or points (their vertices), numbered in order.
fn of_kind(features: &[Feature], kind: GeometryKind) -> Vec<Feature> {
    let drawn = |geometry: &Geometry| match kind {
        GeometryKind::Polygon => geometry.clone(),
        GeometryKind::Line => Geometry::lines(geometry.runs().map(Iterator::collect)).unwrap(),
        GeometryKind::Point => Geometry::points(geometry.coords()).unwrap(),
    };
    let numbered = |(id, feature): (i64, &Feature)| Feature {
        id: FeatureId(id),
        geometry: drawn(&feature.geometry),
        ..feature.clone()
    };
    (1..).zip(features).map(numbered).collect()
}

fn exact_shape(geometry: &Geometry) -> geo::Geometry {
    let line = |run: Run<'_>| run.map(|at| exact(at).0).collect();
    match geometry.kind() {
        GeometryKind::Polygon => exact_polygons(geometry).into(),
        GeometryKind::Line => geo::MultiLineString::new(geometry.runs().map(line).collect()).into(),
        GeometryKind::Point => {
            let points = geometry.coords().map(exact);
            geo::MultiPoint(points.collect()).into()
        }
    }
}
