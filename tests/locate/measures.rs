//! Distances, gaps and shares, against slower ways: a search along every edge with `geo`'s geodesic, GEOS's overlay with a
//! circle of many corners, and points thrown at the disc.

use geo::{Contains, Destination, Distance, Geodesic, LineString, MultiPolygon, Point, Polygon};
use proptest::prelude::*;
use rand_pcg::Pcg64;
use rand_pcg::rand_core::{Rng, SeedableRng};
use wangge::model::{Coord, Feature, Geometry, LocateRules, Metres, Side, Time, Validity};
use wangge::query::{Outcome, Question, locate};
use wangge::snapshot::Snapshot;

use super::ground::{Ground, Scale, city, ground, hamlet, probe};
use super::{base, code, exact_polygons, side};

const NOW: Time = Time::from_millis(0);

fn degrees(at: Coord) -> Point {
    let at = at.degrees();
    Point::new(at.lon, at.lat)
}

/// Metres from a point to the nearest of all edges: each is searched by thirds on the ellipsoid.
fn slow_distance(at: Coord, shape: &Geometry) -> f64 {
    if shape.side(at) != Side::Outside {
        return 0.0;
    }
    let at = degrees(at);
    let edge = |a: Coord, b: Coord| {
        let (a, b) = (degrees(a), degrees(b));
        let metres = |part: f64| Geodesic.distance(at, a + (b - a) * part);
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..45 {
            let (third, other) = (low + (high - low) / 3.0, high - (high - low) / 3.0);
            if metres(third) < metres(other) {
                high = other;
            } else {
                low = third;
            }
        }
        metres(low).min(metres(0.0)).min(metres(1.0))
    };
    let rings = shape.runs();
    let edges = rings.flat_map(|ring| {
        let ring: Vec<Coord> = ring.collect();
        (0..ring.len()).map(move |n| (ring[n], ring[(n + 1) % ring.len()]))
    });
    edges.map(|(a, b)| edge(a, b)).fold(f64::INFINITY, f64::min)
}

fn without_time(mut ground: Ground) -> Ground {
    for feature in ground.levels.iter_mut().flatten() {
        feature.validity = Validity::ALWAYS;
    }
    ground
}

fn with_limit(ground: &Ground, gap_limit: f64) -> Snapshot {
    let rules = LocateRules {
        gap_limit: metres(gap_limit),
        most_candidates: usize::MAX,
        ..LocateRules::default()
    };
    Snapshot {
        rules: std::sync::Arc::new(rules),
        ..base(ground)
    }
}

fn metres(number: f64) -> Metres {
    Metres::up_to(Metres::LONGEST, number).unwrap()
}

fn parent_of<'a>(level: &'a [Feature], child: &Feature) -> Option<&'a Feature> {
    level
        .iter()
        .find(|grid| child.parent.is_some() && grid.code == child.parent)
}

/// The community of a grid: the one that it names, if that is there and their bounds meet.
fn named_community<'a>(ground: &'a Ground, grid: &Feature) -> Option<&'a Feature> {
    let named = parent_of(&ground.levels[1], grid);
    named.filter(|named| named.geometry.bounds().meets(grid.geometry.bounds()))
}

/// A disc on one ground, in metres that suit its scale.
fn asked() -> impl Strategy<Value = (Ground, Coord, f64)> {
    let scale = prop_oneof![
        Just((hamlet(), 0.05..2.0_f64)),
        Just((city(), 500.0..9000.0_f64))
    ];
    scale.prop_flat_map(|(scale, reach)| {
        (Just(scale), ground(scale), probe(), reach).prop_map(
            |(scale, ground, probe, reach): (Scale, Ground, _, f64)| {
                let ground = without_time(ground);
                let shapes: Vec<&Geometry> = ground
                    .levels
                    .iter()
                    .flatten()
                    .map(|each| &each.geometry)
                    .collect();
                let at = probe.coord(scale, &shapes);
                (ground, at, reach)
            },
        )
    })
}

fn polygons(shape: &Geometry) -> MultiPolygon {
    match shape.to_geo() {
        geo::Geometry::MultiPolygon(polygons) => polygons,
        other => panic!("{other:?} is no polygon"),
    }
}

fn circle(at: Coord, radius: f64, corners: u32) -> Polygon {
    let corner = |n: u32| {
        let bearing = -360.0 * f64::from(n) / f64::from(corners);
        Geodesic.destination(degrees(at), bearing, radius).0
    };
    Polygon::new((0..=corners).map(corner).collect::<LineString>(), vec![])
}

