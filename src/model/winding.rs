//! Whether a polygon's rings wind once around each point inside of them and not at all around any other.
//!
//! Such rings may touch themselves and each other in vertices, and walk an edge to and fro; they do not cross, and holes lie in
//! their shells. Then the sum of the signed edges tells inside from outside, as the even-odd rule does.

use std::sync::atomic::{AtomicU8, Ordering::Relaxed};

use super::sweep::{Sweep, side, way};
use super::{Bounds, Coord};

/// Edges are swept where each would be compared with more others than this.
const FEW: usize = 128;

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
pub(super) fn look<R>(rings: impl Iterator<Item = R>) -> Rings
where
    R: Iterator<Item = Coord>,
{
    let mut walk = Walk {
        vertices: Vec::with_capacity(64),
        ends: Vec::with_capacity(1),
    };
    for ring in rings {
        // Chunk by chunk, which `extend` does not do.
        ring.for_each(|at| walk.vertices.push(at));
        walk.ends.push(walk.vertices.len());
    }
    let mut has_pairs = false;
    let is_crooked = if walk.is_star() {
        false
    } else if !walk.turns_back() && walk.touches() == Some(false) {
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

/// The directed edges of a ring, the closing one last.
fn edges(ring: &[Coord]) -> impl Iterator<Item = (Coord, Coord)> {
    let closing = ring.last().copied().zip(ring.first().copied());
    ring.array_windows().map(|&[a, b]| (a, b)).chain(closing)
}

/// All rings, one after the other.
#[derive(Default)]
struct Walk {
    vertices: Vec<Coord>,
    ends: Vec<usize>,
}

impl Walk {
    fn rings(&self) -> impl Iterator<Item = &[Coord]> + Clone {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts
            .zip(&self.ends)
            .map(|(start, &end)| &self.vertices[start..end])
    }

    fn edges(&self) -> impl Iterator<Item = (Coord, Coord)> {
        self.rings().flat_map(edges)
    }

    /// Whether it is one ring that goes once around the middle of its box and turns left of it all the time, as most grids do.
    fn is_star(&self) -> bool {
        let [_] = self.ends[..] else {
            return false;
        };
        let Some(bounds) = Bounds::around(self.vertices.iter().copied()) else {
            return false;
        };
        let middle = Coord {
            lon: bounds.min.lon.midpoint(bounds.max.lon),
            lat: bounds.min.lat.midpoint(bounds.max.lat),
        };
        let mut around = 0;
        for (a, b) in self.edges() {
            if side(middle, a, b).is_le() {
                return false;
            }
            around += i32::from(a.lat <= middle.lat && middle.lat < b.lat);
        }
        around == 1
    }

    /// Whether a ring anywhere goes back on the way that it came.
    fn turns_back(&self) -> bool {
        let is_back = |a: Coord, b: Coord, c: Coord| {
            let ((abx, aby), (bcx, bcy)) = (way(a, b), way(b, c));
            abx.signum() == -bcx.signum() && aby.signum() == -bcy.signum() && side(a, b, c).is_eq()
        };
        self.rings().any(|ring| {
            let [.., y, z] = ring else {
                return true;
            };
            is_back(*y, *z, ring[0])
                || is_back(*z, ring[0], ring[1])
                || ring.array_windows().any(|&[a, b, c]| is_back(a, b, c))
        })
    }

    /// Whether edges share a point that are not neighbours in a ring; `None` where that would take long to tell.
    fn touches(&self) -> Option<bool> {
        let mut sides: Vec<Side> = Vec::with_capacity(self.vertices.len());
        let mut start = 0;
        for &end in &self.ends {
            let before = (start..end).cycle().skip(end - start - 1);
            let edges = edges(&self.vertices[start..end]).zip(before);
            sides.extend((start..).zip(edges).map(|(number, (edge, before))| Side {
                edge,
                bounds: Bounds::of(edge.0).union(Bounds::of(edge.1)),
                number,
                before,
            }));
            start = end;
        }
        sides.sort_unstable_by_key(|side| side.bounds.min.lon);
        let mut budget = FEW * sides.len();
        for (place, side) in sides.iter().enumerate() {
            let others = sides[place + 1..]
                .iter()
                .take_while(|other| other.bounds.min.lon <= side.bounds.max.lon);
            let mut count = 0;
            for other in others {
                count += 1;
                if side.touches(other) {
                    return Some(true);
                }
            }
            budget = budget.checked_sub(count)?;
        }
        Some(false)
    }

    /// Of rings that share no point: whether a shell lies in a polygon, or a hole does not.
    fn is_nested_badly(&self) -> bool {
        if self.ends.len() < 2 {
            return false;
        }
        self.rings().enumerate().any(|(number, ring)| {
            let others = self.rings().enumerate();
            let others = others.filter(|(other, _)| *other != number);
            let around: i32 = others
                .flat_map(|(_, ring)| edges(ring))
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

/// An edge of a ring, with the box around it.
struct Side {
    edge: (Coord, Coord),
    bounds: Bounds,
    number: usize,
    /// The edge before it in its ring.
    before: usize,
}

impl Side {
    /// Whether the edges share a point, and are no neighbours.
    fn touches(&self, other: &Self) -> bool {
        let are_beside = |(a, b), (c, d)| {
            let sides = (side(a, b, c), side(a, b, d));
            sides.0 == sides.1 && sides.0.is_ne()
        };
        // On one line they share a point where their boxes do.
        self.bounds.meets(other.bounds)
            && self.before != other.number
            && other.before != self.number
            && !are_beside(self.edge, other.edge)
            && !are_beside(other.edge, self.edge)
    }
}
