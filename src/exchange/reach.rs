//! Where a coordinate reference system is meant for, and whether a file's points lie there.

use gdal::spatial_ref::SpatialRef;

use super::{Transform, messages};
use crate::model::LonLat;

/// Degrees beyond the area of use that are nothing odd: a zone is used past its edge by whoever lies on it.
const MARGIN: f64 = 3.0;
/// Datums of the Chinese surveys of 1954 and 1980; their ways to WGS 84 are not public.
const OLD: [&str; 4] = ["Beijing 1954", "Beijing_1954", "Xian 1980", "Xian_1980"];

/// The area of use of a system.
pub(super) struct Reach {
    system: String,
    /// West, south, east, north; degrees.
    area: Option<[f64; 4]>,
    is_old: bool,
}

/// How points lie to the area.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Lie {
    Inside,
    /// Inside once x and y change places.
    Swapped,
    Outside,
}

impl Reach {
    pub(super) fn of_epsg(code: u32) -> Option<Self> {
        SpatialRef::from_epsg(code)
            .ok()
            .map(|system| Self::of(&system))
    }

    pub(super) fn of(system: &SpatialRef) -> Self {
        let name = system.name().unwrap_or_else(|| "the file's system".into());
        let wkt = system.to_wkt().unwrap_or_default();
        let area = system.area_of_use().map(|area| {
            [
                area.west_lon_degree,
                area.south_lat_degree,
                area.east_lon_degree,
                area.north_lat_degree,
            ]
        });
        messages::take();
        Self {
            system: system
                .authority()
                .map_or(name.clone(), |code| format!("{code} ({name})")),
            // An area across the date line is not told from one that is wrong.
            area: area.filter(|[west, _, east, _]| west < east),
            is_old: OLD.iter().any(|datum| wkt.contains(datum)),
        }
    }

    pub(super) fn system(&self) -> &str {
        &self.system
    }

    /// How most of the points, in the numbers of the source, lie to the area.
    pub(super) fn lie(&self, points: &[LonLat], transform: &Transform) -> Lie {
        let Some([west, south, east, north]) = self.area else {
            return Lie::Inside;
        };
        let is_inside = |at: LonLat| {
            transform.apply(at).is_ok_and(|at| {
                (west - MARGIN..=east + MARGIN).contains(&at.lon)
                    && (south - MARGIN..=north + MARGIN).contains(&at.lat)
            })
        };
        let most = |count: usize| count * 2 > points.len();
        if points.is_empty() || !most(points.iter().filter(|at| !is_inside(**at)).count()) {
            return Lie::Inside;
        }
        let swapped = |at: &&LonLat| is_inside(LonLat::new(at.lat, at.lon));
        if most(points.iter().filter(swapped).count()) {
            Lie::Swapped
        } else {
            Lie::Outside
        }
    }

    /// What is to be said of the system or of points that lie so.
    pub(super) fn notes(&self, lie: &Lie) -> Vec<String> {
        let system = &self.system;
        let mut notes = Vec::new();
        if *lie == Lie::Outside {
            notes.push(format!(
                "most points lie outside the area of use of {system}; look whether it is the right zone"
            ));
        }
        if self.is_old {
            notes.push(format!(
                "{system} has no public way to WGS 84: positions are approximate, by tens of metres"
            ));
        }
        notes
    }
}
