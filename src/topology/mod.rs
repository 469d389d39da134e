//! Borders that polygons share, found and kept once.
//!
//! Neighbours, and parents with their children, run along the same vertices. [`share`] cuts all rings into arcs that no ring
//! leaves between its ends, keeps each arc once, and answers with polygons of the same vertices in the same order that refer to
//! them. A ring that has vertices of its own on a common line shares what it has in common, edge by edge.
//!
//! The ground is cut into squares ([`ground`]), so that what is looked up lies in the cache and threads need nothing of each
//! other; an arc ends where squares meet.

mod ground;
mod piece;
mod stretch;

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::model::{ArcsBuilder, Geometry, GeometryKind};

use ground::Squares;
use piece::{Bench, Piece};
use stretch::Stretch;

/// Geometries that a thread takes at once.
const BLOCK: usize = 4096;
/// Vertices of a square at most, those counted twice that two polygons share: what is known of them stays in the cache.
const MOST: usize = 1 << 15;

/// The polygons with shared arcs in place of their vertices, by so many threads; `None` for what is not of polygons, and where
/// there is no room (2 GiB of arcs, 4 GiB of references).
#[must_use]
pub fn share(geometries: &[&Geometry], threads: usize) -> Vec<Option<Geometry>> {
    share_in_squares(geometries, threads, MOST)
}

fn share_in_squares(
    geometries: &[&Geometry],
    threads: usize,
    most: usize,
) -> Vec<Option<Geometry>> {
    let squares = Squares::over(geometries, most);
    let blocks: Vec<&[&Geometry]> = geometries.chunks(BLOCK).collect();
    let cut = |(): &mut (), block: usize| stretches(blocks[block], &squares);
    let mut stretches: Vec<Stretch<'_>> = each(blocks.len(), threads, cut)
        .into_iter()
        .flatten()
        .collect();
    let (order, ends) = sort(&mut stretches, squares.count as usize);
    let pieces = each(ends.len(), threads, |bench: &mut Bench, square| {
        let start = square.checked_sub(1).map_or(0, |before| ends[before]);
        let order = &order[start..ends[square]];
        bench.cut(order.iter().map(|&at| &stretches[at as usize]))
    });
    drop(order);
    assemble(geometries, &stretches, pieces)
}

fn is_shared(geometry: &Geometry) -> bool {
    geometry.kind() == GeometryKind::Polygon
}

fn stretches<'a>(geometries: &[&'a Geometry], squares: &Squares) -> Vec<Stretch<'a>> {
    let mut stretches = Vec::with_capacity(geometries.len());
    for geometry in geometries.iter().filter(|geometry| is_shared(geometry)) {
        stretch::cut(geometry, squares, &mut stretches);
    }
    stretches
}

/// The numbers of the stretches square by square, and for each square where its end. Tells each its rank.
fn sort(stretches: &mut [Stretch<'_>], squares: usize) -> (Vec<u32>, Vec<usize>) {
    let mut counts = vec![0_u32; squares];
    for stretch in &mut *stretches {
        let count = &mut counts[stretch.square as usize];
        stretch.rank = *count;
        *count += 1;
    }
    let mut starts = Vec::with_capacity(squares);
    let mut end = 0;
    let ends = counts.iter().map(|&count| {
        starts.push(end);
        end += count as usize;
        end
    });
    let ends: Vec<usize> = ends.collect();
    let mut order = vec![0; stretches.len()];
    for (number, stretch) in (0..).zip(&*stretches) {
        order[starts[stretch.square as usize] + stretch.rank as usize] = number;
    }
    (order, ends)
}

/// The polygons from the chunks along their stretches.
fn assemble(
    geometries: &[&Geometry],
    stretches: &[Stretch<'_>],
    mut pieces: Vec<Piece>,
) -> Vec<Option<Geometry>> {
    let mut builder = ArcsBuilder::default();
    let chunks = pieces
        .iter_mut()
        .map(|piece| std::mem::take(&mut piece.chunks));
    // Each piece is gone when the next one is taken in.
    let moved: Vec<Option<u32>> = chunks.map(|chunks| builder.append(chunks)).collect();
    let mut rest = stretches;
    let mut places = Vec::with_capacity(geometries.len());
    for geometry in geometries {
        if !is_shared(geometry) {
            places.push(None);
            continue;
        }
        let before = rest;
        let mut taken = 0;
        let mut has_room = true;
        let place = builder.add(geometry, |ring| {
            let mut edges = ring.len();
            let start = taken;
            while let (1.., Some(stretch)) = (edges, before.get(taken)) {
                edges = edges.saturating_sub(stretch.edges);
                has_room &= moved[stretch.square as usize].is_some();
                taken += 1;
            }
            before[start..taken].iter().flat_map(|stretch| {
                let by = moved[stretch.square as usize].unwrap_or(0);
                let steps = pieces[stretch.square as usize].steps(stretch.rank);
                steps.iter().map(move |step| (*step, by))
            })
        });
        rest = &before[taken..];
        places.push(place.filter(|_| has_room));
    }
    drop(pieces);
    let arcs = builder.finish();
    let shared = |place: Option<u32>| place.map(|place| Geometry::shared(&arcs, place));
    places.into_iter().map(shared).collect()
}

/// Does some work for each number, by so many threads, each with a bench of its own; the results are in the order of the numbers.
fn each<B: Default, T: Send>(
    count: usize,
    threads: usize,
    work: impl Fn(&mut B, usize) -> T + Sync,
) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let run = || {
        let (mut bench, mut done) = (B::default(), Vec::new());
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                return done;
            }
            done.push((number, work(&mut bench, number)));
        }
    };
    let mut done: Vec<(usize, T)> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(run)).collect();
        let mine = run();
        let joined = others.into_iter().flat_map(|other| {
            let done = other.join();
            done.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        });
        joined.chain(mine).collect()
    });
    done.sort_unstable_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests;
