//! Where and when a request asks about.

use crate::exchange::{Transform, TransformError, zone_of};
use crate::model::{Coord, CoordError, Crs, LonLat, Time};

use super::parameters::Parameters;
use super::problem::Problem;
use super::{Service, blocking};

/// The place and the time of a question: fields `lon`, `lat`, `crs` and `at`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    /// The point as it was given.
    pub(super) given: LonLat,
    /// What it is given in.
    pub(super) crs: Crs,
    /// The same on the lattice.
    pub(super) at: Coord,
    /// Where it would be with both numbers exchanged, in a projection: there alone that takes more than a formula.
    pub(super) turned: Option<Coord>,
    pub(super) time: Time,
}

impl Asked {
    /// The fields of a request, all of which must be among those that are named, and what they ask about.
    pub(super) async fn of(
        service: &Service,
        query: Option<&str>,
        fields: &[&str],
    ) -> Result<(Parameters, Self), Problem> {
        let parameters = Parameters::read(query, fields)?;
        let asked = Self::read(service, &parameters).await?;
        Ok((parameters, asked))
    }

    async fn read(service: &Service, parameters: &Parameters) -> Result<Self, Problem> {
        let given = LonLat {
            lon: parameters.number("lon")?,
            lat: parameters.number("lat")?,
        };
        let crs: Crs = parameters.parsed("crs")?.unwrap_or_default();
        let time = parameters.time()?;
        let (home, turned) = match crs {
            Crs::Epsg(_) => {
                let home = blocking(move || transformed(given, crs)).await?;
                home.map_err(|(error, turned)| {
                    let ground = service.app.glance().known_ground();
                    let is_known = |at| ground.is_some_and(|ground| ground.holds(at));
                    let hint = hint(given, crs, turned.is_some_and(is_known));
                    refused(parameters, crs, &error, &hint)
                })?
            }
            // What is no degree in its own datum is told in its own numbers.
            datum => match Coord::snap(given) {
                Ok(_) => (datum.to_wgs84(given).unwrap_or(given), None),
                Err(_) => (given, None),
            },
        };
        let snapped = Coord::snap(home).map_err(|error| outside(parameters, &error));
        Ok(Self {
            given,
            crs,
            at: snapped?,
            turned,
            time,
        })
    }
}

/// A point of a projection on WGS 84, and where it is with east and north exchanged, if that is anywhere.
fn transformed(
    given: LonLat,
    crs: Crs,
) -> Result<(LonLat, Option<Coord>), (TransformError, Option<Coord>)> {
    let way = Transform::to_wgs84(crs).map_err(|error| (error, None))?;
    let turned = way.apply(LonLat::new(given.lat, given.lon));
    let turned = turned.ok().and_then(|at| Coord::snap(at).ok());
    match way.apply(given) {
        Ok(home) => Ok((home, turned)),
        Err(error) => Err((error, turned)),
    }
}

/// What may be wrong with numbers that are no place in their projection.
fn hint(given: LonLat, crs: Crs, is_swapped: bool) -> String {
    let zone = match crs {
        Crs::Epsg(code) => zone_of(given.lon, code),
        _ => None,
    };
    let words = "lon is east and lat is north";
    match zone {
        _ if is_swapped => format!("{words}: they look swapped"),
        Some((zone, code)) => format!(
            "lon begins with {zone}, the number of a zone; ask with crs=EPSG:{code} if that is what it is"
        ),
        None => format!("{words}, both in the units of the system"),
    }
}

/// The refusal of a place that is none in its projection, or of the projection.
fn refused(parameters: &Parameters, crs: Crs, error: &TransformError, hint: &str) -> Problem {
    match error {
        TransformError::Outside { .. } | TransformError::Beyond { .. } => {
            let given = parameters.text("lon").unwrap_or_default();
            Problem::bad_value("lon", given, format!("{error}; {hint}"))
        }
        _ => Problem::bad_value("crs", crs.to_string(), error.to_string()),
    }
}

/// The refusal of degrees that no point on Earth has, with the value as it was written.
fn outside(parameters: &Parameters, error: &CoordError) -> Problem {
    let (field, value) = error.field();
    let given = parameters
        .text(field)
        .map_or_else(|| value.to_string(), str::to_owned);
    Problem::bad_value(field, given, error.to_string())
}
