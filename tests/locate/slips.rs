//! Slips of the pen that make of a valid polygon another one, mostly one that is crooked.

use proptest::prelude::*;
use proptest::sample::Index;
use wangge::model::{Coord, Geometry};

use super::ground::{Ground, Rings, Scale, ground, shape};

/// What goes wrong.
#[derive(Clone, Copy, Debug)]
enum Kind {
    /// A vertex elsewhere.
    Vertex,
    /// A part of a ring walked backwards.
    Backwards(usize),
    /// A whole ring elsewhere.
    Ring,
    /// A way from a vertex to somewhere and back.
    Spike,
    /// A ring twice.
    Twice,
}

/// One slip, and where.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slip {
    kind: Kind,
    part: Index,
    ring: Index,
    vertex: Index,
    /// How far, units.
    by: (i32, i32),
}

pub(crate) fn slip() -> impl Strategy<Value = Slip> {
    let kind = prop_oneof![
        Just(Kind::Vertex),
        (2..6_usize).prop_map(Kind::Backwards),
        Just(Kind::Ring),
        Just(Kind::Spike),
        Just(Kind::Twice),
    ];
    let place = any::<(Index, Index, Index)>();
    (kind, place, (-4..=4, -4..=4)).prop_map(|(kind, (part, ring, vertex), by)| Slip {
        kind,
        part,
        ring,
        vertex,
        by,
    })
}

impl Slip {
    /// Slips where a unit has so many steps.
    pub(crate) fn make(&self, polygons: &mut Vec<Rings>, unit: i32) {
        let part = self.part.index(polygons.len());
        let rings = &mut polygons[part];
        let ring = self.ring.index(rings.len());
        let ring = &mut rings[ring];
        let at = self.vertex.index(ring.len());
        let by = (self.by.0 * unit, self.by.1 * unit);
        let moved = |(x, y): (i32, i32)| (x + by.0, y + by.1);
        match self.kind {
            Kind::Vertex => ring[at] = moved(ring[at]),
            Kind::Backwards(count) => {
                let end = (at + count).min(ring.len());
                ring[at..end].reverse();
            }
            Kind::Ring => ring.iter_mut().for_each(|spot| *spot = moved(*spot)),
            Kind::Spike => {
                let from = ring[at];
                ring.splice(at..at, [from, moved(from)]);
            }
            Kind::Twice => {
                let ring = ring.clone();
                polygons.push(vec![ring]);
            }
        }
    }

    /// The geometry with the slip, where one is left of it.
    fn made(&self, geometry: &Geometry, unit: i32) -> Option<Geometry> {
        let spots = |ring: Vec<Coord>| ring.iter().map(|at| (at.lon, at.lat)).collect();
        let parts = geometry.parts();
        let mut polygons: Vec<Rings> = parts
            .map(|rings| rings.map(|ring| spots(ring.collect())).collect())
            .collect();
        self.make(&mut polygons, unit);
        let ring = |ring: &Vec<(i32, i32)>| {
            let coords = ring.iter().map(|&(lon, lat)| Coord { lon, lat });
            coords.collect()
        };
        let polygons = polygons
            .iter()
            .map(|rings| rings.iter().map(ring).collect());
        Geometry::polygons(polygons).ok()
    }
}

/// A shape in units with perhaps a slip.
pub(crate) fn slipped() -> impl Strategy<Value = Vec<Rings>> {
    (shape(), slip()).prop_map(|(mut shape, slip)| {
        slip.make(&mut shape, 1);
        shape
    })
}

/// A ground where some grids of any level were drawn with a slip.
pub(crate) fn slipped_ground(scale: Scale) -> impl Strategy<Value = Ground> {
    let slips = prop::collection::vec((0..3_usize, any::<Index>(), slip()), 1..5);
    (ground(scale), slips).prop_map(move |(mut ground, slips)| {
        for (level, grid, slip) in slips {
            let level = &mut ground.levels[level];
            if level.is_empty() {
                continue;
            }
            let grid = grid.index(level.len());
            if let Some(geometry) = slip.made(&level[grid].geometry, scale.unit()) {
                level[grid].geometry = geometry;
            }
        }
        ground
    })
}
