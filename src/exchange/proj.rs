//! The ways of PROJ between a system and WGS 84, and whether a point that goes one comes back.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use gdal::spatial_ref::{AxisMappingStrategy, CoordTransform, SpatialRef};

use super::messages;
use crate::model::LonLat;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Direction {
    ToWgs84,
    FromWgs84,
}

/// A way to WGS 84 or from it.
pub(super) struct Ways {
    there: CoordTransform,
    /// The way home from WGS 84, which tells what was wrapped around; degrees that go the other way are checked by whoever has them.
    back: Option<CoordTransform>,
    has_lengths: bool,
}

/// How far a point may be from itself after there and back, as a share of its numbers. Between old datums PROJ chooses its
/// way by the place, and not always the same back: NAD27, AGD66 or Beijing 1954 then differ by up to 4e-5. What is wrapped
/// around differs by about all of it.
const DRIFT: f64 = 1e-3;

/// Small numbers drift as if they were this large.
const SMALL: f64 = 1e3;

/// Ways that a thread keeps at most: a deployment uses a few systems, but a caller can name thousands.
const KEPT: usize = 16;

thread_local! {
    /// PROJ looks a system up in its database for milliseconds; a request for one point must not wait for that again.
    static KNOWN: RefCell<HashMap<(u32, Direction), Rc<Ways>>> = RefCell::default();
}

impl Ways {
    /// The way of an EPSG code, or why PROJ has none.
    pub(super) fn of_epsg(code: u32, direction: Direction) -> Result<Rc<Self>, String> {
        if let Some(known) = KNOWN.with_borrow(|known| known.get(&(code, direction)).cloned()) {
            return Ok(known);
        }
        messages::listen();
        messages::take();
        let system = SpatialRef::from_epsg(code).map_err(|error| {
            messages::failure(&messages::take()).unwrap_or_else(|| error.to_string())
        })?;
        let ways = Rc::new(Self::of(&system, direction)?);
        KNOWN.with_borrow_mut(|known| {
            if known.len() >= KEPT {
                known.clear();
            }
            known.insert((code, direction), Rc::clone(&ways));
        });
        Ok(ways)
    }

    /// The way of a system, or why PROJ has none.
    pub(super) fn of(system: &SpatialRef, direction: Direction) -> Result<Self, String> {
        let there = connect(system.clone(), direction)?;
        let back = match direction {
            Direction::ToWgs84 => Some(connect(system.clone(), Direction::FromWgs84)?),
            Direction::FromWgs84 => None,
        };
        Ok(Self {
            there,
            back,
            has_lengths: system.is_projected(),
        })
    }

    /// Whether the system has lengths where others have degrees.
    pub(super) fn has_lengths(&self) -> bool {
        self.has_lengths
    }

    /// Where the points are at the other end, or the place among them of the first that has no counterpart there.
    pub(super) fn carry(&self, points: &[LonLat]) -> Result<Vec<LonLat>, usize> {
        carry(&self.there, points)
    }

    /// The place of the first point that is not itself again when it comes back: PROJ wraps around what lies beyond a system.
    pub(super) fn first_beyond(&self, points: &[LonLat], there: &[LonLat]) -> Option<usize> {
        let again = match carry(self.back.as_ref()?, there) {
            Ok(again) => again,
            Err(at) => return Some(at),
        };
        let is_same = |(at, again): (&LonLat, &LonLat)| {
            let size = SMALL + at.lon.abs() + at.lat.abs();
            (at.lon - again.lon).hypot(at.lat - again.lat) <= DRIFT * size
        };
        points.iter().zip(&again).position(|both| !is_same(both))
    }
}

fn carry(transform: &CoordTransform, points: &[LonLat]) -> Result<Vec<LonLat>, usize> {
    let mut xs: Vec<f64> = points.iter().map(|at| at.lon).collect();
    let mut ys: Vec<f64> = points.iter().map(|at| at.lat).collect();
    // PROJ's words repeat the numbers without saying which; the point that failed says more.
    let done = transform.transform_coords(&mut xs, &mut ys, &mut []);
    messages::take();
    let is_none = |(x, y): (&f64, &f64)| !(x.is_finite() && y.is_finite());
    match xs.iter().zip(&ys).position(is_none) {
        Some(at) => Err(at),
        None if done.is_err() && !points.is_empty() => Err(0),
        None => Ok(xs
            .into_iter()
            .zip(ys)
            .map(|(x, y)| LonLat::new(x, y))
            .collect()),
    }
}

/// Joins a system with WGS 84, both x first.
fn connect(mut system: SpatialRef, direction: Direction) -> Result<CoordTransform, String> {
    messages::take();
    let joined = SpatialRef::from_epsg(4326).and_then(|mut wgs84| {
        wgs84.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
        system.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
        match direction {
            Direction::ToWgs84 => CoordTransform::new(&system, &wgs84),
            Direction::FromWgs84 => CoordTransform::new(&wgs84, &system),
        }
    });
    joined
        .map_err(|error| messages::failure(&messages::take()).unwrap_or_else(|| error.to_string()))
}
