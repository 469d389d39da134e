//! Geometries written in a filter: WKT of CQL2 and BBOX, in degrees of longitude and latitude on WGS 84.

use std::sync::Arc;

use geo::Validation;

use super::error::FilterFault;
use super::lexer::Token;
use super::parser::{Parsed, Parser, fault};
use super::spatial::{Shape, in_steps};
use crate::model::{Coord, Geometry, GeometryError, GeometryKind, LonLat};

/// Words that begin a geometry.
const WORDS: [&str; 8] = [
    "POINT",
    "LINESTRING",
    "POLYGON",
    "MULTIPOINT",
    "MULTILINESTRING",
    "MULTIPOLYGON",
    "GEOMETRYCOLLECTION",
    "BBOX",
];
/// Words that may stand behind them in WKT.
const MARKS: [&str; 4] = ["Z", "M", "ZM", "EMPTY"];
/// The fewest positions of a ring, its first repeated at the end.
const FEWEST: usize = 4;
const EASTERNMOST: i32 = 1_800_000_000;

/// Geometries.
impl Parser<'_> {
    /// The geometry that is next, if one is.
    pub(super) fn shape(&mut self) -> Parsed<Option<Shape>> {
        let at = self.at();
        let Token::Word(word) = self.peek() else {
            return Ok(None);
        };
        let upper = word.to_ascii_uppercase();
        if !WORDS.contains(&upper.as_str()) {
            return Ok(None);
        }
        let mark = MARKS.iter().find(|mark| self.is_second_word(mark));
        if mark.is_none() && !self.is_before_parenthesis() {
            return Ok(None);
        }
        let unsupported =
            |what: String, instead| Err(fault(at, FilterFault::Unsupported { what, instead }));
        if let Some(mark) = mark {
            let instead = "write longitude and latitude only, as in POINT(104.7 28.4)";
            return unsupported(format!("{upper} {mark}"), instead);
        }
        if upper == "GEOMETRYCOLLECTION" {
            let instead = "relate its members one by one and join them with OR or AND";
            return unsupported(upper, instead);
        }
        self.advance();
        let geometry = if upper == "BBOX" {
            self.bounding_box(at)?
        } else {
            self.geometry(&upper, at)?
        };
        Ok(Some(Shape::Literal(Arc::new(geometry))))
    }

    fn geometry(&mut self, word: &str, at: usize) -> Parsed<Geometry> {
        let shape = match word {
            "POINT" => {
                self.opens()?;
                let point = self.position()?;
                self.closes()?;
                Geometry::points([point])
            }
            "MULTIPOINT" => Geometry::points(self.list(Self::point)?),
            "LINESTRING" => Geometry::lines([self.positions()?]),
            "MULTILINESTRING" => Geometry::lines(self.list(Self::positions)?),
            "POLYGON" => Geometry::polygons([self.list(Self::ring)?]),
            _ => Geometry::polygons(self.list(|parser| parser.list(Self::ring))?),
        };
        let shape = shape.map_err(|error| fault(at, error.into()))?;
        if shape.kind() == GeometryKind::Polygon
            && let Err(error) = in_steps(&shape).check_validation()
        {
            let reason = error.to_string();
            return Err(fault(at, FilterFault::Polygon { reason }));
        }
        Ok(shape)
    }

    fn opens(&mut self) -> Parsed<()> {
        self.needs("(", "( in a geometry")
    }

    fn closes(&mut self) -> Parsed<()> {
        self.needs(")", ", or ) in a geometry")
    }

    fn list<T>(&mut self, read: impl Fn(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        self.opens()?;
        let mut list = vec![read(self)?];
        while self.takes(",") {
            list.push(read(self)?);
        }
        self.closes()?;
        Ok(list)
    }

    /// A position of a MULTIPOINT, with or without its own parentheses.
    fn point(&mut self) -> Parsed<Coord> {
        if !self.takes("(") {
            return self.position();
        }
        let point = self.position()?;
        self.closes()?;
        Ok(point)
    }

    fn positions(&mut self) -> Parsed<Vec<Coord>> {
        self.list(Self::position)
    }

    fn ring(&mut self) -> Parsed<Vec<Coord>> {
        let at = self.at();
        let ring = self.positions()?;
        if ring.len() < FEWEST || ring.first() != ring.last() {
            return Err(fault(at, FilterFault::OpenRing));
        }
        Ok(ring)
    }

    fn position(&mut self) -> Parsed<Coord> {
        let at = self.at();
        let lon = self.degrees()?;
        let lat = self.degrees()?;
        if matches!(self.peek(), Token::Number(_) | Token::Sign("-" | "+")) {
            let what = "a position with a height".to_owned();
            let instead = "write longitude and latitude only";
            return Err(fault(at, FilterFault::Unsupported { what, instead }));
        }
        snap(lon, lat, at)
    }

    fn degrees(&mut self) -> Parsed<f64> {
        let is_negative = self.takes("-");
        if !is_negative {
            self.takes("+");
        }
        let Token::Number(number) = *self.peek() else {
            return Err(self.unexpected("a number of degrees"));
        };
        self.advance();
        let degrees = number.as_real();
        Ok(if is_negative { -degrees } else { degrees })
    }

    /// `BBOX(west, south, east, north)`; one that crosses 180 degrees has its west east of its east.
    fn bounding_box(&mut self, at: usize) -> Parsed<Geometry> {
        let sides = self.list(Self::degrees)?;
        let [west, south, east, north] = sides[..] else {
            let what = format!("BBOX of {} numbers", sides.len());
            let instead = "write BBOX(west, south, east, north)";
            return Err(fault(at, FilterFault::Unsupported { what, instead }));
        };
        let (min, max) = (snap(west, south, at)?, snap(east, north, at)?);
        if min.lat > max.lat {
            return Err(fault(at, FilterFault::Box));
        }
        let shape = if min.lon <= max.lon {
            rectangles(&[(min.lon, max.lon)], min.lat, max.lat)
        } else {
            let parts = [(min.lon, EASTERNMOST), (-EASTERNMOST, max.lon)];
            rectangles(&parts, min.lat, max.lat)
        };
        shape.map_err(|error| fault(at, error.into()))
    }

    fn is_second_word(&self, word: &str) -> bool {
        matches!(self.peek_second(), Token::Word(next) if next.eq_ignore_ascii_case(word))
    }
}

/// The shape of a box; one without width or height is a line, one without both a point.
fn rectangles(spans: &[(i32, i32)], south: i32, north: i32) -> Result<Geometry, GeometryError> {
    let corner = |lon, lat| Coord { lon, lat };
    let wide: Vec<(i32, i32)> = spans.iter().copied().filter(|(w, e)| w < e).collect();
    match (&wide[..], spans) {
        ([], [(lon, _), ..]) if south == north => Geometry::points([corner(*lon, south)]),
        ([], spans) => Geometry::lines(
            spans
                .iter()
                .map(|(lon, _)| vec![corner(*lon, south), corner(*lon, north)]),
        ),
        (wide, _) if south == north => Geometry::lines(
            wide.iter()
                .map(|(west, east)| vec![corner(*west, south), corner(*east, south)]),
        ),
        (wide, _) => Geometry::polygons(wide.iter().map(|&(west, east)| {
            vec![vec![
                corner(west, south),
                corner(east, south),
                corner(east, north),
                corner(west, north),
            ]]
        })),
    }
}

fn snap(lon: f64, lat: f64, at: usize) -> Parsed<Coord> {
    Coord::snap(LonLat { lon, lat }).map_err(|error| fault(at, error.into()))
}
