//! Geometry on the lattice, laid out flat: one run of vertices, the ends of its lines or rings, the ends of its parts.

use super::ring::{Crossing, crossing, doubled_area, edge_meets, edges};
use super::winding::{self, Rings, Windings};
use super::{Bounds, Coord, Side};

/// The three shapes that a layer can have; each may have several parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GeometryKind {
    Point,
    Line,
    Polygon,
}

/// One feature's shape: points, lines, or polygons with holes, in one or several parts. Never empty.
///
/// Rings do not repeat their first vertex; the first ring of a part is its outer one and counter-clockwise, the others
/// are holes and clockwise: the interior is always on the left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Geometry {
    kind: GeometryKind,
    coords: Box<[Coord]>,
    /// End in `coords` of each point, line or ring.
    runs: Box<[u32]>,
    /// End in `runs` of each part.
    parts: Box<[u32]>,
    windings: Windings,
}

/// Vertices that make no geometry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GeometryError {
    #[error("the geometry has no vertices")]
    Empty,
    #[error("a line needs 2 different vertices")]
    ShortLine,
    #[error("a ring needs 3 different vertices that are not on one line")]
    FlatRing,
    #[error("the geometry has more than 4,294,967,295 vertices")]
    TooLong,
}

#[derive(Default)]
struct Runs {
    coords: Vec<Coord>,
    ends: Vec<u32>,
    parts: Vec<u32>,
}

impl Runs {
    fn run(&mut self, coords: impl IntoIterator<Item = Coord>) -> Result<(), GeometryError> {
        self.coords.extend(coords);
        self.ends
            .push(u32::try_from(self.coords.len()).map_err(|_| GeometryError::TooLong)?);
        Ok(())
    }

    fn part(&mut self) {
        self.parts
            .push(u32::try_from(self.ends.len()).expect("no more runs than vertices"));
    }

    /// One ring: without closing and repeated vertices, turned so that the interior is on the left.
    fn ring(
        &mut self,
        coords: impl IntoIterator<Item = Coord>,
        is_outer: bool,
    ) -> Result<(), GeometryError> {
        let start = self.coords.len();
        for at in coords {
            if self.coords.len() == start || self.coords.last() != Some(&at) {
                self.coords.push(at);
            }
        }
        while self.coords.len() > start + 1 && self.coords.last() == self.coords.get(start) {
            self.coords.pop();
        }
        let ring = &mut self.coords[start..];
        let area = doubled_area(ring);
        if area == 0 {
            return Err(GeometryError::FlatRing);
        }
        if (area > 0) != is_outer {
            ring.reverse();
        }
        self.run([])
    }

    fn finish(self, kind: GeometryKind) -> Result<Geometry, GeometryError> {
        if self.coords.is_empty() {
            return Err(GeometryError::Empty);
        }
        Ok(Geometry {
            kind,
            coords: self.coords.into(),
            runs: self.ends.into(),
            parts: self.parts.into(),
            windings: Windings::default(),
        })
    }
}

/// Polygons put together ring by ring, without a list for each.
#[derive(Default)]
pub struct PolygonsBuilder(Runs);

impl PolygonsBuilder {
    /// Room for so many vertices.
    #[must_use]
    pub fn with_capacity(vertices: usize) -> Self {
        Self(Runs {
            coords: Vec::with_capacity(vertices),
            ..Runs::default()
        })
    }

    /// Adds a ring, the outer one of a polygon first; it is tidied as by [`Geometry::polygons`].
    ///
    /// # Errors
    /// Where a ring has no area.
    pub fn ring(
        &mut self,
        coords: impl IntoIterator<Item = Coord>,
        is_outer: bool,
    ) -> Result<(), GeometryError> {
        self.0.ring(coords, is_outer)
    }

    /// Ends a polygon: the rings since the last one are its.
    pub fn end_polygon(&mut self) {
        self.0.part();
    }

    /// The polygons.
    ///
    /// # Errors
    /// Without any.
    pub fn finish(self) -> Result<Geometry, GeometryError> {
        self.0.finish(GeometryKind::Polygon)
    }
}

