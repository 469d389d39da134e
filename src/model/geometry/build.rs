//! Vertices put together run by run, tidied, and packed.

use super::super::Coord;
use super::super::ring::doubled_area;
use super::{Geometry, GeometryError, GeometryKind, record};

/// Vertices laid out flat.
#[derive(Default)]
pub(super) struct Flat {
    pub coords: Vec<Coord>,
    /// End in `coords` of each point, line or ring.
    pub ends: Vec<u32>,
    /// End in `ends` of each part.
    pub parts: Vec<u32>,
}

impl Flat {
    pub(super) fn run(
        &mut self,
        coords: impl IntoIterator<Item = Coord>,
    ) -> Result<(), GeometryError> {
        self.coords.extend(coords);
        self.ends
            .push(u32::try_from(self.coords.len()).map_err(|_| GeometryError::TooLong)?);
        Ok(())
    }

    pub(super) fn part(&mut self) {
        self.parts
            .push(u32::try_from(self.ends.len()).expect("no more runs than vertices"));
    }

    /// One ring: without closing and repeated vertices, turned so that the interior is on the left.
    pub(super) fn ring(
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
        let area = doubled_area(&*ring);
        if area == 0 {
            return Err(GeometryError::FlatRing);
        }
        if (area > 0) != is_outer {
            ring.reverse();
        }
        self.run([])
    }

    pub(super) fn finish(self, kind: GeometryKind) -> Result<Geometry, GeometryError> {
        if self.coords.is_empty() {
            return Err(GeometryError::Empty);
        }
        Ok(record::pack(kind, &self))
    }
}

/// Polygons put together ring by ring, without a list for each.
#[derive(Default)]
pub struct PolygonsBuilder(Flat);

impl PolygonsBuilder {
    /// Room for so many vertices.
    #[must_use]
    pub fn with_capacity(vertices: usize) -> Self {
        Self(Flat {
            coords: Vec::with_capacity(vertices),
            ..Flat::default()
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
