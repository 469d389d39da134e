//! Where and when a request asks about.

use crate::exchange::Transform;
use crate::model::{Coord, Crs, LonLat, Time};

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
        let at = match crs.to_wgs84(given) {
            Some(at) => at,
            None => blocking(move || transformed(given, crs)).await??,
        };
        Ok(Self {
            given,
            crs,
            at: Coord::snap(at)?,
            time,
        })
    }
}

fn transformed(given: LonLat, crs: Crs) -> Result<LonLat, Problem> {
    Transform::to_wgs84(crs)
        .and_then(|transform| transform.apply(given))
        .map_err(|error| Problem::bad_value("crs", crs.to_string(), error.to_string()))
}