impl Geometry {
    /// One or several points.
    ///
    /// # Errors
    /// Without points.
    pub fn points(points: impl IntoIterator<Item = Coord>) -> Result<Self, GeometryError> {
        let mut runs = Runs::default();
        for point in points {
            runs.run([point])?;
            runs.part();
        }
        runs.finish(GeometryKind::Point)
    }

    /// One or several lines; repeated vertices are dropped.
    ///
    /// # Errors
    /// Without lines, or where one has fewer than 2 different vertices.
    pub fn lines(lines: impl IntoIterator<Item = Vec<Coord>>) -> Result<Self, GeometryError> {
        let mut runs = Runs::default();
        for mut line in lines {
            line.dedup();
            if line.len() < 2 {
                return Err(GeometryError::ShortLine);
            }
            runs.run(line)?;
            runs.part();
        }
        runs.finish(GeometryKind::Line)
    }

    /// One or several polygons, each a list of rings with the outer one first. Closing and repeated vertices are dropped and
    /// rings turned so that the interior is on the left; validity beyond that is the caller's.
    ///
    /// # Errors
    /// Without polygons, or where a ring has no area.
    pub fn polygons(
        polygons: impl IntoIterator<Item = Vec<Vec<Coord>>>,
    ) -> Result<Self, GeometryError> {
        let mut runs = Runs::default();
        for rings in polygons {
            for (index, ring) in rings.into_iter().enumerate() {
                runs.ring(ring, index == 0)?;
            }
            runs.part();
        }
        runs.finish(GeometryKind::Polygon)
    }

    #[must_use]
    pub fn kind(&self) -> GeometryKind {
        self.kind
    }

    /// All vertices, run after run.
    #[must_use]
    pub fn coords(&self) -> &[Coord] {
        &self.coords
    }

    /// The parts; each yields its points, lines or rings (the outer ring first).
    #[must_use]
    pub fn parts(
        &self,
    ) -> impl ExactSizeIterator<Item = impl ExactSizeIterator<Item = &[Coord]> + Clone> {
        spans(&self.parts).map(move |part| {
            let start = if part.start == 0 {
                0
            } else {
                self.runs[part.start - 1] as usize
            };
            self.runs[part.clone()]
                .iter()
                .enumerate()
                .map(move |(index, &end)| {
                    let from = if index == 0 {
                        start
                    } else {
                        self.runs[part.start + index - 1] as usize
                    };
                    &self.coords[from..end as usize]
                })
        })
    }

    /// All points, lines or rings of all parts.
    #[must_use]
    pub fn runs(&self) -> impl ExactSizeIterator<Item = &[Coord]> + Clone {
        spans(&self.runs).map(|span| &self.coords[span])
    }

    /// The directed edges of all rings of a polygon.
    pub fn edges(&self) -> impl Iterator<Item = (Coord, Coord)> {
        self.runs().flat_map(edges)
    }

    #[must_use]
    pub fn bounds(&self) -> Bounds {
        let first = Bounds::of(self.coords[0]);
        self.coords
            .iter()
            .fold(first, |bounds, &at| bounds.union(Bounds::of(at)))
    }

    /// How the rings of a polygon lie: looked for once, by the first who asks.
    fn rings(&self) -> Rings {
        if self.kind != GeometryKind::Polygon {
            return Rings::Even;
        }
        let rings = self.runs().map(|ring| ring.iter().copied());
        self.windings.rings(|| winding::look(rings))
    }

    /// Whether the rings of a polygon wind around some point otherwise than once or not at all: they cross, or a hole lies
    /// outside of its shell.
    #[must_use]
    pub fn is_crooked(&self) -> bool {
        self.rings() == Rings::Crooked
    }

    /// Whether the rings of a polygon that is not crooked walk some edge both ways: a spike, or the border between two parts.
    #[must_use]
    pub fn goes_to_and_fro(&self) -> bool {
        self.rings() == Rings::ToAndFro
    }

