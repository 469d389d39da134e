//! Bytes as a table of points: what is read is written, row for row.

#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;
use wangge::exchange::{PointColumns, PointTable, TableError, WidenedTable};

fn widen(bytes: Vec<u8>) -> Result<(), TableError> {
    let mut table = PointTable::open(Cursor::new(bytes), &PointColumns::default())?;
    let mut out = WidenedTable::begin(Vec::new(), &table, &["seen".to_owned()])?;
    let mut rows = 0;
    while table.advance()?.is_some() {
        out.write(&table, ["\u{1f5fa}"])?;
        rows += 1;
    }
    let out = out.finish()?;
    let mark = "\u{1f5fa}".as_bytes();
    let marks = out
        .windows(mark.len())
        .filter(|window| *window == mark)
        .count();
    assert!(marks >= rows);
    Ok(())
}

fuzz_target!(|bytes: &[u8]| {
    let _ = widen(bytes.to_vec());
});
