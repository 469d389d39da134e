//! Borders that polygons share, found and kept once.
//!
//! Neighbours, and parents with their children, run along the same vertices. [`share`] cuts all rings into arcs that no ring
//! leaves between its ends, keeps each arc once, and answers with polygons of the same vertices in the same order that refer to
//! them. A ring that has vertices of its own on a common line shares what it has in common, edge by edge.
//!
//! [`first_zooms`] says of the vertices of arcs from which zoom on they are drawn; [`mend`] says it of polygons that came in later, and
//! of what they touch.
//!
//! The ground is cut into squares ([`ground`]), so that what is looked up lies in the cache and threads need nothing of each
//! other; an arc ends where squares meet.

mod ground;
mod mend;
mod piece;
mod simplify;
mod stretch;
mod vertices;

use crate::model::{
    ArcRecord, ArcRecords, ArcStep, ArcsBuilder, Bounds, Geometry, GeometryKind, Run, each,
};

use ground::Squares;
use piece::{Bench, Piece};
use stretch::Stretch;

pub use mend::{Around, Fresh, Number, mend};
pub use simplify::{Drawn, first_zooms};

/// Geometries that a thread takes at once.
const BLOCK: usize = 4096;
/// Vertices of a square at most, those counted twice that two polygons share: what is known of them stays in the cache.
const MOST: usize = 1 << 15;

/// A geometry and the box around it.
pub type Boxed<'a> = (&'a Geometry, Bounds);

/// The polygons with shared arcs in place of their vertices, by so many threads; `None` for what is not of polygons, and where
/// there is no room (2 GiB of arcs, 4 GiB of references).
#[must_use]
pub fn share(geometries: &[Boxed<'_>], threads: usize) -> Vec<Option<Geometry>> {
    share_in_squares(geometries, threads, MOST)
}

fn share_in_squares(
    geometries: &[Boxed<'_>],
    threads: usize,
    most: usize,
) -> Vec<Option<Geometry>> {
    let squares = Squares::over(geometries, most);
    let blocks: Vec<&[Boxed<'_>]> = geometries.chunks(BLOCK).collect();
    let cut = |(): &mut (), block: usize| stretches(blocks[block], &squares);
    let mut stretches = each(blocks.len(), threads, cut);
    let (order, ends) = sort(&mut stretches, squares.count as usize);
    let mut pieces = each(ends.len(), threads, |bench: &mut Bench, square| {
        let start = square.checked_sub(1).map_or(0, |before| ends[before]);
        let order = &order[start..ends[square]];
        bench.cut(
            order
                .iter()
                .map(|&(block, at)| &stretches[block as usize][at as usize]),
        )
    });
    drop(order);
    let mut builder = ArcsBuilder::default();
    let chunks = pieces
        .iter_mut()
        .map(|piece| std::mem::take(&mut piece.chunks));
    // Each piece's are gone when the next one's are taken in.
    let moved: Vec<Option<u32>> = chunks.map(|chunks| builder.append(chunks)).collect();
    let cutting = Cutting { pieces, moved };
    let written = each(blocks.len(), threads, |(): &mut (), block| {
        cutting.write(blocks[block], &stretches[block], &builder)
    });
    std::thread::scope(|scope| {
        // What squares were cut into goes while geometries are put together.
        let cut = (cutting, stretches);
        if threads > 1 {
            scope.spawn(move || drop(cut));
        } else {
            drop(cut);
        }
        finish(builder, written)
    })
}

fn is_shared(geometry: &Geometry) -> bool {
    geometry.kind() == GeometryKind::Polygon
}

fn stretches<'a>(geometries: &[Boxed<'a>], squares: &Squares) -> Vec<Stretch<'a>> {
    let mut stretches = Vec::with_capacity(geometries.len());
    let mut last = None;
    for (geometry, bounds) in geometries {
        if is_shared(geometry) {
            stretch::cut(geometry, *bounds, squares, &mut last, &mut stretches);
        }
    }
    stretches
}

/// The block of a stretch, and its number in it.
type Place = (u32, u32);

/// The places of the stretches square by square, and for each square where its end. Tells each its rank.
fn sort(stretches: &mut [Vec<Stretch<'_>>], squares: usize) -> (Vec<Place>, Vec<usize>) {
    let mut counts = vec![0_u32; squares];
    for stretch in stretches.iter_mut().flatten() {
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
    let mut order = vec![(0, 0); end];
    for (block, stretches) in (0..).zip(stretches) {
        for (number, stretch) in (0..).zip(stretches) {
            order[starts[stretch.square as usize] + stretch.rank as usize] = (block, number);
        }
    }
    (order, ends)
}

/// A geometry that was written among those of its block, and its outline. `None` where it is not shared.
type Written = Option<(ArcRecord, u64)>;

/// What all squares were cut into, whose chunks are taken in.
struct Cutting {
    pieces: Vec<Piece>,
    /// By how much the places of a piece's chunks moved.
    moved: Vec<Option<u32>>,
}

impl Cutting {
    /// Writes a block of geometries from the chunks along their stretches.
    fn write(
        &self,
        geometries: &[Boxed<'_>],
        stretches: &[Stretch<'_>],
        builder: &ArcsBuilder,
    ) -> (ArcRecords, Vec<Written>) {
        let mut records = ArcRecords::default();
        let mut rest = stretches;
        let each = geometries.iter().map(|(geometry, _)| {
            if !is_shared(geometry) {
                return None;
            }
            let (mut outline, mut has_room) = (0_u64, true);
            let ring = |ring: &Run<'_>| {
                let (mut edges, mut taken) = (ring.len(), 0);
                while let (1.., Some(stretch)) = (edges, rest.get(taken)) {
                    edges = edges.saturating_sub(stretch.edges);
                    let piece = &self.pieces[stretch.square as usize];
                    outline = outline.wrapping_add(piece.outline(stretch.rank));
                    has_room &= self.moved[stretch.square as usize].is_some();
                    taken += 1;
                }
                let these;
                (these, rest) = rest.split_at(taken);
                these.iter().flat_map(|stretch| self.steps(stretch))
            };
            let record = builder.write(geometry, ring, &mut records);
            has_room.then_some((record, outline))
        });
        let written = each.collect();
        (records, written)
    }

    fn steps(&self, stretch: &Stretch<'_>) -> impl Iterator<Item = (ArcStep, u32)> {
        let square = stretch.square as usize;
        let by = self.moved[square].unwrap_or(0);
        let steps = self.pieces[square].steps(stretch.rank);
        steps.iter().map(move |step| (*step, by))
    }
}

/// The polygons from their records, block by block.
fn finish(
    mut builder: ArcsBuilder,
    written: Vec<(ArcRecords, Vec<Written>)>,
) -> Vec<Option<Geometry>> {
    let moved: Vec<Option<u32>> = written
        .iter()
        .map(|(records, _)| builder.append_records(records))
        .collect();
    let arcs = builder.finish();
    let blocks = written.into_iter().zip(moved);
    let shared = blocks.flat_map(|((_, written), moved)| {
        let arcs = &arcs;
        written.into_iter().map(move |written| {
            let (record, outline) = written?;
            Geometry::shared(arcs, record, moved?, outline)
        })
    });
    shared.collect()
}

#[cfg(test)]
mod tests;
