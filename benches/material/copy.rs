//! Rows for PostgreSQL's COPY: a number from 1 and the geometry as WKB in hex, in whole lattice steps.

use std::fmt::Write as _;
use std::io::{Result, Write};

use wangge::model::{Coord, Geometry};

/// Little-endian WKB types.
const POINT: u32 = 1;
const POLYGON: u32 = 3;

fn bytes(row: &mut String, bytes: &[u8]) {
    for byte in bytes {
        // A String takes all.
        let _ = write!(row, "{byte:02x}");
    }
}

fn head(row: &mut String, kind: u32) {
    bytes(row, &[1]);
    bytes(row, &kind.to_le_bytes());
}

fn count(row: &mut String, count: usize) {
    bytes(row, &u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes());
}

fn spot(row: &mut String, at: Coord) {
    bytes(row, &f64::from(at.lon).to_le_bytes());
    bytes(row, &f64::from(at.lat).to_le_bytes());
}

pub(crate) fn points(points: &[Coord], out: &mut impl Write) -> Result<()> {
    for (number, &at) in (1_u64..).zip(points) {
        let mut row = format!("{number}\t");
        head(&mut row, POINT);
        spot(&mut row, at);
        writeln!(out, "{row}")?;
    }
    Ok(())
}

pub(crate) fn polygons(shapes: impl Iterator<Item = Geometry>, out: &mut impl Write) -> Result<()> {
    for (number, shape) in (1_u64..).zip(shapes) {
        let mut row = format!("{number}\t");
        head(&mut row, POLYGON);
        count(&mut row, shape.runs().len());
        for ring in shape.runs() {
            count(&mut row, ring.len() + 1);
            let first = ring.first();
            ring.chain(first).for_each(|at| spot(&mut row, at));
        }
        writeln!(out, "{row}")?;
    }
    Ok(())
}
