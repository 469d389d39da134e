//! Bytes as a table of points: what is read is written, row for row.

#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use wangge::exchange::{
    FoundCells, FoundRow, PointColumns, PointRows, PointTable, Rows, TableError,
};

fn widen(bytes: Vec<u8>) -> Result<(), TableError> {
    let table = PointTable::open(Cursor::new(bytes), &PointColumns::default())?;
    let mut table = PointRows::Table(Box::new(table));
    let (mut rows, mut count, mut out) = (Rows::default(), 0, Vec::new());
    let mark = "\u{1f5fa}";
    let cells = FoundCells {
        outcome: None,
        error: Some(mark),
    };
    let writer = table.begin(&[], &mut out);
    while table.read(&mut rows)? {
        for row in 0..rows.points().len() {
            let row = FoundRow {
                rows: &rows,
                row,
                cells,
                codes: &[],
            };
            writer.write(row, &mut out);
            count += 1;
        }
    }
    let marks = out
        .windows(mark.len())
        .filter(|window| *window == mark.as_bytes())
        .count();
    assert!(marks >= count);
    Ok(())
}

fuzz_target!(|bytes: &[u8]| {
    let _ = widen(bytes.to_vec());
});
