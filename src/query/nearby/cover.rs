//! What a feature reaches: a camera its sector, a service its circle, else the grids that it names.

use std::collections::HashSet;

use super::NearbyError;
use super::distance::{Origin, Reach, millimetres};
use crate::model::{Access, Coord, Feature, FieldKind, GeometryKind, Layer, Time, Value};
use crate::query::listed::any_listed;
use crate::query::locate::locate_in;
use crate::snapshot::{LayerSnapshot, Snapshot};

/// Fields of a sector: its middle in degrees clockwise from north, its whole width in degrees, its depth in metres.
const SECTOR: [&str; 3] = ["bearing", "angle", "range_m"];
/// Field of a circle's radius, metres.
const RADIUS: &str = "radius_m";
/// Field of the codes of the grids that are served.
const AREA: &str = "service_area";
/// Degrees by which an azimuth may miss a sector's side that it lies on, for rounding; 0.1 µm in 5 km.
const ON_SIDE: f64 = 1e-9;

/// How the features of a layer say what they reach, by the positions of the fields.
pub(super) struct Cover<'a> {
    sector: Option<[usize; 3]>,
    radius: Option<usize>,
    area: Option<usize>,
    /// The codes of all grids that own the asked point.
    codes: HashSet<&'a str>,
}

impl<'a> Cover<'a> {
    /// Finds the fields that the reader may see.
    pub(super) fn new(
        snapshot: &'a Snapshot,
        layer: &Layer,
        at: Coord,
        time: Time,
        access: Access,
    ) -> Result<Self, NearbyError> {
        let find = |name: &str, is_fit: fn(FieldKind) -> bool| {
            let mut fields = layer.fields.iter();
            fields.position(|field| field.name == name && is_fit(field.kind) && access.sees(field))
        };
        let number = |name| {
            find(name, |kind| {
                matches!(kind, FieldKind::Integer | FieldKind::Real)
            })
        };
        let sector = match SECTOR.map(number) {
            [Some(bearing), Some(angle), Some(range)] if layer.geometry == GeometryKind::Point => {
                Some([bearing, angle, range])
            }
            _ => None,
        };
        let (radius, area) = (number(RADIUS), find(AREA, |_| true));
        if sector.is_none() && radius.is_none() && area.is_none() {
            return Err(NearbyError::NoReach {
                layer: layer.name.clone(),
            });
        }
        let codes = match area {
            Some(_) => codes_at(snapshot, at, time),
            None => HashSet::new(),
        };
        Ok(Self {
            sector,
            radius,
            area,
            codes,
        })
    }

    /// Metres beyond which nothing in the layer reaches, and how many features say nothing of their reach.
    pub(super) fn survey(&self, layer: &LayerSnapshot, time: Time) -> (f64, usize) {
        let (mut farthest, mut silent) = (0.0_f64, 0);
        let held = |feature: &&Feature| feature.validity.holds_at(time);
        for feature in layer.features().iter().filter(held) {
            match self.claim(feature) {
                None => silent += 1,
                Some(Claim::Sector { range, .. }) => farthest = farthest.max(range),
                Some(Claim::Circle { radius }) => farthest = farthest.max(radius),
                Some(Claim::Grids(_)) => farthest = f64::INFINITY,
            }
        }
        (farthest, silent)
    }

    /// Whether a feature, as far away as `reach` says, covers the asked point.
    pub(super) fn covers(&self, feature: &Feature, origin: &Origin, reach: Reach) -> bool {
        match self.claim(feature) {
            None => false,
            Some(Claim::Circle { radius }) => is_within(reach.metres, radius),
            Some(Claim::Grids(codes)) => any_listed(&codes, |code| self.codes.contains(code)),
            Some(Claim::Sector {
                bearing,
                angle,
                range,
            }) => feature.geometry.coords().any(|camera| {
                let sight = Origin::new(camera).way(origin.degrees());
                is_within(sight.metres, range)
                    && sight.bearing.is_none_or(|towards| {
                        let off = (towards - bearing).rem_euclid(360.0);
                        angle >= 360.0 || off.min(360.0 - off) <= angle / 2.0 + ON_SIDE
                    })
            }),
        }
    }

    /// The first that a feature says: its sector, its radius, its grids.
    fn claim(&self, feature: &Feature) -> Option<Claim> {
        let number = |field: usize| match feature.values.get(field)? {
            #[expect(clippy::cast_precision_loss, reason = "degrees and metres are small")]
            Value::Integer(number) => Some(*number as f64),
            Value::Real(number) => Some(*number).filter(|number| number.is_finite()),
            _ => None,
        };
        let length = |field: usize| number(field).filter(|length| *length >= 0.0);
        let sector = || {
            let [bearing, angle, range] = self.sector?;
            let (angle, range) = (length(angle)?, length(range)?);
            // Who looks all round needs no direction.
            let bearing = number(bearing).or_else(|| (angle >= 360.0).then_some(0.0))?;
            Some(Claim::Sector {
                bearing,
                angle,
                range,
            })
        };
        let circle = || {
            let radius = length(self.radius?)?;
            Some(Claim::Circle { radius })
        };
        let grids = || {
            let codes = feature.values.get(self.area?)?.to_string();
            (!codes.trim().is_empty()).then_some(Claim::Grids(codes))
        };
        sector().or_else(circle).or_else(grids)
    }
}

/// What one feature says of its reach.
enum Claim {
    Sector {
        bearing: f64,
        angle: f64,
        range: f64,
    },
    Circle {
        radius: f64,
    },
    Grids(String),
}

/// Distances count to the millimetre, so that the border belongs to what it borders.
fn is_within(metres: f64, limit: f64) -> bool {
    millimetres(metres) <= millimetres(limit)
}

/// The codes of the grids of all levels of all schemes that own the point.
fn codes_at(snapshot: &Snapshot, at: Coord, time: Time) -> HashSet<&str> {
    let answers = snapshot
        .schemes
        .iter()
        .map(|scheme| locate_in(snapshot, scheme, at, time));
    let owners = answers.flat_map(|answer| answer.levels).flatten();
    owners
        .filter_map(|owner| owner.grid.code.as_deref())
        .collect()
}
