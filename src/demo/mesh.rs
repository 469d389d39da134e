//! A region cut into cells by one arrangement of all borders: neighbours have the same vertices, groups of cells dissolve exactly.

use std::collections::HashMap;

use i_overlay::core::fill_rule::FillRule;
use i_overlay::i_float::int::point::IntPoint;
use i_overlay::string::overlay::StringOverlay;
use i_overlay::string::rule::StringRule;

use crate::index::BoundsTree;
use crate::model::{Coord, Geometry, Side};

use super::DemoError;
use super::plane::{Plane, Spot};
use super::rings::polygons_of;

/// An edge of a cell, with the cell to its left.
#[derive(Clone, Copy, Debug)]
struct Edge {
    from: Coord,
    to: Coord,
    cell: u32,
    /// The cell to its right; none on the region's border.
    other: Option<u32>,
}

/// The cells of a region, one for each seed, and their edges.
#[derive(Debug)]
pub(super) struct Mesh {
    seeds: Vec<Spot>,
    edges: Vec<Edge>,
    neighbours: Vec<Vec<u32>>,
}

/// A face of the arrangement: its rings, the outer one first, interior on the left.
type Face = Vec<Vec<Coord>>;

impl Mesh {
    /// Cuts a region along borders; each face goes to the seed inside it, a face without one to the neighbour with which it
    /// shares most of its border, an island to the nearest seed.
    pub(super) fn cut(
        region: &Geometry,
        plane: &Plane,
        seeds: Vec<Spot>,
        borders: &[Vec<Coord>],
    ) -> Result<Self, DemoError> {
        let faces = slice(region, plane.origin, borders);
        let sides = sides(&faces)?;
        let mut owners = seeded(&faces, plane, &seeds)?;
        adopt(&faces, &sides, &mut owners);
        for (face, owner) in faces.iter().zip(&mut owners) {
            if owner.is_none() {
                *owner = nearest(&seeds, plane.spot(face[0][0]));
            }
        }
        let owner_of = |face: usize| owners[face].unwrap_or(0);
        let mut edges = Vec::with_capacity(sides.len());
        for (index, face) in faces.iter().enumerate() {
            for (from, to) in directed(face) {
                let other = sides.get(&(to, from)).map(|&face| owner_of(face));
                let cell = owner_of(index);
                if other != Some(cell) {
                    edges.push(Edge {
                        from,
                        to,
                        cell,
                        other,
                    });
                }
            }
        }
        let neighbours = neighbours(&edges, seeds.len());
        Ok(Self {
            seeds,
            edges,
            neighbours,
        })
    }

    pub(super) fn len(&self) -> usize {
        self.seeds.len()
    }

    pub(super) fn seeds(&self) -> &[Spot] {
        &self.seeds
    }

    pub(super) fn seed(&self, cell: u32) -> Spot {
        self.seeds[cell as usize]
    }

    /// Cells that share an edge with a cell, ascending.
    pub(super) fn neighbours(&self, cell: u32) -> &[u32] {
        &self.neighbours[cell as usize]
    }

    /// The polygons of groups of cells: `group[cell]` says to which of `count` groups a cell belongs, if any. Edges between
    /// cells of one group cancel, so that a group covers exactly what its cells cover.
    pub(super) fn dissolve(
        &self,
        group: &[Option<usize>],
        count: usize,
    ) -> Result<Vec<Geometry>, DemoError> {
        let of = |cell: u32| group.get(cell as usize).copied().flatten();
        let mut outlines: Vec<Vec<(Coord, Coord)>> = vec![Vec::new(); count];
        for edge in &self.edges {
            let own = of(edge.cell);
            if let Some(index) = own.filter(|_| own != edge.other.and_then(of)) {
                outlines[index].push((edge.from, edge.to));
            }
        }
        outlines
            .into_iter()
            .map(|outline| Ok(Geometry::polygons(polygons_of(outline))?))
            .collect()
    }
}

