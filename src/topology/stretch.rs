//! Rings cut where they go from one square of ground to another.

use crate::model::{Bounds, Coord, Geometry, Run};

use super::ground::{Square, Squares};

/// Edges of a ring that follow each other in one square. An edge is in the square of its lower end, whichever way it is walked.
#[derive(Debug)]
pub(super) struct Stretch<'a> {
    /// The number of its square.
    pub square: u32,
    /// Its place among those of its square, once they are sorted.
    pub rank: u32,
    /// How many edges it has.
    pub edges: usize,
    start: Start<'a>,
}

#[derive(Debug)]
enum Start<'a> {
    /// All of the only ring of a geometry.
    Whole(&'a Geometry),
    Within(Box<Cursor<'a>>),
}

/// A place in a ring.
#[derive(Debug)]
struct Cursor<'a> {
    /// The two vertices of the first edge.
    edge: (Coord, Coord),
    /// Those that follow.
    rest: Run<'a>,
    /// Where the ring begins and ends.
    first: Coord,
}

impl<'a> Stretch<'a> {
    /// The geometry of which it is the only ring.
    pub(super) fn whole(&self) -> Option<&'a Geometry> {
        match self.start {
            Start::Whole(geometry) => Some(geometry),
            Start::Within(_) => None,
        }
    }

    /// Goes through the vertices, those at both ends too.
    pub(super) fn for_each(&self, mut with: impl FnMut(Coord)) {
        match &self.start {
            Start::Whole(geometry) => {
                for ring in geometry.runs() {
                    let first = ring.first();
                    ring.for_each(&mut with);
                    first.into_iter().for_each(&mut with);
                }
            }
            Start::Within(cursor) => {
                with(cursor.edge.0);
                with(cursor.edge.1);
                let (rest, left) = (&cursor.rest, self.edges - 1);
                rest.clone().shortened(left).for_each(&mut with);
                if left > rest.len() {
                    with(cursor.first);
                }
            }
        }
    }
}

/// Adds the stretches of all rings of a geometry in a box, in their order. `last`: the square of the geometry before, where the
/// next one mostly is too.
pub(super) fn cut<'a>(
    geometry: &'a Geometry,
    bounds: Bounds,
    squares: &Squares,
    last: &mut Option<Square>,
    stretches: &mut Vec<Stretch<'a>>,
) {
    let mut rings = geometry.runs();
    let known = last.filter(|square| square.holds(bounds.min));
    let square = known.unwrap_or_else(|| squares.find(bounds.min));
    *last = Some(square);
    if rings.len() == 1
        && square.holds(bounds.max)
        && let Some(ring) = rings.next()
    {
        return stretches.push(Stretch {
            square: square.number,
            rank: 0,
            edges: ring.len(),
            start: Start::Whole(geometry),
        });
    }
    for ring in geometry.runs() {
        cut_ring(ring, squares, stretches);
    }
}

fn cut_ring<'a>(mut ring: Run<'a>, squares: &Squares, stretches: &mut Vec<Stretch<'a>>) {
    let Some(first) = ring.next() else {
        return;
    };
    let mut square: Option<Square> = None;
    let (mut from, mut edges) = (first, 0);
    for left in (0..=ring.len()).rev() {
        let to = ring.next().unwrap_or(first);
        let low = from.min(to);
        if !square.is_some_and(|square| square.holds(low)) {
            let next = squares.find(low);
            square = Some(next);
            if let Some(last) = stretches.last_mut().filter(|_| edges > 0) {
                last.edges = edges;
            }
            edges = 0;
            let cursor = Cursor {
                edge: (from, to),
                rest: ring.clone(),
                first,
            };
            stretches.push(Stretch {
                square: next.number,
                rank: 0,
                edges: left + 1,
                start: Start::Within(Box::new(cursor)),
            });
        }
        edges += 1;
        from = to;
    }
    if let Some(last) = stretches.last_mut() {
        last.edges = edges;
    }
}
