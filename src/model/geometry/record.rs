//! A geometry as bytes.
//!
//! A head, whose lowest two bits are the kind. Points: their number, and one run of all. One run in one part ([`SIMPLE`]): the
//! run. Else the number of parts, for each the number of its runs, and the runs, each after its length in bytes, a ring also after
//! its box. A run is the
//! number of its vertices, the first of them, for a long ring its [`groups`], and the way to the others: its own chunks, or references to chunks that are shared
//! (32 bits: where the chunk begins, doubled, and one more where it is walked backwards); those of a ring lead back to its
//! first vertex. Numbers of vertices, runs and bytes have seven bits a byte, the lowest first, and the highest bit of a byte set
//! where more follow.

use super::super::winding::Windings;
use super::super::{Bounds, Coord};
use super::build::Flat;
use super::groups::{Groups, take_box, write_box};
use super::run::{Run, Way};
use super::{Form, Geometry, GeometryKind, chunk, groups};

/// In the head: one run in one part.
const SIMPLE: u8 = 4;
/// Bits that a new chunk must save: its header, what is lost to the end of a byte, and something for the time that it takes.
const COST: usize = 48;

const KINDS: [GeometryKind; 3] = [
    GeometryKind::Point,
    GeometryKind::Line,
    GeometryKind::Polygon,
];

/// A geometry with vertices of its own.
pub(super) fn pack(kind: GeometryKind, flat: &Flat) -> Geometry {
    if let (GeometryKind::Point, &[at]) = (kind, &*flat.coords) {
        return Geometry(Form::Point(at));
    }
    let mut out = Vec::with_capacity(16 + flat.coords.len() * 4);
    let counts = |ends: &[u32]| -> Vec<usize> {
        let starts = [0].iter().chain(ends);
        let spans = starts.zip(ends);
        spans.map(|(start, end)| (end - start) as usize).collect()
    };
    let mut rest = &*flat.coords;
    let runs = counts(&flat.ends).into_iter().map(|count| {
        let run;
        (run, rest) = rest.split_at(count);
        run
    });
    let write_run = |out: &mut Vec<u8>, coords: &[Coord]| {
        let run = coords.iter().copied();
        put_start(&run, out);
        let (mut chunks, mut begins) = (Vec::new(), Vec::new());
        let begin = |place, steps| begins.push((place, steps));
        chunk::write(coords, COST, &mut chunks, begin);
        if kind == GeometryKind::Polygon {
            groups::write(run, begins.into_iter(), out);
        }
        out.extend_from_slice(&chunks);
    };
    if kind == GeometryKind::Point {
        out.push(kind as u8);
        write_run(&mut out, &flat.coords);
    } else {
        let around = |run: &&[Coord]| Bounds::around(run.iter().copied());
        write(
            kind,
            &counts(&flat.parts),
            runs,
            &mut out,
            around,
            write_run,
        );
    }
    Geometry(Form::Own(out.into(), Windings::default()))
}

/// Writes a geometry of lines or rings, whose parts have so many of them, each by `write_run`; `around` tells the box of one.
pub(super) fn write<R>(
    kind: GeometryKind,
    parts: &[usize],
    mut runs: impl Iterator<Item = R>,
    out: &mut Vec<u8>,
    around: impl Fn(&R) -> Option<Bounds>,
    mut write_run: impl FnMut(&mut Vec<u8>, R),
) {
    let head = kind as u8;
    if parts == [1] {
        out.push(head | SIMPLE);
        return runs.by_ref().take(1).for_each(|run| write_run(out, run));
    }
    out.push(head);
    put(parts.len(), out);
    for &count in parts {
        put(count, out);
    }
    let mut bytes = Vec::new();
    let nowhere = Bounds::of(Coord { lon: 0, lat: 0 });
    for run in runs {
        let bounds = around(&run).unwrap_or(nowhere);
        bytes.clear();
        write_run(&mut bytes, run);
        put(bytes.len(), out);
        if kind == GeometryKind::Polygon {
            write_box(bounds, out);
        }
        out.extend_from_slice(&bytes);
    }
}

/// Writes how many vertices a run has, and the first.
pub(super) fn put_start(run: &(impl ExactSizeIterator<Item = Coord> + Clone), out: &mut Vec<u8>) {
    put(run.len(), out);
    if let Some(at) = run.clone().next() {
        out.extend(at.lon.to_le_bytes());
        out.extend(at.lat.to_le_bytes());
    }
}

