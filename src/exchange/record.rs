//! One row or feature of a source, before anything is decided about it.

use gdal::vector::Geometry;

use super::columns::{Column, Place};
use super::ogr::{self, Drawn};
use super::repair;
use super::shape::{Refusal, Shape};
use super::value;
use crate::model::{FieldKind, LonLat, Value};

/// One row or feature.
pub(super) struct Record<'a> {
    /// The row in tables, the header being 1; elsewhere the number in the file from 1.
    pub line: u64,
    /// One for each column.
    pub values: Vec<Value>,
    /// The source's own geometry, where it has one.
    pub geometry: Option<&'a Geometry>,
    /// Why the reader could not read it whole.
    pub refusal: Option<Refusal>,
}

/// A drawn shape and the geometry by which the source's own validity can be asked.
pub(super) struct Sketch<'a> {
    pub drawn: Drawn,
    pub geometry: Traced<'a>,
}

/// A geometry of the source or one made of its text.
pub(super) enum Traced<'a> {
    Source(&'a Geometry),
    Text(Geometry),
    /// A point of two numbers.
    None,
}

impl Traced<'_> {
    /// Whether GEOS takes the shape as valid in the source's own numbers. Asked of what was drawn, as a collection may hold
    /// polygons that overlap.
    pub(super) fn is_valid(&self) -> bool {
        let geometry: &Geometry = match self {
            Self::Source(geometry) => geometry,
            Self::Text(geometry) => geometry,
            Self::None => return true,
        };
        match ogr::draw(geometry).map(|drawn| drawn.shape) {
            Ok(Shape::Polygons(polygons)) => geometry.is_valid() && repair::is_valid(&polygons),
            _ => geometry.is_valid(),
        }
    }
}

impl<'a> Record<'a> {
    /// Reads the shape from wherever the source has it.
    pub(super) fn sketch(&self, place: Place, columns: &[Column]) -> Result<Sketch<'a>, Refusal> {
        match place {
            Place::Geometry => {
                let none = || Refusal::new("no_geometry", "the feature has no geometry");
                let geometry = self.geometry.ok_or_else(none)?;
                Ok(Sketch {
                    drawn: ogr::draw(geometry)?,
                    geometry: Traced::Source(geometry),
                })
            }
            Place::Wkt(at) => {
                let geometry = from_wkt(self.text(at).as_deref().unwrap_or(""), &columns[at].name)?;
                Ok(Sketch {
                    drawn: ogr::draw(&geometry)?,
                    geometry: Traced::Text(geometry),
                })
            }
            Place::LonLat(lon, lat) => {
                let at = self.point([lon, lat], columns)?;
                Ok(Sketch {
                    drawn: Drawn {
                        shape: Shape::Points(vec![at]),
                        unclosed: false,
                    },
                    geometry: Traced::None,
                })
            }
        }
    }

    /// Whether a row of a table has nothing in it.
    pub(super) fn is_blank(&self) -> bool {
        self.geometry.is_none()
            && self.refusal.is_none()
            && (0..self.values.len()).all(|at| self.text(at).is_none())
    }

    /// The text of a column; `None` where it is blank.
    pub(super) fn text(&self, at: usize) -> Option<Box<str>> {
        self.values.get(at).and_then(value::text)
    }

    fn point(&self, pair: [usize; 2], columns: &[Column]) -> Result<LonLat, Refusal> {
        let mut numbers = [0.0; 2];
        for (number, at) in numbers.iter_mut().zip(pair) {
            let value = self.values.get(at).cloned().unwrap_or(Value::Null);
            let name = &columns[at].name;
            *number = match value::convert(value, FieldKind::Real) {
                Ok(Value::Real(number)) => number,
                Ok(_) => return Err(Refusal::new("no_geometry", format!("{name} is empty"))),
                Err(misfit) => {
                    let reason = format!("{name} is {:?}, not a number", misfit.given);
                    return Err(Refusal::new("bad_value", reason));
                }
            };
        }
        let [lon, lat] = numbers;
        Ok(LonLat::new(lon, lat))
    }
}

/// Longest piece of a text that a reason repeats, characters.
const REPEATED: usize = 40;

/// The beginning of a text.
pub(super) fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(REPEATED).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

fn from_wkt(text: &str, column: &str) -> Result<Geometry, Refusal> {
    if text.is_empty() {
        return Err(Refusal::new("no_geometry", format!("{column} is empty")));
    }
    // PostGIS puts the system before the text; --crs or the file as a whole says it here.
    let bare = match text.split_once(';') {
        Some((head, rest)) if head.to_ascii_uppercase().starts_with("SRID=") => rest,
        _ => text,
    };
    Geometry::from_wkt(bare).map_err(|_| {
        let reason = format!("{column} is {:?}, not well-known text", shortened(text));
        Refusal::new("bad_value", reason)
    })
}
