//! Tables come back as they went in, wider by a column.

use super::super::rows::{FoundCells, FoundRow};
use super::*;
use encoding_rs::GB18030;

/// Widens a table by one column, `seen`, that says what each row's point is.
fn widen(input: &[u8]) -> String {
    let mut table = PointTable::open(input, &PointColumns::default()).unwrap();
    let (mut rows, mut out) = (Rows::default(), Vec::new());
    let writer = table.begin(&[("seen".to_owned(), "other".to_owned())], &mut out);
    while table.read(&mut rows).unwrap() {
        for number in 0..rows.points().len() {
            let seen = format!("{:?}", rows.points()[number]).replace("RowPoint::", "");
            let cells = FoundCells {
                outcome: None,
                error: Some(&seen),
            };
            let mut line = Vec::new();
            let row = FoundRow {
                rows: &rows,
                row: number,
                cells,
                codes: &[],
            };
            writer.write(row, &mut line);
            let (before, _) = rows.parts(number);
            // Outcome and certain, which are empty, are not among the names.
            assert_eq!(&line[before.len()..before.len() + 2], b",,");
            line.drain(before.len()..before.len() + 2);
            out.extend(line);
        }
    }
    String::from_utf8(out).unwrap()
}

#[test]
fn columns_are_found_by_name_in_any_case_and_rows_keep_their_cells_and_order() {
    let out = widen(b"id,Longitude,LAT\n1,104.5,28.5\n2,,\n3,x,1\n");
    assert_eq!(
        out,
        "id,Longitude,LAT,seen\n1,104.5,28.5,\"At(LonLat { lon: 104.5, lat: 28.5 })\"\n2,,,None\n\
         3,x,1,\"Bad(\"\"Longitude is \\\"\"x\\\"\", not a number\"\")\"\n"
    );
}

#[test]
fn chinese_names_come_out_right_from_utf8_with_a_mark_and_from_gbk() {
    let (gbk, _, _) = GB18030.encode("地名,经度,纬度\n珙县,104.7,28.4\n");
    let gbk: &'static [u8] = gbk.into_owned().leak();
    let utf8 = "\u{feff}地名,经度,纬度\n珙县,104.7,28.4\n".as_bytes();
    assert!(widen(gbk).starts_with("地名,经度,纬度,seen\n珙县,104.7,28.4,"));
    assert_eq!(widen(utf8), widen(gbk));
}

#[test]
fn western_names_come_out_right_from_one_byte_a_letter() {
    let out = widen(b"name,lon,lat\nCaf\xe9,1,2\n");
    assert!(out.starts_with("name,lon,lat,seen\nCafé,1,2,"), "{out}");
}

#[test]
fn one_character_that_was_cut_leaves_the_other_rows_as_they_are() {
    let mut text = format!("name,lon,lat\n{}", "珙县,1,2\n".repeat(9)).into_bytes();
    text.extend(b"\xe7\x8f,1,2\n");
    let out = widen(text.leak());
    assert_eq!(out.matches("珙县").count(), 9, "{out}");
}

#[test]
fn a_short_row_is_filled_up_and_a_long_one_keeps_what_hangs_over() {
    let out = widen(b"lon,lat,a\n1,2\n3,4,x,over\n");
    assert_eq!(
        out,
        "lon,lat,a,seen\n1,2,,\"At(LonLat { lon: 1.0, lat: 2.0 })\"\n3,4,x,\"At(LonLat { lon: 3.0, lat: 4.0 })\",over\n"
    );
}

#[test]
fn a_table_without_coordinates_lists_the_columns_it_has() {
    let error = PointTable::open(&b"a,b\n1,2\n"[..], &PointColumns::default())
        .err()
        .unwrap();
    assert!(error.to_string().contains("columns are a, b"), "{error}");
    assert!(matches!(
        PointTable::open(&b""[..], &PointColumns::default()),
        Err(TableError::NoHeader)
    ));
}