#[expect(clippy::cast_possible_truncation, reason = "seven bits at a time")]
pub(super) fn put(mut number: usize, out: &mut Vec<u8>) {
    while number > 127 {
        out.push(number as u8 | 128);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Takes a number from the front of the bytes; 0 where there are none.
#[inline]
pub(super) fn take(bytes: &mut &[u8]) -> usize {
    let (mut number, mut shift) = (0, 0);
    while let Some((&byte, rest)) = bytes.split_first() {
        *bytes = rest;
        number |= usize::from(byte & 127).unbounded_shl(shift);
        if byte < 128 {
            break;
        }
        shift += 7;
    }
    number
}

/// The first bytes, which are taken from the front; zeros where there are not so many.
#[inline]
pub(super) fn take_bytes<const N: usize>(bytes: &mut &[u8]) -> [u8; N] {
    let Some((first, rest)) = bytes.split_first_chunk() else {
        *bytes = &[];
        return [0; N];
    };
    *bytes = rest;
    *first
}

/// A geometry that is being read.
#[derive(Clone, Copy)]
pub(super) struct Record<'a> {
    pub kind: GeometryKind,
    is_simple: bool,
    /// All behind the head.
    rest: &'a [u8],
    /// The chunks that its runs refer to.
    shared: Option<&'a [u8]>,
}

impl<'a> Record<'a> {
    #[inline]
    pub(super) fn read(bytes: &'a [u8], shared: Option<&'a [u8]>) -> Self {
        let (head, rest) = bytes
            .split_first()
            .map_or((0, bytes), |(head, rest)| (*head, rest));
        let kind = KINDS[usize::from(head & 3).min(2)];
        Self {
            kind,
            is_simple: head & SIMPLE != 0 || kind == GeometryKind::Point,
            rest,
            shared,
        }
    }

    /// Whether a run of it has groups, or it has many runs.
    pub(super) fn is_long(self) -> bool {
        let first = take(&mut { self.rest });
        !self.is_simple || first > groups::LONG
    }

    /// The only run, or that of all points.
    #[inline]
    pub(super) fn only_run(self) -> Option<Run<'a>> {
        self.is_simple.then(|| self.run(self.rest))
    }

    /// How many parts there are, where there is not one run alone.
    pub(super) fn part_count(self) -> usize {
        take(&mut { self.rest })
    }

    /// For each part the number of its runs, how many parts that are, and the bytes of the runs with their number.
    pub(super) fn parts(self) -> (&'a [u8], usize, &'a [u8], usize) {
        let mut counts = self.rest;
        let parts = take(&mut counts);
        let mut runs = counts;
        let count = (0..parts).map(|_| take(&mut runs)).sum();
        (counts, parts, runs, count)
    }

    /// Takes a run from the front of the bytes of runs.
    pub(super) fn take_run(self, runs: &mut &'a [u8]) -> Run<'a> {
        let length = take(runs);
        if self.kind == GeometryKind::Polygon {
            take_box(runs);
        }
        let (run, rest) = runs.split_at_checked(length).unwrap_or((runs, &[]));
        *runs = rest;
        self.run(run)
    }

    /// Takes rings from the front of the bytes of runs, of which so many are left, up to one whose box meets another.
    #[inline]
    pub(super) fn take_near(
        self,
        runs: &mut &'a [u8],
        left: &mut usize,
        bounds: Bounds,
    ) -> Option<Run<'a>> {
        loop {
            *left = left.checked_sub(1)?;
            let length = take(runs);
            let is_near = self.kind != GeometryKind::Polygon || take_box(runs).meets(bounds);
            let (run, rest) = runs.split_at_checked(length).unwrap_or((runs, &[]));
            *runs = rest;
            if is_near {
                return Some(self.run(run));
            }
        }
    }

    #[inline]
    fn run(self, mut bytes: &'a [u8]) -> Run<'a> {
        let count = take(&mut bytes);
        let lon = i32::from_le_bytes(take_bytes(&mut bytes));
        let lat = i32::from_le_bytes(take_bytes(&mut bytes));
        let mut groups = Groups::default();
        if count > groups::LONG && self.kind == GeometryKind::Polygon {
            groups = Groups::take(&mut bytes);
        }
        let (chunks, way) = match self.shared {
            None => (bytes, Way::Along(0)),
            Some(chunks) => (chunks, Way::By(bytes)),
        };
        Run::new(Coord { lon, lat }, count, chunks, way).grouped(groups)
    }
}