    /// Where a point lies relative to the polygons, exactly; points and lines have no inside and answer `Outside`.
    #[must_use]
    pub fn side(&self, at: Coord) -> Side {
        if self.kind != GeometryKind::Polygon {
            return Side::Outside;
        }
        let mut inside = false;
        for (a, b) in self.edges() {
            match crossing(a, b, at) {
                Crossing::On => return Side::Border,
                Crossing::Yes => inside = !inside,
                Crossing::No => {}
            }
        }
        if inside { Side::Inside } else { Side::Outside }
    }

    /// Whether the shape shares a point with a box, exactly; touching counts.
    #[must_use]
    pub fn meets(&self, bounds: Bounds) -> bool {
        let is_crossed = || match self.kind {
            GeometryKind::Point => false,
            GeometryKind::Line => self
                .runs()
                .flat_map(<[Coord]>::array_windows)
                .any(|&[a, b]| edge_meets(a, b, bounds)),
            GeometryKind::Polygon => self
                .runs()
                .flat_map(edges)
                .any(|(a, b)| edge_meets(a, b, bounds)),
        };
        self.coords.iter().any(|at| bounds.holds(*at))
            || is_crossed()
            // What no edge meets lies wholly inside or wholly outside.
            || self.side(bounds.min) == Side::Inside
    }
}

fn spans(ends: &[u32]) -> impl ExactSizeIterator<Item = std::ops::Range<usize>> + Clone {
    (0..ends.len()).map(|index| {
        let start = if index == 0 {
            0
        } else {
            ends[index - 1] as usize
        };
        start..ends[index] as usize
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(points: &[(i32, i32)]) -> Vec<Coord> {
        points
            .iter()
            .map(|&(lon, lat)| Coord { lon, lat })
            .collect()
    }

    fn holed() -> Geometry {
        Geometry::polygons([
            vec![
                ring(&[(0, 0), (0, 10), (10, 10), (10, 0), (0, 0)]),
                ring(&[(4, 4), (6, 4), (6, 6), (4, 6)]),
            ],
            vec![ring(&[(20, 0), (30, 0), (30, 0), (20, 10)])],
        ])
        .unwrap()
    }

    #[test]
    fn rings_lose_their_closing_and_repeated_vertices_and_keep_the_interior_on_the_left() {
        let geometry = holed();
        let parts: Vec<Vec<&[Coord]>> = geometry.parts().map(Iterator::collect).collect();
        assert_eq!(parts.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
        assert!(
            doubled_area(parts[0][0]) > 0
                && doubled_area(parts[0][1]) < 0
                && doubled_area(parts[1][0]) > 0
        );
        assert_eq!(
            geometry.runs().map(<[Coord]>::len).collect::<Vec<_>>(),
            [4, 4, 3]
        );
    }

    #[test]
    fn a_point_is_inside_outside_or_on_the_border_of_outer_rings_and_holes() {
        let geometry = holed();
        for (lon, lat, side) in [
            (1, 1, Side::Inside),
            (5, 5, Side::Outside),
            (4, 5, Side::Border),
            (6, 6, Side::Border),
            (10, 3, Side::Border),
            (0, 0, Side::Border),
            (21, 1, Side::Inside),
            (25, 5, Side::Border),
            (26, 5, Side::Outside),
            (15, 0, Side::Outside),
            (-1, 10, Side::Outside),
        ] {
            assert_eq!(geometry.side(Coord { lon, lat }), side, "{lon},{lat}");
        }
    }

    #[test]
    fn a_cross_product_of_the_whole_earth_does_not_overflow() {
        let far = 1_800_000_000;
        let half = 900_000_000;
        let world =
            Geometry::polygons([vec![ring(&[(-far, -half), (far, -half), (far, half)])]]).unwrap();
        assert_eq!(world.side(Coord { lon: 0, lat: 0 }), Side::Border);
        assert_eq!(world.side(Coord { lon: 0, lat: -1 }), Side::Inside);
        assert_eq!(world.side(Coord { lon: 0, lat: 1 }), Side::Outside);
    }

    #[test]
    fn a_ring_without_area_is_refused() {
        let flat = Geometry::polygons([vec![ring(&[(0, 0), (5, 5), (9, 9)])]]);
        assert_eq!(flat, Err(GeometryError::FlatRing));
    }
}
