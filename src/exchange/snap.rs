//! Degrees on WGS 84 → lattice points, without repeated vertices.

use super::shape::{Refusal, Shape};
use crate::model::{Coord, LonLat, STEPS_PER_DEGREE};

/// Rings of lattice points, not closed, of each polygon.
pub(super) type Polygons = Vec<Vec<Vec<Coord>>>;

/// A shape on the lattice, before it is checked.
#[derive(Debug)]
pub(super) enum Snapped {
    Points(Vec<Coord>),
    Lines {
        lines: Vec<Vec<Coord>>,
        /// Lines that are shorter than a step.
        lost: usize,
    },
    Polygons {
        polygons: Polygons,
        /// Rings that are thinner than a step.
        lost: usize,
    },
}

/// Snaps a shape in degrees on WGS 84.
pub(super) fn snap(shape: &Shape) -> Result<Snapped, Refusal> {
    Ok(match shape {
        Shape::Points(points) => Snapped::Points(run(points)?),
        Shape::Lines(all) => {
            let mut lines = Vec::with_capacity(all.len());
            for line in all {
                let mut line = run(line)?;
                line.dedup();
                lines.push(line);
            }
            lines.retain(|line| line.len() > 1);
            let lost = all.len() - lines.len();
            Snapped::Lines { lines, lost }
        }
        Shape::Polygons(all) => {
            let mut polygons = Vec::with_capacity(all.len());
            for rings in all {
                polygons.push(
                    rings
                        .iter()
                        .map(|ring| run(ring))
                        .collect::<Result<_, _>>()?,
                );
            }
            let (polygons, lost) = tidy(polygons);
            Snapped::Polygons { polygons, lost }
        }
    })
}

/// Less than a lattice step beyond the edge of the world: rounding on the way, as in -180.00000000000006.
const NOISE: f64 = 0.5 / STEPS_PER_DEGREE;

/// Takes a point that rounding has put beyond the edge of the world back to it.
fn at_the_edge(at: LonLat) -> LonLat {
    let clamp = |value: f64, edge: f64| {
        if value.abs() > edge && value.abs() < edge + NOISE {
            edge.copysign(value)
        } else {
            value
        }
    };
    LonLat::new(clamp(at.lon, 180.0), clamp(at.lat, 90.0))
}

fn run(points: &[LonLat]) -> Result<Vec<Coord>, Refusal> {
    points
        .iter()
        .map(|&at| {
            Coord::snap(at_the_edge(at))
                .map_err(|error| Refusal::new("out_of_range", error.to_string()))
        })
        .collect()
}

/// Drops repeated and closing vertices, rings of fewer than 3 vertices, and with an outer ring its holes; counts lost rings.
pub(super) fn tidy(polygons: Polygons) -> (Polygons, usize) {
    let mut lost = 0;
    let mut kept = Vec::with_capacity(polygons.len());
    for rings in polygons {
        let mut whole: Vec<Vec<Coord>> = Vec::with_capacity(rings.len());
        for (index, mut ring) in rings.into_iter().enumerate() {
            ring.dedup();
            while ring.len() > 1 && ring.first() == ring.last() {
                ring.pop();
            }
            if ring.len() >= 3 {
                whole.push(ring);
                continue;
            }
            lost += 1;
            if index == 0 {
                break;
            }
        }
        if !whole.is_empty() {
            kept.push(whole);
        }
    }
    (kept, lost)
}
