//! Whether a polygon's rings wind once around each point inside of them and not at all around any other.
//!
//! Such rings may touch themselves and each other in vertices, and walk an edge to and fro; they do not cross, and holes lie in
//! their shells. Then the sum of the signed edges tells inside from outside, as the even-odd rule does.

use std::sync::atomic::{AtomicU8, Ordering::Relaxed};

use super::monotone;
use super::sweep::{Sweep, side, way};
use super::{Bounds, Coord};

/// How the rings of a polygon lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Rings {
    /// They wind once or not at all around each point.
    Even = 1,
    /// As even ones, and they walk some edge to and fro: a spike, or the border between two parts.
    ToAndFro = 2,
    /// They wind otherwise around some point.
    Crooked = 3,
}

/// What was found of a polygon, kept beside it: looked for once, where it is first asked. 0 before.
#[derive(Debug, Default)]
pub(super) struct Windings(AtomicU8);

impl Windings {
    /// What is known, or what `look` finds.
    pub(super) fn rings(&self, look: impl FnOnce() -> Rings) -> Rings {
        match self.0.load(Relaxed) {
            1 => Rings::Even,
            2 => Rings::ToAndFro,
            3 => Rings::Crooked,
            // Whoever comes at the same time finds the same.
            _ => {
                let rings = look();
                self.0.store(rings as u8, Relaxed);
                rings
            }
        }
    }
}

impl Clone for Windings {
    fn clone(&self) -> Self {
        Self(AtomicU8::new(self.0.load(Relaxed)))
    }
}

/// It follows from the vertices, which are compared.
impl PartialEq for Windings {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Windings {}

/// How rings lie that do not repeat their first vertices.
pub(super) fn look<R>(rings: impl Iterator<Item = R> + Clone) -> Rings
where
    R: ExactSizeIterator<Item = Coord>,
{
    let count = rings.clone().map(|ring| ring.len() + 1).sum();
    let (mut vertices, mut ends) = (Vec::with_capacity(count), Vec::with_capacity(1));
    for ring in rings {
        let start = vertices.len();
        // Chunk by chunk, which `extend` does not do.
        ring.for_each(|at| vertices.push(at));
        vertices.extend(vertices.get(start).copied());
        ends.push(vertices.len());
    }
    look_at(&vertices, &ends)
}

/// How rings lie, each of which begins where the one before ends, and repeats its first vertex at its end.
pub(super) fn look_at(vertices: &[Coord], ends: &[usize]) -> Rings {
    let walk = Walk { vertices, ends };
    if walk.is_star() {
        return Rings::Even;
    }
    let mut has_pairs = false;
    let is_crooked = if monotone::is_simple(vertices, ends) {
        walk.is_nested_badly()
    } else {
        match Sweep::of(walk.edges()) {
            Some(sweep) => {
                has_pairs = sweep.has_pairs;
                sweep.finds_crooked()
            }
            None => true,
        }
    };
    match (is_crooked, has_pairs) {
        (true, _) => Rings::Crooked,
        (false, true) => Rings::ToAndFro,
        (false, false) => Rings::Even,
    }
}

/// The directed edges of a ring that repeats its first vertex.
fn edges(ring: &[Coord]) -> impl Iterator<Item = (Coord, Coord)> {
    ring.array_windows().map(|&[a, b]| (a, b))
}

/// All rings, one after the other; each repeats its first vertex at its end.
#[derive(Clone, Copy)]
struct Walk<'a> {
    vertices: &'a [Coord],
    ends: &'a [usize],
}

impl<'a> Walk<'a> {
    fn rings(self) -> impl Iterator<Item = &'a [Coord]> + Clone {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts
            .zip(self.ends)
            .map(move |(start, &end)| &self.vertices[start..end])
    }

    fn edges(self) -> impl Iterator<Item = (Coord, Coord)> {
        self.rings().flat_map(edges)
    }

    /// Whether it is one ring that goes once around the middle of its box and turns left of it all the time, as most grids do.
    fn is_star(self) -> bool {
        let ([_], Some(bounds)) = (self.ends, Bounds::around(self.vertices.iter().copied())) else {
            return false;
        };
        let middle = Coord {
            lon: bounds.min.lon.midpoint(bounds.max.lon),
            lat: bounds.min.lat.midpoint(bounds.max.lat),
        };
        let mut around = 0;
        for (a, b) in edges(self.vertices) {
            // No vertex is farther than 2^31 steps from the middle: the products fit.
            let ((ax, ay), (bx, by)) = (way(middle, a), way(middle, b));
            if ax * by <= ay * bx {
                return false;
            }
            around += i32::from(ay <= 0 && 0 < by);
        }
        around == 1
    }

    /// Of rings that share no point: whether a shell lies in a polygon, or a hole does not.
    fn is_nested_badly(self) -> bool {
        if self.ends.len() < 2 {
            return false;
        }
        let boxes: Vec<Option<Bounds>> = self
            .rings()
            .map(|ring| Bounds::around(ring.iter().copied()))
            .collect();
        self.rings().enumerate().any(|(number, ring)| {
            let others = self.rings().zip(&boxes).enumerate();
            let others = others.filter(|(other, (_, around))| {
                *other != number && around.is_some_and(|around| around.holds(ring[0]))
            });
            let around: i32 = others
                .flat_map(|(_, (ring, _))| edges(ring))
                .map(|(a, b)| winding(a, b, ring[0]))
                .sum();
            let is_hole = super::doubled_area(ring) < 0;
            around != i32::from(is_hole)
        })
    }
}

/// What an edge adds to the times that its ring winds around a point that is not on it, counter-clockwise.
fn winding(a: Coord, b: Coord, p: Coord) -> i32 {
    match (a.lat <= p.lat, b.lat <= p.lat) {
        (true, false) if side(a, b, p).is_gt() => 1,
        (false, true) if side(a, b, p).is_lt() => -1,
        _ => 0,
    }
}