/// Slices the region on a lattice of its own, so that the numbers stay small.
fn slice(region: &Geometry, origin: Coord, borders: &[Vec<Coord>]) -> Vec<Face> {
    let inward = |at: Coord| {
        IntPoint::new(
            at.lon.wrapping_sub(origin.lon),
            at.lat.wrapping_sub(origin.lat),
        )
    };
    let outward = |line: Vec<IntPoint>| -> Vec<Coord> {
        line.iter()
            .map(|at| Coord {
                lon: at.x.wrapping_add(origin.lon),
                lat: at.y.wrapping_add(origin.lat),
            })
            .collect()
    };
    let shapes: Vec<Vec<Vec<IntPoint>>> = region
        .parts()
        .map(|rings| rings.map(|ring| ring.map(inward).collect()).collect())
        .collect();
    let paths: Vec<Vec<IntPoint>> = borders
        .iter()
        .map(|line| line.iter().copied().map(inward).collect())
        .collect();
    let mut overlay = StringOverlay::from_shape(&shapes);
    overlay.add_string_source(&paths);
    // A shape loses its vertices on straight stretches; as lines its rings keep them.
    for rings in &shapes {
        overlay.add_string_contour_source(rings);
    }
    let graph = overlay.build_graph_view(FillRule::EvenOdd);
    let faces = graph.map(|graph| graph.extract_shapes(StringRule::Slice));
    faces
        .unwrap_or_default()
        .into_iter()
        .map(|rings| rings.into_iter().map(outward).collect())
        .collect()
}

fn directed(face: &Face) -> impl Iterator<Item = (Coord, Coord)> {
    face.iter().flat_map(|ring| {
        let next = ring.iter().skip(1).chain(ring.first());
        ring.iter().copied().zip(next.copied())
    })
}

/// The face to the left of each directed edge; an edge with two is a fault of the arrangement.
fn sides(faces: &[Face]) -> Result<HashMap<(Coord, Coord), usize>, DemoError> {
    let mut sides = HashMap::new();
    for (index, face) in faces.iter().enumerate() {
        for edge in directed(face) {
            if sides.insert(edge, index).is_some() {
                return Err(DemoError::Tangled { at: edge.0 });
            }
        }
    }
    Ok(sides)
}

/// The seed inside each face.
fn seeded(faces: &[Face], plane: &Plane, seeds: &[Spot]) -> Result<Vec<Option<u32>>, DemoError> {
    let mut shapes = Vec::with_capacity(faces.len());
    for face in faces {
        shapes.push(Geometry::polygons([face.clone()])?);
    }
    let tree = BoundsTree::build(shapes.iter().map(Geometry::bounds));
    let mut owners = vec![None; faces.len()];
    for (cell, &seed) in (0_u32..).zip(seeds) {
        let at = plane.coord(seed);
        let face = tree
            .holding(at)
            .find(|&face| shapes[face].side(at) == Side::Inside);
        match face.map(|face| owners[face].replace(cell)) {
            Some(None) => {}
            _ => return Err(DemoError::LostSeed { at }),
        }
    }
    Ok(owners)
}

/// Gives faces without a seed to a neighbour, until none has one.
fn adopt(faces: &[Face], sides: &HashMap<(Coord, Coord), usize>, owners: &mut [Option<u32>]) {
    loop {
        let mut changed = false;
        for (index, face) in faces.iter().enumerate() {
            if owners[index].is_some() {
                continue;
            }
            let mut shared: Vec<(u32, f64)> = Vec::new();
            for (from, to) in directed(face) {
                let Some(cell) = sides.get(&(to, from)).and_then(|&face| owners[face]) else {
                    continue;
                };
                let length = f64::from(to.lon.abs_diff(from.lon))
                    .hypot(f64::from(to.lat.abs_diff(from.lat)));
                match shared.iter_mut().find(|(other, _)| *other == cell) {
                    Some((_, sum)) => *sum += length,
                    None => shared.push((cell, length)),
                }
            }
            let most = shared
                .iter()
                .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
            owners[index] = most.map(|&(cell, _)| cell);
            changed |= most.is_some();
        }
        if !changed {
            return;
        }
    }
}

fn nearest(seeds: &[Spot], at: Spot) -> Option<u32> {
    (0_u32..)
        .zip(seeds)
        .min_by(|a, b| a.1.apart(at).total_cmp(&b.1.apart(at)))
        .map(|(cell, _)| cell)
}

fn neighbours(edges: &[Edge], count: usize) -> Vec<Vec<u32>> {
    let mut lists = vec![Vec::new(); count];
    for edge in edges {
        lists[edge.cell as usize].extend(edge.other);
    }
    for list in &mut lists {
        list.sort_unstable();
        list.dedup();
    }
    lists
}
