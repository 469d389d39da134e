//! To and from `geo`'s types, for where a library needs them. Degrees, WGS 84.

use geo::geometry::{
    Coord as GeoCoord, Geometry as GeoGeometry, LineString, MultiLineString, MultiPoint,
    MultiPolygon, Point, Polygon,
};

use super::{Coord, CoordError, Geometry, GeometryError, GeometryKind, LonLat, Run};

/// Why a shape in degrees is no geometry of ours.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ShapeError {
    #[error(transparent)]
    Coord(#[from] CoordError),
    #[error(transparent)]
    Geometry(#[from] GeometryError),
    #[error("a collection that mixes points, lines and polygons belongs to no layer")]
    Mixed,
}

fn geo_coord(at: Coord) -> GeoCoord {
    let LonLat { lon, lat } = at.degrees();
    GeoCoord { x: lon, y: lat }
}

fn line_string(run: Run<'_>) -> LineString {
    run.map(geo_coord).collect()
}

impl Geometry {
    /// The same shape as a multi-geometry in degrees; rings are closed by repeating their first vertex.
    #[must_use]
    pub fn to_geo(&self) -> GeoGeometry {
        match self.kind() {
            GeometryKind::Point => {
                let points = self.coords().map(|at| Point(geo_coord(at)));
                MultiPoint(points.collect()).into()
            }
            GeometryKind::Line => MultiLineString(self.runs().map(line_string).collect()).into(),
            GeometryKind::Polygon => {
                let polygons = self.parts().map(|part| {
                    let mut rings = part.map(line_string);
                    let outer = rings.next().unwrap_or_else(|| LineString(Vec::new()));
                    Polygon::new(outer, rings.collect())
                });
                MultiPolygon(polygons.collect()).into()
            }
        }
    }

    /// Snaps a shape in degrees to the lattice.
    ///
    /// # Errors
    /// Where a vertex is off the Earth, a ring has no area, or a collection mixes kinds.
    pub fn from_geo(shape: &GeoGeometry) -> Result<Self, ShapeError> {
        let mut pieces = Pieces::default();
        pieces.add(shape)?;
        match (
            pieces.points.is_empty(),
            pieces.lines.is_empty(),
            pieces.polygons.is_empty(),
        ) {
            (_, true, true) => Ok(Self::points(pieces.points)?),
            (true, false, true) => Ok(Self::lines(pieces.lines)?),
            (true, true, false) => Ok(Self::polygons(pieces.polygons)?),
            _ => Err(ShapeError::Mixed),
        }
    }
}

/// A shape taken apart by kind.
#[derive(Default)]
struct Pieces {
    points: Vec<Coord>,
    lines: Vec<Vec<Coord>>,
    polygons: Vec<Vec<Vec<Coord>>>,
}

impl Pieces {
    fn add(&mut self, shape: &GeoGeometry) -> Result<(), CoordError> {
        match shape {
            GeoGeometry::Point(point) => self.points.push(snap(point.0)?),
            GeoGeometry::MultiPoint(points) => {
                for point in points {
                    self.points.push(snap(point.0)?);
                }
            }
            GeoGeometry::Line(line) => self.lines.push(vec![snap(line.start)?, snap(line.end)?]),
            GeoGeometry::LineString(line) => self.lines.push(snap_all(line)?),
            GeoGeometry::MultiLineString(lines) => {
                for line in lines {
                    self.lines.push(snap_all(line)?);
                }
            }
            GeoGeometry::Polygon(polygon) => self.add_polygon(polygon)?,
            GeoGeometry::MultiPolygon(polygons) => {
                for polygon in polygons {
                    self.add_polygon(polygon)?;
                }
            }
            GeoGeometry::Rect(rect) => self.add_polygon(&rect.to_polygon())?,
            GeoGeometry::Triangle(triangle) => self.add_polygon(&triangle.to_polygon())?,
            GeoGeometry::GeometryCollection(members) => {
                for member in members {
                    self.add(member)?;
                }
            }
        }
        Ok(())
    }

    fn add_polygon(&mut self, polygon: &Polygon) -> Result<(), CoordError> {
        let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
        self.polygons
            .push(rings.map(snap_all).collect::<Result<_, _>>()?);
        Ok(())
    }
}

fn snap(at: GeoCoord) -> Result<Coord, CoordError> {
    Coord::snap(LonLat::new(at.x, at.y))
}

fn snap_all(line: &LineString) -> Result<Vec<Coord>, CoordError> {
    line.0.iter().map(|&at| snap(at)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn coord() -> impl Strategy<Value = Coord> {
        (-1_800_000_000..=1_800_000_000, -900_000_000..=900_000_000)
            .prop_map(|(lon, lat)| Coord { lon, lat })
    }

    proptest! {
        #[test]
        fn every_lattice_point_survives_the_way_to_degrees_and_back(points in prop::collection::vec(coord(), 1..50)) {
            let geometry = Geometry::points(points).unwrap();
            prop_assert_eq!(Geometry::from_geo(&geometry.to_geo()).unwrap(), geometry);
        }

        #[test]
        fn every_triangle_with_area_survives_the_way_to_degrees_and_back(ring in prop::collection::vec(coord(), 3)) {
            if let Ok(geometry) = Geometry::polygons([vec![ring]]) {
                prop_assert_eq!(Geometry::from_geo(&geometry.to_geo()).unwrap(), geometry);
            }
        }
    }

    #[test]
    fn a_collection_that_mixes_kinds_is_refused() {
        let point = GeoGeometry::Point(Point::new(1.0, 2.0));
        let line = GeoGeometry::LineString(vec![(0.0, 0.0), (1.0, 1.0)].into());
        let mixed = GeoGeometry::GeometryCollection(vec![point, line].into());
        assert_eq!(Geometry::from_geo(&mixed), Err(ShapeError::Mixed));
    }
}