/// The part of a fine circle that GEOS finds in a shape, in degrees: the scale of longitude changes by less than a thousandth
/// across the widest disc here.
fn overlay_share(at: Coord, radius: f64, shape: &Geometry) -> f64 {
    let geos = |polygons: &MultiPolygon| {
        let ring = |ring: &LineString| {
            let corners = ring.0.iter().map(|at| format!("{:?} {:?}", at.x, at.y));
            format!("({})", corners.collect::<Vec<_>>().join(","))
        };
        let polygon = |polygon: &Polygon| {
            let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
            format!("({})", rings.map(ring).collect::<Vec<_>>().join(","))
        };
        let polygons = polygons.iter().map(polygon).collect::<Vec<_>>().join(",");
        gdal::vector::Geometry::from_wkt(&format!("MULTIPOLYGON({polygons})")).unwrap()
    };
    let disc = geos(&MultiPolygon(vec![circle(at, radius, 720)]));
    let common = geos(&polygons(shape)).intersection(&disc);
    common.map_or(0.0, |common| common.area()) / disc.area()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn rule_3_gap_the_nearest_grid_is_the_one_that_a_search_along_every_edge_finds(
        (ground, at, limit) in asked(),
    ) {
        let snapshot = with_limit(&ground, limit);
        let answer = locate(&snapshot, &Question::new(at, NOW));
        let answer = answer.first.as_ref().unwrap();
        let [_, communities, grids] = &ground.levels;
        let is_held = |grid: &Feature| side(&exact_polygons(&grid.geometry), at) != Side::Outside;
        if grids.iter().any(is_held) {
            prop_assert_ne!(answer.outcome, Outcome::Gap);
            return Ok(());
        }
        let mut homes: Vec<&Feature> = communities.iter().filter(|each| is_held(each)).collect();
        homes.sort_by_key(|home| code(home));
        let Some(home) = homes.first() else {
            // The county's gaps are judged by its communities' gaps; here only the distance.
            return Ok(());
        };
        // Grids that name no community that is there belong where they lie, which is told apart elsewhere.
        let of_home = |grid: &&Feature| named_community(&ground, grid).is_some_and(|named| named.code == home.code);
        let nearest = grids.iter().filter(of_home).map(|grid| slow_distance(at, &grid.geometry));
        let nearest = nearest.fold(f64::INFINITY, f64::min);
        let fuzz = 1e-6 * limit;
        if nearest < limit - fuzz {
            prop_assert_eq!(answer.outcome, Outcome::Gap);
        }
        if answer.outcome == Outcome::Gap {
            let owner = answer.lowest().unwrap().grid;
            let metres = answer.candidates[0].distance_m;
            prop_assert!((metres - slow_distance(at, &owner.geometry)).abs() < fuzz);
            prop_assert!(metres <= nearest + fuzz);
            let named = named_community(&ground, owner);
            prop_assert!(named.is_none_or(|named| named.code == home.code));
            for candidate in &answer.candidates {
                let slow = slow_distance(at, &candidate.owner.grid.geometry);
                prop_assert!((candidate.distance_m - slow).abs() < fuzz, "{} {}", candidate.distance_m, slow);
            }
        } else {
            prop_assert_eq!(answer.outcome == Outcome::Fallback || homes.len() > 1 || answer.outcome == Outcome::Boundary, true);
        }
    }

    #[test]
    fn rule_2_accuracy_shares_are_those_of_an_overlay_with_a_fine_circle(
        (ground, at, radius) in asked(),
    ) {
        let snapshot = with_limit(&ground, 0.0);
        let question = Question { accuracy: metres(radius), ..Question::new(at, NOW) };
        let answer = locate(&snapshot, &question);
        let answer = answer.first.as_ref().unwrap();
        let grids = &ground.levels[2];
        let slow: Vec<(String, f64)> = grids.iter()
            .map(|grid| (code(grid), overlay_share(at, radius, &grid.geometry)))
            .filter(|(_, share)| *share > 1e-9)
            .collect();
        let all: f64 = slow.iter().map(|(_, share)| share).sum();
        if answer.is_certain() {
            prop_assert_eq!(slow.len(), 1, "{:?}", slow);
            prop_assert!((all - 1.0).abs() < 1e-6);
            return Ok(());
        }
        prop_assert!(answer.outcome != Outcome::Inside);
        // A touch has no share.
        let shares: f64 = answer.candidates.iter().filter_map(|each| each.share).sum();
        prop_assert!(shares <= 1.0 + 1e-9);
        let scaled = all.max(1.0);
        for (code_of, share) in &slow {
            let found = answer.candidates.iter().find(|each| code(each.owner.grid) == *code_of);
            let found = found.map_or(0.0, |found| found.share.unwrap());
            prop_assert!((found - share / scaled).abs() < 1.5e-3, "{} {} {}", code_of, found, share);
        }
        let sorted = answer.candidates.is_sorted_by(|a, b| a.share >= b.share);
        prop_assert!(sorted);
    }

    #[test]
    fn rule_2_accuracy_certain_means_that_every_point_thrown_at_the_disc_falls_into_the_owner(
        (ground, at, radius) in asked(),
        seed in any::<u64>(),
    ) {
        let snapshot = with_limit(&ground, 0.0);
        let question = Question { accuracy: metres(radius), ..Question::new(at, NOW) };
        let answer = locate(&snapshot, &question);
        let answer = answer.first.as_ref().unwrap();
        let mut dice = Pcg64::seed_from_u64(seed);
        #[expect(clippy::cast_precision_loss, reason = "dice")]
        let mut unit = || (dice.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
        let throws = 1500;
        let thrown: Vec<Point> = (0..throws).map(|_| {
            let (bearing, reach) = (360.0 * unit(), unit().sqrt() * radius * 0.9999);
            Geodesic.destination(degrees(at), bearing, reach)
        }).collect();
        for grid in &ground.levels[2] {
            let polygons = polygons(&grid.geometry);
            let hits = thrown.iter().filter(|point| polygons.contains(*point)).count();
            if answer.is_certain() {
                let is_owner = answer.lowest().unwrap().grid.code == grid.code;
                prop_assert_eq!(hits, if is_owner { throws } else { 0 });
                continue;
            }
            let candidate = answer.candidates.iter().find(|each| each.owner.grid.code == grid.code);
            prop_assert!(hits == 0 || candidate.is_some());
            let all: f64 = answer.candidates.iter().filter_map(|each| each.share).sum();
            if let Some(share) = candidate.and_then(|each| each.share).filter(|_| all < 0.999) {
                #[expect(clippy::cast_precision_loss, reason = "few")]
                let part = hits as f64 / throws as f64;
                // Five standard deviations.
                prop_assert!((share - part).abs() < 5.0 * (0.25 / 1500.0_f64).sqrt(), "{} {}", share, part);
            }
        }
    }
}
