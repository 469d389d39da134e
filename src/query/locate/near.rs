//! Which grids of a level come near a point.

use crate::model::{Bounds, Coord, Feature, Metres, STEPS_PER_DEGREE, Time};
use crate::snapshot::LayerSnapshot;

use super::holders::rank;
use super::measure::{TURN, distance};

/// The shortest degree of latitude, metres, less a little.
const DEGREE_NORTH: f64 = 110_500.0;
/// A degree of longitude on the equator, metres, less a little.
const DEGREE_EAST: f64 = 111_300.0;

/// The grids of a level that come within a reach of the point at a time, with their distances in metres: the nearest first,
/// then by code.
pub(super) fn near(
    layer: &LayerSnapshot,
    at: Coord,
    reach: Metres,
    time: Time,
) -> Vec<(&Feature, f64)> {
    let mut positions: Vec<usize> = windows(at, reach)
        .into_iter()
        .flat_map(|window| layer.tree().meeting(window))
        .collect();
    positions.sort_unstable();
    positions.dedup();
    let mut found: Vec<(&Feature, f64)> = positions
        .into_iter()
        .map(|position| &layer.features()[position])
        .filter(|grid| grid.validity.holds_at(time))
        .map(|grid| (grid, distance(at, &grid.geometry)))
        .filter(|(_, metres)| *metres <= reach.value())
        .collect();
    found.sort_by(|(a, near), (b, far)| near.total_cmp(far).then_with(|| rank(a).cmp(&rank(b))));
    found
}

/// Boxes that hold every point within a reach: two where they lie across the 180th meridian.
fn windows(at: Coord, reach: Metres) -> Vec<Bounds> {
    let (pole, half) = (900_000_000, TURN / 2);
    let north = reach.value() / DEGREE_NORTH;
    let farthest = at.degrees().lat.abs() + north;
    let east = if farthest < 90.0 {
        reach.value() / (DEGREE_EAST * farthest.to_radians().cos())
    } else {
        180.0
    };
    let (lon, lat) = (i64::from(at.lon), i64::from(at.lat));
    let (east, north) = (steps(east), steps(north));
    let band = |west: i64, east: i64| Bounds {
        min: corner(west, (lat - north).max(-pole)),
        max: corner(east, (lat + north).min(pole)),
    };
    match (lon - east, lon + east) {
        (west, east) if east - west >= TURN => vec![band(-half, half)],
        (west, east) if west < -half => vec![band(-half, east), band(west + TURN, half)],
        (west, east) if east > half => vec![band(west, half), band(-half, east - TURN)],
        (west, east) => vec![band(west, east)],
    }
}

/// Lattice steps that hold these degrees, half a turn at most.
fn steps(degrees: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "at most 180e7")]
    let steps = (degrees.min(180.0) * STEPS_PER_DEGREE).ceil() as i64;
    steps + 1
}

fn corner(lon: i64, lat: i64) -> Coord {
    let inside =
        |steps: i64| i32::try_from(steps).unwrap_or(if steps < 0 { i32::MIN } else { i32::MAX });
    Coord {
        lon: inside(lon),
        lat: inside(lat),
    }
}
