//! Where and when a request asks about.

use crate::exchange::{Transform, TransformError};
use crate::model::{Coord, CoordError, Crs, LonLat, Time};

use super::blocking;
use super::parameters::Parameters;
use super::problem::Problem;

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
        query: Option<&str>,
        fields: &[&str],
    ) -> Result<(Parameters, Self), Problem> {
        let parameters = Parameters::read(query, fields)?;
        let asked = Self::read(&parameters).await?;
        Ok((parameters, asked))
    }

    async fn read(parameters: &Parameters) -> Result<Self, Problem> {
        let given = LonLat {
            lon: parameters.number("lon")?,
            lat: parameters.number("lat")?,
        };
        let crs: Crs = parameters.parsed("crs")?.unwrap_or_default();
        let time = parameters.time()?;
        let (home, turned) = match crs {
            Crs::Epsg(_) => {
                let home = blocking(move || transformed(given, crs)).await?;
                home.map_err(|error| refused(parameters, crs, &error))?
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

/// The refusal of a place that is none in its projection, or of the projection.
fn refused(
    parameters: &Parameters,
    crs: Crs,
    (error, turned): &(TransformError, Option<Coord>),
) -> Problem {
    match error {
        TransformError::Outside { .. } | TransformError::Beyond { .. } => {
            let hint = match turned {
                Some(_) => "; lon is east and lat is north: they look swapped",
                None => "; lon is east and lat is north, both in the units of the system",
            };
            let given = parameters.text("lon").unwrap_or_default();
            Problem::bad_value("lon", given, format!("{error}{hint}"))
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
