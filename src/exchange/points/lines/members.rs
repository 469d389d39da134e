//! The members of a line: those that hold the point, and those whose names are taken.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::super::super::columns::{LAT, LON};
use super::super::table::PointColumns;
use super::super::{RowPoint, number};
use crate::model::LonLat;

/// The names that are looked for in a line.
pub(super) struct Names {
    lon: Vec<String>,
    lat: Vec<String>,
    /// Those that are added.
    pub added: Vec<String>,
}

impl Names {
    pub(super) fn of(columns: &PointColumns) -> Self {
        let names = |given: &Option<String>, usual: &[&str]| match given {
            Some(name) => vec![name.clone()],
            None => usual.iter().map(|&name| name.to_owned()).collect(),
        };
        Self {
            lon: names(&columns.lon, &LON),
            lat: names(&columns.lat, &LAT),
            added: Vec::new(),
        }
    }

    /// Reads a line.
    pub(super) fn members<'t>(&self, line: &'t str) -> Result<Members<'t>, serde_json::Error> {
        let mut reader = serde_json::Deserializer::from_str(line);
        let members = reader.deserialize_map(Reading(self))?;
        reader.end()?;
        Ok(members)
    }
}

/// What a line's members say.
#[derive(Default)]
pub(super) struct Members<'t> {
    pub count: usize,
    /// The best name that was found, lower is better, and what it holds.
    lon: Option<(usize, &'t RawValue)>,
    lat: Option<(usize, &'t RawValue)>,
    /// Numbers of the added names that the line has members of.
    pub taken: Vec<usize>,
}

impl Members<'_> {
    pub(super) fn point(&self) -> RowPoint {
        let (lon, lat) = match (self.lon, self.lat) {
            (Some((_, lon)), Some((_, lat))) => (lon.get(), lat.get()),
            (None, None) => return RowPoint::Bad("the line has no lon and no lat".into()),
            (None, Some(_)) => return RowPoint::Bad("the line has no lon".into()),
            (Some(_), None) => return RowPoint::Bad("the line has no lat".into()),
        };
        match (degrees(lon), degrees(lat)) {
            (Some(lon), Some(lat)) => RowPoint::At(LonLat { lon, lat }),
            _ if is_blank(lon) && is_blank(lat) => RowPoint::None,
            (None, _) => RowPoint::Bad(super::super::no_number("lon", unquoted(lon))),
            (_, None) => RowPoint::Bad(super::super::no_number("lat", unquoted(lat))),
        }
    }
}

/// The number that a member holds, also as a string, as some programs write all values.
fn degrees(value: &str) -> Option<f64> {
    number::finite(unquoted(value).trim().as_bytes())
}

fn is_blank(value: &str) -> bool {
    matches!(unquoted(value).trim(), "" | "null")
}

fn unquoted(value: &str) -> &str {
    let inner = value.strip_prefix('"');
    inner
        .and_then(|inner| inner.strip_suffix('"'))
        .unwrap_or(value)
}

/// A member's name; borrowed where nothing in it is escaped.
#[derive(serde::Deserialize)]
struct Name<'t>(#[serde(borrow)] Cow<'t, str>);

struct Reading<'a>(&'a Names);

impl<'t> Visitor<'t> for Reading<'_> {
    type Value = Members<'t>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object with lon and lat")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Members<'t>, A::Error> {
        let mut members = Members::default();
        while let Some(Name(name)) = map.next_key()? {
            members.count += 1;
            let place = |names: &[String]| names.iter().position(|n| n.eq_ignore_ascii_case(&name));
            let (lon, lat) = (place(&self.0.lon), place(&self.0.lat));
            let known = match (lon, lat) {
                (Some(rank), _) => Some((&mut members.lon, rank)),
                (None, Some(rank)) => Some((&mut members.lat, rank)),
                (None, None) => None,
            };
            match known {
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
                Some((best, rank)) => {
                    let value = map.next_value()?;
                    match best {
                        Some((other, _)) if *other == rank => {
                            return Err(A::Error::custom(format!("{name} is there twice")));
                        }
                        Some((other, _)) if *other < rank => {}
                        _ => *best = Some((rank, value)),
                    }
                }
            }
            let added = self.0.added.iter().position(|added| *added == *name);
            members.taken.extend(added);
        }
        Ok(members)
    }
}
